// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts: one for each open file and each client in the kernel.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "tee_private.h"

/**
 * tee_context_open() - begin a context
 * @teedev:	device
 * @in_kernel:	for a client in the kernel
 *
 * Return: the context with one reference, -EINVAL if the device is gone, or what the driver
 * says
 */
struct tee_context *tee_context_open(struct tee_device *teedev, bool in_kernel)
{
	struct tee_context *ctx;
	int rc;

	if (!tee_device_get(teedev))
		return ERR_PTR(-EINVAL);

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx) {
		rc = -ENOMEM;
		goto err_put_device;
	}

	kref_init(&ctx->refcount);
	ctx->teedev = teedev;
	ctx->in_kernel = in_kernel;
	ctx->pid = task_tgid_nr(current);
	get_task_comm(ctx->comm, current);
	rc = teedev->desc->ops->open(ctx);
	if (rc)
		goto err_free;

	mutex_lock(&teedev->mutex);
	list_add_tail(&ctx->node, &teedev->contexts);
	mutex_unlock(&teedev->mutex);
	return ctx;

err_free:
	kfree(ctx);
err_put_device:
	tee_device_put(teedev);
	return ERR_PTR(rc);
}

static void tee_context_teardown(struct tee_context *ctx)
{
	struct tee_device *teedev = ctx->teedev;
	struct module *pinned = ctx->pinned;

	teedev->desc->ops->release(ctx);
	mutex_lock(&teedev->mutex);
	list_del(&ctx->node);
	mutex_unlock(&teedev->mutex);
	kfree(ctx);
	tee_device_put(teedev);
	/*
	 * Last, as from here on the driver's module may go. Where the driver itself dropped
	 * the last reference, from a worker of its own, its exit waits for that worker.
	 */
	module_put(pinned);
}

static void tee_context_teardown_work(struct work_struct *work)
{
	tee_context_teardown(container_of(work, struct tee_context, teardown));
}

static void tee_context_release(struct kref *ref)
{
	struct tee_context *ctx = container_of(ref, struct tee_context, refcount);

	ctx->releasing = true;
	if (!ctx->in_kernel && tee_task_is_dying()) {
		INIT_WORK(&ctx->teardown, tee_context_teardown_work);
		tee_teardown_queue(&ctx->teardown);
		return;
	}
	tee_context_teardown(ctx);
}

/**
 * teedev_ctx_get() - take a reference
 * @ctx:	context
 */
void teedev_ctx_get(struct tee_context *ctx)
{
	if (!ctx->releasing)
		kref_get(&ctx->refcount);
}
EXPORT_SYMBOL_GPL(teedev_ctx_get);

/**
 * teedev_ctx_put() - drop a reference
 * @ctx:	context
 *
 * The last one closes the sessions of the context. Objects that the driver itself frees
 * meanwhile find @ctx->releasing set and leave the count alone.
 */
void teedev_ctx_put(struct tee_context *ctx)
{
	if (!ctx->releasing)
		kref_put(&ctx->refcount, tee_context_release);
}
EXPORT_SYMBOL_GPL(teedev_ctx_put);

/**
 * teedev_open() - begin a context inside the kernel
 * @teedev:	device
 */
struct tee_context *teedev_open(struct tee_device *teedev)
{
	return tee_context_open(teedev, true);
}
EXPORT_SYMBOL_GPL(teedev_open);

/**
 * teedev_close_context() - end a context made by teedev_open()
 * @ctx:	context
 */
void teedev_close_context(struct tee_context *ctx)
{
	if (ctx->teedev->desc->ops->close_context)
		ctx->teedev->desc->ops->close_context(ctx);
	teedev_ctx_put(ctx);
}
EXPORT_SYMBOL_GPL(teedev_close_context);

static int tee_open(struct inode *inode, struct file *filp)
{
	struct tee_device *teedev = container_of(inode->i_cdev, struct tee_device, cdev);
	struct tee_context *ctx;

	ctx = tee_context_open(teedev, false);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);

	/*
	 * The file keeps the driver loaded, but shared memory and calls that are being
	 * driven to their end may outlive it.
	 */
	ctx->pinned = teedev->desc->owner;
	__module_get(ctx->pinned);
	filp->private_data = ctx;
	return 0;
}

static int tee_release(struct inode *inode, struct file *filp)
{
	teedev_close_context(filp->private_data);
	return 0;
}

const struct file_operations tee_fops = {
	.owner = THIS_MODULE,
	.open = tee_open,
	.release = tee_release,
	.unlocked_ioctl = tee_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
