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

#include "stats.h"

/*
 * Which places it may use. Calls of user space may outlive their context, but have a reference
 * on it then if they count for it; those of the kernel do not, and their places are theirs as
 * long as the context is there: optee_call_hand_over() takes them away.
 */
static void optee_call_set_share(struct optee_call *call, struct tee_context *ctx)
{
	struct optee_context *optee_ctx = ctx ? ctx->data : NULL;

	call->waiter.reservation = NULL;
	call->waiter.calls = NULL;
	if (!optee_ctx)
		return;
	if (ctx->in_kernel && READ_ONCE(optee_ctx->reservation.reserved))
		call->waiter.reservation = &optee_ctx->reservation;
	if (call->ctx && call->optee->cq.max_per_context)
		call->waiter.calls = &optee_ctx->calls;
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
	bool user = ctx && !ctx->in_kernel;
	struct optee_call *call;

	call = optee_msg_slot_get(optee, ctx, flags);
	if (!call)
		return NULL;

	refcount_set(&call->refcount, 1);
	call->flags = flags;
	call->num_params = num_params;
	call->supp_nowait = !user || ctx->supp_nowait;
	call->has_place = false;
	call->started = false;
	call->rpc_pending = false;
	call->handed_over = false;
	/* Until it sleeps in the queue. */
	call->waiter.task = NULL;
	/* One that outlives its context has to do without it. */
	call->ctx = flags & (OPTEE_CALL_MUST_RUN | OPTEE_CALL_UNKILLABLE) ? NULL : ctx;
	optee_call_set_share(call, ctx);
	call->num_shms = 0;
	call->orphaned = NULL;
	call->cookie = 0;
	call->list = NULL;
	call->rpc_list = NULL;

	/*
	 * Clients in the kernel may hold locks and cannot be abandoned: they reuse their
	 * memory as soon as a call returns.
	 */
	call->wait_state = TASK_UNINTERRUPTIBLE;
	if (user)
		call->wait_state = TASK_FREEZABLE |
				   (flags & OPTEE_CALL_UNKILLABLE ? TASK_UNINTERRUPTIBLE :
								    TASK_KILLABLE);

	call->waiter.user = user;
	call->waiter.bounded = !user && !(flags & OPTEE_CALL_UNKILLABLE);

	call->arg = call->page->va + call->slot * round_down(PAGE_SIZE / call->page->num_slots, 8);
	call->rpc_arg = NULL;
	if (optee->rpc_params)
		call->rpc_arg = (void *)call->arg + OPTEE_MSG_ARG_SIZE(num_params);
	*call->arg = (struct optee_msg_arg){ .num_params = num_params };
	if (num_params)
		memset(call->arg->params, 0, num_params * sizeof(call->arg->params[0]));

	return call;
}

/**
 * optee_call_put() - drop a reference
 * @call:	call
 */
void optee_call_put(struct optee_call *call)
{
	unsigned int n;

	/* Nobody but a worker ever has another reference. */
	if (call->handed_over && !refcount_dec_and_test(&call->refcount))
		return;

	if (unlikely(call->cookie))
		optee_cookie_free(&call->optee->cookies, call->cookie);
	if (unlikely(call->list))
		optee_page_list_free(call->list);
	if (unlikely(call->rpc_list))
		optee_page_list_free(call->rpc_list);

	if (call->handed_over) {
		struct tee_context *ctx = call->ctx;
		unsigned int num_shms = call->num_shms;
		struct tee_shm *shms[OPTEE_MAX_PARAMS];

		/* The last of these may need a slot itself. */
		memcpy(shms, call->shms, sizeof(shms));
		optee_msg_slot_put(call);
		for (n = 0; n < num_shms; n++)
			tee_shm_put(shms[n]);
		if (ctx)
			teedev_ctx_put(ctx);
		return;
	}
	optee_msg_slot_put(call);
}

