/* SPDX-License-Identifier: BSD-2-Clause */
/* Secure monitor calls: the caller's registers and who answers which calls. */
#ifndef CORE_SMC_H
#define CORE_SMC_H

#include <stdint.h>

/*
 * Everything the normal world had in its general registers. Handlers write x0 to x3
 * at most (SMCCC_VERSION 1.2 callers may rely on the rest), but for QTEE, whose calls have
 * x6 for what was interrupted.
 */
struct smc_regs {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t unused;
};

struct world;

/**
 * smc_dispatch() - answer one call
 * @world:	the secure world
 * @regs:	registers of the caller, changed in place
 *
 * Runs on the CPU's own stack with interrupts masked; comes back when the call is
 * answered or, for a yielding call, when its thread leaves the CPU.
 */
void smc_dispatch(struct world *world, struct smc_regs *regs);

/* Arm architecture calls (owner 0). */
void smc_arch(struct smc_regs *regs);

#endif /* CORE_SMC_H */
