// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspending the machine: what has to be arranged before processes are frozen.
 *
 * Suspended, the secure world keeps sessions, memory and threads; nothing is lost. But a
 * process that is frozen while the secure world waits for it, or for the supplicant, keeps its
 * secure thread until it thaws. Drivers may need one in order to suspend: one is left to them.
 *
 * An image of memory outlives the secure world that knew of it. Written back, it would name
 * sessions that do not exist and share pages with nobody, so none is made. A kernel that is about
 * to be replaced by an image, made without this device, is another matter: see optee_smc_pm_ops.
 */
#include <linux/notifier.h>
#include <linux/suspend.h>

#include "optee_private.h"

static int optee_power_notify(struct notifier_block *nb, unsigned long event, void *unused)
{
	struct optee *optee = container_of(nb, struct optee, power);

	switch (event) {
	case PM_SUSPEND_PREPARE:
		if (optee_cq_suspend(&optee->cq))
			dev_warn(optee->dev,
				 "suspending with all secure threads held by processes: drivers get -EBUSY\n");
		return NOTIFY_OK;
	case PM_POST_SUSPEND:
		optee_cq_resume(&optee->cq);
		return NOTIFY_OK;
	case PM_HIBERNATION_PREPARE:
		dev_err(optee->dev,
			"no hibernation: the secure world would not know the image; unbind this device before\n");
		return notifier_from_errno(-EBUSY);
	default:
		return NOTIFY_DONE;
	}
}

/**
 * optee_power_add() - begin to watch for suspends
 * @optee:	device in use
 *
 * Return: 0 or an errno
 */
int optee_power_add(struct optee *optee)
{
	optee->power.notifier_call = optee_power_notify;
	return register_pm_notifier(&optee->power);
}

/**
 * optee_power_remove() - the opposite
 * @optee:	device
 */
void optee_power_remove(struct optee *optee)
{
	unregister_pm_notifier(&optee->power);
	/* Removed in the middle of it: there will be no news of the end. */
	optee_cq_resume(&optee->cq);
}
