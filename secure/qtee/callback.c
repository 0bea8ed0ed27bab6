// SPDX-License-Identifier: BSD-2-Clause
#include "callback.h"
#include "compiler.h"
#include "conversation.h"
#include "event.h"
#include "guest.h"
#include "qtee_state.h"
#include "spoil.h"

void releases_write(struct conversation *conversation, uint8_t *area, size_t size, bool all)
{
	struct qtee_async *async = (struct qtee_async *)area;

	if (size < sizeof(*async) + sizeof(uint32_t))
		return;
	async->count = releases_take(conversation, all, async->objects,
				     (size - sizeof(*async)) / sizeof(uint32_t));
	if (async->count) {
		async->version = QTEE_ASYNC_VERSION_1_2;
		async->op = QTEE_ASYNC_OP_RELEASE;
	}
	spoil_async(conversation->qtee->guest, async, size);
}

/* Where each payload goes; the end of all, or 0 if they do not fit. */
static size_t lay_out(const struct arguments *args, union qtee_arg *to)
{
	unsigned int ibs = QTEE_COUNTS_IB(args->counts), n;
	size_t end = align8(arguments_end(args->counts, sizeof(struct qtee_callback)));

	for (n = 0; n < counts_buffers(args->counts); n++) {
		const struct buffer *b = n < ibs ? &args->ib[n] : &args->ob[n - ibs];

		if (b->size > QTEE_OUTBOUND_SIZE)
			return 0;
		to[n].b.offset = (uint32_t)end;
		to[n].b.size = b->size;
		end = align8(end + b->size);
	}
	return end <= QTEE_OUTBOUND_SIZE ? end : 0;
}

static uint32_t id_of(const struct ref *ref)
{
	if (ref->local)
		return ref->local->id;
	return ref->remote ? ref->remote->id : QTEE_OBJECT_NULL;
}

static void write_request(struct conversation *conversation, uint32_t cxt, uint32_t op,
			  const struct arguments *args, union qtee_arg *to, size_t end)
{
	unsigned int ibs = QTEE_COUNTS_IB(args->counts), n;
	struct qtee_callback *request = (struct qtee_callback *)conversation->outbound;

	for (n = 0; n < QTEE_COUNTS_IO(args->counts); n++) {
		union qtee_arg *arg = &to[counts_buffers(args->counts) + n];

		arg->o.id = id_of(&args->io[n]);
		if (args->io[n].local)
			object_export(conversation->qtee, args->io[n].local);
	}
	memset(request, 0, QTEE_OUTBOUND_SIZE);
	request->cxt = cxt;
	request->op = op;
	request->counts = args->counts;
	memcpy(request->args, to, counts_total(args->counts) * sizeof(*to));
	for (n = 0; n < ibs; n++)
		if (args->ib[n].size)
			memcpy(conversation->outbound + to[n].b.offset, args->ib[n].data,
			       args->ib[n].size);
	if (conversation->release_by_call) {
		conversation->release_by_call = false;
		releases_write(conversation, conversation->outbound + end,
			       QTEE_OUTBOUND_SIZE - end, false);
	}
	spoil_callback(conversation->qtee->guest, request);
}

/* An object that the kernel gives; false if it may not. */
static bool take_object(struct conversation *conversation, uint32_t id, struct ref *ref)
{
	*ref = (struct ref){ };
	if (id == QTEE_OBJECT_NULL)
		return true;
	if (!(id & QTEE_OBJECT_KERNEL)) {
		ref->local = object_find(conversation->qtee, id);
		return ref->local;
	}
	if (id != QTEE_OBJECT_PRIMORDIAL)
		ref->remote = remote_add(conversation->qtee, id);
	return ref->remote;
}

static int32_t read_objects(struct conversation *conversation, struct arguments *args,
			    const union qtee_arg *from)
{
	unsigned int n;
	bool good = true;

	/* All of them, since each that it gave is ours now. */
	for (n = 0; n < QTEE_COUNTS_OO(args->counts); n++) {
		if (take_object(conversation, from[n].o.id, &args->oo[n]))
			continue;
		qtee_refused(conversation->qtee, "answer: object %x cannot be given",
			     from[n].o.id);
		good = false;
	}
	if (good)
		return QTEE_OK;
	for (n = 0; n < QTEE_COUNTS_OO(args->counts); n++)
		ref_put(conversation, &args->oo[n]);
	return QTEE_BADOBJ;
}

