/* SPDX-License-Identifier: BSD-2-Clause */
/* A heap, and flash in memory that fails when it is told to. */
#ifndef UNIT_TS_MEMORY_H
#define UNIT_TS_MEMORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "flash.h"
#include "heap.h"
#include "ts-service.h"

#define RAM_FLASH_SECTOR	16384
#define RAM_FLASH_SIZE		(8 * RAM_FLASH_SECTOR)

struct ram_flash {
	struct flash flash;
	uint8_t octets[RAM_FLASH_SIZE];
	/* From then on nothing is written, as if the power had gone; octets, < 0: never. */
	long power_for;
	bool broken;	/* every operation fails */
};

void ram_flash_init(struct ram_flash *ram);
struct flash_area ram_flash_area(struct ram_flash *ram);

/* Of malloc(), so that the sanitizers watch its ends. */
void test_heap_init(struct heap *heap, size_t size);
void test_heap_end(struct heap *heap);

#endif /* UNIT_TS_MEMORY_H */
