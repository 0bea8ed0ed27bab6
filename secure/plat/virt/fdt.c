// SPDX-License-Identifier: BSD-2-Clause
/*
 * QEMU leaves its own device tree at the start of RAM for the firmware, and says nowhere
 * else how much RAM there is. It is read before anything of the normal world runs.
 */
#include "virt.h"
#include "memmap.h"
#include "plat.h"
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

/* A property of a node directly below the root. */
struct property {
	const char *node;
	const char *name;
	struct cursor value;	/* its length in whole cells */
	uint32_t length;
};

/* Call @visit for each of them. */
static void visit_properties(void (*visit)(const struct property *property, void *data),
			     void *data)
{
	const struct fdt_header *header = (const void *)NORMAL_RAM_BASE;
	const char *start = (const char *)header, *strings;
	uint32_t size = __builtin_bswap32(header->totalsize);
	struct property property = { .node = NULL };
	struct cursor cursor;

	if (__builtin_bswap32(header->magic) != FDT_MAGIC || size > FDT_SIZE_MAX)
		return;
	strings = start + __builtin_bswap32(header->off_dt_strings);
	cursor.next = (const void *)(start + __builtin_bswap32(header->off_dt_struct));
	cursor.end = (const void *)(start + (size & ~3U));
	while (cursor.next < cursor.end) {
		uint32_t token = next_cell(&cursor);

		if (token == FDT_BEGIN_NODE) {
			property.node = (const char *)cursor.next;
			skip_octets(&cursor, strlen(property.node) + 1);
		} else if (token == FDT_PROP) {
			property.length = next_cell(&cursor);
			property.name = strings + next_cell(&cursor);
			property.value = cursor;
			skip_octets(&cursor, property.length);
			property.value.end = cursor.next;
			if (property.node)
				visit(&property, data);
		} else if (token == FDT_END_NODE) {
			property.node = NULL;
		} else if (token != FDT_NOP) {
			break;
		}
	}
}

static void see_memory(const struct property *property, void *data)
{
	uint64_t *end = data;

	if (!memcmp(property->node, "memory@", 7) && !strcmp(property->name, "reg") &&
	    reg_end(property->value) > *end)
		*end = reg_end(property->value);
}

uint64_t fdt_ram_end(void)
{
	uint64_t end = 0;

	visit_properties(see_memory, &end);
	return end;
}

struct seed {
	bool present;
	uint8_t octets[PLAT_SEED_SIZE];
};

/* RAM is the kernel's later. */
static struct seed seed;

static void see_seed(const struct property *property, void *data)
{
	struct seed *found = data;

	if (strcmp(property->node, "secure-chosen") || strcmp(property->name, "rng-seed") ||
	    property->length < PLAT_SEED_SIZE)
		return;
	memcpy(found->octets, property->value.next, PLAT_SEED_SIZE);
	found->present = true;
}

void fdt_keep_seed(void)
{
	visit_properties(see_seed, &seed);
}

bool plat_seed(uint8_t to[PLAT_SEED_SIZE])
{
	memcpy(to, seed.octets, PLAT_SEED_SIZE);
	return seed.present;
}
