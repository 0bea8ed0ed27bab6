/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages, which lie where the test says. */
#ifndef FAKE_PAGES_H
#define FAKE_PAGES_H

#include "fake-ffa.h"

#define PAGE_SIZE		4096UL
#define SZ_4K			0x1000
#define SZ_16K			0x4000
#define SZ_64K			0x10000
#define __GFP_ZERO		0
#define round_down(n, to)	((n) - (n) % (to))
#define PAGE_ALIGN(n)		round_down((n) + PAGE_SIZE - 1, PAGE_SIZE)

#define IS_ALIGNED(n, to)	(!((n) % (to)))
#define PFN_DOWN(address)	((unsigned long)((address) / PAGE_SIZE))
#define PFN_UP(address)		PFN_DOWN((address) + PAGE_SIZE - 1)
#define pfn_to_page(pfn)	((struct page *)((pfn) * PAGE_SIZE))

struct page;

/* Of the test that needs it: pages that are never used again. */
void get_page(struct page *page);

static inline void *alloc_pages_exact(size_t size, unsigned int gfp)
{
	(void)gfp;
	return fake_allocation_fails() ? NULL : calloc(1, size);
}

static inline void free_pages_exact(void *pages, size_t size)
{
	(void)size;
	free(pages);
}

/* Of the test. */
u64 virt_to_phys(const void *at);

#endif /* FAKE_PAGES_H */
