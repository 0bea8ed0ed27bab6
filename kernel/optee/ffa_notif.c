// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asynchronous notifications over FF-A: one notification of the partition asks for the bottom
 * half. Which one, is ours to choose. All that the secure world wants to say, it says there.
 */
#include <abi/optee_ffa.h>
#include <abi/tee_result.h>

#include "stats.h"

/* Of a partition. */
#define OPTEE_FFA_NOTIFICATIONS	64

static void optee_ffa_notified(int notify_id, void *data)
{
	struct optee *optee = data;

	optee_notif_fetched(optee, OPTEE_NOTIF_DO_BOTTOM_HALF);
	optee_async_value(optee, OPTEE_NOTIF_DO_BOTTOM_HALF);
}

/* The first one that nobody else has. Return: its number, or an errno */
static int optee_ffa_notif_request(struct optee *optee)
{
	struct omnitee_ffa_device *fdev = optee->ffa.fdev;
	int rc = -EACCES;
	int id;

	for (id = 0; id < OPTEE_FFA_NOTIFICATIONS && rc == -EACCES; id++) {
		rc = fdev->ops->notifier_ops->request(fdev, false, optee_ffa_notified, optee, id);
		if (!rc)
			return id;
	}
	return rc;
}

static int optee_ffa_notif_enable(struct optee *optee, int id)
{
	struct omnitee_ffa_message msg = { .data = { OPTEE_FFA_ENABLE_ASYNC_NOTIF, id } };
	int rc;

	rc = optee_ffa_blocking_call(optee, &msg);
	return rc ?: msg.data[0] == TEE_SUCCESS ? 0 : -EIO;
}

/**
 * optee_ffa_notif_init() - take asynchronous notifications from now on, if there are any
 * @optee:	device that is ready for calls
 *
 * Without them, all notifications are synchronous.
 *
 * Return: 0 or -ENOMEM
 */
int optee_ffa_notif_init(struct optee *optee)
{
	struct omnitee_ffa_device *fdev = optee->ffa.fdev;
	int rc, id;

	if (!(optee->ffa.sec_caps & OPTEE_FFA_SEC_CAP_ASYNC_NOTIF))
		return 0;
	rc = optee_async_init(optee);
	if (rc)
		return rc;
	id = optee_ffa_notif_request(optee);
	if (id < 0) {
		dev_info(optee->dev, "no asynchronous notifications: %d\n", id);
		optee_async_destroy(optee);
		return 0;
	}
	rc = optee_ffa_notif_enable(optee, id);
	if (rc) {
		dev_warn(optee->dev, "asynchronous notifications are refused: %d\n", rc);
		fdev->ops->notifier_ops->relinquish(fdev, id);
		optee_async_destroy(optee);
		return 0;
	}
	optee->ffa.bottom_half = id;
	optee->ffa.has_notif = true;
	return 0;
}

static void optee_ffa_notif_relinquish(struct optee *optee)
{
	struct omnitee_ffa_device *fdev = optee->ffa.fdev;

	optee->ffa.has_notif = false;
	fdev->ops->notifier_ops->relinquish(fdev, optee->ffa.bottom_half);
}

/**
 * optee_ffa_notif_uninit() - take none any more
 * @optee:	device that nobody uses; calls are possible still
 */
void optee_ffa_notif_uninit(struct optee *optee)
{
	int rc;

	if (!optee->ffa.has_notif)
		return;
	/* First of all: afterwards nobody listens. */
	rc = optee_stop_async_notif(optee, OPTEE_CALL_NOFAIL);
	if (rc)
		dev_warn(optee->dev, "asynchronous notifications do not stop: %d\n", rc);
	optee_ffa_notif_relinquish(optee);
	optee_async_destroy(optee);
}

/**
 * optee_ffa_notif_shutdown() - the machine goes down
 * @optee:	device, possibly still in use
 */
void optee_ffa_notif_shutdown(struct optee *optee)
{
	if (!optee->ffa.has_notif)
		return;
	optee_async_shutdown(optee);
	optee_ffa_notif_relinquish(optee);
}
