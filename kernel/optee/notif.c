// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: how threads of the secure world wait for each other.
 *
 * A thread that has to wait does so in the normal world, on a number; another one posts it.
 * Posts are not counted, and are remembered if nobody waits.
 */
#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <abi/tee_result.h>

#include "optee_private.h"

/* More numbers than any secure world has threads. */
#define OPTEE_NOTIF_MAX_VALUE	0xffff

/**
 * struct optee_notif_waiter - a secure thread that waits, on the stack of who drives its call
 * @node:	in the table; under its lock
 * @task:	who sleeps
 * @value:	for what
 * @posted:	it has come; set under the lock
 */
struct optee_notif_waiter {
	struct list_head node;
	struct task_struct *task;
	u32 value;
	bool posted;
};

void optee_notif_init(struct optee_notif *notif)
{
	spin_lock_init(&notif->lock);
	INIT_LIST_HEAD(&notif->waiters);
}

/**
 * optee_notif_set_max() - make room for the values
 * @notif:	table, not in use
 * @max:	largest value
 *
 * Return: 0 or -ENOMEM
 */
int optee_notif_set_max(struct optee_notif *notif, u32 max)
{
	notif->max = min_t(u32, max, OPTEE_NOTIF_MAX_VALUE);
	notif->posted = bitmap_zalloc(notif->max + 1, GFP_KERNEL);
	return notif->posted ? 0 : -ENOMEM;
}

void optee_notif_destroy(struct optee_notif *notif)
{
	bitmap_free(notif->posted);
}

static struct optee_notif_waiter *optee_notif_find(struct optee_notif *notif, u32 value)
{
	struct optee_notif_waiter *w;

	lockdep_assert_held(&notif->lock);

	list_for_each_entry(w, &notif->waiters, node)
		if (w->value == value)
			return w;
	return NULL;
}

static void optee_notif_sleep(struct optee_notif_waiter *w, unsigned int state, long timeout)
{
	for (;;) {
		set_current_state(state);
		if (READ_ONCE(w->posted) || !timeout || signal_pending_state(state, current))
			break;
		timeout = schedule_timeout(timeout);
	}
	__set_current_state(TASK_RUNNING);
}

/**
 * optee_notif_wait() - wait until a value is posted
 * @call:	call whose secure thread waits
 * @value:	from the secure world
 * @timeout_ms:	0 to wait for ever
 * @ret:	result for the secure world, out
 *
 * Return: 0, or -EINTR if the task was killed: the secure thread still waits, and whoever
 * takes the call over begins anew
 */
int optee_notif_wait(struct optee_call *call, u64 value, u64 timeout_ms, u32 *ret)
{
	struct optee_notif *notif = &call->optee->notif;
	struct optee_notif_waiter w = { .task = current, .value = value };
	long timeout = MAX_SCHEDULE_TIMEOUT;
	unsigned long flags;

	*ret = TEE_ERROR_BAD_PARAMETERS;
	if (value > notif->max)
		return 0;
	if (timeout_ms)
		timeout = msecs_to_jiffies(min_t(u64, timeout_ms, INT_MAX));

	spin_lock_irqsave(&notif->lock, flags);
	if (__test_and_clear_bit(value, notif->posted)) {
		*ret = TEE_SUCCESS;
		spin_unlock_irqrestore(&notif->lock, flags);
		return 0;
	}
	/* Which of them would be meant? */
	if (optee_notif_find(notif, value)) {
		spin_unlock_irqrestore(&notif->lock, flags);
		return 0;
	}
	list_add_tail(&w.node, &notif->waiters);
	spin_unlock_irqrestore(&notif->lock, flags);

	optee_notif_sleep(&w, call->wait_state, timeout);

	/* Who posts has the lock: nobody knows of @w when we have had it. */
	spin_lock_irqsave(&notif->lock, flags);
	list_del_init(&w.node);
	spin_unlock_irqrestore(&notif->lock, flags);

	if (!w.posted && optee_call_is_killed(call))
		return -EINTR;
	*ret = w.posted ? TEE_SUCCESS : TEE_ERROR_TIMEOUT;
	return 0;
}

/**
 * optee_notif_send() - post a value
 * @notif:	table
 * @value:	from the secure world
 *
 * Return: result for the secure world
 */
u32 optee_notif_send(struct optee_notif *notif, u64 value)
{
	struct optee_notif_waiter *w;
	unsigned long flags;

	if (value > notif->max)
		return TEE_ERROR_BAD_PARAMETERS;

	spin_lock_irqsave(&notif->lock, flags);
	w = optee_notif_find(notif, value);
	if (w) {
		/* The next one on this value need not wait until the task has run. */
		list_del_init(&w->node);
		WRITE_ONCE(w->posted, true);
		wake_up_process(w->task);
	} else {
		__set_bit(value, notif->posted);
	}
	spin_unlock_irqrestore(&notif->lock, flags);

	return TEE_SUCCESS;
}
