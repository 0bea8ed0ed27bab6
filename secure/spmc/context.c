// SPDX-License-Identifier: BSD-2-Clause
#include "context.h"
#include "arch.h"
#include "direct.h"
#include "guest.h"
#include "panic.h"
#include "share.h"
#include "string.h"

/* Off the CPU, for a reason. Masked, as an interrupt would be a reason, too. */
static void leave(struct partition *partition, enum partition_exit exit)
{
	uint64_t interrupts = arch_interrupts_mask();

	partition->exit = exit;
	thread_leave(&partition->thread, false);
	arch_interrupts_restore(interrupts);
}

static void preempted(struct thread *thread)
{
	struct partition *partition = (struct partition *)
		((uint8_t *)thread - offsetof(struct partition, thread));

	thread->preemptions++;
	leave(partition, PARTITION_EXIT_PREEMPTED);
}

bool context_init(struct partition *partition)
{
	partition->thread.preempt = preempted;
	return thread_init(&partition->thread, partition->spmc->guest, arch_stack_alloc());
}

static void partition_main(struct thread *thread)
{
	struct partition *partition = (struct partition *)
		((uint8_t *)thread - offsetof(struct partition, thread));

	/* A test's: before it does anything. */
	while (partition->request != FFA_RUN_32 && !partition->caller &&
	       fault_take(&partition->spmc->guest->faults, SIM_FAULT_FFA_YIELD, NULL))
		partition_yield(partition, 1000000);
	if (partition->request == FFA_RUN_32)
		partition->about->run(partition);
	else
		partition->about->request(partition, &partition->message);
	/* The thread's end, which unmasks nothing. */
	arch_interrupts_mask();
	partition->exit = PARTITION_EXIT_ANSWER;
}

static void set_state(struct partition *partition, enum partition_state state)
{
	struct spmc *spmc = partition->spmc;
	uint64_t interrupts = lock_take(&spmc->lock);

	partition->cpu = arch_this_cpu()->index;
	partition->state = state;
	lock_release(&spmc->lock, interrupts);
}

int32_t context_claim(struct partition *partition)
{
	struct spmc *spmc = partition->spmc;
	int32_t status = FFA_BUSY;
	uint64_t interrupts;

	interrupts = lock_take(&spmc->lock);
	if (partition->state == PARTITION_ABORTED) {
		status = FFA_ABORTED;
	} else if (partition->state == PARTITION_WAITING) {
		partition->state = PARTITION_RUNNING;
		status = FFA_OK;
	}
	lock_release(&spmc->lock, interrupts);
	return status;
}

void context_begin(struct partition *partition)
{
	thread_begin(&partition->thread, partition_main);
	partition->thread.preemptions = 0;
}

/* A partition asked another one: which of the two goes on. */
static struct partition *begin_request(struct partition *asker)
{
	struct partition *target;

	asker->out_status = direct_check(asker->spmc, &asker->endpoint, asker->target, asker->out,
					 &target);
	if (asker->out_status != FFA_OK)
		return asker;
	target->caller = asker;
	target->message = *asker->out;
	target->request = asker->out->kind == PARTITION_MESSAGE_REQ2 ?
		FFA_MSG_SEND_DIRECT_REQ2_64 : FFA_MSG_SEND_DIRECT_REQ_64;
	context_begin(target);
	set_state(asker, PARTITION_BLOCKED);
	return target;
}

/* It will never touch it again. */
static void give_memory_back(struct partition *partition)
{
	struct spmc *spmc = partition->spmc;
	uint64_t interrupts = lock_take(&spmc->lock);

	shares_leave(spmc, partition->endpoint.id);
	partition->endpoint.buffers.rx_full = false;
	lock_release(&spmc->lock, interrupts);
}

/* It has answered, or never will: the one that goes on with that, or NULL: the normal world. */
static struct partition *end_request(struct partition *partition, int32_t status)
{
	struct partition *asker = partition->caller;

	if (asker) {
		asker->out_status = status;
		if (status == FFA_OK)
			*asker->out = partition->message;
	}
	if (status != FFA_OK)
		give_memory_back(partition);
	set_state(partition, status == FFA_OK ? PARTITION_WAITING : PARTITION_ABORTED);
	if (asker)
		set_state(asker, PARTITION_RUNNING);
	return asker;
}

void context_run(struct partition *partition, struct ffa_call *call)
{
	struct spmc *spmc = partition->spmc;
	struct partition *next, *left;
	uint64_t target;

	for (;;) {
		thread_enter(&partition->thread);
		left = partition;
		target = (uint64_t)partition->endpoint.id << 16;
		switch (partition->exit) {
		case PARTITION_EXIT_ANSWER:
			/* Before it waits: it is somebody else's from then on. */
			if (!partition->caller)
				direct_answer(partition, call);
			next = end_request(left, FFA_OK);
			break;
		case PARTITION_EXIT_ABORT:
			if (!partition->caller)
				ffa_error(call, FFA_ABORTED);
			next = end_request(left, FFA_ABORTED);
			break;
		case PARTITION_EXIT_REQUEST:
			next = begin_request(partition);
			break;
		case PARTITION_EXIT_YIELD:
			counter_add(spmc->guest, SIM_COUNTER_FFA_YIELDS, 1);
			ffa_reply(call, FFA_YIELD_32, target, (uint32_t)partition->timeout,
				  partition->timeout >> 32);
			set_state(left, PARTITION_YIELDED);
			return;
		case PARTITION_EXIT_PREEMPTED:
			counter_add(spmc->guest, SIM_COUNTER_FFA_INTERRUPTS, 1);
			ffa_reply(call, FFA_INTERRUPT_32, target, 0, 0);
			set_state(left, PARTITION_PREEMPTED);
			return;
		default:
			panic("partition %x left for no reason", partition->endpoint.id);
		}
		if (!next)
			return;
		partition = next;
	}
}

void partition_yield(struct partition *partition, uint64_t nanoseconds)
{
	partition->timeout = nanoseconds;
	leave(partition, PARTITION_EXIT_YIELD);
}

int32_t partition_request(struct partition *partition, uint16_t receiver,
			  struct partition_message *message)
{
	partition->target = receiver;
	partition->out = message;
	leave(partition, PARTITION_EXIT_REQUEST);
	return partition->out_status;
}

void partition_abort(struct partition *partition, const char *why)
{
	log_line("ffa: partition %x (%s) is broken: %s", partition->endpoint.id,
		 partition->about->name, why);
	for (;;)
		leave(partition, PARTITION_EXIT_ABORT);
}

uint64_t partition_preemptions(const struct partition *partition)
{
	return partition->thread.preemptions;
}
