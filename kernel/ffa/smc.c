// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of the partition manager: conduit, version, features, errors.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "transport.h"

/* Sections 11 and 13.2 of the specification, newest first. */
static const u32 ffa_versions[] = {
	FFA_VERSION_MAKE(1, 2),
	FFA_VERSION_MAKE(1, 1),
	FFA_VERSION_MAKE(1, 0),
};

/**
 * ffa_conduit() - find the instruction that reaches the partition manager
 * @ffa:	transport
 *
 * Return: 0, or -ENODEV if the firmware cannot pass as many registers as FF-A needs
 */
int ffa_conduit(struct ffa *ffa)
{
	if (arm_smccc_get_version() < ARM_SMCCC_VERSION_1_2)
		return -ENODEV;
	switch (arm_smccc_1_1_get_conduit()) {
	case SMCCC_CONDUIT_SMC:
		ffa->smc = arm_smccc_1_2_smc;
		return 0;
	case SMCCC_CONDUIT_HVC:
		ffa->smc = arm_smccc_1_2_hvc;
		return 0;
	default:
		return -ENODEV;
	}
}

/**
 * ffa_status_to_errno() - the one table of the partition manager's errors
 * @status:	FFA_OK or an error status code
 */
int ffa_status_to_errno(s32 status)
{
	switch (status) {
	case FFA_OK:
		return 0;
	case FFA_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case FFA_INVALID_PARAMETERS:
		return -EINVAL;
	case FFA_NO_MEMORY:
		return -ENOMEM;
	case FFA_BUSY:
		return -EBUSY;
	case FFA_INTERRUPTED:
		return -EINTR;
	case FFA_DENIED:
		return -EACCES;
	case FFA_RETRY:
	case FFA_NOT_READY:
		return -EAGAIN;
	case FFA_ABORTED:
		return -ECANCELED;
	case FFA_NO_DATA:
		return -ENODATA;
	default:
		return -EINVAL;
	}
}

/**
 * ffa_reply_error() - is a reply an error?
 * @reply:	registers
 *
 * Replies are of 32 bits, whatever the upper halves hold; so is the status, with its sign. A
 * firmware that knows no FF-A answers -1 in w0.
 *
 * Return: 0 if it is something else, or the errno
 */
int ffa_reply_error(const ffa_regs *reply)
{
	if ((s32)reply->a0 == FFA_NOT_SUPPORTED)
		return -EOPNOTSUPP;
	if (lower_32_bits(reply->a0) != FFA_ERROR_32)
		return 0;
	/* An error without one is still an error. */
	return ffa_status_to_errno((s32)reply->a2) ?: -EINVAL;
}

/**
 * ffa_call() - a call that ends with SUCCESS or ERROR
 * @ffa:	transport
 * @in:		registers
 * @out:	registers of the reply
 *
 * Return: 0, an errno for an error, or -EIO for a reply that is neither
 */
int ffa_call(struct ffa *ffa, const ffa_regs *in, ffa_regs *out)
{
	int rc;

	ffa->smc(in, out);
	rc = ffa_reply_error(out);
	if (rc)
		return rc;
	switch (lower_32_bits(out->a0)) {
	case FFA_SUCCESS_32:
	case FFA_SUCCESS_64:
		return 0;
	default:
		return -EIO;
	}
}

static s32 ffa_ask_version(struct ffa *ffa, u32 version)
{
	const ffa_regs in = { .a0 = FFA_VERSION_32, .a1 = version };
	ffa_regs out;

	ffa->smc(&in, &out);
	/* Zero-extended, also when it is -1. */
	return (s32)out.a0;
}

/**
 * ffa_negotiate() - agree on a version
 * @ffa:	transport
 *
 * Some partition managers answer a version that is too new with their own, others with an
 * error. Some keep what was asked for only if they could have answered the same: so the version
 * that is used has been asked for.
 *
 * Return: 0; -ENODEV if there is no partition manager, or none that speaks ours
 */
int ffa_negotiate(struct ffa *ffa)
{
	s32 answer = FFA_NOT_SUPPORTED;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(ffa_versions); n++) {
		if (answer > 0 && ffa_versions[n] > answer)
			continue;
		answer = ffa_ask_version(ffa, ffa_versions[n]);
		if (answer > 0 && FFA_VERSION_MAJOR(answer) != FFA_VERSION_MAJOR(ffa_versions[n])) {
			dev_info(&ffa->pdev->dev, "version %d.%d is none of ours\n",
				 FFA_VERSION_MAJOR(answer), FFA_VERSION_MINOR(answer));
			return -ENODEV;
		}
		/* Newer ones speak the older. */
		if (answer > 0 && answer >= ffa_versions[n]) {
			ffa->version = ffa_versions[n];
			return 0;
		}
	}
	return -ENODEV;
}

/**
 * ffa_feature() - ask for a function or a feature
 * @ffa:	transport
 * @what:	function id, or FFA_FEATURE_*
 * @properties:	of it; out, may be NULL
 *
 * Return: 0, or -EOPNOTSUPP or another errno if there is no such thing
 */
int ffa_feature(struct ffa *ffa, u32 what, u32 *properties)
{
	const ffa_regs in = { .a0 = FFA_FEATURES_32, .a1 = what };
	ffa_regs out;
	int rc;

	rc = ffa_call(ffa, &in, &out);
	if (!rc && properties)
		*properties = lower_32_bits(out.a2);
	return rc;
}
