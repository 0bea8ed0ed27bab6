// SPDX-License-Identifier: GPL-2.0-only
/*
 * The version of QTEE: the kernel registers as a client, and asks a service.
 */
#include "conv.h"

/*
 * Invokes an object without objects as input. A result of QTEE is an error here. With -EINPROGRESS
 * whoever loads the driver was killed, and the conversation is not the caller's any more.
 */
static int qcomtee_kernel_invoke(struct qcomtee_conv *conv)
{
	int rc = qcomtee_conv_run(conv, NULL);

	if (rc)
		return rc;
	return conv->result ? -EOPNOTSUPP : 0;
}

/* OO 0, which is an object of QTEE. */
static struct qcomtee_remote *qcomtee_kernel_result(struct qcomtee_conv *conv)
{
	u32 id = qcomtee_message_object(conv, 0);

	if (id == QTEE_OBJECT_NULL || (id & QTEE_OBJECT_KERNEL))
		return NULL;
	return qcomtee_remote_new(conv->qtee, id);
}

static struct qcomtee_remote *qcomtee_kernel_open(struct qcomtee *qtee, u32 id, u32 op,
						  const struct qcomtee_counts *counts,
						  const u32 *uid)
{
	size_t payload = uid ? ALIGN(sizeof(*uid), QTEE_ALIGN) : 0;
	struct qcomtee_remote *remote = NULL;
	struct qcomtee_conv *conv;
	struct qtee_invoke *msg;
	int rc;

	conv = qcomtee_conv_get(qtee);
	if (!conv)
		return NULL;
	msg = qcomtee_message_begin(conv, id, op, counts, payload);
	if (uid) {
		msg->args[0].b.offset = ALIGN(sizeof(*msg) + 2 * sizeof(*msg->args), QTEE_ALIGN);
		msg->args[0].b.size = sizeof(*uid);
		memcpy(conv->in.va + msg->args[0].b.offset, uid, sizeof(*uid));
	}
	rc = qcomtee_kernel_invoke(conv);
	if (rc == -EINPROGRESS)
		return NULL;
	if (!rc) {
		remote = qcomtee_kernel_result(conv);
		qcomtee_async_final(conv);
	}
	qcomtee_conv_put(conv);
	return remote;
}

static u32 qcomtee_kernel_get_version(struct qcomtee *qtee, u32 service)
{
	const struct qcomtee_counts counts = { .ib = 1, .ob = 1 };
	const u32 feature = QTEE_FEATURE_QTEE;
	struct qcomtee_conv *conv;
	struct qtee_invoke *msg;
	u32 version = 0;
	u32 offset;
	int rc;

	conv = qcomtee_conv_get(qtee);
	if (!conv)
		return 0;
	msg = qcomtee_message_begin(conv, service, QTEE_OP_GET_VERSION, &counts, 2 * QTEE_ALIGN);
	offset = ALIGN(sizeof(*msg) + 2 * sizeof(*msg->args), QTEE_ALIGN);
	msg->args[0].b.offset = offset;
	msg->args[0].b.size = sizeof(feature);
	msg->args[1].b.offset = offset + QTEE_ALIGN;
	msg->args[1].b.size = sizeof(version);
	memcpy(conv->in.va + offset, &feature, sizeof(feature));
	rc = qcomtee_kernel_invoke(conv);
	if (rc == -EINPROGRESS)
		return 0;
	if (!rc) {
		/* Where it was asked to be put, wherever QTEE says that it is. */
		memcpy(&version, conv->in.va + offset + QTEE_ALIGN, sizeof(version));
		qcomtee_async_final(conv);
	}
	qcomtee_conv_put(conv);
	return version;
}

/**
 * qcomtee_ask_version() - ask QTEE for its version
 * @qtee:	device that is ready for calls; @version stays 0 if QTEE does not tell
 *
 * Context: may sleep
 */
void qcomtee_ask_version(struct qcomtee *qtee)
{
	const struct qcomtee_counts reg = { .io = 1, .oo = 1 };
	const struct qcomtee_counts open = { .ib = 1, .oo = 1 };
	const u32 uid = QTEE_UID_FEATURE_VERSIONS;
	struct qcomtee_remote *service;
	struct qcomtee_remote *env;

	env = qcomtee_kernel_open(qtee, QTEE_OBJECT_ROOT, QTEE_OP_ROOT_REGISTER_CREDENTIALS, &reg,
				  NULL);
	if (!env)
		return;
	service = qcomtee_kernel_open(qtee, env->id, QTEE_OP_ENV_OPEN, &open, &uid);
	if (service) {
		qtee->version = qcomtee_kernel_get_version(qtee, service->id);
		qcomtee_remote_put(service);
	}
	qcomtee_remote_put(env);
}
