// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to a partition. It serves one at a time and cannot be asked to give up: what it has
 * begun is driven to its end, by a worker if the client is killed meanwhile, so that the next
 * client finds it idle and never sees that it was busy.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <trace/tstee_trace.h>

#include "tstee_private.h"

/**
 * struct tstee_orphan - a message whose client was killed
 * @msg:	message
 * @tstee:	partition, whose turn this is
 * @ctx:	the client's context, with a reference
 * @shm:	memory that the partition may be writing to, with a reference
 * @control:	of the request
 * @work:	drives it to its end
 */
struct tstee_orphan {
	struct omnitee_ffa_message msg;
	struct tstee *tstee;
	struct tee_context *ctx;
	struct tee_shm *shm;
	u32 control;
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
	u32 control = orphan->control;
	int rc;

	/* What it answers concerns nobody. */
	rc = omnitee_ffa_drive(fdev, &orphan->msg, TASK_UNINTERRUPTIBLE);
	trace_tstee_call_end(fdev, control, true, rc, orphan->msg.data[TS_RPC_STATUS], 0);
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
	orphan->control = rpc->word[TS_RPC_CONTROL];
	orphan->ctx = rpc->ctx;
	teedev_ctx_get(rpc->ctx);
	orphan->shm = rpc->shm;
	if (rpc->shm)
		refcount_inc(&rpc->shm->refcount);
	INIT_WORK(&orphan->work, tstee_orphan_work);
	queue_work(tstee_workers, &orphan->work);
}

static void tstee_count_end(struct tstee *tstee, int rc, bool handed_over)
{
	switch (rc) {
	case 0:
		break;
	case -EINTR:
		tstee_count(tstee, handed_over ? TSTEE_STAT_HANDED_OVER : TSTEE_STAT_GIVEN_UP);
		break;
	case -ETIMEDOUT:
		tstee_count(tstee, TSTEE_STAT_UNANSWERED);
		break;
	default:
		tstee_count(tstee, TSTEE_STAT_FAILED);
	}
}

/* Return: as tstee_rpc_in_turn(), and whether somebody else has the turn now */
static int tstee_rpc_drive(struct tstee *tstee, struct tstee_rpc *rpc, unsigned int state,
			   bool *handed_over)
{
	u64 begin = trace_tstee_call_end_enabled() ? ktime_get_ns() : 0;
	struct omnitee_ffa_message msg = { .bounded = rpc->bounded };
	u32 control = rpc->word[TS_RPC_CONTROL];
	unsigned int n;
	int rc;

	for (n = 0; n < TS_RPC_WORDS; n++)
		msg.data[n] = rpc->word[n];
	trace_tstee_call_begin(tstee->fdev, control);
	rc = omnitee_ffa_drive(tstee->fdev, &msg, state);
	trace_tstee_call_end(tstee->fdev, control, false, rc, msg.data[TS_RPC_STATUS], begin);

	*handed_over = rc == -EINTR && msg.begun;
	tstee_count(tstee, TS_RPC_INTERFACE(control) == TS_RPC_MANAGEMENT ? TSTEE_STAT_MANAGEMENT :
									    TSTEE_STAT_INVOKE);
	tstee_count_end(tstee, rc, *handed_over);
	if (*handed_over) {
		tstee_hand_over(tstee, rpc, &msg);
		return rc;
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
 * Return: as tstee_rpc()
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
 * kernel ends; -ETIMEDOUT if @rpc is bounded and there was no answer; or an errno of the partition
 * manager
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
	if (rc) {
		tstee_count(tstee, TSTEE_STAT_GIVEN_UP);
		return rc;
	}
	if (tstee->down) {
		omnitee_ffa_leave(tstee->fdev);
		return -ENODEV;
	}
	rc = tstee_rpc_drive(tstee, rpc, state, &handed_over);
	if (!handed_over)
		omnitee_ffa_leave(tstee->fdev);
	return rc;
}
