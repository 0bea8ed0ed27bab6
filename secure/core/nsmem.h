/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of the normal world. It may change at any time, so every value is copied out
 * once and only the copy is looked at.
 */
#ifndef CORE_NSMEM_H
#define CORE_NSMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Physical addresses base <= x < base + size, all of it RAM that is not secure. */
struct nsmem {
	uint64_t base;
	uint64_t size;
};

bool nsmem_contains(const struct nsmem *mem, uint64_t address, uint64_t size);
/* NULL unless all of it lies inside. */
void *nsmem_pointer(const struct nsmem *mem, uint64_t address, uint64_t size);

#endif /* CORE_NSMEM_H */
