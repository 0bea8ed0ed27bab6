// SPDX-License-Identifier: GPL-2.0-only
/*
 * The call that is made most often, by far: a command for a session.
 */
#include "kept_call.h"
#include "session.h"

static noinline void optee_invoke_failed(struct optee_call *call,
					 struct tee_ioctl_invoke_arg *arg)
{
	if (call->status)
		optee_report_status(call->optee, call->status);
	else
		dev_warn_ratelimited(call->optee->dev, "malformed reply to invoke\n");
	optee_communication_error(&arg->ret, &arg->ret_origin);
}

int optee_invoke_func(struct tee_context *ctx, struct tee_ioctl_invoke_arg *arg,
		      struct tee_param *param)
{
	struct optee_context *optee_ctx = ctx->data;
	struct optee *optee = optee_ctx->optee;
	unsigned int num_params = arg->num_params;
	struct optee_call *call = NULL;
	enum optee_session_kind kind;
	struct optee_msg_arg *msg;
	int rc;

	kind = optee_session_lookup(optee_ctx, arg->session);
	if (unlikely(kind == OPTEE_SESSION_NONE || num_params > OPTEE_MAX_PARAMS))
		return -EINVAL;
	if (likely(kind == OPTEE_SESSION_ORDINARY))
		call = optee_kept_call_take(optee_ctx, num_params);
	if (unlikely(!call)) {
		if (kind == OPTEE_SESSION_SYSTEM)
			call = optee_call_alloc_system(ctx, num_params);
		else
			call = optee_call_prepare_anew(optee, ctx, num_params);
		if (!call)
			return -ENOMEM;
	}

	msg = call->arg;
	*msg = (struct optee_msg_arg) {
		.cmd = OPTEE_MSG_CMD_INVOKE_COMMAND,
		.func = arg->func,
		.session = arg->session,
		.cancel_id = arg->cancel_id,
		.num_params = num_params,
	};
	if (num_params) {
		rc = optee_to_msg_params(call, msg->params, param, num_params);
		if (rc)
			goto out_call;
	}

	rc = optee_call_run_at_once(optee, call, msg, OPTEE_MSG_CMD_INVOKE_COMMAND, num_params);
	if (rc)
		goto out_call;

	if (likely(!call->status) && likely(optee_call_reply_is_sane(call, msg, num_params))) {
		if (num_params)
			optee_from_msg_params(msg->params, param, num_params);
		arg->ret = READ_ONCE(msg->ret);
		arg->ret_origin = READ_ONCE(msg->ret_origin);
	} else {
		optee_invoke_failed(call, arg);
	}

out_call:
	optee_kept_call_put(optee_ctx, call);
	return rc;
}
