// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus arm_ffa for kernels that have none: names, attributes and events are mainline's.
 */
#include <linux/idr.h>
#include <linux/slab.h>

#include "transport.h"

static DEFINE_IDA(ffa_numbers);

static struct ffa_bus_device *to_bus_device(const struct device *dev)
{
	return container_of(dev, struct ffa_bus_device, dev);
}

static struct omnitee_ffa_driver *to_ffa_driver(const struct device_driver *drv)
{
	return (struct omnitee_ffa_driver *)container_of(drv, struct omnitee_ffa_driver, driver);
}

static int ffa_bus_match(struct device *dev, bus_match_const struct device_driver *drv)
{
	const struct omnitee_ffa_device_id *id = to_ffa_driver(drv)->id_table;
	const uuid_t *uuid = &to_bus_device(dev)->fdev.uuid;

	for (; !uuid_is_null(&id->uuid); id++)
		if (uuid_equal(uuid, &id->uuid))
			return 1;
	return 0;
}

static int ffa_bus_uevent(bus_uevent_const struct device *dev, struct kobj_uevent_env *env)
{
	const struct omnitee_ffa_device *fdev = &to_bus_device(dev)->fdev;

	return add_uevent_var(env, "MODALIAS=arm_ffa:%04x:%pUb", fdev->id, &fdev->uuid);
}

static int ffa_bus_probe(struct device *dev)
{
	struct omnitee_ffa_device *fdev = &to_bus_device(dev)->fdev;

	fdev->driver_data = NULL;
	return to_ffa_driver(dev->driver)->probe(fdev);
}

static void ffa_bus_remove(struct device *dev)
{
	struct omnitee_ffa_driver *drv = to_ffa_driver(dev->driver);

	if (drv->remove)
		drv->remove(&to_bus_device(dev)->fdev);
}

static void ffa_bus_shutdown(struct device *dev)
{
	struct omnitee_ffa_driver *drv;

	if (!dev->driver)
		return;
	drv = to_ffa_driver(dev->driver);
	if (drv->shutdown)
		drv->shutdown(&to_bus_device(dev)->fdev);
}

static ssize_t partition_id_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0x%04x\n", to_bus_device(dev)->fdev.id);
}
static DEVICE_ATTR_RO(partition_id);

static ssize_t uuid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pUb\n", &to_bus_device(dev)->fdev.uuid);
}
static DEVICE_ATTR_RO(uuid);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct omnitee_ffa_device *fdev = &to_bus_device(dev)->fdev;

	return sysfs_emit(buf, "arm_ffa:%04x:%pUb\n", fdev->id, &fdev->uuid);
}
static DEVICE_ATTR_RO(modalias);

static struct attribute *ffa_device_attrs[] = {
	&dev_attr_partition_id.attr,
	&dev_attr_uuid.attr,
	&dev_attr_modalias.attr,
	NULL
};
ATTRIBUTE_GROUPS(ffa_device);

static bus_type_or_const ffa_bus = {
	.name = "arm_ffa",
	.match = ffa_bus_match,
	.uevent = ffa_bus_uevent,
	.probe = ffa_bus_probe,
	.remove = ffa_bus_remove,
	.shutdown = ffa_bus_shutdown,
	.dev_groups = ffa_device_groups,
};

/**
 * __omnitee_ffa_driver_register() - register a driver of a protocol
 * @drv:	driver
 * @owner:	its module
 * @mod_name:	its name
 *
 * Succeeds where there is no FF-A, too: it finds no device there.
 *
 * Return: 0, -EINVAL for an incomplete driver, or an errno of the driver core
 */
int __omnitee_ffa_driver_register(struct omnitee_ffa_driver *drv, struct module *owner,
				  const char *mod_name)
{
	if (!drv->name || !drv->probe || !drv->id_table)
		return -EINVAL;

	ffa_driver_added(drv);
	drv->driver.name = drv->name;
	drv->driver.bus = &ffa_bus;
	drv->driver.owner = owner;
	drv->driver.mod_name = mod_name;
	return driver_register(&drv->driver);
}
EXPORT_SYMBOL_GPL(__omnitee_ffa_driver_register);

