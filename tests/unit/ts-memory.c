// SPDX-License-Identifier: BSD-2-Clause
#include "ts-memory.h"
#include <stdlib.h>
#include "string.h"

static bool ram_read(struct flash *flash, size_t offset, void *to, size_t size)
{
	struct ram_flash *ram = (struct ram_flash *)flash;

	assert_true(offset % 4 == 0 && size % 4 == 0 && offset + size <= RAM_FLASH_SIZE);
	memcpy(to, ram->octets + offset, size);
	return !ram->broken;
}

static bool ram_write(struct flash *flash, size_t offset, const void *from, size_t size)
{
	struct ram_flash *ram = (struct ram_flash *)flash;
	const uint8_t *octets = from;
	size_t n;

	assert_true(offset % 4 == 0 && size % 4 == 0 && offset + size <= RAM_FLASH_SIZE);
	for (n = 0; n < size; n++) {
		if (ram->broken || !ram->power_for)
			return false;
		if (ram->power_for > 0)
			ram->power_for--;
		/* What was written may not be written again before it was erased. */
		assert_int_equal(ram->octets[offset + n], 0xff);
		ram->octets[offset + n] = octets[n];
	}
	return true;
}

static bool ram_erase(struct flash *flash, size_t offset)
{
	struct ram_flash *ram = (struct ram_flash *)flash;

	assert_true(offset % RAM_FLASH_SECTOR == 0 && offset < RAM_FLASH_SIZE);
	if (ram->broken || !ram->power_for)
		return false;
	memset(ram->octets + offset, 0xff, RAM_FLASH_SECTOR);
	return true;
}

static const struct flash_ops ram_ops = {
	.read = ram_read,
	.write = ram_write,
	.erase = ram_erase,
};

void ram_flash_init(struct ram_flash *ram)
{
	memset(ram, 0, sizeof(*ram));
	ram->flash.ops = &ram_ops;
	ram->flash.sector_size = RAM_FLASH_SECTOR;
	ram->flash.size = RAM_FLASH_SIZE;
	ram->power_for = -1;
}

struct flash_area ram_flash_area(struct ram_flash *ram)
{
	return (struct flash_area){ &ram->flash, 2 * RAM_FLASH_SECTOR, 4 * RAM_FLASH_SECTOR };
}

/* One at a time. */
static void *heap_memory;

void test_heap_init(struct heap *heap, size_t size)
{
	heap_memory = aligned_alloc(16, size);
	assert_non_null(heap_memory);
	heap_init(heap, heap_memory, size);
}

void test_heap_end(struct heap *heap)
{
	assert_int_equal(heap_used(heap), 0);
	free(heap_memory);
}
