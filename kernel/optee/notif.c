// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: how threads of the secure world wait for each other.
 *
 * A thread that has to wait does so in the normal world, on a number; another one posts it, or
 * the secure world does from an interrupt of its own (notif_irq.c), and then drivers of this
 * kernel can be told instead. Posts are not counted, and are remembered if nobody waits.
 */
#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <abi/tee_result.h>

#include "optee_private.h"

/* More numbers than any secure world has threads. */
#define OPTEE_NOTIF_MAX_VALUE	0xffff
/*
 * So long waits whoever comes while the device is being removed. Some secure threads ask again
 * at once when a wait fails, and must leave room for the one that they wait for.
 */
#define OPTEE_NOTIF_GONE_MS	10

/* Larger than any: of who waits for none. */
#define OPTEE_NOTIF_NO_VALUE	U32_MAX

/**
 * struct optee_notif_waiter - a secure thread that waits, on the stack of who drives its call
 * @node:	in the table; under its lock
 * @task:	who sleeps
 * @value:	for what
 * @ended:	the wait is over; set under the lock
 * @ret:	result for the secure world, once it has ended
 */
struct optee_notif_waiter {
	struct list_head node;
	struct task_struct *task;
	u32 value;
	bool ended;
	u32 ret;
};

void optee_notif_init(struct optee_notif *notif)
{
	raw_spin_lock_init(&notif->lock);
	INIT_LIST_HEAD(&notif->waiters);
	INIT_LIST_HEAD(&notif->clients);
	mutex_init(&notif->call_mutex);
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
EXPORT_SYMBOL_GPL(optee_notif_set_max);

void optee_notif_destroy(struct optee_notif *notif)
{
	mutex_destroy(&notif->call_mutex);
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

/* The next one on this value need not wait until the task has run. */
static void optee_notif_end(struct optee_notif_waiter *w, u32 ret)
{
	list_del_init(&w->node);
	w->ret = ret;
	WRITE_ONCE(w->ended, true);
	wake_up_process(w->task);
}

static void optee_notif_sleep(struct optee_notif_waiter *w, unsigned int state, long timeout)
{
	for (;;) {
		set_current_state(state);
		if (READ_ONCE(w->ended) || !timeout || signal_pending_state(state, current))
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
	struct optee_notif_waiter w = {
		.task = current,
		.value = value,
		.ret = TEE_ERROR_TIMEOUT,
	};
	long timeout = MAX_SCHEDULE_TIMEOUT;
	unsigned long flags;

	*ret = TEE_ERROR_BAD_PARAMETERS;
	if (value > notif->max)
		return 0;
	if (timeout_ms)
		timeout = msecs_to_jiffies(min_t(u64, timeout_ms, INT_MAX));

	raw_spin_lock_irqsave(&notif->lock, flags);
	if (__test_and_clear_bit(value, notif->posted)) {
		*ret = TEE_SUCCESS;
		raw_spin_unlock_irqrestore(&notif->lock, flags);
		return 0;
	}
	/* Which of them would be meant? */
	if (optee_notif_find(notif, value)) {
		raw_spin_unlock_irqrestore(&notif->lock, flags);
		return 0;
	}
	if (notif->gone && timeout > msecs_to_jiffies(OPTEE_NOTIF_GONE_MS)) {
		timeout = msecs_to_jiffies(OPTEE_NOTIF_GONE_MS);
		w.ret = TEE_ERROR_COMMUNICATION;
	}
	list_add_tail(&w.node, &notif->waiters);
	raw_spin_unlock_irqrestore(&notif->lock, flags);

	optee_notif_sleep(&w, call->wait_state, timeout);

	/* Who posts has the lock: nobody knows of @w when we have had it. */
	raw_spin_lock_irqsave(&notif->lock, flags);
	list_del_init(&w.node);
	raw_spin_unlock_irqrestore(&notif->lock, flags);

	if (!w.ended && optee_call_is_killed(call))
		return -EINTR;
	*ret = w.ret;
	return 0;
}

/**
 * optee_notif_pause() - wait for nothing but the time
 * @call:	call whose secure thread waits
 * @ms:		milliseconds; less if the task is killed or the device is being removed
 */
void optee_notif_pause(struct optee_call *call, u64 ms)
{
	struct optee_notif *notif = &call->optee->notif;
	struct optee_notif_waiter w = {
		.task = current,
		.value = OPTEE_NOTIF_NO_VALUE,
	};
	unsigned long flags;

	raw_spin_lock_irqsave(&notif->lock, flags);
	if (notif->gone)
		ms = min_t(u64, ms, OPTEE_NOTIF_GONE_MS);
	list_add_tail(&w.node, &notif->waiters);
	raw_spin_unlock_irqrestore(&notif->lock, flags);

	optee_notif_sleep(&w, call->wait_state, msecs_to_jiffies(min_t(u64, ms, INT_MAX)));

	raw_spin_lock_irqsave(&notif->lock, flags);
	list_del_init(&w.node);
	raw_spin_unlock_irqrestore(&notif->lock, flags);
}

/**
 * optee_notif_stop() - the device is being removed: nobody waits for ever
 * @notif:	table
 *
 * Waits that are under way end with TEE_ERROR_COMMUNICATION; later ones do after a moment.
 */
void optee_notif_stop(struct optee_notif *notif)
{
	struct optee_notif_waiter *w, *next;
	unsigned long flags;

	raw_spin_lock_irqsave(&notif->lock, flags);
	notif->gone = true;
	list_for_each_entry_safe(w, next, &notif->waiters, node)
		optee_notif_end(w, TEE_ERROR_COMMUNICATION);
	raw_spin_unlock_irqrestore(&notif->lock, flags);
}

/**
 * optee_notif_send() - post a value
 * @notif:	table
 * @value:	from the secure world
 *
 * Context: any.
 *
 * Return: result for the secure world
 */
u32 optee_notif_send(struct optee_notif *notif, u64 value)
{
	struct optee_notif_waiter *w;
	unsigned long flags;

	if (value > notif->max)
		return TEE_ERROR_BAD_PARAMETERS;

	raw_spin_lock_irqsave(&notif->lock, flags);
	w = optee_notif_find(notif, value);
	if (w)
		optee_notif_end(w, TEE_SUCCESS);
	else
		__set_bit(value, notif->posted);
	raw_spin_unlock_irqrestore(&notif->lock, flags);

	return TEE_SUCCESS;
}