/**
 * omnitee_ffa_driver_unregister() - unregister one
 * @drv:	driver
 */
void omnitee_ffa_driver_unregister(struct omnitee_ffa_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(omnitee_ffa_driver_unregister);

static void ffa_device_release(struct device *dev)
{
	struct ffa_bus_device *bdev = to_bus_device(dev);

	ffa_partition_put(bdev->fdev.partition);
	ida_free(&ffa_numbers, bdev->number);
	kfree(bdev);
}

static const struct omnitee_ffa_info_ops ffa_info_ops;

static const struct omnitee_ffa_ops ffa_ops = {
	.info_ops = &ffa_info_ops,
	.msg_ops = &ffa_msg_ops,
	.mem_ops = &ffa_mem_ops,
	.notifier_ops = &ffa_notifier_ops,
};

static u32 ffa_version_get(struct omnitee_ffa_device *fdev)
{
	return to_ffa(fdev)->version;
}

static const struct omnitee_ffa_info_ops ffa_info_ops = {
	.version_get = ffa_version_get,
};

static int ffa_device_is(struct device *dev, const void *data)
{
	const struct omnitee_ffa_device *fdev = &to_bus_device(dev)->fdev;
	const struct ffa_partition_info *info = data;

	return fdev->id == info->id && uuid_equal(&fdev->uuid, &info->uuid);
}

/**
 * ffa_device_add() - make the device of a partition's protocol, unless there is one
 * @ffa:	transport
 * @info:	what is known of it
 *
 * A driver may be in its probe before this returns, so everything that it could look at is set
 * first.
 *
 * Return: 0 or an errno
 */
int ffa_device_add(struct ffa *ffa, const struct ffa_partition_info *info)
{
	struct ffa_bus_device *bdev;
	struct device *old;
	int rc;

	old = bus_find_device(&ffa_bus, NULL, info, ffa_device_is);
	if (old) {
		put_device(old);
		return 0;
	}

	bdev = kzalloc(sizeof(*bdev), GFP_KERNEL);
	if (!bdev)
		return -ENOMEM;
	rc = ida_alloc_min(&ffa_numbers, 1, GFP_KERNEL);
	if (rc < 0) {
		kfree(bdev);
		return rc;
	}

	bdev->number = rc;
	bdev->ffa = ffa;
	bdev->fdev.dev = &bdev->dev;
	bdev->fdev.id = info->id;
	bdev->fdev.properties = info->properties;
	bdev->fdev.uuid = info->uuid;
	/* Partitions of 1.0 do not say how wide they are. */
	bdev->fdev.mode_32bit = ffa_version_is_at_least(ffa, 1, 1) &&
				!(info->properties & FFA_PROPERTY_AARCH64);
	bdev->fdev.ops = &ffa_ops;
	bdev->dev.parent = &ffa->pdev->dev;
	bdev->dev.bus = &ffa_bus;
	bdev->dev.release = ffa_device_release;
	device_initialize(&bdev->dev);

	rc = -ENOMEM;
	bdev->fdev.partition = ffa_partition_get(info->id);
	if (!bdev->fdev.partition)
		goto err_put;
	if (info->exec_contexts == 1)
		omnitee_ffa_set_exclusive(&bdev->fdev);
	/* Several of one partition need names of their own. */
	rc = dev_set_name(&bdev->dev, "arm-ffa-%d", bdev->number);
	if (rc)
		goto err_put;
	rc = device_add(&bdev->dev);
	if (rc)
		goto err_put;
	return 0;

err_put:
	put_device(&bdev->dev);
	return rc;
}

static int ffa_device_remove_one(struct device *dev, void *data)
{
	device_unregister(dev);
	return 0;
}

/**
 * ffa_devices_remove() - remove all devices; their drivers can still use them meanwhile
 */
void ffa_devices_remove(void)
{
	bus_for_each_dev(&ffa_bus, NULL, NULL, ffa_device_remove_one);
}

int ffa_bus_init(void)
{
	return bus_register(&ffa_bus);
}

void ffa_bus_exit(void)
{
	bus_unregister(&ffa_bus);
	ida_destroy(&ffa_numbers);
}
