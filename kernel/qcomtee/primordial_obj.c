// SPDX-License-Identifier: GPL-2.0-only
/*
 * The primordial object: what the kernel itself does for QTEE.
 *
 * Memory is mapped here and not by its own object, because a user's object must never be able to
 * tell QTEE a physical address.
 */
#include <linux/sched/signal.h>

#include "conv.h"

/* How long QTEE may have a client sleep at a time. */
#define QCOMTEE_SLEEP_MAX_MS	10000

/* MAP_REGION: IO memory, OB where it is, OO the same memory by another id. */
static int qcomtee_map_region(struct qcomtee_conv *conv)
{
	struct qtee_callback *msg = conv->out.va;
	struct qtee_map_region region;
	struct qcomtee_ref ref;
	u32 id;
	int rc;

	if (conv->header.counts != QTEE_COUNTS(0, 1, 1, 1) ||
	    conv->args[0].b.size < sizeof(region) ||
	    !(conv->args[1].o.id & QTEE_OBJECT_KERNEL))
		return -EINVAL;
	rc = qcomtee_ref_from_id(&ref, conv->qtee, conv->args[1].o.id);
	if (rc)
		return rc;
	if (ref.kind != QCOMTEE_MEMORY) {
		rc = -EINVAL;
		goto out_put;
	}

	region = (struct qtee_map_region){
		.address = ref.local->shm->paddr,
		.size = ref.local->shm->size,
		.permissions = QTEE_PERM_RW,
	};
	rc = qcomtee_conv_pass(conv, &ref, &id);
	if (rc)
		goto out_put;
	memcpy(conv->out.va + conv->args[0].b.offset, &region, sizeof(region));
	msg->args[0].b.size = sizeof(region);
	msg->args[2].o.id = id;

out_put:
	qcomtee_ref_put(&ref);
	return rc;
}

/* Whoever waits can be killed and frozen, and a worker does something else meanwhile. */
static int qcomtee_sleep(struct qcomtee_conv *conv)
{
	u32 ms;

	if (conv->header.counts != QTEE_COUNTS(1, 0, 0, 0) || conv->args[0].b.size < sizeof(ms))
		return -EINVAL;
	memcpy(&ms, conv->copy + conv->args[0].b.offset, sizeof(ms));
	ms = min_t(u32, ms, QCOMTEE_SLEEP_MAX_MS);

	if (conv->asynchronous) {
		conv->answer = QTEE_OK;
		conv->delay = msecs_to_jiffies(ms);
		qcomtee_conv_go_on(conv);
		return -EINPROGRESS;
	}
	set_current_state(TASK_KILLABLE | TASK_FREEZABLE);
	schedule_timeout(msecs_to_jiffies(ms));
	return fatal_signal_pending(current) ? -ENODEV : 0;
}

/**
 * qcomtee_primordial() - an operation of the primordial object
 * @conv:	conversation; gets the answer
 * @op:		operation
 *
 * Return: 0 with an answer, or -EINPROGRESS
 */
int qcomtee_primordial(struct qcomtee_conv *conv, u32 op)
{
	int rc;

	switch (op) {
	case QTEE_OP_MAP_REGION:
		rc = qcomtee_map_region(conv);
		break;
	/* For a client that was killed nothing is worth waiting for. */
	case QTEE_OP_YIELD:
		cond_resched();
		rc = conv->orphan ? -ENODEV : 0;
		break;
	case QTEE_OP_SLEEP:
		rc = conv->orphan ? -ENODEV : qcomtee_sleep(conv);
		if (rc == -EINPROGRESS)
			return rc;
		break;
	/* It is not counted. */
	case QTEE_OP_RELEASE:
	case QTEE_OP_RETAIN:
		rc = 0;
		break;
	default:
		rc = -EINVAL;
		break;
	}
	conv->answer = qcomtee_result_of_errno(rc);
	return 0;
}
