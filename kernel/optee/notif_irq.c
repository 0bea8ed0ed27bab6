// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt of asynchronous notifications over SMC: a shared one, or one of each CPU.
 *
 * It only says that there is something. What, is fetched from the secure world until nothing is
 * left; an edge that comes meanwhile makes it come again. Whichever CPU fetches a value has it,
 * since they are kept for all CPUs together: a lost interrupt costs time, not values.
 */
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/percpu.h>

#include <abi/optee_smc.h>

#include "stats.h"

/* More than the secure world has; what goes on for longer is left to a worker. */
#define OPTEE_NOTIF_BATCH	128

static u32 get_async_notif_value(struct optee *optee, bool *valid, bool *pending)
{
	struct optee_smc_regs r = { .a0 = OPTEE_SMC_GET_ASYNC_NOTIF_VALUE };

	optee_smc_invoke(optee, &r);
	if (r.a0 != OPTEE_SMC_RETURN_OK)
		dev_warn_ratelimited(optee->dev, "notifications cannot be fetched: %#x\n", r.a0);
	*valid = r.a0 == OPTEE_SMC_RETURN_OK && (r.a2 & OPTEE_SMC_ASYNC_NOTIF_VALID);
	*pending = *valid && (r.a2 & OPTEE_SMC_ASYNC_NOTIF_PENDING);
	return r.a1;
}

/* Return: true if there is still something. */
static bool optee_notif_fetch(struct optee *optee)
{
	bool valid, pending;
	unsigned int n;
	u32 value;

	for (n = 0; n < OPTEE_NOTIF_BATCH; n++) {
		value = get_async_notif_value(optee, &valid, &pending);
		if (valid) {
			optee_notif_fetched(optee, value);
			optee_async_value(optee, value);
		}
		if (!pending)
			return false;
	}
	return true;
}

static void optee_notif_drain(struct work_struct *work)
{
	struct optee *optee = container_of(work, struct optee, async.drain);

	if (optee_notif_fetch(optee))
		queue_work(optee->async.workers, work);
}

/*
 * Handled even if there was nothing: two CPUs may have come for the same value, and a line that
 * is disabled for being spurious would be lost for good.
 */
static irqreturn_t notif_irq_handler(int irq, void *dev_id)
{
	struct optee *optee = dev_id;

	if (optee_notif_fetch(optee))
		queue_work(optee->async.workers, &optee->async.drain);
	return IRQ_HANDLED;
}

static irqreturn_t notif_pcpu_irq_handler(int irq, void *dev_id)
{
	struct optee_notif_pcpu *pcpu = dev_id;

	return notif_irq_handler(irq, pcpu->optee);
}

static void enable_async_notif(struct optee *optee)
{
	struct optee_smc_regs r = { .a0 = OPTEE_SMC_ENABLE_ASYNC_NOTIF };

	optee_smc_invoke(optee, &r);
	if (r.a0 != OPTEE_SMC_RETURN_OK)
		dev_warn(optee->dev, "asynchronous notifications are refused: %#x\n", r.a0);
}

static int optee_cpuhp_enable_pcpu_irq(unsigned int cpu, struct hlist_node *node)
{
	struct optee *optee = hlist_entry_safe(node, struct optee, async.online_node);

	enable_percpu_irq(optee->async.irq, IRQ_TYPE_NONE);
	return 0;
}

static int optee_cpuhp_disable_pcpu_irq(unsigned int cpu, struct hlist_node *node)
{
	struct optee *optee = hlist_entry_safe(node, struct optee, async.online_node);

	disable_percpu_irq(optee->async.irq);
	return 0;
}

/* Whatever the secure world told a CPU that could no longer hear it. */
static int optee_cpuhp_dead(unsigned int cpu, struct hlist_node *node)
{
	struct optee *optee = hlist_entry_safe(node, struct optee, async.dead_node);

	queue_work(optee->async.workers, &optee->async.drain);
	return 0;
}

