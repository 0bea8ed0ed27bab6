// SPDX-License-Identifier: BSD-2-Clause
#include "ffa_face.h"
#include "entry.h"
#include "guest.h"
#include "message.h"
#include "optee_ffa.h"
#include "optee_smc.h"
#include "partition.h"
#include "share.h"
#include "string.h"
#include "tee_result.h"

#define OS_MAJOR	4
#define OS_MINOR	10

static const uint8_t uuids[][16] = { OPTEE_FFA_UUID };

uint32_t optee_ffa_take(struct guest *guest, uint64_t handle, uint64_t offset, uint64_t size,
			struct shm **shm)
{
	struct optee_ffa *ffa = guest->ffa;
	const struct ffa_mem_range_desc *ranges;
	unsigned int count;
	uint32_t ret;

	ranges = share_hold(ffa->spmc, partition_id(ffa->partition), handle, &count);
	if (!ranges) {
		refused(guest, "memory: handle %lx is unknown, or in use",
			(unsigned long)handle);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	ret = shm_from_ranges(guest, ranges, count, offset, size, shm);
	if (ret != TEE_SUCCESS)
		optee_ffa_drop(guest, handle);
	return ret;
}

void optee_ffa_drop(struct guest *guest, uint64_t handle)
{
	share_drop(guest->ffa->spmc, partition_id(guest->ffa->partition), handle);
}

struct shm *optee_ffa_shm(struct guest *guest, uint64_t handle)
{
	struct optee_ffa *ffa = guest->ffa;
	uint64_t interrupts = lock_take(&ffa->lock);
	struct shm *shm = shm_get(guest, handle);

