/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The call queue, see call_queue.c. Knows nothing of calls and devices, so that it can be run
 * without a kernel.
 */
#ifndef OPTEE_CALL_QUEUE_H
#define OPTEE_CALL_QUEUE_H

#include <linux/atomic.h>
#include <linux/kconfig.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/types.h>

/**
 * struct optee_reservation - places that are kept back for somebody's calls
 * @reserved:	how many
 * @used:	calls on them; more than @reserved if some were released meanwhile
 * @cookie:	by which the secure world knows them
 *
 * The numbers are guarded by the lock of the queue; the first may be read without, for whether
 * there are any.
 */
struct optee_reservation {
	int reserved;
	int used;
	u64 cookie;
};

/**
 * struct optee_waiter - a call that waits for its turn, embedded in it
 * @node:	in one of the lists of the queue; under its lock
 * @entitled_node: in the list of those for whom places are kept back; under the lock
 * @reservation: what its place may be taken from, or NULL
 * @calls:	ordinary calls of its context if these are limited, else NULL; under the lock
 * @task:	who sleeps, NULL if nobody does; under the lock
 * @woken:	what it waits for has come; set under the lock
 * @called:	it is to look; under the lock, but read without
 * @counted:	and is one of those in @called of the queue; under the lock
 * @away:	about to be frozen: it does not look until it comes back; under the lock
 * @user:	of a process, which may be frozen; constant in the queue
 * @bounded:	gives up while the machine is being suspended; constant in the queue
 * @kept:	its place is from @reservation; constant from when it has one
 * @lengthy:	not short: the secure world came back before it had ended, or it did not run; of who
 *		drives the call
 * @looking:	its task looks for a place itself at the moment; under the lock
 * @server:	others may wait for its task, as its process is the supplicant; constant in the queue
 * @refused:	it is in the list of refused calls; of @task alone
 * @refusals:	how often in a row; of @task alone
 */
struct optee_waiter {
	struct list_head node;
	struct list_head entitled_node;
	struct optee_reservation *reservation;
	unsigned int *calls;
	struct task_struct *task;
	bool woken;
	bool called;
	bool counted;
	bool away;
	bool user;
	bool bounded;
	bool kept;
	bool lengthy;
	bool looking;
	bool server;
	bool refused;
	unsigned int refusals;
};

/**
 * struct optee_call_queue - who may be in the secure world
 * @free:	places for ordinary calls, those kept back not among them; taken without the lock
 *		while nobody waits, or who waits may be overtaken. Negative: so many are still to be given back
 * @sleepers:	entries of @waiting and @refused
 * @total:	secure threads, 0 if not known
 * @told:	the secure world says how many it has. Constant
 * @learnt_at:	when @total was last learnt, or doubted, jiffies
 * @doubted:	it is one more than it was learnt to be
 * @doubt:	after so long, jiffies
 * @max_per_context: ordinary calls of a context at a time, 0: any number. Constant
 * @kept_back:	places kept back, all in all
 * @reserved:	of these: those that nobody uses
 * @deadlock:	it was reported that nobody here can go on
 * @suspending:	processes are frozen, or soon will be: they leave a place to the kernel
 * @asking:	calls that wait for the supplicant, or are about to
 * @lengthy:	how many of the last calls came back before they ended, weighed; without the lock
 * @overtaken:	how often newcomers overtook since the first who waited was let in; without the lock
 * @called:	how many of those who wait are to look for a place, and have not yet; read without
 *		the lock
 * @servers:	how many of those who wait are the supplicant; read without the lock
 * @lock:	guards all the rest
 * @waiting:	calls without a place, first come first served
 * @entitled:	of these: those that may also take one that is kept back
 * @refused:	calls that have a place, but the secure world had no thread
 * @suspended:	calls that have a thread and wait for somebody, see wait_graph.c
 */
struct optee_call_queue {
	atomic_t free;
	atomic_t sleepers;
	int total;
	bool told;
	unsigned long learnt_at;
	bool doubted;
	unsigned long doubt;
	unsigned int max_per_context;
	int kept_back;
	int reserved;
	bool deadlock;
	bool suspending;
	atomic_t asking;
	unsigned int lengthy;
	atomic_t overtaken;
	int called;
	int servers;
	struct mutex lock;	/* guards all the rest */
	struct list_head waiting;
	struct list_head entitled;
	struct list_head refused;
	struct list_head suspended;
};

/*
 * So long a client in the kernel waits for what frozen processes may hold. Longer than a call
 * takes, shorter than a driver is given to suspend.
 */
#define OPTEE_SUSPEND_PATIENCE	(3 * HZ)

