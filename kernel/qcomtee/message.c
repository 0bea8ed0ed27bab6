// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invocations as messages: from a client's parameters, and back.
 *
 * Parameters come in any order, arguments by kind: IB, OB, IO, OO. Within a kind the order stays.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "conv.h"

static size_t qcomtee_message_payloads(const struct qcomtee_counts *counts)
{
	return ALIGN(sizeof(struct qtee_invoke) +
		     qcomtee_counts_all(counts) * sizeof(union qtee_arg), QTEE_ALIGN);
}

/**
 * qcomtee_message_begin() - a message without its arguments
 * @conv:	conversation that has not begun
 * @id:		object
 * @op:		operation
 * @counts:	arguments
 * @payload:	bytes for payloads
 *
 * Return: the message, the rest of it zero, or an ERR_PTR: -EINVAL if it would exceed 4 MiB,
 * -ENOMEM
 *
 * Context: may sleep
 */
void *qcomtee_message_begin(struct qcomtee_conv *conv, u32 id, u32 op,
			    const struct qcomtee_counts *counts, size_t payload)
{
	size_t size = qcomtee_message_payloads(counts) + payload;
	struct qtee_invoke *msg;
	int rc;

	if (size > QTEE_INBOUND_MAX)
		return ERR_PTR(-EINVAL);
	conv->in = conv->page;
	if (size > conv->page.size) {
		rc = qcomtee_buf_alloc(conv->qtee, &conv->in, size,
				       GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL);
		if (rc)
			return ERR_PTR(rc);
	}
	conv->counts = *counts;
	msg = conv->in.va;
	msg->cxt = id;
	msg->op = op;
	msg->counts = QTEE_COUNTS(counts->ib, counts->ob, counts->io, counts->oo);
	return msg;
}

/* How many of each kind, and how much of payloads; -EINVAL for what is no argument. */
static int qcomtee_params_count(struct qcomtee_counts *counts, size_t *payload,
				const struct tee_param *param, u32 num_params)
{
	u32 n;

	*counts = (struct qcomtee_counts){ };
	*payload = 0;
	for (n = 0; n < num_params; n++, param++) {
		switch (param->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT:
			counts->ib++;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
			counts->ob++;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT:
			counts->io++;
			continue;
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT:
			counts->oo++;
			continue;
		default:
			return -EINVAL;
		}
		if (param->u.ubuf.size > QTEE_INBOUND_MAX)
			return -EINVAL;
		*payload += ALIGN(param->u.ubuf.size, QTEE_ALIGN);
	}
	/* A count has four bits: one more would be none. */
	if (counts->ib > QTEE_ARGS_MAX || counts->ob > QTEE_ARGS_MAX ||
	    counts->io > QTEE_ARGS_MAX || counts->oo > QTEE_ARGS_MAX)
		return -EINVAL;
	return 0;
}

/* Buffers of one kind, IB or OB. @arg, @offset: of the first; beyond the last, out. */
static int qcomtee_message_put_buffers(struct qcomtee_conv *conv, u64 attr,
				       const struct tee_param *param, u32 num_params,
				       union qtee_arg **arg, size_t *offset)
{
	u32 n;

	for (n = 0; n < num_params; n++, param++) {
		if (param->attr != attr)
			continue;
		(*arg)->b.offset = *offset;
		(*arg)->b.size = param->u.ubuf.size;
		if (attr == TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT &&
		    copy_from_user(conv->in.va + *offset, param->u.ubuf.uaddr,
				   param->u.ubuf.size))
			return -EFAULT;
		*offset += ALIGN(param->u.ubuf.size, QTEE_ALIGN);
		(*arg)++;
	}
	return 0;
}

static int qcomtee_message_put_objects(struct qcomtee_conv *conv, struct tee_context *ctx,
				       const struct tee_param *param, u32 num_params)
{
	u32 n;
	int rc;

	for (n = 0; n < num_params; n++, param++) {
		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT)
			continue;
		rc = qcomtee_ref_from_param(&conv->refs[conv->num_refs], ctx, param);
		if (rc)
			return rc;
		conv->num_refs++;
	}
	return 0;
}

/* What only the kernel may say to the root object, see the list in abi/qtee.h. */
static bool qcomtee_root_refuses(const struct qcomtee_conv *conv, u32 op)
{
	unsigned int n;

	/* Bits that do not belong to an operation could be ignored on the other side. */
	switch (op & QTEE_OP_USER_MAX) {
	case QTEE_OP_ROOT_NOTIFY_DOMAIN:
	case QTEE_OP_ROOT_ADCI_ACCEPT:
	case QTEE_OP_ROOT_ADCI_SHUTDOWN:
		return true;
	case QTEE_OP_ROOT_REGISTER_CREDENTIALS:
		break;
	default:
		return false;
	}
	/* Without credentials it is the kernel that registers. */
	for (n = 0; n < conv->num_refs; n++)
		if (conv->refs[n].kind == QCOMTEE_NULL)
			return true;
	return !conv->num_refs;
}

/**
 * qcomtee_message_build() - the message of a client's invocation
 * @conv:	conversation that has not begun; holds all that the message names
 * @ctx:	context of the client
 * @id:		object
 * @op:		operation
 * @param:	parameters
 * @num_params:	how many
 *
 * What the root object may be asked is decided on what will be sent, not on the order in
 * which a client says it, nor on how it came by the object.
 *
 * Return: 0, -EINVAL for parameters that cannot be arguments, unknown objects, and what clients
 * must not ask; -EFAULT, -ENOMEM, -ENOSPC, -ENODEV
 *
 * Context: may sleep
 */
