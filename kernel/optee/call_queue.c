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
 * Places are kept back for those who asked for that, see optee_cq_reserve(): they are taken out
 * of @free once and for all, so that ordinary calls do not have to look at them. What a call
 * that is entitled to one does is done under the lock. A place that is kept back while all are
 * in use makes @free negative; whoever leaves first pays.
 *
 * A task that is frozen could do nothing with a place. It is passed over, and stays in the
 * list where it is; it is woken all the same, which takes effect when it thaws: it then looks
 * whether there is a place for it. While the machine is being suspended, processes leave one
 * place to the kernel, whose calls give up after a while if even that cannot be had.
 *
 * The secure world may refuse a call all the same: threads may be lost to a kernel that was
 * here before, or be another guest's. Such a call keeps its place and asks again when any
 * call has ended, or after a while, as the end may be one that we do not see. Nobody else is
 * let in meanwhile.
 */
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/sched/signal.h>

#include "call_queue.h"

/* More places than there can be tasks: stands for an unknown number. */
#define OPTEE_CQ_UNLIMITED	(INT_MAX / 2)

/* A refused call asks again after 1, 2, 4, ... and at last every 64 ms. */
#define OPTEE_CQ_MAX_BACKOFF	6

/*
 * A number of threads that was learnt is doubted after so long, while somebody waits: at first, and
 * when it was right again and again.
 */
#define OPTEE_CQ_DOUBT		HZ
#define OPTEE_CQ_LAST_DOUBT	(64 * HZ)

/**
 * optee_cq_init() - make an empty queue
 * @cq:			queue
 * @thread_count:	secure threads, 0 if not known
 */
void optee_cq_init(struct optee_call_queue *cq, u32 thread_count)
{
	cq->total = min_t(u32, thread_count, OPTEE_MAX_THREADS);
	cq->told = cq->total;
	cq->learnt_at = 0;
	cq->doubted = false;
	cq->doubt = OPTEE_CQ_DOUBT;
	cq->max_per_context = 0;
	cq->kept_back = 0;
	cq->reserved = 0;
	cq->deadlock = false;
	cq->suspending = false;
	atomic_set(&cq->free, cq->total ? cq->total : OPTEE_CQ_UNLIMITED);
	atomic_set(&cq->sleepers, 0);
	spin_lock_init(&cq->lock);
	INIT_LIST_HEAD(&cq->waiting);
	INIT_LIST_HEAD(&cq->entitled);
	INIT_LIST_HEAD(&cq->refused);
	INIT_LIST_HEAD(&cq->suspended);
}

/* Ordinary calls that have a place and no thread. */
static int optee_cq_num_refused(struct optee_call_queue *cq)
{
	struct optee_waiter *w;
	int n = 0;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->refused, node)
		n += !w->kept;
	return n;
}

/*
 * Calls that certainly have no thread: they are asleep. The others of the list ask again, and may
 * have been given one by now.
 */
int optee_cq_num_asleep(struct optee_call_queue *cq)
{
	struct optee_waiter *w;
	int n = 0;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->refused, node)
		n += !!w->task;
	return n;
}

/* A place that is kept back for those whose call this is. */
static bool optee_cq_take_reserved(struct optee_call_queue *cq, struct optee_waiter *w)
{
	struct optee_reservation *r = w->reservation;

	lockdep_assert_held(&cq->lock);

	if (!r || r->used >= r->reserved)
		return false;
	/* Ordinary calls that were there before may still have it. */
	if (atomic_read(&cq->free) + cq->reserved + optee_cq_num_refused(cq) <= 0)
		return false;
	r->used++;
	cq->reserved--;
	w->kept = true;
	return true;
}

/* A place for anybody, unless the context has its share. */
static bool optee_cq_take_ordinary(struct optee_call_queue *cq, struct optee_waiter *w)
{
	lockdep_assert_held(&cq->lock);

	if (w->calls && *w->calls >= cq->max_per_context)
		return false;
	if (!optee_cq_take(cq, w))
		return false;
	if (w->calls)
		++*w->calls;
	return true;
}

static void optee_cq_unlink(struct optee_call_queue *cq, struct optee_waiter *w)
{
	lockdep_assert_held(&cq->lock);

	list_del_init(&w->node);
	if (w->reservation)
		list_del_init(&w->entitled_node);
	atomic_dec(&cq->sleepers);
}

