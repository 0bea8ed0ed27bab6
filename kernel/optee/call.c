// SPDX-License-Identifier: GPL-2.0-only
/*
 * Message calls: driven from their beginning to their end, by whoever is there to do it.
 *
 * A call that has a secure thread must be resumed until the thread has finished, or the
 * thread, the session and the memory are lost. The task that began it may be killed long
 * before. So all that a call needs hangs on the call object, and at every return from the
 * secure world a killed task leaves it to a worker and goes.
 */
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <abi/tee_result.h>

#include "kept_call.h"

/*
 * Which places it may use. Calls of user space may outlive their context, but have a reference
 * on it then if they count for it; those of the kernel do not, and their places are theirs as
 * long as the context is there: optee_call_hand_over() takes them away.
 */
static void optee_call_set_share(struct optee_call *call, struct tee_context *ctx)
{
	struct optee_context *optee_ctx = ctx ? ctx->data : NULL;

	if (!optee_ctx)
		return;
	if (ctx->in_kernel && READ_ONCE(optee_ctx->reservation.reserved))
		call->waiter.reservation = &optee_ctx->reservation;
	if (call->ctx && call->optee->cq.max_per_context)
		call->waiter.calls = &optee_ctx->calls;
}

/**
 * optee_call_init_unusual() - what is not as with an ordinary call of user space
 * @call:	call; @flags are set
 * @ctx:	of the client, or NULL
 */
void optee_call_init_unusual(struct optee_call *call, struct tee_context *ctx)
{
	bool user = ctx && !ctx->in_kernel;

	optee_call_set_share(call, ctx);
	call->supp_nowait = !user || ctx->supp_nowait;
	/*
	 * Clients in the kernel may hold locks and cannot be abandoned: they reuse their
	 * memory as soon as a call returns.
	 */
	call->wait_state = TASK_UNINTERRUPTIBLE;
	if (user)
		call->wait_state = TASK_FREEZABLE |
				   (call->flags & OPTEE_CALL_UNKILLABLE ? TASK_UNINTERRUPTIBLE :
									  TASK_KILLABLE);
	call->waiter.user = user;
	call->waiter.bounded = !user && !(call->flags & OPTEE_CALL_UNKILLABLE);
}

/**
 * optee_call_alloc() - prepare a call
 * @optee:	device
 * @ctx:	of the client, or NULL for calls of the driver itself
 * @num_params:	at most OPTEE_MAX_PARAMS
 * @flags:	OPTEE_CALL_*
 *
 * Return: the call with one reference and a zeroed message, or NULL without memory (not
 * with OPTEE_CALL_NOFAIL)
 */
struct optee_call *optee_call_alloc(struct optee *optee, struct tee_context *ctx,
				    unsigned int num_params, unsigned int flags)
{
	struct optee_call *call = optee_call_prepare(optee, ctx, num_params, flags);

	if (call)
		memset(call->arg->params, 0, num_params * sizeof(call->arg->params[0]));
	return call;
}

/**
 * optee_call_put_rest() - drop a reference on a call that has more than its slot
 * @call:	call
 */
void optee_call_put_rest(struct optee_call *call)
{
	struct tee_shm *shms[OPTEE_MAX_PARAMS];
	struct tee_context *ctx = NULL;
	unsigned int num_shms = 0;
	unsigned int n;

	/* Nobody but a worker ever has another reference. */
	if (call->handed_over) {
		if (!refcount_dec_and_test(&call->refcount))
			return;
		ctx = call->ctx;
		num_shms = call->num_shms;
		/* The last of these may need a slot itself. */
		memcpy(shms, call->shms, sizeof(shms));
	}

	if (call->cookie)
		optee_cookie_free(&call->optee->cookies, call->cookie);
	optee_page_list_free(call->list);
	optee_page_list_free(call->rpc_list);
	call->cookie = 0;
	call->list = NULL;
	call->rpc_list = NULL;

	optee_msg_slot_put(call);
	for (n = 0; n < num_shms; n++)
		tee_shm_put(shms[n]);
	if (ctx)
		teedev_ctx_put(ctx);
}

