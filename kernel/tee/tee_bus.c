// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tee bus: services of a TEE as devices, found by UUID.
 */
#include <linux/module.h>

#include "tee_private.h"

static int tee_bus_match(struct device *dev, bus_match_const struct device_driver *drv)
{
	const struct tee_client_device_id *id = to_tee_client_driver(drv)->id_table;
	struct tee_client_device *client = to_tee_client_device(dev);

	for (; !uuid_is_null(&id->uuid); id++)
		if (uuid_equal(&client->id.uuid, &id->uuid))
			return 1;
	return 0;
}

static int tee_bus_uevent(bus_uevent_const struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "MODALIAS=tee:%pUb",
			      &container_of_const(dev, struct tee_client_device, dev)->id.uuid);
}

/*
 * The driver core asks the bus, if that has an opinion, and nobody else. Drivers of the time
 * before tee_client_driver had operations of its own have theirs in the device driver.
 */
static int tee_bus_probe(struct device *dev)
{
	struct tee_client_driver *drv = to_tee_client_driver(dev->driver);

	if (drv->probe)
		return drv->probe(to_tee_client_device(dev));
	return dev->driver->probe ? dev->driver->probe(dev) : 0;
}

static void tee_bus_remove(struct device *dev)
{
	struct tee_client_driver *drv = to_tee_client_driver(dev->driver);

	if (drv->remove)
		drv->remove(to_tee_client_device(dev));
	else if (dev->driver->remove)
		dev->driver->remove(dev);
}

static void tee_bus_shutdown(struct device *dev)
{
	struct tee_client_driver *drv;

	if (!dev->driver)
		return;
	drv = to_tee_client_driver(dev->driver);
	if (drv->shutdown)
		drv->shutdown(to_tee_client_device(dev));
	else if (dev->driver->shutdown)
		dev->driver->shutdown(dev);
}

bus_type_or_const tee_bus_type = {
	.name = "tee",
	.match = tee_bus_match,
	.uevent = tee_bus_uevent,
	.probe = tee_bus_probe,
	.remove = tee_bus_remove,
	.shutdown = tee_bus_shutdown,
};
EXPORT_SYMBOL_GPL(tee_bus_type);

/**
 * __tee_client_driver_register() - register a driver of services
 * @drv:	driver
 * @owner:	its module
 */
int __tee_client_driver_register(struct tee_client_driver *drv, struct module *owner)
{
	drv->driver.owner = owner;
	drv->driver.bus = &tee_bus_type;
	return driver_register(&drv->driver);
}
EXPORT_SYMBOL_GPL(__tee_client_driver_register);

/**
 * tee_client_driver_unregister() - unregister a driver of services
 * @drv:	driver
 */
void tee_client_driver_unregister(struct tee_client_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(tee_client_driver_unregister);

int tee_bus_init(void)
{
	return bus_register(&tee_bus_type);
}

void tee_bus_exit(void)
{
	bus_unregister(&tee_bus_type);
}