static void optee_cq_wake(struct optee_waiter *w)
{
	WRITE_ONCE(w->woken, true);
	if (w->task)
		wake_up_process(w->task);
}

/*
 * Frozen or about to be. A call that its task drives at the moment is neither, nor is one whose
 * task looks for a place itself: it would not be told of the next one.
 */
static bool optee_cq_is_frozen(const struct optee_waiter *w)
{
	return w->user && w->task && w->task != current && freezing(w->task);
}

/* Is somebody who was refused going to ask again? */
static bool optee_cq_has_refused(struct optee_call_queue *cq)
{
	struct optee_waiter *w;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->refused, node)
		if (!optee_cq_is_frozen(w))
			return true;
	return false;
}

/* Hand places to those who wait, as many as there are. */
static void optee_cq_grant(struct optee_call_queue *cq)
{
	struct optee_waiter *w, *next;

	lockdep_assert_held(&cq->lock);

	/* What is kept back does not depend on who else was refused. */
	list_for_each_entry_safe(w, next, &cq->entitled, entitled_node) {
		if (optee_cq_take_reserved(cq, w)) {
			optee_cq_unlink(cq, w);
			optee_cq_wake(w);
		}
	}

	if (optee_cq_has_refused(cq))
		return;

	list_for_each_entry_safe(w, next, &cq->waiting, node) {
		if (atomic_read(&cq->free) <= 0)
			return;
		if (optee_cq_is_frozen(w)) {
			wake_up_process(w->task);
			continue;
		}
		if (optee_cq_take_ordinary(cq, w)) {
			optee_cq_unlink(cq, w);
			optee_cq_wake(w);
		}
	}
}

/*
 * A secure thread may have become free: for the first who does not know of one yet, those on
 * places that are kept back before all others.
 */
static void optee_cq_wake_refused(struct optee_call_queue *cq)
{
	struct optee_waiter *w, *first = NULL;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->refused, node) {
		if (w->woken || optee_cq_is_frozen(w))
			continue;
		if (!first || (w->kept && !first->kept))
			first = w;
		if (first->kept)
			break;
	}
	if (first)
		optee_cq_wake(first);
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
 * @w:		of the call; @reservation and @calls are set
 */
bool optee_cq_try_enter(struct optee_call_queue *cq, struct optee_waiter *w)
{
	bool entered;

	if (optee_cq_enter_at_once(cq, w))
		return true;
	if (!w->reservation && !w->calls)
		return false;

	spin_lock(&cq->lock);
	entered = optee_cq_take_reserved(cq, w) ||
		  (!atomic_read(&cq->sleepers) && optee_cq_take_ordinary(cq, w));
	spin_unlock(&cq->lock);
	return entered;
}

/*
 * It was learnt too low if calls ended between a refusal and the time when those inside were
 * counted. One more may try; if it is refused the number is what it was. Not while places are
 * kept back: there might be one less for those who have them.
 */
static void optee_cq_doubt(struct optee_call_queue *cq)
{
	lockdep_assert_held(&cq->lock);

	if (cq->told || !cq->total || cq->total >= OPTEE_MAX_THREADS || cq->kept_back || cq->suspending ||
	    list_empty(&cq->waiting) || !list_empty(&cq->refused) ||
	    atomic_read(&cq->free) > 0 || jiffies - cq->learnt_at < cq->doubt)
		return;
	/* The last doubt was right, or else somebody would have been refused since. */
	if (cq->doubted)
		cq->doubt = OPTEE_CQ_DOUBT;
	cq->learnt_at = jiffies;
	cq->doubted = true;
	cq->total++;
	atomic_inc(&cq->free);
}

/*
 * Return: 0 when there is a place, -EINTR when a signal ends the wait, -EBUSY when it takes
 * too long while the machine is being suspended.
 */
