// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to a partition. It serves one at a time and cannot be asked to give up: what it has
 * begun is driven to its end, by a worker if the client is killed meanwhile, so that the next
 * client finds it idle and never sees that it was busy.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "tstee_private.h"

/**
 * struct tstee_orphan - a message whose client was killed
 * @msg:	message
 * @tstee:	partition, whose turn this is
 * @ctx:	the client's context, with a reference
 * @shm:	memory that the partition may be writing to, with a reference
 * @work:	drives it to its end
 */
struct tstee_orphan {
	struct omnitee_ffa_message msg;
	struct tstee *tstee;
	struct tee_context *ctx;
	struct tee_shm *shm;
	struct work_struct work;
};

static struct workqueue_struct *tstee_workers;

int tstee_rpc_init(void)
{
	tstee_workers = alloc_workqueue("tstee", WQ_UNBOUND, 0);
	return tstee_workers ? 0 : -ENOMEM;
}

void tstee_rpc_exit(void)
{
	destroy_workqueue(tstee_workers);
}

static void tstee_orphan_work(struct work_struct *work)
{
	struct tstee_orphan *orphan = container_of(work, struct tstee_orphan, work);
	struct omnitee_ffa_device *fdev = orphan->tstee->fdev;

	/* What it answers concerns nobody. */
	omnitee_ffa_drive(fdev, &orphan->msg, TASK_UNINTERRUPTIBLE);
	omnitee_ffa_leave(fdev);
	/* The last reference to memory calls the partition again. */
	tee_shm_put(orphan->shm);
	/* The last one to the context lets the device go. */
	teedev_ctx_put(orphan->ctx);
	kfree(orphan);
}

/*
 * The killed task had its references by way of its file and its ioctl; the worker needs its own.
 * Without an allocation that cannot fail the partition would be lost.
 */
static void tstee_hand_over(struct tstee *tstee, struct tstee_rpc *rpc,
			    struct omnitee_ffa_message *msg)
{
	struct tstee_orphan *orphan = kzalloc(sizeof(*orphan), GFP_KERNEL | __GFP_NOFAIL);

	orphan->msg = *msg;
	orphan->tstee = tstee;
	orphan->ctx = rpc->ctx;
	teedev_ctx_get(rpc->ctx);
	orphan->shm = rpc->shm;
	if (rpc->shm)
		refcount_inc(&rpc->shm->refcount);
	INIT_WORK(&orphan->work, tstee_orphan_work);
	queue_work(tstee_workers, &orphan->work);
}

/* Return: as tstee_rpc_in_turn(), and whether somebody else has the turn now */
static int tstee_rpc_drive(struct tstee *tstee, struct tstee_rpc *rpc, unsigned int state,
			   bool *handed_over)
{
	struct omnitee_ffa_message msg = { };
	unsigned int n;
	int rc;

	*handed_over = false;
	for (n = 0; n < TS_RPC_WORDS; n++)
		msg.data[n] = rpc->word[n];
	rc = omnitee_ffa_drive(tstee->fdev, &msg, state);
	if (rc == -EINTR && msg.begun) {
		tstee_hand_over(tstee, rpc, &msg);
		*handed_over = true;
	}
	for (n = 0; n < TS_RPC_WORDS; n++)
		rpc->word[n] = msg.data[n];
	return rc;
}

/**
 * tstee_rpc_in_turn() - send a message when one has the turn, also while the kernel ends
 * @tstee:	partition
 * @rpc:	message
 * @state:	how to wait, not killable
 *
 * Return: 0, or an errno
 */
int tstee_rpc_in_turn(struct tstee *tstee, struct tstee_rpc *rpc, unsigned int state)
{
	bool handed_over;

	return tstee_rpc_drive(tstee, rpc, state, &handed_over);
}

/**
 * tstee_rpc() - send a message and wait for its response
 * @tstee:	partition
 * @rpc:	message
 *
 * May sleep. Clients of user space can be killed, before the partition has begun and after that,
 * and can be frozen; what takes something back is not killed.
 *
 * Return: 0 with a response, whatever it says; -EINTR for a task that was killed; -ENODEV when the
 * kernel ends; or an errno of the partition manager
 */
int tstee_rpc(struct tstee *tstee, struct tstee_rpc *rpc)
{
	unsigned int state = TASK_UNINTERRUPTIBLE;
	bool handed_over;
	int rc;

	if (!(current->flags & PF_KTHREAD) && rpc->ctx && !rpc->ctx->in_kernel)
		state = TASK_FREEZABLE | (rpc->teardown ? TASK_UNINTERRUPTIBLE : TASK_KILLABLE);

	/* Who ends the kernel has the turn, and may come here by dropping a last reference. */
	if (READ_ONCE(tstee->down))
		return -ENODEV;
	rc = omnitee_ffa_enter(tstee->fdev, state);
	if (rc)
		return rc;
	if (tstee->down) {
		omnitee_ffa_leave(tstee->fdev);
		return -ENODEV;
	}
	rc = tstee_rpc_drive(tstee, rpc, state, &handed_over);
	if (!handed_over)
		omnitee_ffa_leave(tstee->fdev);
	return rc;
}
