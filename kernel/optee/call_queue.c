// SPDX-License-Identifier: GPL-2.0-only
/*
 * The call queue: secure threads are few, tasks that want one may be many.
 *
 * A call takes a place before it enters the secure world, and gives it back when it has
 * ended. Without waiters that is an atomic operation each. With waiters, places are handed
 * over under the lock to the first of them, so that nobody overtakes and nobody is woken in
 * vain. A waiter raises @sleepers before it looks at @free, a leaver raises @free before it
 * looks at @sleepers, both with a full barrier: one of them sees the other.
 *
 * The secure world may refuse a call all the same: threads may be lost to a kernel that was
 * here before, or be another guest's. Such a call keeps its place and asks again when any
 * call has ended, or after a while, as the end may be one that we do not see. Nobody else is
 * let in meanwhile.
 */
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/sched/signal.h>

#include "call_queue.h"

/* More places than there can be tasks: stands for an unknown number. */
#define OPTEE_CQ_UNLIMITED	(INT_MAX / 2)

/* A refused call asks again after 1, 2, 4, ... and at last every 64 ms. */
#define OPTEE_CQ_MAX_BACKOFF	6

/**
 * optee_cq_init() - make an empty queue
 * @cq:			queue
 * @thread_count:	secure threads, 0 if not known
 */
void optee_cq_init(struct optee_call_queue *cq, u32 thread_count)
{
	cq->total = min_t(u32, thread_count, OPTEE_MAX_THREADS);
	cq->reserved = 0;
	atomic_set(&cq->free, cq->total ? cq->total : OPTEE_CQ_UNLIMITED);
	atomic_set(&cq->sleepers, 0);
	spin_lock_init(&cq->lock);
	INIT_LIST_HEAD(&cq->waiting);
	INIT_LIST_HEAD(&cq->refused);
}

static bool optee_cq_take(struct optee_call_queue *cq)
{
	int free = atomic_read(&cq->free);

	while (free > cq->reserved)
		if (atomic_try_cmpxchg(&cq->free, &free, free - 1))
			return true;
	return false;
}

static void optee_cq_wake(struct optee_waiter *w)
{
	WRITE_ONCE(w->woken, true);
	if (w->task)
		wake_up_process(w->task);
}

/* Hand places to those who wait, as many as there are. */
static void optee_cq_grant(struct optee_call_queue *cq)
{
	struct optee_waiter *w;

	lockdep_assert_held(&cq->lock);

	if (!list_empty(&cq->refused))
		return;

	while (!list_empty(&cq->waiting) && optee_cq_take(cq)) {
		w = list_first_entry(&cq->waiting, struct optee_waiter, node);
		list_del_init(&w->node);
		atomic_dec(&cq->sleepers);
		optee_cq_wake(w);
	}
}

/* A secure thread may have become free: for the first who does not know of one yet. */
static void optee_cq_wake_refused(struct optee_call_queue *cq)
{
	struct optee_waiter *w;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->refused, node) {
		if (!w->woken) {
			optee_cq_wake(w);
			return;
		}
	}
}

static void optee_cq_arm(struct optee_call_queue *cq, struct optee_waiter *w,
			 struct list_head *list)
{
	lockdep_assert_held(&cq->lock);

	w->task = current;
	w->woken = false;
	list_add_tail(&w->node, list);
	atomic_inc(&cq->sleepers);
	/* Before @free is looked at, see the top of the file. */
	smp_mb__after_atomic();
}

/* Return: 0 when woken or the time is over, -EINTR when a signal ends the wait. */
static int optee_cq_sleep(struct optee_waiter *w, unsigned int state, long timeout)
{
	int rc = 0;

	for (;;) {
		set_current_state(state);
		if (READ_ONCE(w->woken) || !timeout)
			break;
		if (signal_pending_state(state, current)) {
			rc = -EINTR;
			break;
		}
		timeout = schedule_timeout(timeout);
	}
	__set_current_state(TASK_RUNNING);

	return rc;
}

/**
 * optee_cq_try_enter() - take a place if there is one
 * @cq:		queue
 * @w:		of the call
 */
