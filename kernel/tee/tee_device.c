// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices: a TEE as its driver registers it, and its node.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "tee_private.h"

static struct tee_device *to_tee_device(struct device *dev)
{
	return container_of(dev, struct tee_device, dev);
}

/**
 * tee_device_get() - become a user of a device
 * @teedev:	device
 *
 * Return: false if the device is gone or going
 */
bool tee_device_get(struct tee_device *teedev)
{
	bool alive;

	mutex_lock(&teedev->mutex);
	alive = teedev->num_users && !teedev->gone;
	if (alive)
		teedev->num_users++;
	mutex_unlock(&teedev->mutex);

	return alive;
}
EXPORT_SYMBOL_GPL(tee_device_get);

/**
 * tee_device_put() - stop being a user of a device
 * @teedev:	device
 */
void tee_device_put(struct tee_device *teedev)
{
	struct device *dev = &teedev->dev;
	bool last;

	/*
	 * A mutex is touched after it has been given up, when another user may be the last one
	 * already, and who waits for the users may have dropped its reference.
	 */
	get_device(dev);
	mutex_lock(&teedev->mutex);
	last = !--teedev->num_users;
	if (last)
		teedev->desc = NULL;
	mutex_unlock(&teedev->mutex);

	/* Nothing of the driver's may be touched after this: who waits for it frees it. */
	if (last)
		complete(&teedev->no_users);
	put_device(dev);
}
EXPORT_SYMBOL_GPL(tee_device_put);

/**
 * tee_get_drvdata() - what the driver passed to tee_device_alloc()
 * @teedev:	device
 */
void *tee_get_drvdata(struct tee_device *teedev)
{
	return dev_get_drvdata(&teedev->dev);
}
EXPORT_SYMBOL_GPL(tee_get_drvdata);

static ssize_t implementation_id_show(struct device *dev, struct device_attribute *attr,
				      char *buf)
{
	struct tee_device *teedev = to_tee_device(dev);
	struct tee_ioctl_version_data vers = { };

	if (!tee_device_get(teedev))
		return -ENODEV;
	teedev->desc->ops->get_version(teedev, &vers);
	tee_device_put(teedev);

	return sysfs_emit(buf, "%u\n", vers.impl_id);
}
static DEVICE_ATTR_RO(implementation_id);

/* Part of the interface: what fits into a line of this length. */
#define TEE_REVISION_LEN	128

static ssize_t revision_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct tee_device *teedev = to_tee_device(dev);
	char revision[TEE_REVISION_LEN] = "";
	int rc;

	if (!tee_device_get(teedev))
		return -ENODEV;
	rc = teedev->desc->ops->get_tee_revision(teedev, revision, sizeof(revision));
	tee_device_put(teedev);

	return rc ? rc : sysfs_emit(buf, "%s\n", revision);
}
static DEVICE_ATTR_RO(revision);

static umode_t tee_attr_is_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct tee_device *teedev = to_tee_device(kobj_to_dev(kobj));

	if (attr == &dev_attr_revision.attr && !teedev->desc->ops->get_tee_revision)
		return 0;
	return attr->mode;
}

static struct attribute *tee_dev_attrs[] = {
	&dev_attr_implementation_id.attr,
	&dev_attr_revision.attr,
	NULL
};

static const struct attribute_group tee_dev_group = {
	.attrs = tee_dev_attrs,
	.is_visible = tee_attr_is_visible,
};

const struct attribute_group *tee_dev_groups[] = {
	&tee_dev_group,
	NULL
};

static void tee_device_release(struct device *dev)
{
	struct tee_device *teedev = to_tee_device(dev);

	tee_minor_put(teedev->id);
	xa_destroy(&teedev->shms);
	mutex_destroy(&teedev->mutex);
	kfree(teedev);
}

/**
 * tee_device_alloc() - make a device
 * @desc:		description
 * @parent:		device it belongs to
 * @pool:		memory for its objects
 * @driver_data:	for tee_get_drvdata()
 *
 * Nobody can reach it before tee_device_register(); tee_device_unregister() frees it,
 * registered or not.
 *
 * Return: the device, or -EINVAL for an incomplete description, -ENOMEM without memory or
 * if there are 16 devices of the kind
 */
