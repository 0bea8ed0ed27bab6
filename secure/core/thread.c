// SPDX-License-Identifier: BSD-2-Clause
#include "thread.h"
#include "counters.h"
#include "cpu.h"
#include "event.h"
#include "fault.h"
#include "guest.h"
#include "heap.h"
#include "optee_smc.h"
#include "panic.h"
#include "string.h"

#define CANARY		0x6f6d6e697465652dULL

static uint64_t *thread_canary(struct thread *thread)
{
	return arch_stack_bottom(thread->stack_top);
}

bool thread_init(struct thread *thread, struct guest *guest, void *stack_top)
{
	if (!stack_top)
		return false;
	thread->guest = guest;
	thread->stack_top = stack_top;
	*thread_canary(thread) = CANARY;
	return true;
}

bool thread_pool_init(struct guest *guest, unsigned int count)
{
	struct thread_pool *pool = &guest->threads;
	unsigned int n;

	pool->threads = heap_alloc(&guest->heap, count * sizeof(*pool->threads));
	pool->reservations = heap_alloc(&guest->heap, count * sizeof(*pool->reservations));
	if (!pool->threads || !pool->reservations)
		return false;
	for (n = 0; n < count; n++) {
		struct thread *thread = &pool->threads[n];

		thread->index = n;
		if (!thread_init(thread, guest,
				 guest->stacks ? guest->stacks[n] : arch_stack_alloc()))
			return false;
	}
	pool->count = count;
	return true;
}

bool thread_pool_busy(const struct thread_pool *pool)
{
	return pool->used;
}

/* The state changes only when this stack is no longer in use. */
void thread_leave(struct thread *thread, bool done)
{
	uint64_t interrupts = arch_interrupts_mask();

	thread->done = done;
	arch_context_switch(&thread->context, &arch_this_cpu()->context);
	arch_interrupts_restore(interrupts);
}

static void thread_main(void *arg)
{
	struct thread *thread = arg;

	arch_interrupts_unmask();
	thread->run(thread);
	thread_leave(thread, true);
	panic("thread %u: went on after its end", thread->index);
}

/* Under the pool's lock. */
static void thread_mark_running(struct thread *thread)
{
	struct guest *guest = thread->guest;
	unsigned int cpu = arch_this_cpu()->index;

	if (thread->state == SIM_THREAD_SUSPENDED && thread->cpu != cpu)
		counter_add(guest, SIM_COUNTER_MIGRATIONS, 1);
	thread->state = SIM_THREAD_RUNNING;
	thread->cpu = cpu;
	thread->cpus_seen |= 1ULL << cpu;
	counter_add(guest, SIM_COUNTER_THREADS_RUNNING, 1);
	counter_mark(guest, SIM_COUNTER_THREADS_RUNNING, SIM_COUNTER_THREADS_RUNNING_MAX);
}

void thread_begin(struct thread *thread, void (*run)(struct thread *thread))
{
	thread->run = run;
	thread->done = false;
	arch_context_init(&thread->context, thread->stack_top, thread_main, thread);
}

void thread_enter(struct thread *thread)
{
	struct cpu *cpu = arch_this_cpu();

	cpu->thread = thread;
	arch_context_switch(&cpu->context, &thread->context);
	cpu->thread = NULL;
	if (*thread_canary(thread) != CANARY)
		panic("thread %u: stack overflow", thread->index);
}

/* From the CPU's stack to the thread's and back; the thread is marked running. */
static void thread_run(struct thread *thread, struct smc_regs *regs)
{
	struct guest *guest = thread->guest;
	struct thread_pool *pool = &guest->threads;
	uint64_t interrupts;
	unsigned int n;

	thread_enter(thread);
	/* While it is still ours: somebody else may resume or start it any time. */
	event_record(thread->index, SIM_EVENT_LEAVE, (uint32_t)thread->out[0], thread->done, 0);

	for (n = 0; n < 4; n++)
		regs->x[n] = thread->out[n];

	interrupts = lock_take(&pool->lock);
	counter_add(guest, SIM_COUNTER_THREADS_RUNNING, -1);
	thread->rpc = thread->out[0];
	if (thread->done) {
		thread->state = SIM_THREAD_FREE;
		reservation_leave(pool, thread->reservation);
		pool->used--;
		counter_add(guest, SIM_COUNTER_THREADS_USED, -1);
	} else {
		thread->state = SIM_THREAD_SUSPENDED;
		counter_add(guest, SIM_COUNTER_RPC_RETURNS, 1);
	}
	lock_release(&pool->lock, interrupts);
}

