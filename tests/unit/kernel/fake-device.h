/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bus, its devices and drivers; a platform device; interrupts of each CPU. Enough for the bus of
 * kernel/ffa and the transport behind it.
 */
#ifndef FAKE_DEVICE_H
#define FAKE_DEVICE_H

#include <sys/types.h>

#include "fake-work.h"

/* How many there are on the bus. */
unsigned int fake_devices(void);
/* What a case that failed has left. */
void fake_devices_forget(void);

#define IS_ERR(p)		((uintptr_t)(p) >= (uintptr_t)-4095)
#define PTR_ERR(p)		((long)(p))
#define __init
#define __exit

struct kobj_uevent_env {
	int unused;
};

struct attribute {
	int unused;
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
};

#define DEVICE_ATTR_RO(name) \
	struct device_attribute dev_attr_##name = { .show = name##_show }
#define ATTRIBUTE_GROUPS(name) \
	static const struct attribute_group *name##_groups[] = { (const void *)name##_attrs, NULL }

/* There is nobody to read it. */
static inline int sysfs_emit(char *buf, const char *format, ...)
{
	(void)buf;
	(void)format;
	return 0;
}

static inline int add_uevent_var(struct kobj_uevent_env *env, const char *format, ...)
{
	(void)env;
	(void)format;
	return 0;
}

#define bus_type_or_const	const struct bus_type
#define bus_match_const		const
#define bus_uevent_const	const
#define platform_remove_void	remove

struct bus_type {
	const char *name;
	int (*match)(struct device *dev, const struct device_driver *drv);
	int (*uevent)(const struct device *dev, struct kobj_uevent_env *env);
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	void (*shutdown)(struct device *dev);
	const struct attribute_group **dev_groups;
};

int bus_register(const struct bus_type *bus);
void bus_unregister(const struct bus_type *bus);
int bus_for_each_dev(const struct bus_type *bus, struct device *start, void *data,
		     int (*fn)(struct device *dev, void *data));
/* With a reference. */
struct device *bus_find_device(const struct bus_type *bus, struct device *start, const void *data,
			       int (*match)(struct device *dev, const void *data));
void device_initialize(struct device *dev);
int dev_set_name(struct device *dev, const char *format, int number);
int device_add(struct device *dev);
void device_unregister(struct device *dev);
void put_device(struct device *dev);
int driver_register(struct device_driver *drv);
void driver_unregister(struct device_driver *drv);

struct ida {
	u64 used;
};

#define DEFINE_IDA(name)	struct ida name
int ida_alloc_min(struct ida *ida, unsigned int min, unsigned int gfp);
void ida_free(struct ida *ida, unsigned int id);
/* Nothing may be left in it. */
void ida_destroy(struct ida *ida);

#define PLATFORM_DEVID_NONE	(-1)

struct platform_driver {
	int (*probe)(struct platform_device *pdev);
	void (*remove)(struct platform_device *pdev);
	void (*shutdown)(struct platform_device *pdev);
	struct device_driver driver;
};

int platform_driver_register(struct platform_driver *drv);
void platform_driver_unregister(struct platform_driver *drv);
struct platform_device *platform_device_alloc(const char *name, int id);
int platform_device_add(struct platform_device *pdev);
void platform_device_put(struct platform_device *pdev);
/* As when somebody gives a device to the driver. Return: of its probe */
int fake_platform_probe(struct platform_device *pdev);
void platform_device_unregister(struct platform_device *pdev);
/* One of them, and no more. */
void *devm_kzalloc(struct device *dev, size_t size, unsigned int gfp);

static inline void platform_set_drvdata(struct platform_device *pdev, void *data)
{
	pdev->drvdata = data;
}

static inline void *platform_get_drvdata(const struct platform_device *pdev)
{
	return pdev->drvdata;
}

/* Interrupts, with the number of the interrupt controller. */
#define IRQ_TYPE_NONE		0
#define IRQ_TYPE_EDGE_RISING	1
#define CPUHP_AP_ONLINE_DYN	0

typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);

#define IRQ_HANDLED		1

struct device_node;

struct of_phandle_args {
	struct device_node *np;
	int args_count;
	u32 args[3];
};

extern int acpi_disabled;
struct device_node *of_find_compatible_node(struct device_node *from, const char *type,
					    const char *compatible);
#define of_node_put(node)	((void)(node))
unsigned int irq_create_of_mapping(struct of_phandle_args *args);
void irq_dispose_mapping(unsigned int irq);
int request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *name, void *data);
void free_percpu_irq(unsigned int irq, void *data);
void enable_percpu_irq(unsigned int irq, unsigned int type);
void disable_percpu_irq(unsigned int irq);
int cpuhp_setup_state(int state, const char *name, int (*online)(unsigned int cpu),
		      int (*offline)(unsigned int cpu));
void cpuhp_remove_state(int state);

/**
 * struct fake_irqs - interrupts, of which there are those of one module
 * @online: CPUs that are, a bit for each
 * @changing: the one that comes or goes
 * @handler: by number, NULL for nobody's
 * @data: for it, of each CPU
 * @enabled: on which CPUs
 * @mapped: it has been asked for
 * @refused: request_percpu_irq() says no to this one, 0: to none
 * @stateless: cpuhp_setup_state() says no
 * @came, @goes: what to do when a CPU comes and goes
 */
struct fake_irqs {
	u32 online;
	u32 changing;
	irq_handler_t handler[32];
	void *data[32];
	u32 enabled[32];
	bool mapped[32];
	unsigned int refused;
	bool stateless;
	int (*came)(unsigned int cpu);
	int (*goes)(unsigned int cpu);
};

extern struct fake_irqs fake_irqs;

/* A CPU that comes later, or goes. */
void fake_cpu_comes(unsigned int cpu);
void fake_cpu_goes(unsigned int cpu);

static inline bool cpu_active(unsigned int cpu)
{
	return !(fake_irqs.changing & BIT(cpu));
}

#endif /* FAKE_DEVICE_H */
