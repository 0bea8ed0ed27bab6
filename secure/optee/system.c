// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"
#include "guest.h"
#include "optee_system.h"

static uint64_t pair(uint64_t high, uint64_t low)
{
	return high << 32 | (uint32_t)low;
}

static void reserve(struct guest *guest, struct smc_regs *regs, uint64_t cookie)
{
	regs->x[0] = reservation_add(guest, cookie) ? OPTEE_SMC_RETURN_OK :
						      OPTEE_SMC_RETURN_ETHREAD_LIMIT;
}

static void release(struct guest *guest, struct smc_regs *regs, uint64_t cookie)
{
	if (reservation_remove(guest, cookie)) {
		regs->x[0] = OPTEE_SMC_RETURN_OK;
		return;
	}
	refused(guest, "RELEASE: no thread is kept back for %lx", (unsigned long)cookie);
	regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
}

bool system_fast_call(struct guest *guest, struct smc_regs *regs)
{
	uint64_t cookie = pair(regs->x[1], regs->x[2]);

	if (guest->system_mode != SIM_SYSTEM_PRIVATE)
		return false;
	switch ((uint32_t)regs->x[0]) {
	case OPTEE_SYSTEM_UID:
		regs->x[0] = OPTEE_SYSTEM_UID_0;
		regs->x[1] = OPTEE_SYSTEM_UID_1;
		regs->x[2] = OPTEE_SYSTEM_UID_2;
		regs->x[3] = OPTEE_SYSTEM_UID_3;
		return true;
	case OPTEE_SYSTEM_RESERVE:
		if (cookie) {
			reserve(guest, regs, cookie);
			return true;
		}
		refused(guest, "RESERVE: cookie 0");
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
		return true;
	case OPTEE_SYSTEM_RELEASE:
		release(guest, regs, cookie);
		return true;
	case OPTEE_SYSTEM_RELEASE_ALL:
		reservations_drop(guest);
		regs->x[0] = OPTEE_SMC_RETURN_OK;
		return true;
	default:
		return false;
	}
}

bool system_v2_call(struct guest *guest, struct smc_regs *regs)
{
	if (guest->system_mode != SIM_SYSTEM_V2)
		return false;
	switch ((uint32_t)regs->x[0]) {
	case OPTEE_SYSTEM_V2_RESERVE:
		reserve(guest, regs, 0);
		return true;
	case OPTEE_SYSTEM_V2_RELEASE:
		release(guest, regs, 0);
		return true;
	default:
		return false;
	}
}

bool system_call(struct guest *guest, struct smc_regs *regs, uint64_t *cookie)
{
	uint32_t id = (uint32_t)regs->x[0];

	switch (guest->system_mode) {
	case SIM_SYSTEM_PRIVATE:
		switch (id) {
		case OPTEE_SYSTEM_CALL_WITH_ARG:
		case OPTEE_SYSTEM_CALL_WITH_RPC_ARG:
		case OPTEE_SYSTEM_CALL_WITH_REGD_ARG:
			regs->x[0] = id & ~(uint32_t)OPTEE_SYSTEM_CALL;
			*cookie = pair(regs->x[4], regs->x[5]);
			return true;
		default:
			return false;
		}
	case SIM_SYSTEM_V2:
		if (id != OPTEE_SYSTEM_V2_CALL_WITH_REGD_ARG)
			return false;
		regs->x[0] = OPTEE_SMC_CALL_WITH_REGD_ARG;
		*cookie = 0;
		return true;
	default:
		return false;
	}
}

void system_set_mode(struct guest *guest, unsigned int mode)
{
	reservations_drop(guest);
	guest->system_mode = mode;
}
