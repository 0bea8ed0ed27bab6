// SPDX-License-Identifier: BSD-2-Clause
/*
 * timer: the secure timer as a device, see abi/apps.h. Its top half notes which alarm rang and
 * asks for a bottom half; the bottom half wakes the thread that waits.
 */
#include "alarm.h"
#include "app.h"
#include "apps.h"
#include "config.h"
#include "guest.h"
#include "message.h"
#include "rpc_kernel.h"
#include "tee_result.h"

#define POSTERS		8

struct sleeper {
	struct alarm alarm;	/* first: it is found by it */
	struct guest *guest;
	bool rang;		/* atomic */
	bool woken;		/* atomic */
};

struct poster {
	struct alarm alarm;	/* first: it is found by it */
	struct guest *guest;
	unsigned int value;
	bool used;		/* state's lock */
};

struct timer_state {
	struct lock lock;
	struct poster posters[POSTERS];
	struct sleeper sleepers[CONFIG_THREADS_MAX];	/* by thread */
};

static void sleeper_rings(struct alarm *alarm)
{
	struct sleeper *sleeper = (struct sleeper *)alarm;

	WRITE_ONCE(sleeper->rang, true);
	notif_post(sleeper->guest, NOTIF_BOTTOM_HALF);
}

static void poster_rings(struct alarm *alarm)
{
	struct poster *poster = (struct poster *)alarm;

	notif_post(poster->guest, poster->value);
	__atomic_store_n(&poster->used, false, __ATOMIC_RELEASE);
}

static uint32_t sleep(struct app_call *call)
{
	struct timer_state *state = call->state;
	unsigned int index = call->thread->index;
	struct sleeper *sleeper = &state->sleepers[index];
	uint32_t ret;

	if (!notif_enabled(call->guest))
		return TEE_ERROR_NOT_SUPPORTED;
	sleeper->guest = call->guest;
	sleeper->alarm.ring = sleeper_rings;
	WRITE_ONCE(sleeper->rang, false);
	WRITE_ONCE(sleeper->woken, false);
	alarm_set(&sleeper->alarm, (uint64_t)call->params[0].value.a * 1000);
	/* The value may have been posted for somebody before us. */
	do {
		ret = rpc_notification_wait(call->message, NOTIF_OF_THREAD(index),
					    call->params[0].value.b);
	} while (ret == TEE_SUCCESS && !READ_ONCE(sleeper->woken));
	alarm_cancel(&sleeper->alarm);
	return ret;
}

static uint32_t post(struct app_call *call)
{
	struct timer_state *state = call->state;
	struct poster *poster = NULL;
	uint64_t interrupts;
	unsigned int n;

	if (!notif_enabled(call->guest))
		return TEE_ERROR_NOT_SUPPORTED;
	if (call->params[0].value.b >= NOTIF_ASYNC_COUNT)
		return TEE_ERROR_BAD_PARAMETERS;
	interrupts = lock_take(&state->lock);
	for (n = 0; n < POSTERS && !poster; n++)
		if (!__atomic_load_n(&state->posters[n].used, __ATOMIC_ACQUIRE))
			poster = &state->posters[n];
	if (poster)
		poster->used = true;
	lock_release(&state->lock, interrupts);
	if (!poster)
		return TEE_ERROR_BUSY;
	poster->guest = call->guest;
	poster->value = call->params[0].value.b;
	poster->alarm.ring = poster_rings;
	alarm_set(&poster->alarm, (uint64_t)call->params[0].value.a * 1000);
	return TEE_SUCCESS;
}

static uint32_t timer_invoke(struct app_call *call, uint32_t command)
{
	if (command > TIMER_CMD_POST)
		return TEE_ERROR_NOT_SUPPORTED;
	if (!app_types_are(call, APP_VALUE_INPUT, APP_NONE, APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	return command == TIMER_CMD_SLEEP ? sleep(call) : post(call);
}

static void timer_bottom_half(struct message *message, void *data)
{
	struct timer_state *state = data;
	unsigned int n;

	for (n = 0; n < CONFIG_THREADS_MAX; n++) {
		struct sleeper *sleeper = &state->sleepers[n];

		if (!__atomic_exchange_n(&sleeper->rang, false, __ATOMIC_ACQ_REL))
			continue;
		WRITE_ONCE(sleeper->woken, true);
		rpc_notification_send(message, NOTIF_OF_THREAD(n));
	}
}

const struct app app_timer = {
	.name = "timer",
	.uuid = APP_TIMER_UUID,
	.state_size = sizeof(struct timer_state),
	.invoke = timer_invoke,
	.bottom_half = timer_bottom_half,
};
