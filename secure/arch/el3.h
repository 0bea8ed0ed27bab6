/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the assembly and the C of EL3: layouts, entry points, mapping. */
#ifndef ARCH_EL3_H
#define ARCH_EL3_H

/* struct smc_regs on the stack, see core/smc.h */
#define EL3_FRAME_SIZE		272
#define EL3_FRAME_LR		240
#define EL3_FRAME_ELR		248
#define EL3_FRAME_SPSR		256

/* struct cpu, see core/cpu.h */
#define EL3_CPU_STACK_TOP	0
#define EL3_CPU_PANIC_TOP	8

#define EL3_CPU_STACK_SIZE	8192
#define EL3_PANIC_STACK_SIZE	2048
#define EL3_THREAD_STACK_SIZE	32768
#define EL3_PAGE_SIZE		4096

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>
#include "compiler.h"

struct cpu;
struct smc_regs;

/* Translation tables for secure RAM and the devices; then on, on this CPU. */
void mmu_init_tables(void);
void mmu_enable(void);
/* Add the normal world's memory. */
void mmu_map_normal_world(uint64_t base, uint64_t size);
/* Take a page of secure RAM away, as a guard. */
void mmu_unmap_secure_page(void *page);

/* Registers of EL3 that the normal world depends on, on each start of a CPU. */
void cpu_init_el3(void);
/* Leave for the normal world for the first time since the CPU was off. */
void __noreturn cpu_enter_normal_world(struct cpu *cpu);
void __noreturn el3_eret(uint64_t entry, uint64_t spsr, uint64_t x0,
					void *stack_top);
/* Empty the CPU's stack and call a function that does not return. */
void __noreturn el3_restart_stack(void *stack_top, void (*entry)(void));

/* From the vectors. */
void exception_sync(struct smc_regs *regs);
void exception_fiq_normal_world(void);
void exception_fiq_thread(void);
void __noreturn exception_fatal(struct smc_regs *regs, uint64_t vector, uint64_t sp);
void __noreturn el3_main(void);


/* Where the CPUs other than the first come to, once the first has let them. */
void el3_release_secondaries(void);
void el3_hold_secondaries(void);
void __noreturn el3_secondary_main(void);

/* Of the linker script, and of the assembly. */
extern char __image_start[], __image_end[], __text_end[], __rodata_end[];
extern char __heap_start[], __heap_end[];
extern char el3_context_start[];

/* A CPU came to arch_halt(): the secure world is of no use any more. */
extern bool el3_halted;

#endif /* __ASSEMBLER__ */

#endif /* ARCH_EL3_H */
