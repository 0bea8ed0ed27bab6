// SPDX-License-Identifier: BSD-2-Clause
/* Memory on the receiver's side: RETRIEVE_REQ, what follows it in fragments, RELINQUISH. */
#include "descriptor.h"
#include "guest.h"
#include "share.h"
#include "string.h"

static const char *check_entries(const struct ffa_call *call, const struct descriptor *request,
				 const uint8_t *data, struct share *share,
				 struct ffa_endpoint_mem_access_desc_v1_0 *own)
{
	struct ffa_endpoint_mem_access_desc_v1_0 entry;
	bool found = false;
	unsigned int n;

	if (request->endpoint_count != share->receiver_count &&
	    (request->endpoint_count != 1 || !(request->flags & FFA_MEM_FLAG_BYPASS)))
		return "the number of receivers";
	for (n = 0; n < request->endpoint_count; n++) {
		bool mine;

		if (!descriptor_endpoint(request, data, n, &entry))
			return "a reserved field of a receiver";
		mine = entry.receiver == call->caller->id;
		if (!share_receiver(share, entry.receiver) || (mine && found))
			return "a receiver whom the owner did not name, or twice";
		if (entry.composite_offset)
			return "where to map it cannot be chosen";
		if ((entry.permissions & ~FFA_MEM_PERMISSION_MASK) ||
		    entry.flags != (mine ? 0 : FFA_MEM_ENDPOINT_NOT_RETRIEVER))
			return "permissions or flags of a receiver";
		if (mine) {
			found = true;
			*own = entry;
		}
	}
	return found ? NULL : "it is not for the caller";
}

static const char *check_permissions(const struct descriptor *request, const struct share *share,
				     struct share_receiver *receiver, uint8_t wanted)
{
	uint8_t data = wanted & FFA_MEM_PERMISSION_DATA_MASK;

	if (data == FFA_MEM_PERMISSION_DATA_MASK ||
	    (wanted & FFA_MEM_PERMISSION_CODE_MASK) == FFA_MEM_PERMISSION_CODE_MASK)
		return "permissions that exclude each other";
	if (!data)
		data = receiver->permissions;
	if (data == FFA_MEM_PERMISSION_RW && receiver->permissions != FFA_MEM_PERMISSION_RW)
		return "more than the owner gave";
	if (wanted & FFA_MEM_PERMISSION_X)
		return "to run it: it is the normal world's";
	receiver->writable = data == FFA_MEM_PERMISSION_RW;
	if ((request->flags & FFA_MEM_FLAG_ZERO_AFTER) && !receiver->writable)
		return "to zero what it cannot write";
	if ((request->flags & FFA_MEM_FLAG_ZERO) && !(share->flags & FFA_MEM_FLAG_ZERO))
		return "zeroed memory, which its owner did not ask for";
	receiver->zero_after = request->flags & FFA_MEM_FLAG_ZERO_AFTER;
	return NULL;
}

static const char *check_request(const struct descriptor *request, const struct share *share)
{
	uint32_t type = request->flags & FFA_MEM_FLAG_TYPE_MASK;
	uint32_t known = FFA_MEM_FLAG_ZERO | FFA_MEM_FLAG_ZERO_AFTER | FFA_MEM_FLAG_TYPE_MASK;

	if (share->receiver_count > 1)
		known |= FFA_MEM_FLAG_BYPASS;
	if (request->sender != share->owner->id)
		return "the owner is another one";
	if (request->tag != share->tag)
		return "the tag";
	if (request->attributes && request->attributes != FFA_MEM_ATTR_USUAL)
		return "the attributes";
	if (request->flags & ~known)
		return "the flags";
	if (type && type != (share->lent ? FFA_MEM_FLAG_TYPE_LEND : FFA_MEM_FLAG_TYPE_SHARE))
		return "the type";
	return NULL;
}

static void end_outgoing(struct spmc *spmc, struct endpoint *endpoint)
{
	heap_free(&spmc->heap, endpoint->outgoing.data);
	memset(&endpoint->outgoing, 0, sizeof(endpoint->outgoing));
}

