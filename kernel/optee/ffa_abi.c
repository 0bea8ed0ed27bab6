// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls over FF-A: direct messages, RPC returns, parameters.
 *
 * A request is answered when the trusted OS has something to say: the call has ended, an RPC, or
 * an interrupt of ours. Partition managers may say the last one themselves; the request is on
 * its way then, and goes on where it was.
 */
#include <linux/delay.h>

#include <abi/optee_ffa.h>
#include <abi/tee_result.h>

#include "call.h"

/* Between two tries, while somebody else keeps the partition manager busy. */
#define OPTEE_FFA_PAUSE_US	1000

/* Registers from w3 on, in requests and responses. */
#define W3	0
#define W4	1
#define W5	2
#define W6	3
#define W7	4

/* Is it still the request? Responses of yielding calls have a result there, or 0. */
static bool optee_ffa_is_under_way(const struct omnitee_ffa_message *msg)
{
	return msg->data[W3] == OPTEE_FFA_YIELDING_CALL_WITH_ARG ||
	       msg->data[W3] == OPTEE_FFA_YIELDING_CALL_RESUME;
}

static int optee_ffa_switch(struct optee *optee, struct omnitee_ffa_message *msg)
{
	const struct omnitee_ffa_msg_ops *ops = optee->ffa.fdev->ops->msg_ops;
	u32 function = msg->data[W3];
	u64 begin;
	int rc;

	if (!trace_optee_switch_enter_enabled() && !trace_optee_switch_leave_enabled())
		return ops->step(optee->ffa.fdev, msg);
	trace_optee_switch_enter(optee, function);
	begin = ktime_get_ns();
	rc = ops->step(optee->ffa.fdev, msg);
	trace_optee_switch_leave(optee, function, msg->data[W4], begin);
	return rc;
}

/**
 * optee_ffa_blocking_call() - a call that needs no secure thread
 * @optee:	device
 * @msg:	request; response, out
 *
 * Return: 0, or an errno of the transport
 */
int optee_ffa_blocking_call(struct optee *optee, struct omnitee_ffa_message *msg)
{
	optee_count(optee, OPTEE_STAT_SWITCHES);
	return omnitee_ffa_send(optee->ffa.fdev, msg);
}

static void optee_ffa_call_begin(struct optee_call *call)
{
	u64 handle = call->page->cookie;

	call->ffa = (struct omnitee_ffa_message) {
		.data = {
			[W3] = OPTEE_FFA_YIELDING_CALL_WITH_ARG,
			[W4] = lower_32_bits(handle),
			[W5] = upper_32_bits(handle),
			[W6] = (void *)call->arg - call->page->va,
		},
	};
}

static enum optee_step optee_ffa_call_step(struct optee_call *call)
{
	struct omnitee_ffa_message *msg = &call->ffa;
	bool first = msg->data[W3] == OPTEE_FFA_YIELDING_CALL_WITH_ARG;
	int rc;

	if (unlikely(!optee_call_can_be_sent(call))) {
		call->status = TEE_ERROR_COMMUNICATION;
		return OPTEE_STEP_DONE;
	}

	rc = optee_ffa_switch(call->optee, msg);
	if (unlikely(rc)) {
		/* That there is no time for it now is the same, whatever it is called. */
		if (rc == -EAGAIN)
			rc = -EBUSY;
		if (rc == -EBUSY && !msg->begun && !call->started)
			return OPTEE_STEP_DEFERRED;
		if (rc == -EBUSY) {
			msg->yielded = true;
			msg->pause_us = OPTEE_FFA_PAUSE_US;
			return OPTEE_STEP_RPC;
		}
		if (rc == -EINPROGRESS)
			return OPTEE_STEP_RPC;
		call->status = TEE_ERROR_COMMUNICATION;
		return OPTEE_STEP_DONE;
	}

	/* Nothing that has a thread can be refused; who gave way before it had one, can. */
	if (msg->data[W3] == TEE_ERROR_BUSY && first) {
		call->started = false;
		return OPTEE_STEP_REFUSED;
	}
	/* A malformed one would have the call go on as if it were a request. */
	if (optee_ffa_is_under_way(msg))
		msg->data[W3] = TEE_ERROR_COMMUNICATION;
	if (!msg->data[W3] && msg->data[W4] != OPTEE_FFA_RETURN_DONE)
		return OPTEE_STEP_RPC;

	call->status = msg->data[W3];
	return OPTEE_STEP_DONE;
}

static enum optee_step optee_ffa_call_first(struct optee_call *call)
{
	optee_ffa_call_begin(call);
	return optee_ffa_call_step(call);
}

