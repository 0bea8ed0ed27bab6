// SPDX-License-Identifier: BSD-2-Clause
#include "descriptor.h"
#include "string.h"

static bool is_v1_0(uint32_t version)
{
	return version < FFA_VERSION_MAKE(1, 1);
}

static size_t header_size(uint32_t version)
{
	return is_v1_0(version) ? sizeof(struct ffa_mem_transaction_desc_v1_0) :
				  sizeof(struct ffa_mem_transaction_desc);
}

static size_t endpoint_size(uint32_t version)
{
	return version < FFA_VERSION_MAKE(1, 2) ?
		sizeof(struct ffa_endpoint_mem_access_desc_v1_0) :
		sizeof(struct ffa_endpoint_mem_access_desc);
}

/*
 * What 1.0 has is at the same place in 1.1: but the upper half of the attributes, and how long and
 * where the endpoints' descriptors are, were not there yet.
 */
static const char *read_head(struct descriptor *descriptor, const uint8_t *data, uint32_t version)
{
	struct ffa_mem_transaction_desc head = { .sender = 0 };

	memcpy(&head, data, header_size(version));
	descriptor->sender = head.sender;
	descriptor->attributes = head.attributes;
	descriptor->flags = head.flags;
	descriptor->handle = head.handle;
	descriptor->tag = head.tag;
	descriptor->endpoint_count = head.endpoint_count;
	descriptor->endpoint_size = endpoint_size(version);
	if (is_v1_0(version)) {
		descriptor->endpoint_offset = header_size(version);
		return head.attributes >> 8 || head.endpoint_size ? "a reserved field" : NULL;
	}
	descriptor->endpoint_offset = head.endpoint_offset;
	if (head.reserved_36[0] || head.reserved_36[1] || head.reserved_36[2])
		return "a reserved field";
	if (head.endpoint_size != descriptor->endpoint_size)
		return "the size of an endpoint's descriptor";
	if (head.endpoint_offset < sizeof(head) || head.endpoint_offset % FFA_MEM_ALIGN)
		return "where the endpoints' descriptors are";
	return NULL;
}

const char *descriptor_read(struct descriptor *descriptor, const uint8_t *data, size_t size,
			    uint32_t version, unsigned int endpoints_max)
{
	const char *why;
	uint64_t end;

	if (size < header_size(version))
		return "shorter than its head";
	why = read_head(descriptor, data, version);
	if (why)
		return why;
	if (!descriptor->endpoint_count || descriptor->endpoint_count > endpoints_max)
		return "the number of endpoints";
	end = descriptor->endpoint_offset +
	      (uint64_t)descriptor->endpoint_count * descriptor->endpoint_size;
	if (end > size)
		return "the endpoints' descriptors are not in the first fragment";
	descriptor->endpoints_end = (size_t)end;
	return NULL;
}

bool descriptor_endpoint(const struct descriptor *descriptor, const uint8_t *data, unsigned int n,
			 struct ffa_endpoint_mem_access_desc_v1_0 *endpoint)
{
	const uint8_t *at = data + descriptor->endpoint_offset + n * descriptor->endpoint_size;
	uint64_t reserved;

	memcpy(endpoint, at, sizeof(*endpoint));
	/* Both layouts begin alike and end with what is reserved. */
	memcpy(&reserved, at + descriptor->endpoint_size - sizeof(reserved), sizeof(reserved));
	return !reserved;
}

size_t descriptor_composite_offset(uint32_t version, unsigned int endpoints)
{
	return header_size(version) + endpoints * endpoint_size(version);
}

size_t descriptor_size(uint32_t version, unsigned int endpoints, unsigned int ranges)
{
	return descriptor_composite_offset(version, endpoints) +
	       sizeof(struct ffa_composite_mem_desc) + ranges * sizeof(struct ffa_mem_range_desc);
}

void descriptor_write(uint8_t *data, uint32_t version, const struct descriptor *descriptor,
		      const struct ffa_endpoint_mem_access_desc_v1_0 *endpoint)
{
	struct ffa_mem_transaction_desc_v1_0 old = {
		.sender = descriptor->sender,
		.attributes = (uint8_t)descriptor->attributes,
		.flags = descriptor->flags,
		.handle = descriptor->handle,
		.tag = descriptor->tag,
		.endpoint_count = 1,
	};
	struct ffa_mem_transaction_desc head = {
		.sender = descriptor->sender,
		.attributes = descriptor->attributes,
		.flags = descriptor->flags,
		.handle = descriptor->handle,
		.tag = descriptor->tag,
		.endpoint_size = (uint32_t)endpoint_size(version),
		.endpoint_count = 1,
		.endpoint_offset = sizeof(head),
	};

	if (is_v1_0(version))
		memcpy(data, &old, sizeof(old));
	else
		memcpy(data, &head, sizeof(head));
	memcpy(data + header_size(version), endpoint, sizeof(*endpoint));
}
