// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Qualcomm TEE: the device, its contexts, their beginning and end.
 */
#include <linux/crash_dump.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <omnitee/version.h>

#include "conv.h"

/* They never wait for a user, so that a few serve all. */
#define QCOMTEE_WORKERS		4

/* About how long the end of the kernel waits for QTEE, and how often it looks. */
#define QCOMTEE_SHUTDOWN_MS		1000
#define QCOMTEE_SHUTDOWN_STEP_MS	10

/**
 * qcomtee_of() - the device of a context
 * @ctx:	context
 */
struct qcomtee *qcomtee_of(const struct tee_context *ctx)
{
	return tee_get_drvdata(ctx->teedev);
}

/**
 * qcomtee_pending_put() - an object of QTEE is forgotten, or a worker is done
 * @qtee:	device; may be gone when this returns
 */
void qcomtee_pending_put(struct qcomtee *qtee)
{
	/* Under the lock of who waits, so that it does not free it before it is given up. */
	spin_lock(&qtee->lock);
	if (atomic_dec_and_test(&qtee->pending))
		wake_up_all(&qtee->drained);
	spin_unlock(&qtee->lock);
}

/**
 * qcomtee_gone_for() - how long has the device been going away?
 * @qtee:	device
 * @begin:	what is waited for began then, jiffies
 * @ms:		that nobody is to be kept longer
 *
 * Return: whether both are longer ago
 */
bool qcomtee_gone_for(const struct qcomtee *qtee, unsigned long begin, unsigned int ms)
{
	unsigned long limit = msecs_to_jiffies(ms);

	/* Pairs with qcomtee_locals_forget(): @gone_at is set. */
	return smp_load_acquire(&qtee->gone) && time_after(jiffies, qtee->gone_at + limit) &&
	       time_after(jiffies, begin + limit);
}

static void qcomtee_get_version(struct tee_device *teedev, struct tee_ioctl_version_data *vers)
{
	vers->impl_id = TEE_IMPL_ID_QTEE;
	vers->impl_caps = 0;
	vers->gen_caps = TEE_GEN_CAP_OBJREF;
}

