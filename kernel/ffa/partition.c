// SPDX-License-Identifier: GPL-2.0-only
/*
 * Partitions: who may send one a message.
 *
 * Most have a single execution context, and the partition manager answers BUSY as long as that is
 * at work. No client expects this, so callers queue here. Another owner of the partition (a
 * hypervisor's guest, another partition) may be in it all the same; then one tries again.
 */
#include <linux/delay.h>
#include <linux/freezer.h>
#include <linux/list.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "ffa_private.h"

/* See ffa_patience(). */
unsigned int ffa_patience_ms = 10000;

/* Between two tries, milliseconds. */
#define FFA_MAX_PAUSE_MS	64

LIST_HEAD(ffa_partitions);
DEFINE_MUTEX(ffa_partitions_lock);

/* A task that waits for its turn. On its stack. */
struct ffa_waiter {
	struct list_head node;
	struct task_struct *task;
	bool granted;
};

/**
 * ffa_partition_get() - the partition of an endpoint id
 * @id:	endpoint id
 *
 * Return: it, for ffa_partition_put(), or NULL without memory
 */
struct omnitee_ffa_partition *ffa_partition_get(u16 id)
{
	struct omnitee_ffa_partition *partition;

	mutex_lock(&ffa_partitions_lock);
	list_for_each_entry(partition, &ffa_partitions, node)
		if (partition->id == id) {
			partition->users++;
			goto out;
		}

	partition = kzalloc(sizeof(*partition), GFP_KERNEL);
	if (partition) {
		partition->id = id;
		partition->users = 1;
		spin_lock_init(&partition->lock);
		INIT_LIST_HEAD(&partition->waiters);
		list_add_tail(&partition->node, &ffa_partitions);
	}
out:
	mutex_unlock(&ffa_partitions_lock);
	return partition;
}

/**
 * ffa_partition_put() - the opposite
 * @partition:	partition or NULL
 */
void ffa_partition_put(struct omnitee_ffa_partition *partition)
{
	if (!partition)
		return;
	mutex_lock(&ffa_partitions_lock);
	if (!--partition->users) {
		list_del(&partition->node);
		kfree(partition);
	}
	mutex_unlock(&ffa_partitions_lock);
}

/**
 * omnitee_ffa_set_exclusive() - the partition takes one message at a time
 * @fdev:	device
 *
 * For protocols that say so; it is known of partitions with one execution context, unless the
 * kernel's own bus hides their number. Before the first message.
 */
void omnitee_ffa_set_exclusive(struct omnitee_ffa_device *fdev)
{
	fdev->partition->exclusive = true;
}
EXPORT_SYMBOL_GPL(omnitee_ffa_set_exclusive);

/**
 * omnitee_ffa_try_enter() - have one's turn, if nobody has it
 * @fdev:	device
 *
 * Return: true, then omnitee_ffa_leave() follows; or false
 */
bool omnitee_ffa_try_enter(struct omnitee_ffa_device *fdev)
{
	struct omnitee_ffa_partition *partition = fdev->partition;
	bool entered = true;

	if (!partition->exclusive)
		return true;
	spin_lock(&partition->lock);
	if (partition->busy)
		entered = false;
	partition->busy = true;
	spin_unlock(&partition->lock);
	return entered;
}
EXPORT_SYMBOL_GPL(omnitee_ffa_try_enter);

/**
 * omnitee_ffa_enter() - wait for one's turn to send a message
 * @fdev:	device
 * @state:	how to wait, TASK_*
 *
 * Return: 0, then omnitee_ffa_leave() follows, perhaps from another task; or -EINTR for a task
 * that was killed, if @state lets it
 */
int omnitee_ffa_enter(struct omnitee_ffa_device *fdev, unsigned int state)
{
	struct omnitee_ffa_partition *partition = fdev->partition;
	struct ffa_waiter self = { .task = current };
	int rc = 0;

	if (!partition->exclusive)
		return 0;

	if (omnitee_ffa_try_enter(fdev))
		return 0;
	spin_lock(&partition->lock);
	list_add_tail(&self.node, &partition->waiters);
	atomic_long_inc(&partition->waits);
	for (;;) {
		set_current_state(state);
		if (self.granted)
			break;
		/* It was freed while this task was about to freeze, and passed over. */
		if (!partition->busy) {
			partition->busy = true;
			list_del(&self.node);
			break;
		}
		if (signal_pending_state(state, current)) {
			list_del(&self.node);
			rc = -EINTR;
			break;
		}
		spin_unlock(&partition->lock);
		schedule();
		/* Woken without the turn: passed over, perhaps. */
		if (state & TASK_FREEZABLE)
			try_to_freeze();
		spin_lock(&partition->lock);
	}
	spin_unlock(&partition->lock);
	__set_current_state(TASK_RUNNING);
	return rc;
}
EXPORT_SYMBOL_GPL(omnitee_ffa_enter);

/**
 * omnitee_ffa_leave() - let the next one in
 * @fdev:	device
 */
