/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory allocation. A guest has a heap of its own, so that it can starve only itself. */
#ifndef CORE_HEAP_H
#define CORE_HEAP_H

#include <stddef.h>
#include <stdint.h>
#include "lock.h"

struct heap_block;

struct heap {
	struct lock lock;	/* guards all below and the blocks */
	struct heap_block *free;	/* by address */
	size_t used;		/* octets handed out, with headers */
};

/**
 * heap_init() - make a heap of a piece of memory
 * @heap:	heap
 * @memory:	16-byte aligned
 * @size:	octets
 */
void heap_init(struct heap *heap, void *memory, size_t size);

/* Zeroed, 16-byte aligned; NULL if there is not enough. */
void *heap_alloc(struct heap *heap, size_t size);
/* Keeps the contents; on failure the old memory stays as it is. */
void *heap_resize(struct heap *heap, void *memory, size_t size);
/* NULL is allowed. Stops the machine when @memory is no live allocation. */
void heap_free(struct heap *heap, void *memory);
size_t heap_used(struct heap *heap);

#endif /* CORE_HEAP_H */
