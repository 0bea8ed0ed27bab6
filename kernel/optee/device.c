// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services of the secure world that it lists itself, as devices on the tee bus.
 *
 * In two steps: those that work on their own when the driver begins, and those that need a
 * supplicant when the first one appears.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include <abi/tee_result.h>

#include "optee_private.h"

static const uuid_t optee_enumerator =
	UUID_INIT(0x7011a688, 0xddde, 0x4053, 0xa5, 0xa9, 0x7b, 0x3c, 0x4d, 0xdf, 0x13, 0xb8);

#define OPTEE_ENUM_GET_DEVICES		0
#define OPTEE_ENUM_GET_DEVICES_SUPP	1

/* More services than any secure world has; a list that is longer is cut. */
#define OPTEE_ENUM_MAX_SIZE		(1024 * sizeof(uuid_t))

/**
 * struct optee_device - a service
 * @node:	in optee_devices.list; under its mutex
 * @client:	device on the tee bus, whose release frees this
 */
struct optee_device {
	struct list_head node;
	struct tee_client_device client;
};

static void optee_device_release(struct device *dev)
{
	kfree(container_of(to_tee_client_device(dev), struct optee_device, client));
}

/* Says by its presence that the service fails when the supplicant stops. Reads empty. */
static ssize_t need_supplicant_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return 0;
}
static DEVICE_ATTR_RO(need_supplicant);

static struct attribute *optee_device_supp_attrs[] = {
	&dev_attr_need_supplicant.attr,
	NULL
};
ATTRIBUTE_GROUPS(optee_device_supp);

/* As mainline's, but that two instances need two names. */
static int optee_device_set_name(struct optee *optee, struct device *dev, const uuid_t *uuid)
{
	u32 suffix = optee_guest_suffix(optee);

	if (!suffix)
		return dev_set_name(dev, "optee-ta-%pUb", uuid);
	return dev_set_name(dev, "optee-ta-%pUb-%u", uuid, suffix);
}

static int optee_device_add(struct optee *optee, const uuid_t *uuid, bool needs_supp)
{
	struct optee_device *service;
	struct device *other;
	struct device *dev;
	int rc;

	lockdep_assert_held(&optee->devices.mutex);

	service = kzalloc(sizeof(*service), GFP_KERNEL);
	if (!service)
		return -ENOMEM;
	uuid_copy(&service->client.id.uuid, uuid);
	dev = &service->client.dev;
	device_initialize(dev);
	dev->bus = &tee_bus_type;
	dev->release = optee_device_release;
	/* There before user space hears of the device. */
	if (needs_supp)
		dev->groups = optee_device_supp_groups;
	rc = optee_device_set_name(optee, dev, uuid);
	if (rc)
		goto out_put;
	/* Listed twice, or by the other step, or of another instance without an id: one will do. */
	other = bus_find_device_by_name(&tee_bus_type, NULL, dev_name(dev));
	if (other) {
		put_device(other);
		goto out_put;
	}
	rc = device_add(dev);
	if (rc)
		goto out_put;
	list_add_tail(&service->node, &optee->devices.list);
	return 0;

out_put:
	put_device(dev);
	return rc;
}

/*
 * Ask for the list. Into @shm, or for its size if that is NULL.
 *
 * Return: 0, or -EINVAL, -ENODEV, or an errno of the call
 */
static int optee_enum_invoke(struct tee_context *ctx, u32 session, u32 func, struct tee_shm *shm,
			     size_t *size)
{
	struct tee_ioctl_invoke_arg arg = { .func = func, .session = session, .num_params = 4 };
	struct tee_param param[4] = { };
	int rc;

	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	param[0].u.memref.shm = shm;
	param[0].u.memref.size = shm ? *size : 0;
	rc = tee_client_invoke_func(ctx, &arg, param);
	if (rc)
		return rc;

	switch (arg.ret) {
	case TEE_SUCCESS:
	case TEE_ERROR_SHORT_BUFFER:
		/* The list may have grown since its size was asked: what fits counts. */
		*size = shm ? min(param[0].u.memref.size, *size) : param[0].u.memref.size;
		return 0;
	case TEE_ERROR_STORAGE_NOT_AVAILABLE:
		return -ENODEV;
	default:
		return -EINVAL;
	}
}

