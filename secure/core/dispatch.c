// SPDX-License-Identifier: BSD-2-Clause
/* Calls by their owner (SMCCC). */
#include "smc.h"
#include "arch.h"
#include "control.h"
#include "counters.h"
#include "entry.h"
#include "psci_cpu.h"
#include "smccc.h"
#include "smcinvoke.h"
#include "world.h"

static void unknown(struct smc_regs *regs)
{
	regs->x[0] = (uint64_t)SMCCC_NOT_SUPPORTED;
}

/* How long secure software takes is measured: a driver's own share is what remains. */
static void spent_since(struct world *world, uint64_t begin)
{
	counter_add(&world->guest, SIM_COUNTER_TICKS, (int64_t)(arch_ticks() - begin));
}

/* Return: whether it was QTEE's */
static bool qtee(struct world *world, struct smc_regs *regs)
{
	uint64_t begin = arch_ticks();

	if (!qtee_entry(world, regs))
		return false;
	spent_since(world, begin);
	return true;
}

static void partition_manager(struct world *world, struct smc_regs *regs)
{
	uint64_t begin = arch_ticks();

	spmc_smc(&world->spmc, regs);
	spent_since(world, begin);
}

static void trusted_os(struct world *world, struct smc_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[0];
	uint64_t begin = arch_ticks();

	if (SMCCC_IS_FAST(id) || world->config.guests)
		record_call(&world->record, id, regs->x[7]);
	if (world->config.guests)
		optee_entry_guest(world, regs);
	else
		/* A trusted OS without virtualisation does not look at a7. */
		optee_entry(&world->guest, regs);
	spent_since(world, begin);
}

void smc_dispatch(struct world *world, struct smc_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[0];
	unsigned int owner = SMCCC_OWNER(id);

	if (owner != SMCCC_OWNER_OEM)
		counter_add(&world->guest, SIM_COUNTER_SMCS, 1);

	if (qtee(world, regs))
		return;
	switch (owner) {
	case SMCCC_OWNER_ARCH:
		smc_arch(regs);
		break;
	case SMCCC_OWNER_OEM:
		sim_control(world, regs);
		break;
	case SMCCC_OWNER_STANDARD:
		if (world->spmc.present && FFA_IS_NUMBER(id))
			partition_manager(world, regs);
		else
			psci_call(&world->psci, regs);
		break;
	case SMCCC_OWNER_TRUSTED_OS:
	case SMCCC_OWNER_TRUSTED_OS_API:
		if (world->config.optee)
			trusted_os(world, regs);
		else
			unknown(regs);
		break;
	default:
		unknown(regs);
	}
}

void smc_arch(struct smc_regs *regs)
{
	switch ((uint32_t)regs->x[0]) {
	case SMCCC_VERSION:
		regs->x[0] = SMCCC_VERSION_1_2;
		break;
	case SMCCC_ARCH_FEATURES:
		if ((uint32_t)regs->x[1] == SMCCC_VERSION ||
		    (uint32_t)regs->x[1] == SMCCC_ARCH_FEATURES)
			regs->x[0] = SMCCC_SUCCESS;
		else
			unknown(regs);
		break;
	default:
		unknown(regs);
	}
}
