// SPDX-License-Identifier: BSD-2-Clause
#include "nsmem.h"
#include "plat.h"

bool nsmem_contains(const struct nsmem *mem, uint64_t address, uint64_t size)
{
	uint64_t offset = address - mem->base;

	return address >= mem->base && offset < mem->size && size <= mem->size - offset;
}

void *nsmem_pointer(const struct nsmem *mem, uint64_t address, uint64_t size)
{
	return nsmem_contains(mem, address, size) ? plat_normal_world(address) : NULL;
}
