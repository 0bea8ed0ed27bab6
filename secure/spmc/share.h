/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that its owner shared or lent: from the first fragment of the descriptor until RECLAIM.
 * The owner's word is copied before it is looked at, and never looked at again.
 */
#ifndef SPMC_SHARE_H
#define SPMC_SHARE_H

#include "spmc.h"

struct share_receiver {
	uint16_t id;
	uint8_t permissions;	/* as the owner gave them */
	bool retrieved;
	bool writable;		/* as it was retrieved */
	bool zero_after;	/* relinquish */
};

/* All of it under the lock of struct spmc. */
struct share {
	struct share *next;
	uint64_t handle;
	struct endpoint *owner;
	bool lent;		/* else shared */
	bool complete;

	/* Until it is complete. */
	uint8_t *descriptor;
	size_t total;
	size_t received;

	/* From the descriptor's head on. */
	uint32_t flags;
	uint64_t tag;
	size_t composite;	/* offset in the descriptor */
	unsigned int receiver_count;
	struct share_receiver receivers[SPMC_RECEIVERS_MAX];

	/* When it is complete. */
	unsigned int range_count;
	uint32_t page_count;
	struct ffa_mem_range_desc *ranges;
};

/* Under the lock, as all that follow. NULL: unknown. */
struct share *share_find(struct spmc *spmc, uint64_t handle);
struct share_receiver *share_receiver(struct share *share, uint16_t id);
/* Overwrite the memory with zeroes. */
void share_zero(struct spmc *spmc, const struct share *share);
/* The endpoint sends no more fragments: what it has begun is forgotten. */
void share_abandon(struct spmc *spmc, struct endpoint *owner);
/**
 * share_hold() - memory for a partition that needs no descriptor to ask for it
 * @spmc: partition manager; its lock is not held
 * @id: the partition
 * @handle: of the memory
 * @count: receives the number of ranges
 *
 * Return: the ranges, which stay until share_drop(), or NULL: it is not for this partition, or the
 * partition has it.
 */
const struct ffa_mem_range_desc *share_hold(struct spmc *spmc, uint16_t id, uint64_t handle,
					    unsigned int *count);
void share_drop(struct spmc *spmc, uint16_t id, uint64_t handle);
/* A partition is no more: nothing is retrieved by it. */
void shares_leave(struct spmc *spmc, uint16_t id);
/* Whether any of this memory of the normal world is shared or lent. */
bool shares_cover(struct spmc *spmc, uint64_t address, uint64_t size);

#endif /* SPMC_SHARE_H */
