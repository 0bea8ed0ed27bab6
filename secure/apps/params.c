// SPDX-License-Identifier: BSD-2-Clause
/* params: works on parameters of every kind, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "tee_result.h"

static uint32_t sum_memref(const struct app_memref *memref)
{
	uint64_t offset = 0;
	uint32_t sum = 0;

	while (offset < memref->size) {
		uint64_t length = memref->size - offset, n;
		const uint8_t *piece = memref_piece(memref, offset, &length);

		for (n = 0; n < length; n++)
			sum += piece[n];
		offset += length;
	}
	return sum;
}

static void increment_memref(const struct app_memref *memref)
{
	uint64_t offset = 0;

	while (offset < memref->size) {
		uint64_t length = memref->size - offset, n;
		uint8_t *piece = memref_piece(memref, offset, &length);

		for (n = 0; n < length; n++)
			piece[n]++;
		offset += length;
	}
}

static void fill_memref(const struct app_memref *memref, unsigned int index)
{
	uint64_t offset = 0;

	while (offset < memref->size) {
		uint64_t length = memref->size - offset, n;
		uint8_t *piece = memref_piece(memref, offset, &length);

		for (n = 0; n < length; n++)
			piece[n] = (uint8_t)(offset + n + index);
		offset += length;
	}
}

static uint32_t transform(struct app_call *call)
{
	uint32_t sum = 0;
	unsigned int n;

	for (n = 0; n < APP_PARAMS; n++) {
		const struct app_param *param = &call->params[n];

		if (param->type == APP_VALUE_INPUT)
			sum += param->value.a + param->value.b;
		else if (param->type == APP_MEMREF_INPUT)
			sum += sum_memref(&param->memref);
	}
	for (n = 0; n < APP_PARAMS; n++) {
		struct app_param *param = &call->params[n];

		switch (param->type) {
		case APP_VALUE_INOUT:
			param->value.a = ~param->value.a;
			param->value.b = ~param->value.b;
			break;
		case APP_VALUE_OUTPUT:
			param->value.a = sum;
			param->value.b = n;
			break;
		case APP_MEMREF_INOUT:
			increment_memref(&param->memref);
			break;
		case APP_MEMREF_OUTPUT:
			fill_memref(&param->memref, n);
			break;
		default:
			break;
		}
	}
	return TEE_SUCCESS;
}

static uint32_t types(struct app_call *call)
{
	unsigned int n;

	if (call->params[3].type != APP_VALUE_OUTPUT)
		return TEE_ERROR_BAD_PARAMETERS;
	call->params[3].value.a = 0;
	call->params[3].value.b = 0;
	for (n = 0; n < APP_PARAMS; n++)
		call->params[3].value.a |= call->params[n].type << (4 * n);
	return TEE_SUCCESS;
}

static uint32_t sizes(struct app_call *call)
{
	if (call->params[0].type < APP_MEMREF_INPUT || call->params[1].type < APP_MEMREF_INPUT ||
	    call->params[2].type != APP_NONE || call->params[3].type != APP_VALUE_OUTPUT)
		return TEE_ERROR_BAD_PARAMETERS;
	call->params[3].value.a = (uint32_t)call->params[0].memref.size;
	call->params[3].value.b = (uint32_t)call->params[1].memref.size;
	return TEE_SUCCESS;
}

static uint32_t params_invoke(struct app_call *call, uint32_t command)
{
	switch (command) {
	case PARAMS_CMD_TRANSFORM:
		return transform(call);
	case PARAMS_CMD_TYPES:
		return types(call);
	case PARAMS_CMD_SIZES:
		return sizes(call);
	case PARAMS_CMD_SHORT:
		if (!app_types_are(call, APP_MEMREF_OUTPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		call->params[0].memref.size = 2 * call->params[0].memref.size + 1;
		return TEE_ERROR_SHORT_BUFFER;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_params = {
	.name = "params",
	.uuid = APP_PARAMS_UUID,
	.invoke = params_invoke,
};
