// SPDX-License-Identifier: BSD-2-Clause
#include "invocation.h"
#include "callback.h"
#include "event.h"
#include "guest.h"
#include "qtee_state.h"
#include "service.h"
#include "spoil.h"

/* The header and the arguments, copied once. */
struct message {
	uint32_t cxt;
	uint32_t op;
	uint32_t counts;
	union qtee_arg args[4 * QTEE_ARGS_MAX];
};

static const char *read_message(struct conversation *conversation, struct message *message)
{
	struct qtee_invoke head;

	memcpy(&head, conversation->inbound, sizeof(head));
	message->cxt = head.cxt;
	message->op = head.op;
	message->counts = head.counts;
	if (head.counts & QTEE_COUNTS_RESERVED)
		return "bits of its counts mean nothing";
	memcpy(message->args, conversation->inbound + sizeof(head),
	       counts_total(head.counts) * sizeof(message->args[0]));
	return arguments_check(head.counts, message->args, sizeof(head),
			       conversation->inbound_size);
}

/* What the kernel hands over is ours from now on; false: it is as it was. */
static bool take_objects(struct conversation *conversation, const struct message *message,
			 struct arguments *args)
{
	const union qtee_arg *from = &message->args[counts_buffers(message->counts)];
	struct qtee *qtee = conversation->qtee;
	unsigned int n;

	for (n = 0; n < QTEE_COUNTS_IO(message->counts); n++) {
		if (!(from[n].o.id & QTEE_OBJECT_KERNEL))
			continue;
		if (from[n].o.id != QTEE_OBJECT_PRIMORDIAL)
			args->io[n].remote = remote_add(qtee, from[n].o.id);
		if (args->io[n].remote)
			continue;
		qtee_refused(qtee, "INVOKE: object %x is here already, or no memory for it",
			     from[n].o.id);
		while (n--)
			if (args->io[n].remote)
				remote_forget(qtee, args->io[n].remote);
		return false;
	}
	return true;
}

/* Objects of ours among the arguments; the kernel may name those that it holds. */
static int32_t find_objects(struct conversation *conversation, const struct message *message,
			    struct arguments *args)
{
	const union qtee_arg *from = &message->args[counts_buffers(message->counts)];
	unsigned int n;

	for (n = 0; n < QTEE_COUNTS_IO(message->counts); n++) {
		if (from[n].o.id == QTEE_OBJECT_NULL || args->io[n].remote)
			continue;
		args->io[n].local = object_find(conversation->qtee, from[n].o.id);
		if (!args->io[n].local)
			return QTEE_BADOBJ;
	}
	return QTEE_OK;
}

static void set_buffers(struct conversation *conversation, const struct message *message,
			struct arguments *args)
{
	unsigned int ibs = QTEE_COUNTS_IB(message->counts), n;

	args->counts = message->counts;
	for (n = 0; n < counts_buffers(message->counts); n++) {
		struct buffer *b = n < ibs ? &args->ib[n] : &args->ob[n - ibs];

		b->data = conversation->inbound + message->args[n].b.offset;
		b->size = message->args[n].b.size;
	}
}

/* The kernel names what it does not hold. */
static int32_t stray(struct call *call)
{
	if (call->op == QTEE_OP_RELEASE)
		counter_add(call->qtee->guest, SIM_COUNTER_QTEE_STRAY_RELEASES, 1);
	return QTEE_BADOBJ;
}

static int32_t release_or_retain(struct call *call)
{
	if (call->args.counts)
		return QTEE_INVALID;
	/* The root is there whoever holds it. */
	if (!call->object)
		return QTEE_OK;
	if (call->op == QTEE_OP_RETAIN)
		object_export(call->qtee, call->object);
	else if (!object_unexport(call->conversation, call->object))
		return stray(call);
	return QTEE_OK;
}

