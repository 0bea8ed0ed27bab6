// SPDX-License-Identifier: GPL-2.0-only
/*
 * System contexts and system sessions: calls that must not wait for ordinary ones.
 *
 * An ordinary call may be suspended until some service of the secure world has done its part
 * (a regulator that supplies the storage device). Who calls such a service has a place kept
 * back, or waits for those who wait for it.
 *
 * Places are kept back by the driver in any case, see call_queue.c. Where the secure world can
 * provision threads itself, it is told, too: it knows of threads that are lost to others.
 */
#include "optee_private.h"
#include "session.h"

void optee_system_init(struct optee_system *system)
{
	mutex_init(&system->mutex);
}

static int optee_reserve(struct optee *optee, struct optee_reservation *r)
{
	bool provisioned = optee->system.abi != OPTEE_SYSTEM_COUNT;
	int rc;

	lockdep_assert_held(&optee->system.mutex);

	if (!r->cookie) {
		rc = optee_cookie_alloc(&optee->cookies, &r->cookie);
		if (rc)
			return rc;
	}
	rc = optee_cq_reserve(&optee->cq, r, provisioned);
	if (rc) {
		if (!optee->cq.total)
			dev_warn_once(optee->dev, "no place is kept back: the number of secure threads is not known, see the module parameter thread_count\n");
		return rc;
	}
	if (provisioned) {
		rc = optee->ops->reserve(optee, r->cookie);
		if (rc)
			optee_cq_unreserve(&optee->cq, r);
	}
	return rc;
}

static int optee_unreserve(struct optee *optee, struct optee_reservation *r)
{
	lockdep_assert_held(&optee->system.mutex);

	if (!optee_cq_unreserve(&optee->cq, r))
		return -EINVAL;
	if (optee->system.abi != OPTEE_SYSTEM_COUNT)
		optee->ops->unreserve(optee, r->cookie);
	return 0;
}

/* Nobody is left who could use it. */
static void optee_reservation_drop(struct optee *optee, struct optee_reservation *r)
{
	lockdep_assert_held(&optee->system.mutex);

	while (!optee_unreserve(optee, r))
		;
	if (r->cookie)
		optee_cookie_free(&optee->cookies, r->cookie);
	r->cookie = 0;
}

/**
 * optee_system_request() - keep one place more back for the calls of a context
 * @ctx:	context of a client in the kernel
 *
 * Return: 0, -EINVAL if no thread would be left for ordinary calls, the secure world refuses,
 * or @ctx is not a client's in the kernel, or -ENOMEM
 */
int optee_system_request(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_context *optee_ctx = ctx->data;
	int rc;

	/* Calls of user space may outlive their context, and are not that important. */
	if (!ctx->in_kernel)
		return -EINVAL;

	mutex_lock(&optee->system.mutex);
	rc = optee_reserve(optee, &optee_ctx->reservation);
	mutex_unlock(&optee->system.mutex);
	return rc;
}

/**
 * optee_system_release() - take that back
 * @ctx:	context
 *
 * Return: 0, or -EINVAL if nothing is kept back for it
 */
int optee_system_release(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_context *optee_ctx = ctx->data;
	int rc;

	mutex_lock(&optee->system.mutex);
	rc = optee_unreserve(optee, &optee_ctx->reservation);
	mutex_unlock(&optee->system.mutex);
	return rc;
}

/**
 * optee_system_session() - let the calls of a session use a place that is kept back
 * @ctx:	context
 * @session:	session of it
 *
 * All system sessions of the device share one place. Nothing happens the second time.
 *
 * Return: 0, or -EINVAL if the session is not the context's, no thread would be left for
 * ordinary calls, or the secure world refuses
 */
int optee_system_session(struct tee_context *ctx, u32 session)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_system *system = &optee->system;
	struct optee_session *s;
	int rc = 0;

	s = optee_session_get(ctx, session);
	if (!s)
		return -EINVAL;

	mutex_lock(&system->mutex);
	if (!optee_session_is_open(ctx, s)) {
		/* Being closed; whoever does so may have been here already. */
		rc = -EINVAL;
	} else if (!s->system) {
		if (!system->num_sessions)
			rc = optee_reserve(optee, &system->sessions);
		if (!rc) {
			system->num_sessions++;
			optee_session_make_system(ctx, s);
		} else if (!system->num_sessions) {
			optee_reservation_drop(optee, &system->sessions);
		}
	}
	mutex_unlock(&system->mutex);
	optee_session_put(s);
	return rc;
}

/**
 * optee_call_alloc_system() - prepare a call of a system session
 * @ctx:	context of it
 * @num_params:	at most OPTEE_MAX_PARAMS
 *
 * Return: as optee_call_alloc()
 */
struct optee_call *optee_call_alloc_system(struct tee_context *ctx, unsigned int num_params)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_call *call = optee_call_alloc(optee, ctx, num_params, OPTEE_CALL_SYSTEM);

	if (call)
		optee_call_may_be_system(call, true);
	return call;
}

/**
 * optee_system_session_gone() - a session was closed
 * @optee:	device
 * @session:	session, that nobody finds any more
 */
void optee_system_session_gone(struct optee *optee, struct optee_session *session)
{
	struct optee_system *system = &optee->system;

	mutex_lock(&system->mutex);
	if (session->system) {
		session->system = false;
		if (!--system->num_sessions)
			optee_reservation_drop(optee, &system->sessions);
	}
	mutex_unlock(&system->mutex);
}

/**
 * optee_system_close_context() - the client is done with its context
 * @ctx:	context
 *
 * Its sessions are closed first, as long as that does not have to wait. Memory of the context
 * may still be in use, so this is not its end.
 */
void optee_system_close_context(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_context *optee_ctx = ctx->data;

	if (!ctx->in_kernel || !optee_ctx->reservation.cookie)
		return;

	optee_close_sessions(ctx);
	mutex_lock(&optee->system.mutex);
	optee_reservation_drop(optee, &optee_ctx->reservation);
	mutex_unlock(&optee->system.mutex);
}
