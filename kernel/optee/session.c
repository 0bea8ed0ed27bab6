// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts and their sessions: open, cancel, close. For what sessions are there for: invoke.c.
 */
#include <linux/slab.h>

#include "kept_call.h"
#include "session.h"

/* Of a list that has changed: one that calls find at once. */
static void optee_session_make_known(struct optee_context *optee_ctx, unsigned int bucket)
{
	struct optee_session *session;
	/* Belongs to another list, so that nobody looks for it here. */
	u32 known = bucket ^ 1;

	hlist_for_each_entry(session, &optee_ctx->sessions[bucket], node) {
		if (!READ_ONCE(session->system)) {
			known = session->id;
			break;
		}
	}
	WRITE_ONCE(optee_ctx->known[bucket], known);
}

int optee_open(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_context *optee_ctx;
	unsigned int n;

	optee_ctx = kzalloc(sizeof(*optee_ctx), GFP_KERNEL);
	if (!optee_ctx)
		return -ENOMEM;

	spin_lock_init(&optee_ctx->lock);
	for (n = 0; n < OPTEE_SESSION_BUCKETS; n++)
		optee_session_make_known(optee_ctx, n);
	optee_ctx->optee = optee;
	optee_ctx->ctx = ctx;
	ctx->cap_memref_null = optee->memref_null;
	ctx->data = optee_ctx;
	optee_contexts_add(optee, optee_ctx);
	return 0;
}

/**
 * optee_session_put() - drop a reference
 * @session:	session
 */
void optee_session_put(struct optee_session *session)
{
	if (refcount_dec_and_test(&session->refcount))
		kfree_rcu(session, rcu);
}

/**
 * optee_session_get() - look a session up
 * @ctx:	context
 * @id:		anything
 *
 * Without a lock: one that is being closed is found or not.
 *
 * Return: the session with a reference, or NULL
 */
struct optee_session *optee_session_get(struct tee_context *ctx, u32 id)
{
	struct optee_session *session;

	rcu_read_lock();
	session = optee_session_find(ctx->data, id);
	if (session && !refcount_inc_not_zero(&session->refcount))
		session = NULL;
	rcu_read_unlock();

	return session;
}

/**
 * optee_session_is_open() - does the context still have it?
 * @ctx:	context
 * @session:	session, with a reference
 *
 * Return: false if somebody is closing it
 */
bool optee_session_is_open(struct tee_context *ctx, const struct optee_session *session)
{
	bool is_open;

	rcu_read_lock();
	is_open = optee_session_find(ctx->data, session->id) == session;
	rcu_read_unlock();
	return is_open;
}

/**
 * optee_session_make_system() - let calls of a session use the place that is kept back
 * @ctx:	context
 * @session:	session, with a reference; open or not
 */
void optee_session_make_system(struct tee_context *ctx, struct optee_session *session)
{
	struct optee_context *optee_ctx = ctx->data;

	spin_lock(&optee_ctx->lock);
	WRITE_ONCE(session->system, true);
	optee_session_make_known(optee_ctx, session->id % OPTEE_SESSION_BUCKETS);
	spin_unlock(&optee_ctx->lock);
}

/**
 * optee_session_lookup_listed() - look for a session in its list
 * @optee_ctx:	context
 * @id:		anything
 */
enum optee_session_kind optee_session_lookup_listed(struct optee_context *optee_ctx, u32 id)
{
	enum optee_session_kind kind = OPTEE_SESSION_NONE;
	const struct optee_session *session;

	rcu_read_lock();
	session = optee_session_find(optee_ctx, id);
	if (session)
		kind = READ_ONCE(session->system) ? OPTEE_SESSION_SYSTEM : OPTEE_SESSION_ORDINARY;
	rcu_read_unlock();
	return kind;
}

/* The context gets the caller's reference. Return: false if there is one of this number */
static bool optee_session_add(struct optee_context *optee_ctx, struct optee_session *session)
{
	bool added;

	spin_lock(&optee_ctx->lock);
	added = !optee_session_find(optee_ctx, session->id);
	if (added) {
		hlist_add_head_rcu(&session->node, optee_session_bucket(optee_ctx, session->id));
		optee_session_make_known(optee_ctx, session->id % OPTEE_SESSION_BUCKETS);
	}
	spin_unlock(&optee_ctx->lock);
	return added;
}

/* Whoever takes it out closes it, and has the context's reference. */
static struct optee_session *optee_session_remove(struct optee_context *optee_ctx, u32 id)
{
	struct optee_session *session;