static int optee_cq_sleep_until_granted(struct optee_call_queue *cq, struct optee_waiter *w,
					unsigned int state)
{
	long left = OPTEE_SUSPEND_PATIENCE;
	int rc = 0;

	for (;;) {
		set_current_state(state);
		if (READ_ONCE(w->woken))
			break;
		if (signal_pending_state(state, current)) {
			rc = -EINTR;
			break;
		}
		if (w->bounded && READ_ONCE(cq->suspending)) {
			left = schedule_timeout(left);
			if (!left && READ_ONCE(cq->suspending)) {
				rc = -EBUSY;
				break;
			}
		} else {
			/* A suspend that is over, or was given up, is no reason any more. */
			left = OPTEE_SUSPEND_PATIENCE;
			schedule_timeout(cq->told ? MAX_SCHEDULE_TIMEOUT : OPTEE_CQ_DOUBT);
		}
		/* Woken without a place: passed over, perhaps. */
		if (state & TASK_FREEZABLE)
			try_to_freeze();
		spin_lock(&cq->lock);
		optee_cq_doubt(cq);
		optee_cq_grant(cq);
		spin_unlock(&cq->lock);
	}
	__set_current_state(TASK_RUNNING);

	return rc;
}

/**
 * optee_cq_enter_slowly() - the rest of optee_cq_enter()
 * @cq:		queue
 * @w:		of the call
 * @state:	how to wait
 *
 * Return: as optee_cq_enter()
 */
int optee_cq_enter_slowly(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state)
{
	int rc;

	if (optee_cq_try_enter(cq, w))
		return 0;

	spin_lock(&cq->lock);
	optee_cq_arm(cq, w, &cq->waiting);
	/* Who is entitled to a place takes an ordinary one, too, if its turn comes first. */
	if (w->reservation)
		list_add_tail(&w->entitled_node, &cq->entitled);
	optee_cq_grant(cq);
	optee_wait_graph_check(cq);
	spin_unlock(&cq->lock);

	rc = optee_cq_sleep_until_granted(cq, w, state);

	/* Who woke us has the lock: @w is ours again when we have had it. */
	spin_lock(&cq->lock);
	if (w->woken) {
		/* It came together with the end: the place is ours all the same. */
		rc = 0;
	} else {
		optee_cq_unlink(cq, w);
		cq->deadlock = false;
	}
	spin_unlock(&cq->lock);

	return rc;
}

/**
 * optee_cq_leave_slowly() - the rest of optee_cq_leave()
 * @cq:		queue
 * @w:		of the call; an ordinary place is free already
 */
void optee_cq_leave_slowly(struct optee_call_queue *cq, struct optee_waiter *w)
{
	struct optee_reservation *r = w->reservation;

	spin_lock(&cq->lock);
	if (w->kept || w->calls) {
		/* The reservation may have been released meanwhile. */
		if (w->kept && r->used-- <= r->reserved)
			cq->reserved++;
		else
			atomic_inc(&cq->free);
		if (w->calls && !w->kept)
			--*w->calls;
	}
	optee_cq_wake_refused(cq);
	optee_cq_grant(cq);
	spin_unlock(&cq->lock);
}

/**
 * optee_cq_reserve() - keep a place back
 * @cq:		queue
 * @r:		for whom
 * @provisioned: the secure world keeps a thread itself, so that their number does not matter
 *
 * Does not wait: if all places are in use, the first one that is given back is kept.
 *
 * Return: 0, or -EINVAL if no place would be left for ordinary calls, or if the number of
 * threads is not known
 */
int optee_cq_reserve(struct optee_call_queue *cq, struct optee_reservation *r, bool provisioned)
{
	int rc = 0;

	spin_lock(&cq->lock);
	/* A number that is in doubt counts for what it was. */
	if (cq->total ? cq->kept_back + 1 >= cq->total - cq->doubted : !provisioned) {
		rc = -EINVAL;
	} else {
		/* If there is no such thread, it is the one kept back that would be missed. */
		if (cq->doubted) {
			cq->doubted = false;
			cq->total--;
			atomic_dec(&cq->free);
		}
		cq->kept_back++;
		/* Else a call that outlived an earlier reservation has one again. */
		if (r->used <= r->reserved) {
			cq->reserved++;
			atomic_dec(&cq->free);
		}
		r->reserved++;
	}
	spin_unlock(&cq->lock);

	return rc;
}

/**
 * optee_cq_unreserve() - do not keep a place back any more
 * @cq:		queue
 * @r:		for whom it was
 *
 * A call that has it keeps it, as an ordinary call.
 *
 * Return: false if there was none
 */
