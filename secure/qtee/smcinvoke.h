/* SPDX-License-Identifier: BSD-2-Clause */
/* QTEE's SMCs: those of the trusted OS and of the silicon provider. */
#ifndef QTEE_SMCINVOKE_H
#define QTEE_SMCINVOKE_H

#include <stdbool.h>
#include "smc.h"

struct world;

/**
 * qtee_entry() - answer a call if it is one for QTEE
 * @world:	the secure world
 * @regs:	registers of the caller; x0 to x3 are changed, and x6 of an interrupted call
 *
 * Return: false if it is not, or there is no QTEE; nothing is changed then.
 */
bool qtee_entry(struct world *world, struct smc_regs *regs);

#endif /* QTEE_SMCINVOKE_H */
