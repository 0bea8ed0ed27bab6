// SPDX-License-Identifier: GPL-2.0-only
/*
 * The supplicant: a process that serves the secure world, and the queue of its work.
 *
 * There is one at a time. It is detached when its file is closed, not when its last
 * reference goes: memory it shared may outlive it, and its successor should not wait.
 *
 * A request belongs to the queue from when it is asked until it is answered, revoked or cut
 * off by the end of the supplicant; who waits for the answer has a reference of its own. So
 * a client that is killed leaves nothing behind that a late answer could reach.
 *
 * The answer to a revoked request is accepted and dropped, where mainline fails with EBADF:
 * the supplicant cannot know of the revocation, and the usual one exits when a call fails.
 */
#include <linux/freezer.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include <abi/optee_rpc.h>
#include <abi/tee_result.h>

#include "stats.h"

/* What marks a request, and its answer, that carries an id. */
#define OPTEE_SUPP_META \
	(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META)

void optee_supp_init(struct optee_supp *supp)
{
	spin_lock_init(&supp->lock);
	INIT_LIST_HEAD(&supp->queued);
	INIT_LIST_HEAD(&supp->taken);
	init_waitqueue_head(&supp->wait);
}

/**
 * optee_supp_req_alloc() - make a request
 * @func:	what the supplicant shall do
 * @num_params:	how many
 *
 * Return: the request with one reference, its parameters cleared, or NULL without memory
 */
struct optee_supp_req *optee_supp_req_alloc(u32 func, u32 num_params)
{
	struct optee_supp_req *req;

	req = kzalloc(struct_size(req, params, num_params), GFP_KERNEL);
	if (!req)
		return NULL;
	refcount_set(&req->refcount, 1);
	INIT_LIST_HEAD(&req->node);
	init_completion(&req->done);
	req->func = func;
	req->num_params = num_params;
	return req;
}

/**
 * optee_supp_req_put() - drop a reference
 * @req:	request
 */
void optee_supp_req_put(struct optee_supp_req *req)
{
	if (!refcount_dec_and_test(&req->refcount))
		return;
	put_pid(req->server);
	kfree(req);
}

/* The queue is done with it. Who waits may go on before this returns. */
static void optee_supp_finish(struct optee_supp_req *req, u32 ret)
{
	list_del(&req->node);
	req->ret = ret;
	req->state = OPTEE_SUPP_REQ_ANSWERED;
	trace_optee_supp_answered(req, ret);
	complete(&req->done);
	optee_supp_req_put(req);
}

/* Whoever asked the supplicant that is gone will not get an answer from another. */
static void optee_supp_cut_off(struct optee_supp *supp)
{
	struct optee_supp_req *req, *next;

	lockdep_assert_held(&supp->lock);

	list_for_each_entry_safe(req, next, &supp->taken, node)
		optee_supp_finish(req, TEE_ERROR_COMMUNICATION);
	list_for_each_entry_safe(req, next, &supp->queued, node)
		optee_supp_finish(req, TEE_ERROR_COMMUNICATION);
	supp->sync = NULL;
	put_pid(supp->process);
	supp->process = NULL;
	supp->processes = false;
}

/**
 * optee_supp_stop() - the device is being removed
 * @supp:	its supplicant
 *
 * Requests fail from now on, and a supplicant that waits for one is told to go.
 */
void optee_supp_stop(struct optee_supp *supp)
{
	spin_lock(&supp->lock);
	supp->gone = true;
	optee_supp_cut_off(supp);
	spin_unlock(&supp->lock);
	wake_up_all(&supp->wait);
}

/* Somebody waits who can go on without an answer, and will be gone when it comes. */
static void optee_supp_revoke(struct optee_supp_req *req)
{
	req->revoked = true;
	trace_optee_supp_revoked(req);
	/* Memory is to be freed, whoever wanted that. */
	if (req->state == OPTEE_SUPP_REQ_QUEUED && req->func != OPTEE_RPC_CMD_SHM_FREE)
		optee_supp_finish(req, TEE_ERROR_COMMUNICATION);
}

/*
 * Killable for clients in the kernel, too: their call goes on, but not for this answer.
 * Freezable if the call is. A client in the kernel that waits while processes are frozen, the
 * supplicant among them, gives up: it may be what the machine needs in order to suspend.
 */
