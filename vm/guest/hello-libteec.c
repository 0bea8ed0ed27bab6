// SPDX-License-Identifier: BSD-2-Clause
/*
 * The least GlobalPlatform client: sends a pair of values to the echo application and checks
 * that they come back. It knows libteec only, nothing of ours but the application's UUID.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tee_client_api.h>

#include "apps.h"

#define VALUE_A		0x6f6d6e69
#define VALUE_B		0x74656521

static TEEC_UUID uuid_from_octets(const uint8_t octets[16])
{
	TEEC_UUID uuid = {
		.timeLow = (uint32_t)octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3],
		.timeMid = octets[4] << 8 | octets[5],
		.timeHiAndVersion = octets[6] << 8 | octets[7],
	};

	memcpy(uuid.clockSeqAndNode, octets + 8, sizeof(uuid.clockSeqAndNode));
	return uuid;
}

static TEEC_Result complain(const char *what, TEEC_Result result, uint32_t origin)
{
	if (result != TEEC_SUCCESS)
		fprintf(stderr, "hello-libteec: %s: result 0x%08" PRIx32 ", origin %" PRIu32 "\n",
			what, result, origin);
	return result;
}

static TEEC_Result say_hello(TEEC_Session *session)
{
	uint32_t origin = 0;
	TEEC_Operation operation = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE,
					       TEEC_NONE),
		.params[0].value = { .a = VALUE_A, .b = VALUE_B },
	};
	TEEC_Result result = TEEC_InvokeCommand(session, ECHO_CMD_VALUE, &operation, &origin);

	if (complain("TEEC_InvokeCommand", result, origin) != TEEC_SUCCESS)
		return result;
	if (operation.params[1].value.a != VALUE_A || operation.params[1].value.b != VALUE_B) {
		fprintf(stderr, "hello-libteec: other values came back\n");
		return TEEC_ERROR_GENERIC;
	}
	printf("libteec: sent 0x%x 0x%x to the echo application, got them back\n",
	       VALUE_A, VALUE_B);
	return TEEC_SUCCESS;
}

int main(void)
{
	static const uint8_t octets[16] = APP_ECHO_UUID;
	TEEC_UUID uuid = uuid_from_octets(octets);
	TEEC_Context context;
	TEEC_Session session;
	uint32_t origin = TEEC_ORIGIN_API;
	TEEC_Result result;

	result = complain("TEEC_InitializeContext", TEEC_InitializeContext(NULL, &context), origin);
	if (result != TEEC_SUCCESS)
		return 1;
	result = TEEC_OpenSession(&context, &session, &uuid, TEEC_LOGIN_PUBLIC, NULL, NULL,
				  &origin);
	if (complain("TEEC_OpenSession", result, origin) == TEEC_SUCCESS) {
		result = say_hello(&session);
		TEEC_CloseSession(&session);
	}
	TEEC_FinalizeContext(&context);
	return result == TEEC_SUCCESS ? 0 : 1;
}
