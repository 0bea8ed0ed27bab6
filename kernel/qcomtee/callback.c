// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callbacks: QTEE invokes an object of the kernel. What it wrote is copied once and checked in
 * the copy, as it stays able to change the page.
 */
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "conv.h"

/**
 * qcomtee_result_of_errno() - what QTEE is told of an error
 * @err:	negative errno, or 0, or a result of an object, which is passed on
 */
s32 qcomtee_result_of_errno(int err)
{
	switch (err) {
	case -ENOMEM:
		return QTEE_KMEM;
	case -ENODEV:
		return QTEE_DEFUNCT;
	case -ENOSPC:
	case -EBUSY:
		return QTEE_BUSY;
	case -EBADF:
	case -EINVAL:
		return QTEE_UNAVAIL;
	default:
		return err < 0 ? QTEE_ERROR : err;
	}
}

/*
 * Header, arguments, and where payloads end. Each payload lies between the arguments and the end
 * that follows from all sizes, since what is behind that are messages of their own.
 */
static int qcomtee_callback_parse(struct qcomtee_conv *conv)
{
	struct qcomtee_counts c;
	unsigned int n;
	size_t begin;
	size_t end;

	memcpy(&conv->header, conv->copy, sizeof(conv->header));
	if (conv->header.counts & QTEE_COUNTS_RESERVED) {
		conv->header.counts = 0;
		return -EINVAL;
	}
	c = qcomtee_counts_of(conv->header.counts);
	begin = sizeof(conv->header) + qcomtee_counts_all(&c) * sizeof(*conv->args);
	memcpy(conv->args, conv->copy + sizeof(conv->header), begin - sizeof(conv->header));

	begin = ALIGN(begin, QTEE_ALIGN);
	end = begin;
	for (n = 0; n < c.ib + c.ob; n++) {
		if (conv->args[n].b.size > QTEE_OUTBOUND_SIZE)
			return -EINVAL;
		end += ALIGN(conv->args[n].b.size, QTEE_ALIGN);
	}
	if (end > QTEE_OUTBOUND_SIZE)
		return -EINVAL;
	for (n = 0; n < c.ib + c.ob; n++) {
		const union qtee_arg *arg = &conv->args[n];

		if (arg->b.offset < begin || arg->b.offset > end ||
		    arg->b.size > end - arg->b.offset)
			return -EINVAL;
	}
	conv->async_offset = end;
	return 0;
}

/* The operation of a user's object: 0 with an answer, or -EINPROGRESS. */
static int qcomtee_callback_user(struct qcomtee_conv *conv, struct qcomtee_local *local)
{
	/* As long as it is ours: once the request is in the queue, @conv may go on elsewhere. */
	bool asynchronous = conv->asynchronous;
	int rc;

	/* Who is killed wants nothing any more, and whose answers could it use? */
	if (conv->orphan || (!asynchronous && fatal_signal_pending(current))) {
		conv->answer = QTEE_DEFUNCT;
		return 0;
	}
	rc = qcomtee_user_call(conv, local);
	if (rc) {
		conv->answer = qcomtee_result_of_errno(rc);
		return 0;
	}
	if (asynchronous)
		return -EINPROGRESS;
	qcomtee_user_wait(conv);
	return 0;
}

static int qcomtee_callback_dispatch(struct qcomtee_conv *conv)
{
	u32 op = conv->header.op & QTEE_OP_METHOD_MASK;
	u32 id = conv->header.cxt;
	struct qcomtee_local *local;
	int rc = 0;

	conv->answer = QTEE_UNAVAIL;
	if (id == QTEE_OBJECT_PRIMORDIAL)
		return qcomtee_primordial(conv, op);
	if (!(id & QTEE_OBJECT_KERNEL))
		return 0;
	if (op == QTEE_OP_RELEASE) {
		if (qcomtee_local_release(conv->qtee, id))
			conv->answer = QTEE_OK;
		return 0;
	}
	/* One id is one reference, which cannot be counted a second time. */
	if (op == QTEE_OP_RETAIN)
		return 0;

	local = qcomtee_local_get(conv->qtee, id);
	if (!local)
		return 0;
	/* Memory has no operations: only the primordial object maps it. */
	if (local->kind == QCOMTEE_USER)
		rc = qcomtee_callback_user(conv, local);
	qcomtee_local_put(local);
	return rc;
}

/* IO that nobody will get: QTEE has counted a reference for each object of its own. */
static void qcomtee_callback_drop_objects(struct qcomtee_conv *conv)
{
	struct qcomtee_counts c = qcomtee_counts_of(conv->header.counts);
	struct qcomtee_ref ref;
	unsigned int n;

	for (n = 0; n < c.io; n++) {
		u32 id = conv->args[c.ib + c.ob + n].o.id;

		if (!(id & QTEE_OBJECT_KERNEL) && !qcomtee_ref_from_id(&ref, conv->qtee, id))
			qcomtee_ref_put(&ref);
	}
}

/**
 * qcomtee_callback_begin() - serve the callback that QTEE has just returned with
 * @conv:	conversation
 *
 * Return: 0 with an answer in @conv, which is still to be given; -EINPROGRESS if there will be
 * one, and @conv goes on by itself
 *
 * Context: may sleep; no lock is held
 */
int qcomtee_callback_begin(struct qcomtee_conv *conv)
{
	int rc;

	memcpy(conv->copy, conv->out.va, QTEE_OUTBOUND_SIZE);
	conv->answering = true;
	conv->took = false;
	conv->req = NULL;
	conv->answer = QTEE_UNAVAIL;
	if (!qcomtee_callback_parse(conv)) {
		qcomtee_async_callback(conv);
		rc = qcomtee_callback_dispatch(conv);
		if (rc)
			return rc;
	}
	if (!conv->took)
		qcomtee_callback_drop_objects(conv);
	return 0;
}

/* Whether the user's answer could be put into the page. */
static int qcomtee_callback_fill(struct qcomtee_conv *conv, struct qcomtee_args *args)
{
	struct qtee_callback *msg = conv->out.va;
	struct qcomtee_counts c = args->counts;
	unsigned int n;
	int rc;

	for (n = 0; n < c.oo; n++) {
		rc = qcomtee_conv_pass(conv, &args->out[n],
				       &msg->args[c.ib + c.ob + c.io + n].o.id);
		if (rc)
			return rc;
	}
	for (n = c.ib; n < c.ib + c.ob; n++) {
		memcpy(conv->out.va + args->args[n].b.offset, args->msg + args->args[n].b.offset,
		       args->args[n].b.size);
		msg->args[n].b.size = args->args[n].b.size;
	}
	return 0;
}

/**
 * qcomtee_callback_answer() - put the answer where QTEE will look
 * @conv:	conversation
 */
void qcomtee_callback_answer(struct qcomtee_conv *conv)
{
	struct qtee_callback *msg = conv->out.va;
	int rc = 0;

	if (conv->req) {
		conv->answer = conv->req->result;
		if (!conv->answer)
			rc = qcomtee_callback_fill(conv, conv->req->args);
		if (rc)
			conv->answer = qcomtee_result_of_errno(rc);
	}
	msg->result = conv->answer;
}

/**
 * qcomtee_callback_end() - the answer was given
 * @conv:	conversation
 */
void qcomtee_callback_end(struct qcomtee_conv *conv)
{
	if (conv->req)
		qcomtee_request_put(conv->req);
	conv->req = NULL;
}
