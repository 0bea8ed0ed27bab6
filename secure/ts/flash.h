/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flash, as a store sees it: writing only clears bits, erasing sets those of a whole sector.
 * The platform has one device; each store has an area of it to itself.
 */
#ifndef TS_FLASH_H
#define TS_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flash;

struct flash_ops {
	/* All false when the device failed. Offsets and sizes are multiples of 4. */
	bool (*read)(struct flash *flash, size_t offset, void *to, size_t size);
	bool (*write)(struct flash *flash, size_t offset, const void *from, size_t size);
	/* The sector at an offset. */
	bool (*erase)(struct flash *flash, size_t offset);
};

struct flash {
	const struct flash_ops *ops;
	size_t sector_size;
	size_t size;
};

/* Whole sectors, an even number of them. */
struct flash_area {
	struct flash *flash;	/* NULL: there is none, nothing is kept */
	size_t offset;
	size_t size;
};

#endif /* TS_FLASH_H */
