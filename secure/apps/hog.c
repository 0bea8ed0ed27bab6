// SPDX-License-Identifier: BSD-2-Clause
/* hog: holds threads, takes memory, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "arch.h"
#include "guest.h"
#include "rpc_kernel.h"
#include "rpc_memory.h"
#include "session.h"
#include "tee_result.h"

/* How long a thread stays in one RPC, unless it is told. */
#define MOMENT_MS	5

static uint64_t releases(struct guest *guest)
{
	return __atomic_load_n(&guest->releases, __ATOMIC_RELAXED);
}

static uint32_t hold(struct app_call *call)
{
	uint64_t end = arch_ticks() +
		       arch_ticks_per_second() / 1000 * call->params[0].value.a;
	uint32_t moment = call->params[0].value.b ? call->params[0].value.b : MOMENT_MS;
	uint64_t before = releases(call->guest);
	uint32_t ret;

	while (releases(call->guest) == before) {
		if (session_cancelled(call->session))
			return TEE_ERROR_CANCEL;
		if (arch_ticks() >= end)
			return TEE_ERROR_TIMEOUT;
		ret = rpc_suspend(call->message, moment);
		if (ret != TEE_SUCCESS)
			return ret;
	}
	return TEE_SUCCESS;
}

static uint8_t pattern(uint64_t offset)
{
	return (uint8_t)(offset ^ offset >> 8 ^ 0x5a);
}

/* Write or check all of it; false if it is not as it was written. Counts the pieces. */
static bool walk(const struct shm *shm, bool write, uint32_t *pieces)
{
	uint64_t offset = 0, length, n;

	for (*pieces = 0; offset < shm->size; offset += length, (*pieces)++) {
		uint8_t *piece;

		length = shm->size - offset;
		piece = shm_piece(shm, offset, &length);
		if (!piece)
			return false;
		for (n = 0; n < length; n++) {
			if (write)
				piece[n] = pattern(offset + n);
			else if (piece[n] != pattern(offset + n))
				return false;
		}
	}
	return true;
}

static uint32_t alloc(struct app_call *call)
{
	struct app_value *out = &call->params[1].value;
	struct rpc_memory memory;
	uint32_t ret;

	ret = rpc_memory_alloc(call->message, call->params[0].value.a, call->params[0].value.b,
			       &memory);
	if (ret != TEE_SUCCESS)
		return ret;
	out->a = (uint32_t)memory.shm->size;
	if (!walk(memory.shm, true, &out->b) || !walk(memory.shm, false, &out->b))
		ret = TEE_ERROR_CORRUPT_OBJECT;
	rpc_memory_free(call->message, &memory);
	return ret;
}

static uint32_t hog_invoke(struct app_call *call, uint32_t command)
{
	switch (command) {
	case HOG_CMD_HOLD:
		if (!app_types_are(call, APP_VALUE_INPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return hold(call);
	case HOG_CMD_RELEASE:
		if (!app_types_are(call, APP_NONE, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		__atomic_fetch_add(&call->guest->releases, 1, __ATOMIC_RELAXED);
		return TEE_SUCCESS;
	case HOG_CMD_ALLOC:
		if (!app_types_are(call, APP_VALUE_INPUT, APP_VALUE_OUTPUT, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return alloc(call);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_hog = {
	.name = "hog",
	.uuid = APP_HOG_UUID,
	.invoke = hog_invoke,
};
