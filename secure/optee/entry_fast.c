// SPDX-License-Identifier: BSD-2-Clause
#include "entry.h"
#include "guest.h"
#include "message.h"
#include "optee_smc.h"
#include "optee_system.h"
#include "string.h"
#include "system.h"

#define OS_REVISION_MAJOR	4
#define OS_REVISION_MINOR	10
#define CALL_COUNT		12

static void exchange_capabilities(struct guest *guest, struct smc_regs *regs)
{
	if (regs->x[1] & ~(uint64_t)OPTEE_SMC_NSEC_CAP_UNIPROCESSOR) {
		refused(guest, "EXCHANGE_CAPABILITIES: unknown bits in %lx",
			(unsigned long)regs->x[1]);
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
		return;
	}
	regs->x[0] = OPTEE_SMC_RETURN_OK;
	regs->x[1] = OPTEE_SMC_SEC_CAP_MEMREF_NULL;
	if (guest->virtualization)
		regs->x[1] |= OPTEE_SMC_SEC_CAP_VIRTUALIZATION;
	if (guest->dynamic_shm)
		regs->x[1] |= OPTEE_SMC_SEC_CAP_DYNAMIC_SHM;
	if (guest->static_shm.size)
		regs->x[1] |= OPTEE_SMC_SEC_CAP_HAVE_RESERVED_SHM;
	if (guest->notif.offered) {
		regs->x[1] |= OPTEE_SMC_SEC_CAP_ASYNC_NOTIF;
		regs->x[2] = NOTIF_VALUE_MAX;
	}
	if (guest->system_mode == SIM_SYSTEM_V2)
		regs->x[1] |= OPTEE_SYSTEM_V2_CAP;
	if (guest->rpc_arg) {
		regs->x[1] |= OPTEE_SMC_SEC_CAP_RPC_ARG;
		regs->x[3] = MESSAGE_RPC_PARAMS;
	}
}

static void get_shm_config(struct guest *guest, struct smc_regs *regs)
{
	if (!guest->static_shm.size) {
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
		return;
	}
	regs->x[0] = OPTEE_SMC_RETURN_OK;
	regs->x[1] = guest->static_shm.base;
	regs->x[2] = guest->static_shm.size;
	regs->x[3] = OPTEE_SMC_SHM_CACHED;
}

static void enable_shm_cache(struct guest *guest, struct smc_regs *regs)
{
	struct thread_pool *pool = &guest->threads;
	uint64_t interrupts = lock_take(&pool->lock);

	if (thread_pool_busy(pool)) {
		regs->x[0] = OPTEE_SMC_RETURN_EBUSY;
	} else {
		pool->rpc_cache = true;
		regs->x[0] = OPTEE_SMC_RETURN_OK;
	}
	lock_release(&pool->lock, interrupts);
}

/* One page a call; the cache is off when there are none left. */
static void disable_shm_cache(struct guest *guest, struct smc_regs *regs)
{
	struct thread_pool *pool = &guest->threads;
	struct rpc_page *page = NULL;
	uint64_t interrupts, argument;
	unsigned int n;

	if (fault_take(&guest->faults, SIM_FAULT_SHM_CACHE, &argument)) {
		regs->x[0] = argument;
		return;
	}
	interrupts = lock_take(&pool->lock);
	if (thread_pool_busy(pool)) {
		regs->x[0] = OPTEE_SMC_RETURN_EBUSY;
		goto out;
	}
	for (n = 0; n < pool->count && !page; n++)
		if (pool->threads[n].rpc_page.address)
			page = &pool->threads[n].rpc_page;
	if (page) {
		regs->x[0] = OPTEE_SMC_RETURN_OK;
		regs->x[1] = page->cookie >> 32;
		regs->x[2] = (uint32_t)page->cookie;
		memset(page, 0, sizeof(*page));
	} else {
		pool->rpc_cache = false;
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
	}
out:
	lock_release(&pool->lock, interrupts);
}

void optee_fast_call(struct guest *guest, struct smc_regs *regs)
{
	switch ((uint32_t)regs->x[0]) {
	case OPTEE_SMC_CALLS_COUNT:
		regs->x[0] = CALL_COUNT;
		break;
	case OPTEE_SMC_CALLS_UID:
		regs->x[0] = OPTEE_MSG_UID_0;
		regs->x[1] = OPTEE_MSG_UID_1;
		regs->x[2] = OPTEE_MSG_UID_2;
		regs->x[3] = OPTEE_MSG_UID_3;
		break;
	case OPTEE_SMC_CALLS_REVISION:
		regs->x[0] = OPTEE_MSG_REVISION_MAJOR;
		regs->x[1] = OPTEE_MSG_REVISION_MINOR;
		break;
	case OPTEE_SMC_GET_OS_UUID:
		regs->x[0] = OPTEE_OS_UUID_0;
		regs->x[1] = OPTEE_OS_UUID_1;
		regs->x[2] = OPTEE_OS_UUID_2;
		regs->x[3] = OPTEE_OS_UUID_3;
		break;
	case OPTEE_SMC_GET_OS_REVISION:
		regs->x[0] = OS_REVISION_MAJOR;
		regs->x[1] = OS_REVISION_MINOR;
		regs->x[2] = 0;
		break;
	case OPTEE_SMC_EXCHANGE_CAPABILITIES:
		exchange_capabilities(guest, regs);
		break;
	case OPTEE_SMC_GET_SHM_CONFIG:
		get_shm_config(guest, regs);
		break;
	case OPTEE_SMC_DISABLE_SHM_CACHE:
		disable_shm_cache(guest, regs);
		break;
	case OPTEE_SMC_ENABLE_SHM_CACHE:
		enable_shm_cache(guest, regs);
		break;
	case OPTEE_SMC_BOOT_SECONDARY:
		/* CPUs are started by PSCI. */
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
		break;
	case OPTEE_SMC_GET_THREAD_COUNT:
		if (fault_take(&guest->faults, SIM_FAULT_THREAD_COUNT_HIDDEN, NULL)) {
			regs->x[0] = OPTEE_SMC_RETURN_UNKNOWN_FUNCTION;
			break;
		}
		regs->x[0] = OPTEE_SMC_RETURN_OK;
		regs->x[1] = guest->threads.count;
		break;
	case OPTEE_SMC_ENABLE_ASYNC_NOTIF:
		notif_enable(guest, regs);
		break;
	case OPTEE_SMC_GET_ASYNC_NOTIF_VALUE:
		notif_get_value(guest, regs);
		break;
	default:
		if (system_fast_call(guest, regs))
			break;
		/* For what exists only with guests see entry_guest.c. */
		regs->x[0] = OPTEE_SMC_RETURN_UNKNOWN_FUNCTION;
	}
}
