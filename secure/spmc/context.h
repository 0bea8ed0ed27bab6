/* SPDX-License-Identifier: BSD-2-Clause */
/* Partitions on CPUs. */
#ifndef SPMC_CONTEXT_H
#define SPMC_CONTEXT_H

#include "spmc.h"

/* Boot: a partition gets its stack; false without one. */
bool context_init(struct partition *partition);

/**
 * context_claim() - make a waiting partition a running one
 * @partition: any
 *
 * Test and change are one step: two CPUs never get the same one.
 *
 * Return: FFA_OK, BUSY while it does something else, ABORTED
 */
int32_t context_claim(struct partition *partition);

/* It starts anew when it is run next; it is RUNNING, its request is in place. */
void context_begin(struct partition *partition);

/**
 * context_run() - run a partition, and whom it asks, until the normal world has to be told
 * @partition: RUNNING, by this CPU: claimed, with its request in place, or resumed
 * @call: receives the answer
 */
void context_run(struct partition *partition, struct ffa_call *call);

#endif /* SPMC_CONTEXT_H */
