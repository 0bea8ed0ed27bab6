/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE over FF-A: a partition that takes direct requests on any number of CPUs at a time, and
 * memory by FF-A handles. Messages, sessions and threads are the same as over SMC.
 */
#ifndef OPTEE_FFA_FACE_H
#define OPTEE_FFA_FACE_H

#include <stdbool.h>
#include <stdint.h>
#include "lock.h"

struct guest;
struct partition;
struct shm;
struct spmc;

struct optee_ffa {
	struct lock lock;		/* of what follows; outside of those of shm and spmc */
	struct spmc *spmc;
	struct partition *partition;
	bool notified;			/* ENABLE_ASYNC_NOTIF was called */
	unsigned int bottom_half;	/* notification that asks for one */
};

/* At boot; false if there is no room. */
bool optee_ffa_init(struct guest *guest, struct spmc *spmc);

/* The memory with this handle and a reference, or NULL if nobody shares it with us. */
struct shm *optee_ffa_shm(struct guest *guest, uint64_t handle);

/**
 * optee_ffa_take() - memory for one call alone
 * @guest: whose
 * @handle: of the memory
 * @offset: of the data in its first page
 * @size: octets
 * @shm: receives it; optee_ffa_drop() is due when it is no longer used
 *
 * Return: TEE_SUCCESS, BAD_PARAMETERS or OUT_OF_MEMORY.
 */
uint32_t optee_ffa_take(struct guest *guest, uint64_t handle, uint64_t offset, uint64_t size,
			struct shm **shm);
void optee_ffa_drop(struct guest *guest, uint64_t handle);

/* Instead of the interrupt of the SMC face. */
void optee_ffa_interrupt(struct guest *guest);

#endif /* OPTEE_FFA_FACE_H */