static int optee_call_steps(struct optee_call *call)
{
	struct optee *optee = call->optee;
	int rc;

	if (!call->has_place && (call->flags & OPTEE_CALL_NOWAIT)) {
		if (!optee_cq_try_enter(&optee->cq, &call->waiter))
			return -EBUSY;
		call->has_place = true;
		optee->ops->call_begin(call);
	} else if (!call->has_place) {
		rc = optee_cq_enter(&optee->cq, &call->waiter, call->wait_state);
		if (call->waiter.task)
			optee_count(optee, OPTEE_STAT_WAITS);
		if (rc)
			return rc;
		call->has_place = true;
		optee->ops->call_begin(call);
	}

	for (;;) {
		if (call->rpc_pending) {
			if (optee_call_is_killed(call))
				return -EINTR;
			rc = optee->ops->call_rpc(call);
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
		}

		switch (optee->ops->call_step(call)) {
		case OPTEE_STEP_DONE:
			if (unlikely(call->waiter.refused))
				optee_cq_accepted(&optee->cq, &call->waiter);
			optee_cq_leave(&optee->cq, &call->waiter);
			call->has_place = false;
			return 0;
		case OPTEE_STEP_REFUSED:
			optee_count(optee, OPTEE_STAT_REFUSED);
			if (call->flags & OPTEE_CALL_NOWAIT)
				return -EBUSY;
			/* First of all, as a worker may have to go on from here. */
			optee->ops->call_begin(call);
			rc = optee_cq_refused(&optee->cq, &call->waiter, call->wait_state);
			if (rc)
				return rc;
			break;
		case OPTEE_STEP_RPC:
			call->started = true;
			call->rpc_pending = true;
			optee_cq_accepted(&optee->cq, &call->waiter);
			break;
		}
	}
}

/*
 * Return: 0 when the call has ended, -EINTR when its task was killed: before the call began
 * (@started is false) or on the way. -EBUSY instead of waiting, or of waiting long: if asked
 * for, or for a client in the kernel while the machine is being suspended.
 */
static int optee_call_drive(struct optee_call *call)
{
	u64 begin = optee_call_begin(call);
	int rc = optee_call_steps(call);

	optee_call_end(call, rc, begin);
	return rc;
}

static void optee_call_work(struct work_struct *work)
{
	struct optee_call *call = container_of(work, struct optee_call, work);

	/* Workers are not killed, so this comes back when the call has ended. */
	if (!WARN_ON_ONCE(optee_call_drive(call)) && call->orphaned)
		call->orphaned(call);
	optee_call_put(call);
}

/*
 * Until now the killed task held references on all that the call names, by way of its file
 * and its parameters. The worker needs its own.
 */
static void optee_call_hand_over(struct optee_call *call)
{
	unsigned int n;

	if (call->ctx)
		teedev_ctx_get(call->ctx);
	for (n = 0; n < call->num_shms; n++)
		refcount_inc(&call->shms[n]->refcount);
	refcount_inc(&call->refcount);
	call->handed_over = true;
	optee_count(call->optee, OPTEE_STAT_HANDED_OVER);
	/* Nobody waits for a worker. */
	call->waiter.bounded = false;
	if (!call->has_place) {
		call->waiter.task = NULL;
		/* A context that the kernel closes while it is being suspended goes before its call. */
		if (call->waiter.reservation != &call->optee->system.sessions)
			call->waiter.reservation = NULL;
	}

	INIT_WORK(&call->work, optee_call_work);
	queue_work(call->started ? call->optee->resumers : call->optee->workers, &call->work);
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
	unsigned int n;
	int rc;

	/* What comes back is compared with this, not with shared memory. */
	for (n = 0; n < call->num_params; n++)
		call->attr[n] = call->arg->params[n].attr;

	rc = optee_call_drive(call);
	if (!rc)
		return 0;

	if (call->started || (call->flags & OPTEE_CALL_MUST_RUN)) {
		optee_call_hand_over(call);
		return rc;
	}
	if (call->has_place) {
		optee_cq_accepted(&call->optee->cq, &call->waiter);
		optee_cq_leave(&call->optee->cq, &call->waiter);
	}
	optee_call_given_up(call);
	return rc;
}

/**
 * optee_call_reply_is_sane() - does the reply have the shape of the request?
 * @call:	call that has ended
 */
bool optee_call_reply_is_sane(const struct optee_call *call)
{
	unsigned int n;

	if (READ_ONCE(call->arg->num_params) != call->num_params)
		return false;
	for (n = 0; n < call->num_params; n++)
		if (READ_ONCE(call->arg->params[n].attr) != call->attr[n])
			return false;
	return true;
}
