// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: not there yet.
 */
#include "transport.h"

static int ffa_notify_request(struct omnitee_ffa_device *fdev, bool per_vcpu,
			      omnitee_ffa_notifier_fn fn, void *data, int notify_id)
{
	return -EOPNOTSUPP;
}

static int ffa_notify_relinquish(struct omnitee_ffa_device *fdev, int notify_id)
{
	return -EOPNOTSUPP;
}

static int ffa_notify_send(struct omnitee_ffa_device *fdev, int notify_id, bool per_vcpu,
			   u16 vcpu)
{
	return -EOPNOTSUPP;
}

const struct omnitee_ffa_notifier_ops ffa_notifier_ops = {
	.request = ffa_notify_request,
	.relinquish = ffa_notify_relinquish,
	.send = ffa_notify_send,
};

void ffa_notify_init(struct ffa *ffa)
{
}

void ffa_notify_exit(struct ffa *ffa)
{
}
