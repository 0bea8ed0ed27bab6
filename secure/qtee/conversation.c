// SPDX-License-Identifier: BSD-2-Clause
#include "conversation.h"
#include "compiler.h"
#include "cpu.h"
#include "event.h"
#include "guest.h"
#include "invocation.h"
#include "panic.h"
#include "qtee_state.h"
#include "waitq.h"

#define CANARY	0x716d6e697465652dULL

static struct conversation *of_thread(struct thread *thread)
{
	return (struct conversation *)((uint8_t *)thread - offsetof(struct conversation, thread));
}

static uint64_t *canary(struct conversation *conversation)
{
	return arch_stack_bottom(conversation->thread.stack_top);
}

void conversation_leave(struct conversation *conversation, unsigned int state, uint64_t x0,
			uint64_t x1, uint64_t x2)
{
	uint64_t interrupts = arch_interrupts_mask();

	/* Masked, as an interrupt would use the same registers for its own way out. */
	conversation->next_state = state;
	conversation->out[0] = x0;
	conversation->out[1] = x1;
	conversation->out[2] = x2;
	arch_context_switch(&conversation->thread.context, &arch_this_cpu()->context);
	/* Whoever was told that it is over does not come back to resume it. */
	if (!conversation->abandoned)
		arch_interrupts_restore(interrupts);
}

/* An interrupt of the normal world: it is asked to call again. */
static void preempt(struct thread *thread)
{
	struct conversation *conversation = of_thread(thread);

	counter_add(conversation->qtee->guest, SIM_COUNTER_QTEE_INTERRUPTED, 1);
	conversation_leave(conversation, CONVERSATION_INTERRUPTED, QTEE_SMC_INTERRUPTED, 0, 0);
}

/* What the kernel's loop around an SMC has to bear, at each of its beginnings. */
void conversation_tarry(struct conversation *conversation)
{
	struct guest *guest = conversation->qtee->guest;
	uint64_t microseconds;

	while (!conversation->abandoned && fault_take(&guest->faults, SIM_FAULT_QTEE_WAITQ,
						       &microseconds))
		waitq_sleep(conversation, microseconds);
	while (!conversation->abandoned && fault_take(&guest->faults, SIM_FAULT_QTEE_INTERRUPTED,
						       NULL)) {
		counter_add(guest, SIM_COUNTER_QTEE_INTERRUPTED, 1);
		conversation_leave(conversation, CONVERSATION_INTERRUPTED,
				   QTEE_SMC_INTERRUPTED, 0, 0);
	}
}

static void conversation_main(void *arg)
{
	struct conversation *conversation = arg;

	arch_interrupts_unmask();
	conversation_tarry(conversation);
	invocation_run(conversation);
	arch_interrupts_mask();
	conversation_leave(conversation, CONVERSATION_FREE, conversation->status,
			   conversation->response, conversation->result);
	panic("conversation %u: went on after its end", conversation->thread.index);
}

bool conversations_init(struct qtee *qtee, unsigned int count)
{
	unsigned int n;

	qtee->conversations = heap_alloc(&qtee->guest->heap, count * sizeof(*qtee->conversations));
	if (!qtee->conversations)
		return false;
	for (n = 0; n < count; n++) {
		struct conversation *conversation = &qtee->conversations[n];

		conversation->qtee = qtee;
		conversation->thread.index = n;
		conversation->thread.guest = qtee->guest;
		conversation->thread.preempt = preempt;
		conversation->thread.stack_top = arch_stack_alloc();
		if (!conversation->thread.stack_top)
			return false;
		*canary(conversation) = CANARY;
	}
	qtee->count = count;
	return true;
}

