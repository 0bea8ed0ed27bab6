// SPDX-License-Identifier: BSD-2-Clause
#include "rpc.h"
#include "event.h"
#include "guest.h"
#include "optee_smc.h"
#include "rpc_spoil.h"
#include "string.h"
#include "tee_result.h"

static uint64_t join(uint64_t high, uint64_t low)
{
	return high << 32 | (uint32_t)low;
}

void rpc_free(struct thread *thread, uint64_t cookie)
{
	thread_rpc(thread, OPTEE_SMC_RPC_FREE, cookie >> 32, (uint32_t)cookie);
}

bool rpc_alloc(struct guest *guest, struct thread *thread, uint64_t size, struct rpc_page *page)
{
	uint64_t address, cookie;

	thread_rpc(thread, OPTEE_SMC_RPC_ALLOC, size, 0);
	address = join(thread->in[1], thread->in[2]);
	cookie = join(thread->in[4], thread->in[5]);
	if (!address && !cookie)
		return false;
	if ((address & 7) || size > message_room(guest, address)) {
		refused(guest, "RPC memory at %lx, cookie %lx", (unsigned long)address,
			(unsigned long)cookie);
		if (cookie)
			rpc_free(thread, cookie);
		return false;
	}
	page->address = address;
	page->cookie = cookie;
	return true;
}

/* Where the RPC message goes; false if there is no room for one. */
static bool rpc_place(struct message *message, struct shm *page, shm_run_t *run,
		      struct shm **shm, uint64_t *offset, uint64_t *cookie)
{
	struct thread *thread = message->thread;

	if (message->rpc_behind) {
		*shm = message->shm;
		*offset = message->offset + OPTEE_MSG_ARG_SIZE(message->arg.num_params);
		*cookie = 0;
		return true;
	}
	if (!thread->rpc_page.address &&
	    !rpc_alloc(message->guest, thread, OPTEE_MSG_ARG_SIZE(MESSAGE_RPC_PARAMS),
		       &thread->rpc_page))
		return false;
	shm_init_run(page, run, thread->rpc_page.address,
		     OPTEE_MSG_ARG_SIZE(MESSAGE_RPC_PARAMS));
	*shm = page;
	*offset = 0;
	*cookie = thread->rpc_page.cookie;
	return true;
}

bool rpc_exchange(struct message *message, struct rpc_message *rpc)
{
	struct guest *guest = message->guest;
	unsigned int count = rpc->arg.num_params;
	uint64_t size = count * sizeof(rpc->params[0]);
	struct shm page, *shm;
	uint64_t offset, cookie;
	shm_run_t run;

	if (!rpc_place(message, &page, &run, &shm, &offset, &cookie))
		return false;
	rpc->arg.ret = TEE_ERROR_GENERIC;
	rpc_spoil(guest, rpc);
	fault_take(&guest->faults, SIM_FAULT_RPC_PLACE, &cookie);
	shm_write(shm, offset, &rpc->arg, sizeof(rpc->arg));
	shm_write(shm, offset + sizeof(rpc->arg), rpc->params, size);
	counter_add(guest, SIM_COUNTER_RPC_COMMANDS, 1);
	event_record(message->thread->index, SIM_EVENT_RPC, rpc->arg.cmd, 0, 0);
	thread_rpc(message->thread, OPTEE_SMC_RPC_CMD, cookie >> 32, (uint32_t)cookie);
	shm_read(shm, offset, &rpc->arg, sizeof(rpc->arg));
	shm_read(shm, offset + sizeof(rpc->arg), rpc->params, size);
	counter_set(guest, SIM_COUNTER_RPC_RESULT, rpc->arg.ret);
	return true;
}

uint32_t rpc_command(struct message *message, uint32_t command,
		     struct optee_msg_param *params, unsigned int count)
{
	struct rpc_message rpc = { .arg = { .cmd = command, .num_params = count } };
	unsigned int n;

	memcpy(rpc.params, params, count * sizeof(*params));
	if (!rpc_exchange(message, &rpc))
		return TEE_ERROR_OUT_OF_MEMORY;
	if (rpc.arg.num_params != count) {
		refused(message->guest, "RPC %u: %u parameters came back", command,
			rpc.arg.num_params);
		return TEE_ERROR_COMMUNICATION;
	}
	for (n = 0; n < count; n++) {
		if (rpc.params[n].attr == params[n].attr)
			continue;
		refused(message->guest, "RPC %u: attribute %lx came back", command,
			(unsigned long)rpc.params[n].attr);
		return TEE_ERROR_COMMUNICATION;
	}
	memcpy(params, rpc.params, count * sizeof(*params));
	return rpc.arg.ret;
}

void rpc_inject(struct message *message, uint64_t argument)
{
	struct rpc_message rpc = {
		.arg = { .cmd = (uint32_t)argument, .num_params = argument >> 32 },
	};
	unsigned int n;

	if (rpc.arg.num_params > MESSAGE_RPC_PARAMS)
		rpc.arg.num_params = MESSAGE_RPC_PARAMS;
	for (n = 0; n < rpc.arg.num_params; n++)
		rpc.params[n].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INOUT;
	rpc_exchange(message, &rpc);
}

void rpc_finish(struct guest *guest, struct thread *thread)
{
	uint64_t cookie = thread->rpc_page.cookie;

	/* The cache is switched only while no thread is in use, so not under us. */
	if (!thread->rpc_page.address || guest->threads.rpc_cache)
		return;
	memset(&thread->rpc_page, 0, sizeof(thread->rpc_page));
	rpc_free(thread, cookie);
}