static int32_t read_answer(struct conversation *conversation, struct arguments *args,
			   const union qtee_arg *asked)
{
	struct qtee_callback *answer = (struct qtee_callback *)conversation->answer;
	unsigned int ibs = QTEE_COUNTS_IB(args->counts), n;

	/* Once; from here on only the copy is looked at. */
	memcpy(answer, conversation->outbound, QTEE_OUTBOUND_SIZE);
	if (answer->result)
		return (int32_t)answer->result;
	if (answer->counts != args->counts) {
		qtee_refused(conversation->qtee, "answer: counts became %x", answer->counts);
		return QTEE_ERROR;
	}
	for (n = 0; n < QTEE_COUNTS_OB(args->counts); n++) {
		const union qtee_arg *ob = &answer->args[ibs + n];
		struct buffer *to = &args->ob[n];

		if (ob->b.offset != asked[ibs + n].b.offset || ob->b.size > to->size) {
			qtee_refused(conversation->qtee, "answer: buffer of %u octets at %u",
				     ob->b.size, ob->b.offset);
			return QTEE_ERROR;
		}
		to->size = ob->b.size;
		if (!to->data)
			to->data = conversation->answer + ob->b.offset;
		else if (to->size)
			memcpy(to->data, conversation->answer + ob->b.offset, to->size);
	}
	return read_objects(conversation, args, &answer->args[counts_buffers(args->counts) +
							     QTEE_COUNTS_IO(args->counts)]);
}

int32_t callback(struct conversation *conversation, const struct ref *callee, uint32_t op,
		 struct arguments *args)
{
	struct guest *guest = conversation->qtee->guest;
	union qtee_arg to[4 * QTEE_ARGS_MAX] = { };
	int32_t result;
	size_t end;

	memset(args->oo, 0, sizeof(args->oo));
	if (!callee->remote)
		return QTEE_BADOBJ;
	end = lay_out(args, to);
	if (!end)
		return QTEE_MAXDATA;
	if (conversation->abandoned)
		return QTEE_DEFUNCT;
	write_request(conversation, callee->remote->id, op, args, to, end);
	counter_add(guest, SIM_COUNTER_QTEE_CALLBACKS, 1);
	event_record(conversation->thread.index, SIM_EVENT_QTEE_CALLBACK, callee->remote->id, op,
		     args->counts);
	conversation_leave(conversation, CONVERSATION_CALLBACK, QTEE_SMC_OK,
			   QTEE_RESPONSE_CALLBACK, 0);
	if (conversation->abandoned)
		return QTEE_DEFUNCT;
	conversation_tarry(conversation);
	result = read_answer(conversation, args, to);
	event_record(conversation->thread.index, SIM_EVENT_QTEE_ANSWER, (uint32_t)result, 0, 0);
	return result;
}

int32_t callback_plain(struct conversation *conversation, const struct ref *callee, uint32_t op)
{
	struct arguments args = { };

	return callback(conversation, callee, op, &args);
}

static struct ref primordial(struct conversation *conversation)
{
	return (struct ref){ .remote = &conversation->qtee->objects.primordial };
}

int32_t callback_map(struct conversation *conversation, const struct ref *memory,
		     struct qtee_map_region *region, struct ref *mapping)
{
	struct qtee *qtee = conversation->qtee;
	struct ref kernel = primordial(conversation);
	struct arguments args = { .counts = QTEE_COUNTS(0, 1, 1, 1) };
	int32_t result;

	memset(region, 0, sizeof(*region));
	args.ob[0].data = (uint8_t *)region;
	args.ob[0].size = sizeof(*region);
	args.io[0] = *memory;
	result = callback(conversation, &kernel, QTEE_OP_MAP_REGION, &args);
	if (result)
		return result;
	*mapping = args.oo[0];
	if (args.ob[0].size == sizeof(*region) && mapping->remote && region->size &&
	    !(region->address % 4096) && !(region->size % 4096) &&
	    region->permissions == QTEE_PERM_RW &&
	    nsmem_contains(&qtee->guest->memory, region->address, region->size) &&
	    bridge_covers(qtee, region->address, region->size))
		return QTEE_OK;
	qtee_refused(qtee, "region at %lx, %lx octets, permissions %x",
		     (unsigned long)region->address, (unsigned long)region->size,
		     region->permissions);
	ref_put(conversation, mapping);
	return QTEE_MEM;
}

int32_t callback_yield(struct conversation *conversation)
{
	struct ref kernel = primordial(conversation);

	return callback_plain(conversation, &kernel, QTEE_OP_YIELD);
}

int32_t callback_sleep(struct conversation *conversation, uint32_t milliseconds)
{
	struct ref kernel = primordial(conversation);
	struct arguments args = { .counts = QTEE_COUNTS(1, 0, 0, 0) };

	args.ib[0].data = (uint8_t *)&milliseconds;
	args.ib[0].size = sizeof(milliseconds);
	return callback(conversation, &kernel, QTEE_OP_SLEEP, &args);
}
