// SPDX-License-Identifier: BSD-2-Clause
/* system-service: regulators that others depend on, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "lock.h"
#include "tee_result.h"

struct service_state {
	struct lock lock;
	uint32_t users[SYSTEM_SERVICE_REGULATORS];
};

/* What it was asked to change by; TEE_ERROR_BAD_STATE if nobody had it on. */
static uint32_t change(struct service_state *state, uint32_t number, bool enable, uint32_t *users)
{
	uint32_t ret = TEE_SUCCESS;
	uint64_t interrupts;

	interrupts = lock_take(&state->lock);
	if (enable)
		state->users[number]++;
	else if (state->users[number])
		state->users[number]--;
	else
		ret = TEE_ERROR_BAD_STATE;
	*users = state->users[number];
	lock_release(&state->lock, interrupts);
	return ret;
}

static uint32_t service_invoke(struct app_call *call, uint32_t command)
{
	uint32_t number = call->params[0].value.a;
	struct app_value *out = &call->params[1].value;

	if (!app_types_are(call, APP_VALUE_INPUT, APP_VALUE_OUTPUT, APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	if (number >= SYSTEM_SERVICE_REGULATORS)
		return TEE_ERROR_ITEM_NOT_FOUND;
	switch (command) {
	case SYSTEM_SERVICE_CMD_ENABLE:
	case SYSTEM_SERVICE_CMD_DISABLE:
		return change(call->state, number, command == SYSTEM_SERVICE_CMD_ENABLE, &out->a);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_system_service = {
	.name = "system-service",
	.uuid = APP_SYSTEM_SERVICE_UUID,
	.state_size = sizeof(struct service_state),
	.invoke = service_invoke,
};
