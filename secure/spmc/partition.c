// SPDX-License-Identifier: BSD-2-Clause
/* What the code of a partition calls: FF-A calls of its own, in its own buffers and version. */
#include "partition.h"
#include "descriptor.h"
#include "spmc.h"
#include "string.h"

void partition_call(struct partition *partition, uint64_t x[SPMC_REGISTERS])
{
	spmc_call(partition->spmc, &partition->endpoint, x);
}

/* One with few arguments; x is the answer. FFA_OK unless it is an error. */
static int32_t call(struct partition *partition, uint64_t x[SPMC_REGISTERS])
{
	partition_call(partition, x);
	return x[0] == FFA_ERROR_32 ? (int32_t)x[2] : FFA_OK;
}

static int32_t release_rx(struct partition *partition)
{
	uint64_t x[SPMC_REGISTERS] = { FFA_RX_RELEASE_32 };

	return call(partition, x);
}

/* The rest of what RETRIEVE_RESP began. */
static int32_t receive(struct partition *partition, uint64_t handle, uint8_t *data, size_t total,
		       size_t length)
{
	const struct buffers *buffers = &partition->endpoint.buffers;
	int32_t status;
	size_t offset;

	for (offset = 0;;) {
		uint64_t x[SPMC_REGISTERS] = { FFA_MEM_FRAG_RX_32, (uint32_t)handle, handle >> 32 };

		if (length > total - offset || length > buffers->size)
			return FFA_INVALID_PARAMETERS;
		memcpy(data + offset, buffers->rx, length);
		offset += length;
		status = release_rx(partition);
		if (status != FFA_OK || offset == total)
			return status;
		x[3] = offset;
		status = call(partition, x);
		if (status != FFA_OK)
			return status;
		length = (size_t)x[3];
	}
}

/* What the whole descriptor says. */
static int32_t understand(struct partition *partition, const uint8_t *data, size_t size,
			  struct partition_memory *memory)
{
	struct ffa_endpoint_mem_access_desc_v1_0 entry;
	struct ffa_composite_mem_desc composite;
	struct descriptor head;
	unsigned int n;

	if (descriptor_read(&head, data, size, partition->endpoint.version, 1) ||
	    !descriptor_endpoint(&head, data, 0, &entry))
		return FFA_INVALID_PARAMETERS;
	memcpy(&composite, data + entry.composite_offset, sizeof(composite));
	memory->range_count = composite.range_count;
	memory->ranges = partition_alloc(partition, composite.range_count *
					 sizeof(*memory->ranges));
	if (!memory->ranges)
		return FFA_NO_MEMORY;
	memcpy(memory->ranges, data + entry.composite_offset + sizeof(composite),
	       composite.range_count * sizeof(*memory->ranges));
	memory->writable = entry.permissions & FFA_MEM_PERMISSION_RW;
	memory->size = 0;
	for (n = 0; n < memory->range_count; n++)
		memory->size += (uint64_t)memory->ranges[n].page_count * FFA_MEM_PAGE;
	memory->address = NULL;
	if (memory->range_count == 1)
		memory->address = nsmem_pointer(&partition->spmc->memory,
						memory->ranges[0].address, memory->size);
	return FFA_OK;
}

static int32_t give_up(struct partition *partition, uint64_t handle)
{
	struct ffa_mem_relinquish_desc descriptor = { .handle = handle, .endpoint_count = 1 };
	uint64_t x[SPMC_REGISTERS] = { FFA_MEM_RELINQUISH_32 };
	uint8_t *tx = (uint8_t *)partition->endpoint.buffers.tx;

	memcpy(tx, &descriptor, sizeof(descriptor));
	memcpy(tx + sizeof(descriptor), &partition->endpoint.id, sizeof(uint16_t));
	return call(partition, x);
}

/* RETRIEVE_REQ with no entry but the own one; x is the answer. */
static int32_t request(struct partition *partition, const struct descriptor *head,
		       uint64_t x[SPMC_REGISTERS])
{
	uint32_t version = partition->endpoint.version;
	uint8_t *tx = (uint8_t *)partition->endpoint.buffers.tx;
	const struct ffa_endpoint_mem_access_desc_v1_0 entry = {
		.receiver = partition->endpoint.id,
	};
	size_t size = descriptor_composite_offset(version, 1);

	memset(x, 0, SPMC_REGISTERS * sizeof(*x));
	x[0] = FFA_MEM_RETRIEVE_REQ_32;
	x[1] = size;
	x[2] = size;
	memset(tx, 0, partition->endpoint.buffers.size);
	descriptor_write(tx, version, head, &entry);
	return call(partition, x);
}

int32_t partition_retrieve(struct partition *partition, uint16_t owner, uint64_t handle,
			   uint64_t tag, struct partition_memory *memory)
{
	struct descriptor head = { .sender = owner, .handle = handle, .tag = tag };
	uint64_t x[SPMC_REGISTERS];
	int32_t status;
	uint8_t *data;
	size_t size;

	memset(memory, 0, sizeof(*memory));
	status = request(partition, &head, x);
	if (status == FFA_INVALID_PARAMETERS) {
		/* There may be others, whom it does not know. */
		head.flags = FFA_MEM_FLAG_BYPASS;
		status = request(partition, &head, x);
	}
	if (status != FFA_OK)
		return status;
	memory->handle = handle;
	memory->owner = owner;
	size = (size_t)x[1];
	status = FFA_NO_MEMORY;
	data = partition_alloc(partition, size);
	if (!data)
		release_rx(partition);
	else
		status = receive(partition, handle, data, size, (size_t)x[2]);
	if (status == FFA_OK)
		status = understand(partition, data, size, memory);
	partition_free(partition, data);
	if (status != FFA_OK)
		give_up(partition, handle);
	return status;
}

int32_t partition_relinquish(struct partition *partition, struct partition_memory *memory)
{
	int32_t status = give_up(partition, memory->handle);

	if (status != FFA_OK)
		return status;
	partition_free(partition, memory->ranges);
	memset(memory, 0, sizeof(*memory));
	return FFA_OK;
}

void *partition_memory_at(struct partition *partition, const struct partition_memory *memory,
			  uint64_t offset, uint64_t size)
{
	unsigned int n;

	for (n = 0; n < memory->range_count; n++) {
		uint64_t length = (uint64_t)memory->ranges[n].page_count * FFA_MEM_PAGE;

		if (offset < length)
			return size > length - offset ? NULL :
				nsmem_pointer(&partition->spmc->memory,
					      memory->ranges[n].address + offset, size);
		offset -= length;
	}
	return NULL;
}

int32_t partition_notify(struct partition *partition, uint16_t receiver, uint32_t flags,
			 uint64_t bitmap)
{
	uint64_t x[SPMC_REGISTERS] = {
		FFA_NOTIFICATION_SET_32, FFA_PAIR(partition->endpoint.id, receiver), flags,
		(uint32_t)bitmap, bitmap >> 32,
	};

	return call(partition, x);
}

int32_t partition_notifications(struct partition *partition, uint64_t *from_sps,
				uint64_t *from_vms)
{
	uint64_t x[SPMC_REGISTERS] = {
		FFA_NOTIFICATION_GET_32, partition->endpoint.id,
		FFA_NOTIFICATION_GET_SP | FFA_NOTIFICATION_GET_VM,
	};
	int32_t status = call(partition, x);

	*from_sps = status == FFA_OK ? x[2] | x[3] << 32 : 0;
	*from_vms = status == FFA_OK ? x[4] | x[5] << 32 : 0;
	return status;
}