static void optee_supp_wait(struct optee_call *call, struct optee_supp_req *req)
{
	long left = OPTEE_SUSPEND_PATIENCE;
	long rc;

	if (!call->waiter.bounded) {
		wait_for_completion_state(&req->done, call->wait_state | TASK_WAKEKILL);
		return;
	}
	do {
		/* Nobody is told of the suspend: look now and then. */
		rc = wait_for_completion_killable_timeout(&req->done, HZ);
		if (READ_ONCE(call->optee->cq.suspending))
			left -= HZ;
	} while (!rc && left > 0);
}

/**
 * optee_supp_ask() - have the supplicant do something
 * @call:	call that the secure world asks in
 * @req:	request; its output parameters are those of the answer on return
 *
 * Without a supplicant user space waits for one, everybody else does not: what the kernel
 * waits for must not depend on a process that may never be started. The same goes for
 * workers and for tasks that are exiting, as nobody could end their wait.
 *
 * Return: the supplicant's result, or TEE_ERROR_COMMUNICATION if there is none, it has gone,
 * the waiting task was killed, or it is the kernel's and the machine is being suspended
 */
u32 optee_supp_ask(struct optee_call *call, struct optee_supp_req *req)
{
	bool nowait = call->supp_nowait || (current->flags & (PF_KTHREAD | PF_EXITING));
	struct optee_supp *supp = &call->optee->supp;
	u32 ret;

	spin_lock(&supp->lock);
	if (supp->gone || (!supp->ctx && (nowait || req->generation)) ||
	    (req->generation && req->generation != supp->generation)) {
		spin_unlock(&supp->lock);
		return TEE_ERROR_COMMUNICATION;
	}
	refcount_inc(&req->refcount);
	req->id = ++supp->last_id;
	req->supp = supp;
	/* Before the supplicant can be in the call queue because of it. */
	atomic_inc(&call->optee->cq.asking);
	list_add_tail(&req->node, &supp->queued);
	optee_supp_request_begin(call, req);
	spin_unlock(&supp->lock);
	wake_up(&supp->wait);

	/*
	 * Nobody needs to know when memory was freed: the supplicant may be waiting for the
	 * thread of the killed client's call.
	 */
	if (req->func != OPTEE_RPC_CMD_SHM_FREE || !call->handed_over) {
		optee_wait_graph_begin(call, req->func, req);
		optee_supp_wait(call, req);
		optee_wait_graph_end(call);
	}
	atomic_dec(&call->optee->cq.asking);

	spin_lock(&supp->lock);
	optee_supp_request_end(call, req);
	if (req->state != OPTEE_SUPP_REQ_ANSWERED)
		optee_supp_revoke(req);
	ret = req->state == OPTEE_SUPP_REQ_ANSWERED ? req->ret : TEE_ERROR_COMMUNICATION;
	spin_unlock(&supp->lock);

	return ret;
}

static int optee_supp_open(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_supp *supp = &optee->supp;
	int rc = 0;

	ctx->cap_memref_null = optee->memref_null;

	spin_lock(&supp->lock);
	if (supp->gone) {
		rc = -ENODEV;
	} else if (supp->ctx) {
		rc = -EBUSY;
	} else {
		supp->ctx = ctx;
		supp->generation++;
	}
	spin_unlock(&supp->lock);

	if (!rc)
		optee_devices_supp_here(optee);
	return rc;
}

static void optee_supp_close_context(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_supp *supp = &optee->supp;

	spin_lock(&supp->lock);
	if (supp->ctx == ctx) {
		supp->ctx = NULL;
		optee_supp_cut_off(supp);
	}
	spin_unlock(&supp->lock);
}

static void optee_supp_release(struct tee_context *ctx)
{
}

/* Hand out the first request. -EAGAIN if there is none. */
static int optee_supp_take(struct optee_supp *supp, bool async, u32 *func, u32 *num_params,
			   struct tee_param *param)
{
	struct optee_supp_req *req;
	u32 n;

	lockdep_assert_held(&supp->lock);

	if (supp->gone)
		return -ENODEV;
	if (supp->process != task_tgid(current)) {
		supp->processes = supp->process;
		put_pid(supp->process);
		supp->process = get_pid(task_tgid(current));
	}
	/* Whose answer would the next one be? */
	if (supp->sync)
		return -EINVAL;
	req = list_first_entry_or_null(&supp->queued, struct optee_supp_req, node);
	if (!req)
		return -EAGAIN;
	if (*num_params - async < req->num_params)
		return -EINVAL;

