// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls with a place for which the secure world had no thread: they ask again. What that says about
 * the number of threads, if nobody told it. See call_queue.c.
 */
#include "call_queue_private.h"

/* A refused call asks again after 1, 2, 4, ... and at last every 64 ms. */
#define OPTEE_CQ_MAX_BACKOFF	6

/* Ordinary calls that have a place and no thread. */
int optee_cq_num_refused(struct optee_call_queue *cq)
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

/* Is somebody who was refused going to ask again? */
bool optee_cq_has_refused(struct optee_call_queue *cq)
{
	struct optee_waiter *w;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->refused, node)
		if (!optee_cq_is_frozen(w))
			return true;
	return false;
}

/*
 * A secure thread may have become free: for the first who does not know of one yet, those on
 * places that are kept back before all others.
 */
void optee_cq_wake_refused(struct optee_call_queue *cq)
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

/*
 * It was learnt too low if calls ended between a refusal and the time when those inside were
 * counted. One more may try; if it is refused the number is what it was. Not while places are
 * kept back: there might be one less for those who have them.
 */
void optee_cq_doubt(struct optee_call_queue *cq)
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

static int optee_cq_ask_again(struct optee_call_queue *cq, struct optee_waiter *w,
			      unsigned int state, bool no_thread)
{
	unsigned int shift;
	int rc;

	if (!w->refused) {
		optee_cq_lock(cq);
		optee_cq_arm(cq, w, &cq->refused);
		w->task = NULL;
		if (no_thread && !w->kept)
			optee_cq_learn(cq, 1);
		/* Its place counts no more for those who are entitled to one. */
		optee_cq_grant(cq);
		optee_cq_unlock(cq);
		w->refused = true;
		return 0;
	}

	optee_cq_lock(cq);
	w->task = current;
	if (no_thread && !w->kept)
		optee_cq_learn(cq, 0);
	optee_wait_graph_check(cq);
	optee_cq_unlock(cq);

	shift = min_t(unsigned int, w->refusals++, OPTEE_CQ_MAX_BACKOFF);
	rc = optee_cq_sleep(w, state, msecs_to_jiffies(1 << shift));

	/*
	 * Before asking again: an end from now on counts for the next wait. Whose that is
	 * remains to be seen: this task may be about to exit.
	 */
	optee_cq_lock(cq);
	w->task = NULL;
	w->woken = false;
	optee_cq_unlock(cq);

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

	optee_cq_lock(cq);
	list_del_init(&w->node);
	atomic_dec(&cq->sleepers);
	/* A thread became free that we did not need. */
	if (w->woken)
		optee_cq_wake_refused(cq);
	optee_cq_grant(cq);
	optee_cq_unlock(cq);
	w->refused = false;
	w->refusals = 0;
}
