// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine goes down with clients that are still there, and the next kernel gets its memory: what
 * can be had back from the secure world is taken back. First sessions, then memory, then the pages of
 * messages; but not what calls use that are under way.
 *
 * A call may begin meanwhile, all the same, and the secure world waits for its end before it gives up
 * what it uses. So a worker asks, and is waited for only so long.
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
 * struct optee_farewell - what is taken back
 * @work:	the worker's
 * @optee:	device
 * @busy_sessions: numbers of sessions that calls use
 * @busy_memory: the same with cookies
 * @sessions:	that could not be closed
 * @pieces:	of memory that could not be had back
 * @done:	there is no more to do
 */
struct optee_farewell {
	struct work_struct work;
	struct optee *optee;
	struct xarray busy_sessions;
	struct xarray busy_memory;
	unsigned int sessions;
	unsigned int pieces;
	struct completion done;
};

/* What cannot be noted is asked for, and may make the worker wait: that is all. */
static void optee_farewell_note(struct xarray *busy, u64 number)
{
	xa_store(busy, number, xa_mk_value(1), GFP_KERNEL);
}

/* The message may be the secure world's at the moment: anything that is found there will do. */
static void optee_farewell_spare(struct optee_farewell *f, const struct optee_call *call)
{
	const struct optee_msg_param *msg = call->arg->params;
	unsigned int n;

	if (!READ_ONCE(call->seen.serial))
		return;
	optee_farewell_note(&f->busy_sessions, READ_ONCE(call->seen.session));
	for (n = 0; n < min_t(unsigned int, READ_ONCE(call->num_params), OPTEE_MAX_PARAMS); n++) {
		switch (READ_ONCE(msg[n].attr) & OPTEE_MSG_ATTR_TYPE_MASK) {
		case OPTEE_MSG_ATTR_TYPE_RMEM_INPUT ... OPTEE_MSG_ATTR_TYPE_RMEM_INOUT:
			optee_farewell_note(&f->busy_memory, READ_ONCE(msg[n].u.rmem.shm_ref));
			break;
		}
	}
}

static void optee_farewell_spare_busy(struct optee_farewell *f, struct optee_msg_cache *cache)
{
	struct optee_msg_page *page;
	unsigned int n;

	/* Pages are only ever added, and complete when they are. */
	list_for_each_entry_lockless(page, &cache->pages, node)
		for (n = 0; n < page->num_slots; n++)
			optee_farewell_spare(f, page->calls + n);
}

static void optee_farewell_take_memory(struct optee_farewell *f)
{
	struct optee *optee = f->optee;
	unsigned long index = 0;
	u64 cookie;

	while ((cookie = optee_cookie_next_of_client(&optee->cookies, &index)))
		if (xa_load(&f->busy_memory, cookie) ||
		    optee_unregister(optee, NULL, NULL, cookie, OPTEE_CALL_NOWAIT))
			f->pieces++;
}

static void optee_farewell_work(struct work_struct *work)
{
	struct optee_farewell *f = container_of(work, struct optee_farewell, work);

	f->sessions = optee_sessions_close_idle(f->optee, &f->busy_sessions);
	optee_farewell_take_memory(f);
	complete(&f->done);
}

/**
 * optee_quiesce_clients() - take back what clients have in the secure world
 * @optee:	device, possibly still in use
 *
 * Over FF-A only their sessions; memory: optee_ffa_shares_take_back(). May sleep.
 */
void optee_quiesce_clients(struct optee *optee)
{
	struct optee_farewell *f = kzalloc(sizeof(*f), GFP_KERNEL);

	WRITE_ONCE(optee->going_down, true);
	if (!f)
		return;
	f->optee = optee;
	xa_init(&f->busy_sessions);
	xa_init(&f->busy_memory);
	init_completion(&f->done);
	INIT_WORK(&f->work, optee_farewell_work);
	optee_farewell_spare_busy(f, &optee->msgs);
	optee_farewell_spare_busy(f, &optee->private_msgs);

	queue_work(optee->workers, &f->work);
	if (!wait_for_completion_timeout(&f->done, msecs_to_jiffies(OPTEE_QUIESCE_MS))) {
		/* Left to the worker, which may be at it when there is no machine any more. */
		dev_warn(optee->dev, "the secure world keeps what clients share with it\n");
		return;
	}
	if (f->sessions || f->pieces)
		dev_warn(optee->dev, "%u sessions and %u pieces of memory stay with the secure world\n",
			 f->sessions, f->pieces);
	xa_destroy(&f->busy_sessions);
	xa_destroy(&f->busy_memory);
	kfree(f);
}
EXPORT_SYMBOL_GPL(optee_quiesce_clients);

/**
 * optee_quiesce() - the machine goes down
 * @optee:	device, possibly still in use
 */
void optee_quiesce(struct optee *optee)
{
	unsigned int n;

	/* No more are kept, but those that are in use come back once. */
	WRITE_ONCE(optee->msgs.max_kept, 0);
	optee_quiesce_clients(optee);
	for (n = 0; n < OPTEE_QUIESCE_TRIES; n++) {
		/* A page is idle only if none of its slots is kept. */
		optee_contexts_put_kept(optee);
		if (optee_msg_cache_quiesce(optee, &optee->msgs))
			break;
		msleep(OPTEE_QUIESCE_PAUSE_MS);
	}
}
