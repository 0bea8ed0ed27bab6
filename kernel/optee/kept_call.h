/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client that makes one call after the other would prepare the same call over and over again.
 * Its context keeps the first one that ended at once, with its slot, and as it was prepared:
 * but for the message nothing in it has changed then. Taking it is an exchange, giving it back a
 * store, as nobody but who has taken it does so. Another thread of the client, which comes
 * meanwhile, prepares one of its own. One that did not end at once is kept no longer.
 *
 * Only contexts of processes keep one, for sessions that are no system sessions, and only so
 * many of them that slots remain for everybody else.
 */
#ifndef OPTEE_KEPT_CALL_H
#define OPTEE_KEPT_CALL_H

#include "call.h"

struct optee_call *optee_call_prepare_anew(struct optee *optee, struct tee_context *ctx,
					   unsigned int num_params);
void optee_call_keep_or_put(struct optee_context *optee_ctx, struct optee_call *call);
void optee_call_unkeep(struct optee_call *call);
void optee_context_put_kept(struct optee_context *optee_ctx);
void optee_contexts_put_kept(struct optee *optee);

/**
 * optee_kept_call_take() - begin an invoke, all but its message
 * @optee_ctx:	context
 * @num_params:	at most OPTEE_MAX_PARAMS
 *
 * The message is what the last call left: all of it has to be written.
 *
 * Return: the call with one reference, or NULL if there is none, or it is in use
 */
static __always_inline struct optee_call *optee_kept_call_take(struct optee_context *optee_ctx,
							       unsigned int num_params)
{
	/* After what was done to it before, see optee_kept_call_put(). */
	struct optee_call *call = xchg_acquire(&optee_ctx->ready, NULL);

	if (unlikely(!call))
		return NULL;
	call->num_params = num_params;
	call->num_shms = 0;
	return call;
}

/**
 * optee_kept_call_put() - drop the reference on an invoke
 * @optee_ctx:	context
 * @call:	call of it, kept or not
 */
static __always_inline void optee_kept_call_put(struct optee_context *optee_ctx,
						struct optee_call *call)
{
	if (unlikely(!call->keep)) {
		optee_call_keep_or_put(optee_ctx, call);
		return;
	}
	/* All that was done to the message and the call comes before. */
	smp_store_release(&optee_ctx->ready, call);
}

#endif /* OPTEE_KEPT_CALL_H */
