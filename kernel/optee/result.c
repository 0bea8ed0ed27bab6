// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the transport of the secure world answers, and what clients are told.
 */
#include <linux/bitops.h>
#include <linux/device.h>

#include <abi/optee_smc.h>
#include <abi/tee_result.h>

#include "optee_private.h"

struct optee_status {
	u32 status;
	int error;
	const char *cause;
};

static const struct optee_status optee_statuses[] = {
	{ OPTEE_SMC_RETURN_ETHREAD_LIMIT, -EINVAL, "no secure thread" },
	{ OPTEE_SMC_RETURN_EBUSY, -EINVAL, "busy" },
	{ OPTEE_SMC_RETURN_ERESUME, -EINVAL, "resumed a thread that is not suspended" },
	{ OPTEE_SMC_RETURN_EBADADDR, -EINVAL, "bad address of a message" },
	{ OPTEE_SMC_RETURN_EBADCMD, -EINVAL, "unknown command" },
	{ OPTEE_SMC_RETURN_ENOMEM, -EINVAL, "out of secure memory" },
	{ OPTEE_SMC_RETURN_ENOTAVAIL, -EINVAL, "not available, or an unknown guest" },
	{ OPTEE_SMC_RETURN_UNKNOWN_FUNCTION, -EINVAL, "unknown function" },
	/* Over FF-A. */
	{ TEE_ERROR_BAD_PARAMETERS, -EINVAL, "bad message, or a thread that is not suspended" },
	{ TEE_ERROR_BUSY, -EINVAL, "busy" },
	{ TEE_ERROR_COMMUNICATION, -EINVAL, "the message was not delivered" },
};

/* The last bit stands for all others. */
static unsigned int optee_status_index(u32 status)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(optee_statuses); n++)
		if (optee_statuses[n].status == status)
			break;
	return n;
}

/**
 * optee_report_status() - log why a call failed, once for each cause
 * @optee:	device
 * @status:	not OK
 */
void optee_report_status(struct optee *optee, u32 status)
{
	unsigned int n = optee_status_index(status);

	if (test_and_set_bit(n, &optee->reported))
		return;
	dev_warn(optee->dev, "the secure world refuses a call: %#x, %s\n", status,
		 n < ARRAY_SIZE(optee_statuses) ? optee_statuses[n].cause : "undefined");
}

/**
 * optee_status_to_errno() - what clients see where no result can be returned
 * @status:	not OK
 */
int optee_status_to_errno(u32 status)
{
	unsigned int n = optee_status_index(status);

	return n < ARRAY_SIZE(optee_statuses) ? optee_statuses[n].error : -EINVAL;
}