	spin_lock(&optee_ctx->lock);
	session = optee_session_find(optee_ctx, id);
	if (session) {
		hlist_del_rcu(&session->node);
		optee_session_make_known(optee_ctx, id % OPTEE_SESSION_BUCKETS);
	}
	spin_unlock(&optee_ctx->lock);
	return session;
}

/*
 * As optee_session_remove(), any one.
 * @but: not those of these numbers, or NULL
 */
static struct optee_session *optee_session_remove_any(struct optee_context *optee_ctx,
						      struct xarray *but)
{
	struct optee_session *session = NULL;
	unsigned int n;

	spin_lock(&optee_ctx->lock);
	for (n = 0; n < OPTEE_SESSION_BUCKETS && !session; n++) {
		hlist_for_each_entry(session, &optee_ctx->sessions[n], node)
			if (!but || !xa_load(but, session->id))
				break;
		if (session) {
			hlist_del_rcu(&session->node);
			optee_session_make_known(optee_ctx, n);
		}
	}
	spin_unlock(&optee_ctx->lock);
	return session;
}

/*
 * What the secure world thinks of it changes nothing: the session is forgotten. ctx is for
 * the way of waiting only, and may be on its way out. @session may be NULL.
 * Return: 0, or an errno if the call did not come to its end here
 */
static int optee_close_session_id(struct optee *optee, struct tee_context *ctx,
				  const struct optee_session *session, u32 id, unsigned int flags)
{
	struct optee_call *call;
	int rc;

	call = optee_call_alloc(optee, ctx, 0, OPTEE_CALL_NOFAIL | flags);
	optee_call_may_be_system(call, session && READ_ONCE(session->system));
	call->arg->cmd = OPTEE_MSG_CMD_CLOSE_SESSION;
	call->arg->session = id;
	rc = optee_call_run(call);
	if (!rc && call->status)
		optee_report_status(optee, call->status);
	optee_call_put(call);
	return rc;
}

/* With the context's reference. Return: as optee_close_session_id() */
static int optee_session_close(struct optee *optee, struct tee_context *ctx,
			       struct optee_session *session, unsigned int flags)
{
	int rc = optee_close_session_id(optee, ctx, session, session->id, flags);

	optee_system_session_gone(optee, session);
	optee_session_put(session);
	return rc;
}

/* Without the lock of the context: what comes and goes meanwhile is counted or not. */
static unsigned int optee_sessions_count(struct optee_context *optee_ctx)
{
	struct optee_session *session;
	unsigned int sessions = 0;
	unsigned int n;

	rcu_read_lock();
	for (n = 0; n < OPTEE_SESSION_BUCKETS; n++)
		hlist_for_each_entry_rcu(session, &optee_ctx->sessions[n], node)
			sessions++;
	rcu_read_unlock();
	return sessions;
}

/**
 * optee_sessions_close_idle() - the machine goes down: close sessions of clients that are still there
 * @optee:	device, possibly in use, where no more are opened
 * @busy:	numbers of those that calls use, which stay
 *
 * Clients do not find them any more. May sleep: for a secure thread, and for applications.
 *
 * Return: how many stay, or could not be closed
 */
unsigned int optee_sessions_close_idle(struct optee *optee, struct xarray *busy)
{
	struct optee_session *session;
	struct optee_context *ctx;
	unsigned int left = 0;

	do {
		session = NULL;
		mutex_lock(&optee->contexts_lock);
		list_for_each_entry(ctx, &optee->contexts, node) {
			session = optee_session_remove_any(ctx, busy);
			if (session)
				break;
		}
		mutex_unlock(&optee->contexts_lock);
		if (session && optee_session_close(optee, NULL, session, OPTEE_CALL_UNKILLABLE))
			left++;
	} while (session);

	mutex_lock(&optee->contexts_lock);
	list_for_each_entry(ctx, &optee->contexts, node)
		left += optee_sessions_count(ctx);
	mutex_unlock(&optee->contexts_lock);
	return left;
}

/**
 * optee_close_sessions() - close all sessions of a context
 * @ctx:	context, of which nobody uses a session any more
 */
void optee_close_sessions(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_session *session;

	while ((session = optee_session_remove_any(ctx->data, NULL)))
		optee_session_close(optee, ctx, session, OPTEE_CALL_MUST_RUN);
}

void optee_release(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_context *optee_ctx = ctx->data;

	/* The last reference has gone, so nobody else is here. */
	optee_close_sessions(ctx);
	optee_contexts_del(optee, optee_ctx);
	optee_context_put_kept(optee_ctx);
	ctx->data = NULL;
	kfree(optee_ctx);
}

