// SPDX-License-Identifier: BSD-2-Clause
/* counter: each object has a sum of its own. */
#include "service.h"

struct counter {
	struct object object;
	uint32_t sum;		/* atomic */
};

static int32_t counter_invoke(struct call *call)
{
	struct counter *counter = (struct counter *)call->object;
	struct ref self = call_self(call);
	uint32_t value = 0;
	int32_t result;

	switch (call->op) {
	case QTEE_COUNTER_ADD:
		result = call_expect(call, QTEE_COUNTS(1, 1, 0, 0));
		if (!result)
			result = call_read(call, 0, &value, sizeof(value));
		if (!result && call->args.ob[0].size < sizeof(value))
			result = QTEE_SIZE_OUT;
		if (result)
			return result;
		value = __atomic_add_fetch(&counter->sum, value, __ATOMIC_RELAXED);
		return call_write(call, 0, &value, sizeof(value));
	case QTEE_COUNTER_GET:
		result = call_expect(call, QTEE_COUNTS(0, 1, 0, 0));
		value = __atomic_load_n(&counter->sum, __ATOMIC_RELAXED);
		return result ? result : call_write(call, 0, &value, sizeof(value));
	case QTEE_COUNTER_SELF:
		result = call_expect(call, QTEE_COUNTS(0, 0, 0, 1));
		if (!result)
			call_give(call, 0, &self);
		return result;
	case QTEE_COUNTER_NEW:
		result = call_expect(call, QTEE_COUNTS(0, 0, 0, 1));
		return result ? result : call_give_new(call, 0, &service_counter);
	default:
		return QTEE_INVALID;
	}
}

const struct service service_counter = {
	.name = "counter",
	.uid = QTEE_UID_COUNTER,
	.size = sizeof(struct counter),
	.invoke = counter_invoke,
};
