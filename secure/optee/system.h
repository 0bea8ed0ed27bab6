/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls: threads kept back for them, by one of two sets of numbers. */
#ifndef OPTEE_SYSTEM_H
#define OPTEE_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>
#include "smc.h"

struct guest;

/* Fast calls of the private range; false: not one that is known. */
bool system_fast_call(struct guest *guest, struct smc_regs *regs);

/* RESERVE and RELEASE of the other set, which look like yielding calls; false: neither. */
bool system_v2_call(struct guest *guest, struct smc_regs *regs);

/*
 * A system call becomes the ordinary one that it is like, and its cookie is told; false: it is
 * none.
 */
bool system_call(struct guest *guest, struct smc_regs *regs, uint64_t *cookie);

/* Which numbers are known from now on, SIM_SYSTEM_*; ends all reservations. */
void system_set_mode(struct guest *guest, unsigned int mode);

#endif /* OPTEE_SYSTEM_H */
