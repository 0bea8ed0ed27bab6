// SPDX-License-Identifier: BSD-2-Clause
/* The registers of EL3, the threads' stacks, and what arch.h asks for. */
#include "cpu.h"
#include <stdbool.h>
#include "el3.h"
#include "config.h"
#include "sysreg.h"

struct cpu cpus[CPU_MAX];
const uint64_t el3_cpu_size = sizeof(struct cpu);

_Static_assert(offsetof(struct cpu, stack_top) == EL3_CPU_STACK_TOP, "see el3.h");
_Static_assert(offsetof(struct cpu, panic_stack_top) == EL3_CPU_PANIC_TOP, "see el3.h");

/* The lowest page of each is a guard. */
#define STACK_STRIDE	(EL3_PAGE_SIZE + EL3_THREAD_STACK_SIZE)

static struct {
	uint8_t memory[CONFIG_STACKS_MAX][STACK_STRIDE];
} stacks __section(".bss.stacks") __aligned(EL3_PAGE_SIZE);

static unsigned int stacks_used;

bool el3_halted;

uint64_t arch_interrupts_mask(void)
{
	uint64_t daif = sysreg_read(daif);

	__asm__ volatile("msr daifset, #1" : : : "memory");
	return daif;
}

void arch_interrupts_restore(uint64_t state)
{
	if (!(state & DAIF_F))
		__asm__ volatile("msr daifclr, #1" : : : "memory");
}

void arch_interrupts_unmask(void)
{
	__asm__ volatile("msr daifclr, #1" : : : "memory");
}

struct cpu *arch_this_cpu(void)
{
	return (struct cpu *)sysreg_read(tpidr_el3);
}

uint64_t arch_ticks(void)
{
	isb();
	return sysreg_read(cntpct_el0);
}

uint64_t arch_ticks_per_second(void)
{
	return sysreg_read(cntfrq_el0);
}

void arch_relax(void)
{
	__asm__ volatile("yield" : : : "memory");
}

void arch_halt(void)
{
	/* The others stop when they come here next. */
	__atomic_store_n(&el3_halted, true, __ATOMIC_RELAXED);
	for (;;)
		__asm__ volatile("msr daifset, #0xf\n\twfi" : : : "memory");
}

/* Only at boot, on one CPU. */
void *arch_stack_alloc(void)
{
	uint8_t *bottom;

	if (stacks_used == CONFIG_STACKS_MAX)
		return NULL;
	bottom = stacks.memory[stacks_used++];
	mmu_unmap_secure_page(bottom);
	return bottom + STACK_STRIDE;
}

void *arch_stack_bottom(void *stack_top)
{
	return (uint8_t *)stack_top - EL3_THREAD_STACK_SIZE;
}

/* What arch_context_switch() takes from a stack: x19 to x30. */
struct switch_frame {
	uint64_t x19;
	uint64_t x20;
	uint64_t x21_to_x29[9];
	uint64_t x30;
};

_Static_assert(sizeof(struct switch_frame) == 96, "see vectors.S");

void arch_context_init(struct arch_context *context, void *stack_top,
		       void (*entry)(void *arg), void *arg)
{
	struct switch_frame *frame = (struct switch_frame *)stack_top - 1;

	*frame = (struct switch_frame){
		.x19 = (uint64_t)entry,
		.x20 = (uint64_t)arg,
		.x30 = (uint64_t)el3_context_start,
	};
	context->sp = frame;
}

static unsigned int id_field(uint64_t id, unsigned int shift)
{
	return (id >> shift) & 0xf;
}

/* Full length, and nothing of it trapped. */
static void init_vector_extensions(bool sve, bool sme)
{
	uint64_t cptr = 0;

	if (sve)
		cptr |= CPTR_EZ;
	if (sme)
		cptr |= CPTR_ESM;
	sysreg_write(cptr_el3, cptr);
	isb();
	if (sve)
		sysreg_write(ZCR_EL3, 0xf);
	if (sme)
		/* The full instruction set in streaming mode, where there is one. */
		sysreg_write(SMCR_EL3, 0xf | (sysreg_read(ID_AA64SMFR0_EL1) >> 63) << 31);
	isb();
}

void cpu_init_el3(void)
{
	uint64_t pfr0 = sysreg_read(id_aa64pfr0_el1);
	uint64_t mmfr0 = sysreg_read(id_aa64mmfr0_el1);
	uint64_t mmfr1 = sysreg_read(id_aa64mmfr1_el1);
	uint64_t pfr1 = sysreg_read(id_aa64pfr1_el1);
	uint64_t scr = SCR_RES1 | SCR_NS | SCR_FIQ | SCR_HCE | SCR_RW | SCR_APK | SCR_API;

	/* What a newer CPU has is the normal world's, untrapped. */
	if (id_field(pfr1, 8) >= 2)
		scr |= SCR_ATA;
	if (id_field(mmfr0, 56))
		scr |= SCR_FGTEN;
	if (id_field(mmfr0, 60))
		scr |= SCR_ECVEN;
	if (id_field(mmfr1, 40))
		scr |= SCR_HXEN;
	if (id_field(pfr1, 24))
		scr |= SCR_ENTP2;
	sysreg_write(scr_el3, scr);
	sysreg_write(mdcr_el3, MDCR_SDD);
	init_vector_extensions(id_field(pfr0, 32), id_field(pfr1, 24));
}

void cpu_enter_normal_world(struct cpu *cpu)
{
	/* As after a reset, whatever ran here before. */
	sysreg_write(sctlr_el2, SCTLR_RES1);
	sysreg_write(hcr_el2, 0);
	sysreg_write(cptr_el2, CPTR_EL2_RES1);
	sysreg_write(sctlr_el1, SCTLR_EL1_RES1);
	isb();
	el3_eret(cpu->entry, SPSR_EL2H_MASKED, cpu->entry_argument, cpu->stack_top);
}
