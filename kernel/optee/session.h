/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions as calls meet them: looked up by number. Inline, for the calls made most often.
 */
#ifndef OPTEE_SESSION_H
#define OPTEE_SESSION_H

#include <linux/rculist.h>

#include <abi/tee_result.h>

#include "optee_private.h"

static inline struct hlist_head *optee_session_bucket(struct optee_context *optee_ctx, u32 id)
{
	return &optee_ctx->sessions[id % OPTEE_SESSION_BUCKETS];
}

/* Under RCU, or the lock of the context. */
static inline struct optee_session *optee_session_find(struct optee_context *optee_ctx, u32 id)
{
	struct optee_session *session;

	hlist_for_each_entry_rcu(session, optee_session_bucket(optee_ctx, id), node,
				 lockdep_is_held(&optee_ctx->lock))
		if (session->id == id)
			return session;
	return NULL;
}

/*
 * A call names its session by the number and needs nothing else that may go: whether it is a
 * system session is found out here.
 */
static inline bool optee_session_lookup(struct optee_context *optee_ctx, u32 id, bool *system)
{
	const struct optee_session *session;

	rcu_read_lock();
	session = optee_session_find(optee_ctx, id);
	if (session)
		*system = READ_ONCE(session->system);
	rcu_read_unlock();
	return session;
}

/* A place of the context's own comes first, so that the one of all sessions stays for others. */
static inline void optee_call_may_be_system(struct optee_call *call, bool system)
{
	if (unlikely(system) && !call->waiter.reservation)
		call->waiter.reservation = &call->optee->system.sessions;
}

static inline void optee_communication_error(u32 *ret, u32 *ret_origin)
{
	*ret = TEE_ERROR_COMMUNICATION;
	*ret_origin = TEE_ORIGIN_COMMS;
}

#endif /* OPTEE_SESSION_H */
