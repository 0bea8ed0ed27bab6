// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters of clients in messages, and back. How memory is named is the backend's to say.
 */
#include "optee_private.h"

/* Whatever names memory, its size is in one place. */
static_assert(offsetof(struct optee_msg_param, u.rmem.size) ==
	      offsetof(struct optee_msg_param, u.tmem.size));
static_assert(offsetof(struct optee_msg_param, u.rmem.size) ==
	      offsetof(struct optee_msg_param, u.fmem.size));

/**
 * optee_to_msg_params() - put parameters into a message
 * @call:	call of the message
 * @msg:	parameters of the message. All of each is written, as what is there may be of another
 *		call
 * @params:	parameters of the client
 * @num:	how many
 *
 * Return: 0, or -EINVAL for a kind that clients cannot pass
 */
int optee_to_msg_params(struct optee_call *call, struct optee_msg_param *msg,
			const struct tee_param *params, size_t num)
{
	size_t n;

	for (n = 0; n < num; n++) {
		const struct tee_param *param = params + n;

		/* META parameters are ours to add. */
		switch (param->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_NONE:
			msg[n] = (struct optee_msg_param){ .attr = OPTEE_MSG_ATTR_TYPE_NONE };
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
			msg[n].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT + param->attr -
				      TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
			msg[n].u.value.a = param->u.value.a;
			msg[n].u.value.b = param->u.value.b;
			msg[n].u.value.c = param->u.value.c;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
			call->optee->ops->to_msg_memref(call, msg + n, param);
			break;
		default:
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * optee_from_msg_params() - take the results out of a message
 * @msg:	parameters of the message. The secure world may still write there: each is read once
 * @params:	parameters of the client. The types are those that were sent, see
 *		optee_call_reply_is_sane()
 * @num:	how many
 */
void optee_from_msg_params(const struct optee_msg_param *msg, struct tee_param *params, size_t num)
{
	size_t n;

	for (n = 0; n < num; n++) {
		struct tee_param *param = params + n;

		switch (param->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
			param->u.value.a = READ_ONCE(msg[n].u.value.a);
			param->u.value.b = READ_ONCE(msg[n].u.value.b);
			param->u.value.c = READ_ONCE(msg[n].u.value.c);
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
			/* A number for the client, larger than its buffer at will. */
			param->u.memref.size = READ_ONCE(msg[n].u.rmem.size);
			break;
		default:
			break;
		}
	}
}
