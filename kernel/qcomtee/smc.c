// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calling QTEE by SMCs of our own: on kernels that have no helpers for it, and on machines whose
 * device tree does not mention QTEE.
 *
 * One call at a time: that is how the kernel's own driver does it, and the calling convention has
 * one register (x6) in which an interrupted call is told from another. Callbacks are served
 * between calls, so that they may be as slow as they like.
 */
#include <linux/arm-smccc.h>
#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

#include "qcomtee.h"
#include "smc_status.h"

/* As often, and as long, as the kernel's own driver asks a QTEE that is busy. */
#define QCOMTEE_BUSY_TRIES	20
#define QCOMTEE_BUSY_MS		30

static DEFINE_MUTEX(qcomtee_smc_lock);

/* One call with all its interruptions. @regs: in; x0 to x3 of the return, out. */
static void qcomtee_smc_once(struct arm_smccc_1_2_regs *regs)
{
	struct arm_smccc_1_2_regs in = *regs;

	mutex_lock(&qcomtee_smc_lock);
	for (;;) {
		arm_smccc_1_2_smc(&in, regs);
		if ((s32)regs->a0 != QTEE_SMC_INTERRUPTED)
			break;
		in.a0 = QTEE_SMC_INTERRUPTED;
		in.a6 = regs->a6;
		cond_resched();
	}
	mutex_unlock(&qcomtee_smc_lock);
}

static int qcomtee_smc_errno(s32 status)
{
	switch (status) {
	case QTEE_SMC_OK:
		return 0;
	case QTEE_SMC_ERROR:
		return -EIO;
	case QTEE_SMC_EOPNOTSUPP:
		return -EOPNOTSUPP;
	case QTEE_SMC_ENOMEM:
		return -ENOMEM;
	case QTEE_SMC_BUSY:
		return -EBUSY;
	/* The interrupt that ends such a sleep is told to nobody but the kernel's own driver. */
	case QTEE_SMC_WAITQ_SLEEP:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

/* @first: nothing has begun yet, so that a killed task may give up. */
static int qcomtee_smc(const struct arm_smccc_1_2_regs *call, bool first, u64 *result,
		       u64 *response)
{
	unsigned int tries = 0;

	for (;;) {
		struct arm_smccc_1_2_regs regs = *call;
		int rc;

		if (first && fatal_signal_pending(current))
			return -EINTR;
		qcomtee_smc_once(&regs);
		rc = qcomtee_smc_errno(regs.a0);
		if (rc != -EBUSY || ++tries == QCOMTEE_BUSY_TRIES) {
			*response = regs.a1;
			*result = regs.a2;
			return rc;
		}
		if (first)
			schedule_timeout_killable(msecs_to_jiffies(QCOMTEE_BUSY_MS));
		else
			msleep(QCOMTEE_BUSY_MS);
	}
}

static int qcomtee_smc_invoke(phys_addr_t in, size_t in_size, phys_addr_t out, size_t out_size,
			      u64 *result, u64 *response)
{
	const struct arm_smccc_1_2_regs call = {
		.a0 = QTEE_SMC_INVOKE,
		.a1 = QTEE_INVOKE_ARGINFO,
		.a2 = in,
		.a3 = in_size,
		.a4 = out,
		.a5 = out_size,
	};

	return qcomtee_smc(&call, true, result, response);
}

static int qcomtee_smc_respond(phys_addr_t out, size_t out_size, u64 *result, u64 *response)
{
	const struct arm_smccc_1_2_regs call = {
		.a0 = QTEE_SMC_CB_RSP,
		.a1 = QTEE_CB_RSP_ARGINFO,
		.a2 = out,
		.a3 = out_size,
	};

	return qcomtee_smc(&call, false, result, response);
}

const struct qcomtee_transport qcomtee_smc_transport = {
	.name = "SMC",
	.invoke = qcomtee_smc_invoke,
	.respond = qcomtee_smc_respond,
};

/**
 * qcomtee_smc_answers() - is there a QTEE?
 *
 * Asks with a call that cannot succeed. What knows nothing of QTEE answers "unknown function".
 * Another trusted OS may have numbers of its own for that: OP-TEE's would be 5. An instruction
 * that nobody serves would be an exception, so it is issued only if the kernel's firmware
 * interface itself is reached that way.
 *
 * Context: may sleep
 */
bool qcomtee_smc_answers(void)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = QTEE_SMC_INVOKE,
		.a1 = QTEE_INVOKE_ARGINFO,
	};

	if (arm_smccc_1_1_get_conduit() != SMCCC_CONDUIT_SMC)
		return false;
	qcomtee_smc_once(&regs);
	return qcomtee_smc_is_status(regs.a0);
}
