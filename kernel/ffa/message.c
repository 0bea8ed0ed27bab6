// SPDX-License-Identifier: GPL-2.0-only
/*
 * Direct messages, step by step: a request, then RUN for as long as the partition gives way.
 */
#include <linux/delay.h>
#include <linux/smp.h>

#include "transport.h"

/* Where a partition does not say for how long it yields. */
#define FFA_YIELD_US		1000
#define FFA_MAX_YIELD_US	100000
/* Between two tries of the form with a UUID, while somebody else has the partition. */
#define FFA_BUSY_PAUSE_MS	8

static void ffa_mode_32bit_set(struct omnitee_ffa_device *fdev)
{
	fdev->mode_32bit = true;
}

/*
 * One SMC of a message and what its reply means. @response is the function that ends it. Who
 * has to be run is copied as it came: what its lower half holds is the partition manager's.
 */
static int ffa_step(struct ffa *ffa, const ffa_regs *in, ffa_regs *out, u32 response,
		    struct omnitee_ffa_message *msg)
{
	u64 ns;
	int rc;

	ffa->smc(in, out);
	rc = ffa_reply_error(out);
	/* A partition that runs elsewhere just now still owes the response. */
	if (rc == -EBUSY || rc == -EAGAIN)
		return rc;
	if (rc) {
		msg->begun = false;
		return rc;
	}

	switch (lower_32_bits(out->a0)) {
	case FFA_INTERRUPT_32:
		msg->yielded = false;
		break;
	case FFA_YIELD_32:
		msg->yielded = true;
		ns = FFA_HANDLE(out->a2, out->a3);
		msg->pause_us = ns ? clamp_t(u64, ns / NSEC_PER_USEC, 1, FFA_MAX_YIELD_US) :
				     FFA_YIELD_US;
		break;
	default:
		msg->begun = false;
		return lower_32_bits(out->a0) == response ? 0 : -EPROTO;
	}
	msg->begun = true;
	msg->target = lower_32_bits(out->a1);
	msg->cpu = raw_smp_processor_id();
	return -EINPROGRESS;
}

static int ffa_message_step(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg)
{
	struct ffa *ffa = to_ffa(fdev);
	unsigned long mask = fdev->mode_32bit ? U32_MAX : ULONG_MAX;
	ffa_regs in = { }, out;
	unsigned int n;
	int rc;

	if (msg->begun) {
		in.a0 = FFA_RUN_32;
		in.a1 = msg->target;
	} else {
		in.a0 = fdev->mode_32bit ? FFA_MSG_SEND_DIRECT_REQ_32 : FFA_MSG_SEND_DIRECT_REQ_64;
		in.a1 = FFA_PAIR(ffa->id, fdev->id);
		for (n = 0; n < OMNITEE_FFA_DIRECT_WORDS; n++)
			*ffa_reg(&in, FFA_DIRECT_FIRST + n) = msg->data[n] & mask;
	}
	rc = ffa_step(ffa, &in, &out, fdev->mode_32bit ? FFA_MSG_SEND_DIRECT_RESP_32 :
							 FFA_MSG_SEND_DIRECT_RESP_64, msg);
	if (rc)
		return rc;

	if (lower_32_bits(out.a1) != FFA_PAIR(fdev->id, ffa->id))
		return -EPROTO;
	for (n = 0; n < OMNITEE_FFA_DIRECT_WORDS; n++)
		msg->data[n] = *ffa_reg(&out, FFA_DIRECT_FIRST + n) & mask;
	return 0;
}

static int ffa_send2(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message2 *msg)
{
	struct omnitee_ffa_message state = { };
	struct ffa *ffa = to_ffa(fdev);
	ffa_regs in = { .a0 = FFA_MSG_SEND_DIRECT_REQ2_64 }, out;
	unsigned long begin;
	unsigned int n;
	u64 words[2];
	int rc;

	if (!ffa_version_is_at_least(ffa, 1, 2) ||
	    !(fdev->properties & FFA_PROPERTY_DIRECT_REQ2_RECV))
		return -EOPNOTSUPP;
	memcpy(words, &fdev->uuid, sizeof(words));
	in.a1 = FFA_PAIR(ffa->id, fdev->id);
	in.a2 = words[0];
	in.a3 = words[1];
	for (n = 0; n < OMNITEE_FFA_DIRECT2_WORDS; n++)
		*ffa_reg(&in, FFA_DIRECT2_FIRST + n) = msg->data[n];

	omnitee_ffa_enter(fdev, TASK_UNINTERRUPTIBLE);
	begin = jiffies;
	for (;;) {
		rc = ffa_step(ffa, &in, &out, FFA_MSG_SEND_DIRECT_RESP2_64, &state);
		if (rc == -EAGAIN)
			rc = -EBUSY;
		if (rc == -EBUSY && (state.begun || time_before(jiffies, begin + ffa_patience()))) {
			msleep(FFA_BUSY_PAUSE_MS);
			continue;
		}
		if (rc != -EINPROGRESS)
			break;
		in = (ffa_regs){ .a0 = FFA_RUN_32, .a1 = state.target };
		if (state.yielded)
			usleep_range(state.pause_us, 2 * state.pause_us);
		cond_resched();
	}
	omnitee_ffa_leave(fdev);
	if (rc)
		return rc;

	if (lower_32_bits(out.a1) != FFA_PAIR(fdev->id, ffa->id))
		return -EPROTO;
	for (n = 0; n < OMNITEE_FFA_DIRECT2_WORDS; n++)
		msg->data[n] = *ffa_reg(&out, FFA_DIRECT2_FIRST + n);
	return 0;
}

const struct omnitee_ffa_msg_ops ffa_msg_ops = {
	.mode_32bit_set = ffa_mode_32bit_set,
	.step = ffa_message_step,
	.send2 = ffa_send2,
};
