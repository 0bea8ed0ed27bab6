// SPDX-License-Identifier: BSD-2-Clause
/* Which version is spoken, what is offered, who is who. */
#include "spmc.h"
#include "guest.h"

/* This call has an answer of its own: the version, or -1, in w0. */
static void answer(struct ffa_call *call, uint32_t version)
{
	ffa_reply(call, version, 0, 0, 0);
}

/*
 * A version is fixed by the first other call, as structures depend on it; then only the same one
 * may be asked for again, which a driver does that was loaded again. What is newer than ours, or of
 * another kind, does no harm: the answer says what there is instead.
 */
void ffa_version(struct ffa_call *call)
{
	uint32_t asked = (uint32_t)call->x[1];
	struct spmc *spmc = call->spmc;
	struct endpoint *caller = call->caller;
	uint32_t reply = spmc->version;
	uint64_t interrupts;
	uint64_t forced;

	if (asked & FFA_VERSION_RESERVED) {
		log_limited("ffa: %x refused: version %x has a reserved bit", caller->id, asked);
		answer(call, (uint32_t)FFA_NOT_SUPPORTED);
		return;
	}
	if (endpoint_is_normal(caller) &&
	    fault_take(&spmc->guest->faults, SIM_FAULT_FFA_VERSION, &forced)) {
		answer(call, (uint32_t)forced);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	if (FFA_VERSION_MAJOR(asked) != FFA_VERSION_MAJOR(spmc->version)) {
		/* Nothing to agree on. */
	} else if (caller->locked) {
		if (asked < spmc->version && asked != caller->version)
			reply = (uint32_t)FFA_NOT_SUPPORTED;
	} else {
		caller->version = asked < spmc->version ? asked : spmc->version;
	}
	lock_release(&spmc->lock, interrupts);
	if (reply == (uint32_t)FFA_NOT_SUPPORTED)
		log_limited("ffa: %x refused: version %x after calls of %x", caller->id, asked,
			    caller->version);
	answer(call, reply);
}

static uint64_t function_properties(const struct ffa_call *call, uint32_t id)
{
	switch (id) {
	case FFA_RXTX_MAP_32:
	case FFA_RXTX_MAP_64:
		return FFA_RXTX_MIN_4K | (endpoint_speaks(call->caller, 2) ?
					  SPMC_BUFFER_MAX << FFA_RXTX_MAX_SHIFT : 0);
	case FFA_MEM_RETRIEVE_REQ_32:
	case FFA_MEM_RETRIEVE_REQ_64:
		return FFA_RETRIEVE_FEATURE_NS;
	default:
		return 0;
	}
}

void ffa_features(struct ffa_call *call)
{
	uint32_t id = (uint32_t)call->x[1];
	bool retrieve = id == FFA_MEM_RETRIEVE_REQ_32 || id == FFA_MEM_RETRIEVE_REQ_64;

	if (call->x[2] & ~(uint64_t)(retrieve ? FFA_RETRIEVE_FEATURE_NS : 0)) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "FEATURES of %x: input properties %lx", id,
			   (unsigned long)call->x[2]);
		return;
	}
	/* That something is not there is an answer, not a refusal. */
	if (id & SMCCC_FAST) {
		if (spmc_has_function(call->spmc, call->caller, id))
			ffa_success(call, function_properties(call, id), 0);
		else
			ffa_error(call, FFA_NOT_SUPPORTED);
	} else if (endpoint_is_normal(call->caller) && endpoint_speaks(call->caller, 1) &&
		   id == FFA_FEATURE_NPI) {
		ffa_success(call, NOTIFICATION_NPI, 0);
	} else if (endpoint_is_normal(call->caller) && endpoint_speaks(call->caller, 1) &&
		   id == FFA_FEATURE_SRI) {
		ffa_success(call, NOTIFICATION_SRI, 0);
	} else {
		ffa_error(call, FFA_NOT_SUPPORTED);
	}
}

void ffa_id_get(struct ffa_call *call)
{
	ffa_success(call, call->caller->id, 0);
}

void ffa_spm_id_get(struct ffa_call *call)
{
	ffa_success(call, FFA_ENDPOINT_SPMC, 0);
}
