// SPDX-License-Identifier: BSD-2-Clause
/* sleeper: has the normal world's kernel do the waiting, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "rpc_kernel.h"
#include "tee_result.h"

static uint32_t tell_time(struct app_call *call)
{
	uint32_t nanoseconds = 0, ret;
	uint64_t seconds = 0;

	ret = rpc_get_time(call->message, &seconds, &nanoseconds);
	call->params[0].value.a = (uint32_t)seconds;
	call->params[0].value.b = nanoseconds;
	return ret;
}

static uint32_t sleeper_invoke(struct app_call *call, uint32_t command)
{
	const struct app_value *value = &call->params[0].value;
	unsigned int type = command == SLEEPER_CMD_TIME ? APP_VALUE_OUTPUT : APP_VALUE_INPUT;

	if (command > SLEEPER_CMD_TIME)
		return TEE_ERROR_NOT_SUPPORTED;
	if (!app_types_are(call, type, APP_NONE, APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	switch (command) {
	case SLEEPER_CMD_SUSPEND:
		return rpc_suspend(call->message, value->a);
	case SLEEPER_CMD_WAIT:
		return rpc_notification_wait(call->message, value->a, value->b);
	case SLEEPER_CMD_SEND:
		return rpc_notification_send(call->message, value->a);
	default:
		return tell_time(call);
	}
}

const struct app app_sleeper = {
	.name = "sleeper",
	.uuid = APP_SLEEPER_UUID,
	.invoke = sleeper_invoke,
};
