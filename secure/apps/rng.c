// SPDX-License-Identifier: BSD-2-Clause
/*
 * rng: OP-TEE's random number generator, see abi/apps.h. Only its interface is real:
 * numbers come from splitmix64 (Steele, Lea, Flood 2014), begun with the configuration's
 * rng-seed or with the time of the first request. They are NOT random.
 */
#include "app.h"
#include "apps.h"
#include "arch.h"
#include "guest.h"
#include "tee_result.h"

#define OCTETS_A_SECOND	(1 << 20)
#define QUALITY		1024

struct rng_state {
	struct lock lock;
	bool started;
	uint64_t position;
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

static uint32_t get_entropy(struct app_call *call)
{
	struct app_memref *out = &call->params[0].memref;
	uint64_t offset, number, length;

	if (!out->shm)
		return TEE_ERROR_BAD_PARAMETERS;
	for (offset = 0; offset < out->room; offset += length) {
		number = next_number(call->guest, call->state);
		length = out->room - offset;
		if (length > sizeof(number))
			length = sizeof(number);
		memref_write(out, offset, &number, length);
	}
	out->size = out->room;
	return TEE_SUCCESS;
}

static uint32_t rng_invoke(struct app_call *call, uint32_t command)
{
	switch (command) {
	case RNG_CMD_GET_ENTROPY:
		if (!app_types_are(call, APP_MEMREF_INOUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return get_entropy(call);
	case RNG_CMD_GET_INFO:
		if (!app_types_are(call, APP_VALUE_OUTPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		call->params[0].value.a = OCTETS_A_SECOND;
		call->params[0].value.b = QUALITY;
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
};