static int qcomtee_open(struct tee_context *ctx)
{
	struct qcomtee *qtee = qcomtee_of(ctx);
	struct qcomtee_context_data *data;

	data = kzalloc(sizeof(*data), GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	data->ctx = ctx;
	xa_init_flags(&data->objects, XA_FLAGS_ALLOC);
	qcomtee_supp_init(data);
	ctx->data = data;

	spin_lock(&qtee->lock);
	list_add_tail(&data->node, &qtee->contexts);
	spin_unlock(&qtee->lock);
	return 0;
}

/* Of QTEE, as many as the context knows. */
static void qcomtee_drop_objects(struct qcomtee_context_data *data)
{
	struct qcomtee_remote *remote;
	unsigned long id;

	xa_for_each(&data->objects, id, remote)
		qcomtee_remote_remove(data, id);
}

/*
 * The file is closed: from here on its objects are defunct. QTEE may still have some, and
 * learns of it when it calls them; it lets go of others when it is told, by a worker, that ours are
 * released. All of that finds the context, which lives as long as QTEE has anything of it.
 */
static void qcomtee_close_context(struct tee_context *ctx)
{
	qcomtee_supp_stop(ctx->data);
	qcomtee_drop_objects(ctx->data);
}

static void qcomtee_release(struct tee_context *ctx)
{
	struct qcomtee_context_data *data = ctx->data;
	struct qcomtee *qtee = qcomtee_of(ctx);

	spin_lock(&qtee->lock);
	list_del(&data->node);
	spin_unlock(&qtee->lock);
	/* What a call that was under way at the close has still got. */
	qcomtee_drop_objects(data);
	xa_destroy(&data->objects);
	kfree(data);
}

static const struct tee_driver_ops qcomtee_ops = {
	.get_version = qcomtee_get_version,
	.open = qcomtee_open,
	.close_context = qcomtee_close_context,
	.release = qcomtee_release,
	.object_invoke_func = qcomtee_object_invoke,
	.object_invoke_undo = qcomtee_object_invoke_undo,
	.supp_recv = qcomtee_supp_recv,
	.supp_recv_done = qcomtee_supp_recv_done,
	.supp_send = qcomtee_supp_send,
};

static const struct tee_desc qcomtee_desc = {
	.name = "qcomtee",
	.ops = &qcomtee_ops,
	.owner = THIS_MODULE,
};

static struct qcomtee *qcomtee_alloc(struct platform_device *pdev)
{
	struct qcomtee *qtee = kzalloc(sizeof(*qtee), GFP_KERNEL);

	if (!qtee)
		return NULL;
	qtee->workers = alloc_workqueue("qcomtee", WQ_UNBOUND | WQ_FREEZABLE, QCOMTEE_WORKERS);
	/* Does not freeze, as it has the turn. */
	qtee->resumer = alloc_workqueue("qcomtee-resume", WQ_UNBOUND, 1);
	if (!qtee->workers || !qtee->resumer) {
		if (qtee->workers)
			destroy_workqueue(qtee->workers);
		if (qtee->resumer)
			destroy_workqueue(qtee->resumer);
		kfree(qtee);
		return NULL;
	}
	qtee->dev = &pdev->dev;
	qtee->transport = qcomtee_transport_of(pdev);
	qtee->pool.ops = &qcomtee_pool_ops;
	qcomtee_locals_init(qtee);
	/* One for the device itself. */
	atomic_set(&qtee->pending, 1);
	init_waitqueue_head(&qtee->drained);
	spin_lock_init(&qtee->lock);
	INIT_LIST_HEAD(&qtee->contexts);
	INIT_LIST_HEAD(&qtee->lost);
	qcomtee_releases_init(qtee);
	return qtee;
}

/* Nobody uses it; workers may still be telling QTEE of the last objects. */
static void qcomtee_free(struct qcomtee *qtee)
{
	qcomtee_pending_put(qtee);
	wait_event(qtee->drained, !atomic_read(&qtee->pending));
	/* Whoever has made it 0 still holds this. */
	spin_lock(&qtee->lock);
	spin_unlock(&qtee->lock);
	destroy_workqueue(qtee->resumer);
	destroy_workqueue(qtee->workers);
	qcomtee_convs_free(qtee);
	xa_destroy(&qtee->locals);
	kfree(qtee);
}

/* Clients that wait for an answer, and processes that wait for work, are told to go. */
static void qcomtee_stop(struct qcomtee *qtee)
{
	struct qcomtee_context_data *data;

	for (;;) {
		struct tee_context *ctx = NULL;

		spin_lock(&qtee->lock);
		list_for_each_entry(data, &qtee->contexts, node) {
			if (READ_ONCE(data->released))
				continue;
			if (!kref_get_unless_zero(&data->ctx->refcount))
				continue;
			ctx = data->ctx;
			break;
		}
		spin_unlock(&qtee->lock);
		if (!ctx)
			return;
		qcomtee_supp_stop(ctx->data);
		teedev_ctx_put(ctx);
	}
}

/* Nobody can use it any more, and nobody does when this returns. */
static void qcomtee_withdraw(struct qcomtee *qtee)
{
	tee_device_retire(qtee->teedev);
	qcomtee_stop(qtee);
	qcomtee_locals_forget(qtee);
	tee_device_unregister(qtee->teedev);
}

static int qcomtee_probe(struct platform_device *pdev)
{
	struct qcomtee *qtee;
	int rc;

	/* As in qcomtee_detect(): the device may be the kernel's own. */
	if (is_kdump_kernel())
		return -ENODEV;
	qtee = qcomtee_alloc(pdev);
	if (!qtee)
		return -ENOMEM;
	qcomtee_ask_version(qtee);

	qtee->teedev = tee_device_alloc(&qcomtee_desc, NULL, &qtee->pool, qtee);
	if (IS_ERR(qtee->teedev)) {
		rc = PTR_ERR(qtee->teedev);
		/* As for a device that goes: a QTEE that is busy, or calls for ever, would keep us. */
		qcomtee_locals_forget(qtee);
		goto err_free;
	}
	platform_set_drvdata(pdev, qtee);
	/* Last: user space is there at once. */
	rc = tee_device_register(qtee->teedev);
	if (rc) {
		/* The node may have been there for a moment, and somebody may wait behind it. */
		qcomtee_withdraw(qtee);
		goto err_free;
	}

	dev_info(&pdev->dev, "QTEE %u.%u.%u by %s, %s\n", QTEE_VERSION_MAJOR(qtee->version),
		 QTEE_VERSION_MINOR(qtee->version), QTEE_VERSION_PATCH(qtee->version),
		 qtee->transport->name, dev_name(&qtee->teedev->dev));
	return 0;

err_free:
	qcomtee_free(qtee);
	return rc;
}

/*
 * The kernel ends, and another one may come: as much as possible is given back to QTEE, which
 * lets go of what it has of this kernel then. Nobody waits for long.
 */
static void qcomtee_shutdown(struct platform_device *pdev)
{
	unsigned int steps = QCOMTEE_SHUTDOWN_MS / QCOMTEE_SHUTDOWN_STEP_MS;
	struct qcomtee *qtee = platform_get_drvdata(pdev);
	struct qcomtee_context_data *data;

	tee_device_retire(qtee->teedev);
	qcomtee_stop(qtee);
	for (;;) {
		struct tee_context *ctx = NULL;

		spin_lock(&qtee->lock);
		list_for_each_entry(data, &qtee->contexts, node) {
			if (!xa_empty(&data->objects) &&
			    kref_get_unless_zero(&data->ctx->refcount)) {
				ctx = data->ctx;
				break;
			}
		}
		spin_unlock(&qtee->lock);
		if (!ctx)
			break;
		qcomtee_drop_objects(ctx->data);
		teedev_ctx_put(ctx);
	}
	/* One is the device's own. Steps count: who stands still releases nothing. */
	while (atomic_read(&qtee->pending) > 1 && steps--)
		msleep(QCOMTEE_SHUTDOWN_STEP_MS);
	if (atomic_read(&qtee->pending) > 1)
		dev_warn(qtee->dev, "QTEE has not taken back %d objects\n",
			 atomic_read(&qtee->pending) - 1);
	if (qcomtee_locals_have_memory(qtee))
		dev_warn(qtee->dev, "QTEE still has memory of this kernel\n");
}

static void qcomtee_remove(struct platform_device *pdev)
{
	struct qcomtee *qtee = platform_get_drvdata(pdev);

	qcomtee_withdraw(qtee);
	qcomtee_free(qtee);
}

static const struct platform_device_id qcomtee_ids[] = {
	{ .name = "qcomtee" },
	{ }
};
MODULE_DEVICE_TABLE(platform, qcomtee_ids);

static struct platform_driver qcomtee_driver = {
	.probe = qcomtee_probe,
	.platform_remove_void = qcomtee_remove,
	.shutdown = qcomtee_shutdown,
	.id_table = qcomtee_ids,
	.driver = {
		.name = "qcomtee",
	},
};

static int __init qcomtee_init(void)
{
	int rc;

	rc = platform_driver_register(&qcomtee_driver);
	if (rc)
		return rc;
	rc = qcomtee_detect();
	if (rc)
		platform_driver_unregister(&qcomtee_driver);
	return rc;
}
module_init(qcomtee_init);

static void __exit qcomtee_exit(void)
{
	qcomtee_detect_undo();
	platform_driver_unregister(&qcomtee_driver);
}
module_exit(qcomtee_exit);

MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("Qualcomm TEE");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
