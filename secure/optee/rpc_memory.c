// SPDX-License-Identifier: BSD-2-Clause
#include "rpc_memory.h"
#include "ffa_mem.h"
#include "guest.h"
#include "optee_rpc.h"
#include "rpc.h"
#include "tee_result.h"

#define ATTR_LIST	(OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG)
#define RMEM_TO_TMEM	(OPTEE_MSG_ATTR_TYPE_TMEM_INPUT - OPTEE_MSG_ATTR_TYPE_RMEM_INPUT)

static void give_back(struct message *message, uint32_t type, uint64_t cookie)
{
	struct optee_msg_param param = {
		.attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT,
		.u.value = { .a = type, .b = cookie },
	};

	/* Whatever the answer is: there is nothing to be done about it. */
	rpc_command(message, OPTEE_RPC_CMD_SHM_FREE, &param, 1);
}

/* The memory that an answer names; @address as in struct rpc_memory. */
static uint32_t take(struct guest *guest, const struct optee_msg_param *param,
		     uint64_t size, struct shm **shm, uint64_t *address)
{
	uint64_t start = param->u.tmem.buf_ptr;

	if (guest->ffa) {
		*address = 0;
		if (param->attr != OPTEE_MSG_ATTR_TYPE_FMEM_OUTPUT || param->u.fmem.size < size ||
		    param->u.fmem.offs_low || param->u.fmem.offs_high)
			return TEE_ERROR_BAD_PARAMETERS;
		return optee_ffa_take(guest, param->u.fmem.global_id,
				      param->u.fmem.internal_offs, param->u.fmem.size, shm);
	}
	if (!param->u.tmem.shm_ref || param->u.tmem.size < size)
		return TEE_ERROR_BAD_PARAMETERS;
	if (param->attr == ATTR_LIST) {
		*address = 0;
		return shm_from_page_list(guest, start, param->u.tmem.size, shm);
	}
	if (param->attr != OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT || !start ||
	    !nsmem_contains(&guest->static_shm, start, param->u.tmem.size))
		return TEE_ERROR_BAD_PARAMETERS;
	*address = start;
	return shm_from_range(guest, start, param->u.tmem.size, shm);
}

/* Whether an answer of this kind names a cookie at all. */
static bool names_memory(const struct optee_msg_param *param)
{
	uint64_t type = param->attr & OPTEE_MSG_ATTR_TYPE_MASK;

	return type >= OPTEE_MSG_ATTR_TYPE_RMEM_INPUT && type <= OPTEE_MSG_ATTR_TYPE_TMEM_INOUT &&
	       param->u.tmem.shm_ref;
}

uint32_t rpc_memory_alloc(struct message *message, uint32_t type, uint64_t size,
			  struct rpc_memory *memory)
{
	struct guest *guest = message->guest;
	struct rpc_message rpc = {
		.arg = { .cmd = OPTEE_RPC_CMD_SHM_ALLOC, .num_params = 1 },
		.params[0] = {
			.attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT,
			.u.value = { .a = type, .b = size },
		},
	};
	const struct optee_msg_param *param = &rpc.params[0];

	/* Nobody may lend nothing. */
	if (!size)
		return TEE_ERROR_BAD_PARAMETERS;
	if (!rpc_exchange(message, &rpc))
		return TEE_ERROR_OUT_OF_MEMORY;
	if (rpc.arg.ret != TEE_SUCCESS)
		return rpc.arg.ret;
	if (rpc.arg.num_params == 1 &&
	    take(guest, param, size, &memory->shm, &memory->address) == TEE_SUCCESS) {
		memory->shm->cookie = param->u.tmem.shm_ref;
		memory->type = type;
		memory->ffa = guest->ffa;
		counter_add(guest, SIM_COUNTER_RPC_MEMORY, 1);
		return TEE_SUCCESS;
	}
	refused(guest, "SHM_ALLOC: %u parameters, attribute %lx, %lx octets of %lx at %lx",
		rpc.arg.num_params, (unsigned long)param->attr,
		(unsigned long)param->u.tmem.size, (unsigned long)size,
		(unsigned long)param->u.tmem.buf_ptr);
	if (names_memory(param))
		give_back(message, type, param->u.tmem.shm_ref);
	return TEE_ERROR_OUT_OF_MEMORY;
}

void rpc_memory_free(struct message *message, struct rpc_memory *memory)
{
	uint64_t cookie = memory->shm->cookie;

	/* Nothing here points at it any more when the other side hears of it. */
	shm_put(message->guest, memory->shm);
	memory->shm = NULL;
	if (message->guest->ffa)
		optee_ffa_drop(message->guest, cookie);
	counter_add(message->guest, SIM_COUNTER_RPC_MEMORY, -1);
	give_back(message, memory->type, cookie);
}

struct optee_msg_param rpc_memory_param(const struct rpc_memory *memory, uint64_t attr,
					uint64_t offset, uint64_t size)
{
	struct optee_msg_param param = { .attr = attr };

	if (memory->address) {
		param.attr = attr + RMEM_TO_TMEM;
		param.u.tmem.buf_ptr = memory->address + offset;
		param.u.tmem.size = size;
		param.u.tmem.shm_ref = memory->shm->cookie;
	} else if (memory->ffa) {
		param.u.fmem.offs_low = (uint32_t)offset;
		param.u.fmem.offs_high = (uint16_t)(offset >> 32);
		param.u.fmem.internal_offs = (uint16_t)memory->shm->offset;
		param.u.fmem.size = size;
		param.u.fmem.global_id = memory->shm->cookie;
	} else {
		param.u.rmem.offs = offset;
		param.u.rmem.size = size;
		param.u.rmem.shm_ref = memory->shm->cookie;
	}
	return param;
}

struct optee_msg_param rpc_null_param(const struct message *message, uint64_t attr)
{
	if (message->guest->ffa)
		return (struct optee_msg_param){
			.attr = attr,
			.u.fmem.global_id = FFA_HANDLE_INVALID,
		};
	return (struct optee_msg_param){ .attr = attr + RMEM_TO_TMEM };
}
