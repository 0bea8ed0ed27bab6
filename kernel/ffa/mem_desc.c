// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory transaction descriptors. Version 1.0 has a shorter header, whose endpoints follow at
 * once; 1.2 has longer endpoints.
 */
#include <linux/string.h>

#include <abi/ffa_mem.h>

#include "mem_desc.h"

static size_t ffa_mem_header_size(u32 version)
{
	return version < FFA_VERSION_MAKE(1, 1) ? sizeof(struct ffa_mem_transaction_desc_v1_0) :
						  sizeof(struct ffa_mem_transaction_desc);
}

static size_t ffa_mem_endpoint_size(u32 version)
{
	return version < FFA_VERSION_MAKE(1, 2) ?
	       sizeof(struct ffa_endpoint_mem_access_desc_v1_0) :
	       sizeof(struct ffa_endpoint_mem_access_desc);
}

static size_t ffa_mem_composite_offset(const struct ffa_mem_desc *desc)
{
	return ffa_mem_header_size(desc->version) +
	       desc->num_receivers * ffa_mem_endpoint_size(desc->version);
}

/**
 * ffa_mem_desc_head_size() - how long is all that precedes the ranges?
 * @desc:	description
 *
 * Return: bytes
 */
size_t ffa_mem_desc_head_size(const struct ffa_mem_desc *desc)
{
	return ffa_mem_composite_offset(desc) + sizeof(struct ffa_composite_mem_desc);
}

/**
 * ffa_mem_desc_size() - how long is the whole descriptor?
 * @desc:	description
 *
 * Return: bytes
 */
size_t ffa_mem_desc_size(const struct ffa_mem_desc *desc)
{
	return ffa_mem_desc_head_size(desc) +
	       (size_t)desc->num_ranges * sizeof(struct ffa_mem_range_desc);
}

static void ffa_mem_desc_header(const struct ffa_mem_desc *desc, void *buf)
{
	struct ffa_mem_transaction_desc_v1_0 *old = buf;
	struct ffa_mem_transaction_desc *new = buf;

	if (desc->version < FFA_VERSION_MAKE(1, 1)) {
		*old = (struct ffa_mem_transaction_desc_v1_0) {
			.sender = desc->sender,
			.attributes = desc->attributes,
			.flags = desc->flags,
			.tag = desc->tag,
			.endpoint_count = desc->num_receivers,
		};
		return;
	}
	*new = (struct ffa_mem_transaction_desc) {
		.sender = desc->sender,
		.attributes = desc->attributes,
		.flags = desc->flags,
		.tag = desc->tag,
		.endpoint_size = ffa_mem_endpoint_size(desc->version),
		.endpoint_count = desc->num_receivers,
		.endpoint_offset = sizeof(*new),
	};
}

/**
 * ffa_mem_desc_head() - write all that precedes the ranges
 * @desc:	description
 * @buf:	where
 * @room:	bytes that there are
 *
 * Every octet of it is written, whatever was there before.
 *
 * Return: bytes written, 0 if there is no room for it
 */
size_t ffa_mem_desc_head(const struct ffa_mem_desc *desc, void *buf, size_t room)
{
	size_t composite = ffa_mem_composite_offset(desc), at;
	size_t size = ffa_mem_desc_head_size(desc);
	struct ffa_endpoint_mem_access_desc_v1_0 *endpoint;
	unsigned int n;

	if (size > room)
		return 0;

	memset(buf, 0, size);
	ffa_mem_desc_header(desc, buf);
	at = ffa_mem_header_size(desc->version);
	for (n = 0; n < desc->num_receivers; n++) {
		/* Both forms begin alike. */
		endpoint = buf + at;
		endpoint->receiver = desc->receiver_ids[n];
		endpoint->permissions = desc->permissions[n];
		endpoint->composite_offset = composite;
		at += ffa_mem_endpoint_size(desc->version);
	}
	*(struct ffa_composite_mem_desc *)(buf + composite) = (struct ffa_composite_mem_desc) {
		.page_count = desc->num_pages,
		.range_count = desc->num_ranges,
	};
	return size;
}

/**
 * ffa_mem_desc_range() - write a range
 * @at:		where
 * @address:	physical, of a page
 * @num_pages:	of 4 KiB
 */
void ffa_mem_desc_range(void *at, u64 address, u32 num_pages)
{
	*(struct ffa_mem_range_desc *)at = (struct ffa_mem_range_desc) {
		.address = address,
		.page_count = num_pages,
	};
}
