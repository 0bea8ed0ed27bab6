/* SPDX-License-Identifier: GPL-2.0-only */
/* Page frames that are shared. Whoever calls has a lock that guards the tables. */
#ifndef OPTEE_FFA_FRAMES_H
#define OPTEE_FFA_FRAMES_H

#include <linux/mm_types.h>
#include <linux/xarray.h>

struct optee_ffa_share;

/**
 * struct optee_ffa_frames - who has which page frame
 * @tables:	by where their frames begin
 * @empty:	tables in which nobody has a frame
 */
struct optee_ffa_frames {
	struct xarray tables;
	unsigned int empty;
};

void optee_ffa_frames_init(struct optee_ffa_frames *frames);
void optee_ffa_frames_destroy(struct optee_ffa_frames *frames);
struct optee_ffa_share *optee_ffa_frames_find(struct optee_ffa_frames *frames, struct page *page);
int optee_ffa_frames_set(struct optee_ffa_frames *frames, struct page *const *pages,
			 size_t num_pages, struct optee_ffa_share *share,
			 struct optee_ffa_share **other);
void optee_ffa_frames_clear(struct optee_ffa_frames *frames, struct page *const *pages,
			    size_t num_pages);

#endif /* OPTEE_FFA_FRAMES_H */