void thread_start(struct guest *guest, struct smc_regs *regs, const uint64_t *cookie,
		  void (*run)(struct thread *thread))
{
	struct thread_pool *pool = &guest->threads;
	struct reservation *reservation = NULL;
	struct thread *thread = NULL;
	uint64_t interrupts;
	unsigned int n;

	interrupts = lock_take(&pool->lock);
	if (!fault_take(&guest->faults, SIM_FAULT_THREAD_LIMIT, NULL) &&
	    reservation_enter(pool, cookie, &reservation)) {
		for (n = 0; n < pool->count && !thread; n++)
			if (pool->threads[n].state == SIM_THREAD_FREE)
				thread = &pool->threads[n];
	}
	if (thread) {
		pool->used++;
		thread->reservation = reservation;
		thread->preemptions = 0;
		thread->cpus_seen = 0;
		counter_add(guest, SIM_COUNTER_THREADS_USED, 1);
		counter_mark(guest, SIM_COUNTER_THREADS_USED, SIM_COUNTER_THREADS_USED_MAX);
		thread_mark_running(thread);
	}
	lock_release(&pool->lock, interrupts);
	if (!thread) {
		counter_add(guest, SIM_COUNTER_THREAD_LIMITS, 1);
		regs->x[0] = OPTEE_SMC_RETURN_ETHREAD_LIMIT;
		return;
	}

	counter_add(guest, SIM_COUNTER_YIELDING_CALLS, 1);
	memcpy(thread->in, regs->x, sizeof(thread->in));
	memset(thread->out, 0, sizeof(thread->out));
	event_record(thread->index, SIM_EVENT_CALL, (uint32_t)regs->x[0], 0, 0);
	thread_begin(thread, run);
	thread_run(thread, regs);
}

void thread_resume(struct guest *guest, struct smc_regs *regs)
{
	struct thread_pool *pool = &guest->threads;
	uint32_t index = (uint32_t)regs->x[3];
	struct thread *thread = NULL;
	uint64_t interrupts;

	interrupts = lock_take(&pool->lock);
	if (index < pool->count && pool->threads[index].state == SIM_THREAD_SUSPENDED) {
		thread = &pool->threads[index];
		thread_mark_running(thread);
	}
	lock_release(&pool->lock, interrupts);
	if (!thread) {
		refused(guest, "RETURN_FROM_RPC: thread %u is not suspended", index);
		regs->x[0] = OPTEE_SMC_RETURN_ERESUME;
		return;
	}
	memcpy(thread->in, regs->x, sizeof(thread->in));
	event_record(index, SIM_EVENT_RESUME, 0, 0, 0);
	thread_run(thread, regs);
}

void thread_rpc(struct thread *thread, uint64_t a0, uint64_t a1, uint64_t a2)
{
	uint64_t interrupts = arch_interrupts_mask();

	/* Masked, as an interrupt would use the same registers for its own way out. */
	thread->out[0] = a0;
	thread->out[1] = a1;
	thread->out[2] = a2;
	thread->out[3] = thread->index;
	thread_leave(thread, false);
	arch_interrupts_restore(interrupts);
}

void thread_yield(struct thread *thread)
{
	thread_rpc(thread, OPTEE_SMC_RPC_FOREIGN_INTR, 0, 0);
}

void thread_preempt(void)
{
	struct thread *thread = arch_this_cpu()->thread;
	uint64_t in[8];

	if (!thread)
		panic("interrupt taken at EL3 outside of a thread");
	if (thread->preempt) {
		thread->preempt(thread);
		return;
	}
	thread->preemptions++;
	counter_add(thread->guest, SIM_COUNTER_INTERRUPTS, 1);
	/* The thread may not have read the answer to its last RPC yet. */
	memcpy(in, thread->in, sizeof(in));
	thread_rpc(thread, OPTEE_SMC_RPC_FOREIGN_INTR, 0, 0);
	memcpy(thread->in, in, sizeof(in));
}
