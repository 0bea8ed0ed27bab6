/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The call queue, see call_queue.c. Knows nothing of calls and devices, so that it can be run
 * without a kernel.
 */
#ifndef OPTEE_CALL_QUEUE_H
#define OPTEE_CALL_QUEUE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct optee_waiter - a call that waits for its turn, embedded in it
 * @node:	in one of the lists of the queue; under its lock
 * @task:	who sleeps, NULL if nobody does; under the lock
 * @woken:	what it waits for has come; set under the lock
 * @refused:	it is in the list of refused calls; of @task alone
 * @refusals:	how often in a row; of @task alone
 */
struct optee_waiter {
	struct list_head node;
	struct task_struct *task;
	bool woken;
	bool refused;
	unsigned int refusals;
};

/**
 * struct optee_call_queue - who may be in the secure world
 * @free:	places; taken without the lock while there are no waiters
 * @sleepers:	entries of both lists
 * @total:	secure threads, 0 if not known
 * @reserved:	places that ordinary calls leave alone
 * @lock:	guards the lists and their entries
 * @waiting:	calls without a place, first come first served
 * @refused:	calls that have a place, but the secure world had no thread
 */
struct optee_call_queue {
	atomic_t free;
	atomic_t sleepers;
	int total;
	int reserved;
	spinlock_t lock;	/* guards the lists and their entries */
	struct list_head waiting;
	struct list_head refused;
};

/* No secure world has more; also what a workqueue can run at once. */
#define OPTEE_MAX_THREADS	256

void optee_cq_init(struct optee_call_queue *cq, u32 thread_count);
bool optee_cq_try_enter(struct optee_call_queue *cq, struct optee_waiter *w);
int optee_cq_enter(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state);
void optee_cq_leave(struct optee_call_queue *cq);
int optee_cq_refused(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state);
void optee_cq_accepted(struct optee_call_queue *cq, struct optee_waiter *w);

#endif /* OPTEE_CALL_QUEUE_H */
