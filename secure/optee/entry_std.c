// SPDX-License-Identifier: BSD-2-Clause
/* Yielding calls: where the message lies, and the answer. */
#include "entry.h"
#include "event.h"
#include "guest.h"
#include "message.h"
#include "optee_smc.h"
#include "rpc.h"
#include "system.h"

#define PAGE_SIZE	OPTEE_MSG_PAGE_SIZE

static void enter(struct guest *guest, struct smc_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[0];
	uint64_t cookie;

	if (SMCCC_IS_FAST(id))
		optee_fast_call(guest, regs);
	else if (id == OPTEE_SMC_RETURN_FROM_RPC)
		thread_resume(guest, regs);
	else if (system_v2_call(guest, regs))
		return;
	else if (system_call(guest, regs, &cookie))
		thread_start(guest, regs, &cookie, optee_yielding_call);
	else
		thread_start(guest, regs, NULL, optee_yielding_call);
}

/* What a caller of 32 bits cannot see, a caller of 64 bits must not look at. */
static void spoil_upper_halves(struct guest *guest, struct smc_regs *regs)
{
	uint64_t argument;
	unsigned int n;

	if (fault_take(&guest->faults, SIM_FAULT_UPPER_HALVES, &argument))
		for (n = 0; n < 4; n++)
			regs->x[n] = argument << 32 | (uint32_t)regs->x[n];
}

void optee_entry(struct guest *guest, struct smc_regs *regs)
{
	enter(guest, regs);
	spoil_upper_halves(guest, regs);
}

static uint32_t run_message(struct message *message, struct shm *shm, uint64_t offset)
{
	uint32_t status = message_read(message, shm, offset);
	uint64_t argument;

	if (status != OPTEE_SMC_RETURN_OK)
		return status;
	/* Instead of the command, so that it leaves nothing behind. */
	if (fault_take(&message->guest->faults, SIM_FAULT_CALL_STATUS, &argument))
		return (uint32_t)argument;
	event_record(message->thread->index, SIM_EVENT_COMMAND, message->arg.cmd,
		     message->arg.session, message->arg.func);
	status = optee_command(message);
	event_record(message->thread->index, SIM_EVENT_RESULT, message->ret,
		     message->ret_origin, 0);
	return status;
}

static uint64_t register_pair(const struct thread *thread)
{
	return thread->in[1] << 32 | (uint32_t)thread->in[2];
}

/* A message in a page of its own or anywhere in static memory, named by its address. */
static uint32_t call_with_address(struct message *message)
{
	struct guest *guest = message->guest;
	uint64_t address = register_pair(message->thread);
	uint64_t room = message_room(guest, address);
	struct shm memory;
	shm_run_t run;

	if (!room) {
		refused(guest, "message at %lx: not a page of the normal world",
			(unsigned long)address);
		return OPTEE_SMC_RETURN_EBADADDR;
	}
	shm_init_run(&memory, &run, address, room);
	return run_message(message, &memory, 0);
}

/* A message somewhere in registered memory. */
static uint32_t call_with_cookie(struct message *message)
{
	struct guest *guest = message->guest;
	uint64_t cookie = register_pair(message->thread);
	uint64_t offset = (uint32_t)message->thread->in[3];
	struct shm *shm = guest->ffa ? optee_ffa_shm(guest, cookie) : shm_get(guest, cookie);
	uint32_t status;

	if (!shm) {
		refused(guest, "message: cookie %lx is unknown", (unsigned long)cookie);
		return OPTEE_SMC_RETURN_EBADADDR;
	}
	status = run_message(message, shm, offset);
	shm_put(guest, shm);
	return status;
}

void optee_yielding_call(struct thread *thread)
{
	struct message message = { .guest = thread->guest, .thread = thread };
	uint32_t id = (uint32_t)thread->in[0];
	uint32_t status;
	unsigned int n;

	switch (id) {
	case OPTEE_SMC_CALL_WITH_ARG:
		status = call_with_address(&message);
		break;
	case OPTEE_SMC_CALL_WITH_RPC_ARG:
		message.rpc_behind = true;
		status = call_with_address(&message);
		break;
	case OPTEE_SMC_CALL_WITH_REGD_ARG:
		message.rpc_behind = true;
		status = call_with_cookie(&message);
		break;
	default:
		refused(thread->guest, "yielding call %x is unknown", id);
		status = OPTEE_SMC_RETURN_EBADCMD;
	}
	rpc_finish(thread->guest, thread);
	/* Interrupts use these, too, on their way out; the last word is the call's. */
	arch_interrupts_mask();
	thread->out[0] = status;
	for (n = 1; n < 4; n++)
		thread->out[n] = 0;
}
