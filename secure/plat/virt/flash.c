// SPDX-License-Identifier: BSD-2-Clause
/*
 * The first flash device, which only the secure world reaches. The firmware image is at its
 * start; a piece behind it is for data. With --flash it is a file that is kept, else it is
 * lost when the machine ends.
 *
 * A command takes the whole device out of its reading mode, so whoever executes from it or reads
 * it meanwhile is lost. Nobody executes from it once the CPUs have left their reset code, and
 * the lock keeps readers apart from writers.
 */
#include "flash.h"
#include "lock.h"
#include "memmap.h"
#include "plat.h"
#include "string.h"
#include "virt.h"

/* Commands and status of two 16-bit chips side by side (CFI, Intel's command set). */
#define BOTH(x)			((x) << 16 | (x))
#define COMMAND_ERASE		BOTH(0x20U)
#define COMMAND_CONFIRM		BOTH(0xd0U)
#define COMMAND_CLEAR_STATUS	BOTH(0x50U)
#define COMMAND_WRITE_BUFFER	BOTH(0xe8U)
#define COMMAND_READ		BOTH(0xffU)
#define STATUS_READY		BOTH(0x80U)
#define STATUS_ERRORS		BOTH(0x3aU)

#define SECTOR_SIZE		0x40000UL
/* In one buffer write, which may not cross such a boundary. */
#define BUFFER_SIZE		2048UL
/* Looks at the status before the device counts as broken. */
#define PATIENCE		1000000U

/* Guards the device's mode; nests with nothing. */
static struct lock flash_lock;

static bool wait_ready(uint64_t address)
{
	unsigned int looks;
	uint32_t status;

	for (looks = 0; looks < PATIENCE; looks++) {
		status = mmio_read32(address);
		if ((status & STATUS_READY) == STATUS_READY)
			return !(status & STATUS_ERRORS);
	}
	return false;
}

static bool write_buffer(uint64_t address, const uint8_t *from, size_t size)
{
	size_t n;

	mmio_write32(address, COMMAND_CLEAR_STATUS);
	mmio_write32(address, COMMAND_WRITE_BUFFER);
	if (!wait_ready(address))
		return false;
	mmio_write32(address, BOTH((uint32_t)(size / 4 - 1)));
	for (n = 0; n < size; n += 4) {
		uint32_t word;

		memcpy(&word, from + n, sizeof(word));
		mmio_write32(address + n, word);
	}
	mmio_write32(address, COMMAND_CONFIRM);
	return wait_ready(address);
}

static bool flash_read(struct flash *flash, size_t offset, void *to, size_t size)
{
	uint8_t *octets = to;
	uint64_t interrupts;
	size_t n;

	if (offset > flash->size || size > flash->size - offset)
		return false;
	interrupts = lock_take(&flash_lock);
	for (n = 0; n < size; n += 4) {
		uint32_t word = mmio_read32(FLASH_STORE_BASE + offset + n);

		memcpy(octets + n, &word, sizeof(word));
	}
	lock_release(&flash_lock, interrupts);
	return true;
}

static bool flash_write(struct flash *flash, size_t offset, const void *from, size_t size)
{
	const uint8_t *octets = from;
	bool done = true;

	if (offset > flash->size || size > flash->size - offset)
		return false;
	while (size && done) {
		uint64_t address = FLASH_STORE_BASE + offset, interrupts;
		size_t part = BUFFER_SIZE - offset % BUFFER_SIZE;

		if (part > size)
			part = size;
		interrupts = lock_take(&flash_lock);
		done = write_buffer(address, octets, part);
		mmio_write32(address, COMMAND_READ);
		lock_release(&flash_lock, interrupts);
		octets += part;
		offset += part;
		size -= part;
	}
	return done;
}

static bool flash_erase(struct flash *flash, size_t offset)
{
	uint64_t address = FLASH_STORE_BASE + offset, interrupts;
	bool done;

	if (offset >= flash->size)
		return false;
	interrupts = lock_take(&flash_lock);
	mmio_write32(address, COMMAND_CLEAR_STATUS);
	mmio_write32(address, COMMAND_ERASE);
	mmio_write32(address, COMMAND_CONFIRM);
	done = wait_ready(address);
	mmio_write32(address, COMMAND_READ);
	lock_release(&flash_lock, interrupts);
	return done;
}

static const struct flash_ops flash_ops = {
	.read = flash_read,
	.write = flash_write,
	.erase = flash_erase,
};

struct flash *plat_flash(void)
{
	static struct flash flash = {
		.ops = &flash_ops,
		.sector_size = SECTOR_SIZE,
		.size = FLASH_STORE_SIZE,
	};

	return &flash;
}
