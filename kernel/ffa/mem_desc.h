/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory transaction descriptors, as their version has them. Needs nothing of a kernel, so that it
 * is tested without one.
 */
#ifndef FFA_MEM_DESC_H
#define FFA_MEM_DESC_H

#include <linux/types.h>

/**
 * struct ffa_mem_desc - what a descriptor says
 * @version:		negotiated, FFA_VERSION_MAKE()
 * @sender:		endpoint id of the owner
 * @attributes:		FFA_MEM_ATTR_*
 * @flags:		FFA_MEM_FLAG_*
 * @tag:		for the receivers
 * @receiver_ids:	with whom
 * @permissions:	of each of them, FFA_MEM_PERMISSION_*
 * @num_receivers:	how many
 * @num_ranges:		ranges of memory
 * @num_pages:		pages of 4 KiB in all of them
 */
struct ffa_mem_desc {
	u32 version;
	u16 sender;
	u16 attributes;
	u32 flags;
	u64 tag;
	const u16 *receiver_ids;
	const u8 *permissions;
	u32 num_receivers;
	u32 num_ranges;
	u32 num_pages;
};

size_t ffa_mem_desc_head_size(const struct ffa_mem_desc *desc);
size_t ffa_mem_desc_size(const struct ffa_mem_desc *desc);
size_t ffa_mem_desc_head(const struct ffa_mem_desc *desc, void *buf, size_t room);
void ffa_mem_desc_range(void *at, u64 address, u32 num_pages);

#endif /* FFA_MEM_DESC_H */