struct tee_device *tee_device_alloc(const struct tee_desc *desc, struct device *parent,
				    struct tee_shm_pool *pool, void *driver_data)
{
	struct tee_device *teedev;
	bool privileged;
	int rc;

	if (!desc || !desc->name || !desc->ops || !desc->ops->get_version || !desc->ops->open ||
	    !desc->ops->release || !pool)
		return ERR_PTR(-EINVAL);

	teedev = kzalloc(sizeof(*teedev), GFP_KERNEL);
	if (!teedev)
		return ERR_PTR(-ENOMEM);

	privileged = desc->flags & TEE_DESC_PRIVILEGED;
	teedev->id = tee_minor_get(privileged);
	if (teedev->id < 0) {
		rc = teedev->id;
		kfree(teedev);
		return ERR_PTR(rc);
	}

	scnprintf(teedev->name, sizeof(teedev->name), "tee%s%d", privileged ? "priv" : "",
		  privileged ? teedev->id - TEE_FIRST_PRIVILEGED_MINOR : teedev->id);
	teedev->desc = desc;
	teedev->pool = pool;
	teedev->num_users = 1;
	init_completion(&teedev->no_users);
	mutex_init(&teedev->mutex);
	INIT_LIST_HEAD(&teedev->contexts);
	/* 0 is never an id: user space takes it for none. */
	xa_init_flags(&teedev->shms, XA_FLAGS_ALLOC1);

	device_initialize(&teedev->dev);
	teedev->dev.class = tee_get_class();
	teedev->dev.release = tee_device_release;
	teedev->dev.parent = parent;
	teedev->dev.devt = tee_devt(teedev->id);
	dev_set_drvdata(&teedev->dev, driver_data);
	cdev_init(&teedev->cdev, &tee_fops);
	teedev->cdev.owner = desc->owner;

	rc = dev_set_name(&teedev->dev, "%s", teedev->name);
	if (rc) {
		put_device(&teedev->dev);
		return ERR_PTR(rc);
	}

	return teedev;
}
EXPORT_SYMBOL_GPL(tee_device_alloc);

/**
 * tee_device_set_dev_groups() - give a device sysfs attributes of its driver
 * @teedev:	device, not yet registered
 * @dev_groups:	attribute groups
 */
void tee_device_set_dev_groups(struct tee_device *teedev,
			       const struct attribute_group **dev_groups)
{
	teedev->dev.groups = dev_groups;
}
EXPORT_SYMBOL_GPL(tee_device_set_dev_groups);

/**
 * tee_device_register() - let clients use a device
 * @teedev:	device
 *
 * User space may be inside the driver's operations before this returns.
 *
 * Return: 0, -EINVAL if it is registered already, or an errno of the driver core
 */
int tee_device_register(struct tee_device *teedev)
{
	int rc;

	if (teedev->registered)
		return -EINVAL;

	rc = cdev_device_add(&teedev->cdev, &teedev->dev);
	if (rc)
		return rc;

	tee_debugfs_add(teedev);
	teedev->registered = true;
	return 0;
}
EXPORT_SYMBOL_GPL(tee_device_register);

/**
 * tee_device_retire() - let nobody begin anything with a device any more
 * @teedev:	device, registered or not, or NULL
 *
 * Its node goes, calls of files that are open fail with ENODEV. Calls that are under way end
 * as they would have, and sessions and memory stay until their users close them.
 */
void tee_device_retire(struct tee_device *teedev)
{
	if (!teedev)
		return;

	mutex_lock(&teedev->mutex);
	WRITE_ONCE(teedev->gone, true);
	mutex_unlock(&teedev->mutex);

	if (teedev->registered)
		cdev_device_del(&teedev->cdev, &teedev->dev);
	teedev->registered = false;
}
EXPORT_SYMBOL_GPL(tee_device_retire);

/**
 * tee_device_unregister() - remove a device, wait for its users, free it
 * @teedev:	device, registered or not, retired or not, or NULL
 */
void tee_device_unregister(struct tee_device *teedev)
{
	if (!teedev)
		return;

	tee_device_retire(teedev);
	tee_device_put(teedev);
	wait_for_completion(&teedev->no_users);
	/* Until now it tells who is waited for. */
	tee_debugfs_remove(teedev);

	teedev->pool = NULL;
	put_device(&teedev->dev);
}
EXPORT_SYMBOL_GPL(tee_device_unregister);
