// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of QTEE that wait for no answer: it lets go of objects of the kernel.
 */
#include "conv.h"

/* @offset: where they begin in the copy of the outbound page, and end with its end. */
static void qcomtee_async_parse(struct qcomtee_conv *conv, size_t offset)
{
	struct device *dev = conv->qtee->dev;
	struct qtee_async msg;
	size_t room;
	u32 n;

	while (offset <= QTEE_OUTBOUND_SIZE - sizeof(msg)) {
		memcpy(&msg, conv->copy + offset, sizeof(msg));
		if (!msg.version)
			return;
		if (QTEE_ASYNC_MAJOR(msg.version) != QTEE_ASYNC_MAJOR_1) {
			dev_warn_once(dev, "message of unknown version %#x from QTEE\n",
				      msg.version);
			return;
		}
		if (msg.op != QTEE_ASYNC_OP_RELEASE) {
			dev_warn_once(dev, "message of unknown kind %#x from QTEE\n", msg.op);
			return;
		}
		offset += sizeof(msg);
		room = (QTEE_OUTBOUND_SIZE - offset) / sizeof(n);
		if (msg.count > room) {
			dev_warn_once(dev, "message that exceeds its page from QTEE\n");
			return;
		}
		for (n = 0; n < msg.count; n++) {
			u32 id;

			memcpy(&id, conv->copy + offset + n * sizeof(id), sizeof(id));
			if (id & QTEE_OBJECT_KERNEL)
				qcomtee_local_release(conv->qtee, id);
		}
		offset = ALIGN(offset + msg.count * sizeof(n), QTEE_ALIGN);
	}
}

/**
 * qcomtee_async_final() - those that came with the end of a conversation
 * @conv:	conversation; its results have been read
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_async_final(struct qcomtee_conv *conv)
{
	const u32 *version = conv->out.va;

	if (!READ_ONCE(*version))
		return;
	memcpy(conv->copy, conv->out.va, QTEE_OUTBOUND_SIZE);
	qcomtee_async_parse(conv, 0);
}

/**
 * qcomtee_async_callback() - those behind a callback
 * @conv:	conversation; where they begin is known. They are wiped
 *
 * Before the callback itself, as QTEE does not release what the callback needs.
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_async_callback(struct qcomtee_conv *conv)
{
	qcomtee_async_parse(conv, conv->async_offset);
	memset(conv->out.va + conv->async_offset, 0, QTEE_OUTBOUND_SIZE - conv->async_offset);
}