/* Wait for a place. Return: as optee_call_drive() */
static int optee_call_enter(struct optee_call *call)
{
	struct optee *optee = call->optee;
	int rc;

	if (call->flags & OPTEE_CALL_NOWAIT) {
		if (!optee_cq_try_enter(&optee->cq, &call->waiter))
			return -EBUSY;
	} else {
		rc = optee_cq_enter(&optee->cq, &call->waiter, call->wait_state);
		if (call->waiter.task)
			optee_count(optee, OPTEE_STAT_WAITS);
		if (rc)
			return rc;
	}
	call->has_place = true;
	optee->ops->call_begin(call);
	return 0;
}

/* Do what the secure world asked for. Return: as optee_call_drive() */
static int optee_call_answer(struct optee_call *call)
{
	int rc;

	if (optee_call_is_killed(call))
		return -EINTR;
	rc = call->optee->ops->call_rpc(call);
	if (rc)
		return rc;
	call->rpc_pending = false;
	/* While it waited for somebody, perhaps. */
	if (optee_call_is_killed(call))
		return -EINTR;

	/* Most often the secure world gave way to an interrupt. */
	cond_resched();
	if (call->wait_state & TASK_FREEZABLE)
		try_to_freeze();
	return 0;
}

/* Go on from a step that was made. Return: as optee_call_drive() */
static int optee_call_follow(struct optee_call *call, enum optee_step step)
{
	struct optee *optee = call->optee;
	int rc;

	while (step != OPTEE_STEP_DONE) {
		/* The last switch of each call is counted with the call. */
		optee_count(optee, OPTEE_STAT_SWITCHES);
		if (step == OPTEE_STEP_REFUSED || step == OPTEE_STEP_DEFERRED) {
			optee_count(optee, OPTEE_STAT_REFUSED);
			if (call->flags & OPTEE_CALL_NOWAIT)
				return -EBUSY;
			/* First of all, as a worker may have to go on from here. */
			optee->ops->call_begin(call);
			if (step == OPTEE_STEP_REFUSED)
				rc = optee_cq_refused(&optee->cq, &call->waiter, call->wait_state);
			else
				rc = optee_cq_deferred(&optee->cq, &call->waiter, call->wait_state);
		} else {
			call->started = true;
			call->rpc_pending = true;
			optee_cq_came_back(&optee->cq, &call->waiter);
			optee_cq_accepted(&optee->cq, &call->waiter);
			rc = optee_call_answer(call);
		}
		if (rc)
			return rc;
		step = optee->ops->call_step(call);
	}

	optee_cq_accepted(&optee->cq, &call->waiter);
	optee_cq_leave(&optee->cq, &call->waiter);
	call->has_place = false;
	return 0;
}

/*
 * Return: 0 when the call has ended, -EINTR when its task was killed: before the call began
 * (@started is false) or on the way. -EBUSY instead of waiting, or of waiting long: if asked
 * for, or for a client in the kernel while the machine is being suspended.
 */
static int optee_call_drive(struct optee_call *call)
{
	int rc = 0;

	/* Made up: it fails, and need not wait for that. */
	if (!optee_call_can_be_sent(call)) {
		call->status = TEE_ERROR_COMMUNICATION;
		return 0;
	}
	if (!call->has_place)
		rc = optee_call_enter(call);
	if (!rc && call->rpc_pending)
		rc = optee_call_answer(call);
	if (rc)
		return rc;
	return optee_call_follow(call, call->optee->ops->call_step(call));
}

static void optee_call_ended(struct optee_call *call, int rc, u64 begin)
{
	if (rc)
		optee_call_left(call, rc, begin);
	else
		optee_call_done(call, call->seen.cmd, begin);
}

/**
 * struct optee_orphan - a call that a worker drives
 * @work:	the worker's
 * @call:	it
 *
 * Not part of the call, whose slot may be somebody else's before the worker is through: what it
 * lets go last may close sessions, which waits for a place. A workqueue that meets the same work
 * again has it wait for that; with the place, if there is one only.
 */
struct optee_orphan {
	struct work_struct work;
	struct optee_call *call;
};

