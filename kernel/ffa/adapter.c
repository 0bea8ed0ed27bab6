// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel has a transport: devices of its bus, as our drivers know them.
 *
 * Its transport alone talks to the partition manager. It says less than ours (not how many execution
 * contexts a partition has), and drives a message to its end without letting go of the task.
 */
#include <linux/arm_ffa.h>
#include <linux/slab.h>

#include "ffa_private.h"

/**
 * struct ffa_adapter - one of our drivers, as the kernel's bus knows it
 * @ffa:	driver
 * @drv:	ours
 * @ids:	its UUIDs
 */
struct ffa_adapter {
	struct ffa_driver ffa;
	struct omnitee_ffa_driver *drv;
	struct ffa_device_id ids[];
};

static struct ffa_adapter *to_adapter(struct ffa_device *dev)
{
	const struct ffa_driver *ffa = to_ffa_driver(dev->dev.driver);

	return (struct ffa_adapter *)container_of(ffa, struct ffa_adapter, ffa);
}

/* What is at the back of a device that one of our drivers has. */
static struct ffa_device *to_kernel(struct omnitee_ffa_device *fdev)
{
	return to_ffa_dev(fdev->dev);
}

static u32 adapter_version_get(struct omnitee_ffa_device *fdev)
{
	return to_kernel(fdev)->ops->info_ops->api_version_get();
}

static void adapter_mode_32bit_set(struct omnitee_ffa_device *fdev)
{
	struct ffa_device *dev = to_kernel(fdev);

	dev->ops->msg_ops->mode_32bit_set(dev);
	fdev->mode_32bit = true;
}

static int adapter_step(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg)
{
	struct ffa_send_direct_data data = {
		msg->data[0], msg->data[1], msg->data[2], msg->data[3], msg->data[4],
	};
	unsigned long mask = fdev->mode_32bit ? U32_MAX : ULONG_MAX;
	struct ffa_device *dev = to_kernel(fdev);
	int rc;

	rc = dev->ops->msg_ops->sync_send_receive(dev, &data);
	if (rc)
		return rc;
	/* What is in the upper halves then is undefined. */
	msg->data[0] = data.data0 & mask;
	msg->data[1] = data.data1 & mask;
	msg->data[2] = data.data2 & mask;
	msg->data[3] = data.data3 & mask;
	msg->data[4] = data.data4 & mask;
	return 0;
}

static int adapter_send2(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message2 *msg)
{
	struct ffa_device *dev = to_kernel(fdev);
	struct ffa_send_direct_data2 data;
	int rc;

	BUILD_BUG_ON(sizeof(data.data) != sizeof(msg->data));
	memcpy(data.data, msg->data, sizeof(data.data));
	omnitee_ffa_enter(fdev, TASK_UNINTERRUPTIBLE);
	rc = dev->ops->msg_ops->sync_send_receive2(dev, &data);
	omnitee_ffa_leave(fdev);
	if (!rc)
		memcpy(msg->data, data.data, sizeof(data.data));
	return rc;
}

