/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions as calls meet them: looked up by number. Inline, for the calls made most often.
 */
#ifndef OPTEE_SESSION_H
#define OPTEE_SESSION_H

#include <linux/rculist.h>

#include <abi/tee_result.h>

#include "optee_private.h"

/**
 * struct optee_session - an open session
 * @node:	in its context
 * @refcount:	the context's, and those of who makes it or changes what it is
 * @rcu:	found without a lock
 * @id:		of the secure world
 * @uuid:	application
 * @system:	its calls may use the place that is kept back for such sessions; set once, under
 *		optee_system.mutex
 */
struct optee_session {
	struct hlist_node node;
	refcount_t refcount;
	struct rcu_head rcu;
	u32 id;
	uuid_t uuid;
	bool system;
};

enum optee_session_kind {
	OPTEE_SESSION_NONE,
	OPTEE_SESSION_ORDINARY,
	OPTEE_SESSION_SYSTEM,
};

enum optee_session_kind optee_session_lookup_listed(struct optee_context *optee_ctx, u32 id);

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
 * A call names its session by the number. That may be closed by another thread of the client before
 * the call is made, and be another one's by then if the secure world gives numbers again: it
 * knows whose they are, or does not. Whether it is a
 * system session is found out here. One word tells it of nearly all sessions, without RCU: for each
 * list, the number of a session that is no system session, or a number of another list.
 */
static __always_inline enum optee_session_kind
optee_session_lookup(struct optee_context *optee_ctx, u32 id)
{
	if (likely(READ_ONCE(optee_ctx->known[id % OPTEE_SESSION_BUCKETS]) == id))
		return OPTEE_SESSION_ORDINARY;
	return optee_session_lookup_listed(optee_ctx, id);
}

/* A place of the context's own comes first, so that the one of all sessions stays for others. */
static inline void optee_call_may_be_system(struct optee_call *call, bool system)
{
	if (unlikely(system) && !call->waiter.reservation)
		call->waiter.reservation = &call->optee->system.sessions;
}

struct optee_call *optee_call_alloc_system(struct tee_context *ctx, unsigned int num_params);

static inline void optee_communication_error(u32 *ret, u32 *ret_origin)
{
	*ret = TEE_ERROR_COMMUNICATION;
	*ret_origin = TEE_ORIGIN_COMMS;
}

#endif /* OPTEE_SESSION_H */