/* From the CPU's stack to the conversation's and back; it is marked running. */
static void conversation_run(struct conversation *conversation, struct smc_regs *regs)
{
	struct qtee *qtee = conversation->qtee;
	struct cpu *cpu = arch_this_cpu();
	uint64_t interrupts;

	cpu->thread = &conversation->thread;
	arch_context_switch(&cpu->context, &conversation->thread.context);
	cpu->thread = NULL;
	event_record(conversation->thread.index, SIM_EVENT_QTEE_LEAVE,
		     (uint32_t)conversation->out[0],
		     conversation->next_state == CONVERSATION_FREE, 0);
	if (*canary(conversation) != CANARY)
		panic("conversation %u: stack overflow", conversation->thread.index);

	/* While it is still ours: somebody else may resume or start it any time. */
	regs->x[0] = conversation->out[0];
	regs->x[1] = conversation->out[1];
	regs->x[2] = conversation->out[2];
	regs->x[3] = 0;
	if (conversation->next_state == CONVERSATION_INTERRUPTED)
		regs->x[6] = conversation->thread.index + 1;
	if (conversation->next_state == CONVERSATION_FREE)
		counter_add(qtee->guest, SIM_COUNTER_QTEE_CONVERSATIONS, -1);
	interrupts = lock_take(&qtee->lock);
	conversation->state = conversation->next_state;
	lock_release(&qtee->lock, interrupts);
}

/* Under the lock: whether a call that is not over yet uses this page, or one was said to. */
static bool page_in_use(struct qtee *qtee, uint64_t outbound)
{
	unsigned int n;

	if (outbound == qtee->kept) {
		qtee->kept = 0;
		return true;
	}
	for (n = 0; n < qtee->count; n++)
		if (qtee->conversations[n].state != CONVERSATION_FREE &&
		    qtee->conversations[n].outbound_address == outbound)
			return true;
	return false;
}

static struct conversation *take_free(struct qtee *qtee, const struct smc_regs *regs, bool *in_use)
{
	uint64_t interrupts = lock_take(&qtee->lock);
	struct conversation *conversation = NULL;
	unsigned int n;

	*in_use = page_in_use(qtee, regs->x[4]);
	for (n = 0; n < qtee->count && !conversation && !*in_use; n++)
		if (qtee->conversations[n].state == CONVERSATION_FREE)
			conversation = &qtee->conversations[n];
	if (conversation) {
		conversation->state = CONVERSATION_RUNNING;
		conversation->outbound_address = regs->x[4];
		counter_add(qtee->guest, SIM_COUNTER_QTEE_CONVERSATIONS, 1);
		counter_mark(qtee->guest, SIM_COUNTER_QTEE_CONVERSATIONS,
			     SIM_COUNTER_QTEE_CONVERSATIONS_MAX);
	}
	lock_release(&qtee->lock, interrupts);
	return conversation;
}

void conversation_start(struct qtee *qtee, struct smc_regs *regs)
{
	struct conversation *conversation;
	bool in_use;

	conversation = take_free(qtee, regs, &in_use);
	if (!conversation) {
		if (in_use)
			qtee_refused(qtee, "INVOKE: outbound buffer %lx has a call under way",
				     (unsigned long)regs->x[4]);
		regs->x[0] = (uint64_t)(in_use ? QTEE_SMC_EINVAL_ARGUMENT : QTEE_SMC_BUSY);
		return;
	}
	counter_add(qtee->guest, SIM_COUNTER_QTEE_INVOCATIONS, 1);
	memcpy(conversation->regs, regs->x, sizeof(conversation->regs));
	conversation->inbound_address = regs->x[2];
	conversation->inbound_size = regs->x[3];
	conversation->inbound = nsmem_pointer(&qtee->guest->memory, regs->x[2], regs->x[3]);
	conversation->outbound = nsmem_pointer(&qtee->guest->memory, regs->x[4], regs->x[5]);
	conversation->status = QTEE_SMC_OK;
	conversation->abandoned = false;
	conversation->lied = false;
	conversation->release_by_call = false;
	arch_context_init(&conversation->thread.context, conversation->thread.stack_top,
			  conversation_main, conversation);
	event_record(conversation->thread.index, SIM_EVENT_QTEE_CALL, 0, 0, 0);
	conversation_run(conversation, regs);
}

