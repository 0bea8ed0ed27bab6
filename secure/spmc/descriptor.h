/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory transaction descriptors in the layout of each version, read and written. What is read is a
 * copy that nobody else can change.
 */
#ifndef SPMC_DESCRIPTOR_H
#define SPMC_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ffa_mem.h"

/* The head, whatever its layout. */
struct descriptor {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t endpoint_count;
	size_t endpoint_size;
	size_t endpoint_offset;
	size_t endpoints_end;
};

/**
 * descriptor_read() - the head, checked for its form
 * @descriptor: receives it
 * @data: copy of the first fragment
 * @size: octets of it
 * @version: that the sender speaks
 * @endpoints_max: more than so many are refused
 *
 * Return: NULL, or what is wrong with it.
 */
const char *descriptor_read(struct descriptor *descriptor, const uint8_t *data, size_t size,
			    uint32_t version, unsigned int endpoints_max);

/* Descriptor of an endpoint; false if a reserved field is not zero. */
bool descriptor_endpoint(const struct descriptor *descriptor, const uint8_t *data, unsigned int n,
			 struct ffa_endpoint_mem_access_desc_v1_0 *endpoint);

/* Where the ranges of a descriptor with one endpoint begin, and its size with @ranges ranges. */
size_t descriptor_composite_offset(uint32_t version, unsigned int endpoints);
size_t descriptor_size(uint32_t version, unsigned int endpoints, unsigned int ranges);

/**
 * descriptor_write() - the head and one endpoint's descriptor
 * @data: zeroed
 * @version: that the reader speaks
 * @descriptor: sender, attributes, flags, handle and tag; the rest is set
 * @endpoint: with its composite_offset
 */
void descriptor_write(uint8_t *data, uint32_t version, const struct descriptor *descriptor,
		      const struct ffa_endpoint_mem_access_desc_v1_0 *endpoint);

#endif /* SPMC_DESCRIPTOR_H */
