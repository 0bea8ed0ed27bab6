// SPDX-License-Identifier: BSD-2-Clause
#include "share.h"
#include "descriptor.h"
#include "guest.h"
#include "plat.h"
#include "string.h"

#define NUMBER_LEND	0x72

struct share *share_find(struct spmc *spmc, uint64_t handle)
{
	struct share *share = spmc->shares;

	while (share && share->handle != handle)
		share = share->next;
	return share;
}

struct share_receiver *share_receiver(struct share *share, uint16_t id)
{
	unsigned int n;

	for (n = 0; n < share->receiver_count; n++)
		if (share->receivers[n].id == id)
			return &share->receivers[n];
	return NULL;
}

static void forget(struct spmc *spmc, struct share *share)
{
	struct share **link = &spmc->shares;

	while (*link != share)
		link = &(*link)->next;
	*link = share->next;
	if (share->owner->incoming == share)
		share->owner->incoming = NULL;
	heap_free(&spmc->heap, share->descriptor);
	heap_free(&spmc->heap, share->ranges);
	heap_free(&spmc->heap, share);
	counter_add(spmc->guest, SIM_COUNTER_FFA_SHARES, -1);
}

void share_abandon(struct spmc *spmc, struct endpoint *owner)
{
	if (!owner->incoming)
		return;
	log_limited("ffa: %x sent %zu of %zu octets of a descriptor, which is forgotten", owner->id,
		    owner->incoming->received, owner->incoming->total);
	forget(spmc, owner->incoming);
}

void shares_leave(struct spmc *spmc, uint16_t id)
{
	struct share_receiver *receiver;
	struct share *share;

	for (share = spmc->shares; share; share = share->next) {
		receiver = share_receiver(share, id);
		if (!receiver || !receiver->retrieved)
			continue;
		receiver->retrieved = false;
		counter_add(spmc->guest, SIM_COUNTER_FFA_RETRIEVED, -1);
	}
}

const struct ffa_mem_range_desc *share_hold(struct spmc *spmc, uint16_t id, uint64_t handle,
					    unsigned int *count)
{
	const struct ffa_mem_range_desc *ranges = NULL;
	uint64_t interrupts = lock_take(&spmc->lock);
	struct share *share = share_find(spmc, handle);
	struct share_receiver *receiver = NULL;

	if (share && share->complete)
		receiver = share_receiver(share, id);
	if (receiver && !receiver->retrieved &&
	    receiver->permissions == FFA_MEM_PERMISSION_RW) {
		receiver->retrieved = true;
		receiver->writable = true;
		receiver->zero_after = false;
		*count = share->range_count;
		ranges = share->ranges;
		counter_add(spmc->guest, SIM_COUNTER_FFA_RETRIEVED, 1);
	}
	lock_release(&spmc->lock, interrupts);
	return ranges;
}

void share_drop(struct spmc *spmc, uint16_t id, uint64_t handle)
{
	uint64_t interrupts = lock_take(&spmc->lock);
	struct share *share = share_find(spmc, handle);
	struct share_receiver *receiver = share ? share_receiver(share, id) : NULL;

	if (receiver && receiver->retrieved) {
		receiver->retrieved = false;
		counter_add(spmc->guest, SIM_COUNTER_FFA_RETRIEVED, -1);
	}
	lock_release(&spmc->lock, interrupts);
}

static uint64_t page_index(const struct spmc *spmc, uint64_t address)
{
	return (address - spmc->memory.base) / FFA_MEM_PAGE;
}

bool shares_cover(struct spmc *spmc, uint64_t address, uint64_t size)
{
	uint64_t page = page_index(spmc, address), count = size / FFA_MEM_PAGE;

	for (; count; count--, page++)
		if (spmc->pages[page / 8] & 1U << page % 8)
			return true;
	return false;
}

static void mark(struct spmc *spmc, const struct ffa_mem_range_desc *range, bool shared)
{
	uint64_t page = page_index(spmc, range->address);
	uint32_t count = range->page_count;

	for (; count; count--, page++) {
		if (shared)
			spmc->pages[page / 8] |= (uint8_t)(1U << page % 8);
		else
			spmc->pages[page / 8] &= (uint8_t)~(1U << page % 8);
	}
}