void conversation_answer(struct qtee *qtee, struct smc_regs *regs)
{
	struct conversation *conversation = NULL;
	uint64_t interrupts = lock_take(&qtee->lock);
	uint64_t status = 0;
	unsigned int n;

	for (n = 0; n < qtee->count && !conversation; n++)
		if (qtee->conversations[n].state == CONVERSATION_CALLBACK &&
		    qtee->conversations[n].outbound_address == regs->x[2])
			conversation = &qtee->conversations[n];
	if (conversation)
		conversation->state = CONVERSATION_RUNNING;
	lock_release(&qtee->lock, interrupts);
	if (!conversation) {
		qtee_refused(qtee, "CB_RSP: no call waits for an answer at %lx",
			     (unsigned long)regs->x[2]);
		regs->x[0] = (uint64_t)QTEE_SMC_EINVAL_ADDRESS;
		return;
	}
	memcpy(conversation->regs, regs->x, sizeof(conversation->regs));
	conversation->abandoned = fault_take(&qtee->guest->faults, SIM_FAULT_QTEE_CB_STATUS, &status);
	if (fault_take(&qtee->guest->faults, SIM_FAULT_QTEE_CB_KEPT, &status)) {
		conversation->abandoned = true;
		interrupts = lock_take(&qtee->lock);
		qtee->kept = conversation->outbound_address;
		lock_release(&qtee->lock, interrupts);
	}
	event_record(conversation->thread.index, SIM_EVENT_QTEE_RESUME, 0, 0, 0);
	conversation_run(conversation, regs);
	if (conversation->abandoned)
		regs->x[0] = status;
}

void conversation_resume(struct qtee *qtee, struct smc_regs *regs)
{
	uint64_t index = regs->x[6] - 1;
	struct conversation *conversation = NULL;
	uint64_t interrupts = lock_take(&qtee->lock);

	if (index < qtee->count && qtee->conversations[index].state == CONVERSATION_INTERRUPTED)
		conversation = &qtee->conversations[index];
	/* All registers but x0 and x6 are to be what they were. */
	if (conversation && memcmp(&conversation->regs[1], &regs->x[1], 5 * sizeof(uint64_t)))
		conversation = NULL;
	if (conversation)
		conversation->state = CONVERSATION_RUNNING;
	lock_release(&qtee->lock, interrupts);
	if (!conversation) {
		qtee_refused(qtee, "call %lx was not interrupted, or with other registers",
			     (unsigned long)regs->x[6]);
		regs->x[0] = (uint64_t)QTEE_SMC_EINVAL_ARGUMENT;
		return;
	}
	event_record(conversation->thread.index, SIM_EVENT_QTEE_RESUME, 0, 0, 0);
	conversation_run(conversation, regs);
}

void conversation_wake(struct qtee *qtee, struct smc_regs *regs)
{
	uint64_t index = regs->x[2] - 1;
	struct conversation *conversation = NULL;
	uint64_t interrupts = lock_take(&qtee->lock);

	if (index < qtee->count && qtee->conversations[index].state == CONVERSATION_ASLEEP)
		conversation = &qtee->conversations[index];
	if (conversation)
		conversation->state = CONVERSATION_RUNNING;
	lock_release(&qtee->lock, interrupts);
	if (!conversation) {
		qtee_refused(qtee, "WAITQ_RESUME: call %lx does not sleep",
			     (unsigned long)regs->x[2]);
		regs->x[0] = (uint64_t)QTEE_SMC_EINVAL_ARGUMENT;
		return;
	}
	/* From here on this is the call that an interrupt would have repeated. */
	memcpy(conversation->regs, regs->x, sizeof(conversation->regs));
	event_record(conversation->thread.index, SIM_EVENT_QTEE_RESUME, 0, 0, 0);
	conversation_run(conversation, regs);
}

unsigned int conversations_end(struct qtee *qtee)
{
	unsigned int n, left = 0;

	for (n = 0; n < qtee->count; n++) {
		struct conversation *conversation = &qtee->conversations[n];
		uint64_t interrupts = lock_take(&qtee->lock);
		struct smc_regs regs = { };
		bool waits = conversation->state == CONVERSATION_CALLBACK ||
			     conversation->state == CONVERSATION_INTERRUPTED;

		if (waits)
			conversation->state = CONVERSATION_RUNNING;
		lock_release(&qtee->lock, interrupts);
		if (!waits)
			continue;
		conversation->abandoned = true;
		conversation_run(conversation, &regs);
		left += (int64_t)regs.x[0] == QTEE_SMC_INTERRUPTED;
	}
	return left;
}
