/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secure threads. A yielding call runs on one, leaves the CPU with each RPC and with
 * each interrupt of the normal world, and goes on where RETURN_FROM_RPC is called, on
 * any CPU. A thread belongs to its guest from the start of the call to its end.
 */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"
#include "lock.h"
#include "reservation.h"
#include "sim.h"
#include "smc.h"

struct guest;

/* A page that the normal world gave for RPC messages. */
struct rpc_page {
	uint64_t address;	/* 0: there is none */
	uint64_t cookie;
};

struct thread {
	unsigned int index;
	struct guest *guest;
	void *stack_top;
	struct arch_context context;	/* while the thread is not running */

	/* Under the pool's lock. */
	unsigned int state;		/* SIM_THREAD_* */
	unsigned int cpu;		/* runs there or did last */
	uint64_t rpc;			/* a0 it was left with */
	struct reservation *reservation;	/* that its call counts for, or NULL */

	/* The CPU's while the thread is off it, else the thread's. */
	uint64_t in[8];			/* registers of the call, later of each resumption */
	uint64_t out[4];
	bool done;
	void (*run)(struct thread *thread);
	/* What an interrupt of the normal world leads to, unless it is NULL: it is not OP-TEE's. */
	void (*preempt)(struct thread *thread);

	/* Since the call began; the second one has a bit for each CPU. */
	uint64_t preemptions;
	uint64_t cpus_seen;

	/* Kept between calls while the guest's cache is on; pool's lock or the thread. */
	struct rpc_page rpc_page;
};

struct thread_pool {
	struct lock lock;
	struct thread *threads;
	unsigned int count;
	unsigned int used;
	bool rpc_cache;		/* keep rpc_page between calls */
	struct reservation *reservations;	/* as many entries as threads */
	unsigned int reserved;	/* threads kept back for system calls, */
	unsigned int kept_back;	/* and of these: not in use by them */
};

/*
 * What every thread is made of; those of a pool are only entered by the functions further down.
 * False without a stack.
 */
bool thread_init(struct thread *thread, struct guest *guest, void *stack_top);
/* From the start: @run, when it is entered. It ends by returning. */
void thread_begin(struct thread *thread, void (*run)(struct thread *thread));
/* Runs it on this CPU until it leaves; interrupts are masked, and its state is the caller's. */
void thread_enter(struct thread *thread);
/* Called on the thread itself: off the CPU until it is entered again, on whichever CPU. */
void thread_leave(struct thread *thread, bool done);

/* Give a guest its threads; false if there is no memory for them. */
bool thread_pool_init(struct guest *guest, unsigned int count);

/**
 * thread_start() - answer a yielding call
 * @guest:	whose call
 * @regs:	the caller's registers
 * @cookie:	whose reservations a system call may use; NULL: it is an ordinary one
 * @run:	the call; sets thread->out[0]
 *
 * Back when the thread leaves this CPU for the first time; ETHREAD_LIMIT if none is free.
 */
void thread_start(struct guest *guest, struct smc_regs *regs, const uint64_t *cookie,
		  void (*run)(struct thread *thread));

/* Go on with the thread named in x3; ERESUME if it is not waiting for that. */
void thread_resume(struct guest *guest, struct smc_regs *regs);

/**
 * thread_rpc() - leave the CPU with a request
 * @thread:	the running thread
 * @a0:		OPTEE_SMC_RPC_*
 * @a1:		argument
 * @a2:		argument
 *
 * When it comes back, on whichever CPU, thread->in holds the caller's registers.
 */
void thread_rpc(struct thread *thread, uint64_t a0, uint64_t a1, uint64_t a2);

/* Let the normal world do something else; for waiting on another thread. */
void thread_yield(struct thread *thread);

/* An interrupt of the normal world is pending while a thread runs here. */
void thread_preempt(void);

/* Under the pool's lock: whether any thread is running or suspended. */
bool thread_pool_busy(const struct thread_pool *pool);

#endif /* CORE_THREAD_H */
