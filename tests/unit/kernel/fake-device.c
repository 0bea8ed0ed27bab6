// SPDX-License-Identifier: BSD-2-Clause
#include "fake-device.h"

#include <stdarg.h>
#include <stdio.h>

#define MAX_DEVICES	64
#define MAX_DRIVERS	4

struct fake_irqs fake_irqs;
static const struct bus_type *the_bus;
static struct device *devices[MAX_DEVICES];
static struct device_driver *drivers[MAX_DRIVERS];
static struct platform_driver *platform;
static struct platform_device *platform_device;

int bus_register(const struct bus_type *bus)
{
	assert(!the_bus);
	the_bus = bus;
	return fake_allocation_fails() ? (the_bus = NULL, -ENOMEM) : 0;
}

unsigned int fake_devices(void)
{
	unsigned int n, count = 0;

	for (n = 0; n < MAX_DEVICES; n++)
		count += !!devices[n];
	return count;
}

void fake_devices_forget(void)
{
	the_bus = NULL;
	memset(devices, 0, sizeof(devices));
	memset(drivers, 0, sizeof(drivers));
	platform = NULL;
	platform_device = NULL;
	memset(&fake_irqs, 0, sizeof(fake_irqs));
}

/* Nobody is on it any more. */
void bus_unregister(const struct bus_type *bus)
{
	unsigned int n;

	assert(the_bus == bus);
	for (n = 0; n < MAX_DEVICES; n++)
		assert(!devices[n]);
	the_bus = NULL;
}

int (bus_for_each_dev)(const struct bus_type *bus, struct device *start, void *data,
		       int (*fn)(struct device *dev, void *data))
{
	unsigned int n;
	int rc = 0;

	assert(bus == the_bus && !start);
	for (n = 0; n < MAX_DEVICES && !rc; n++)
		if (devices[n])
			rc = fn(devices[n], data);
	return rc;
}

struct device *bus_find_device(const struct bus_type *bus, struct device *start, const void *data,
			       int (*match)(struct device *dev, const void *data))
{
	unsigned int n;

	assert(bus == the_bus && !start);
	for (n = 0; n < MAX_DEVICES; n++)
		if (devices[n] && match(devices[n], data)) {
			devices[n]->references++;
			return devices[n];
		}
	return NULL;
}

void device_initialize(struct device *dev)
{
	dev->references = 1;
}

void put_device(struct device *dev)
{
	assert(dev->references > 0);
	if (!--dev->references)
		dev->release(dev);
}

int dev_set_name(struct device *dev, const char *format, int number)
{
	if (fake_allocation_fails())
		return -ENOMEM;
	snprintf(dev->name, sizeof(dev->name), format, number);
	return 0;
}

static void try_bind(struct device *dev, struct device_driver *drv)
{
	if (dev->driver || !dev->bus->match(dev, drv))
		return;
	dev->driver = drv;
	if (dev->bus->probe(dev))
		dev->driver = NULL;
}

static void unbind(struct device *dev)
{
	if (!dev->driver)
		return;
	dev->bus->remove(dev);
	dev->driver = NULL;
}

int device_add(struct device *dev)
{
	unsigned int n;

	assert(dev->bus == the_bus);
	if (fake_allocation_fails())
		return -ENOMEM;
	for (n = 0; devices[n]; n++) {
		assert(n < MAX_DEVICES - 1);
		assert(strcmp(devices[n]->name, dev->name));
	}
	devices[n] = dev;
	dev->added = true;
	for (n = 0; n < MAX_DRIVERS; n++)
		if (drivers[n])
			try_bind(dev, drivers[n]);
	return 0;
}

void device_unregister(struct device *dev)
{
	unsigned int n;

	unbind(dev);
	for (n = 0; n < MAX_DEVICES; n++)
		if (devices[n] == dev)
			devices[n] = NULL;
	put_device(dev);
}

int driver_register(struct device_driver *drv)
{
	unsigned int n, i;

	for (n = 0; drivers[n]; n++)
		assert(n < MAX_DRIVERS - 1);
	drivers[n] = drv;
	for (i = 0; i < MAX_DEVICES; i++)
		if (devices[i])
			try_bind(devices[i], drv);
	return 0;
}

void driver_unregister(struct device_driver *drv)
{
	unsigned int n;

	for (n = 0; n < MAX_DEVICES; n++)
		if (devices[n] && devices[n]->driver == drv)
			unbind(devices[n]);
	for (n = 0; n < MAX_DRIVERS; n++)
		if (drivers[n] == drv)
			drivers[n] = NULL;
}

int ida_alloc_min(struct ida *ida, unsigned int min, unsigned int gfp)
{
	(void)gfp;
	if (fake_allocation_fails())
		return -ENOMEM;
	while (ida->used & BIT_ULL(min))
		min++;
	ida->used |= BIT_ULL(min);
	return min;
}

void ida_free(struct ida *ida, unsigned int id)
{
	assert(ida->used & BIT_ULL(id));
	ida->used &= ~BIT_ULL(id);
}

void ida_destroy(struct ida *ida)
{
	assert(!ida->used);
}

int platform_driver_register(struct platform_driver *drv)
{
	assert(!platform);
	if (fake_allocation_fails())
		return -ENOMEM;
	platform = drv;
	return 0;
}