static int adapter_mem(struct omnitee_ffa_mem_args *args,
		       int (*send)(struct ffa_mem_ops_args *args))
{
	struct ffa_mem_region_attributes *attrs;
	struct ffa_mem_ops_args kernel_args = {
		.use_txbuf = true,
		.nattrs = args->num_receivers,
		.flags = args->flags,
		.tag = args->tag,
		.sg = args->sg,
	};
	unsigned int n;
	int rc;

	attrs = kcalloc(args->num_receivers, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return -ENOMEM;
	for (n = 0; n < args->num_receivers; n++) {
		attrs[n].receiver = args->receivers[n].id;
		attrs[n].attrs = args->receivers[n].permissions;
	}
	kernel_args.attrs = attrs;
	rc = send(&kernel_args);
	/* Of what failed half-way there is a number, too. */
	if (!rc)
		args->handle = kernel_args.g_handle;
	kfree(attrs);
	return rc;
}

static int adapter_share(struct omnitee_ffa_device *fdev, struct omnitee_ffa_mem_args *args)
{
	return adapter_mem(args, to_kernel(fdev)->ops->mem_ops->memory_share);
}

static int adapter_lend(struct omnitee_ffa_device *fdev, struct omnitee_ffa_mem_args *args)
{
	return adapter_mem(args, to_kernel(fdev)->ops->mem_ops->memory_lend);
}

static int adapter_reclaim(struct omnitee_ffa_device *fdev, u64 handle, u32 flags)
{
	return to_kernel(fdev)->ops->mem_ops->memory_reclaim(handle, flags);
}

static int adapter_notify_request(struct omnitee_ffa_device *fdev, bool per_vcpu,
				  omnitee_ffa_notifier_fn fn, void *data, int notify_id)
{
	struct ffa_device *dev = to_kernel(fdev);

	return dev->ops->notifier_ops->notify_request(dev, per_vcpu, fn, data, notify_id);
}

static int adapter_notify_relinquish(struct omnitee_ffa_device *fdev, int notify_id)
{
	struct ffa_device *dev = to_kernel(fdev);

	return dev->ops->notifier_ops->notify_relinquish(dev, notify_id);
}

static int adapter_notify_send(struct omnitee_ffa_device *fdev, int notify_id, bool per_vcpu,
			       u16 vcpu)
{
	struct ffa_device *dev = to_kernel(fdev);

	return dev->ops->notifier_ops->notify_send(dev, notify_id, per_vcpu, vcpu);
}

static const struct omnitee_ffa_info_ops adapter_info_ops = {
	.version_get = adapter_version_get,
};

static const struct omnitee_ffa_msg_ops adapter_msg_ops = {
	.mode_32bit_set = adapter_mode_32bit_set,
	.step = adapter_step,
	.send2 = adapter_send2,
};

static const struct omnitee_ffa_mem_ops adapter_mem_ops = {
	.share = adapter_share,
	.lend = adapter_lend,
	.reclaim = adapter_reclaim,
};

static const struct omnitee_ffa_notifier_ops adapter_notifier_ops = {
	.request = adapter_notify_request,
	.relinquish = adapter_notify_relinquish,
	.send = adapter_notify_send,
};

static const struct omnitee_ffa_ops adapter_ops = {
	.info_ops = &adapter_info_ops,
	.msg_ops = &adapter_msg_ops,
	.mem_ops = &adapter_mem_ops,
	.notifier_ops = &adapter_notifier_ops,
};

static int adapter_probe(struct ffa_device *dev)
{
	struct omnitee_ffa_device *fdev;
	int rc;

	fdev = kzalloc(sizeof(*fdev), GFP_KERNEL);
	if (!fdev)
		return -ENOMEM;
	fdev->dev = &dev->dev;
	fdev->id = dev->vm_id;
	fdev->properties = dev->properties;
	fdev->uuid = dev->uuid;
	fdev->mode_32bit = dev->mode_32bit;
	fdev->ops = &adapter_ops;
	rc = -ENOMEM;
	fdev->partition = ffa_partition_get(fdev->id);
	if (!fdev->partition)
		goto err_free;

	ffa_dev_set_drvdata(dev, fdev);
	rc = to_adapter(dev)->drv->probe(fdev);
	if (rc)
		goto err_put;
	return 0;

err_put:
	ffa_partition_put(fdev->partition);
err_free:
	kfree(fdev);
	return rc;
}

static void adapter_remove(struct ffa_device *dev)
{
	struct omnitee_ffa_device *fdev = ffa_dev_get_drvdata(dev);
	struct omnitee_ffa_driver *drv = to_adapter(dev)->drv;

	if (drv->remove)
		drv->remove(fdev);
	ffa_partition_put(fdev->partition);
	kfree(fdev);
}

/* Of the device driver, as the kernel's bus has none. */
static void adapter_shutdown(struct device *kdev)
{
	struct ffa_device *dev = to_ffa_dev(kdev);
	struct omnitee_ffa_device *fdev = ffa_dev_get_drvdata(dev);
	struct omnitee_ffa_driver *drv = to_adapter(dev)->drv;

	if (drv->shutdown)
		drv->shutdown(fdev);
}

/**
 * __omnitee_ffa_driver_register() - register a driver of a protocol
 * @drv:	driver
 * @owner:	its module
 * @mod_name:	its name
 *
 * Return: 0, -EINVAL for an incomplete driver, -ENOMEM, or an errno of the kernel's bus
 */
int __omnitee_ffa_driver_register(struct omnitee_ffa_driver *drv, struct module *owner,
				  const char *mod_name)
{
	struct ffa_adapter *adapter;
	size_t count = 0, n;
	int rc;

	if (!drv->name || !drv->probe || !drv->id_table)
		return -EINVAL;
	while (!uuid_is_null(&drv->id_table[count].uuid))
		count++;

	/* One more, which is nil. */
	adapter = kzalloc(struct_size(adapter, ids, count + 1), GFP_KERNEL);
	if (!adapter)
		return -ENOMEM;
	for (n = 0; n < count; n++)
		adapter->ids[n].uuid = drv->id_table[n].uuid;
	adapter->drv = drv;
	adapter->ffa.name = drv->name;
	adapter->ffa.probe = adapter_probe;
	adapter->ffa.remove = adapter_remove;
	adapter->ffa.id_table = adapter->ids;
	adapter->ffa.driver.shutdown = adapter_shutdown;

	drv->adapter = adapter;
	rc = ffa_driver_register(&adapter->ffa, owner, mod_name);
	if (rc)
		kfree(adapter);
	return rc;
}
EXPORT_SYMBOL_GPL(__omnitee_ffa_driver_register);

/**
 * omnitee_ffa_driver_unregister() - unregister one
 * @drv:	driver
 */
void omnitee_ffa_driver_unregister(struct omnitee_ffa_driver *drv)
{
	struct ffa_adapter *adapter = drv->adapter;

	ffa_driver_unregister(&adapter->ffa);
	kfree(adapter);
}
EXPORT_SYMBOL_GPL(omnitee_ffa_driver_unregister);

int ffa_backend_init(void)
{
	return 0;
}

void ffa_backend_exit(void)
{
}

/* The transport, which nothing loads. Where there is no FF-A it refuses, and nobody minds. */
MODULE_SOFTDEP("pre: ffa-module");
