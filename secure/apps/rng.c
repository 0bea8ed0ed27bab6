// SPDX-License-Identifier: BSD-2-Clause
/*
 * rng: OP-TEE's random number generator, see abi/apps.h. Only its interface is real:
 * numbers come from splitmix64 (Steele, Lea, Flood 2014), begun with the configuration's
 * rng-seed or with the time of the first request. They are NOT random.
 *
 * The health test is as real as can be: samples are taken by the secure timer's interrupt, which
 * has no time to judge them, and judged in the bottom half.
 */
#include "alarm.h"
#include "app.h"
#include "apps.h"
#include "arch.h"
#include "guest.h"
#include "tee_result.h"

#define OCTETS_A_SECOND	(1 << 20)
#define QUALITY		1024

/* The claim is 8 bits an octet: 1 + 30 / 8 in a row happen once in 2^30 samples. */
_Static_assert(RNG_REPETITIONS == 1 + (30 + 7) / 8, "alpha is 2^-30");

enum { RNG_IDLE, RNG_COLLECTING, RNG_FULL, RNG_TESTING };

#define SAMPLE_MICROSECONDS	1000
#define SAMPLES_AT_ONCE		32

struct rng_state {
	struct alarm alarm;	/* first: the state is found by it */
	struct guest *guest;
	struct lock lock;
	bool started;
	uint64_t position;
	/* Written by the top half while collecting, read by the bottom half while testing. */
	unsigned int phase;	/* atomic */
	unsigned int count;
	uint8_t samples[RNG_SAMPLES];
	/* Of the bottom half; atomic. */
	uint32_t tests;
	uint32_t failures;
	bool unhealthy;
};

static uint64_t next_number(struct guest *guest, struct rng_state *state)
{
	uint64_t interrupts = lock_take(&state->lock);
	uint64_t number;

	if (!state->started) {
		state->position = guest->rng_seed ? guest->rng_seed : arch_ticks();
		state->started = true;
	}
	state->position += 0x9e3779b97f4a7c15ULL;
	number = state->position;
	lock_release(&state->lock, interrupts);
	number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
	number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
	return number ^ number >> 31;
}

static uint8_t next_sample(struct rng_state *state)
{
	uint64_t argument;

	if (fault_take(&state->guest->faults, SIM_FAULT_RNG_STUCK, &argument))
		return (uint8_t)argument;
	return (uint8_t)next_number(state->guest, state);
}

static void rng_top_half(struct alarm *alarm)
{
	struct rng_state *state = (struct rng_state *)alarm;
	unsigned int n;

	for (n = 0; n < SAMPLES_AT_ONCE && state->count < RNG_SAMPLES; n++)
		state->samples[state->count++] = next_sample(state);
	if (state->count < RNG_SAMPLES) {
		alarm_set(alarm, SAMPLE_MICROSECONDS);
		return;
	}
	__atomic_store_n(&state->phase, RNG_FULL, __ATOMIC_RELEASE);
	notif_post(state->guest, NOTIF_BOTTOM_HALF);
}

static bool repetition_count_is_good(const uint8_t *samples, unsigned int count)
{
	unsigned int n, same = 1;

	for (n = 1; n < count; n++) {
		same = samples[n] == samples[n - 1] ? same + 1 : 1;
		if (same >= RNG_REPETITIONS)
			return false;
	}
	return true;
}

static void rng_bottom_half(struct message *message, void *data)
{
	struct rng_state *state = data;
	unsigned int full = RNG_FULL;
	bool good;

	(void)message;
	/* Nothing keeps the normal world from running two of these at once. */
	if (!__atomic_compare_exchange_n(&state->phase, &full, RNG_TESTING, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return;
	good = repetition_count_is_good(state->samples, RNG_SAMPLES);
	if (!good) {
		log_limited("rng: the health test failed");
		__atomic_fetch_add(&state->failures, 1, __ATOMIC_RELAXED);
	}
	WRITE_ONCE(state->unhealthy, !good);
	__atomic_fetch_add(&state->tests, 1, __ATOMIC_RELEASE);
	__atomic_store_n(&state->phase, RNG_IDLE, __ATOMIC_RELEASE);
}

static uint32_t collect(struct app_call *call)
{
	struct rng_state *state = call->state;
	unsigned int idle = RNG_IDLE;

	if (!notif_enabled(call->guest))
		return TEE_ERROR_NOT_SUPPORTED;
	if (!__atomic_compare_exchange_n(&state->phase, &idle, RNG_COLLECTING,
					 false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return TEE_ERROR_BUSY;
	state->guest = call->guest;
	state->count = 0;
	state->alarm.ring = rng_top_half;
	alarm_set(&state->alarm, SAMPLE_MICROSECONDS);
	return TEE_SUCCESS;
}

static uint32_t get_entropy(struct app_call *call)
{
	struct app_memref *out = &call->params[0].memref;
	struct faults *faults = &call->guest->faults;
	struct rng_state *state = call->state;
	uint64_t offset, number, length, argument;
	bool lie;

	if (!out->shm)
		return TEE_ERROR_BAD_PARAMETERS;
	if (READ_ONCE(state->unhealthy))
		return RNG_ERROR_HEALTH;
	lie = fault_take(faults, SIM_FAULT_RNG_SIZE, &argument);
	if (!lie && fault_take(faults, SIM_FAULT_RNG_RESULT, &argument))
		return (uint32_t)argument;
	for (offset = 0; offset < out->room; offset += length) {
		number = next_number(call->guest, call->state);
		length = out->room - offset;
		if (length > sizeof(number))
			length = sizeof(number);
		memref_write(out, offset, &number, length);
	}
	out->size = lie ? argument : out->room;
	return TEE_SUCCESS;
}

static uint32_t rng_invoke(struct app_call *call, uint32_t command)
{
	struct rng_state *state = call->state;
	uint64_t argument;

	switch (command) {
	case RNG_CMD_GET_ENTROPY:
		if (!app_types_are(call, APP_MEMREF_INOUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return get_entropy(call);
	case RNG_CMD_GET_INFO:
		if (!app_types_are(call, APP_VALUE_OUTPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		if (fault_take(&call->guest->faults, SIM_FAULT_RNG_RESULT, &argument))
			return (uint32_t)argument;
		call->params[0].value.a = OCTETS_A_SECOND;
		call->params[0].value.b = QUALITY;
		return TEE_SUCCESS;
	case RNG_CMD_COLLECT:
		if (!app_types_are(call, APP_NONE, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return collect(call);
	case RNG_CMD_HEALTH:
		if (!app_types_are(call, APP_VALUE_OUTPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		call->params[0].value.a = __atomic_load_n(&state->tests, __ATOMIC_ACQUIRE);
		call->params[0].value.b = __atomic_load_n(&state->failures, __ATOMIC_RELAXED);
		return TEE_SUCCESS;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_rng = {
	.name = "rng",
	.uuid = APP_RNG_UUID,
	.state_size = sizeof(struct rng_state),
	.invoke = rng_invoke,
	.bottom_half = rng_bottom_half,
};