/* The answer, in the caller's layout and with nothing but its own entry. */
static uint8_t *compose(const struct ffa_call *call, const struct share *share,
			const struct share_receiver *receiver, size_t *size)
{
	uint32_t version = call->caller->version;
	struct ffa_composite_mem_desc composite = {
		.page_count = share->page_count,
		.range_count = share->range_count,
	};
	struct descriptor head = {
		.sender = share->owner->id,
		/* 1.0 has no way to say whose memory it is. */
		.attributes = FFA_MEM_ATTR_USUAL |
			      (endpoint_speaks(call->caller, 1) ? FFA_MEM_ATTR_NS : 0),
		.flags = (share->flags & FFA_MEM_FLAG_ZERO) |
			 (share->lent ? FFA_MEM_FLAG_TYPE_LEND : FFA_MEM_FLAG_TYPE_SHARE),
		.handle = share->handle,
		.tag = share->tag,
	};
	struct ffa_endpoint_mem_access_desc_v1_0 entry = {
		.receiver = receiver->id,
		.permissions = FFA_MEM_PERMISSION_NX |
			       (receiver->writable ? FFA_MEM_PERMISSION_RW :
						     FFA_MEM_PERMISSION_RO),
	};
	size_t offset = descriptor_composite_offset(version, 1);
	uint8_t *data;

	*size = descriptor_size(version, 1, share->range_count);
	data = heap_alloc(&call->spmc->heap, *size);
	if (!data)
		return NULL;
	entry.composite_offset = (uint32_t)offset;
	descriptor_write(data, version, &head, &entry);
	memcpy(data + offset, &composite, sizeof(composite));
	memcpy(data + offset + sizeof(composite), share->ranges,
	       share->range_count * sizeof(*share->ranges));
	return data;
}

/* The next piece goes to RX; its length. */
static size_t give(struct endpoint *endpoint)
{
	struct buffers *buffers = &endpoint->buffers;
	size_t rest = endpoint->outgoing.size - endpoint->outgoing.position;
	size_t length = rest < buffers->size ? rest : buffers->size;

	memset(buffers->rx, 0, buffers->size);
	memcpy(buffers->rx, endpoint->outgoing.data + endpoint->outgoing.position, length);
	buffers->rx_full = true;
	endpoint->outgoing.previous = endpoint->outgoing.position;
	endpoint->outgoing.position += length;
	return length;
}

static const char *retrieve(struct ffa_call *call, size_t size, int32_t *status)
{
	struct ffa_endpoint_mem_access_desc_v1_0 own = {};
	struct endpoint *caller = call->caller;
	struct share_receiver *receiver;
	struct descriptor request;
	struct share *share;
	const char *why;
	uint8_t *data;

	*status = FFA_INVALID_PARAMETERS;
	/* The partition's own TX: nobody else writes it. */
	data = (uint8_t *)caller->buffers.tx;
	why = descriptor_read(&request, data, size, caller->version, SPMC_RECEIVERS_MAX);
	if (why)
		return why;
	if (request.endpoints_end != size)
		return "more than its receivers";
	share = share_find(call->spmc, request.handle);
	if (!share || !share->complete)
		return "the handle is unknown";
	why = check_request(&request, share);
	if (!why)
		why = check_entries(call, &request, data, share, &own);
	if (why)
		return why;
	receiver = share_receiver(share, caller->id);
	*status = FFA_DENIED;
	if (receiver->retrieved)
		return "it has it";
	why = check_permissions(&request, share, receiver, own.permissions);
	if (why)
		return why;
	*status = FFA_BUSY;
	if (caller->buffers.rx_full)
		return "its RX is full";
	*status = FFA_NO_MEMORY;
	end_outgoing(call->spmc, caller);
	data = compose(call, share, receiver, &size);
	if (!data)
		return "no room";
	caller->outgoing.data = data;
	caller->outgoing.size = size;
	caller->outgoing.handle = share->handle;
	receiver->retrieved = true;
	counter_add(call->spmc->guest, SIM_COUNTER_FFA_RETRIEVED, 1);
	ffa_reply(call, FFA_MEM_RETRIEVE_RESP_32, size, give(caller), 0);
	if (caller->outgoing.position == size)
		end_outgoing(call->spmc, caller);
	return NULL;
}

