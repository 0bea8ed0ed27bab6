/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include "smc.h"

struct world;

/* The control channel of abi/sim.h (owner OEM). */
void sim_control(struct world *world, struct smc_regs *regs);

#endif /* SIM_CONTROL_H */
