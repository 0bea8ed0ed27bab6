// SPDX-License-Identifier: BSD-2-Clause
#include "load.h"
#include "apps.h"
#include "guest.h"
#include "optee_rpc.h"
#include "rpc.h"
#include "rpc_memory.h"
#include "string.h"
#include "tee_result.h"

/* The heap is not this large, and a page list has to fit. */
#define FILE_SIZE_MAX	(8UL << 20)
#define LOADABLE_OCTETS	15

bool load_wanted(const struct guest *guest, const uint8_t uuid[16])
{
	static const uint8_t loadable[16] = APP_LOADABLE_UUID(0);

	return guest->load_all || !memcmp(uuid, loadable, LOADABLE_OCTETS);
}

/* @memory is NULL to ask for the size. */
static uint32_t load(struct message *message, const uint8_t uuid[16],
		     const struct rpc_memory *memory, uint64_t *size)
{
	struct optee_msg_param params[2] = { { .attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT } };
	uint32_t ret;

	memcpy(params[0].u.octets, uuid, 16);
	params[1] = memory ?
		rpc_memory_param(memory, OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT, 0, *size) :
		rpc_null_param(message, OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT);
	ret = rpc_command(message, OPTEE_RPC_CMD_LOAD_TA, params, 2);
	*size = params[1].u.tmem.size;
	return ret;
}

/* The client only learns whether there is such an application. */
static uint32_t client_result(uint32_t ret)
{
	return ret == TEE_ERROR_COMMUNICATION ? TEE_ERROR_ITEM_NOT_FOUND : ret;
}

uint32_t load_app(struct message *message, const uint8_t uuid[16])
{
	struct guest *guest = message->guest;
	struct rpc_memory memory;
	uint64_t size, got;
	uint32_t ret;

	ret = load(message, uuid, NULL, &size);
	if (ret != TEE_SUCCESS)
		return client_result(ret);
	if (!size || size > FILE_SIZE_MAX) {
		refused(guest, "LOAD_TA: a file of %lu octets", (unsigned long)size);
		return size ? TEE_ERROR_OUT_OF_MEMORY : TEE_ERROR_SECURITY;
	}
	ret = rpc_memory_alloc(message, OPTEE_RPC_SHM_TYPE_APPL, size, &memory);
	if (ret != TEE_SUCCESS)
		return client_result(ret);
	got = size;
	ret = load(message, uuid, &memory, &got);
	rpc_memory_free(message, &memory);
	if (ret != TEE_SUCCESS)
		return client_result(ret);
	/* Whether another size comes now makes no difference: nothing of it is used. */
	refused(guest, "LOAD_TA: a file of %lu octets cannot be verified", (unsigned long)got);
	return TEE_ERROR_SECURITY;
}
