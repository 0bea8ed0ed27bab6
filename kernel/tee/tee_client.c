// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interface for clients in the kernel.
 */
#include <linux/module.h>

#include "tee_call.h"
#include "tee_private.h"

struct tee_client_match {
	int (*match)(struct tee_ioctl_version_data *vers, const void *data);
	const void *data;
	struct tee_ioctl_version_data vers;
};

static int tee_client_match_device(struct device *dev, const void *data)
{
	/* The walk does not change what it looks for, but where it notes what it found. */
	struct tee_client_match *m = (void *)data;
	struct tee_device *teedev = container_of(dev, struct tee_device, dev);
	int matches;

	if (!tee_device_get(teedev))
		return 0;
	memset(&m->vers, 0, sizeof(m->vers));
	teedev->desc->ops->get_version(teedev, &m->vers);
	tee_device_put(teedev);

	matches = m->match(&m->vers, m->data);
	return matches > 0;
}

/**
 * tee_client_open_context() - open the first device that suits
 * @start:	continue behind the device of this context, or NULL
 * @match:	says whether a version suits
 * @data:	for @match
 * @vers:	version of the device, out, or NULL
 *
 * Return: a context, -ENOENT if no device suits, or -ENOMEM
 */
struct tee_context *
tee_client_open_context(struct tee_context *start,
			int (*match)(struct tee_ioctl_version_data *, const void *),
			const void *data, struct tee_ioctl_version_data *vers)
{
	struct tee_client_match m = { .match = match, .data = data };
	struct tee_context *ctx = ERR_PTR(-ENOENT);
	struct device *put_dev = NULL;
	struct device *dev = NULL;

	if (start)
		dev = &start->teedev->dev;

	for (;;) {
		dev = class_find_device(tee_get_class(), dev, &m, tee_client_match_device);
		put_device(put_dev);
		if (!dev)
			return ERR_PTR(-ENOENT);
		put_dev = dev;

		ctx = teedev_open(container_of(dev, struct tee_device, dev));
		if (!IS_ERR(ctx) || PTR_ERR(ctx) == -ENOMEM)
			break;
	}
	put_device(put_dev);

	if (!IS_ERR(ctx)) {
		/* What the kernel waits for must not depend on a process. */
		ctx->supp_nowait = true;
		if (vers)
			*vers = m.vers;
	}
	return ctx;
}
EXPORT_SYMBOL_GPL(tee_client_open_context);

/**
 * tee_client_close_context() - close a context and its sessions
 * @ctx:	context
 */
void tee_client_close_context(struct tee_context *ctx)
{
	teedev_close_context(ctx);
}
EXPORT_SYMBOL_GPL(tee_client_close_context);

/**
 * tee_client_get_version() - version of the context's device
 * @ctx:	context
 * @vers:	out
 */
void tee_client_get_version(struct tee_context *ctx, struct tee_ioctl_version_data *vers)
{
	ctx->teedev->desc->ops->get_version(ctx->teedev, vers);
}
EXPORT_SYMBOL_GPL(tee_client_get_version);

/**
 * tee_client_open_session() - open a session
 * @ctx:	context
 * @arg:	what to open; result in @arg->ret
 * @param:	@arg->num_params parameters
 *
 * Return: 0 if the secure world answered, else an errno
 */
int tee_client_open_session(struct tee_context *ctx, struct tee_ioctl_open_session_arg *arg,
			    struct tee_param *param)
{
	if (!ctx->teedev->desc->ops->open_session)
		return -EINVAL;
	return tee_call_open_session(ctx, arg, param);
}
EXPORT_SYMBOL_GPL(tee_client_open_session);

/**
 * tee_client_close_session() - close a session
 * @ctx:	context
 * @session:	session
 */
int tee_client_close_session(struct tee_context *ctx, u32 session)
{
	if (!ctx->teedev->desc->ops->close_session)
		return -EINVAL;
	return tee_call_close_session(ctx, session);
}
EXPORT_SYMBOL_GPL(tee_client_close_session);

/**
 * tee_client_system_session() - let a session's calls never wait for ordinary ones
 * @ctx:	context
 * @session:	session
 *
 * Return: 0, or -EINVAL if the driver cannot or the session is unknown
 */
