// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calling QTEE by SMCs of our own: on kernels that have no helpers for it, and on machines whose
 * device tree does not mention QTEE.
 *
 * One call at a time: that is how the kernel's own driver does it, and the calling convention has
 * one register (x6) in which an interrupted call is told from another. Callbacks are served
 * between calls, so that they may be as slow as they like.
 *
 * Nothing says how often a call may be interrupted. So whoever makes it can be killed in the
 * middle, and a worker goes on; and so can those who wait for their turn. When the device goes, the
 * worker gives up after a while, and the call is lost with its pages: otherwise a service that never
 * comes to an end would keep whoever unbinds the device, who cannot be killed.
 */
#include <linux/arm-smccc.h>
#include <linux/atomic.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "qcomtee.h"
#include "smc_status.h"

/* As often, and as long, as the kernel's own driver asks a QTEE that is busy. */
#define QCOMTEE_BUSY_TRIES	20
#define QCOMTEE_BUSY_MS		30

/*
 * So long at a time somebody waits for the turn: who freezes the workers waits for them, and one
 * who is frozen may have been the only one who was woken.
 */
#define QCOMTEE_TURN_MS		500

/* A call that is interrupted as long as this is worth a line. */
#define QCOMTEE_LONG_MS		4000

/* When the device goes, each call after the first that was given up has this, not QCOMTEE_GONE_MS. */
#define QCOMTEE_GIVEN_UP_MS	50

/* And is interrupted so often then: time alone passes while the machine stands still, too. */
#define QCOMTEE_LATE_INTERRUPTIONS	8

/* Not a mutex: the turn of who was killed in the middle passes to a worker. */
static atomic_t qcomtee_smc_taken = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(qcomtee_smc_turn);

static bool qcomtee_smc_try(void)
{
	return !atomic_xchg_acquire(&qcomtee_smc_taken, 1);
}

/* 0; -ERESTARTSYS if the caller was killed first; -EAGAIN if a worker is to ask again later. */
static int qcomtee_smc_take(bool killable)
{
	const unsigned int state = killable ? TASK_KILLABLE | TASK_FREEZABLE : TASK_IDLE;
	long left;

	if (qcomtee_smc_try())
		return 0;
	do {
		left = ___wait_event(qcomtee_smc_turn, ___wait_cond_timeout(qcomtee_smc_try()),
				     state, 1, msecs_to_jiffies(QCOMTEE_TURN_MS),
				     __ret = schedule_timeout(__ret));
		if (left)
			return min(left, 0L);
	} while (killable);
	return -EAGAIN;
}

static void qcomtee_smc_give(void)
{
	atomic_set_release(&qcomtee_smc_taken, 0);
	/* The release comes before the look at who waits. */
	if (wq_has_sleeper(&qcomtee_smc_turn))
		wake_up(&qcomtee_smc_turn);
}

/*
 * Whether who makes a call that began then is to leave it in the middle. @late: how often it was
 * interrupted after its time was over
 */
static bool qcomtee_smc_leaves(const struct qcomtee_step *step, unsigned long begin,
			       unsigned int *late)
{
	if (step->killable)
		return fatal_signal_pending(current);
	return qcomtee_gone_for(step->qtee, begin, READ_ONCE(step->qtee->given_up) ?
				QCOMTEE_GIVEN_UP_MS : QCOMTEE_GONE_MS) &&
	       ++*late > QCOMTEE_LATE_INTERRUPTIONS;
}

/*
 * One call with all its interruptions, by who has the turn. @in: becomes what goes on with it.
 * False if the caller leaves in the middle.
 */
