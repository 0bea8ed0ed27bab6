/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What QTEE is known by. Knows nothing of the kernel, so that it can be run without one.
 */
#ifndef QCOMTEE_SMC_STATUS_H
#define QCOMTEE_SMC_STATUS_H

#include <linux/types.h>

#include <abi/qtee.h>

/**
 * qcomtee_smc_is_status() - may this be the end of a call of QTEE?
 * @status:	x0 of a return
 *
 * Not of one that has failed as there is no QTEE, nor of one that goes on.
 */
static inline bool qcomtee_smc_is_status(int status)
{
	switch (status) {
	case QTEE_SMC_OK:
	case QTEE_SMC_EINVAL_ADDRESS:
	case QTEE_SMC_EINVAL_ARGUMENT:
	case QTEE_SMC_EOPNOTSUPP:
	case QTEE_SMC_ENOMEM:
	case QTEE_SMC_BUSY:
		return true;
	default:
		return false;
	}
}

#endif /* QCOMTEE_SMC_STATUS_H */
