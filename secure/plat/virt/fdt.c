// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU leaves its own device tree at the start of RAM for the firmware, and says nowhere
 * else how much RAM there is. It is read once, before anything of the normal world runs.
 */
#include "virt.h"
#include "memmap.h"
#include "string.h"

#define FDT_MAGIC	0xd00dfeed
#define FDT_SIZE_MAX	0x100000

#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4

struct fdt_header {
	uint32_t magic;
	uint32_t totalsize;
	uint32_t off_dt_struct;
	uint32_t off_dt_strings;
	uint32_t off_mem_rsvmap;
	uint32_t version;
	uint32_t last_comp_version;
	uint32_t boot_cpuid_phys;
	uint32_t size_dt_strings;
	uint32_t size_dt_struct;
};

struct cursor {
	const uint32_t *next;
	const uint32_t *end;
};

static uint32_t next_cell(struct cursor *cursor)
{
	return cursor->next < cursor->end ? __builtin_bswap32(*cursor->next++) : 0;
}

static void skip_octets(struct cursor *cursor, size_t size)
{
	size_t cells = (size + 3) / 4;

	if (cells > (size_t)(cursor->end - cursor->next))
		cells = (size_t)(cursor->end - cursor->next);
	cursor->next += cells;
}

static bool is_memory(const char *name)
{
	return !memcmp(name, "memory@", 7);
}

/* End of the memory that a reg property of two cells each names. */
static uint64_t reg_end(struct cursor value)
{
	uint64_t end = 0;

	while (value.end - value.next >= 4) {
		uint64_t base = (uint64_t)next_cell(&value) << 32;
		uint64_t size;

		base |= next_cell(&value);
		size = (uint64_t)next_cell(&value) << 32;
		size |= next_cell(&value);
		if (base + size > end)
			end = base + size;
	}
	return end;
}

uint64_t fdt_ram_end(void)
{
	const struct fdt_header *header = (const void *)NORMAL_RAM_BASE;
	const char *start = (const char *)header, *strings;
	uint32_t size = __builtin_bswap32(header->totalsize);
	bool in_memory = false;
	struct cursor cursor;
	uint64_t end = 0;

	if (__builtin_bswap32(header->magic) != FDT_MAGIC || size > FDT_SIZE_MAX)
		return 0;
	strings = start + __builtin_bswap32(header->off_dt_strings);
	cursor.next = (const void *)(start + __builtin_bswap32(header->off_dt_struct));
	cursor.end = (const void *)(start + (size & ~3U));
	while (cursor.next < cursor.end) {
		uint32_t token = next_cell(&cursor);

		if (token == FDT_BEGIN_NODE) {
			const char *name = (const char *)cursor.next;

			in_memory = is_memory(name);
			skip_octets(&cursor, strlen(name) + 1);
		} else if (token == FDT_PROP) {
			uint32_t length = next_cell(&cursor);
			const char *name = strings + next_cell(&cursor);
			struct cursor value = cursor;

			skip_octets(&cursor, length);
			value.end = cursor.next;
			if (in_memory && !memcmp(name, "reg", 4) && reg_end(value) > end)
				end = reg_end(value);
		} else if (token == FDT_END_NODE) {
			in_memory = false;
		} else if (token != FDT_NOP) {
			break;
		}
	}
	return end;
}
