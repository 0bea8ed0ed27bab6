// SPDX-License-Identifier: BSD-2-Clause
/* echo: gives back what it got, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "session.h"
#include "tee_result.h"

static uint32_t echo_memref(struct app_call *call)
{
	const struct app_memref *in = &call->params[0].memref;
	struct app_memref *out = &call->params[1].memref;
	uint64_t offset = 0;

	if (in->size > out->room) {
		out->size = in->size;
		return TEE_ERROR_SHORT_BUFFER;
	}
	while (offset < in->size) {
		uint64_t length = in->size - offset;
		const uint8_t *piece = memref_piece(in, offset, &length);

		memref_write(out, offset, piece, length);
		offset += length;
	}
	out->size = in->size;
	return TEE_SUCCESS;
}

static uint32_t echo_identity(struct app_call *call)
{
	struct app_memref *out = &call->params[1].memref;

	call->params[0].value.a = call->session->login;
	call->params[0].value.b = 0;
	out->size = sizeof(call->session->client);
	if (out->room < out->size)
		return TEE_ERROR_SHORT_BUFFER;
	memref_write(out, 0, call->session->client, out->size);
	return TEE_SUCCESS;
}

static uint32_t echo_invoke(struct app_call *call, uint32_t command)
{
	switch (command) {
	case ECHO_CMD_NOP:
		if (!app_types_are(call, APP_NONE, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return TEE_SUCCESS;
	case ECHO_CMD_VALUE:
		if (!app_types_are(call, APP_VALUE_INPUT, APP_VALUE_OUTPUT, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		call->params[1].value = call->params[0].value;
		return TEE_SUCCESS;
	case ECHO_CMD_MEMREF:
		if (!app_types_are(call, APP_MEMREF_INPUT, APP_MEMREF_OUTPUT, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return echo_memref(call);
	case ECHO_CMD_IDENTITY:
		if (!app_types_are(call, APP_VALUE_OUTPUT, APP_MEMREF_OUTPUT, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return echo_identity(call);
	case ECHO_CMD_RESULT:
		if (!app_types_are(call, APP_VALUE_INPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return call->params[0].value.a;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_echo = {
	.name = "echo",
	.uuid = APP_ECHO_UUID,
	.invoke = echo_invoke,
};