int tee_client_system_session(struct tee_context *ctx, u32 session)
{
	if (!ctx->teedev->desc->ops->system_session)
		return -EINVAL;
	return ctx->teedev->desc->ops->system_session(ctx, session);
}
EXPORT_SYMBOL_GPL(tee_client_system_session);

/**
 * tee_client_request_system_context() - reserve a system context
 * @ctx:	context
 *
 * One call more of this context at a time, whatever it is, does not wait for ordinary calls.
 * Further ones do. May be called again and again, by several threads, for as many calls; each
 * needs a release, or the end of the context.
 *
 * May sleep, but does not wait for calls.
 *
 * Return: 0, -EINVAL if the driver cannot, or if too few would be left for ordinary calls, or
 * -ENOMEM
 */
int tee_client_request_system_context(struct tee_context *ctx)
{
	if (!ctx->teedev->desc->ops->system_ctx_request ||
	    !ctx->teedev->desc->ops->system_ctx_release)
		return -EINVAL;
	return ctx->teedev->desc->ops->system_ctx_request(ctx);
}
EXPORT_SYMBOL_GPL(tee_client_request_system_context);

/**
 * tee_client_release_system_context() - release a reserved system context
 * @ctx:	context
 *
 * A call that uses it goes on, as an ordinary one.
 *
 * Return: 0, or -EINVAL if the context has none
 */
int tee_client_release_system_context(struct tee_context *ctx)
{
	if (!ctx->teedev->desc->ops->system_ctx_release)
		return -EINVAL;
	return ctx->teedev->desc->ops->system_ctx_release(ctx);
}
EXPORT_SYMBOL_GPL(tee_client_release_system_context);

/**
 * tee_client_invoke_func() - invoke a command
 * @ctx:	context
 * @arg:	session and command; result in @arg->ret
 * @param:	@arg->num_params parameters
 *
 * Return: 0 if the secure world answered, else an errno
 */
int tee_client_invoke_func(struct tee_context *ctx, struct tee_ioctl_invoke_arg *arg,
			   struct tee_param *param)
{
	if (!ctx->teedev->desc->ops->invoke_func)
		return -EINVAL;
	return tee_call_invoke(ctx->teedev->desc->ops, ctx, arg, param);
}
EXPORT_SYMBOL_GPL(tee_client_invoke_func);

/**
 * tee_client_cancel_req() - cancel a request
 * @ctx:	context
 * @arg:	which
 */
int tee_client_cancel_req(struct tee_context *ctx, struct tee_ioctl_cancel_arg *arg)
{
	if (!ctx->teedev->desc->ops->cancel_req)
		return -EINVAL;
	return tee_call_cancel(ctx, arg->cancel_id, arg->session);
}
EXPORT_SYMBOL_GPL(tee_client_cancel_req);

/**
 * tee_client_register_notif() - be told of an asynchronous notification
 * @ctx:	context; it stays until the client is unregistered, even when it is closed
 * @client:	value and callback; stays the caller's memory
 *
 * If the value was posted before, and nobody has waited for it, the callback is called soon.
 * Clients on the tee bus unregister in their remove callback at the latest, others when they
 * close the context: until then the device cannot go.
 *
 * Context: may sleep.
 *
 * Return: 0, -EOPNOTSUPP if the device has no asynchronous notifications, -EINVAL for a value
 * that it does not have or that is not for clients, -EBUSY if somebody is told of it already
 */
int tee_client_register_notif(struct tee_context *ctx, struct tee_client_notif *client)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	int rc;

	if (!ops->notif_register)
		return -EOPNOTSUPP;

	teedev_ctx_get(ctx);
	client->ctx = ctx;
	rc = ops->notif_register(ctx, client);
	if (rc)
		teedev_ctx_put(ctx);
	return rc;
}
EXPORT_SYMBOL_GPL(tee_client_register_notif);

/**
 * tee_client_unregister_notif() - the opposite
 * @client:	registered client
 *
 * Its callback is not running any more when this returns, and will not be called again.
 *
 * Context: may sleep. Not from a callback.
 */
void tee_client_unregister_notif(struct tee_client_notif *client)
{
	struct tee_context *ctx = client->ctx;

	ctx->teedev->desc->ops->notif_unregister(ctx, client);
	teedev_ctx_put(ctx);
}
EXPORT_SYMBOL_GPL(tee_client_unregister_notif);
