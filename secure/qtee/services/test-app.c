// SPDX-License-Identifier: BSD-2-Clause
/*
 * What public test clients load: the skeleton, which adds, and the test application, which hands
 * out an object that calls back and one that works on memory objects.
 */
#include "callback.h"
#include "compiler.h"
#include "guest.h"
#include "mapping.h"
#include "service.h"
#include "string.h"

#define UID_CALLBACK		2
#define UID_MEMORY		5

#define TEST_NULL		10	/* no callee */
#define TEST_BAD_OUTPUT		11

#define BEFORE			0xfeedc0deface0001ULL
#define AFTER			0xfeedc0deface0002ULL

static int32_t skeleton_invoke(struct call *call)
{
	uint32_t pair[2] = { }, sum;
	int32_t result;

	if (call->op)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(1, 1, 0, 0));
	if (!result)
		result = call_read(call, 0, pair, sizeof(pair));
	if (result)
		return result;
	sum = pair[0] + pair[1];
	if (sum < pair[0])
		sum = ~0U;
	return call_write(call, 0, &sum, sizeof(sum));
}

const struct service service_skeleton = {
	.name = "skeleton",
	.size = sizeof(struct object),
	.invoke = skeleton_invoke,
};

struct test_callback {
	struct object object;
	struct ref kept;	/* qtee's lock */
};

#define KEPT	true

/* By operation: what comes, the callee's operation, what the callee gets. */
static const struct forward {
	uint32_t in;
	uint32_t op;
	uint32_t out;
	bool kept;		/* the callee is the one that was set, else the last IO */
} forwards[] = {
	[1] = { 0, 0, 0, KEPT },
	[2] = { QTEE_COUNTS(0, 0, 1, 0), 0, 0 },
	[3] = { QTEE_COUNTS(1, 0, 1, 0), 1, QTEE_COUNTS(1, 0, 0, 0) },
	[4] = { QTEE_COUNTS(0, 0, 1, 0), 2, QTEE_COUNTS(0, 1, 0, 0) },
	[5] = { QTEE_COUNTS(0, 0, 2, 0), 3, QTEE_COUNTS(0, 0, 1, 0) },
	[6] = { QTEE_COUNTS(0, 0, 1, 0), 4, QTEE_COUNTS(0, 0, 0, 1) },
	[7] = { QTEE_COUNTS(0, 0, 1, 0), 5, QTEE_COUNTS(0, 0, 0, 3) },
	[8] = { QTEE_COUNTS(1, 1, 1, 0), 6, QTEE_COUNTS(1, 1, 0, 0) },
	[9] = { QTEE_COUNTS(0, 0, 1, 0), 7, 0 },
	[10] = { QTEE_COUNTS(1, 1, 0, 0), 8, QTEE_COUNTS(1, 1, 0, 0), KEPT },
	[11] = { QTEE_COUNTS(1, 0, 1, 0), 9, QTEE_COUNTS(1, 0, 0, 0) },
	[12] = { QTEE_COUNTS(0, 1, 1, 0), 10, QTEE_COUNTS(0, 1, 0, 0) },
	[13] = { QTEE_COUNTS(0, 0, 1, 0), 11, QTEE_COUNTS(0, 0, 0, 1) },
	[14] = { QTEE_COUNTS(1, 0, 1, 0), 12, QTEE_COUNTS(1, 0, 0, 1) },
	[15] = { QTEE_COUNTS(0, 0, 1, 0), 13, QTEE_COUNTS(0, 1, 0, 1) },
	[16] = { QTEE_COUNTS(1, 0, 1, 0), 14, QTEE_COUNTS(1, 1, 0, 1) },
	[17] = { QTEE_COUNTS(0, 0, 1, 0), 15, QTEE_COUNTS(0, 0, 0, 2) },
};

static void set(struct call *call)
{
	struct test_callback *test = (struct test_callback *)call->object;
	struct ref new = ref_get(call->qtee, &call->args.io[0]), old;
	uint64_t interrupts = lock_take(&call->qtee->lock);

	old = test->kept;
	test->kept = new;
	lock_release(&call->qtee->lock, interrupts);
	ref_put(call->conversation, &old);
}

static struct ref callee_of(struct call *call, const struct forward *forward)
{
	struct test_callback *test = (struct test_callback *)call->object;
	uint64_t interrupts;
	struct ref ref;

