// SPDX-License-Identifier: GPL-2.0-only
/*
 * RPC messages: requests of the secure world to the kernel.
 *
 * The message is shared memory: every field is read once.
 */
#include <linux/mm.h>
#include <linux/timekeeping.h>

#include <abi/optee_rpc.h>
#include <abi/tee_result.h>

#include "stats.h"

static u64 optee_rpc_attr(const struct optee_msg_arg *arg, u32 index)
{
	return READ_ONCE(arg->params[index].attr);
}

static u32 optee_rpc_get_time(struct optee_msg_arg *arg, u32 num_params)
{
	struct timespec64 now;

	if (num_params != 1 || optee_rpc_attr(arg, 0) != OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT)
		return TEE_ERROR_BAD_PARAMETERS;

	ktime_get_real_ts64(&now);
	arg->params[0].u.value.a = now.tv_sec;
	arg->params[0].u.value.b = now.tv_nsec;
	return TEE_SUCCESS;
}

/* The secure thread sleeps here. Cut short if its client is killed, or the device goes. */
static u32 optee_rpc_suspend(struct optee_call *call, struct optee_msg_arg *arg, u32 num_params)
{
	if (num_params != 1 || optee_rpc_attr(arg, 0) != OPTEE_MSG_ATTR_TYPE_VALUE_INPUT)
		return TEE_ERROR_BAD_PARAMETERS;

	optee_notif_pause(call, READ_ONCE(arg->params[0].u.value.a));
	return TEE_SUCCESS;
}

static int optee_rpc_notification(struct optee_call *call, struct optee_msg_arg *arg,
				  u32 num_params, u32 *ret)
{
	u64 value, timeout;
	int rc;

	*ret = TEE_ERROR_BAD_PARAMETERS;
	if (num_params != 1 || optee_rpc_attr(arg, 0) != OPTEE_MSG_ATTR_TYPE_VALUE_INPUT)
		return 0;

	value = READ_ONCE(arg->params[0].u.value.b);
	switch (READ_ONCE(arg->params[0].u.value.a)) {
	case OPTEE_RPC_NOTIFICATION_WAIT:
		timeout = READ_ONCE(arg->params[0].u.value.c);
		optee_notif_wait_begin(call, value, timeout);
		rc = optee_notif_wait(call, value, timeout, ret);
		trace_optee_notif_wait_end(call->optee, value, *ret);
		return rc;
	case OPTEE_RPC_NOTIFICATION_SEND:
		*ret = optee_notif_post(call->optee, value);
		optee_notif_sent(call, value, *ret);
		return 0;
	default:
		return 0;
	}
}

static u32 optee_rpc_shm_alloc(struct optee_call *call, struct optee_msg_arg *arg,
			       u32 num_params)
{
	struct optee_rpc_memory *mem = NULL;
	u64 type, size, align;
	u32 ret;
	u32 n;

	if (!num_params || optee_rpc_attr(arg, 0) != OPTEE_MSG_ATTR_TYPE_VALUE_INPUT)
		return TEE_ERROR_BAD_PARAMETERS;
	for (n = 1; n < num_params; n++)
		if (optee_rpc_attr(arg, n) != OPTEE_MSG_ATTR_TYPE_NONE)
			return TEE_ERROR_BAD_PARAMETERS;

	type = READ_ONCE(arg->params[0].u.value.a);
	size = READ_ONCE(arg->params[0].u.value.b);
	align = READ_ONCE(arg->params[0].u.value.c);
	if (align > PAGE_SIZE || (align & (align - 1)))
		return TEE_ERROR_BAD_PARAMETERS;

	switch (type) {
	case OPTEE_RPC_SHM_TYPE_APPL:
		ret = optee_rpc_supp_alloc(call, size, align, &mem);
		if (ret != TEE_SUCCESS)
			return ret;
		ret = call->optee->ops->show_memory(call, arg->params, mem);
		if (ret != TEE_SUCCESS)
			optee_rpc_supp_free(call, mem->handle.cookie);
		break;
	case OPTEE_RPC_SHM_TYPE_KERNEL:
		mem = optee_rpc_memory_alloc(call->optee, size, align);
		if (!mem)
			return TEE_ERROR_OUT_OF_MEMORY;
		ret = call->optee->ops->show_memory(call, arg->params, mem);
		if (ret != TEE_SUCCESS)
			optee_rpc_memory_free(call->optee, mem->handle.cookie);
		break;
	default:
		return TEE_ERROR_BAD_PARAMETERS;
	}
	optee_rpc_memory_put(call->optee, mem);
	return ret;
}

