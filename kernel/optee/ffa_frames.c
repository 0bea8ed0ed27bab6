// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has which page frame: one pointer for each, in tables that are made where memory is shared.
 *
 * Buffers of clients are many pages that rarely lie in a row, so an entry for each is looked up,
 * set and cleared whenever one is registered. That has to cost next to nothing.
 */
#include <linux/slab.h>

#include "ffa_frames.h"

/* As many as fill a page, with what else is there. */
#define OPTEE_FFA_FRAMES	((PAGE_SIZE - sizeof(unsigned long)) / sizeof(void *))

/**
 * struct optee_ffa_frames - the frames from one place on
 * @used:	those that somebody has
 * @share:	who, or NULL
 */
struct optee_ffa_frames {
	unsigned long used;
	struct optee_ffa_share *share[OPTEE_FFA_FRAMES];
};

/* One that was used last: neighbours are in the same table. */
struct optee_ffa_cursor {
	struct optee_ffa_frames *frames;
	unsigned long index;
};

static struct optee_ffa_frames *optee_ffa_frames_at(struct xarray *table, unsigned long pfn,
						    struct optee_ffa_cursor *cursor)
{
	unsigned long index = pfn / OPTEE_FFA_FRAMES;

	if (!cursor->frames || cursor->index != index) {
		cursor->frames = xa_load(table, index);
		cursor->index = index;
	}
	return cursor->frames;
}

static struct optee_ffa_frames *optee_ffa_frames_make(struct xarray *table,
						      struct optee_ffa_cursor *cursor)
{
	BUILD_BUG_ON(sizeof(*cursor->frames) > PAGE_SIZE);

	cursor->frames = kzalloc(sizeof(*cursor->frames), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (cursor->frames && xa_err(xa_store(table, cursor->index, cursor->frames,
					      GFP_KERNEL_ACCOUNT))) {
		kfree(cursor->frames);
		cursor->frames = NULL;
	}
	return cursor->frames;
}

/**
 * optee_ffa_frames_find() - who has this page
 * @table:	of all
 * @page:	page
 *
 * Return: who, or NULL
 */
struct optee_ffa_share *optee_ffa_frames_find(struct xarray *table, struct page *page)
{
	struct optee_ffa_cursor cursor = {};
	unsigned long pfn = page_to_pfn(page);
	struct optee_ffa_frames *frames = optee_ffa_frames_at(table, pfn, &cursor);

	return frames ? frames->share[pfn % OPTEE_FFA_FRAMES] : NULL;
}

/**
 * optee_ffa_frames_clear() - nobody has these pages any more
 * @table:	of all
 * @pages:	pages that somebody has
 * @num_pages:	how many
 */
void optee_ffa_frames_clear(struct xarray *table, struct page *const *pages, size_t num_pages)
{
	struct optee_ffa_cursor cursor = {};
	struct optee_ffa_frames *frames;
	size_t n;

	for (n = 0; n < num_pages; n++) {
		unsigned long pfn = page_to_pfn(pages[n]);

		frames = optee_ffa_frames_at(table, pfn, &cursor);
		frames->share[pfn % OPTEE_FFA_FRAMES] = NULL;
		if (--frames->used)
			continue;
		xa_erase(table, cursor.index);
		kfree(frames);
		cursor.frames = NULL;
	}
}

/**
 * optee_ffa_frames_set() - somebody has these pages
 * @table:	of all
 * @pages:	pages
 * @num_pages:	how many
 * @share:	who
 * @other:	who has the first one that somebody has already, which is @share if it comes twice; out,
 *		with -EACCES
 *
 * Return: 0, -EACCES or -ENOMEM. None is set then.
 */
int optee_ffa_frames_set(struct xarray *table, struct page *const *pages, size_t num_pages,
			 struct optee_ffa_share *share, struct optee_ffa_share **other)
{
	struct optee_ffa_cursor cursor = {};
	struct optee_ffa_frames *frames;
	int rc = -EACCES;
	size_t n;

	for (n = 0; n < num_pages; n++) {
		unsigned long pfn = page_to_pfn(pages[n]);

		frames = optee_ffa_frames_at(table, pfn, &cursor);
		if (!frames)
			frames = optee_ffa_frames_make(table, &cursor);
		if (!frames) {
			rc = -ENOMEM;
			goto err_clear;
		}
		*other = frames->share[pfn % OPTEE_FFA_FRAMES];
		if (*other)
			goto err_clear;
		frames->share[pfn % OPTEE_FFA_FRAMES] = share;
		frames->used++;
	}
	return 0;

err_clear:
	optee_ffa_frames_clear(table, pages, n);
	return rc;
}
