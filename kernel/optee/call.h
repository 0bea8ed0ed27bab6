/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The beginning and the end of a call, as far as nearly every one goes through it: inline, for
 * the calls that clients make most often. What happens seldom is in call.c and message.c.
 *
 * An object that lies in its slot and is not in use has no cookie and no lists; it keeps what is
 * constant: @optee, @page, @slot, @arg. Whoever gives it one sets @has_more.
 */
#ifndef OPTEE_CALL_H
#define OPTEE_CALL_H

#include <linux/bitops.h>
#include <linux/rculist.h>

#include "stats.h"

struct optee_call *optee_msg_slot_elsewhere(struct optee *optee, struct tee_context *ctx,
					    unsigned int flags);
void optee_msg_carved_slot_free(struct optee *optee, const struct optee_msg_page *page);
void optee_call_init_unusual(struct optee_call *call, struct tee_context *ctx);
void optee_call_put_rest(struct optee_call *call);
int optee_call_run_unusual(struct optee_call *call, enum optee_step step, u64 begin);

static __always_inline struct optee_call *optee_msg_page_take(struct optee_msg_page *page)
{
	unsigned long free;
	unsigned int slot;

	while ((free = atomic_long_read(&page->free))) {
		slot = __ffs(free);
		/* After what was done to the slot before, see optee_msg_slot_put(). */
		if (likely(atomic_long_fetch_andnot_acquire(BIT(slot), &page->free) & BIT(slot)))
			return &page->calls[slot];
	}
	return NULL;
}

static __always_inline struct optee_call *optee_msg_cache_take(struct optee_msg_cache *cache)
{
	struct optee_msg_page *page;
	struct optee_call *call;

	/* Pages are only ever added, and complete when they are. */
	list_for_each_entry_lockless(page, &cache->pages, node) {
		call = optee_msg_page_take(page);
		if (likely(call))
			return call;
	}
	return NULL;
}

/*
 * A slot, with its call object, of which only what is constant is set.
 * Return: the call, or NULL without memory
 */
static __always_inline struct optee_call *optee_msg_slot_get(struct optee *optee,
							     struct tee_context *ctx,
							     unsigned int flags)
{
	struct optee_call *call;

	/* Empty where messages are not registered. */
	if (likely(!(flags & OPTEE_CALL_PRIVATE))) {
		call = optee_msg_cache_take(&optee->msgs);
		if (likely(call))
			return call;
	}
	return optee_msg_slot_elsewhere(optee, ctx, flags);
}

static __always_inline void optee_msg_slot_put(struct optee_call *call)
{
	struct optee *optee = call->optee;

	/* All that was done to the message and the call comes before. */
	atomic_long_fetch_or_release(BIT(call->slot), &call->page->free);
	if (unlikely(optee->carve_out.va))
		optee_msg_carved_slot_free(optee, call->page);
}

/**
 * optee_call_prepare() - begin a call, all but its parameters
 * @optee:	device
 * @ctx:	of the client, or NULL for calls of the driver itself
 * @num_params:	at most OPTEE_MAX_PARAMS
 * @flags:	OPTEE_CALL_*
 *
 * The parameters of the message are what the last one left: all of each has to be written.
 *
 * Return: the call with one reference and a zeroed header, or NULL without memory (not
 * with OPTEE_CALL_NOFAIL)
 */
static __always_inline struct optee_call *optee_call_prepare(struct optee *optee,
							     struct tee_context *ctx,
							     unsigned int num_params,
							     unsigned int flags)
{
	struct optee_call *call = optee_msg_slot_get(optee, ctx, flags);

	if (unlikely(!call))
		return NULL;

	call->flags = flags;
	call->num_params = num_params;
	call->num_shms = 0;
	call->has_place = false;
	call->started = false;
	call->rpc_pending = false;
	call->handed_over = false;
	call->has_more = false;
	call->unusual = false;
	call->keep = false;
	call->orphaned = NULL;
	/* One that outlives its context has to do without it. */
	call->ctx = flags & (OPTEE_CALL_MUST_RUN | OPTEE_CALL_UNKILLABLE) ? NULL : ctx;
	/* Until it sleeps in the queue. */
	call->waiter.task = NULL;
	call->waiter.reservation = NULL;
	call->waiter.calls = NULL;
	call->waiter.bounded = false;
	call->waiter.kept = false;
	call->waiter.lengthy = false;
	call->waiter.refused = false;
	call->waiter.refusals = 0;
	call->waiter.user = true;
	if (likely(!flags && ctx && !ctx->in_kernel && !optee->cq.max_per_context)) {
		call->supp_nowait = ctx->supp_nowait;
		call->wait_state = TASK_KILLABLE | TASK_FREEZABLE;
	} else {
		optee_call_init_unusual(call, ctx);
	}

	*call->arg = (struct optee_msg_arg){ .num_params = num_params };
	return call;
}

/**
 * optee_call_put() - drop a reference
 * @call:	call
 */
static __always_inline void optee_call_put(struct optee_call *call)
{
	if (unlikely(call->has_more))
		optee_call_put_rest(call);
	else
		optee_msg_slot_put(call);
}

/**
 * optee_call_run_at_once() - make a call, inline as far as most go
 * @optee:	its device
 * @call:	prepared call
 * @arg:	its message
 * @cmd:	of its message
 * @num_params:	of its message
 *
 * All that the call itself could tell is given by those who know it anyway.
 *
 * Return: as optee_call_run()
 */
static __always_inline int optee_call_run_at_once(struct optee *optee, struct optee_call *call,
						  const struct optee_msg_arg *arg, u32 cmd,
						  unsigned int num_params)
{
	enum optee_step step = OPTEE_STEP_REFUSED;
	unsigned int n;

	/* What comes back is compared with this, not with shared memory. */
	for (n = 0; n < num_params; n++)
		call->attr[n] = arg->params[n].attr;

	optee_seen_begin(call, arg, cmd);
	if (optee_call_is_watched())
		return optee_call_run_unusual(call, step, optee_call_begin(call));
	if (likely(optee_cq_enter_fresh(&optee->cq, &call->waiter))) {
		call->has_place = true;
		step = optee->ops->call_first(call);
		if (likely(step == OPTEE_STEP_DONE)) {
			optee_cq_leave_ordinary(&optee->cq, &call->waiter);
			call->has_place = false;
			optee_call_count(optee, call, cmd);
			optee_seen_end(call);
			return 0;
		}
	}
	return optee_call_run_unusual(call, step, 0);
}

/**
 * optee_call_reply_is_sane() - does the reply have the shape of the request?
 * @call:	call that has ended
 * @arg:	its message
 * @num_params:	of the request
 */
static __always_inline bool optee_call_reply_is_sane(const struct optee_call *call,
						     const struct optee_msg_arg *arg,
						     unsigned int num_params)
{
	unsigned int n;

	if (READ_ONCE(arg->num_params) != num_params)
		return false;
	for (n = 0; n < num_params; n++)
		if (READ_ONCE(arg->params[n].attr) != call->attr[n])
			return false;
	return true;
}

/**
 * optee_call_can_be_sent() - is its message where the secure world can read it?
 * @call:	call
 *
 * Return: false if it was made up, see optee_msg_slot_elsewhere()
 */
static inline bool optee_call_can_be_sent(const struct optee_call *call)
{
	return !call->optee->ops->share || call->page->cookie;
}

#endif /* OPTEE_CALL_H */
