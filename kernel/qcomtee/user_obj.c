// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of users: their calls become requests for the process that has the file open, the
 * supplicant. It need not be the one that waits, and may never answer.
 *
 * Who waits can be killed, since client and supplicant may be threads of one process, of which
 * the supplicant goes first; and frozen, for the same reason. So the client may let go of a
 * request in any state. The request is on nobody's stack and names nothing of the client's, see
 * request.h; what the supplicant makes of one that was revoked reaches nobody.
 */
#include <linux/freezer.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "conv.h"

static unsigned int qcomtee_callback_timeout_ms;
module_param_named(callback_timeout_ms, qcomtee_callback_timeout_ms, uint, 0644);
MODULE_PARM_DESC(callback_timeout_ms, "how long a callback may take until QTEE is told TIMEOUT, in ms; 0: for ever (default)");

/*
 * For a release nobody waits who could be killed, and its place in QTEE is everybody's: a process that
 * is silent, perhaps because its supplicant has died, would take one place after the other.
 */
static unsigned int qcomtee_release_timeout_ms = 10000;
module_param_named(release_timeout_ms, qcomtee_release_timeout_ms, uint, 0644);
MODULE_PARM_DESC(release_timeout_ms, "how long a callback may take that the release of an object makes, in ms; 0: as any other (default 10000)");

static void qcomtee_args_free(struct qcomtee_args *args)
{
	unsigned int n;

	for (n = 0; n < QTEE_ARGS_MAX; n++) {
		qcomtee_ref_put(&args->in[n]);
		qcomtee_ref_put(&args->out[n]);
	}
	kfree(args);
}

/**
 * qcomtee_request_put() - drop a reference
 * @req:	request; a release goes at once, as it has one holder at a time
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_request_put(struct qcomtee_request *req)
{
	if (qcomtee_request_is_release(req)) {
		qcomtee_local_free(req->target);
		return;
	}
	if (!refcount_dec_and_test(&req->refs))
		return;
	qcomtee_args_free(req->args);
	qcomtee_local_put(req->target);
	kfree(req);
}

static struct qcomtee_context_data *qcomtee_request_data(const struct qcomtee_request *req)
{
	return req->target->ctx->data;
}

/* Nobody waits any more: the timer's reference is not the last one. */
static void qcomtee_request_untime(struct qcomtee_request *req)
{
	if (req->timed && cancel_delayed_work(&req->timer))
		refcount_dec(&req->refs);
}

/*
 * There is a result: whoever waits goes on, possibly before this returns. The caller has taken
 * it out of the list, and drops its reference afterwards.
 */
static void qcomtee_request_complete(struct qcomtee_request *req, s32 result)
{
	lockdep_assert_held(&qcomtee_request_data(req)->lock);

	/* Nobody waits, or who did is going on with what it was told. */
	if (req->revoked)
		return;
	req->result = result;
	req->state = QCOMTEE_REQUEST_DONE;
	qcomtee_request_untime(req);
	if (req->conv)
		qcomtee_conv_go_on(req->conv);
	else
		complete(&req->done);
}

/* What the answer names is QTEE's, or will be: its process is told when it is let go. */
static void qcomtee_args_accept(struct qcomtee_args *args)
{
	unsigned int n;

	for (n = 0; n < args->counts.oo; n++)
		if (args->out[n].kind == QCOMTEE_USER)
			WRITE_ONCE(args->out[n].local->notify, true);
}

/**
 * qcomtee_request_finish() - the answer is there
 * @req:	request that the caller has taken out of the list; its reference goes
 * @result:	QTEE_*
 *
 * Return: whether QTEE gets it. Then each object that it names is let go once, whatever happens
 * to the call; otherwise none was passed, as the client was killed before
 *
 * Context: may sleep; no lock is held
 */
bool qcomtee_request_finish(struct qcomtee_request *req, s32 result)
{
	struct qcomtee_context_data *data = qcomtee_request_data(req);
	bool wanted;

	spin_lock(&data->lock);
	wanted = !req->revoked;
	if (wanted && !result)
		qcomtee_args_accept(req->args);
	qcomtee_request_complete(req, result);
	spin_unlock(&data->lock);
	qcomtee_request_put(req);
	return wanted;
}

