// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine goes down with clients that are still there, and the next kernel gets its memory:
 * what can be had back from the secure world is taken back. First memory, then sessions, then the
 * pages of messages; but not what calls use that are under way.
 *
 * Clients may still call: they leave a place in the queue alone, as when the machine is suspended.
 * A call may begin that uses what is taken back, all the same, and the secure world may wait for
 * its end before it gives that up. So a worker asks, and is waited for only so long.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "kept_call.h"

/* So often, and with these intervals, idle pages are looked for. */
#define OPTEE_QUIESCE_TRIES	5
#define OPTEE_QUIESCE_PAUSE_MS	10

/* So long the secure world has for all of it. */
#define OPTEE_QUIESCE_MS	2000

/**
 * struct optee_quiesce_work - what is taken back
 * @work:	the worker's
 * @optee:	device
 * @messages:	the pages of messages, too
 * @busy_sessions: numbers of sessions that calls use
 * @busy_memory: the same with cookies
 * @sessions:	that stay
 * @pieces:	of memory that stay
 * @done:	there is no more to do
 */
struct optee_quiesce_work {
	struct work_struct work;
	struct optee *optee;
	bool messages;
	struct xarray busy_sessions;
	struct xarray busy_memory;
	unsigned int sessions;
	unsigned int pieces;
	struct completion done;
};

/* What cannot be noted is asked for, and may make the worker wait: that is all. */
static void optee_quiesce_note(struct xarray *busy, u64 number)
{
	xa_store(busy, number, xa_mk_value(1), GFP_KERNEL);
}

/* The message may be the secure world's at the moment: anything that is found there will do. */
static void optee_quiesce_spare(struct optee_quiesce_work *q, const struct optee_call *call)
{
	const struct optee_msg_param *msg = call->arg->params;
	unsigned int n;

	/* With what came before it, see optee_seen_begin(). */
	if (!smp_load_acquire(&call->seen.serial))
		return;
	optee_quiesce_note(&q->busy_sessions, READ_ONCE(call->seen.session));
	for (n = 0; n < min_t(unsigned int, READ_ONCE(call->num_params), OPTEE_MAX_PARAMS); n++) {
		switch (READ_ONCE(msg[n].attr) & OPTEE_MSG_ATTR_TYPE_MASK) {
		case OPTEE_MSG_ATTR_TYPE_RMEM_INPUT ... OPTEE_MSG_ATTR_TYPE_RMEM_INOUT:
			optee_quiesce_note(&q->busy_memory, READ_ONCE(msg[n].u.rmem.shm_ref));
			break;
		}
	}
}

static void optee_quiesce_spare_busy(struct optee_quiesce_work *q, struct optee_msg_cache *cache)
{
	struct optee_msg_page *page;
	unsigned int n;

	/* Pages are only ever added, and complete when they are. */
	list_for_each_entry_lockless(page, &cache->pages, node)
		for (n = 0; n < page->num_slots; n++)
			optee_quiesce_spare(q, page->calls + n);
}

static void optee_quiesce_take_memory(struct optee_quiesce_work *q)
{
	struct optee *optee = q->optee;
	unsigned long index = 0;
	u64 cookie;

	while ((cookie = optee_cookie_next_of_client(&optee->cookies, &index)))
		if (xa_load(&q->busy_memory, cookie) ||
		    optee_unregister(optee, NULL, NULL, cookie, 0))
			q->pieces++;
}

static unsigned int optee_quiesce_take_messages(struct optee *optee)
{
	unsigned int left, n;

	/* No more are kept, but those that are in use come back once. */
	WRITE_ONCE(optee->msgs.max_kept, 0);
	for (n = 0;; n++) {
		/* A page is idle only if none of its slots is kept. */
		optee_contexts_put_kept(optee);
		left = optee_msg_cache_quiesce(optee, &optee->msgs);
		if (!left || n == OPTEE_QUIESCE_TRIES)
			return left;
		msleep(OPTEE_QUIESCE_PAUSE_MS);
	}
}

static void optee_quiesce_run(struct work_struct *work)
{
	struct optee_quiesce_work *q = container_of(work, struct optee_quiesce_work, work);
	struct optee *optee = q->optee;

	/* Without a place that is left to it, it waits for one as everybody does. */
	optee_cq_suspend(&optee->cq);
	optee_quiesce_take_memory(q);
	q->sessions = optee_sessions_close_idle(optee, &q->busy_sessions);
	if (q->messages)
		q->pieces += optee_quiesce_take_messages(optee);
	complete(&q->done);
}

static void optee_quiesce_all(struct optee *optee, bool messages)
{
	struct optee_quiesce_work *q = kzalloc(sizeof(*q), GFP_KERNEL);

	/* Before calls are looked at that are under way: no session or memory is added. */
	WRITE_ONCE(optee->going_down, true);
	if (!q) {
		dev_warn(optee->dev, "no memory to take back what clients share with the secure world\n");
		return;
	}
	q->optee = optee;
	q->messages = messages;
	xa_init(&q->busy_sessions);
	xa_init(&q->busy_memory);
	init_completion(&q->done);
	INIT_WORK(&q->work, optee_quiesce_run);
	optee_quiesce_spare_busy(q, &optee->msgs);
	optee_quiesce_spare_busy(q, &optee->private_msgs);
	optee_quiesce_spare_busy(q, &optee->system_msgs);

	queue_work(optee->workers, &q->work);
	if (!wait_for_completion_timeout(&q->done, msecs_to_jiffies(OPTEE_QUIESCE_MS))) {
		/* Left to the worker, which may be at it when there is no machine any more. */
		dev_warn(optee->dev, "the secure world keeps what clients share with it\n");
		return;
	}
	if (q->sessions || q->pieces)
		dev_warn(optee->dev, "%u sessions and %u pieces of memory stay with the secure world\n",
			 q->sessions, q->pieces);
	xa_destroy(&q->busy_sessions);
	xa_destroy(&q->busy_memory);
	kfree(q);
}

/**
 * optee_quiesce_sessions() - the machine goes down: close what clients have open
 * @optee:	device, possibly still in use
 *
 * For FF-A, where memory is taken back by optee_ffa_shares_take_back(). May sleep, OPTEE_QUIESCE_MS
 * at most.
 */
void optee_quiesce_sessions(struct optee *optee)
{
	optee_quiesce_all(optee, false);
}
EXPORT_SYMBOL_GPL(optee_quiesce_sessions);

/**
 * optee_quiesce() - the machine goes down: take back what clients and their messages have
 * @optee:	device, possibly still in use
 *
 * May sleep, OPTEE_QUIESCE_MS at most.
 */
void optee_quiesce(struct optee *optee)
{
	optee_quiesce_all(optee, true);
}
