// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places that are kept back: for those who asked for that, and for the kernel while the machine is
 * suspended.
 */
#include "call_queue_private.h"

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

	optee_cq_lock(cq);
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
	optee_cq_unlock(cq);

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

	optee_cq_lock(cq);
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
	optee_cq_unlock(cq);

	return had;
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

	optee_cq_lock(cq);
	WRITE_ONCE(cq->suspending, true);
	/* Those of the kernel who wait already do so for a limited time from now on. */
	list_for_each_entry(other, &cq->waiting, node)
		if (other->bounded)
			wake_up_process(other->task);
	optee_cq_unlock(cq);

	rc = optee_cq_enter(cq, &w, TASK_UNINTERRUPTIBLE);
	w.lengthy = true;
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
	optee_cq_lock(cq);
	WRITE_ONCE(cq->suspending, false);
	optee_cq_grant(cq);
	optee_cq_unlock(cq);
}
