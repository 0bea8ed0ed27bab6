// SPDX-License-Identifier: BSD-2-Clause
/*
 * GICv3. Everything belongs to the normal world (group 1 NS) but what is in group 0: an SGI
 * with which CPUs that are off are woken, another for alarms, the secure timer, the secure
 * console. All that is for EL3 arrives as FIQ; an interrupt of the normal world that is
 * pending while EL3 runs does, too. Group 0 has the highest priority.
 */
#include "virt.h"
#include <stdbool.h>
#include "alarm.h"
#include "console.h"
#include "cpu.h"
#include "memmap.h"
#include "panic.h"
#include "plat.h"
#include "sysreg.h"

#define GICD_CTLR		(GICD_BASE + 0x0000)
#define GICD_TYPER		(GICD_BASE + 0x0004)
#define GICD_IGROUPR(n)		(GICD_BASE + 0x0080 + 4 * (n))
#define GICD_ISENABLER(n)	(GICD_BASE + 0x0100 + 4 * (n))
#define GICD_ISPENDR(n)		(GICD_BASE + 0x0200 + 4 * (n))
#define GICD_IPRIORITYR(n)	(GICD_BASE + 0x0400 + (n))
#define GICD_IGRPMODR(n)	(GICD_BASE + 0x0d00 + 4 * (n))
#define GICD_IROUTER(n)		(GICD_BASE + 0x6000 + 8 * (n))

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
#define GICR_ISPENDR0		(GICR_SGI + 0x0200)
#define GICR_ICPENDR0		(GICR_SGI + 0x0280)
#define GICR_IPRIORITYR(n)	(GICR_SGI + 0x0400 + (n))
#define GICR_IGRPMODR0		(GICR_SGI + 0x0d00)

#define TYPER_LAST		(1UL << 4)
#define WAKER_SLEEP		(1U << 1)
#define WAKER_CHILDREN_ASLEEP	(1U << 2)

/* Ours: two software interrupts, the secure timer, the secure console. */
#define SGI_ALARM		14
#define SGI_WAKE		15
#define PPI_ALARM		29
#define SPI_CONSOLE		40
#define OURS_OF_A_CPU		(1U << SGI_ALARM | 1U << SGI_WAKE | 1U << PPI_ALARM)

#define FIRST_PPI		16
#define FIRST_SPI		32

#define SRE_ALL			0xf
#define IGRPEN1_NS		(1 << 0)
#define PMR_ALL			0xff

#define INTID_NON_SECURE	1021
#define INTID_SPECIAL		1020

/* The interrupt that notifies the normal world; set at boot. */
static struct {
	bool per_cpu;
	unsigned int id;
	uint64_t redistributor[CPU_MAX];
} notify;

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

	notify.redistributor[index] = base;
	mmio_write32(base + GICR_WAKER, mmio_read32(base + GICR_WAKER) & ~WAKER_SLEEP);
	while (mmio_read32(base + GICR_WAKER) & WAKER_CHILDREN_ASLEEP)
		;
	mmio_write32(base + GICR_IGROUPR0, ~OURS_OF_A_CPU);
	mmio_write32(base + GICR_IGRPMODR0, 0);
	mmio_write8(base + GICR_IPRIORITYR(SGI_ALARM), 0);
	mmio_write8(base + GICR_IPRIORITYR(SGI_WAKE), 0);
	mmio_write8(base + GICR_IPRIORITYR(PPI_ALARM), 0);
	mmio_write32(base + GICR_ISENABLER0, OURS_OF_A_CPU);

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

static void send(unsigned int index, unsigned int sgi)
{
	uint64_t mpidr = cpus[index].mpidr;

	barrier_all();
	sysreg_write(ICC_SGI0R_EL1, ((mpidr >> 32) & 0xff) << 48 | ((mpidr >> 16) & 0xff) << 32 |
		     (uint64_t)sgi << 24 | ((mpidr >> 8) & 0xff) << 16 |
		     1UL << (mpidr & 0xf));
	isb();
}

void plat_cpu_wake(unsigned int index)
{
	send(index, SGI_WAKE);
}

void plat_alarm_kick(unsigned int cpu)
{
	send(cpu, SGI_ALARM);
}

void plat_alarm_program(uint64_t ticks)
{
	sysreg_write(CNTPS_CVAL_EL1, ticks);
	sysreg_write(CNTPS_CTL_EL1, CNTPS_ENABLE);
	isb();
}

void plat_alarm_stop(void)
{
	sysreg_write(CNTPS_CTL_EL1, 0);
	isb();
}

static void route_console(unsigned int cpu)
{
	mmio_write64(GICD_IROUTER(SPI_CONSOLE), cpus[cpu].mpidr);
}

void gic_enable_console(void)
{
	mmio_write32(GICD_IGROUPR(SPI_CONSOLE / 32),
		     mmio_read32(GICD_IGROUPR(SPI_CONSOLE / 32)) & ~(1U << SPI_CONSOLE % 32));
	mmio_write8(GICD_IPRIORITYR(SPI_CONSOLE), 0);
	route_console(0);
	mmio_write32(GICD_ISENABLER(SPI_CONSOLE / 32), 1U << SPI_CONSOLE % 32);
}

void gic_set_notify(bool per_cpu, unsigned int number)
{
	notify.per_cpu = per_cpu;
	notify.id = number + (per_cpu ? FIRST_PPI : FIRST_SPI);
}

void plat_notify(unsigned int cpu)
{
	if (notify.per_cpu)
		mmio_write32(notify.redistributor[cpu] + GICR_ISPENDR0, 1U << notify.id);
	else
		mmio_write32(GICD_ISPENDR(notify.id / 32), 1U << notify.id % 32);
}

void plat_raise_shared(unsigned int interrupt)
{
	mmio_write32(GICD_ISPENDR(interrupt / 32), 1U << interrupt % 32);
}

bool plat_notify_move(unsigned int cpu, unsigned int heir)
{
	uint32_t bit = 1U << notify.id % 32;

	if (mmio_read64(GICD_IROUTER(SPI_CONSOLE)) == cpus[cpu].mpidr)
		route_console(heir);
	/* The normal world routes the shared one itself. */
	if (!notify.per_cpu ||
	    !(mmio_read32(notify.redistributor[cpu] + GICR_ISPENDR0) & bit))
		return false;
	mmio_write32(notify.redistributor[cpu] + GICR_ICPENDR0, bit);
	plat_notify(heir);
	return true;
}

/* By its state, as EL3 sends software interrupts of its own world only. */
void plat_raise(unsigned int cpu, unsigned int interrupt)
{
	/* The normal world says how many it has; this one never came up, or is not there. */
	if (!notify.redistributor[cpu])
		return;
	mmio_write32(notify.redistributor[cpu] + GICR_ISPENDR0, 1U << interrupt);
}

void plat_raise_move(unsigned int cpu, unsigned int heir, unsigned int interrupt)
{
	uint64_t base = notify.redistributor[cpu];

	if (!(mmio_read32(base + GICR_ISPENDR0) & 1U << interrupt))
		return;
	mmio_write32(base + GICR_ICPENDR0, 1U << interrupt);
	plat_raise(heir, interrupt);
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
	switch (id) {
	case PPI_ALARM:
	case SGI_ALARM:
		alarm_interrupt();
		break;
	case SPI_CONSOLE:
		console_interrupt(arch_this_cpu()->world);
		break;
	default:
		/* A CPU that is off looks for itself what woke it. */
		break;
	}
	sysreg_write(ICC_EOIR0_EL1, id);
	isb();
	return PLAT_INTERRUPT_SECURE;
}
