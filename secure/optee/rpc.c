// SPDX-License-Identifier: BSD-2-Clause
#include "rpc.h"
#include "guest.h"
#include "optee_smc.h"
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
	if ((address & (OPTEE_MSG_PAGE_SIZE - 1)) || size > OPTEE_MSG_PAGE_SIZE ||
	    !nsmem_contains(&guest->memory, address, OPTEE_MSG_PAGE_SIZE)) {
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
	shm_init_run(page, run, thread->rpc_page.address, OPTEE_MSG_PAGE_SIZE);
	*shm = page;
	*offset = 0;
	*cookie = thread->rpc_page.cookie;
	return true;
}

uint32_t rpc_command(struct message *message, uint32_t command,
		     struct optee_msg_param *params, unsigned int count)
{
	struct optee_msg_arg arg = {
		.cmd = command,
		.ret = TEE_ERROR_GENERIC,
		.num_params = count,
	};
	uint64_t size = count * sizeof(*params);
	struct shm page, *shm;
	uint64_t offset, cookie;
	shm_run_t run;

	if (!rpc_place(message, &page, &run, &shm, &offset, &cookie))
		return TEE_ERROR_OUT_OF_MEMORY;
	shm_write(shm, offset, &arg, sizeof(arg));
	shm_write(shm, offset + sizeof(arg), params, size);
	thread_rpc(message->thread, OPTEE_SMC_RPC_CMD, cookie >> 32, (uint32_t)cookie);
	shm_read(shm, offset, &arg, sizeof(arg));
	if (arg.num_params != count) {
		refused(message->guest, "RPC %u: %u parameters came back", command,
			arg.num_params);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	shm_read(shm, offset + sizeof(arg), params, size);
	return arg.ret;
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