static int optee_ffa_call_rpc(struct optee_call *call)
{
	struct omnitee_ffa_message *msg = &call->ffa;
	struct optee *optee = call->optee;
	u32 resume_info = msg->data[W7];
	int rc;

	if (optee_ffa_is_under_way(msg)) {
		if (msg->yielded)
			usleep_range(msg->pause_us, 2 * msg->pause_us);
		else
			optee_count(optee, OPTEE_STAT_INTERRUPTS);
		msg->yielded = false;
		return 0;
	}

	switch (msg->data[W4]) {
	case OPTEE_FFA_RETURN_RPC_CMD:
		rc = optee_rpc_cmd(call, optee_call_rpc_arg(call),
				   OPTEE_MSG_ARG_SIZE(optee->rpc_params));
		if (rc)
			return rc;
		break;
	case OPTEE_FFA_RETURN_INTERRUPT:
		/* It was taken as soon as we were back in this world. */
		optee_count(optee, OPTEE_STAT_INTERRUPTS);
		break;
	default:
		dev_warn_ratelimited(optee->dev, "unknown RPC %#lx\n", msg->data[W4]);
		break;
	}
	*msg = (struct omnitee_ffa_message) {
		.data = {
			[W3] = OPTEE_FFA_YIELDING_CALL_RESUME,
			[W7] = resume_info,
		},
	};
	return 0;
}

/*
 * The offset in the first page goes into the other one. The secure world knows a share as one
 * object, which begins in its first page at the same place for all who use it; and two buffers of
 * ours may lie in one share.
 */
static void optee_ffa_to_msg_memref(struct optee_call *call, struct optee_msg_param *msg,
				    const struct tee_param *param)
{
	const struct tee_param_memref *memref = &param->u.memref;
	struct tee_shm *shm = memref->shm;
	u64 offs;

	msg->attr = OPTEE_MSG_ATTR_TYPE_FMEM_INPUT + param->attr -
		    TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT;
	if (!shm) {
		msg->u.fmem = (struct optee_msg_param_fmem) {
			.global_id = OPTEE_MSG_FMEM_INVALID_GLOBAL_ID,
		};
		return;
	}
	offs = shm->sec_world_offset + shm->offset + memref->shm_offs;
	msg->u.fmem = (struct optee_msg_param_fmem) {
		.offs_low = lower_32_bits(offs),
		.offs_high = upper_32_bits(offs),
		.size = memref->size,
		.global_id = shm->sec_world_id,
	};
	call->shms[call->num_shms++] = shm;
}

/* Answers have room for the offset in the first page alone. */
static u32 optee_ffa_show_memory(struct optee_call *call, struct optee_msg_param *msg,
				 const struct optee_rpc_memory *mem)
{
	size_t offset = mem->shm ? mem->shm->sec_world_offset + mem->shm->offset : 0;

	if (offset >= OPTEE_MSG_PAGE_SIZE)
		return TEE_ERROR_OUT_OF_MEMORY;
	msg->attr = OPTEE_MSG_ATTR_TYPE_FMEM_OUTPUT;
	msg->u.fmem = (struct optee_msg_param_fmem) {
		.internal_offs = offset,
		.size = mem->size,
		.global_id = mem->handle.cookie,
	};
	return TEE_SUCCESS;
}

/* Of what was shown to it, the place in the first page is known. Everything is read once. */
static bool optee_ffa_read_memref(const struct optee_msg_param *msg, u64 *cookie, u64 *offs)
{
	u64 id = READ_ONCE(msg->u.fmem.global_id);
	u64 low = READ_ONCE(msg->u.fmem.offs_low);
	u64 high = READ_ONCE(msg->u.fmem.offs_high);

	*cookie = id == OPTEE_MSG_FMEM_INVALID_GLOBAL_ID ? 0 : id;
	*offs = high << 32 | low;
	return READ_ONCE(msg->u.fmem.internal_offs) < OPTEE_MSG_PAGE_SIZE;
}

const struct optee_ops optee_ffa_ops = {
	.call_begin = optee_ffa_call_begin,
	.call_first = optee_ffa_call_first,
	.call_step = optee_ffa_call_step,
	.call_rpc = optee_ffa_call_rpc,
	.to_msg_memref = optee_ffa_to_msg_memref,
	.show_memory = optee_ffa_show_memory,
	.read_memref = optee_ffa_read_memref,
	.share = optee_ffa_share,
	.unshare = optee_ffa_unshare,
	.destroy = optee_ffa_shares_destroy,
};
