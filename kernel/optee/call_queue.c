// SPDX-License-Identifier: GPL-2.0-only
/*
 * The call queue: secure threads are few, tasks that want one may be many.
 *
 * A call takes a place before it enters the secure world, and gives it back when it has
 * ended. Without waiters that is an atomic operation each. With waiters, places are handed
 * over under the lock to the first of them: nobody overtakes, and nobody is woken in vain. A
 * waiter raises @sleepers before it looks at @free, a leaver raises @free before it looks at
 * @sleepers, both with a full barrier: one of them sees the other.
 *
 * While calls are short that would be slow. A place that is handed to a sleeper is idle for
 * longer than a call takes, and who comes back finds a queue to join, so that it never ends.
 * Then sleepers are only called when there is a place, in their order, and newcomers may come
 * before them, without the lock. Those who leave need no lock either while as many are called as
 * there are places: each of them will look, and whoever looks hands out all that there is. After
 * OPTEE_CQ_OVERTAKE newcomers the first of the queue has its turn, as above.
 *
 * Short is not a matter of time, which goes by while a virtual CPU stands still. A call is long
 * if the secure world came back before it had ended, for an interrupt or with a request. Nobody
 * is overtaken while a call waits for the supplicant, which may depend on somebody in the queue,
 * or while the supplicant is there itself: the newcomer might wait for it, too, and nobody would
 * ever leave.
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

#include "call_queue_private.h"

/*
 * Each call that comes back before it has ended counts so much, each that does not takes one away.
 * Above the first, calls are long; so they are if one in eight comes back, or two in a row.
 */
#define OPTEE_CQ_LENGTHY	8
#define OPTEE_CQ_LENGTHY_MAX	(2 * OPTEE_CQ_LENGTHY)

/* So many newcomers may overtake the first of the queue; being called in vain counts for some. */
#define OPTEE_CQ_OVERTAKE	64
#define OPTEE_CQ_IN_VAIN	8

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
	cq->lengthy = OPTEE_CQ_LENGTHY_MAX;
	atomic_set(&cq->overtaken, 0);
	atomic_set(&cq->asking, 0);
	cq->called = 0;
	cq->servers = 0;
	atomic_set(&cq->free, cq->total ? cq->total : OPTEE_CQ_UNLIMITED);
	atomic_set(&cq->sleepers, 0);
	mutex_init(&cq->lock);
	INIT_LIST_HEAD(&cq->waiting);
	INIT_LIST_HEAD(&cq->entitled);
	INIT_LIST_HEAD(&cq->refused);
	INIT_LIST_HEAD(&cq->suspended);
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

/* Has the context of the call its share? */
static bool optee_cq_has_share(struct optee_call_queue *cq, const struct optee_waiter *w)
{
	return w->calls && *w->calls >= cq->max_per_context;
}

/* A place for anybody, unless the context has its share. */
static bool optee_cq_take_ordinary(struct optee_call_queue *cq, struct optee_waiter *w)
{
	lockdep_assert_held(&cq->lock);

	if (optee_cq_has_share(cq, w))
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
	if (w->server)
		WRITE_ONCE(cq->servers, cq->servers - 1);
	atomic_dec(&cq->sleepers);
}

void optee_cq_wake(struct optee_waiter *w)
{
	WRITE_ONCE(w->woken, true);
	if (w->task)
		wake_up_process(w->task);
}

/* Let a task that waits look for a place itself, as soon as it can. */
static void optee_cq_call(struct optee_waiter *w)
{
	WRITE_ONCE(w->called, true);
	wake_up_process(w->task);
}

/*
 * Frozen or about to be. A call that its task drives at the moment is neither, nor is one whose
 * task looks for a place itself: it would not be told of the next one.
 */
bool optee_cq_is_frozen(const struct optee_waiter *w)
{
	return w->away || (w->user && w->task && !w->looking && freezing(w->task));
}

