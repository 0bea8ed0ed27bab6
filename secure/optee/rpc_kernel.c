// SPDX-License-Identifier: BSD-2-Clause
#include "rpc_kernel.h"
#include "guest.h"
#include "optee_rpc.h"
#include "rpc.h"
#include "tee_result.h"

#define NANOSECONDS	1000000000

uint32_t rpc_get_time(struct message *message, uint64_t *seconds, uint32_t *nanoseconds)
{
	struct optee_msg_param param = { .attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT };
	uint32_t ret = rpc_command(message, OPTEE_RPC_CMD_GET_TIME, &param, 1);

	if (ret != TEE_SUCCESS)
		return ret;
	if (param.u.value.b >= NANOSECONDS) {
		refused(message->guest, "GET_TIME: %lu ns", (unsigned long)param.u.value.b);
		return TEE_ERROR_COMMUNICATION;
	}
	*seconds = param.u.value.a;
	*nanoseconds = (uint32_t)param.u.value.b;
	return TEE_SUCCESS;
}

static uint32_t values_in(struct message *message, uint32_t command, uint64_t a, uint64_t b,
			  uint64_t c)
{
	struct optee_msg_param param = {
		.attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT,
		.u.value = { .a = a, .b = b, .c = c },
	};

	return rpc_command(message, command, &param, 1);
}

uint32_t rpc_suspend(struct message *message, uint32_t milliseconds)
{
	return values_in(message, OPTEE_RPC_CMD_SUSPEND, milliseconds, 0, 0);
}

uint32_t rpc_notification_wait(struct message *message, uint32_t value, uint32_t milliseconds)
{
	return values_in(message, OPTEE_RPC_CMD_NOTIFICATION, OPTEE_RPC_NOTIFICATION_WAIT, value,
			 milliseconds);
}

uint32_t rpc_notification_send(struct message *message, uint32_t value)
{
	return values_in(message, OPTEE_RPC_CMD_NOTIFICATION, OPTEE_RPC_NOTIFICATION_SEND, value,
			 0);
}
