/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partitions that answer at once run on the CPU that asks them, so no interrupt ever cuts them short here;
 * but other partition managers answer INTERRUPT for such a partition. When a test wants to see that, the
 * request waits with the partition until RUN names its execution context, on whichever CPU.
 */
#ifndef SPMC_DEFERRED_H
#define SPMC_DEFERRED_H

#include "direct.h"

/**
 * deferred_begin() - whether a request has to wait for RUN
 * @partition: one that answers at once
 * @request: function of the request
 * @message: it
 * @call: receives what the normal world gets then
 *
 * Return: true if it was taken; it is not to be answered now.
 */
bool deferred_begin(struct partition *partition, uint32_t request,
		    const struct partition_message *message, struct ffa_call *call);

/**
 * deferred_take() - go on with one
 * @partition: as above
 * @vcpu: its execution context, as RUN names it
 * @deferred: receives a copy; the partition no longer has it
 *
 * Return: false if there is none.
 */
bool deferred_take(struct partition *partition, unsigned int vcpu, struct deferred *deferred);

#endif /* SPMC_DEFERRED_H */
