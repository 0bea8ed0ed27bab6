/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls into drivers, with an event at their beginning and end: for clients of user space and
 * of the kernel alike. That the driver has the operation is up to the caller.
 */
#ifndef TEE_CALL_H
#define TEE_CALL_H

#include <linux/ktime.h>

#include <omnitee/tee_core.h>
#include <trace/tee_trace.h>

static inline u64 tee_call_begin(const struct tee_context *ctx, enum tee_trace_op op, u64 session,
				 u32 command)
{
	trace_tee_call_begin(ctx, op, session, command);
	return trace_tee_call_end_enabled() ? ktime_get_ns() : 0;
}

static inline int tee_call_open_session(struct tee_context *ctx,
					struct tee_ioctl_open_session_arg *arg,
					struct tee_param *param)
{
	u64 begin;
	int rc;

	trace_tee_open_session(ctx, arg);
	begin = tee_call_begin(ctx, TEE_TRACE_OPEN, 0, 0);
	rc = ctx->teedev->desc->ops->open_session(ctx, arg, param);
	trace_tee_call_end(ctx, TEE_TRACE_OPEN, rc ? 0 : arg->session, 0, rc, rc ? 0 : arg->ret,
			   rc ? 0 : arg->ret_origin, begin);
	return rc;
}

static inline int tee_call_close_session(struct tee_context *ctx, u32 session)
{
	u64 begin = tee_call_begin(ctx, TEE_TRACE_CLOSE, session, 0);
	int rc = ctx->teedev->desc->ops->close_session(ctx, session);

	trace_tee_call_end(ctx, TEE_TRACE_CLOSE, session, 0, rc, 0, 0, begin);
	return rc;
}

int tee_call_invoke_traced(const struct tee_driver_ops *ops, struct tee_context *ctx,
			   struct tee_ioctl_invoke_arg *arg, struct tee_param *param);

/* Always inline: while nobody looks on it is the driver's operation and nothing else. */
static __always_inline int tee_call_invoke(const struct tee_driver_ops *ops,
					   struct tee_context *ctx,
					   struct tee_ioctl_invoke_arg *arg,
					   struct tee_param *param)
{
	if (trace_tee_call_begin_enabled() || trace_tee_call_end_enabled())
		return tee_call_invoke_traced(ops, ctx, arg, param);
	return ops->invoke_func(ctx, arg, param);
}

static inline int tee_call_object_invoke(struct tee_context *ctx,
					 struct tee_ioctl_object_invoke_arg *arg,
					 struct tee_param *param)
{
	u64 begin = tee_call_begin(ctx, TEE_TRACE_OBJECT, arg->id, arg->op);
	int rc = ctx->teedev->desc->ops->object_invoke_func(ctx, arg, param);

	trace_tee_call_end(ctx, TEE_TRACE_OBJECT, arg->id, arg->op, rc, rc ? 0 : arg->ret, 0,
			   begin);
	return rc;
}

static inline int tee_call_cancel(struct tee_context *ctx, u32 cancel_id, u32 session)
{
	u64 begin = tee_call_begin(ctx, TEE_TRACE_CANCEL, session, 0);
	int rc = ctx->teedev->desc->ops->cancel_req(ctx, cancel_id, session);

	trace_tee_call_end(ctx, TEE_TRACE_CANCEL, session, 0, rc, 0, 0, begin);
	return rc;
}

#endif /* TEE_CALL_H */
