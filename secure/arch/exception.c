// SPDX-License-Identifier: BSD-2-Clause
/* What vectors.S calls. */
#include "cpu.h"
#include "el3.h"
#include "log.h"
#include "panic.h"
#include "plat.h"
#include "smc.h"
#include "sysreg.h"
#include "thread.h"

_Static_assert(sizeof(struct smc_regs) == EL3_FRAME_SIZE, "see el3.h");
_Static_assert(offsetof(struct smc_regs, elr) == EL3_FRAME_ELR, "see el3.h");
_Static_assert(offsetof(struct smc_regs, spsr) == EL3_FRAME_SPSR, "see el3.h");

static void dump(const struct smc_regs *regs, uint64_t vector, uint64_t sp)
{
	unsigned int n;

	log_panic_begin();
	log_line("unexpected exception at EL3, vector %lu, CPU %lx", (unsigned long)vector,
		 (unsigned long)sysreg_read(mpidr_el1));
	log_line("esr %016lx elr %016lx far %016lx", (unsigned long)sysreg_read(esr_el3),
		 (unsigned long)regs->elr, (unsigned long)sysreg_read(far_el3));
	log_line("spsr %016lx sp %016lx scr %016lx", (unsigned long)regs->spsr,
		 (unsigned long)sp, (unsigned long)sysreg_read(scr_el3));
	for (n = 0; n < 30; n += 3)
		log_line("x%02u %016lx x%02u %016lx x%02u %016lx", n, (unsigned long)regs->x[n],
			 n + 1, (unsigned long)regs->x[n + 1], n + 2,
			 (unsigned long)regs->x[n + 2]);
	log_line("x30 %016lx", (unsigned long)regs->x[30]);
}

void exception_fatal(struct smc_regs *regs, uint64_t vector, uint64_t sp)
{
	dump(regs, vector, sp);
	arch_halt();
}

void exception_sync(struct smc_regs *regs)
{
	uint64_t class = ESR_EC(sysreg_read(esr_el3));

	if (__atomic_load_n(&el3_halted, __ATOMIC_RELAXED))
		arch_halt();
	if (class != ESR_EC_SMC64 && class != ESR_EC_SMC32)
		exception_fatal(regs, 8, (uint64_t)(regs + 1));
	smc_dispatch(arch_this_cpu()->world, regs);
}

/* Only a late wake-up: the normal world's own interrupts go to EL2 or EL1. */
void exception_fiq_normal_world(void)
{
	plat_interrupt();
}

void exception_fiq_thread(void)
{
	if (plat_interrupt() == PLAT_INTERRUPT_FOREIGN)
		thread_preempt();
}