/* Hand places that are kept back to those who wait for them. */
static void optee_cq_grant_reserved(struct optee_call_queue *cq)
{
	struct optee_waiter *w, *next;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry_safe(w, next, &cq->entitled, entitled_node) {
		if (optee_cq_take_reserved(cq, w)) {
			optee_cq_unlink(cq, w);
			optee_cq_wake(w);
		}
	}
}

/* Hand places to those who wait, as many as there are. */
void optee_cq_grant(struct optee_call_queue *cq)
{
	struct optee_waiter *w, *next;
	bool first = true;

	lockdep_assert_held(&cq->lock);

	/* What is kept back does not depend on who else was refused. */
	optee_cq_grant_reserved(cq);

	if (optee_cq_has_refused(cq))
		return;

	list_for_each_entry_safe(w, next, &cq->waiting, node) {
		if (atomic_read(&cq->free) <= 0)
			return;
		if (optee_cq_is_frozen(w)) {
			optee_cq_call(w);
			continue;
		}
		if (optee_cq_take_ordinary(cq, w)) {
			if (first)
				atomic_set(&cq->overtaken, 0);
			optee_cq_unlink(cq, w);
			optee_cq_wake(w);
		} else {
			first = false;
		}
	}
}

/* Must newcomers line up behind those who wait? Else they may take a place if there is one. */
static bool optee_cq_in_turn(struct optee_call_queue *cq)
{
	/* Who waits was seen before: then what it waits because of is seen, too. */
	smp_rmb();
	return READ_ONCE(cq->lengthy) > OPTEE_CQ_LENGTHY ||
	       atomic_read(&cq->overtaken) >= OPTEE_CQ_OVERTAKE ||
	       atomic_read(&cq->asking) || READ_ONCE(cq->servers) ||
	       READ_ONCE(cq->suspending) || !list_empty(&cq->refused);
}

/**
 * optee_cq_came_back() - the secure world left a call before it had ended
 * @cq:		queue
 * @w:		of the call
 *
 * Without the lock: if several do so at once, one may not be counted.
 */
void optee_cq_came_back(struct optee_call_queue *cq, struct optee_waiter *w)
{
	if (w->lengthy)
		return;
	w->lengthy = true;
	WRITE_ONCE(cq->lengthy, min_t(unsigned int, READ_ONCE(cq->lengthy) + OPTEE_CQ_LENGTHY,
				      OPTEE_CQ_LENGTHY_MAX));
}

/* As optee_cq_came_back(), at the end of a call that others wait for. */
static void optee_cq_was_short(struct optee_call_queue *cq, const struct optee_waiter *w)
{
	unsigned int lengthy = READ_ONCE(cq->lengthy);

	if (lengthy && !w->lengthy)
		WRITE_ONCE(cq->lengthy, lengthy - 1);
}

/* Places are there for who comes first: call as many of those who wait, in their order. */
static void optee_cq_call_first(struct optee_call_queue *cq)
{
	int free = atomic_read(&cq->free);
	struct optee_waiter *w;

	lockdep_assert_held(&cq->lock);

	optee_cq_grant_reserved(cq);
	list_for_each_entry(w, &cq->waiting, node) {
		if (free <= 0)
			return;
		/* It can make nothing of it, and is told of the end of the next of its context. */
		if (optee_cq_has_share(cq, w))
			continue;
		optee_cq_call(w);
		if (optee_cq_is_frozen(w))
			continue;
		free--;
		if (!w->counted) {
			w->counted = true;
			WRITE_ONCE(cq->called, cq->called + 1);
		}
	}
}

/*
 * Who waits, or has waited, hands out what there is. Those who leave rely on it as long as somebody
 * is called, see optee_cq_leave_slowly().
 */
static void optee_cq_look(struct optee_call_queue *cq, struct optee_waiter *w)
{
	lockdep_assert_held(&cq->lock);

	w->called = false;
	if (w->counted) {
		w->counted = false;
		WRITE_ONCE(cq->called, cq->called - 1);
	}
	/* Before @free is looked at. */
	smp_mb();
	optee_cq_grant(cq);
}

