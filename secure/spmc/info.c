// SPDX-License-Identifier: BSD-2-Clause
/* Which partitions there are: into RX in the caller's layout, or in registers. */
#include "spmc.h"
#include "string.h"

/* Two partitions with many UUIDs each do not fill it. */
#define ENTRIES_MAX	(SPMC_PARTITIONS_MAX * 4)

/* What a caller of this version is told. */
struct listing {
	unsigned int count;
	struct ffa_partition_info_desc entries[ENTRIES_MAX];
};

static uint32_t properties_for(const struct endpoint *caller, uint32_t properties)
{
	if (endpoint_speaks(caller, 2))
		return properties & FFA_PROPERTIES_1_2;
	if (endpoint_speaks(caller, 1))
		return properties & FFA_PROPERTIES_1_1;
	return properties & FFA_PROPERTIES_1_0;
}

bool ffa_uuid_is_nil(const uint8_t uuid[16])
{
	static const uint8_t nil[16];

	return !memcmp(uuid, nil, sizeof(nil));
}

/* @uuid: nil: all. The own one is not in the list. */
static void list(struct listing *listing, struct spmc *spmc, const struct endpoint *caller,
		 const uint8_t uuid[16])
{
	bool all = ffa_uuid_is_nil(uuid);
	unsigned int n, u;

	listing->count = 0;
	for (n = 0; n < spmc->partition_count; n++) {
		const struct partition *partition = spmc->partitions[n];
		unsigned int uuids = partition->about->uuid_count;

		if (all && !endpoint_speaks(caller, 2))
			/* Older callers take one entry for one partition. */
			uuids = 1;
		for (u = 0; u < uuids && listing->count < ENTRIES_MAX; u++) {
			struct ffa_partition_info_desc *entry = &listing->entries[listing->count];

			if (!all && memcmp(partition->about->uuids[u], uuid, 16))
				continue;
			memset(entry, 0, sizeof(*entry));
			entry->id = partition->endpoint.id;
			/* Who answers on the CPU that asks is everywhere. */
			entry->exec_contexts = partition->about->direct ?
				(uint16_t)spmc->cpu_count : 1;
			entry->properties = properties_for(caller, partition->about->properties);
			if (all)
				memcpy(entry->uuid, partition->about->uuids[u], 16);
			listing->count++;
		}
	}
}

/* Static, as it is large for a CPU's stack; under the lock. */
static struct listing listing;

/* Under the lock; the status, and @count. */
static int32_t fill(struct ffa_call *call, const uint8_t uuid[16], size_t size, bool count_only,
		    unsigned int *count)
{
	struct buffers *buffers = &call->caller->buffers;
	unsigned int n;

	if (!count_only && (!buffers->mapped || buffers->rx_full))
		return FFA_BUSY;
	list(&listing, call->spmc, call->caller, uuid);
	*count = listing.count;
	if (!listing.count && !ffa_uuid_is_nil(uuid))
		return FFA_INVALID_PARAMETERS;
	if (count_only)
		return FFA_OK;
	if (listing.count * size > buffers->size)
		return FFA_NO_MEMORY;
	memset(buffers->rx, 0, buffers->size);
	for (n = 0; n < listing.count; n++)
		memcpy((uint8_t *)buffers->rx + n * size, &listing.entries[n], size);
	buffers->rx_full = true;
	return FFA_OK;
}

void ffa_partition_info_get(struct ffa_call *call)
{
	bool count_only = call->x[5] & FFA_PARTITION_COUNT_ONLY;
	uint32_t words[4] = {
		(uint32_t)call->x[1], (uint32_t)call->x[2], (uint32_t)call->x[3],
		(uint32_t)call->x[4],
	};
	size_t size = endpoint_speaks(call->caller, 1) ?
		sizeof(struct ffa_partition_info_desc) :
		sizeof(struct ffa_partition_info_desc_v1_0);
	unsigned int count = 0;
	uint64_t interrupts;
	uint8_t uuid[16];
	int32_t status;

	if (call->x[5] & ~(uint64_t)(endpoint_speaks(call->caller, 1) ?
				     FFA_PARTITION_COUNT_ONLY : 0)) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "PARTITION_INFO_GET with flags %lx",
			   (unsigned long)call->x[5]);
		return;
	}
	memcpy(uuid, words, sizeof(uuid));
	interrupts = lock_take(&call->spmc->lock);
	status = fill(call, uuid, size, count_only, &count);
	lock_release(&call->spmc->lock, interrupts);
	switch (status) {
	case FFA_OK:
		/* 1.0 has no size; it knows the only one. */
		ffa_success(call, count, endpoint_speaks(call->caller, 1) && !count_only ?
			    size : 0);
		break;
	case FFA_BUSY:
		ffa_refuse(call, status, "PARTITION_INFO_GET: its RX is full or not mapped");
		break;
	case FFA_NO_MEMORY:
		ffa_refuse(call, status, "PARTITION_INFO_GET: %u entries do not fit", count);
		break;
	default:
		ffa_refuse(call, status, "PARTITION_INFO_GET: UUID %x-%x-%x-%x is unknown",
			   words[0], words[1], words[2], words[3]);
	}
}

void ffa_uuid_from_64(uint8_t uuid[16], uint64_t low, uint64_t high)
{
	memcpy(uuid, &low, 8);
	memcpy(uuid + 8, &high, 8);
}

/* Partitions do not change, so one tag will do. */
#define TAG	0x5b

#define REGS_ENTRIES	(FFA_INFO_REGS_MAX * 8 / sizeof(struct ffa_partition_info_desc))

void ffa_partition_info_get_regs(struct ffa_call *call)
{
	unsigned int start = FFA_INFO_REGS_START(call->x[3]), tag = FFA_INFO_REGS_TAG(call->x[3]);
	struct ffa_partition_info_desc entries[REGS_ENTRIES];
	unsigned int count, n = 0;
	uint64_t interrupts;
	uint8_t uuid[16];

	if (call->x[3] >> 32 || (!start && tag)) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "PARTITION_INFO_GET_REGS: x3 is %lx",
			   (unsigned long)call->x[3]);
		return;
	}
	if (start && tag != TAG) {
		ffa_refuse(call, FFA_RETRY, "PARTITION_INFO_GET_REGS: tag %x", tag);
		return;
	}
	ffa_uuid_from_64(uuid, call->x[1], call->x[2]);
	interrupts = lock_take(&call->spmc->lock);
	list(&listing, call->spmc, call->caller, uuid);
	count = listing.count;
	for (n = 0; n < ARRAY_SIZE(entries) && start + n < count; n++)
		entries[n] = listing.entries[start + n];
	lock_release(&call->spmc->lock, interrupts);
	if (!n) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS,
			   "PARTITION_INFO_GET_REGS: index %u of %u", start, count);
		return;
	}
	ffa_reply(call, FFA_SUCCESS_64, 0,
		  FFA_INFO_REGS_REPLY(count - 1, start + n - 1, TAG, sizeof(*entries)), 0);
	memcpy(&call->x[FFA_INFO_REGS_FIRST], entries, n * sizeof(*entries));
}