	/* All of it, as its first user finds it: what a parameter means by it comes with that. */
	if (!shm && optee_ffa_take(guest, handle, 0, 0, &shm) == TEE_SUCCESS) {
		shm_register(guest, shm, handle);
		shm = shm_get(guest, handle);
	}
	lock_release(&ffa->lock, interrupts);
	return shm;
}

/* Also one that was never used, or is not there. */
static uint32_t unregister(struct guest *guest, uint64_t handle)
{
	struct optee_ffa *ffa = guest->ffa;
	uint64_t interrupts, argument;
	enum shm_forgotten forgotten;

	if (fault_take(&guest->faults, SIM_FAULT_UNREGISTER_REFUSED, &argument))
		return (uint32_t)argument;
	interrupts = lock_take(&ffa->lock);
	forgotten = shm_forget(guest, handle);
	if (forgotten == SHM_FORGOTTEN)
		optee_ffa_drop(guest, handle);
	lock_release(&ffa->lock, interrupts);
	if (forgotten != SHM_IN_USE)
		return TEE_SUCCESS;
	refused(guest, "UNREGISTER_SHM: %lx is in use", (unsigned long)handle);
	return TEE_ERROR_BUSY;
}

static uint32_t enable_notif(struct guest *guest, uint64_t value)
{
	struct smc_regs regs = { .x = { OPTEE_SMC_ENABLE_ASYNC_NOTIF } };

	if (!guest->notif.offered || value >= 64) {
		refused(guest, "ENABLE_ASYNC_NOTIF: value %lu", (unsigned long)value);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	guest->ffa->bottom_half = (unsigned int)value;
	WRITE_ONCE(guest->ffa->notified, true);
	notif_enable(guest, &regs);
	return TEE_SUCCESS;
}

void optee_ffa_interrupt(struct guest *guest)
{
	struct optee_ffa *ffa = guest->ffa;

	if (READ_ONCE(ffa->notified))
		partition_notify(ffa->partition, FFA_ENDPOINT_NORMAL_WORLD, 0,
				 1ULL << ffa->bottom_half);
}

static void yielded(struct guest *guest, const struct smc_regs *regs,
		    struct partition_message *message)
{
	uint32_t status = (uint32_t)regs->x[0];

	memset(message->word, 0, sizeof(message->word));
	switch (status) {
	case OPTEE_SMC_RETURN_OK:
		message->word[1] = OPTEE_FFA_RETURN_DONE;
		break;
	case OPTEE_SMC_RETURN_ETHREAD_LIMIT:
		message->word[0] = TEE_ERROR_BUSY;
		break;
	case OPTEE_SMC_RPC_CMD:
		message->word[1] = OPTEE_FFA_RETURN_RPC_CMD;
		message->word[4] = regs->x[3];
		break;
	case OPTEE_SMC_RPC_FOREIGN_INTR:
		message->word[1] = OPTEE_FFA_RETURN_INTERRUPT;
		message->word[4] = regs->x[3];
		break;
	default:
		if (OPTEE_SMC_IS_RPC(status)) {
			/* A test's: no RPC that there is over FF-A. */
			message->word[1] = status;
			message->word[4] = regs->x[3];
			break;
		}
		refused(guest, "yielding call: status %x", status);
		message->word[0] = TEE_ERROR_BAD_PARAMETERS;
	}
}

/* The threads know the calls of the SMC face; a cookie and a handle are the same to them. */
static void yielding_call(struct guest *guest, struct partition_message *message)
{
	struct smc_regs regs = {};

	if (message->word[0] == OPTEE_FFA_YIELDING_CALL_WITH_ARG) {
		regs.x[0] = OPTEE_SMC_CALL_WITH_REGD_ARG;
		regs.x[1] = message->word[2];
		regs.x[2] = message->word[1];
		regs.x[3] = message->word[3];
		thread_start(guest, &regs, NULL, optee_yielding_call);
	} else {
		regs.x[0] = OPTEE_SMC_RETURN_FROM_RPC;
		regs.x[3] = message->word[4];
		thread_resume(guest, &regs);
	}
	yielded(guest, &regs, message);
}

static void capabilities(struct guest *guest, struct partition_message *message)
{
	message->word[1] = MESSAGE_RPC_PARAMS;
	message->word[2] = OPTEE_FFA_SEC_CAP_ARG_OFFSET;
	if (guest->notif.offered) {
		message->word[2] |= OPTEE_FFA_SEC_CAP_ASYNC_NOTIF;
		message->word[3] = NOTIF_VALUE_MAX;
	}
}

static void blocking_call(struct guest *guest, struct partition_message *message)
{
	uint64_t word[FFA_DIRECT_WORDS];

	memcpy(word, message->word, sizeof(word));
	memset(message->word, 0, sizeof(message->word));
	switch (word[0]) {
	case OPTEE_FFA_GET_API_VERSION:
		message->word[0] = OPTEE_FFA_VERSION_MAJOR;
		message->word[1] = OPTEE_FFA_VERSION_MINOR;
		break;
	case OPTEE_FFA_GET_OS_VERSION:
		message->word[0] = OS_MAJOR;
		message->word[1] = OS_MINOR;
		break;
	case OPTEE_FFA_EXCHANGE_CAPABILITIES:
		capabilities(guest, message);
		break;
	case OPTEE_FFA_UNREGISTER_SHM:
		message->word[0] = unregister(guest, FFA_HANDLE(word[1], word[2]));
		break;
	case OPTEE_FFA_ENABLE_ASYNC_NOTIF:
		message->word[0] = enable_notif(guest, word[1]);
		break;
	default:
		refused(guest, "call %lx is unknown", (unsigned long)word[0]);
		message->word[0] = TEE_ERROR_BAD_PARAMETERS;
	}
}

static void direct(struct partition *partition, struct partition_message *message)
{
	struct guest *guest = partition_data(partition);
	uint64_t call = message->word[0];

	if (message->kind != PARTITION_MESSAGE_32) {
		refused(guest, "a request of 64 bits");
		memset(message->word, 0, sizeof(message->word));
		message->word[0] = TEE_ERROR_BAD_PARAMETERS;
	} else if (call == OPTEE_FFA_YIELDING_CALL_WITH_ARG ||
		   call == OPTEE_FFA_YIELDING_CALL_RESUME) {
		yielding_call(guest, message);
	} else {
		blocking_call(guest, message);
	}
}

static const struct partition_description description = {
	.name = "optee",
	.properties = FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_AARCH64,
	.uuids = uuids,
	.uuid_count = ARRAY_SIZE(uuids),
	.direct = direct,
};

bool optee_ffa_init(struct guest *guest, struct spmc *spmc)
{
	guest->ffa = heap_alloc(&guest->heap, sizeof(*guest->ffa));
	if (!guest->ffa)
		return false;
	guest->ffa->spmc = spmc;
	guest->ffa->partition = spmc_add_partition(spmc, &description, guest);
	return guest->ffa->partition;
}
