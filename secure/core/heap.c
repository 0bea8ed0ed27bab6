// SPDX-License-Identifier: BSD-2-Clause
/* First fit over a list of free blocks by address; neighbours are joined when freed. */
#include "heap.h"
#include "panic.h"
#include "string.h"

#define ALIGNMENT	16
#define MAGIC_USED	0x68656170u
#define MAGIC_FREE	0x66726565u

struct heap_block {
	size_t size;			/* with this header, a multiple of ALIGNMENT */
	uint32_t magic;
	uint32_t unused;
	struct heap_block *next;	/* in a free block only */
};

#define HEADER		offsetof(struct heap_block, next)
#define SMALLEST	(HEADER + ALIGNMENT)

_Static_assert(HEADER == ALIGNMENT, "allocations are aligned by the header's size");

static struct heap_block *block_end(struct heap_block *block)
{
	return (struct heap_block *)((uint8_t *)block + block->size);
}

static struct heap_block *block_of(void *memory)
{
	struct heap_block *block = (struct heap_block *)((uint8_t *)memory - HEADER);

	if (((uintptr_t)memory & (ALIGNMENT - 1)) || block->magic != MAGIC_USED)
		panic("heap: %lx is not allocated", (unsigned long)memory);
	return block;
}

void heap_init(struct heap *heap, void *memory, size_t size)
{
	struct heap_block *block = memory;

	memset(heap, 0, sizeof(*heap));
	size &= ~(size_t)(ALIGNMENT - 1);
	if (size < SMALLEST)
		return;
	block->size = size;
	block->magic = MAGIC_FREE;
	block->next = NULL;
	heap->free = block;
}

void *heap_alloc(struct heap *heap, size_t size)
{
	struct heap_block **link, *block = NULL;
	uint64_t interrupts;
	size_t need;

	if (size > SIZE_MAX / 2)
		return NULL;
	need = (size + HEADER + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (need < SMALLEST)
		need = SMALLEST;

	interrupts = lock_take(&heap->lock);
	for (link = &heap->free; *link; link = &(*link)->next)
		if ((*link)->size >= need)
			break;
	block = *link;
	if (block) {
		if (block->size - need >= SMALLEST) {
			struct heap_block *rest;

			rest = (struct heap_block *)((uint8_t *)block + need);
			rest->size = block->size - need;
			rest->magic = MAGIC_FREE;
			rest->next = block->next;
			block->size = need;
			*link = rest;
		} else {
			*link = block->next;
		}
		block->magic = MAGIC_USED;
		heap->used += block->size;
	}
	lock_release(&heap->lock, interrupts);
	if (!block)
		return NULL;
	return memset((uint8_t *)block + HEADER, 0, block->size - HEADER);
}

void *heap_resize(struct heap *heap, void *memory, size_t size)
{
	size_t room;
	void *other;

	if (!memory)
		return heap_alloc(heap, size);
	room = block_of(memory)->size - HEADER;
	if (size <= room && size >= room / 2)
		return memory;
	other = heap_alloc(heap, size);
	if (!other)
		return NULL;
	memcpy(other, memory, size < room ? size : room);
	heap_free(heap, memory);
	return other;
}

static void join_with_next(struct heap_block *block)
{
	if (block->next && block_end(block) == block->next) {
		block->next->magic = 0;
		block->size += block->next->size;
		block->next = block->next->next;
	}
}

void heap_free(struct heap *heap, void *memory)
{
	struct heap_block *block, *before = NULL;
	uint64_t interrupts;

	if (!memory)
		return;
	block = block_of(memory);
	interrupts = lock_take(&heap->lock);
	if (heap->free && heap->free < block)
		for (before = heap->free; before->next && before->next < block;)
			before = before->next;
	heap->used -= block->size;
	block->magic = MAGIC_FREE;
	block->next = before ? before->next : heap->free;
	if (before)
		before->next = block;
	else
		heap->free = block;
	join_with_next(block);
	if (before)
		join_with_next(before);
	lock_release(&heap->lock, interrupts);
}

size_t heap_used(struct heap *heap)
{
	return __atomic_load_n(&heap->used, __ATOMIC_RELAXED);
}
