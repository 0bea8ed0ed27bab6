// SPDX-License-Identifier: BSD-2-Clause
#include "smcinvoke.h"
#include "conversation.h"
#include "guest.h"
#include "qtee_state.h"
#include "string.h"
#include "waitq.h"
#include "world.h"

#define PAGE_SIZE	4096
/* x0 of a call that goes on after it was interrupted. */
#define AGAIN		1

bool qtee_init(struct qtee *qtee, struct guest *guest, const struct config *config)
{
	qtee->guest = guest;
	objects_init(qtee);
	return conversations_init(qtee, config->qtee_calls);
}

/* Whole pages that the normal world has opened. */
static bool is_shared(struct qtee *qtee, uint64_t address, uint64_t size)
{
	return size && !(address % PAGE_SIZE) && !(size % PAGE_SIZE) &&
	       nsmem_contains(&qtee->guest->memory, address, size) &&
	       bridge_covers(qtee, address, size);
}

static bool overlap(const struct smc_regs *regs)
{
	return regs->x[2] < regs->x[4] + regs->x[5] && regs->x[4] < regs->x[2] + regs->x[3];
}

static int64_t check_invoke(struct qtee *qtee, const struct smc_regs *regs)
{
	if (regs->x[1] != QTEE_INVOKE_ARGINFO || regs->x[6]) {
		qtee_refused(qtee, "INVOKE: arginfo %lx, session %lx", (unsigned long)regs->x[1],
			     (unsigned long)regs->x[6]);
		return QTEE_SMC_EINVAL_ARGUMENT;
	}
	if (!is_shared(qtee, regs->x[2], regs->x[3]) || regs->x[3] > QTEE_INBOUND_MAX ||
	    !is_shared(qtee, regs->x[4], regs->x[5]) || regs->x[5] > QTEE_INBOUND_MAX ||
	    overlap(regs)) {
		/* Whether there is a QTEE is asked like this. */
		if (regs->x[2] || regs->x[3] || regs->x[4] || regs->x[5])
			qtee_refused(qtee, "INVOKE: buffers at %lx, %lx octets, and %lx, %lx",
				     (unsigned long)regs->x[2], (unsigned long)regs->x[3],
				     (unsigned long)regs->x[4], (unsigned long)regs->x[5]);
		return QTEE_SMC_EINVAL_ADDRESS;
	}
	return QTEE_SMC_OK;
}

static int64_t check_cb_rsp(struct qtee *qtee, const struct smc_regs *regs)
{
	if (regs->x[1] != QTEE_CB_RSP_ARGINFO || regs->x[6]) {
		qtee_refused(qtee, "CB_RSP: arginfo %lx, session %lx", (unsigned long)regs->x[1],
			     (unsigned long)regs->x[6]);
		return QTEE_SMC_EINVAL_ARGUMENT;
	}
	if (!is_shared(qtee, regs->x[2], regs->x[3])) {
		qtee_refused(qtee, "CB_RSP: buffer at %lx, %lx octets", (unsigned long)regs->x[2],
			     (unsigned long)regs->x[3]);
		return QTEE_SMC_EINVAL_ADDRESS;
	}
	return QTEE_SMC_OK;
}

static void call(struct qtee *qtee, struct smc_regs *regs, uint32_t func)
{
	struct faults *faults = &qtee->guest->faults;
	bool invoke = func == QTEE_FUNC_INVOKE;
	int64_t status;
	uint64_t lie;

	if (fault_take(faults, SIM_FAULT_QTEE_BUSY, NULL) ||
	    (!invoke && fault_take(faults, SIM_FAULT_QTEE_CB_BUSY, NULL))) {
		regs->x[0] = (uint64_t)QTEE_SMC_BUSY;
		return;
	}
	if (invoke && fault_take(faults, SIM_FAULT_QTEE_STATUS, &lie)) {
		regs->x[0] = lie;
		return;
	}
	status = invoke ? check_invoke(qtee, regs) : check_cb_rsp(qtee, regs);
	if (status)
		regs->x[0] = (uint64_t)status;
	else if (invoke)
		conversation_start(qtee, regs);
	else
		conversation_answer(qtee, regs);
}

