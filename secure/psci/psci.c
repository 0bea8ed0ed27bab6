// SPDX-License-Identifier: BSD-2-Clause
#include "psci_cpu.h"
#include "cpu.h"
#include "log.h"
#include "plat.h"
#include "alarm.h"
#include "psci.h"
#include "smccc.h"
#include "world.h"

static int find_cpu(struct psci *psci, uint64_t mpidr)
{
	int index = plat_cpu_index(mpidr);

	return index >= 0 && (unsigned int)index < psci->cpu_count ? index : -1;
}

static int64_t cpu_on(struct psci *psci, uint64_t target, uint64_t entry, uint64_t argument)
{
	int index = find_cpu(psci, target);
	int64_t status = PSCI_SUCCESS;
	uint64_t interrupts;
	struct cpu *cpu;

	if (index < 0)
		return PSCI_INVALID_PARAMETERS;
	if ((entry & 3) || !nsmem_contains(&psci->memory, entry, 4))
		return PSCI_INVALID_ADDRESS;
	cpu = &cpus[index];
	interrupts = lock_take(&psci->lock);
	if (cpu->power_state == PSCI_AFFINITY_ON) {
		status = PSCI_ALREADY_ON;
	} else if (cpu->power_state == PSCI_AFFINITY_ON_PENDING) {
		status = PSCI_ON_PENDING;
	} else {
		cpu->entry = entry;
		cpu->entry_argument = argument;
		cpu->power_state = PSCI_AFFINITY_ON_PENDING;
	}
	lock_release(&psci->lock, interrupts);
	if (status == PSCI_SUCCESS)
		plat_cpu_wake((unsigned int)index);
	return status;
}

void psci_wait_on(struct psci *psci, struct cpu *cpu)
{
	uint64_t interrupts;
	bool on;

	for (;;) {
		/* What woke us: a wake-up is pending until it is taken. */
		plat_interrupt();
		interrupts = lock_take(&psci->lock);
		on = cpu->power_state == PSCI_AFFINITY_ON_PENDING;
		if (on)
			cpu->power_state = PSCI_AFFINITY_ON;
		lock_release(&psci->lock, interrupts);
		if (on)
			break;
		plat_cpu_sleep();
	}
	psci_notify_on(cpu);
}

/* A CPU that stays when one goes down, or NULL. Under the lock. */
static struct cpu *find_heir(struct psci *psci, struct cpu *cpu)
{
	unsigned int n;

	for (n = 0; n < psci->cpu_count; n++)
		if (cpus[n].power_state == PSCI_AFFINITY_ON && &cpus[n] != cpu)
			return &cpus[n];
	return NULL;
}

static void __noreturn cpu_off(struct psci *psci)
{
	struct cpu *cpu = arch_this_cpu();
	uint64_t interrupts;

	/* Under the lock, so that the heir does not go down meanwhile. */
	interrupts = lock_take(&psci->lock);
	psci_notify_off(cpu, find_heir(psci, cpu));
	plat_cpu_off();
	cpu->power_state = PSCI_AFFINITY_OFF;
	lock_release(&psci->lock, interrupts);
	psci_park(cpu);
}

static int64_t affinity_info(struct psci *psci, uint64_t target, uint64_t level)
{
	int index = find_cpu(psci, target);
	uint64_t interrupts;
	unsigned int state;

	if (index < 0 || level)
		return PSCI_INVALID_PARAMETERS;
	interrupts = lock_take(&psci->lock);
	state = cpus[index].power_state;
	lock_release(&psci->lock, interrupts);
	return state;
}

/* Standby only: the CPU keeps its state, any interrupt ends it. */
static int64_t cpu_suspend(uint64_t power_state)
{
	struct cpu *cpu = arch_this_cpu();

	if (power_state & PSCI_POWER_STATE_TYPE_DOWN)
		return PSCI_INVALID_PARAMETERS;
	psci_notify_suspend(cpu);
	plat_cpu_sleep();
	psci_notify_resume(cpu);
	return PSCI_SUCCESS;
}

static int64_t features(uint32_t id)
{
	switch (id) {
	case PSCI_VERSION:
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return PSCI_SUCCESS;
	default:
		return PSCI_NOT_SUPPORTED;
	}
}

void psci_call(struct psci *psci, struct smc_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[0];
	/* Calls of the 32-bit convention see the lower halves. */
	uint64_t mask = id & SMCCC_64 ? ~0ULL : 0xffffffff;
	uint64_t x1 = regs->x[1] & mask, x2 = regs->x[2] & mask, x3 = regs->x[3] & mask;
	int64_t status;

	switch (id) {
	case PSCI_VERSION:
		status = PSCI_VERSION_1_1;
		break;
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
		status = cpu_suspend(x1);
		break;
	case PSCI_CPU_OFF:
		cpu_off(psci);
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
		status = cpu_on(psci, x1, x2, x3);
		break;
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		status = affinity_info(psci, x1, x2);
		break;
	case PSCI_MIGRATE_INFO_TYPE:
		status = PSCI_MIGRATE_NOT_REQUIRED;
		break;
	case PSCI_SYSTEM_OFF:
		log_line("psci: system off");
		plat_power_off();
	case PSCI_SYSTEM_RESET:
		log_line("psci: system reset");
		plat_reset();
	case PSCI_FEATURES:
		status = features((uint32_t)x1);
		break;
	default:
		status = SMCCC_NOT_SUPPORTED;
	}
	regs->x[0] = (uint64_t)status;
}

/* What the secure side has bound to a CPU are its timer and pending interrupts. */
void psci_notify_on(struct cpu *cpu)
{
	(void)cpu;
}

void psci_notify_off(struct cpu *cpu, struct cpu *heir)
{
	struct world *world = cpu->world;
	struct guest *guest = world_device_guest(world);

	if (heir)
		alarm_move(cpu, heir);
	if (heir && world->spmc.present)
		notification_cpu_off(cpu->index, heir->index);
	notif_cpu_off(guest, cpu, heir);
	guest_put(&world->guests, guest);
}

void psci_notify_suspend(struct cpu *cpu)
{
	(void)cpu;
}

void psci_notify_resume(struct cpu *cpu)
{
	(void)cpu;
}