	if (!forward->kept)
		return ref_get(call->qtee,
			       &call->args.io[QTEE_COUNTS_IO(call->args.counts) - 1]);
	interrupts = lock_take(&call->qtee->lock);
	ref = test->kept;
	if (ref.local)
		ref.local->references++;
	if (ref.remote)
		ref.remote->references++;
	lock_release(&call->qtee->lock, interrupts);
	return ref;
}

static int32_t forward(struct call *call, const struct forward *forward)
{
	struct arguments *in = &call->args, out = { .counts = forward->out };
	int32_t result = call_expect(call, forward->in);
	uint8_t scratch[64];
	struct ref callee;
	unsigned int n;

	if (result)
		return result;
	callee = callee_of(call, forward);
	if (ref_is_null(&callee))
		return TEST_NULL;
	out.ib[0] = in->ib[0];
	out.io[0] = in->io[0];
	/* What nobody here wants to know goes nowhere. */
	out.ob[0] = QTEE_COUNTS_OB(forward->in) ? in->ob[0] :
		    (struct buffer){ scratch, sizeof(scratch) };
	result = callback(call->conversation, &callee, forward->op, &out);
	if (!result && QTEE_COUNTS_OB(forward->in))
		in->ob[0].size = out.ob[0].size;
	for (n = 0; n < QTEE_COUNTS_OO(forward->out); n++) {
		if (!result && ref_is_null(&out.oo[n]))
			result = TEST_BAD_OUTPUT;
	}
	for (n = 0; n < QTEE_COUNTS_OO(forward->out); n++)
		ref_put(call->conversation, &out.oo[n]);
	ref_put(call->conversation, &callee);
	return result;
}

static int32_t test_callback_invoke(struct call *call)
{
	int32_t result;

	if (call->op >= ARRAY_SIZE(forwards))
		return QTEE_INVALID;
	if (call->op)
		return forward(call, &forwards[call->op]);
	result = call_expect(call, QTEE_COUNTS(0, 0, 1, 0));
	if (!result)
		set(call);
	return result;
}

static void test_callback_release(struct conversation *conversation, struct object *object)
{
	ref_put(conversation, &((struct test_callback *)object)->kept);
}

static const struct service test_callback = {
	.name = "test callback",
	.size = sizeof(struct test_callback),
	.invoke = test_callback_invoke,
	.release = test_callback_release,
};

/* One value must be read, then another is written. */
static int32_t access(struct call *call, const struct ref *memory)
{
	const uint64_t after = AFTER;
	struct mapped mapped;
	uint64_t value = 0;
	int32_t result = mapping_make(call->conversation, memory, &mapped);

	if (result)
		return result;
	memcpy(&value, mapped.data, sizeof(value));
	if (value == BEFORE)
		memcpy(mapped.data, &after, sizeof(after));
	else
		result = QTEE_ERROR;
	mapping_end(call->conversation, &mapped);
	return result;
}

static int32_t test_memory_invoke(struct call *call)
{
	int32_t result;

	switch (call->op) {
	case 0:
		result = call_expect(call, QTEE_COUNTS(0, 0, 1, 0));
		return result ? result : access(call, &call->args.io[0]);
	case 6:
		result = call_expect(call, QTEE_COUNTS(0, 0, 2, 0));
		if (!result)
			result = access(call, &call->args.io[0]);
		return result ? result : access(call, &call->args.io[1]);
	case 7:
		return call_expect(call, QTEE_COUNTS(0, 0, 1, 0));
	default:
		return QTEE_INVALID;
	}
}

static const struct service test_memory = {
	.name = "test memory",
	.size = sizeof(struct object),
	.invoke = test_memory_invoke,
};

static int32_t test_invoke(struct call *call)
{
	uint32_t uid = 0;
	int32_t result;

	if (call->op)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(1, 0, 0, 1));
	if (!result)
		result = call_read(call, 0, &uid, sizeof(uid));
	if (result)
		return result;
	if (uid == UID_CALLBACK)
		return call_give_new(call, 0, &test_callback);
	if (uid == UID_MEMORY)
		return call_give_new(call, 0, &test_memory);
	return QTEE_ENV_NOT_FOUND;
}

const struct service service_test = {
	.name = "test",
	.size = sizeof(struct object),
	.invoke = test_invoke,
};
