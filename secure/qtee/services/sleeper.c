// SPDX-License-Identifier: BSD-2-Clause
/* sleeper: spends time, the kernel's or its own. */
#include "arch.h"
#include "callback.h"
#include "guest.h"
#include "service.h"

struct sleeper {
	struct object object;
	uint32_t at_release;		/* milliseconds, atomic */
};

static uint64_t ticks_of(uint32_t milliseconds)
{
	return arch_ticks_per_second() / 1000 * milliseconds;
}

/* Interrupts of the normal world are taken meanwhile. */
static void spin(struct call *call, uint32_t milliseconds)
{
	uint64_t begin = arch_ticks();

	while (!call->conversation->abandoned && arch_ticks() - begin < ticks_of(milliseconds))
		arch_relax();
}

static int32_t yield(struct call *call, uint32_t times)
{
	int32_t result = QTEE_OK;

	while (!result && times--)
		result = callback_yield(call->conversation);
	return result;
}

/* As no call should: only an end from outside is one. */
static int32_t insist(struct call *call)
{
	while (!call->conversation->abandoned)
		callback_yield(call->conversation);
	return QTEE_DEFUNCT;
}

static int32_t hold(struct call *call, uint32_t milliseconds)
{
	uint64_t *releases = &call->qtee->guest->releases;
	uint64_t before = __atomic_load_n(releases, __ATOMIC_RELAXED), begin = arch_ticks();
	int32_t result = QTEE_OK;

	while (!result && __atomic_load_n(releases, __ATOMIC_RELAXED) == before &&
	       arch_ticks() - begin < ticks_of(milliseconds))
		result = callback_sleep(call->conversation, 1);
	return result;
}

static int32_t sleeper_invoke(struct call *call)
{
	uint32_t number = 0;
	int32_t result = call_expect(call, QTEE_COUNTS(1, 0, 0, 0));

	if (!result)
		result = call_read(call, 0, &number, sizeof(number));
	if (result)
		return result;
	switch (call->op) {
	case QTEE_SLEEPER_SLEEP:
		return callback_sleep(call->conversation, number);
	case QTEE_SLEEPER_YIELD:
		return yield(call, number);
	case QTEE_SLEEPER_SPIN:
		spin(call, number);
		return QTEE_OK;
	case QTEE_SLEEPER_HOLD:
		return hold(call, number);
	case QTEE_SLEEPER_INSIST:
		return insist(call);
	case QTEE_SLEEPER_AT_RELEASE:
		__atomic_store_n(&((struct sleeper *)call->object)->at_release, number,
				 __ATOMIC_RELAXED);
		return QTEE_OK;
	default:
		return QTEE_INVALID;
	}
}

static void sleeper_release(struct conversation *conversation, struct object *object)
{
	uint32_t milliseconds = ((struct sleeper *)object)->at_release;

	if (milliseconds)
		callback_sleep(conversation, milliseconds);
}

const struct service service_sleeper = {
	.name = "sleeper",
	.uid = QTEE_UID_SLEEPER,
	.size = sizeof(struct sleeper),
	.invoke = sleeper_invoke,
	.release = sleeper_release,
};