/**
 * qcomtee_request_cut_off() - nobody will ever answer these
 * @data:	context
 * @list:	its requests; empty afterwards
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_request_cut_off(struct qcomtee_context_data *data, struct list_head *list)
{
	struct qcomtee_request *req;

	for (;;) {
		spin_lock(&data->lock);
		req = list_first_entry_or_null(list, struct qcomtee_request, node);
		if (req) {
			list_del_init(&req->node);
			if (!qcomtee_request_is_release(req))
				qcomtee_request_complete(req, QTEE_DEFUNCT);
		}
		spin_unlock(&data->lock);
		if (!req)
			return;
		qcomtee_request_put(req);
	}
}

/* Into the queue, whose reference the caller gives. -ENODEV if nobody would ever take it. */
static int qcomtee_request_queue(struct qcomtee_request *req)
{
	struct qcomtee_context_data *data = qcomtee_request_data(req);

	spin_lock(&data->lock);
	if (data->released) {
		spin_unlock(&data->lock);
		return -ENODEV;
	}
	req->place = ++data->last_place;
	list_add_tail(&req->node, &data->queued);
	if (req->timed)
		queue_delayed_work(req->target->qtee->workers, &req->timer, req->limit);
	spin_unlock(&data->lock);
	wake_up(&data->wait);
	return 0;
}

/**
 * qcomtee_user_release() - tell the process that its object was let go
 * @local:	object without references; on success the queue owns it
 *
 * Return: false if there is nobody to tell
 *
 * Context: may sleep; no lock is held
 */
bool qcomtee_user_release(struct qcomtee_local *local)
{
	struct qcomtee_request *req = &local->release;
	struct tee_context *ctx = local->ctx;
	bool queued;

	req->target = local;
	req->op = QTEE_OP_RELEASE;
	/* Once it is queued the object may go, and with it the last that keeps the queue. */
	teedev_ctx_get(ctx);
	queued = !qcomtee_request_queue(req);
	teedev_ctx_put(ctx);
	return queued;
}

/* Takes the request out of the list it is in; if the answer is being read, that goes on alone. */
static bool qcomtee_request_unlink(struct qcomtee_request *req)
{
	if (list_empty(&req->node))
		return false;
	list_del_init(&req->node);
	return true;
}

/*
 * Also if the answer is being read, which may take as long as user space likes: whoever waits goes on,
 * and looks at no arguments, as the result is an error. The answer is refused when it was read.
 */
static void qcomtee_request_timeout(struct work_struct *work)
{
	struct qcomtee_request *req = container_of(to_delayed_work(work), struct qcomtee_request,
						   timer);
	struct qcomtee_context_data *data = qcomtee_request_data(req);
	bool unlinked;

	spin_lock(&data->lock);
	unlinked = qcomtee_request_unlink(req);
	if (req->state != QCOMTEE_REQUEST_DONE) {
		qcomtee_request_complete(req, QTEE_TIMEOUT);
		req->revoked = true;
	}
	spin_unlock(&data->lock);
	if (unlinked)
		qcomtee_request_put(req);
	qcomtee_request_put(req);
}

/* Everything that the callback says, from the copy of it. */
static struct qcomtee_args *qcomtee_args_alloc(struct qcomtee_conv *conv)
{
	struct qcomtee_counts c = qcomtee_counts_of(conv->header.counts);
	struct qcomtee_args *args;

	args = kzalloc(struct_size(args, msg, conv->async_offset), GFP_KERNEL_ACCOUNT);
	if (!args)
		return NULL;
	args->counts = c;
	args->size = conv->async_offset;
	memcpy(args->args, conv->args, (c.ib + c.ob) * sizeof(*args->args));
	memcpy(args->msg, conv->copy, args->size);
	return args;
}

/* All IO are taken, whether they mean something or not: QTEE has counted them. */
static int qcomtee_args_take_objects(struct qcomtee_conv *conv, struct qcomtee_args *args)
{
	struct qcomtee_counts c = args->counts;
	unsigned int n;
	int rc = 0;

	for (n = 0; n < c.io; n++) {
		int err = qcomtee_ref_from_id(&args->in[n], conv->qtee,
					      conv->args[c.ib + c.ob + n].o.id);

		rc = rc ?: err;
	}
	conv->took = true;
	return rc;
}