static bool qcomtee_smc_once(struct arm_smccc_1_2_regs *in, struct arm_smccc_1_2_regs *out,
			     const struct qcomtee_step *step)
{
	unsigned long begin = jiffies;
	unsigned int late = 0;
	bool told = false;

	for (;;) {
		arm_smccc_1_2_smc(in, out);
		if ((s32)out->a0 != QTEE_SMC_INTERRUPTED)
			return true;
		in->a0 = QTEE_SMC_INTERRUPTED;
		in->a6 = out->a6;
		if (qcomtee_smc_leaves(step, begin, &late))
			return false;
		if (!told && time_after(jiffies, begin + msecs_to_jiffies(QCOMTEE_LONG_MS))) {
			pr_warn("qcomtee: QTEE has not come to an end of a call for %u ms\n",
				jiffies_to_msecs(jiffies - begin));
			told = true;
		}
		cond_resched();
	}
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
	default:
		return -EINVAL;
	}
}

/* One turn: 0 with the registers of the return, or as qcomtee_smc_call(). */
static int qcomtee_smc_step(struct qcomtee_step *step, struct arm_smccc_1_2_regs *in,
			    struct arm_smccc_1_2_regs *out)
{
	int rc;

	if (step->interrupted) {
		in->a0 = QTEE_SMC_INTERRUPTED;
		in->a6 = step->session;
	} else {
		rc = qcomtee_smc_take(step->killable);
		if (rc == -EAGAIN)
			return rc;
		if (rc)
			return step->respond ? -EINPROGRESS : -EINTR;
	}
	step->interrupted = !qcomtee_smc_once(in, out, step);
	if (step->interrupted && step->killable) {
		step->session = in->a6;
		return -EINPROGRESS;
	}
	qcomtee_smc_give();
	if (!step->interrupted)
		return 0;
	step->interrupted = false;
	step->lost = true;
	WRITE_ONCE(step->qtee->given_up, true);
	return -ENODEV;
}

static int qcomtee_smc_call(struct qcomtee_step *step)
{
	const struct arm_smccc_1_2_regs invoke = {
		.a0 = QTEE_SMC_INVOKE,
		.a1 = QTEE_INVOKE_ARGINFO,
		.a2 = step->in,
		.a3 = step->in_size,
		.a4 = step->out,
		.a5 = step->out_size,
	};
	const struct arm_smccc_1_2_regs respond = {
		.a0 = QTEE_SMC_CB_RSP,
		.a1 = QTEE_CB_RSP_ARGINFO,
		.a2 = step->out,
		.a3 = step->out_size,
	};
	unsigned int tries = 0;
	int rc;

	for (;;) {
		struct arm_smccc_1_2_regs in = step->respond ? respond : invoke;
		struct arm_smccc_1_2_regs out;

		if (step->killable && !step->interrupted && fatal_signal_pending(current))
			return step->respond ? -EINPROGRESS : -EINTR;
		rc = qcomtee_smc_step(step, &in, &out);
		if (rc)
			return rc;
		step->response = out.a1;
		step->result = out.a2;
		/* What ends such a sleep is told to nobody but the kernel's own driver. */
		step->lost = (s32)out.a0 == QTEE_SMC_WAITQ_SLEEP;
		rc = qcomtee_smc_errno(out.a0);
		/* A worker does something else meanwhile. */
		if (rc != -EBUSY || !step->killable || ++tries == QCOMTEE_BUSY_TRIES)
			return rc;
		schedule_timeout_killable(msecs_to_jiffies(QCOMTEE_BUSY_MS));
	}
}

const struct qcomtee_transport qcomtee_smc_transport = {
	.name = "SMC",
	.call = qcomtee_smc_call,
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
	struct arm_smccc_1_2_regs in = {
		.a0 = QTEE_SMC_INVOKE,
		.a1 = QTEE_INVOKE_ARGINFO,
	};
	const struct qcomtee_step step = { .killable = true };
	struct arm_smccc_1_2_regs out;
	bool answered;

	if (arm_smccc_1_1_get_conduit() != SMCCC_CONDUIT_SMC || qcomtee_smc_take(true))
		return false;
	/* Nobody goes on with one that has nothing to do. */
	answered = qcomtee_smc_once(&in, &out, &step);
	qcomtee_smc_give();
	return answered && qcomtee_smc_is_status(out.a0);
}