bool optee_cq_try_enter(struct optee_call_queue *cq, struct optee_waiter *w)
{
	w->refused = false;
	w->refusals = 0;
	return !atomic_read(&cq->sleepers) && optee_cq_take(cq);
}

/**
 * optee_cq_enter() - take a place
 * @cq:		queue
 * @w:		of the call
 * @state:	how to wait
 *
 * Return: 0, or -EINTR if the wait was ended by a signal
 */
int optee_cq_enter(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state)
{
	int rc;

	if (optee_cq_try_enter(cq, w))
		return 0;

	spin_lock(&cq->lock);
	optee_cq_arm(cq, w, &cq->waiting);
	optee_cq_grant(cq);
	spin_unlock(&cq->lock);

	rc = optee_cq_sleep(w, state, MAX_SCHEDULE_TIMEOUT);

	/* Who woke us has the lock: @w is ours again when we have had it. */
	spin_lock(&cq->lock);
	if (w->woken) {
		/* It came together with the signal: the place is ours all the same. */
		rc = 0;
	} else {
		list_del_init(&w->node);
		atomic_dec(&cq->sleepers);
	}
	spin_unlock(&cq->lock);

	return rc;
}

/**
 * optee_cq_leave() - give a place back
 * @cq:		queue
 */
void optee_cq_leave(struct optee_call_queue *cq)
{
	/* Full barrier, see the top of the file. */
	atomic_inc_return(&cq->free);
	if (!atomic_read(&cq->sleepers))
		return;

	spin_lock(&cq->lock);
	optee_cq_wake_refused(cq);
	optee_cq_grant(cq);
	spin_unlock(&cq->lock);
}

/*
 * Nobody told how many threads there are: as many as calls of ours were in the secure
 * world when it had none left. Too low if somebody else had some, but never 0.
 */
static void optee_cq_learn(struct optee_call_queue *cq)
{
	struct optee_waiter *w;
	int inside;

	lockdep_assert_held(&cq->lock);

	if (cq->total)
		return;
	inside = OPTEE_CQ_UNLIMITED - atomic_read(&cq->free);
	list_for_each_entry(w, &cq->refused, node)
		inside--;
	if (inside < 1)
		return;
	cq->total = inside;
	atomic_sub(OPTEE_CQ_UNLIMITED - inside, &cq->free);
}

/**
 * optee_cq_refused() - the secure world had no thread for a call with a place
 * @cq:		queue
 * @w:		of the call
 * @state:	how to wait
 *
 * The first time returns at once: a call may have ended between the refusal and our joining
 * the list, and will not be told of again. From then on whoever ends wakes us.
 *
 * Return: 0 to ask again, -EINTR if the wait was ended by a signal
 */
int optee_cq_refused(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state)
{
	unsigned int shift;
	int rc;

	if (!w->refused) {
		spin_lock(&cq->lock);
		optee_cq_arm(cq, w, &cq->refused);
		w->task = NULL;
		optee_cq_learn(cq);
		spin_unlock(&cq->lock);
		w->refused = true;
		return 0;
	}

	spin_lock(&cq->lock);
	w->task = current;
	spin_unlock(&cq->lock);

	shift = min_t(unsigned int, w->refusals++, OPTEE_CQ_MAX_BACKOFF);
	rc = optee_cq_sleep(w, state, msecs_to_jiffies(1 << shift));

	/*
	 * Before asking again: an end from now on counts for the next wait. Whose that is
	 * remains to be seen: this task may be about to exit.
	 */
	spin_lock(&cq->lock);
	w->task = NULL;
	w->woken = false;
	spin_unlock(&cq->lock);

	return rc;
}

/**
 * optee_cq_accepted() - a call that was refused got its thread, or gives up
 * @cq:		queue
 * @w:		of the call
 */
void optee_cq_accepted(struct optee_call_queue *cq, struct optee_waiter *w)
{
	if (!w->refused)
		return;

	spin_lock(&cq->lock);
	list_del_init(&w->node);
	atomic_dec(&cq->sleepers);
	/* A thread became free that we did not need. */
	if (w->woken)
		optee_cq_wake_refused(cq);
	optee_cq_grant(cq);
	spin_unlock(&cq->lock);
	w->refused = false;
	w->refusals = 0;
}