void platform_driver_unregister(struct platform_driver *drv)
{
	assert(platform == drv);
	platform = NULL;
}

struct platform_device *platform_device_alloc(const char *name, int id)
{
	assert(id == PLATFORM_DEVID_NONE && !platform_device);
	assert(!strcmp(platform->driver.name, name));
	return kzalloc(sizeof(struct platform_device), GFP_KERNEL);
}

void platform_device_put(struct platform_device *pdev)
{
	assert(pdev != platform_device);
	free(pdev);
}

/* A probe that fails leaves a device without a driver, and nothing that it had allocated. */
int fake_platform_probe(struct platform_device *pdev)
{
	int rc;

	pdev->dev.driver = &platform->driver;
	rc = platform->probe(pdev);
	if (rc) {
		pdev->dev.driver = NULL;
		free(pdev->managed);
		pdev->managed = NULL;
	}
	return rc;
}

int platform_device_add(struct platform_device *pdev)
{
	if (fake_allocation_fails())
		return -ENOMEM;
	platform_device = pdev;
	fake_platform_probe(pdev);
	return 0;
}

void platform_device_unregister(struct platform_device *pdev)
{
	assert(pdev == platform_device);
	if (pdev->dev.driver)
		platform->remove(pdev);
	free(pdev->managed);
	free(pdev);
	platform_device = NULL;
}

void *devm_kzalloc(struct device *dev, size_t size, unsigned int gfp)
{
	struct platform_device *pdev = container_of(dev, struct platform_device, dev);

	assert(!pdev->managed);
	pdev->managed = kzalloc(size, gfp);
	return pdev->managed;
}

int acpi_disabled = 1;

struct device_node *of_find_compatible_node(struct device_node *from, const char *type,
					    const char *compatible)
{
	assert(!from && !type && !strcmp(compatible, "arm,gic-v3"));
	return (struct device_node *)&fake_irqs;
}

unsigned int irq_create_of_mapping(struct of_phandle_args *args)
{
	unsigned int irq = args->args_count == 1 ? args->args[0] : 16 + args->args[1];

	assert(irq >= 8 && irq < 32 && !fake_irqs.mapped[irq]);
	fake_irqs.mapped[irq] = true;
	return irq;
}

void irq_dispose_mapping(unsigned int irq)
{
	assert(fake_irqs.mapped[irq] && !fake_irqs.handler[irq]);
	fake_irqs.mapped[irq] = false;
}

int request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *name, void *data)
{
	assert(name && fake_irqs.mapped[irq] && !fake_irqs.handler[irq]);
	if (irq == fake_irqs.refused)
		return -EBUSY;
	fake_irqs.handler[irq] = handler;
	fake_irqs.data[irq] = data;
	return 0;
}

void free_percpu_irq(unsigned int irq, void *data)
{
	assert(fake_irqs.handler[irq] && fake_irqs.data[irq] == data && !fake_irqs.enabled[irq]);
	fake_irqs.handler[irq] = NULL;
}

void enable_percpu_irq(unsigned int irq, unsigned int type)
{
	assert(fake_irqs.handler[irq] && type == IRQ_TYPE_NONE);
	fake_irqs.enabled[irq] |= BIT(fake_work_cpu);
}

void disable_percpu_irq(unsigned int irq)
{
	assert(fake_irqs.enabled[irq] & BIT(fake_work_cpu));
	fake_irqs.enabled[irq] &= ~BIT(fake_work_cpu);
}

static void on_each_cpu(int (*fn)(unsigned int cpu))
{
	for (fake_work_cpu = 0; (unsigned int)fake_work_cpu < nr_cpu_ids; fake_work_cpu++)
		if (fake_irqs.online & BIT(fake_work_cpu))
			assert(!fn((unsigned int)fake_work_cpu));
	fake_work_cpu = 0;
}

int cpuhp_setup_state(int state, const char *name, int (*online)(unsigned int cpu),
		      int (*offline)(unsigned int cpu))
{
	assert(state == CPUHP_AP_ONLINE_DYN && name && !fake_irqs.came);
	if (fake_irqs.stateless || fake_allocation_fails())
		return -ENOSPC;
	fake_irqs.came = online;
	fake_irqs.goes = offline;
	on_each_cpu(online);
	return 1;
}

void cpuhp_remove_state(int state)
{
	assert(state == 1 && fake_irqs.came);
	on_each_cpu(fake_irqs.goes);
	fake_irqs.came = NULL;
}

void fake_cpu_comes(unsigned int cpu)
{
	fake_irqs.online |= BIT(cpu);
	fake_irqs.changing = BIT(cpu);
	fake_work_cpu = (int)cpu;
	assert(!fake_irqs.came(cpu));
	fake_work_cpu = 0;
	fake_irqs.changing = 0;
}

void fake_cpu_goes(unsigned int cpu)
{
	fake_irqs.changing = BIT(cpu);
	fake_work_cpu = (int)cpu;
	assert(!fake_irqs.goes(cpu));
	fake_work_cpu = 0;
	fake_irqs.changing = 0;
	fake_irqs.online &= ~BIT(cpu);
}
