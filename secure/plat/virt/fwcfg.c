// SPDX-License-Identifier: BSD-2-Clause
/* QEMU's firmware configuration device: a selector and a stream of octets. */
#include "virt.h"
#include "memmap.h"
#include "string.h"

#define FW_CFG_DATA	FW_CFG_BASE
#define FW_CFG_SELECT	(FW_CFG_BASE + 8)

#define KEY_CPU_COUNT	0x05
#define KEY_DIRECTORY	0x19

#define NAME_SIZE	56

static void select_key(unsigned int key)
{
	mmio_write16(FW_CFG_SELECT, __builtin_bswap16((uint16_t)key));
}

static uint8_t next_octet(void)
{
	return mmio_read8(FW_CFG_DATA);
}

static uint64_t next_number(unsigned int size, bool big_endian)
{
	uint64_t value = 0;
	unsigned int n;

	for (n = 0; n < size; n++) {
		if (big_endian)
			value = value << 8 | next_octet();
		else
			value |= (uint64_t)next_octet() << (8 * n);
	}
	return value;
}

unsigned int fw_cfg_cpu_count(void)
{
	select_key(KEY_CPU_COUNT);
	return (unsigned int)next_number(2, false);
}

static bool find_file(const char *name, unsigned int *key, size_t *size)
{
	uint64_t count;

	select_key(KEY_DIRECTORY);
	for (count = next_number(4, true); count; count--) {
		char entry[NAME_SIZE + 1];
		unsigned int n;

		*size = (size_t)next_number(4, true);
		*key = (unsigned int)next_number(2, true);
		next_number(2, true);
		for (n = 0; n < NAME_SIZE; n++)
			entry[n] = (char)next_octet();
		entry[NAME_SIZE] = '\0';
		if (text_is((struct text){ entry, strlen(entry) }, name))
			return true;
	}
	return false;
}

size_t fw_cfg_file(const char *name, void *to, size_t size)
{
	unsigned int key;
	size_t length, n;

	if (!find_file(name, &key, &length))
		return 0;
	select_key(key);
	for (n = 0; n < length && n < size; n++)
		((uint8_t *)to)[n] = next_octet();
	return length;
}
