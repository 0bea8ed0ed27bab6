// SPDX-License-Identifier: BSD-2-Clause
/* panicker: panics, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "arch.h"
#include "session.h"
#include "tee_result.h"

static uint32_t panicker_open(struct app_call *call)
{
	if (app_types_are(call, APP_NONE, APP_NONE, APP_NONE, APP_NONE))
		return TEE_SUCCESS;
	if (!app_types_are(call, APP_VALUE_INPUT, APP_NONE, APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	if (call->params[0].value.a == 1)
		app_panic(call);
	return TEE_SUCCESS;
}

static void spin(const struct app_call *call)
{
	uint64_t end = arch_ticks() +
		       arch_ticks_per_second() / 1000 * call->params[0].value.a;

	while (arch_ticks() < end && !session_dead(call->guest, call->session))
		arch_relax();
}

static uint32_t panicker_invoke(struct app_call *call, uint32_t command)
{
	unsigned int type = command == PANICKER_CMD_SPIN ? APP_VALUE_INPUT : APP_NONE;

	if (command > PANICKER_CMD_SPIN)
		return TEE_ERROR_NOT_SUPPORTED;
	if (!app_types_are(call, type, APP_NONE, APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	if (command == PANICKER_CMD_PANIC)
		app_panic(call);
	else if (command == PANICKER_CMD_SPIN)
		spin(call);
	return TEE_SUCCESS;
}

const struct app app_panicker = {
	.name = "panicker",
	.uuid = APP_PANICKER_UUID,
	.open = panicker_open,
	.invoke = panicker_invoke,
};
