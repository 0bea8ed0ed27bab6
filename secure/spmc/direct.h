/* SPDX-License-Identifier: BSD-2-Clause */
/* Direct messages: who may ask whom, and the form of the answer. */
#ifndef SPMC_DIRECT_H
#define SPMC_DIRECT_H

#include "spmc.h"

/**
 * direct_check() - whether a request may be made, and if so claim its receiver
 * @spmc: partition manager
 * @sender: who asks
 * @receiver: whom, as it was given
 * @message: the request
 * @target: receives the partition, RUNNING and the caller's
 *
 * Return: FFA_OK, or the status to answer; the console has been told why.
 */
int32_t direct_check(struct spmc *spmc, const struct endpoint *sender, uint16_t receiver,
		     const struct partition_message *message, struct partition **target);

/* The partition has answered, or has nothing more to do: what the normal world gets. */
void direct_answer(struct partition *partition, struct ffa_call *call);

#endif /* SPMC_DIRECT_H */