bool optee_cq_unreserve(struct optee_call_queue *cq, struct optee_reservation *r)
{
	bool had;

	spin_lock(&cq->lock);
	had = r->reserved;
	if (had) {
		cq->kept_back--;
		r->reserved--;
		if (r->used <= r->reserved) {
			cq->reserved--;
			atomic_inc(&cq->free);
			optee_cq_grant(cq);
		}
	}
	spin_unlock(&cq->lock);

	return had;
}

/*
 * Nobody told how many threads there are: as many as calls of ours were in the secure
 * world when it had none left. Too low if somebody else had some, or some have ended since, but
 * never 0; see optee_cq_doubt(). Too high if some of them had no thread yet, or ask again at this
 * moment and may have got one: then one will be refused again.
 * @without: refused calls that are awake, but certainly have none
 */
static void optee_cq_learn(struct optee_call_queue *cq, int without)
{
	int limit = cq->total ? cq->total : OPTEE_CQ_UNLIMITED;
	int inside;

	lockdep_assert_held(&cq->lock);

	if (cq->told)
		return;
	/* Those that the secure world itself keeps back are not free. */
	inside = limit - atomic_read(&cq->free) - optee_cq_num_asleep(cq) - without;
	if (cq->doubted) {
		/* Wrongly: it is what it was, whoever may have left since the refusal. */
		cq->doubted = false;
		cq->doubt = min_t(unsigned long, 2 * cq->doubt, OPTEE_CQ_LAST_DOUBT);
		inside = limit - 1;
	}
	if (inside <= cq->kept_back || inside >= limit)
		return;
	cq->total = inside;
	cq->learnt_at = jiffies;
	atomic_sub(limit - inside, &cq->free);
}

static int optee_cq_ask_again(struct optee_call_queue *cq, struct optee_waiter *w,
			      unsigned int state, bool no_thread)
{
	unsigned int shift;
	int rc;

	if (!w->refused) {
		spin_lock(&cq->lock);
		optee_cq_arm(cq, w, &cq->refused);
		w->task = NULL;
		if (no_thread && !w->kept)
			optee_cq_learn(cq, 1);
		/* Its place counts no more for those who are entitled to one. */
		optee_cq_grant(cq);
		spin_unlock(&cq->lock);
		w->refused = true;
		return 0;
	}

	spin_lock(&cq->lock);
	w->task = current;
	if (no_thread && !w->kept)
		optee_cq_learn(cq, 0);
	optee_wait_graph_check(cq);
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
	return optee_cq_ask_again(cq, w, state, true);
}

/**
 * optee_cq_deferred() - a call with a place did not come through to the secure world
 * @cq:		queue
 * @w:		of the call
 * @state:	how to wait
 *
 * Which says nothing about its threads.
 *
 * Return: as optee_cq_refused()
 */
int optee_cq_deferred(struct optee_call_queue *cq, struct optee_waiter *w, unsigned int state)
{
	return optee_cq_ask_again(cq, w, state, false);
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

/**
 * optee_cq_suspend() - processes will be frozen, the kernel may still have calls to make
 * @cq:		queue
 *
 * From now on processes leave a place alone. May sleep, until that place is free or for
 * OPTEE_SUSPEND_PATIENCE.
 *
 * Return: 0, or -EBUSY if there is no such place yet
 */
int optee_cq_suspend(struct optee_call_queue *cq)
{
	struct optee_waiter w = { .bounded = true };
	struct optee_waiter *other;
	int rc;

	spin_lock(&cq->lock);
	WRITE_ONCE(cq->suspending, true);
	/* Those of the kernel who wait already do so for a limited time from now on. */
	list_for_each_entry(other, &cq->waiting, node)
		if (other->bounded)
			wake_up_process(other->task);
	spin_unlock(&cq->lock);

	rc = optee_cq_enter(cq, &w, TASK_UNINTERRUPTIBLE);
	if (!rc)
		optee_cq_leave(cq, &w);
	return rc;
}

/**
 * optee_cq_resume() - processes go on
 * @cq:		queue, possibly not suspended
 */
void optee_cq_resume(struct optee_call_queue *cq)
{
	spin_lock(&cq->lock);
	WRITE_ONCE(cq->suspending, false);
	optee_cq_grant(cq);
	spin_unlock(&cq->lock);
}