static bool overlaps_buffers(const struct endpoint *owner, const void *memory, uint64_t size)
{
	const struct buffers *buffers = &owner->buffers;
	uintptr_t begin = (uintptr_t)memory, tx = (uintptr_t)buffers->tx;
	uintptr_t rx = (uintptr_t)buffers->rx;

	if (!buffers->mapped)
		return false;
	return (begin < tx + buffers->size && tx < begin + size) ||
	       (begin < rx + buffers->size && rx < begin + size);
}

void share_zero(struct spmc *spmc, const struct share *share)
{
	unsigned int n;

	for (n = 0; n < share->range_count; n++) {
		uint64_t size = (uint64_t)share->ranges[n].page_count * FFA_MEM_PAGE;

		memset(nsmem_pointer(&spmc->memory, share->ranges[n].address, size), 0, size);
	}
}

static const char *check_endpoint(struct spmc *spmc, struct share *share,
				  const struct ffa_endpoint_mem_access_desc_v1_0 *endpoint,
				  size_t endpoints_end)
{
	struct share_receiver *receiver = &share->receivers[share->receiver_count];
	uint8_t data = endpoint->permissions & FFA_MEM_PERMISSION_DATA_MASK;

	if (!spmc_partition(spmc, endpoint->receiver) || share_receiver(share, endpoint->receiver))
		return "a receiver that is not there, or twice";
	if ((data != FFA_MEM_PERMISSION_RO && data != FFA_MEM_PERMISSION_RW) ||
	    endpoint->permissions != data)
		return "the permissions";
	if (endpoint->flags)
		return "the flags of a receiver";
	if (share->receiver_count && endpoint->composite_offset != share->composite)
		return "the receivers' ranges are not the same";
	if (endpoint->composite_offset % FFA_MEM_ALIGN ||
	    endpoint->composite_offset < endpoints_end ||
	    (uint64_t)endpoint->composite_offset + sizeof(struct ffa_composite_mem_desc) >
	    share->total)
		return "where the ranges are";
	share->composite = endpoint->composite_offset;
	receiver->id = endpoint->receiver;
	receiver->permissions = data;
	share->receiver_count++;
	return NULL;
}

/* What the first fragment tells. */
static const char *check_head(struct spmc *spmc, struct share *share)
{
	struct ffa_endpoint_mem_access_desc_v1_0 endpoint;
	uint32_t flags, type, attributes;
	struct descriptor descriptor;
	const char *why;
	unsigned int n;

	why = descriptor_read(&descriptor, share->descriptor, share->received,
			      share->owner->version, SPMC_RECEIVERS_MAX);
	if (why)
		return why;
	if (descriptor.sender != share->owner->id)
		return "the sender";
	if (descriptor.handle)
		return "a handle, which is not the sender's to give";
	/* One borrower tells the attributes itself. */
	attributes = share->lent && descriptor.endpoint_count == 1 ? 0 : FFA_MEM_ATTR_USUAL;
	if (descriptor.attributes != attributes)
		return "the attributes";
	flags = descriptor.flags & ~(uint32_t)FFA_MEM_FLAG_TYPE_MASK;
	type = descriptor.flags & FFA_MEM_FLAG_TYPE_MASK;
	if (flags & ~(uint32_t)(share->lent ? FFA_MEM_FLAG_ZERO : 0))
		return "the flags";
	if (type && type != (share->lent ? FFA_MEM_FLAG_TYPE_LEND : FFA_MEM_FLAG_TYPE_SHARE))
		return "the type in the flags";
	share->flags = flags;
	share->tag = descriptor.tag;
	for (n = 0; n < descriptor.endpoint_count && !why; n++) {
		if (!descriptor_endpoint(&descriptor, share->descriptor, n, &endpoint))
			return "a reserved field of a receiver";
		why = check_endpoint(spmc, share, &endpoint, descriptor.endpoints_end);
	}
	return why;
}

static const char *check_range(struct spmc *spmc, const struct share *share,
			       const struct ffa_mem_range_desc *range)
{
	uint64_t size = (uint64_t)range->page_count * FFA_MEM_PAGE;

	if (!size || range->address % FFA_MEM_PAGE || range->reserved_12)
		return "the form of a range";
	if (!nsmem_contains(&spmc->memory, range->address, size))
		return "a range that is not the normal world's";
	if (overlaps_buffers(share->owner,
			     nsmem_pointer(&spmc->memory, range->address, size), size))
		return "a range with the sender's buffers in it";
	return NULL;
}