static int optee_enum_list(struct optee *optee, struct tee_context *ctx, u32 session, u32 func)
{
	struct tee_shm *shm;
	size_t size = 0;
	uuid_t uuid;
	size_t pos;
	void *va;
	int rc;

	rc = optee_enum_invoke(ctx, session, func, NULL, &size);
	if (rc || !size)
		return rc;

	size = min_t(size_t, size, OPTEE_ENUM_MAX_SIZE);
	shm = tee_shm_alloc_kernel_buf(ctx, size);
	if (IS_ERR(shm))
		return PTR_ERR(shm);
	rc = optee_enum_invoke(ctx, session, func, shm, &size);
	if (rc)
		goto out;

	va = tee_shm_get_va(shm, 0);
	for (pos = 0; pos + sizeof(uuid) <= size; pos += sizeof(uuid)) {
		/* A copy: the secure world may change it still. */
		import_uuid(&uuid, va + pos);
		if (uuid_is_null(&uuid))
			continue;
		rc = optee_device_add(optee, &uuid, func == OPTEE_ENUM_GET_DEVICES_SUPP);
		if (rc)
			break;
	}
out:
	tee_shm_free(shm);
	return rc;
}

static int optee_enum_session(struct optee *optee, struct tee_context *ctx, u32 func)
{
	struct tee_ioctl_open_session_arg arg = { .clnt_login = TEE_IOCTL_LOGIN_PUBLIC };
	int rc;

	export_uuid(arg.uuid, &optee_enumerator);
	rc = tee_client_open_session(ctx, &arg, NULL);
	if (rc)
		return rc;
	/* There need not be one. */
	if (arg.ret != TEE_SUCCESS)
		return 0;

	rc = optee_enum_list(optee, ctx, arg.session, func);
	tee_client_close_session(ctx, arg.session);
	return rc;
}

/*
 * By a context of this very device: there may be others. A secure world that cannot say what
 * it has is of use nevertheless.
 */
static void optee_devices_scan(struct optee *optee, u32 func)
{
	struct tee_context *ctx;
	int rc;

	mutex_lock(&optee->devices.mutex);
	if (optee->devices.gone)
		goto out_unlock;
	ctx = teedev_open(optee->teedev);
	if (IS_ERR(ctx)) {
		rc = PTR_ERR(ctx);
	} else {
		ctx->supp_nowait = true;
		rc = optee_enum_session(optee, ctx, func);
		teedev_close_context(ctx);
	}
	if (rc)
		dev_warn(optee->dev, "the services are not known: %d\n", rc);
out_unlock:
	mutex_unlock(&optee->devices.mutex);
}

static void optee_devices_work(struct work_struct *work)
{
	struct optee *optee = container_of(work, struct optee, devices.supp_scan);

	optee_devices_scan(optee, OPTEE_ENUM_GET_DEVICES_SUPP);
}

void optee_devices_init(struct optee_devices *devices)
{
	mutex_init(&devices->mutex);
	INIT_LIST_HEAD(&devices->list);
	INIT_WORK(&devices->supp_scan, optee_devices_work);
}

/**
 * optee_devices_add() - find the services that work without a supplicant
 * @optee:	device that is in use
 */
void optee_devices_add(struct optee *optee)
{
	optee_devices_scan(optee, OPTEE_ENUM_GET_DEVICES);
}

/**
 * optee_devices_supp_here() - a supplicant has come
 * @optee:	device
 *
 * The first one has the services found that need it; later ones find them there.
 */
void optee_devices_supp_here(struct optee *optee)
{
	if (!test_and_set_bit(0, &optee->devices.supp_seen))
		queue_work(optee->workers, &optee->devices.supp_scan);
}

/**
 * optee_devices_remove() - remove the services
 * @optee:	device that is in use still, but has no supplicant any more
 */
void optee_devices_remove(struct optee *optee)
{
	struct optee_device *service, *next;

	/* Nobody queues it from now on, or finds that the bit is set. */
	set_bit(0, &optee->devices.supp_seen);
	cancel_work_sync(&optee->devices.supp_scan);

	mutex_lock(&optee->devices.mutex);
	optee->devices.gone = true;
	list_for_each_entry_safe_reverse(service, next, &optee->devices.list, node) {
		list_del(&service->node);
		device_unregister(&service->client.dev);
	}
	mutex_unlock(&optee->devices.mutex);
}