/* No secure world has more; also what a workqueue can run at once. */
#define OPTEE_MAX_THREADS	256

void optee_cq_init(struct optee_call_queue *cq, u32 thread_count);
bool optee_cq_try_enter(struct optee_call_queue *cq, struct optee_waiter *w);
int optee_cq_enter_slowly(struct optee_call_queue *cq, struct optee_waiter *w,
			  unsigned int state);
void optee_cq_leave_slowly(struct optee_call_queue *cq, struct optee_waiter *w);
int optee_cq_reserve(struct optee_call_queue *cq, struct optee_reservation *r, bool provisioned);
bool optee_cq_unreserve(struct optee_call_queue *cq, struct optee_reservation *r);
void optee_cq_came_back(struct optee_call_queue *cq, struct optee_waiter *w);
int optee_cq_refused(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state);
int optee_cq_deferred(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state);
void optee_cq_accepted(struct optee_call_queue *cq, struct optee_waiter *w);
int optee_cq_suspend(struct optee_call_queue *cq);
void optee_cq_resume(struct optee_call_queue *cq);

/*
 * Who has the lock goes on at once, whatever else there is to run: calls that need not wait for others
 * take it, too. Not in kernels of which the spinlocks sleep: some are taken with it.
 */
static inline void optee_cq_lock(struct optee_call_queue *cq)
{
	mutex_lock(&cq->lock);
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
}

static inline void optee_cq_unlock(struct optee_call_queue *cq)
{
	mutex_unlock(&cq->lock);
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
}

/*
 * What nearly all calls do is inline: there are free places, nobody waits, and the call may
 * have any of them. Everything else is in call_queue.c.
 */

/* A place for anybody, without the lock. */
static __always_inline bool optee_cq_take(struct optee_call_queue *cq, const struct optee_waiter *w)
{
	int free = atomic_read(&cq->free);

	/* While the machine is being suspended, processes leave one alone. */
	while (free > (int)(w->user & READ_ONCE(cq->suspending)))
		if (likely(atomic_try_cmpxchg_acquire(&cq->free, &free, free - 1)))
			return true;
	return false;
}

/* For a call that was never refused, nor given a place. Return: whether it has one now */
static __always_inline bool optee_cq_enter_fresh(struct optee_call_queue *cq,
						 struct optee_waiter *w)
{
	return likely(!w->reservation && !w->calls) && likely(!atomic_read(&cq->sleepers)) &&
	       optee_cq_take(cq, w);
}

/* Return: whether the call has a place now */
static __always_inline bool optee_cq_enter_at_once(struct optee_call_queue *cq,
						   struct optee_waiter *w)
{
	w->refused = false;
	w->refusals = 0;
	w->kept = false;
	w->lengthy = false;
	return optee_cq_enter_fresh(cq, w);
}

/**
 * optee_cq_enter() - take a place
 * @cq:		queue
 * @w:		of the call; @reservation and @calls are set
 * @state:	how to wait
 *
 * Return: 0, -EINTR if the wait was ended by a signal, -EBUSY if @w is bounded, the machine is
 * being suspended, and there is none
 */
static __always_inline int optee_cq_enter(struct optee_call_queue *cq, struct optee_waiter *w,
					  unsigned int state)
{
	return likely(optee_cq_enter_at_once(cq, w)) ? 0 : optee_cq_enter_slowly(cq, w, state);
}

/* The end of an ordinary call, which has entered at once. */
static __always_inline void optee_cq_leave_ordinary(struct optee_call_queue *cq,
						    struct optee_waiter *w)
{
	/* Full barrier, see the top of call_queue.c. */
	atomic_inc_return(&cq->free);
	if (likely(!atomic_read(&cq->sleepers)))
		return;
	optee_cq_leave_slowly(cq, w);
}

/**
 * optee_cq_leave() - give a place back
 * @cq:		queue
 * @w:		of the call that had it
 */
static __always_inline void optee_cq_leave(struct optee_call_queue *cq, struct optee_waiter *w)
{
	if (likely(!w->kept && !w->calls))
		optee_cq_leave_ordinary(cq, w);
	else
		optee_cq_leave_slowly(cq, w);
}

int optee_cq_num_asleep(struct optee_call_queue *cq);

/* In wait_graph.c: the queue's lock is held, and a call has begun to wait. */
void optee_wait_graph_check(struct optee_call_queue *cq);
/* There, too: may others that have a place wait for this task? */
bool optee_wait_graph_is_server(struct optee_call_queue *cq);

#endif /* OPTEE_CALL_QUEUE_H */