static int32_t invoke(struct call *call, uint32_t cxt, const struct message *message)
{
	struct ref self = { };
	int32_t result;

	if (cxt != QTEE_OBJECT_ROOT) {
		call->object = object_find(call->qtee, cxt);
		if (!call->object)
			return stray(call);
	}
	self = call_self(call);
	result = find_objects(call->conversation, message, &call->args);
	if (result)
		;
	else if (call->op == QTEE_OP_RELEASE || call->op == QTEE_OP_RETAIN)
		result = release_or_retain(call);
	else if (call->op & ~QTEE_OP_METHOD_MASK)
		result = QTEE_INVALID;
	else if (call->object)
		result = call->object->service->invoke(call);
	else
		result = root_invoke(call);
	ref_put(call->conversation, &self);
	return result;
}

/* Only where there is a result for it is anything written back. */
static void write_reply(struct call *call)
{
	struct conversation *conversation = call->conversation;
	struct qtee_invoke *reply = (struct qtee_invoke *)conversation->inbound;
	uint32_t counts = call->args.counts;
	unsigned int ibs = QTEE_COUNTS_IB(counts), n;
	union qtee_arg *objects = &reply->args[counts_buffers(counts) + QTEE_COUNTS_IO(counts)];
	uint64_t lie;

	for (n = 0; n < QTEE_COUNTS_OB(counts); n++)
		reply->args[ibs + n].b.size = call->args.ob[n].size;
	for (n = 0; n < QTEE_COUNTS_OO(counts); n++) {
		const struct ref *ref = &call->args.oo[n];

		if (fault_take(&call->qtee->guest->faults, SIM_FAULT_QTEE_OO, &lie)) {
			objects[n].o.id = (uint32_t)lie;
			continue;
		}
		objects[n].o.id = ref->remote ? ref->remote->id : QTEE_OBJECT_NULL;
		if (ref->local) {
			objects[n].o.id = ref->local->id;
			object_export(call->qtee, ref->local);
		}
	}
	spoil_reply(call->qtee->guest, reply, counts);
}

static void finish(struct call *call, int32_t result)
{
	struct conversation *conversation = call->conversation;
	struct guest *guest = call->qtee->guest;
	uint64_t response = QTEE_RESPONSE_FINAL, lie;
	unsigned int n;

	if (!result && fault_take(&guest->faults, SIM_FAULT_QTEE_RESULT, &lie))
		result = (int32_t)lie;
	if (!result && !conversation->abandoned && !conversation->lied)
		write_reply(call);
	/* Of these the kernel has its own by now, or gets none. */
	for (n = 0; n < QTEE_ARGS_MAX; n++) {
		ref_put(conversation, &call->args.oo[n]);
		ref_put(conversation, &call->args.io[n]);
	}
	if (conversation->abandoned || conversation->lied) {
		releases_leave_over(conversation);
		return;
	}
	/* What the last call of the kernel's left there would be taken for a message. */
	if (!fault_take(&guest->faults, SIM_FAULT_QTEE_OUTBOUND_LEFT, NULL))
		memset(conversation->outbound, 0, QTEE_OUTBOUND_SIZE);
	releases_write(conversation, conversation->outbound, QTEE_OUTBOUND_SIZE, true);
	releases_leave_over(conversation);
	fault_take(&guest->faults, SIM_FAULT_QTEE_RESPONSE, &response);
	event_record(conversation->thread.index, SIM_EVENT_QTEE_RESULT, (uint32_t)result, 0, 0);
	conversation->response = response;
	conversation->result = (uint64_t)(int64_t)result;
}

void invocation_run(struct conversation *conversation)
{
	struct message message;
	struct call call = { .conversation = conversation, .qtee = conversation->qtee };
	const char *complaint = read_message(conversation, &message);

	conversation->response = 0;
	conversation->result = 0;
	if (complaint) {
		qtee_refused(call.qtee, "INVOKE: counts %x: %s", message.counts, complaint);
		conversation->status = (uint64_t)QTEE_SMC_EINVAL_ARGUMENT;
		return;
	}
	set_buffers(conversation, &message, &call.args);
	if (!take_objects(conversation, &message, &call.args)) {
		conversation->status = (uint64_t)QTEE_SMC_EINVAL_ARGUMENT;
		return;
	}
	call.op = message.op;
	event_record(conversation->thread.index, SIM_EVENT_QTEE_INVOKE, message.cxt, message.op,
		     message.counts);
	finish(&call, invoke(&call, message.cxt, &message));
}