static int optee_notif_follow_cpus(struct optee *optee)
{
	struct optee_async *async = &optee->async;
	int rc;

	rc = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN, "optee/notif:dead", NULL,
				     optee_cpuhp_dead);
	if (rc < 0)
		return rc;
	async->dead = rc;
	rc = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "optee/notif:online",
				     optee_cpuhp_enable_pcpu_irq, optee_cpuhp_disable_pcpu_irq);
	if (rc < 0)
		goto err_dead;
	async->online = rc;
	rc = cpuhp_state_add_instance(async->dead, &async->dead_node);
	if (rc)
		goto err_online;
	rc = cpuhp_state_add_instance(async->online, &async->online_node);
	if (rc)
		goto err_dead_node;
	return 0;

err_dead_node:
	cpuhp_state_remove_instance(async->dead, &async->dead_node);
err_online:
	cpuhp_remove_multi_state(async->online);
err_dead:
	cpuhp_remove_multi_state(async->dead);
	return rc;
}

static void optee_notif_forget_cpus(struct optee *optee)
{
	struct optee_async *async = &optee->async;

	cpuhp_state_remove_instance(async->online, &async->online_node);
	cpuhp_state_remove_instance(async->dead, &async->dead_node);
	cpuhp_remove_multi_state(async->online);
	cpuhp_remove_multi_state(async->dead);
}

static int init_pcpu_irq(struct optee *optee, int irq)
{
	struct optee_notif_pcpu __percpu *pcpu;
	unsigned int cpu;
	int rc;

	pcpu = alloc_percpu(struct optee_notif_pcpu);
	if (!pcpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		per_cpu_ptr(pcpu, cpu)->optee = optee;

	rc = request_percpu_irq(irq, notif_pcpu_irq_handler, "optee_pcpu_notification", pcpu);
	if (rc)
		goto err_pcpu;
	optee->async.irq = irq;
	optee->async.pcpu = pcpu;
	rc = optee_notif_follow_cpus(optee);
	if (rc)
		goto err_irq;
	return 0;

err_irq:
	optee->async.irq = 0;
	optee->async.pcpu = NULL;
	free_percpu_irq(irq, pcpu);
err_pcpu:
	free_percpu(pcpu);
	return rc;
}

static int init_irq(struct optee *optee, int irq)
{
	int rc;

	rc = request_irq(irq, notif_irq_handler, 0, "optee_notification", optee);
	if (!rc)
		optee->async.irq = irq;
	return rc;
}

/**
 * optee_smc_notif_init_irq() - take asynchronous notifications from now on
 * @optee:	device that is ready for calls
 * @irq:	interrupt of the device tree
 *
 * Return: 0 or an errno
 */
int optee_smc_notif_init_irq(struct optee *optee, int irq)
{
	int rc;

	INIT_WORK(&optee->async.drain, optee_notif_drain);
	rc = optee_async_init(optee);
	if (rc)
		return rc;
	if (irq_is_percpu_devid(irq))
		rc = init_pcpu_irq(optee, irq);
	else
		rc = init_irq(optee, irq);
	if (rc) {
		dev_err(optee->dev, "interrupt %d cannot be requested: %d\n", irq, rc);
		optee_async_destroy(optee);
		return rc;
	}
	enable_async_notif(optee);
	return 0;
}

/**
 * optee_smc_notif_uninit_irq() - take none any more
 * @optee:	device that nobody uses; calls are possible still
 */
void optee_smc_notif_uninit_irq(struct optee *optee)
{
	struct optee_async *async = &optee->async;
	int rc;

	if (!async->irq)
		return;

	/* First of all: afterwards nobody listens. */
	rc = optee_stop_async_notif(optee, OPTEE_CALL_NOFAIL);
	if (rc)
		dev_warn(optee->dev, "asynchronous notifications do not stop: %d\n", rc);
	if (async->pcpu) {
		optee_notif_forget_cpus(optee);
		free_percpu_irq(async->irq, async->pcpu);
		free_percpu(async->pcpu);
	} else {
		free_irq(async->irq, optee);
	}
	/* A worker that fetches without end, from a secure world that is out of its mind. */
	cancel_work_sync(&async->drain);
	optee_async_destroy(optee);
	async->irq = 0;
}