static u32 optee_rpc_shm_free(struct optee_call *call, struct optee_msg_arg *arg, u32 num_params)
{
	u64 cookie;

	if (num_params != 1 || optee_rpc_attr(arg, 0) != OPTEE_MSG_ATTR_TYPE_VALUE_INPUT)
		return TEE_ERROR_BAD_PARAMETERS;

	cookie = READ_ONCE(arg->params[0].u.value.b);
	switch (READ_ONCE(arg->params[0].u.value.a)) {
	case OPTEE_RPC_SHM_TYPE_APPL:
		return optee_rpc_supp_free(call, cookie);
	case OPTEE_RPC_SHM_TYPE_KERNEL:
		return optee_rpc_memory_free(call->optee, cookie) ? TEE_SUCCESS :
								    TEE_ERROR_BAD_PARAMETERS;
	default:
		return TEE_ERROR_BAD_PARAMETERS;
	}
}

/* Return: 0 with the result in @ret, or -EINTR, see optee_rpc_cmd() */
static int optee_rpc_dispatch(struct optee_call *call, struct optee_msg_arg *arg, u32 cmd,
			      u32 num_params, u32 *ret)
{
	switch (cmd) {
	case OPTEE_RPC_CMD_GET_TIME:
		*ret = optee_rpc_get_time(arg, num_params);
		return 0;
	case OPTEE_RPC_CMD_NOTIFICATION:
		return optee_rpc_notification(call, arg, num_params, ret);
	case OPTEE_RPC_CMD_SUSPEND:
		*ret = optee_rpc_suspend(call, arg, num_params);
		return 0;
	case OPTEE_RPC_CMD_SHM_ALLOC:
		*ret = optee_rpc_shm_alloc(call, arg, num_params);
		return 0;
	case OPTEE_RPC_CMD_SHM_FREE:
		*ret = optee_rpc_shm_free(call, arg, num_params);
		return 0;
	case OPTEE_RPC_CMD_I2C_TRANSFER:
	case OPTEE_RPC_CMD_RPMB_PROBE_RESET:
	case OPTEE_RPC_CMD_RPMB_PROBE_NEXT:
	case OPTEE_RPC_CMD_RPMB_FRAMES:
		/* The kernel's to do, if it could. No supplicant can: do not wait for one. */
		*ret = TEE_ERROR_NOT_SUPPORTED;
		return 0;
	default:
		*ret = optee_rpc_forward(call, arg, cmd, num_params);
		return 0;
	}
}

/**
 * optee_rpc_cmd() - do what an RPC message asks for
 * @call:	call that is suspended in it
 * @arg:	message, shared; the answer goes into it
 * @room:	bytes that belong to it, at least those of a message without parameters
 *
 * Return: 0, or -EINTR if the task was killed and another has to do it anew
 */
int optee_rpc_cmd(struct optee_call *call, struct optee_msg_arg *arg, size_t room)
{
	u32 num_params = READ_ONCE(arg->num_params);
	u32 cmd = READ_ONCE(arg->cmd);
	u32 ret = TEE_ERROR_BAD_PARAMETERS;
	int rc = 0;
	u64 begin;

	begin = optee_rpc_begin(call, cmd);
	if (num_params <= (room - sizeof(*arg)) / sizeof(arg->params[0]))
		rc = optee_rpc_dispatch(call, arg, cmd, num_params, &ret);
	optee_rpc_end(call, cmd, rc, ret, begin);
	if (rc)
		return rc;

	arg->ret_origin = TEE_ORIGIN_COMMS;
	arg->ret = ret;
	return 0;
}
EXPORT_SYMBOL_GPL(optee_rpc_cmd);