/* For itself first of all; it has been woken, or has waited for long. */
static void optee_cq_look_for_place(struct optee_call_queue *cq, struct optee_waiter *w)
{
	bool first = list_first_entry(&cq->waiting, struct optee_waiter, node) == w;
	bool called = w->counted;

	lockdep_assert_held(&cq->lock);

	w->away = false;
	w->looking = true;
	optee_cq_look(cq, w);
	w->looking = false;
	if (called && first && !w->woken)
		atomic_add(OPTEE_CQ_IN_VAIN, &cq->overtaken);
}

void optee_cq_arm(struct optee_call_queue *cq, struct optee_waiter *w, struct list_head *list)
{
	lockdep_assert_held(&cq->lock);

	w->task = current;
	w->woken = false;
	w->called = false;
	w->counted = false;
	w->away = false;
	w->looking = false;
	list_add_tail(&w->node, list);
	atomic_inc(&cq->sleepers);
	/* Before @free is looked at, see the top of the file. */
	smp_mb__after_atomic();
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

	if (!w->reservation && !w->calls) {
		if (optee_cq_in_turn(cq) || !optee_cq_take(cq, w))
			return false;
		if (atomic_read(&cq->sleepers))
			atomic_inc(&cq->overtaken);
		return true;
	}

	optee_cq_lock(cq);
	entered = optee_cq_take_reserved(cq, w) ||
		  (!atomic_read(&cq->sleepers) && optee_cq_take_ordinary(cq, w));
	optee_cq_unlock(cq);
	return entered;
}

/* Who is to be frozen, and would take a place along, leaves what there is to the others. */
static void optee_cq_freeze(struct optee_call_queue *cq, struct optee_waiter *w)
{
	if (!freezing(current))
		return;
	optee_cq_lock(cq);
	w->away = true;
	optee_cq_look(cq, w);
	optee_cq_unlock(cq);
	try_to_freeze();
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
		if (READ_ONCE(w->called)) {
			__set_current_state(TASK_RUNNING);
		} else if (w->bounded && READ_ONCE(cq->suspending)) {
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
		/* Woken without a place: called, or passed over. */
		if (state & TASK_FREEZABLE)
			optee_cq_freeze(cq, w);
		optee_cq_lock(cq);
		optee_cq_doubt(cq);
		optee_cq_look_for_place(cq, w);
		optee_cq_unlock(cq);
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

	optee_cq_lock(cq);
	/* Who is entitled to a place takes an ordinary one, too, if its turn comes first. */
	if (w->reservation)
		list_add_tail(&w->entitled_node, &cq->entitled);
	w->server = optee_wait_graph_is_server(cq);
	if (w->server)
		WRITE_ONCE(cq->servers, cq->servers + 1);
	optee_cq_arm(cq, w, &cq->waiting);
	optee_cq_look_for_place(cq, w);
	optee_wait_graph_check(cq);
	optee_cq_unlock(cq);

	rc = optee_cq_sleep_until_granted(cq, w, state);

	/* Who woke us has the lock: @w is ours again when we have had it. */
	optee_cq_lock(cq);
	if (w->woken) {
		/* It came together with the end: the place is ours all the same. */
		rc = 0;
	} else {
		optee_cq_unlink(cq, w);
		cq->deadlock = false;
	}
	optee_cq_look(cq, w);
	optee_cq_unlock(cq);

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

	optee_cq_was_short(cq, w);
	/* Those who are called will look after this, see optee_cq_look(). */
	if (!w->kept && !w->calls && READ_ONCE(cq->called) >= atomic_read(&cq->free) &&
	    list_empty(&cq->entitled) && !optee_cq_in_turn(cq))
		return;

	optee_cq_lock(cq);
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
	if (optee_cq_in_turn(cq))
		optee_cq_grant(cq);
	else
		optee_cq_call_first(cq);
	optee_cq_unlock(cq);
}
