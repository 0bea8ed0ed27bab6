// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asynchronous notifications: what becomes of a value that the secure world posted from an
 * interrupt of its own.
 *
 * Values for secure threads go to the table of notif.c at once. What may sleep is left to
 * workers: the bottom half, which is an ordinary call and may have to wait for a secure thread,
 * and clients in the kernel.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include <abi/tee_result.h>

#include "call.h"

/* The bottom half of one interrupt, the clients of another. */
#define OPTEE_ASYNC_WORKERS	3
/* When the machine goes down: so often is a thread asked for, at intervals of a millisecond. */
#define OPTEE_NOTIF_STOP_TRIES	100

static int optee_async_call(struct optee *optee, u32 cmd, unsigned int flags)
{
	struct optee_call *call;
	int rc;

	call = optee_call_alloc(optee, NULL, 0, flags);
	if (!call)
		return -ENOMEM;
	/* However long it takes until a thread is free: nobody hangs for it. */
	call->wait_state = TASK_IDLE;
	call->waiter.bounded = false;
	call->arg->cmd = cmd;
	rc = optee_call_run(call);
	if (!rc && call->status) {
		optee_report_status(optee, call->status);
		rc = optee_status_to_errno(call->status);
	} else if (!rc && READ_ONCE(call->arg->ret) != TEE_SUCCESS) {
		rc = -EIO;
	}
	optee_call_put(call);
	return rc;
}

/* One at a time; a value that comes meanwhile makes it run again. */
static void optee_do_bottom_half(struct work_struct *work)
{
	struct optee *optee = container_of(work, struct optee, async.bottom_half);
	int rc;

	rc = optee_async_call(optee, OPTEE_MSG_CMD_DO_BOTTOM_HALF, OPTEE_CALL_NOFAIL);
	if (rc)
		dev_warn_ratelimited(optee->dev, "the bottom half failed: %d\n", rc);
}

/**
 * optee_stop_async_notif() - ask the secure world not to interrupt any more
 * @optee:	device
 * @flags:	OPTEE_CALL_*
 *
 * Return: 0 or an errno
 */
int optee_stop_async_notif(struct optee *optee, unsigned int flags)
{
	return optee_async_call(optee, OPTEE_MSG_CMD_STOP_ASYNC_NOTIF, flags);
}
EXPORT_SYMBOL_GPL(optee_stop_async_notif);

/**
 * optee_async_shutdown() - the machine goes down
 * @optee:	device, possibly still in use
 *
 * The secure world shall not interrupt a kernel that comes after this one and does not know of
 * it. Calls of clients that will never go on may hold all its threads: then it is left alone.
 */
void optee_async_shutdown(struct optee *optee)
{
	unsigned int n;

	for (n = 0; n < OPTEE_NOTIF_STOP_TRIES; n++) {
		if (optee_stop_async_notif(optee, OPTEE_CALL_NOWAIT) != -EBUSY)
			return;
		usleep_range(1000, 2000);
	}
	dev_warn(optee->dev, "asynchronous notifications do not stop: no secure thread\n");
}
EXPORT_SYMBOL_GPL(optee_async_shutdown);

static struct tee_client_notif *optee_notif_posted_client(struct optee_notif *notif)
{
	struct tee_client_notif *client;
	unsigned long flags;

	raw_spin_lock_irqsave(&notif->lock, flags);
	list_for_each_entry(client, &notif->clients, node) {
		if (client->posted) {
			client->posted = false;
			raw_spin_unlock_irqrestore(&notif->lock, flags);
			return client;
		}
	}
	raw_spin_unlock_irqrestore(&notif->lock, flags);
	return NULL;
}

static void optee_notif_call_clients(struct work_struct *work)
{
	struct optee *optee = container_of(work, struct optee, async.clients);
	struct tee_client_notif *client;

	/* Who unregisters waits for the mutex, which may be had between any two calls. */
	do {
		mutex_lock(&optee->notif.call_mutex);
		client = optee_notif_posted_client(&optee->notif);
		if (client)
			client->notify(client);
		mutex_unlock(&optee->notif.call_mutex);
		cond_resched();
	} while (client);
}

