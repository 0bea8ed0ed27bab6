// SPDX-License-Identifier: BSD-2-Clause
/* keeper: keeps objects and releases them when it is told. */
#include "callback.h"
#include "guest.h"
#include "service.h"
#include "string.h"

struct keeper {
	struct object object;
	struct ref kept[QTEE_KEEPER_MAX];	/* qtee's lock; the oldest first */
	unsigned int count;			/* qtee's lock */
};

static int32_t keep(struct call *call)
{
	struct keeper *keeper = (struct keeper *)call->object;
	unsigned int ios = QTEE_COUNTS_IO(call->args.counts), n;
	int32_t result = call_expect(call, QTEE_COUNTS(0, 0, ios, 0));
	struct ref refs[QTEE_ARGS_MAX];
	uint64_t interrupts;

	if (result)
		return result;
	for (n = 0; n < ios; n++)
		refs[n] = ref_get(call->qtee, &call->args.io[n]);
	interrupts = lock_take(&call->qtee->lock);
	if (keeper->count + ios <= QTEE_KEEPER_MAX) {
		memcpy(&keeper->kept[keeper->count], refs, ios * sizeof(refs[0]));
		keeper->count += ios;
	} else {
		result = QTEE_NOSLOTS;
	}
	lock_release(&call->qtee->lock, interrupts);
	for (n = 0; result && n < ios; n++)
		ref_put(call->conversation, &refs[n]);
	return result;
}

/* The oldest; false if there is none. */
static bool take(struct qtee *qtee, struct keeper *keeper, struct ref *ref)
{
	uint64_t interrupts = lock_take(&qtee->lock);
	bool any = keeper->count;

	if (any) {
		*ref = keeper->kept[0];
		keeper->count--;
		memmove(&keeper->kept[0], &keeper->kept[1],
			keeper->count * sizeof(keeper->kept[0]));
	}
	lock_release(&qtee->lock, interrupts);
	return any;
}

static int32_t release(struct call *call)
{
	struct keeper *keeper = (struct keeper *)call->object;
	uint32_t count = 0;
	struct ref ref;
	int32_t result = call_read(call, 0, &count, sizeof(count));

	while (!result && count-- && take(call->qtee, keeper, &ref))
		ref_put(call->conversation, &ref);
	return result;
}

static int32_t release_by_call(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(2, 0, 1, 0));
	uint32_t op = 0;

	if (!result)
		result = call_read(call, 1, &op, sizeof(op));
	if (!result)
		result = release(call);
	if (result)
		return result;
	call->conversation->release_by_call = true;
	return callback_plain(call->conversation, &call->args.io[0], op);
}

static int32_t keeper_invoke(struct call *call)
{
	struct keeper *keeper = (struct keeper *)call->object;
	int32_t result;
	uint32_t count;

	switch (call->op) {
	case QTEE_KEEPER_KEEP:
		return keep(call);
	case QTEE_KEEPER_RELEASE:
		result = call_expect(call, QTEE_COUNTS(1, 0, 0, 0));
		return result ? result : release(call);
	case QTEE_KEEPER_RELEASE_BY_CALL:
		return release_by_call(call);
	case QTEE_KEEPER_KEPT:
		result = call_expect(call, QTEE_COUNTS(0, 1, 0, 0));
		count = __atomic_load_n(&keeper->count, __ATOMIC_RELAXED);
		return result ? result : call_write(call, 0, &count, sizeof(count));
	default:
		return QTEE_INVALID;
	}
}

static void keeper_release(struct conversation *conversation, struct object *object)
{
	struct keeper *keeper = (struct keeper *)object;
	struct ref ref;

	while (take(conversation->qtee, keeper, &ref))
		ref_put(conversation, &ref);
}

const struct service service_keeper = {
	.name = "keeper",
	.uid = QTEE_UID_KEEPER,
	.size = sizeof(struct keeper),
	.invoke = keeper_invoke,
	.release = keeper_release,
};