static bool trusted_os(struct qtee *qtee, struct smc_regs *regs, uint32_t func)
{
	switch (func) {
	case QTEE_FUNC_INVOKE:
	case QTEE_FUNC_CB_RSP:
		call(qtee, regs, func);
		return true;
	case QTEE_FUNC_INVOKE_LEGACY:
		regs->x[0] = (uint64_t)QTEE_SMC_EOPNOTSUPP;
		return true;
	default:
		return false;
	}
}

static bool sip_has(uint32_t func)
{
	switch (func) {
	case QTEE_SIP_FUNC_IS_CALL_AVAIL:
	case QTEE_SIP_FUNC_WAITQ_RESUME:
	case QTEE_SIP_FUNC_WAITQ_GET_CTX:
	case QTEE_SIP_FUNC_WAITQ_GET_INFO:
	case QTEE_SIP_FUNC_BRIDGE_ENABLE:
	case QTEE_SIP_FUNC_BRIDGE_CREATE:
	case QTEE_SIP_FUNC_BRIDGE_DELETE:
		return true;
	default:
		return false;
	}
}

/* The firmware's part of a Qualcomm machine, as far as a QTEE needs it. */
static bool silicon_provider(struct qtee *qtee, struct smc_regs *regs, uint32_t func)
{
	switch (func) {
	case QTEE_SIP_FUNC_IS_CALL_AVAIL:
		regs->x[0] = QTEE_SMC_OK;
		regs->x[1] = sip_has((uint32_t)regs->x[2] & SMCCC_FUNC_MASK);
		return true;
	case QTEE_SIP_FUNC_WAITQ_RESUME:
		conversation_wake(qtee, regs);
		return true;
	case QTEE_SIP_FUNC_WAITQ_GET_CTX:
		waitq_get_ctx(qtee, regs);
		return true;
	case QTEE_SIP_FUNC_WAITQ_GET_INFO:
		waitq_get_info(regs);
		return true;
	case QTEE_SIP_FUNC_BRIDGE_ENABLE:
		bridge_enable(qtee, regs);
		return true;
	case QTEE_SIP_FUNC_BRIDGE_CREATE:
		bridge_create(qtee, regs);
		return true;
	case QTEE_SIP_FUNC_BRIDGE_DELETE:
		bridge_delete(qtee, regs);
		return true;
	default:
		return false;
	}
}

static bool dispatch(struct qtee *qtee, struct smc_regs *regs, uint32_t id)
{
	switch (SMCCC_OWNER(id)) {
	case SMCCC_OWNER_TRUSTED_OS:
		return !SMCCC_IS_FAST(id) && trusted_os(qtee, regs, id & SMCCC_FUNC_MASK);
	case SMCCC_OWNER_SIP:
		return silicon_provider(qtee, regs, id & SMCCC_FUNC_MASK);
	default:
		return false;
	}
}

bool qtee_entry(struct world *world, struct smc_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[0];
	struct smc_regs lower = *regs;
	unsigned int n;

	if (!world->config.qtee)
		return false;
	if (id == AGAIN) {
		conversation_resume(&world->qtee, regs);
		return true;
	}
	if (id & SMCCC_64)
		return dispatch(&world->qtee, regs, id);
	/* Callers of 32 bits have no upper halves. */
	for (n = 1; n < 7; n++)
		lower.x[n] = (uint32_t)regs->x[n];
	if (!dispatch(&world->qtee, &lower, id))
		return false;
	memcpy(regs->x, lower.x, 4 * sizeof(regs->x[0]));
	if (regs->x[0] == QTEE_SMC_INTERRUPTED)
		regs->x[6] = lower.x[6];
	return true;
}
