/* SPDX-License-Identifier: BSD-2-Clause */
/* Power state of CPUs and of the machine (PSCI 1.1). */
#ifndef PSCI_PSCI_CPU_H
#define PSCI_PSCI_CPU_H

#include <stdbool.h>
#include <stdint.h>
#include "compiler.h"
#include "lock.h"
#include "nsmem.h"
#include "smc.h"

struct cpu;

struct psci {
	struct lock lock;	/* guards power_state, entry and entry_argument of CPUs */
	unsigned int cpu_count;
	struct nsmem memory;	/* where the normal world may be entered */
};

/**
 * psci_call() - answer a call of the standard services
 * @psci:	PSCI
 * @regs:	the caller's registers
 *
 * Does not come back from CPU_OFF, SYSTEM_OFF and SYSTEM_RESET.
 */
void psci_call(struct psci *psci, struct smc_regs *regs);

/**
 * psci_wait_on() - sleep until somebody turns this CPU on
 * @psci:	PSCI
 * @cpu:	this CPU; afterwards it is on and its entry point is set
 */
void psci_wait_on(struct psci *psci, struct cpu *cpu);

/*
 * The secure side is told what becomes of CPUs. Called on the CPU itself, with
 * interrupts masked, before it goes down and after it is back.
 */
void psci_notify_on(struct cpu *cpu);
/* @heir: a CPU that stays on while this runs, NULL if there is none. Under PSCI's lock. */
void psci_notify_off(struct cpu *cpu, struct cpu *heir);
void psci_notify_suspend(struct cpu *cpu);
void psci_notify_resume(struct cpu *cpu);

/* Leave the CPU's stack and go where CPUs wait that are off; the platform's. */
void __noreturn psci_park(struct cpu *cpu);

#endif /* PSCI_PSCI_CPU_H */