static struct tee_client_notif *optee_notif_find_client(struct optee_notif *notif, u32 value)
{
	struct tee_client_notif *client;

	lockdep_assert_held(&notif->lock);

	list_for_each_entry(client, &notif->clients, node)
		if (client->value == value)
			return client;
	return NULL;
}

/**
 * optee_notif_post() - post a value: to the client in the kernel that has it, or a secure thread
 * @optee:	device
 * @value:	from the secure world
 *
 * Context: any.
 *
 * Return: result for the secure world
 */
u32 optee_notif_post(struct optee *optee, u64 value)
{
	struct optee_notif *notif = &optee->notif;
	struct tee_client_notif *client;
	unsigned long flags;

	if (value > notif->max)
		return TEE_ERROR_BAD_PARAMETERS;

	raw_spin_lock_irqsave(&notif->lock, flags);
	client = optee_notif_find_client(notif, value);
	if (client)
		client->posted = true;
	raw_spin_unlock_irqrestore(&notif->lock, flags);

	if (!client)
		return optee_notif_send(notif, value);
	queue_work(optee->async.workers, &optee->async.clients);
	return TEE_SUCCESS;
}

/**
 * optee_async_value() - the secure world posted a value
 * @optee:	device
 * @value:	from the secure world
 *
 * Context: any.
 */
void optee_async_value(struct optee *optee, u32 value)
{
	if (value == OPTEE_NOTIF_DO_BOTTOM_HALF)
		queue_work(optee->async.workers, &optee->async.bottom_half);
	else if (optee_notif_post(optee, value) != TEE_SUCCESS)
		dev_warn_ratelimited(optee->dev, "notification %u is out of range\n", value);
}
EXPORT_SYMBOL_GPL(optee_async_value);

/**
 * optee_notif_register() - see tee_client_register_notif()
 * @ctx:	context
 * @client:	client
 */
int optee_notif_register(struct tee_context *ctx, struct tee_client_notif *client)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_notif *notif = &optee->notif;
	unsigned long flags;
	int rc = 0;

	if (!optee->async.irq && !optee->ffa.has_notif)
		return -EOPNOTSUPP;
	if (client->value == OPTEE_NOTIF_DO_BOTTOM_HALF || client->value > notif->max)
		return -EINVAL;

	raw_spin_lock_irqsave(&notif->lock, flags);
	if (optee_notif_find_client(notif, client->value)) {
		rc = -EBUSY;
	} else {
		client->posted = __test_and_clear_bit(client->value, notif->posted);
		list_add_tail(&client->node, &notif->clients);
	}
	raw_spin_unlock_irqrestore(&notif->lock, flags);

	if (!rc)
		queue_work(optee->async.workers, &optee->async.clients);
	return rc;
}

/**
 * optee_notif_unregister() - see tee_client_unregister_notif()
 * @ctx:	context
 * @client:	client
 */
void optee_notif_unregister(struct tee_context *ctx, struct tee_client_notif *client)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_notif *notif = &optee->notif;
	unsigned long flags;

	mutex_lock(&notif->call_mutex);
	raw_spin_lock_irqsave(&notif->lock, flags);
	list_del(&client->node);
	raw_spin_unlock_irqrestore(&notif->lock, flags);
	mutex_unlock(&notif->call_mutex);
}

/**
 * optee_async_init() - get ready for values
 * @optee:	device
 *
 * Return: 0 or -ENOMEM
 */
int optee_async_init(struct optee *optee)
{
	struct optee_async *async = &optee->async;

	INIT_WORK(&async->bottom_half, optee_do_bottom_half);
	INIT_WORK(&async->clients, optee_notif_call_clients);
	async->workers = alloc_workqueue("optee-notif", WQ_UNBOUND | WQ_MEM_RECLAIM,
					 OPTEE_ASYNC_WORKERS);
	return async->workers ? 0 : -ENOMEM;
}
EXPORT_SYMBOL_GPL(optee_async_init);

/**
 * optee_async_destroy() - the opposite
 * @optee:	device; no value comes any more and nobody is registered
 */
void optee_async_destroy(struct optee *optee)
{
	destroy_workqueue(optee->async.workers);
}
EXPORT_SYMBOL_GPL(optee_async_destroy);
