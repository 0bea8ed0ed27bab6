// SPDX-License-Identifier: BSD-2-Clause
/*
 * GICv3. Everything belongs to the normal world (group 1 NS) but one SGI in group 0,
 * with which CPUs that are off are woken. All that is for EL3 arrives as FIQ; an
 * interrupt of the normal world that is pending while EL3 runs does, too.
 */
#include "virt.h"
#include <stdbool.h>
#include "cpu.h"
#include "memmap.h"
#include "panic.h"
#include "plat.h"
#include "sysreg.h"

#define GICD_CTLR		(GICD_BASE + 0x0000)
#define GICD_TYPER		(GICD_BASE + 0x0004)
#define GICD_IGROUPR(n)		(GICD_BASE + 0x0080 + 4 * (n))
#define GICD_IGRPMODR(n)	(GICD_BASE + 0x0d00 + 4 * (n))

#define CTLR_GROUP0		(1U << 0)
#define CTLR_GROUP1_S		(1U << 2)
#define CTLR_ARE_S		(1U << 4)
#define CTLR_ARE_NS		(1U << 5)
#define CTLR_RWP		(1U << 31)

#define GICR_STRIDE		0x20000UL
#define GICR_SGI		0x10000UL
#define GICR_TYPER		0x0008
#define GICR_WAKER		0x0014
#define GICR_IGROUPR0		(GICR_SGI + 0x0080)
#define GICR_ISENABLER0		(GICR_SGI + 0x0100)
#define GICR_IPRIORITYR(n)	(GICR_SGI + 0x0400 + (n))
#define GICR_IGRPMODR0		(GICR_SGI + 0x0d00)

#define TYPER_LAST		(1UL << 4)
#define WAKER_SLEEP		(1U << 1)
#define WAKER_CHILDREN_ASLEEP	(1U << 2)

#define SGI_WAKE		15

#define SRE_ALL			0xf
#define IGRPEN1_NS		(1 << 0)
#define PMR_ALL			0xff

#define INTID_NON_SECURE	1021
#define INTID_SPECIAL		1020

static void wait_distributor(void)
{
	while (mmio_read32(GICD_CTLR) & CTLR_RWP)
		;
}

void gic_init_distributor(void)
{
	unsigned int banks = (mmio_read32(GICD_TYPER) & 0x1f) + 1;
	unsigned int n;

	mmio_write32(GICD_CTLR, 0);
	wait_distributor();
	mmio_write32(GICD_CTLR, CTLR_ARE_S | CTLR_ARE_NS);
	wait_distributor();
	for (n = 1; n < banks; n++) {
		mmio_write32(GICD_IGROUPR(n), ~0U);
		mmio_write32(GICD_IGRPMODR(n), 0);
	}
	mmio_write32(GICD_CTLR, CTLR_ARE_S | CTLR_ARE_NS | CTLR_GROUP0 | CTLR_GROUP1_S);
	wait_distributor();
}

static uint64_t find_redistributor(uint64_t mpidr)
{
	uint32_t affinity = (uint32_t)((mpidr & 0xffffff) | ((mpidr >> 8) & 0xff000000));
	uint64_t base = GICR_BASE;

	for (;; base += GICR_STRIDE) {
		uint64_t type = mmio_read64(base + GICR_TYPER);

		if (type >> 32 == affinity)
			return base;
		if (type & TYPER_LAST)
			panic("gic: no redistributor for CPU %lx", (unsigned long)mpidr);
	}
}

void gic_init_cpu(unsigned int index)
{
	uint64_t base = find_redistributor(cpus[index].mpidr);

	mmio_write32(base + GICR_WAKER, mmio_read32(base + GICR_WAKER) & ~WAKER_SLEEP);
	while (mmio_read32(base + GICR_WAKER) & WAKER_CHILDREN_ASLEEP)
		;
	mmio_write32(base + GICR_IGROUPR0, ~(1U << SGI_WAKE));
	mmio_write32(base + GICR_IGRPMODR0, 0);
	mmio_write8(base + GICR_IPRIORITYR(SGI_WAKE), 0);
	mmio_write32(base + GICR_ISENABLER0, 1U << SGI_WAKE);

	sysreg_write(ICC_SRE_EL3, SRE_ALL);
	isb();
	sysreg_write(ICC_SRE_EL1, SRE_ALL);
	sysreg_write(ICC_SRE_EL2, SRE_ALL);
	isb();
	sysreg_write(ICC_PMR_EL1, PMR_ALL);
	sysreg_write(ICC_BPR0_EL1, 0);
	sysreg_write(ICC_IGRPEN0_EL1, 1);
	isb();
}

void plat_cpu_off(void)
{
	sysreg_write(ICC_IGRPEN1_EL3, sysreg_read(ICC_IGRPEN1_EL3) & ~(uint64_t)IGRPEN1_NS);
	sysreg_write(ICC_PMR_EL1, PMR_ALL);
	isb();
}

void plat_cpu_wake(unsigned int index)
{
	uint64_t mpidr = cpus[index].mpidr;

	barrier_all();
	sysreg_write(ICC_SGI0R_EL1, ((mpidr >> 32) & 0xff) << 48 | ((mpidr >> 16) & 0xff) << 32 |
		     (uint64_t)SGI_WAKE << 24 | ((mpidr >> 8) & 0xff) << 16 |
		     1UL << (mpidr & 0xf));
	isb();
}

void plat_cpu_sleep(void)
{
	barrier_all();
	__asm__ volatile("wfi" : : : "memory");
}

enum plat_interrupt plat_interrupt(void)
{
	uint64_t id = sysreg_read(ICC_HPPIR0_EL1);

	if (id == INTID_NON_SECURE)
		return PLAT_INTERRUPT_FOREIGN;
	if (id >= INTID_SPECIAL)
		return PLAT_INTERRUPT_NONE;
	id = sysreg_read(ICC_IAR0_EL1);
	if (id >= INTID_SPECIAL)
		return PLAT_INTERRUPT_NONE;
	sysreg_write(ICC_EOIR0_EL1, id);
	isb();
	return PLAT_INTERRUPT_SECURE;
}
