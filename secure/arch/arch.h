/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the portable core needs of a processor. arch/ answers it at EL3 of an arm64
 * machine, host/ on the developer's machine for unit tests.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include <stddef.h>
#include <stdint.h>
#include "compiler.h"

struct cpu;

/* A stack that does not run; what it needs to go on lies on it. */
struct arch_context {
	void *sp;
};

/**
 * arch_context_init() - prepare a stack for its first switch
 * @context:	to be filled
 * @stack_top:	end of the stack, 16-byte aligned
 * @entry:	function to run there; it must never return
 * @arg:	its argument
 */
void arch_context_init(struct arch_context *context, void *stack_top,
		       void (*entry)(void *arg), void *arg);

/**
 * arch_context_switch() - leave one stack for another
 * @from:	where the present stack is kept
 * @to:		stack to go on with
 *
 * Interrupts are masked. Returns when somebody switches back to @from, which may
 * be on another CPU: no pointer to the CPU may be kept across it.
 */
void arch_context_switch(struct arch_context *from, struct arch_context *to);

/* Mask interrupts; the result goes to arch_interrupts_restore(). */
uint64_t arch_interrupts_mask(void);
void arch_interrupts_restore(uint64_t state);
void arch_interrupts_unmask(void);

/* The CPU this runs on. Interrupts are masked, or a thread could be moved meanwhile. */
struct cpu *arch_this_cpu(void);

/* Monotonic time. */
uint64_t arch_ticks(void);
uint64_t arch_ticks_per_second(void);

/* In every round of a loop that waits for another CPU. */
void arch_relax(void);

/* A stack for a secure thread, with a guard page below; NULL if there are no more. */
void *arch_stack_alloc(void);
/* Lowest address of the stack with this top. */
void *arch_stack_bottom(void *stack_top);

void __noreturn arch_halt(void);

#endif /* ARCH_ARCH_H */
