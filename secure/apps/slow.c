// SPDX-License-Identifier: BSD-2-Clause
/* slow: takes its time, see abi/apps.h. It keeps its CPU busy, and interrupts take it. */
#include "app.h"
#include "apps.h"
#include "arch.h"
#include "guest.h"
#include "session.h"
#include "tee_result.h"
#include "thread.h"

struct slow_state {
	struct lock lock;
	uint32_t present;	/* calls of MEET under way */
	uint64_t meetings;	/* a call that sees this change has met */
};

static uint64_t deadline(uint32_t milliseconds)
{
	return arch_ticks() + arch_ticks_per_second() / 1000 * milliseconds;
}

static uint32_t count_bits(uint64_t bits)
{
	uint32_t count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

static uint64_t releases(const struct app_call *call)
{
	return __atomic_load_n(&call->guest->releases, __ATOMIC_RELAXED);
}

static uint32_t spin(struct app_call *call, uint32_t command)
{
	uint64_t end = deadline(call->params[0].value.a), before = releases(call);
	uint32_t ret = TEE_SUCCESS;

	while (arch_ticks() < end) {
		if (command == SLOW_CMD_CANCELLABLE && session_cancelled(call->session)) {
			ret = TEE_ERROR_CANCEL;
			break;
		}
		if (command == SLOW_CMD_RELEASABLE && releases(call) != before)
			break;
		arch_relax();
	}
	if (call->params[1].type == APP_VALUE_OUTPUT) {
		call->params[1].value.a = (uint32_t)call->thread->preemptions;
		call->params[1].value.b = count_bits(call->thread->cpus_seen);
	}
	return ret;
}

static uint32_t meet(struct app_call *call)
{
	struct slow_state *state = call->state;
	uint32_t wanted = call->params[0].value.a;
	uint64_t end = deadline(call->params[0].value.b);
	uint64_t interrupts, meetings;
	uint32_t ret = TEE_SUCCESS;

	interrupts = lock_take(&state->lock);
	meetings = state->meetings;
	if (++state->present >= wanted)
		state->meetings++;
	lock_release(&state->lock, interrupts);

	while (__atomic_load_n(&state->meetings, __ATOMIC_RELAXED) == meetings) {
		if (arch_ticks() >= end) {
			ret = TEE_ERROR_TIMEOUT;
			break;
		}
		arch_relax();
	}

	interrupts = lock_take(&state->lock);
	state->present--;
	lock_release(&state->lock, interrupts);
	return ret;
}

static uint32_t slow_invoke(struct app_call *call, uint32_t command)
{
	switch (command) {
	case SLOW_CMD_SPIN:
	case SLOW_CMD_CANCELLABLE:
	case SLOW_CMD_RELEASABLE:
		if (!app_types_are(call, APP_VALUE_INPUT, APP_NONE, APP_NONE, APP_NONE) &&
		    !app_types_are(call, APP_VALUE_INPUT, APP_VALUE_OUTPUT, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return spin(call, command);
	case SLOW_CMD_MEET:
		if (!app_types_are(call, APP_VALUE_INPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return meet(call);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_slow = {
	.name = "slow",
	.uuid = APP_SLOW_UUID,
	.state_size = sizeof(struct slow_state),
	.invoke = slow_invoke,
};
