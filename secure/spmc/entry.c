// SPDX-License-Identifier: BSD-2-Clause
/* Calls by their function: who may make them, from which version on, with which registers. */
#include "share.h"
#include "fault.h"
#include "guest.h"
#include "smccc.h"
#include "string.h"

#define NORMAL		1	/* the normal world may call it */
#define SECURE		2	/* partitions may */
#define BOTH		3

#define NUMBER_FRAG_TX	0x7b

/* What FEATURES tells follows from this table, so that nothing is offered that is not here. */
static const struct function {
	uint16_t number;
	uint8_t widths;		/* bit 0: 32, bit 1: 64 */
	uint8_t callers;
	uint8_t minor;		/* from this version on */
	uint8_t registers;	/* arguments are x1 to that; the others up to x7 are zero */
	void (*run)(struct ffa_call *call);
} functions[] = {
	{ 0x63, 1, BOTH, 0, 7, ffa_version },
	{ 0x64, 1, BOTH, 0, 2, ffa_features },
	{ 0x65, 1, BOTH, 0, 1, ffa_rx_release },
	{ 0x66, 3, NORMAL, 0, 3, ffa_rxtx_map },
	{ 0x67, 1, NORMAL, 0, 1, ffa_rxtx_unmap },
	{ 0x68, 1, BOTH, 0, 5, ffa_partition_info_get },
	{ 0x69, 1, BOTH, 0, 0, ffa_id_get },
	{ 0x6d, 1, NORMAL, 0, 1, ffa_run },
	{ 0x6f, 3, NORMAL, 0, 7, ffa_msg_send_direct_req },
	{ 0x72, 3, NORMAL, 0, 4, ffa_mem_share },
	{ 0x73, 3, NORMAL, 0, 4, ffa_mem_share },
	{ 0x74, 3, SECURE, 0, 4, ffa_mem_retrieve_req },
	{ 0x76, 1, SECURE, 0, 0, ffa_mem_relinquish },
	{ 0x77, 1, NORMAL, 0, 3, ffa_mem_reclaim },
	{ 0x7a, 1, SECURE, 0, 4, ffa_mem_frag_rx },
	{ 0x7b, 1, NORMAL, 0, 4, ffa_mem_frag_tx },
	{ 0x7d, 1, NORMAL, 1, 2, ffa_notification_bitmap_create },
	{ 0x7e, 1, NORMAL, 1, 1, ffa_notification_bitmap_destroy },
	{ 0x7f, 1, BOTH, 1, 4, ffa_notification_bind },
	{ 0x80, 1, BOTH, 1, 4, ffa_notification_unbind },
	{ 0x81, 1, BOTH, 1, 4, ffa_notification_set },
	{ 0x82, 1, BOTH, 1, 2, ffa_notification_get },
	{ 0x83, 3, NORMAL, 1, 0, ffa_notification_info_get },
	{ 0x85, 1, BOTH, 1, 0, ffa_spm_id_get },
	{ 0x8a, 3, SECURE, 1, 7, ffa_console_log },
	{ 0x8b, 2, BOTH, 2, 3, ffa_partition_info_get_regs },
	{ 0x8d, 2, NORMAL, 2, 7, ffa_msg_send_direct_req2 },
};

/* Not the version: a call that is younger than what the caller speaks is not there for it. */
static const struct function *find(const struct endpoint *caller, uint32_t id)
{
	unsigned int width = id & SMCCC_64 ? 2 : 1;
	unsigned int who = endpoint_is_normal(caller) ? NORMAL : SECURE;
	unsigned int n;

	if (id != (id & SMCCC_64 ? FFA_ID_64(id & SMCCC_FUNC_MASK) :
				   FFA_ID_32(id & SMCCC_FUNC_MASK)))
		return NULL;
	for (n = 0; n < ARRAY_SIZE(functions); n++)
		if (functions[n].number == (id & SMCCC_FUNC_MASK) &&
		    (functions[n].widths & width) && (functions[n].callers & who))
			return &functions[n];
	return NULL;
}

