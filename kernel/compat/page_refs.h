/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages of the slab allocator were counted as all others once. With 6.15 large ones, and later all
 * of them, have no references to get: they go when what lies in them is freed.
 */
#ifndef COMPAT_PAGE_REFS_H
#define COMPAT_PAGE_REFS_H

#include <linux/mm.h>
#include <linux/version.h>

static inline bool compat_page_has_refs(struct page *page)
{
#if KERNEL_VERSION(6, 15, 0) <= LINUX_VERSION_CODE
	if (folio_test_large_kmalloc(page_folio(page)))
		return false;
#endif
	return !PageSlab(page);
}

#endif /* COMPAT_PAGE_REFS_H */
