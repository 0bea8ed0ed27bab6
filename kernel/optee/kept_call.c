// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that contexts keep, see kept_call.h: how they come to be kept, and how that ends.
 */
#include "kept_call.h"

/**
 * optee_call_prepare_anew() - begin an invoke for which no call is kept
 * @optee:	device
 * @ctx:	of the client
 * @num_params:	at most OPTEE_MAX_PARAMS
 *
 * Return: as optee_call_prepare()
 */
struct optee_call *optee_call_prepare_anew(struct optee *optee, struct tee_context *ctx,
					   unsigned int num_params)
{
	return optee_call_prepare(optee, ctx, num_params, 0);
}

/* Is it as any other ordinary invoke of the context would be? */
static bool optee_call_can_be_kept(const struct optee_call *call)
{
	return !call->unusual && !call->has_more && call->page->cookie && call->ctx &&
	       !call->ctx->in_kernel && !call->waiter.reservation && !call->waiter.calls;
}

/**
 * optee_call_keep_or_put() - drop the reference on an invoke that was not kept
 * @optee_ctx:	context, which keeps it from now on if it keeps none
 * @call:	call of it
 */
void optee_call_keep_or_put(struct optee_context *optee_ctx, struct optee_call *call)
{
	struct optee_msg_cache *cache = &call->optee->msgs;

	if (!optee_call_can_be_kept(call) || READ_ONCE(optee_ctx->kept) ||
	    atomic_read(&cache->num_kept) >= READ_ONCE(cache->max_kept)) {
		optee_call_put(call);
		return;
	}
	if (atomic_inc_return(&cache->num_kept) > READ_ONCE(cache->max_kept) ||
	    cmpxchg(&optee_ctx->kept, NULL, call)) {
		atomic_dec(&cache->num_kept);
		optee_call_put(call);
		return;
	}
	call->keep = true;
	optee_kept_call_put(optee_ctx, call);
}

/**
 * optee_call_unkeep() - its context does not keep a call any longer
 * @call:	call that nobody but the caller has
 */
void optee_call_unkeep(struct optee_call *call)
{
	struct optee_context *optee_ctx = call->ctx->data;

	call->keep = false;
	atomic_dec(&call->optee->msgs.num_kept);
	WRITE_ONCE(optee_ctx->kept, NULL);
}

/**
 * optee_context_put_kept() - give back the call that a context keeps, if nobody makes it
 * @optee_ctx:	context
 */
void optee_context_put_kept(struct optee_context *optee_ctx)
{
	struct optee_call *call = xchg(&optee_ctx->ready, NULL);

	if (!call)
		return;
	optee_call_unkeep(call);
	optee_call_put(call);
}

/**
 * optee_contexts_put_kept() - have all contexts give back what they keep
 * @optee:	device, possibly in use
 */
void optee_contexts_put_kept(struct optee *optee)
{
	struct optee_context *optee_ctx;

	mutex_lock(&optee->contexts_lock);
	list_for_each_entry(optee_ctx, &optee->contexts, node)
		optee_context_put_kept(optee_ctx);
	mutex_unlock(&optee->contexts_lock);
}
