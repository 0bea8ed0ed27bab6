// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page lists: how pages that are not contiguous are shown to the secure world.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "optee_private.h"

/* A page of a list. The next one counts only while entries remain. */
struct optee_list_page {
	u64 entry[OPTEE_MSG_PAGES_PER_LIST];
	u64 next;
};

/**
 * optee_page_list_free() - free a list
 * @list:	list or NULL
 */
void optee_page_list_free(struct optee_page_list *list)
{
	size_t n;

	if (!list)
		return;
	for (n = 0; n < list->num && list->pages[n]; n++)
		__free_page(list->pages[n]);
	kvfree(list);
}

/**
 * optee_page_list_alloc() - describe memory
 * @pages:	pages of it
 * @offset:	of the data in the first page
 * @size:	bytes
 *
 * In units of 4 KiB, whatever the size of @pages; those before the data are left out.
 *
 * Return: the list, or NULL without memory
 */
struct optee_page_list *optee_page_list_alloc(struct page *const *pages, size_t offset,
					      size_t size)
{
	size_t pos = round_down(offset, OPTEE_MSG_PAGE_SIZE);
	size_t units = DIV_ROUND_UP(offset - pos + size, OPTEE_MSG_PAGE_SIZE);
	size_t num = DIV_ROUND_UP(units, OPTEE_MSG_PAGES_PER_LIST);
	struct optee_list_page *page = NULL;
	struct optee_page_list *list;
	size_t n, left;
	u64 *entry;

	list = kvzalloc(struct_size(list, pages, num), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!list)
		return NULL;
	list->num = num;
	for (n = 0; n < num; n++) {
		list->pages[n] = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
		if (!list->pages[n]) {
			optee_page_list_free(list);
			return NULL;
		}
	}

	for (n = 0, left = 0; units; units--, pos += OPTEE_MSG_PAGE_SIZE) {
		if (!left) {
			if (page)
				page->next = page_to_phys(list->pages[n]);
			page = page_address(list->pages[n++]);
			entry = page->entry;
			left = OPTEE_MSG_PAGES_PER_LIST;
		}
		*entry++ = page_to_phys(pages[pos >> PAGE_SHIFT]) + offset_in_page(pos);
		left--;
	}
	return list;
}

/**
 * optee_page_list_buf_ptr() - what a message says of a list
 * @list:	list
 * @offset:	of the data in the first page
 */
u64 optee_page_list_buf_ptr(const struct optee_page_list *list, size_t offset)
{
	return page_to_phys(list->pages[0]) | (offset & (OPTEE_MSG_PAGE_SIZE - 1));
}
