// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has which page frame: one pointer for each, in tables that are made where memory is shared.
 *
 * Buffers of clients are many pages that rarely lie in a row, so an entry for each is set and
 * cleared whenever one is registered. That has to cost next to nothing: so some tables stay when
 * the last of their frames has gone, for the next buffer may be there again.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "ffa_frames.h"

/* As many as fill a page, with what else is there. */
#define OPTEE_FFA_TABLE_FRAMES	((PAGE_SIZE - sizeof(unsigned long)) / sizeof(void *))

/* So many stay: frames of 32 MiB in a row, with pages of 4 KiB. */
#define OPTEE_FFA_EMPTY_TABLES	16

/**
 * struct optee_ffa_table - the frames from one place on
 * @used:	those that somebody has
 * @share:	who, or NULL
 */
struct optee_ffa_table {
	unsigned long used;
	struct optee_ffa_share *share[OPTEE_FFA_TABLE_FRAMES];
};

/* One that was used last: neighbours are in the same table. */
struct optee_ffa_cursor {
	struct optee_ffa_table *table;
	unsigned long index;
};

static struct optee_ffa_table *optee_ffa_table_at(struct optee_ffa_frames *frames,
						  unsigned long pfn,
						  struct optee_ffa_cursor *cursor)
{
	unsigned long index = pfn / OPTEE_FFA_TABLE_FRAMES;

	if (!cursor->table || cursor->index != index) {
		cursor->table = xa_load(&frames->tables, index);
		cursor->index = index;
	}
	return cursor->table;
}

static struct optee_ffa_table *optee_ffa_table_make(struct optee_ffa_frames *frames,
						    struct optee_ffa_cursor *cursor)
{
	BUILD_BUG_ON(sizeof(*cursor->table) > PAGE_SIZE);

	cursor->table = kzalloc(sizeof(*cursor->table), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (cursor->table && xa_err(xa_store(&frames->tables, cursor->index, cursor->table,
					     GFP_KERNEL_ACCOUNT))) {
		kfree(cursor->table);
		cursor->table = NULL;
	}
	if (cursor->table)
		frames->empty++;
	return cursor->table;
}

/**
 * optee_ffa_frames_init() - nobody has a page
 * @frames:	of all
 */
void optee_ffa_frames_init(struct optee_ffa_frames *frames)
{
	xa_init(&frames->tables);
	frames->empty = 0;
}

/**
 * optee_ffa_frames_destroy() - the end
 * @frames:	of all; nobody has a page
 */
void optee_ffa_frames_destroy(struct optee_ffa_frames *frames)
{
	struct optee_ffa_table *table;
	unsigned long index;

	xa_for_each(&frames->tables, index, table) {
		WARN_ON_ONCE(table->used);
		kfree(table);
	}
	xa_destroy(&frames->tables);
}

/**
 * optee_ffa_frames_find() - who has this page
 * @frames:	of all
 * @page:	page
 *
 * Return: who, or NULL
 */
struct optee_ffa_share *optee_ffa_frames_find(struct optee_ffa_frames *frames, struct page *page)
{
	struct optee_ffa_cursor cursor = {};
	unsigned long pfn = page_to_pfn(page);
	struct optee_ffa_table *table = optee_ffa_table_at(frames, pfn, &cursor);

	return table ? table->share[pfn % OPTEE_FFA_TABLE_FRAMES] : NULL;
}

/**
 * optee_ffa_frames_clear() - nobody has these pages any more
 * @frames:	of all
 * @pages:	pages that somebody has
 * @num_pages:	how many
 */
void optee_ffa_frames_clear(struct optee_ffa_frames *frames, struct page *const *pages,
			    size_t num_pages)
{
	struct optee_ffa_cursor cursor = {};
	struct optee_ffa_table *table;
	size_t n;

	for (n = 0; n < num_pages; n++) {
		unsigned long pfn = page_to_pfn(pages[n]);

		table = optee_ffa_table_at(frames, pfn, &cursor);
		table->share[pfn % OPTEE_FFA_TABLE_FRAMES] = NULL;
		if (--table->used)
			continue;
		if (frames->empty < OPTEE_FFA_EMPTY_TABLES) {
			frames->empty++;
			continue;
		}
		xa_erase(&frames->tables, cursor.index);
		kfree(table);
		cursor.table = NULL;
	}
}

/**
 * optee_ffa_frames_set() - somebody has these pages
 * @frames:	of all
 * @pages:	pages
 * @num_pages:	how many
 * @share:	who
 * @other:	who has the first one that somebody has already, which is @share if it comes twice; out,
 *		with -EACCES
 *
 * Return: 0, -EACCES or -ENOMEM. None is set then.
 */
int optee_ffa_frames_set(struct optee_ffa_frames *frames, struct page *const *pages,
			 size_t num_pages, struct optee_ffa_share *share,
			 struct optee_ffa_share **other)
{
	struct optee_ffa_cursor cursor = {};
	struct optee_ffa_table *table;
	int rc = -EACCES;
	size_t n;

	for (n = 0; n < num_pages; n++) {
		unsigned long pfn = page_to_pfn(pages[n]);

		table = optee_ffa_table_at(frames, pfn, &cursor);
		if (!table)
			table = optee_ffa_table_make(frames, &cursor);
		if (!table) {
			rc = -ENOMEM;
			goto err_clear;
		}
		*other = table->share[pfn % OPTEE_FFA_TABLE_FRAMES];
		if (*other)
			goto err_clear;
		table->share[pfn % OPTEE_FFA_TABLE_FRAMES] = share;
		if (!table->used++)
			frames->empty--;
	}
	return 0;

err_clear:
	optee_ffa_frames_clear(frames, pages, n);
	return rc;
}