/* The status if a range is no good: all but memory that is given away already is a mistake. */
static const char *take_ranges(struct spmc *spmc, struct share *share, int32_t *status)
{
	const char *why = NULL;
	uint64_t pages = 0;
	unsigned int n;

	*status = FFA_INVALID_PARAMETERS;
	for (n = 0; n < share->range_count; n++) {
		why = check_range(spmc, share, &share->ranges[n]);
		if (why)
			break;
		if (shares_cover(spmc, share->ranges[n].address,
				 (uint64_t)share->ranges[n].page_count * FFA_MEM_PAGE)) {
			*status = FFA_DENIED;
			why = "memory that is shared already";
			break;
		}
		mark(spmc, &share->ranges[n], true);
		pages += share->ranges[n].page_count;
	}
	if (!why && pages != share->page_count)
		why = "the number of pages";
	if (why) {
		while (n--)
			mark(spmc, &share->ranges[n], false);
		return why;
	}
	*status = FFA_OK;
	return NULL;
}

/* Everything is there. */
static const char *finish(struct spmc *spmc, struct share *share, int32_t *status)
{
	const uint8_t *at = share->descriptor + share->composite;
	struct ffa_composite_mem_desc composite;
	const char *why;

	*status = FFA_INVALID_PARAMETERS;
	memcpy(&composite, at, sizeof(composite));
	if (composite.reserved_8)
		return "a reserved field of the ranges";
	if (!composite.range_count ||
	    share->composite + sizeof(composite) +
	    (uint64_t)composite.range_count * sizeof(struct ffa_mem_range_desc) != share->total)
		return "the number of ranges";
	share->page_count = composite.page_count;
	share->range_count = composite.range_count;
	*status = FFA_NO_MEMORY;
	share->ranges = heap_alloc(&spmc->heap, share->range_count * sizeof(*share->ranges));
	if (!share->ranges)
		return "no room";
	memcpy(share->ranges, at + sizeof(composite),
	       share->range_count * sizeof(*share->ranges));
	why = take_ranges(spmc, share, status);
	if (why)
		return why;
	heap_free(&spmc->heap, share->descriptor);
	share->descriptor = NULL;
	share->complete = true;
	share->owner->incoming = NULL;
	if (share->flags & FFA_MEM_FLAG_ZERO)
		share_zero(spmc, share);
	return NULL;
}

/* A fragment more was copied: it is complete, or the next one is asked for. */
static const char *go_on(struct ffa_call *call, struct share *share, int32_t *status)
{
	const char *why;

	if (share->received == share->total) {
		why = finish(call->spmc, share, status);
		if (why)
			return why;
		ffa_success(call, (uint32_t)share->handle, share->handle >> 32);
		return NULL;
	}
	if (share->received % FFA_MEM_ALIGN) {
		*status = FFA_INVALID_PARAMETERS;
		return "a fragment that ends within a range";
	}
	ffa_reply(call, FFA_MEM_FRAG_RX_32, (uint32_t)share->handle, share->handle >> 32,
		  share->received);
	return NULL;
}

/* Under the lock. Either the answer is set, or it returns why not and @status. */
static const char *begin(struct ffa_call *call, size_t total, size_t fragment, int32_t *status)
{
	struct endpoint *caller = call->caller;
	struct spmc *spmc = call->spmc;
	struct share *share;
	const char *why;

	*status = FFA_INVALID_PARAMETERS;
	if (!caller->buffers.mapped)
		return "it has no buffers";
	if (fragment > total || fragment > caller->buffers.size)
		return "the length of the fragment";
	/* What it began before, it has given up. */
	share_abandon(spmc, caller);
	*status = FFA_NO_MEMORY;
	if (total > SPMC_DESCRIPTOR_MAX)
		return "the descriptor is too long";
	share = heap_alloc(&spmc->heap, sizeof(*share));
	if (!share)
		return "no room";
	share->descriptor = heap_alloc(&spmc->heap, total + !total);
	if (!share->descriptor) {
		heap_free(&spmc->heap, share);
		return "no room";
	}
	memcpy(share->descriptor, caller->buffers.tx, fragment);
	share->total = total;
	share->received = fragment;
	share->owner = caller;
	share->lent = ((uint32_t)call->x[0] & SMCCC_FUNC_MASK) == NUMBER_LEND;
	share->handle = spmc->next_handle++;
	share->next = spmc->shares;
	spmc->shares = share;
	caller->incoming = share;
	counter_add(spmc->guest, SIM_COUNTER_FFA_SHARES, 1);
	*status = FFA_INVALID_PARAMETERS;
	why = check_head(spmc, share);
	if (!why)
		why = go_on(call, share, status);
	if (why)
		forget(spmc, share);
	return why;
}