bool spmc_has_function(struct spmc *spmc, const struct endpoint *caller, uint32_t id)
{
	const struct function *function = find(caller, id);

	/* Also those of FF-A that are only answers. */
	if (id == FFA_ERROR_32 || id == FFA_SUCCESS_32 || id == FFA_SUCCESS_64 ||
	    id == FFA_INTERRUPT_32 || id == FFA_YIELD_32 || id == FFA_MSG_WAIT_32 ||
	    id == FFA_MSG_SEND_DIRECT_RESP_32 || id == FFA_MSG_SEND_DIRECT_RESP_64 ||
	    id == FFA_MEM_RETRIEVE_RESP_32)
		return true;
	if (id == FFA_MSG_SEND_DIRECT_RESP2_64)
		return endpoint_speaks(caller, 2) && spmc->version >= FFA_VERSION_MAKE(1, 2);
	if (id == FFA_MEM_FRAG_RX_32 || id == FFA_MEM_FRAG_TX_32)
		return true;
	return function && endpoint_speaks(caller, function->minor) &&
	       spmc->version >= FFA_VERSION_MAKE(1, function->minor);
}

void ffa_reply(struct ffa_call *call, uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	memset(call->x, 0, sizeof(call->x));
	call->x[0] = id;
	call->x[1] = x1;
	call->x[2] = x2;
	call->x[3] = x3;
}

void ffa_success(struct ffa_call *call, uint64_t x2, uint64_t x3)
{
	ffa_reply(call, FFA_SUCCESS_32, 0, x2, x3);
}

void ffa_error(struct ffa_call *call, int32_t status)
{
	ffa_reply(call, FFA_ERROR_32, 0, (uint32_t)status, 0);
}

/* Of whose fragment is refused nothing is kept. */
static void end_transaction(struct ffa_call *call)
{
	uint64_t interrupts = lock_take(&call->spmc->lock);

	share_abandon(call->spmc, call->caller);
	lock_release(&call->spmc->lock, interrupts);
}

/* A test's: this function is answered with that error. */
static bool misbehave(struct ffa_call *call, unsigned int number)
{
	struct faults *faults = &call->spmc->guest->faults;
	uint32_t argument;

	if (!endpoint_is_normal(call->caller))
		return false;
	if (!fault_take_for(faults, SIM_FAULT_FFA_ERROR, number, &argument))
		return false;
	if (number == NUMBER_FRAG_TX)
		end_transaction(call);
	ffa_error(call, (int32_t)argument);
	return true;
}

static bool registers_are_zero(const struct ffa_call *call, unsigned int from)
{
	unsigned int n;

	for (n = from; n < 8; n++)
		if (call->x[n])
			return false;
	return true;
}

static void dispatch(struct ffa_call *call)
{
	uint32_t id = (uint32_t)call->x[0];
	const struct function *function = find(call->caller, id);
	struct spmc *spmc = call->spmc;
	uint64_t interrupts;
	uint32_t version;

	if (!function) {
		ffa_refuse(call, FFA_NOT_SUPPORTED, "function %x is not offered", id);
		return;
	}
	if (misbehave(call, function->number))
		return;
	if (id != FFA_VERSION_32) {
		interrupts = lock_take(&spmc->lock);
		version = call->caller->version;
		if (version)
			call->caller->locked = true;
		lock_release(&spmc->lock, interrupts);
		if (!version) {
			ffa_refuse(call, FFA_NOT_SUPPORTED, "%x before VERSION", id);
			return;
		}
		if (version < FFA_VERSION_MAKE(1, function->minor)) {
			ffa_refuse(call, FFA_NOT_SUPPORTED, "%x is not of version %x", id,
				   version);
			return;
		}
	}
	if (!registers_are_zero(call, function->registers + 1U)) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "%x: an unused register is not zero", id);
		return;
	}
	function->run(call);
}

void spmc_call(struct spmc *spmc, struct endpoint *caller, uint64_t x[SPMC_REGISTERS])
{
	struct ffa_call call = { .spmc = spmc, .caller = caller };
	unsigned int n;

	for (n = 0; n < SPMC_REGISTERS; n++)
		call.x[n] = x[0] & SMCCC_64 ? x[n] : (uint32_t)x[n];
	call.x[0] = (uint32_t)x[0];
	dispatch(&call);
	memcpy(x, call.x, sizeof(call.x));
}

void spmc_smc(struct spmc *spmc, struct smc_regs *regs)
{
	counter_add(spmc->guest, SIM_COUNTER_FFA_CALLS, 1);
	spmc_call(spmc, &spmc->normal_world, regs->x);
	notification_leave(spmc);
}