int qcomtee_message_build(struct qcomtee_conv *conv, struct tee_context *ctx, u32 id, u32 op,
			  const struct tee_param *param, u32 num_params)
{
	struct qcomtee_counts counts;
	struct qtee_invoke *msg;
	union qtee_arg *arg;
	size_t payload;
	size_t offset;
	unsigned int n;
	int rc;

	rc = qcomtee_params_count(&counts, &payload, param, num_params);
	if (rc)
		return rc;
	msg = qcomtee_message_begin(conv, id, op, &counts, payload);
	if (IS_ERR(msg))
		return PTR_ERR(msg);

	arg = msg->args;
	offset = qcomtee_message_payloads(&counts);
	rc = qcomtee_message_put_buffers(conv, TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT, param,
					 num_params, &arg, &offset);
	if (rc)
		return rc;
	rc = qcomtee_message_put_buffers(conv, TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT, param,
					 num_params, &arg, &offset);
	if (rc)
		return rc;
	rc = qcomtee_message_put_objects(conv, ctx, param, num_params);
	if (rc)
		return rc;
	if (id == QTEE_OBJECT_ROOT && qcomtee_root_refuses(conv, op))
		return -EINVAL;
	for (n = 0; n < conv->num_refs; n++, arg++) {
		rc = qcomtee_conv_pass(conv, &conv->refs[n], &arg->o.id);
		if (rc)
			return rc;
	}
	return 0;
}

/**
 * qcomtee_message_object() - an object that QTEE has answered with
 * @conv:	conversation that has ended
 * @n:		which OO
 */
u32 qcomtee_message_object(struct qcomtee_conv *conv, unsigned int n)
{
	struct qtee_invoke *msg = conv->in.va;

	return READ_ONCE(msg->args[conv->counts.ib + conv->counts.ob + conv->counts.io + n].o.id);
}

/* OO from @first on: QTEE has given a reference on each of its own, and wants it back. */
static void qcomtee_message_drop_from(struct qcomtee_conv *conv, unsigned int first)
{
	struct qcomtee_ref ref;
	unsigned int n;

	for (n = first; n < conv->counts.oo; n++) {
		u32 id = qcomtee_message_object(conv, n);

		if (!(id & QTEE_OBJECT_KERNEL) && !qcomtee_ref_from_id(&ref, conv->qtee, id))
			qcomtee_ref_put(&ref);
	}
}

/**
 * qcomtee_message_drop() - nobody wants the results of a conversation that succeeded
 * @conv:	conversation
 */
void qcomtee_message_drop(struct qcomtee_conv *conv)
{
	qcomtee_message_drop_from(conv, 0);
}

static int qcomtee_message_get_buffers(struct qcomtee_conv *conv, struct tee_param *param,
				       u32 num_params)
{
	struct qtee_invoke *msg = conv->in.va;
	const union qtee_arg *arg = msg->args + conv->counts.ib;
	u32 n;

	for (n = 0; n < num_params; n++, param++) {
		u32 offset, size;

		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT)
			continue;
		offset = READ_ONCE(arg->b.offset);
		size = READ_ONCE(arg->b.size);
		arg++;
		if (size > param->u.ubuf.size || offset > conv->in.size ||
		    size > conv->in.size - offset)
			return -EINVAL;
		if (copy_to_user(param->u.ubuf.uaddr, conv->in.va + offset, size))
			return -EFAULT;
		param->u.ubuf.size = size;
	}
	return 0;
}

static int qcomtee_message_get_objects(struct qcomtee_conv *conv, struct tee_context *ctx,
				       struct tee_param *param, u32 num_params)
{
	unsigned int taken = 0;
	struct qcomtee_ref ref;
	int rc = 0;
	u32 n;

	for (n = 0; n < num_params && !rc; n++, param++) {
		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT)
			continue;
		rc = qcomtee_ref_from_id(&ref, conv->qtee, qcomtee_message_object(conv, taken++));
		if (!rc)
			rc = qcomtee_ref_to_param(&ref, ctx, param);
		if (rc) {
			param->u.objref.id = 0;
			param->u.objref.flags = 0;
		}
		qcomtee_ref_put(&ref);
	}
	if (rc)
		qcomtee_message_drop_from(conv, taken);
	return rc;
}

/* Objects that came before the one that is unfit: user space is not to see their numbers. */
static void qcomtee_message_take_back(struct tee_context *ctx, struct tee_param *param,
				      u32 num_params)
{
	u32 n;

	qcomtee_object_invoke_undo(ctx, param, num_params);
	for (n = 0; n < num_params; n++)
		if (param[n].attr == TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT)
			param[n].u.objref = (struct tee_param_objref){ };
}

/**
 * qcomtee_message_results() - what a conversation that succeeded has brought
 * @conv:	conversation
 * @ctx:	context of the client
 * @param:	parameters, in and out
 * @num_params:	how many
 *
 * Return: 0, or an errno if the results are unfit; no object is left then
 *
 * Context: may sleep
 */
int qcomtee_message_results(struct qcomtee_conv *conv, struct tee_context *ctx,
			    struct tee_param *param, u32 num_params)
{
	int rc;

	rc = qcomtee_message_get_buffers(conv, param, num_params);
	if (rc) {
		qcomtee_message_drop(conv);
		return rc;
	}
	rc = qcomtee_message_get_objects(conv, ctx, param, num_params);
	if (rc)
		qcomtee_message_take_back(ctx, param, num_params);
	return rc;
}
