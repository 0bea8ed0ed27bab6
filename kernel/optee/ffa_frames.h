/* SPDX-License-Identifier: GPL-2.0-only */
/* Page frames that are shared. Whoever calls has a lock that guards the table. */
#ifndef OPTEE_FFA_FRAMES_H
#define OPTEE_FFA_FRAMES_H

#include <linux/mm.h>
#include <linux/xarray.h>

struct optee_ffa_share;

struct optee_ffa_share *optee_ffa_frames_find(struct xarray *table, struct page *page);
int optee_ffa_frames_set(struct xarray *table, struct page *const *pages, size_t num_pages,
			 struct optee_ffa_share *share, struct optee_ffa_share **other);
void optee_ffa_frames_clear(struct xarray *table, struct page *const *pages, size_t num_pages);

#endif /* OPTEE_FFA_FRAMES_H */