/* The client was killed while its session was being opened. */
static void optee_open_session_orphaned(struct optee_call *call)
{
	if (call->status)
		return;
	if (READ_ONCE(call->arg->ret) == TEE_SUCCESS)
		optee_close_session_id(call->optee, NULL, NULL, READ_ONCE(call->arg->session),
				       OPTEE_CALL_MUST_RUN);
}

static int optee_open_session_result(struct optee_call *call, struct tee_context *ctx,
				     struct tee_ioctl_open_session_arg *arg,
				     struct tee_param *param, struct optee_session *session)
{
	struct optee_context *optee_ctx = ctx->data;
	struct optee *optee = call->optee;

	arg->session = 0;
	if (call->status) {
		optee_report_status(optee, call->status);
		optee_communication_error(&arg->ret, &arg->ret_origin);
		return 0;
	}

	arg->ret = READ_ONCE(call->arg->ret);
	arg->ret_origin = READ_ONCE(call->arg->ret_origin);
	session->id = READ_ONCE(call->arg->session);

	if (arg->ret == TEE_SUCCESS) {
		refcount_inc(&session->refcount);
		if (!optee_session_add(optee_ctx, session)) {
			/* The number of a session that is open: not ours to close. */
			optee_session_put(session);
			dev_warn_ratelimited(optee->dev, "session %u opened twice\n", session->id);
			optee_communication_error(&arg->ret, &arg->ret_origin);
			return 0;
		}
	}

	if (!optee_call_reply_is_sane(call, call->arg, call->num_params)) {
		dev_warn_ratelimited(optee->dev, "malformed reply to open session\n");
		if (arg->ret == TEE_SUCCESS)
			optee_close_session(ctx, session->id);
		optee_communication_error(&arg->ret, &arg->ret_origin);
		return 0;
	}

	optee_from_msg_params(call->arg->params + 2, param, arg->num_params);
	arg->session = session->id;
	return 0;
}

int optee_open_session(struct tee_context *ctx, struct tee_ioctl_open_session_arg *arg,
		       struct tee_param *param)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_session *session;
	struct optee_msg_param *msg;
	struct optee_call *call;
	uuid_t client;
	int rc;

	if (arg->num_params > OPTEE_MSG_MAX_TA_PARAMS)
		return -EINVAL;
	/* It might not be closed any more. */
	if (READ_ONCE(optee->going_down))
		return -ENODEV;
	rc = tee_session_calc_client_uuid(&client, arg->clnt_login, arg->clnt_uuid);
	if (rc)
		return rc;

	session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	if (!session)
		return -ENOMEM;
	refcount_set(&session->refcount, 1);
	import_uuid(&session->uuid, arg->uuid);

	rc = -ENOMEM;
	call = optee_call_alloc(optee, ctx, arg->num_params + 2, 0);
	if (!call)
		goto out_session;

	msg = call->arg->params;
	call->arg->cmd = OPTEE_MSG_CMD_OPEN_SESSION;
	call->arg->cancel_id = arg->cancel_id;
	msg[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	msg[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	export_uuid(msg[0].u.octets, &session->uuid);
	export_uuid(msg[1].u.octets, &client);
	msg[1].u.value.c = arg->clnt_login;
	rc = optee_to_msg_params(call, msg + 2, param, arg->num_params);
	if (rc)
		goto out_call;

	call->orphaned = optee_open_session_orphaned;
	rc = optee_call_run(call);
	if (!rc)
		rc = optee_open_session_result(call, ctx, arg, param, session);

out_call:
	optee_call_put(call);
out_session:
	optee_session_put(session);
	return rc;
}

int optee_close_session(struct tee_context *ctx, u32 session)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_context *optee_ctx = ctx->data;
	struct optee_session *s;

	s = optee_session_remove(optee_ctx, session);
	if (!s)
		return -EINVAL;

	optee_session_close(optee, ctx, s, OPTEE_CALL_MUST_RUN);
	return 0;
}

int optee_cancel_req(struct tee_context *ctx, u32 cancel_id, u32 session)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	enum optee_session_kind kind;
	struct optee_call *call;
	int rc;

	kind = optee_session_lookup(ctx->data, session);
	if (kind == OPTEE_SESSION_NONE)
		return -EINVAL;
	call = kind == OPTEE_SESSION_SYSTEM ? optee_call_alloc_system(ctx, 0) :
					      optee_call_alloc(optee, ctx, 0, 0);
	if (!call)
		return -ENOMEM;
	call->arg->cmd = OPTEE_MSG_CMD_CANCEL;
	call->arg->session = session;
	call->arg->cancel_id = cancel_id;
	rc = optee_call_run(call);
	if (!rc && call->status)
		optee_report_status(optee, call->status);
	optee_call_put(call);

	return rc;
}