	list_move_tail(&req->node, &supp->taken);
	req->state = OPTEE_SUPP_REQ_TAKEN;
	req->server = get_pid(task_pid(current));
	trace_optee_supp_taken(req);
	if (async) {
		*param = (struct tee_param){ .attr = OPTEE_SUPP_META, .u.value.a = req->id };
		param++;
	} else {
		supp->sync = req;
	}
	for (n = 0; n < req->num_params; n++) {
		param[n] = req->params[n];
		/* The caller's: this request may be revoked before it looks at the id. */
		if (tee_param_is_memref(param + n) && param[n].u.memref.shm)
			refcount_inc(&param[n].u.memref.shm->refcount);
	}
	*func = req->func;
	*num_params = req->num_params + async;
	return 0;
}

/* Without the lock: what it is remains to be seen. */
static bool optee_supp_has_news(struct optee_supp *supp)
{
	return !list_empty_careful(&supp->queued) || READ_ONCE(supp->gone);
}

static int optee_supp_recv(struct tee_context *ctx, u32 *func, u32 *num_params,
			   struct tee_param *param)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_supp *supp = &optee->supp;
	bool async;
	int rc;
	u32 n;

	if (!*num_params)
		return -EINVAL;
	/* META in the first one offers to tell requests apart; room is all the others are. */
	for (n = 0; n < *num_params; n++)
		if (param[n].attr && param[n].attr != TEE_IOCTL_PARAM_ATTR_META)
			return -EINVAL;
	async = param[0].attr;

	for (;;) {
		spin_lock(&supp->lock);
		rc = optee_supp_take(supp, async, func, num_params, param);
		spin_unlock(&supp->lock);
		if (rc != -EAGAIN)
			return rc;

		rc = wait_event_freezable(supp->wait, optee_supp_has_news(supp));
		if (rc)
			return rc;
	}
}

/* What the calling thread was given in this way, and has not answered. */
static struct optee_supp_req *optee_supp_given(struct optee_supp *supp,
					       const struct tee_param *param)
{
	struct optee_supp_req *req = supp->sync;

	lockdep_assert_held(&supp->lock);

	if (param->attr == OPTEE_SUPP_META)
		list_for_each_entry(req, &supp->taken, node)
			if (req->id == param->u.value.a)
				break;
	if (!req || list_entry_is_head(req, &supp->taken, node) ||
	    req->server != task_pid(current))
		return NULL;
	return req;
}

/* A request that could not be copied was not seen by anybody: the next one may have it. */
static void optee_supp_recv_done(struct tee_context *ctx, u32 num_params,
				 const struct tee_param *param, int rc)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_supp *supp = &optee->supp;
	struct optee_supp_req *req;

	if (!rc)
		return;
	spin_lock(&supp->lock);
	req = optee_supp_given(supp, param);
	if (req) {
		if (req == supp->sync)
			supp->sync = NULL;
		put_pid(req->server);
		req->server = NULL;
		req->state = OPTEE_SUPP_REQ_QUEUED;
		trace_optee_supp_queued(req);
		list_move(&req->node, &supp->queued);
		if (req->revoked)
			optee_supp_revoke(req);
	}
	spin_unlock(&supp->lock);
	wake_up(&supp->wait);
}

/* The request that an answer is for. @num_meta: parameters that are not part of it. */
static struct optee_supp_req *optee_supp_find(struct optee_supp *supp, u32 num_params,
					      const struct tee_param *param, u32 *num_meta)
{
	struct optee_supp_req *req;

	lockdep_assert_held(&supp->lock);

	*num_meta = 0;
	if (supp->sync)
		return num_params == supp->sync->num_params ? supp->sync : ERR_PTR(-EINVAL);

	if (!num_params || param->attr != OPTEE_SUPP_META)
		return ERR_PTR(-EINVAL);
	*num_meta = 1;
	/* As many as clients wait or were killed. */
	list_for_each_entry(req, &supp->taken, node)
		if (req->id == param->u.value.a)
			return num_params - 1 == req->num_params ? req : ERR_PTR(-EINVAL);
	return ERR_PTR(-ENOENT);
}

static bool optee_supp_is_output(const struct tee_param *param)
{
	switch (param->attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) {
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
		return true;
	default:
		return false;
	}
}

/*
 * Take what is asked for out of the answer; of what type it is the request says. A size may
 * exceed the buffer where it says how much there should have been, and where there was no
 * buffer. Nobody else may tell the secure world to read on behind it.
 */
