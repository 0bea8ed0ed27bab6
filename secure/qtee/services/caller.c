// SPDX-License-Identifier: BSD-2-Clause
/* caller: calls objects of the normal world. */
#include "callback.h"
#include "guest.h"
#include "service.h"
#include "string.h"

struct caller {
	struct object object;
	struct ref kept;		/* qtee's lock */
	struct ref at_release;		/* qtee's lock */
	uint32_t at_release_op;
	uint32_t under_way[2];		/* qtee's lock; now and at most */
};

static struct caller *caller_of(struct call *call)
{
	return (struct caller *)call->object;
}

/* Put @ref into a place of this object's; what was there is let go. */
static void keep(struct call *call, struct ref *place, const struct ref *ref)
{
	struct ref new = ref_get(call->qtee, ref), old;
	uint64_t interrupts = lock_take(&call->qtee->lock);

	old = *place;
	*place = new;
	lock_release(&call->qtee->lock, interrupts);
	ref_put(call->conversation, &old);
}

/* Another reference on what is there. */
static struct ref kept(struct call *call, const struct ref *place)
{
	uint64_t interrupts = lock_take(&call->qtee->lock);
	struct ref ref = *place;

	if (ref.local)
		ref.local->references++;
	if (ref.remote)
		ref.remote->references++;
	lock_release(&call->qtee->lock, interrupts);
	return ref;
}

static void count(struct call *call, int change)
{
	struct caller *caller = caller_of(call);
	uint64_t interrupts = lock_take(&call->qtee->lock);

	caller->under_way[0] += (uint32_t)change;
	if (caller->under_way[0] > caller->under_way[1])
		caller->under_way[1] = caller->under_way[0];
	lock_release(&call->qtee->lock, interrupts);
}

/* All arguments but the first IB and the first IO are the callee's. */
static int32_t forward(struct call *call, bool with_self)
{
	struct arguments *in = &call->args, out = { };
	unsigned int ibs = QTEE_COUNTS_IB(in->counts), obs = QTEE_COUNTS_OB(in->counts);
	unsigned int ios = QTEE_COUNTS_IO(in->counts), oos = QTEE_COUNTS_OO(in->counts);
	uint32_t op = 0;
	int32_t result;

	if (!ibs || !ios)
		return QTEE_INVALID;
	result = call_read(call, 0, &op, sizeof(op));
	if (result)
		return result;
	memcpy(out.ib, in->ib + 1, (ibs - 1) * sizeof(out.ib[0]));
	memcpy(out.ob, in->ob, obs * sizeof(out.ob[0]));
	memcpy(out.io, in->io + 1, (ios - 1) * sizeof(out.io[0]));
	if (with_self)
		out.io[ios - 1] = call_self(call);
	out.counts = QTEE_COUNTS(ibs - 1, obs, ios - !with_self, oos);
	count(call, 1);
	result = callback(call->conversation, &in->io[0], op, &out);
	count(call, -1);
	memcpy(in->ob, out.ob, obs * sizeof(out.ob[0]));
	memcpy(in->oo, out.oo, oos * sizeof(out.oo[0]));
	return result;
}

static int32_t repeat(struct call *call)
{
	uint32_t what[2] = { }, done;
	int32_t result = call_expect(call, QTEE_COUNTS(2, 1, 1, 0));

	if (!result)
		result = call_read(call, 0, &what[0], sizeof(what[0]));
	if (!result)
		result = call_read(call, 1, &what[1], sizeof(what[1]));
	for (done = 0; !result && done < what[1]; done++)
		result = callback_plain(call->conversation, &call->args.io[0], what[0]);
	return result ? result : call_write(call, 0, &done, sizeof(done));
}

/* As no call should: only an end from outside is one. */
static int32_t insist(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(1, 0, 1, 0));
	uint32_t op = 0;

	if (!result)
		result = call_read(call, 0, &op, sizeof(op));
	if (result)
		return result;
	while (!call->conversation->abandoned)
		callback_plain(call->conversation, &call->args.io[0], op);
	return QTEE_DEFUNCT;
}

static int32_t call_kept(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(1, 0, 0, 0));
	struct ref callee;
	uint32_t op = 0;

	if (!result)
		result = call_read(call, 0, &op, sizeof(op));
	if (result)
		return result;
	callee = kept(call, &caller_of(call)->kept);
	result = callback_plain(call->conversation, &callee, op);
	ref_put(call->conversation, &callee);
	return result;
}

static int32_t at_release(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(1, 0, 1, 0));
	uint32_t op = 0;

	if (!result)
		result = call_read(call, 0, &op, sizeof(op));
	if (result)
		return result;
	caller_of(call)->at_release_op = op;
	keep(call, &caller_of(call)->at_release, &call->args.io[0]);
	return QTEE_OK;
}

static int32_t under_way(struct call *call)
{
	struct caller *caller = caller_of(call);
	int32_t result = call_expect(call, QTEE_COUNTS(0, 2, 0, 0));
	uint64_t interrupts;
	uint32_t copy[2];

	interrupts = lock_take(&call->qtee->lock);
	memcpy(copy, caller->under_way, sizeof(copy));
	lock_release(&call->qtee->lock, interrupts);
	if (!result)
		result = call_write(call, 0, &copy[0], sizeof(copy[0]));
	return result ? result : call_write(call, 1, &copy[1], sizeof(copy[1]));
}

static int32_t kept_id(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(0, 1, 0, 0));
	struct ref callee;
	uint32_t id;

	if (result)
		return result;
	callee = kept(call, &caller_of(call)->kept);
	id = callee.remote ? callee.remote->id : QTEE_OBJECT_NULL;
	ref_put(call->conversation, &callee);
	return call_write(call, 0, &id, sizeof(id));
}

static int32_t caller_invoke(struct call *call)
{
	int32_t result;

	switch (call->op) {
	case QTEE_CALLER_FORWARD:
		return forward(call, false);
	case QTEE_CALLER_SELF_FORWARD:
		return forward(call, true);
	case QTEE_CALLER_REPEAT:
		return repeat(call);
	case QTEE_CALLER_INSIST:
		return insist(call);
	case QTEE_CALLER_KEEP:
		result = call_expect(call, QTEE_COUNTS(0, 0, 1, 0));
		if (!result)
			keep(call, &caller_of(call)->kept, &call->args.io[0]);
		return result;
	case QTEE_CALLER_CALL_KEPT:
		return call_kept(call);
	case QTEE_CALLER_GIVE_KEPT:
		result = call_expect(call, QTEE_COUNTS(0, 0, 0, 1));
		if (!result)
			call->args.oo[0] = kept(call, &caller_of(call)->kept);
		return result;
	case QTEE_CALLER_KEPT_ID:
		return kept_id(call);
	case QTEE_CALLER_UNDER_WAY:
		return under_way(call);
	case QTEE_CALLER_AT_RELEASE:
		return at_release(call);
	default:
		return QTEE_INVALID;
	}
}

static void caller_release(struct conversation *conversation, struct object *object)
{
	struct caller *caller = (struct caller *)object;

	if (!ref_is_null(&caller->at_release))
		callback_plain(conversation, &caller->at_release, caller->at_release_op);
	ref_put(conversation, &caller->at_release);
	ref_put(conversation, &caller->kept);
}

const struct service service_caller = {
	.name = "caller",
	.uid = QTEE_UID_CALLER,
	.size = sizeof(struct caller),
	.invoke = caller_invoke,
	.release = caller_release,
};
