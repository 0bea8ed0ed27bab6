// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of notifications: software-generated ones, which no device tree names.
 */
#include <linux/acpi.h>
#include <linux/cpumask.h>
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/of.h>
#include <linux/of_irq.h>

#include "notify.h"

/* Interrupts of a single CPU, those of Linux itself not among them. */
#define FFA_FIRST_INTID		8
#define FFA_LAST_INTID		31
#define FFA_FIRST_PPI		16

static irqreturn_t ffa_sri_handler(int irq, void *data)
{
	struct ffa_notify_cpu *this = data;

	queue_work_on(this->cpu, this->notify->workers, &this->schedule);
	return IRQ_HANDLED;
}

static irqreturn_t ffa_npi_handler(int irq, void *data)
{
	struct ffa_notify_cpu *this = data;

	queue_work_on(this->cpu, this->notify->workers, &this->fetch);
	return IRQ_HANDLED;
}

#ifdef CONFIG_ACPI
static int ffa_map_gsi(u32 intid)
{
	return acpi_register_gsi(NULL, intid, ACPI_EDGE_SENSITIVE, ACPI_ACTIVE_HIGH);
}
#else
static int ffa_map_gsi(u32 intid)
{
	return -ENODEV;
}
#endif

/* A number of the interrupt controller's. Return: interrupt, or an errno */
static int ffa_map_intid(u32 intid)
{
	struct of_phandle_args args = { };
	int irq;

	if (intid < FFA_FIRST_INTID || intid > FFA_LAST_INTID)
		return -EINVAL;
	if (!acpi_disabled)
		return ffa_map_gsi(intid);

	/* One cell: a software-generated interrupt. No tree would have it. */
	args.np = of_find_compatible_node(NULL, NULL, "arm,gic-v3");
	if (!args.np)
		return -ENODEV;
	if (intid < FFA_FIRST_PPI) {
		args.args_count = 1;
		args.args[0] = intid;
	} else {
		args.args_count = 3;
		args.args[0] = 1;
		args.args[1] = intid - FFA_FIRST_PPI;
		args.args[2] = IRQ_TYPE_EDGE_RISING;
	}
	irq = irq_create_of_mapping(&args);
	of_node_put(args.np);
	return irq > 0 ? irq : -EINVAL;
}

static void ffa_unmap_irq(int irq)
{
	if (acpi_disabled)
		irq_dispose_mapping(irq);
}

static int ffa_irq_get(struct ffa_notify *notify, u32 feature, irq_handler_t handler,
		       const char *name)
{
	u32 intid;
	int irq, rc;

	rc = ffa_feature(notify->ffa, feature, &intid);
	if (rc)
		return rc;
	irq = ffa_map_intid(intid);
	if (irq < 0)
		return irq;
	rc = request_percpu_irq(irq, handler, name, notify->cpus);
	if (rc) {
		ffa_unmap_irq(irq);
		return rc;
	}
	return irq;
}

static void ffa_irq_put(struct ffa_notify *notify, int irq)
{
	free_percpu_irq(irq, notify->cpus);
	ffa_unmap_irq(irq);
}

/* The hotplug callbacks are given no data. There is one transport. */
static struct ffa_notify *ffa_notify_here;

/*
 * An interrupt that is pending at a CPU that goes is nobody's, unless the secure world moves it. So it
 * is asked who has notifications, and by a CPU that comes what it has missed. Not where a CPU neither
 * comes nor goes, but we do.
 */
static void ffa_notify_make_up(unsigned int cpu, struct work_struct *work)
{
	if (!cpu_active(cpu))
		queue_work_on(cpu, ffa_notify_here->workers, work);
}

static int ffa_notify_cpu_online(unsigned int cpu)
{
	enable_percpu_irq(ffa_notify_here->sri, IRQ_TYPE_NONE);
	if (ffa_notify_here->npi)
		enable_percpu_irq(ffa_notify_here->npi, IRQ_TYPE_NONE);
	ffa_notify_make_up(cpu, &per_cpu_ptr(ffa_notify_here->cpus, cpu)->fetch);
	return 0;
}

static int ffa_notify_cpu_offline(unsigned int cpu)
{
	disable_percpu_irq(ffa_notify_here->sri);
	if (ffa_notify_here->npi)
		disable_percpu_irq(ffa_notify_here->npi);
	ffa_notify_make_up(cpu, &per_cpu_ptr(ffa_notify_here->cpus, cpu)->schedule);
	return 0;
}

/**
 * ffa_notify_irq_init() - have interrupts from now on
 * @notify:	notifications, otherwise ready
 *
 * Return: 0, or an errno if there is no schedule receiver interrupt
 */
int ffa_notify_irq_init(struct ffa_notify *notify)
{
	int rc;

	rc = ffa_irq_get(notify, FFA_FEATURE_SRI, ffa_sri_handler, "ffa-sri");
	if (rc < 0)
		return rc;
	notify->sri = rc;
	rc = ffa_irq_get(notify, FFA_FEATURE_NPI, ffa_npi_handler, "ffa-npi");
	notify->npi = max(rc, 0);

	ffa_notify_here = notify;
	rc = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "omnitee/ffa:online", ffa_notify_cpu_online,
			       ffa_notify_cpu_offline);
	if (rc < 0)
		goto err_irq;
	notify->online = rc;
	return 0;

err_irq:
	if (notify->npi)
		ffa_irq_put(notify, notify->npi);
	ffa_irq_put(notify, notify->sri);
	return rc;
}

/**
 * ffa_notify_irq_exit() - have none any more
 * @notify:	notifications
 */
void ffa_notify_irq_exit(struct ffa_notify *notify)
{
	cpuhp_remove_state(notify->online);
	if (notify->npi)
		ffa_irq_put(notify, notify->npi);
	ffa_irq_put(notify, notify->sri);
}
