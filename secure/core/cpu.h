/* SPDX-License-Identifier: BSD-2-Clause */
/* One CPU of the machine. */
#ifndef CORE_CPU_H
#define CORE_CPU_H

#include <stdint.h>
#include "arch.h"

#define CPU_MAX		64

struct thread;
struct world;

struct cpu {
	/* The assembler knows these two, see arch/el3.h. */
	void *stack_top;
	void *panic_stack_top;

	struct world *world;
	unsigned int index;
	uint64_t mpidr;

	/* The CPU's own stack while a thread runs; only this CPU touches them. */
	struct arch_context context;
	struct thread *thread;

	/* Under the lock of PSCI. */
	unsigned int power_state;
	uint64_t entry;
	uint64_t entry_argument;
};

extern struct cpu cpus[CPU_MAX];

#endif /* CORE_CPU_H */