void ffa_mem_retrieve_req(struct ffa_call *call)
{
	uint64_t total = (uint32_t)call->x[1], fragment = (uint32_t)call->x[2];
	const char *why = NULL;
	uint64_t interrupts;
	int32_t status;

	if (call->x[3] || call->x[4]) {
		ffa_refuse(call, FFA_DENIED, "a descriptor outside of TX");
		return;
	}
	interrupts = lock_take(&call->spmc->lock);
	status = FFA_INVALID_PARAMETERS;
	if (total != fragment || total > call->caller->buffers.size)
		why = "its length";
	else
		why = retrieve(call, (size_t)total, &status);
	lock_release(&call->spmc->lock, interrupts);
	if (why)
		ffa_refuse(call, status, "RETRIEVE_REQ of %lu octets: %s", (unsigned long)total,
			   why);
}

static const char *next_piece(struct ffa_call *call, uint64_t handle, int32_t *status)
{
	struct endpoint *caller = call->caller;
	uint64_t offset = call->x[3];

	*status = FFA_INVALID_PARAMETERS;
	if (!caller->outgoing.data || caller->outgoing.handle != handle)
		return "there is no such descriptor";
	if (offset != caller->outgoing.position && offset != caller->outgoing.previous)
		return "the offset";
	*status = FFA_DENIED;
	if (caller->buffers.rx_full)
		return "its RX is full";
	*status = FFA_INVALID_PARAMETERS;
	if (offset == caller->outgoing.size)
		return "there is no more";
	caller->outgoing.position = (size_t)offset;
	ffa_reply(call, FFA_MEM_FRAG_TX_32, (uint32_t)handle, handle >> 32, give(caller));
	return NULL;
}

void ffa_mem_frag_rx(struct ffa_call *call)
{
	uint64_t handle = FFA_HANDLE(call->x[1], call->x[2]);
	uint64_t interrupts;
	const char *why;
	int32_t status;

	if (call->x[4]) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "FRAG_RX in the name of %lx",
			   (unsigned long)call->x[4] >> 16);
		return;
	}
	interrupts = lock_take(&call->spmc->lock);
	why = next_piece(call, handle, &status);
	lock_release(&call->spmc->lock, interrupts);
	if (why)
		ffa_refuse(call, status, "FRAG_RX at %lu of %lx: %s", (unsigned long)call->x[3],
			   (unsigned long)handle, why);
}

static const char *relinquish(struct ffa_call *call, int32_t *status)
{
	struct endpoint *caller = call->caller;
	struct ffa_mem_relinquish_desc descriptor;
	struct share_receiver *receiver;
	struct share *share;
	uint16_t id;

	*status = FFA_INVALID_PARAMETERS;
	memcpy(&descriptor, caller->buffers.tx, sizeof(descriptor));
	memcpy(&id, (const uint8_t *)caller->buffers.tx + sizeof(descriptor), sizeof(id));
	if (descriptor.endpoint_count != 1 || id != caller->id)
		return "not for the caller alone";
	if (descriptor.flags & ~(uint32_t)FFA_MEM_FLAG_ZERO)
		return "the flags";
	share = share_find(call->spmc, descriptor.handle);
	receiver = share && share->complete ? share_receiver(share, id) : NULL;
	if (!receiver)
		return "the handle is unknown";
	*status = FFA_DENIED;
	if (!receiver->retrieved)
		return "it does not have it";
	if ((descriptor.flags & FFA_MEM_FLAG_ZERO) && !receiver->writable)
		return "to zero what it cannot write";
	if ((descriptor.flags & FFA_MEM_FLAG_ZERO) || receiver->zero_after)
		share_zero(call->spmc, share);
	receiver->retrieved = false;
	if (caller->outgoing.handle == share->handle)
		end_outgoing(call->spmc, caller);
	counter_add(call->spmc->guest, SIM_COUNTER_FFA_RETRIEVED, -1);
	return NULL;
}

void ffa_mem_relinquish(struct ffa_call *call)
{
	uint64_t interrupts = lock_take(&call->spmc->lock);
	int32_t status;
	const char *why = relinquish(call, &status);

	lock_release(&call->spmc->lock, interrupts);
	if (why)
		ffa_refuse(call, status, "RELINQUISH: %s", why);
	else
		ffa_success(call, 0, 0);
}
