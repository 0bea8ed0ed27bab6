// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invocations by clients.
 */
#include <linux/sched/signal.h>

#include "conv.h"

/**
 * qcomtee_object_invoke_undo() - objects of QTEE that a client was to get, and will not
 * @ctx:	context
 * @param:	parameters as qcomtee_object_invoke() left them; of others no objects are named
 * @num_params:	how many
 */
void qcomtee_object_invoke_undo(struct tee_context *ctx, const struct tee_param *param,
				u32 num_params)
{
	u32 n;

	for (n = 0; n < num_params; n++)
		if (param[n].attr == TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT &&
		    param[n].u.objref.flags == TEE_QTEE_OBJREF_TEE)
			qcomtee_remote_remove(ctx->data, param[n].u.objref.id);
}

/* The object that is invoked becomes the conversation's. */
static int qcomtee_object_find(struct qcomtee_conv *conv, struct tee_context *ctx, u64 id,
			       u32 *wire_id)
{
	*wire_id = QTEE_OBJECT_ROOT;
	if (id == TEE_OBJREF_NULL)
		return 0;
	conv->target = qcomtee_remote_find(ctx->data, id);
	if (!conv->target)
		return -EINVAL;
	*wire_id = conv->target->id;
	return 0;
}

/**
 * qcomtee_object_invoke() - TEE_IOC_OBJECT_INVOKE
 * @ctx:	context
 * @arg:	object, operation; result, out
 * @param:	parameters, in and out
 *
 * RELEASE ends here: the id is the context's own.
 *
 * Return: 0 if QTEE has answered, whatever that is; -EINVAL for objects, operations and
 * parameters that cannot be; -ENODEV if QTEE was lost in the middle, or does not take an answer;
 * -EINTR if the client was killed; a worker brings the invocation to its end then; otherwise an errno of the way to QTEE,
 * which has got nothing then
 *
 * Context: may sleep
 */
int qcomtee_object_invoke(struct tee_context *ctx, struct tee_ioctl_object_invoke_arg *arg,
			  struct tee_param *param)
{
	struct qcomtee *qtee = qcomtee_of(ctx);
	struct qcomtee_conv *conv;
	u32 id;
	int rc;

	if (arg->op == QTEE_OP_RELEASE) {
		qcomtee_remote_remove(ctx->data, arg->id);
		arg->ret = QTEE_OK;
		return 0;
	}
	if (arg->op == QTEE_OP_RETAIN || arg->op > QTEE_OP_METHOD_MASK)
		return -EINVAL;

	conv = qcomtee_conv_get(qtee);
	if (!conv)
		return -ENOMEM;
	rc = qcomtee_object_find(conv, ctx, arg->id, &id);
	if (!rc)
		rc = qcomtee_message_build(conv, ctx, id, arg->op, param, arg->num_params);
	if (!rc)
		rc = qcomtee_conv_run(conv, ctx);
	if (rc == -EINPROGRESS)
		return fatal_signal_pending(current) ? -EINTR : -ENODEV;
	if (rc)
		goto out_put;

	arg->ret = conv->result;
	/* A success that is not one after all. */
	if (!conv->result && qcomtee_message_results(conv, ctx, param, arg->num_params))
		arg->ret = QTEE_UNAVAIL;
	qcomtee_async_final(conv);

out_put:
	qcomtee_conv_put(conv);
	return rc;
}