/* In ms; 0: as long as it takes. */
static unsigned int qcomtee_limit_ms(const struct qcomtee_conv *conv)
{
	unsigned int limit_ms = READ_ONCE(qcomtee_callback_timeout_ms);
	unsigned int release_ms = READ_ONCE(qcomtee_release_timeout_ms);

	/* Those of killed clients call nobody. */
	if (!conv->asynchronous || !release_ms)
		return limit_ms;
	return limit_ms ? min(limit_ms, release_ms) : release_ms;
}

/**
 * qcomtee_user_call() - ask a process to do what QTEE wants of its object
 * @conv:	conversation with a parsed callback; gets the request
 * @target:	object
 *
 * When nobody waits, the answer may come, and a worker go on with @conv, at any moment from when
 * the request is in the queue.
 *
 * Return: 0, or an errno without a request
 *
 * Context: may sleep; no lock is held
 */
int qcomtee_user_call(struct qcomtee_conv *conv, struct qcomtee_local *target)
{
	unsigned int limit_ms = qcomtee_limit_ms(conv);
	struct qcomtee_request *req;
	int rc;

	req = kzalloc(sizeof(*req), GFP_KERNEL_ACCOUNT);
	if (!req)
		return -ENOMEM;
	req->args = qcomtee_args_alloc(conv);
	if (!req->args) {
		kfree(req);
		return -ENOMEM;
	}
	refcount_set(&req->refs, limit_ms ? 3 : 2);
	INIT_LIST_HEAD(&req->node);
	init_completion(&req->done);
	INIT_DELAYED_WORK(&req->timer, qcomtee_request_timeout);
	req->op = conv->header.op & QTEE_OP_METHOD_MASK;
	req->timed = limit_ms;
	req->limit = msecs_to_jiffies(limit_ms);
	if (conv->asynchronous)
		req->conv = conv;
	refcount_inc(&target->refs);
	req->target = target;

	rc = qcomtee_args_take_objects(conv, req->args);
	if (rc)
		goto err_free;
	conv->req = req;
	rc = qcomtee_request_queue(req);
	if (!rc)
		return 0;

	conv->req = NULL;
err_free:
	refcount_set(&req->refs, 1);
	qcomtee_request_put(req);
	return rc;
}

/*
 * Until there is an answer, or the task is killed: false. Whoever freezes a control group
 * looks once for a task that sleeps or can be woken by a signal, and who is just going to sleep is
 * neither, so it sleeps interruptibly. Only with a signal that ends nothing that is not possible.
 */
static bool qcomtee_user_sleep(struct qcomtee_request *req)
{
	unsigned int state = TASK_INTERRUPTIBLE | TASK_FREEZABLE;

	while (wait_for_completion_state(&req->done, state)) {
		if (fatal_signal_pending(current))
			return false;
		if (freezing(current)) {
			try_to_freeze();
			recalc_sigpending();
		} else {
			state = TASK_KILLABLE | TASK_FREEZABLE;
		}
	}
	return true;
}

/**
 * qcomtee_user_wait() - wait for the answer
 * @conv:	conversation with a request; without one if the task was killed first
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_user_wait(struct qcomtee_conv *conv)
{
	struct qcomtee_request *req = conv->req;
	struct qcomtee_context_data *data = qcomtee_request_data(req);
	bool unlinked;

	if (qcomtee_user_sleep(req))
		return;

	spin_lock(&data->lock);
	/* The answer and the signal came together: it was given, so it counts. */
	if (req->state == QCOMTEE_REQUEST_DONE) {
		spin_unlock(&data->lock);
		return;
	}
	req->revoked = true;
	qcomtee_request_untime(req);
	unlinked = qcomtee_request_unlink(req);
	spin_unlock(&data->lock);

	if (unlinked)
		qcomtee_request_put(req);
	conv->req = NULL;
	conv->answer = QTEE_DEFUNCT;
	qcomtee_request_put(req);
}