static u32 optee_supp_answer(struct optee_supp_req *req, u32 ret, const struct tee_param *answer)
{
	u32 n;

	for (n = 0; n < req->num_params; n++) {
		struct tee_param *param = req->params + n;
		bool is_memref = tee_param_is_memref(param);
		struct tee_param from = { };

		if (!optee_supp_is_output(param))
			continue;
		/* One of another type says nothing. */
		if (optee_supp_is_output(answer + n) &&
		    tee_param_is_memref(answer + n) == is_memref)
			from = answer[n];

		if (!is_memref) {
			param->u.value = from.u.value;
		} else if (!param->u.memref.shm || ret == TEE_ERROR_SHORT_BUFFER ||
			   from.u.memref.size <= param->u.memref.size) {
			param->u.memref.size = from.u.memref.size;
		} else if (ret == TEE_SUCCESS) {
			ret = TEE_ERROR_COMMUNICATION;
		}
	}
	return ret;
}

/* What nobody waits for any more was done: see that memory does not stay allocated. */
static void optee_supp_drop(struct optee_supp *supp, struct optee_supp_req *req, u32 ret,
			    const struct tee_param *answer)
{
	lockdep_assert_held(&supp->lock);

	if (req->func != OPTEE_RPC_CMD_SHM_ALLOC || ret) {
		optee_supp_finish(req, TEE_ERROR_COMMUNICATION);
		return;
	}
	/* What was asked for is answered. What follows is a request of its own. */
	trace_optee_supp_answered(req, ret);
	req->func = OPTEE_RPC_CMD_SHM_FREE;
	req->params[0].u.value.b = answer[0].u.value.c;
	req->params[0].u.value.c = 0;
	put_pid(req->server);
	req->server = NULL;
	req->state = OPTEE_SUPP_REQ_QUEUED;
	req->id = ++supp->last_id;
	trace_optee_supp_queued(req);
	list_move_tail(&req->node, &supp->queued);
	wake_up(&supp->wait);
}

static int optee_supp_send(struct tee_context *ctx, u32 ret, u32 num_params,
			   struct tee_param *param)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_supp *supp = &optee->supp;
	struct optee_supp_req *req;
	u32 num_meta;
	int rc = 0;

	spin_lock(&supp->lock);
	req = optee_supp_find(supp, num_params, param, &num_meta);
	if (IS_ERR(req)) {
		rc = PTR_ERR(req);
		goto out_unlock;
	}
	supp->sync = NULL;
	param += num_meta;

	if (req->revoked) {
		optee_supp_drop(supp, req, ret, param);
		goto out_unlock;
	}
	ret = optee_supp_answer(req, ret, param);
	if (req->func == OPTEE_RPC_CMD_SHM_ALLOC && ret == TEE_SUCCESS) {
		/* Here and now, as the next supplicant means something else by the id. */
		req->generation = supp->generation;
		if (req->params[0].u.value.c <= INT_MAX)
			req->shm = tee_shm_get_from_id(ctx, req->params[0].u.value.c);
		if (IS_ERR_OR_NULL(req->shm)) {
			req->shm = NULL;
			ret = TEE_ERROR_OUT_OF_MEMORY;
		}
	}
	optee_supp_finish(req, ret);

out_unlock:
	spin_unlock(&supp->lock);
	return rc;
}

/*
 * The secure world learns of these pages when they answer a request of its own, unless it is by
 * somebody else that they are shared.
 */
static int optee_supp_shm_register(struct tee_context *ctx, struct tee_shm *shm,
				   struct page **pages, size_t num_pages, unsigned long start)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	int rc;

	if (optee->carve_out.va)
		return -EOPNOTSUPP;
	rc = optee_check_memory_type(start, num_pages);
	if (rc || !optee->ops->share)
		return rc;
	return optee_shm_share(optee, shm, pages, num_pages);
}

static int optee_supp_shm_unregister(struct tee_context *ctx, struct tee_shm *shm)
{
	return optee_shm_unregister(ctx, shm);
}

const struct tee_driver_ops optee_supp_ops = {
	.get_version = optee_get_version,
	.get_tee_revision = optee_get_tee_revision,
	.open = optee_supp_open,
	.close_context = optee_supp_close_context,
	.release = optee_supp_release,
	.supp_recv = optee_supp_recv,
	.supp_recv_done = optee_supp_recv_done,
	.supp_send = optee_supp_send,
	.shm_register = optee_supp_shm_register,
	.shm_unregister = optee_supp_shm_unregister,
};
EXPORT_SYMBOL_GPL(optee_supp_ops);