/* What a call that has ended holds may wait for a place, which those that run must not do. */
static void optee_call_let_go(struct work_struct *work)
{
	struct optee_orphan *orphan = container_of(work, struct optee_orphan, work);
	struct optee_call *call = orphan->call;

	if (call->orphaned)
		call->orphaned(call);
	optee_call_put(call);
	kfree(orphan);
}

static void optee_call_work(struct work_struct *work)
{
	struct optee_orphan *orphan = container_of(work, struct optee_orphan, work);
	struct optee_call *call = orphan->call;
	bool resumed = call->started;
	u64 begin = optee_call_begin(call);
	int rc = optee_call_drive(call);

	optee_call_ended(call, rc, begin);
	/* Workers are not killed, so this comes back when the call has ended. */
	if (WARN_ON_ONCE(rc))
		call->orphaned = NULL;
	if (resumed) {
		INIT_WORK(&orphan->work, optee_call_let_go);
		queue_work(call->optee->workers, &orphan->work);
	} else {
		optee_call_let_go(&orphan->work);
	}
}

/*
 * Until now the killed task held references on all that the call names, by way of its file
 * and its parameters. The worker needs its own.
 */
static void optee_call_hand_over(struct optee_call *call)
{
	/* Without it the secure thread would be lost. */
	struct optee_orphan *orphan = kmalloc(sizeof(*orphan), GFP_KERNEL | __GFP_NOFAIL);
	unsigned int n;

	if (call->ctx)
		teedev_ctx_get(call->ctx);
	for (n = 0; n < call->num_shms; n++)
		refcount_inc(&call->shms[n]->refcount);
	/* Ours and the worker's; until now nobody counted. */
	refcount_set(&call->refcount, 2);
	call->handed_over = true;
	call->has_more = true;
	optee_count(call->optee, OPTEE_STAT_HANDED_OVER);
	/* Nobody waits for a worker. */
	call->waiter.bounded = false;
	if (!call->has_place) {
		call->waiter.task = NULL;
		/* A context that the kernel closes while it is being suspended goes before its call. */
		if (call->waiter.reservation != &call->optee->system.sessions)
			call->waiter.reservation = NULL;
	}

	orphan->call = call;
	INIT_WORK(&orphan->work, optee_call_work);
	queue_work(call->started ? call->optee->resumers : call->optee->workers, &orphan->work);
}

/**
 * optee_call_run_unusual() - the rest of optee_call_run_at_once()
 * @call:	call
 * @step:	that it has made, if it has a place
 * @begin:	time, or 0
 *
 * Return: as optee_call_run()
 */
int optee_call_run_unusual(struct optee_call *call, enum optee_step step, u64 begin)
{
	int rc;

	/* More than its message changes now. */
	call->unusual = true;
	if (call->keep)
		optee_call_unkeep(call);

	if (call->has_place)
		rc = optee_call_follow(call, step);
	else
		rc = optee_call_drive(call);
	optee_call_ended(call, rc, begin);
	if (!rc)
		return 0;

	/*
	 * It was refused a thread. Nobody else is let in while a call with a place asks for one, and
	 * a worker may come to ask late: behind others, which wait to be let in.
	 */
	if (!call->started && call->has_place) {
		optee_cq_accepted(&call->optee->cq, &call->waiter);
		/* Which says nothing of how long calls are. */
		call->waiter.lengthy = true;
		optee_cq_leave(&call->optee->cq, &call->waiter);
		call->has_place = false;
	}
	if (call->started || (call->flags & OPTEE_CALL_MUST_RUN))
		optee_call_hand_over(call);
	else
		optee_call_given_up(call);
	return rc;
}

/**
 * optee_call_run() - make a call
 * @call:	prepared call
 *
 * Return: 0 when it has ended, with @call->status set. -EINTR when the calling task was
 * killed, -EBUSY when the machine is being suspended and there was no secure thread to be had;
 * if @call->handed_over is set then, a worker has the call, else it never began.
 */
int optee_call_run(struct optee_call *call)
{
	return optee_call_run_at_once(call->optee, call, call->arg, call->arg->cmd,
				      call->num_params);
}