void omnitee_ffa_leave(struct omnitee_ffa_device *fdev)
{
	struct omnitee_ffa_partition *partition = fdev->partition;
	struct ffa_waiter *waiter;

	if (!partition->exclusive)
		return;

	spin_lock(&partition->lock);
	list_for_each_entry(waiter, &partition->waiters, node) {
		/*
		 * Nobody waits for who does not run. It looks for itself when it thaws, for which
		 * it has to be woken now: a task that thaws sleeps on otherwise.
		 */
		if (freezing(waiter->task)) {
			wake_up_process(waiter->task);
			continue;
		}
		/* The partition is handed on: nobody can come between. */
		list_del(&waiter->node);
		waiter->granted = true;
		/* After the lock is dropped the waiter may be gone. */
		wake_up_process(waiter->task);
		goto out;
	}
	partition->busy = false;
out:
	spin_unlock(&partition->lock);
}
EXPORT_SYMBOL_GPL(omnitee_ffa_leave);

static void ffa_pause(unsigned int ms, unsigned int state)
{
	set_current_state(state);
	schedule_timeout(msecs_to_jiffies(ms));
}

/* Does one leave when the patience is at its end? What has begun is nobody else's to go on with. */
static bool ffa_gives_up(const struct omnitee_ffa_message *msg, unsigned int state, bool bounded)
{
	return bounded || (!msg->begun && !(state & TASK_WAKEKILL));
}

static int ffa_drive_one(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg,
			 unsigned int state, bool bounded)
{
	struct omnitee_ffa_partition *partition = fdev->partition;
	unsigned long begin = jiffies;
	unsigned int pause_ms = 1;
	bool reported = false;
	bool late;
	int rc;

	for (;;) {
		rc = fdev->ops->msg_ops->step(fdev, msg);
		/* That there is no time for it now is the same, whatever it is called. */
		if (rc == -EAGAIN)
			rc = -EBUSY;

		/* At the end, too: the kernel's own transport comes back with the answer only. */
		late = time_after(jiffies, begin + ffa_patience());
		if (late && !reported) {
			reported = true;
			atomic_long_inc(&partition->late);
			dev_warn(fdev->dev, "%s[%d] has waited for an answer for %u ms\n",
				 current->comm, task_pid_nr(current),
				 jiffies_to_msecs(jiffies - begin));
		}
		if (rc != -EINPROGRESS && rc != -EBUSY)
			/* To a task that has no signal this would mean to do it again. */
			return rc == -EINTR ? -EIO : rc;
		if ((state & TASK_WAKEKILL) && fatal_signal_pending(current))
			return -EINTR;
		if (late && ffa_gives_up(msg, state, bounded))
			return msg->begun ? -ETIMEDOUT : -EBUSY;

		if (rc == -EBUSY) {
			atomic_long_inc(&partition->busy_replies);
			ffa_pause(pause_ms, state);
			pause_ms = min(2 * pause_ms, FFA_MAX_PAUSE_MS);
			continue;
		}

		pause_ms = 1;
		if (msg->yielded) {
			atomic_long_inc(&partition->yields);
			usleep_range(msg->pause_us, 2 * msg->pause_us);
		} else {
			atomic_long_inc(&partition->interrupts);
		}
		cond_resched();
		if (state & TASK_FREEZABLE)
			try_to_freeze();
		if (msg->cpu == raw_smp_processor_id())
			atomic_long_inc(&partition->resumed_here);
		else
			atomic_long_inc(&partition->resumed_elsewhere);
	}
}

/**
 * omnitee_ffa_drive() - take a message from where it is to its end
 * @fdev:	device whose turn the caller has
 * @msg:	message
 * @state:	how to wait: with TASK_KILLABLE a killed task is sent away on the way, with
 *		TASK_FREEZABLE it may freeze there
 *
 * The CPU is given up whenever the partition gives way, so that whoever waits for it (RCU, the
 * freezer) gets it.
 *
 * Who sets @msg->bounded leaves when the patience is at its end, although the partition has begun;
 * the partition keeps that message. Whoever comes next takes it to its end first, in the same way
 * as its own, and drops the response.
 *
 * Return: 0 when it has ended with a response in @msg->data, -EINTR when the task was killed: if
 * @msg->begun is set then, somebody else has to go on; -EBUSY if the partition was in somebody
 * else's hands for too long before the message could begin, -ETIMEDOUT if it was left; -EIO if the
 * partition manager says that it was interrupted; or another errno of the partition manager
 */
int omnitee_ffa_drive(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg,
		      unsigned int state)
{
	struct omnitee_ffa_partition *partition = fdev->partition;
	int rc;

	if (partition->exclusive && partition->left.begun) {
		rc = ffa_drive_one(fdev, &partition->left, state, msg->bounded);
		if (partition->left.begun)
			return rc;
	}

	if (!msg->begun)
		atomic_long_inc(&partition->messages);
	rc = ffa_drive_one(fdev, msg, state, msg->bounded);
	if (rc == -ETIMEDOUT && msg->begun) {
		partition->left = *msg;
		msg->begun = false;
	}
	return rc;
}
EXPORT_SYMBOL_GPL(omnitee_ffa_drive);

/**
 * omnitee_ffa_send() - send a message and wait for the response
 * @fdev:	device
 * @msg:	message
 *
 * For drivers that have nothing else to do. Not killable.
 *
 * Return: 0, or an errno of the partition manager
 */
int omnitee_ffa_send(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg)
{
	int rc;

	omnitee_ffa_enter(fdev, TASK_UNINTERRUPTIBLE);
	rc = omnitee_ffa_drive(fdev, msg, TASK_UNINTERRUPTIBLE);
	omnitee_ffa_leave(fdev);
	return rc;
}
EXPORT_SYMBOL_GPL(omnitee_ffa_send);
