// SPDX-License-Identifier: BSD-2-Clause
#include "rpc_spoil.h"
#include "guest.h"
#include "optee_rpc.h"

static struct optee_msg_param *first_memref(struct rpc_message *rpc)
{
	unsigned int n;

	for (n = 0; n < rpc->arg.num_params; n++)
		if ((rpc->params[n].attr & OPTEE_MSG_ATTR_TYPE_MASK) >=
		    OPTEE_MSG_ATTR_TYPE_RMEM_INPUT)
			return &rpc->params[n];
	return NULL;
}

static void spoil_memory(struct faults *faults, struct rpc_message *rpc)
{
	struct optee_msg_param_value *value = &rpc->params[0].u.value;
	bool alloc = rpc->arg.cmd == OPTEE_RPC_CMD_SHM_ALLOC;
	uint64_t argument;

	if (fault_take(faults, SIM_FAULT_RPC_SHM_TYPE, &argument))
		value->a = argument;
	if (alloc && fault_take(faults, SIM_FAULT_RPC_SHM_SIZE, &argument))
		value->b = argument;
	if (!alloc && fault_take(faults, SIM_FAULT_RPC_SHM_COOKIE, &argument))
		value->b = argument;
}

void rpc_spoil(struct guest *guest, struct rpc_message *rpc)
{
	struct faults *faults = &guest->faults;
	struct optee_msg_param *memref = first_memref(rpc);
	uint64_t argument;

	if (rpc->arg.num_params && (rpc->arg.cmd == OPTEE_RPC_CMD_SHM_ALLOC ||
				    rpc->arg.cmd == OPTEE_RPC_CMD_SHM_FREE))
		spoil_memory(faults, rpc);
	/* Size and cookie are at the same place in all kinds. */
	if (memref) {
		if (fault_take(faults, SIM_FAULT_RPC_MEMREF_SIZE, &argument))
			memref->u.rmem.size = argument;
		if (fault_take(faults, SIM_FAULT_RPC_MEMREF_OFFSET, &argument))
			memref->u.rmem.offs = argument;
		if (fault_take(faults, SIM_FAULT_RPC_MEMREF_COOKIE, &argument))
			memref->u.rmem.shm_ref = argument;
	}
	if (rpc->arg.num_params && fault_take(faults, SIM_FAULT_RPC_ATTR, &argument))
		rpc->params[0].attr ^= argument;
	if (fault_take(faults, SIM_FAULT_RPC_NUM_PARAMS, &argument))
		rpc->arg.num_params = (uint32_t)argument;
	if (fault_take(faults, SIM_FAULT_RPC_COMMAND, &argument))
		rpc->arg.cmd = (uint32_t)argument;
}