void ffa_mem_share(struct ffa_call *call)
{
	uint64_t total = (uint32_t)call->x[1], fragment = (uint32_t)call->x[2];
	uint64_t interrupts;
	const char *why;
	int32_t status;

	/* FEATURES says that descriptors are in TX. */
	if (call->x[3] || call->x[4]) {
		ffa_refuse(call, FFA_DENIED, "a descriptor outside of TX");
		return;
	}
	interrupts = lock_take(&call->spmc->lock);
	why = begin(call, total, fragment, &status);
	lock_release(&call->spmc->lock, interrupts);
	if (why)
		ffa_refuse(call, status, "memory descriptor of %lu octets, %lu here: %s",
			   (unsigned long)total, (unsigned long)fragment, why);
}

static const char *next_fragment(struct ffa_call *call, uint64_t handle, size_t length,
				 int32_t *status)
{
	struct endpoint *caller = call->caller;
	struct share *share = caller->incoming;
	const char *why;

	*status = FFA_INVALID_PARAMETERS;
	if (!share || share->handle != handle)
		return "no fragment is expected";
	if (!length || length > share->total - share->received || length > caller->buffers.size) {
		why = "its length";
	} else {
		memcpy(share->descriptor + share->received, caller->buffers.tx, length);
		share->received += length;
		why = go_on(call, share, status);
	}
	if (why)
		forget(call->spmc, share);
	return why;
}

void ffa_mem_frag_tx(struct ffa_call *call)
{
	uint64_t handle = FFA_HANDLE(call->x[1], call->x[2]);
	uint64_t interrupts;
	const char *why;
	int32_t status;

	/* A sender is named by a hypervisor only. */
	if (call->x[4]) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "a fragment in the name of %lx",
			   (unsigned long)call->x[4] >> 16);
		return;
	}
	interrupts = lock_take(&call->spmc->lock);
	why = next_fragment(call, handle, (size_t)call->x[3], &status);
	lock_release(&call->spmc->lock, interrupts);
	if (why)
		ffa_refuse(call, status, "fragment of %lu octets for %lx: %s",
			   (unsigned long)call->x[3], (unsigned long)handle, why);
}

static const char *reclaim(struct ffa_call *call, uint64_t handle, int32_t *status)
{
	struct share *share = share_find(call->spmc, handle);
	unsigned int n;

	*status = FFA_INVALID_PARAMETERS;
	if (!share || share->owner != call->caller)
		return "it is unknown";
	*status = FFA_DENIED;
	if (!share->complete)
		return "its descriptor is not complete";
	for (n = 0; n < share->receiver_count; n++)
		if (share->receivers[n].retrieved)
			return "somebody has it";
	if (call->x[3] & FFA_RECLAIM_ZERO)
		share_zero(call->spmc, share);
	for (n = 0; n < share->range_count; n++)
		mark(call->spmc, &share->ranges[n], false);
	forget(call->spmc, share);
	return NULL;
}

void ffa_mem_reclaim(struct ffa_call *call)
{
	uint64_t handle = FFA_HANDLE(call->x[1], call->x[2]);
	uint64_t interrupts;
	const char *why;
	int32_t status;

	if (call->x[3] & ~(uint64_t)FFA_RECLAIM_ZERO) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "RECLAIM with flags %lx",
			   (unsigned long)call->x[3]);
		return;
	}
	interrupts = lock_take(&call->spmc->lock);
	why = reclaim(call, handle, &status);
	lock_release(&call->spmc->lock, interrupts);
	if (why)
		ffa_refuse(call, status, "RECLAIM of %lx: %s", (unsigned long)handle, why);
	else
		ffa_success(call, 0, 0);
}
