// SPDX-License-Identifier: BSD-2-Clause
#include "notif.h"
#include "cpu.h"
#include "guest.h"
#include "message.h"
#include "optee_smc.h"
#include "plat.h"
#include "psci.h"
#include "rpc_kernel.h"
#include "tee_result.h"

void notif_init(struct guest *guest, const struct config *config)
{
	guest->notif.offered = config->notif != NOTIF_OFF;
}

/* An interrupt for a CPU; no lock is held. */
static void interrupt(struct guest *guest, unsigned int cpu)
{
	if (fault_take(&guest->faults, SIM_FAULT_NOTIF_LOST, NULL))
		return;
	counter_add(guest, SIM_COUNTER_NOTIF_INTERRUPTS, 1);
	if (guest->ffa)
		optee_ffa_interrupt(guest);
	else
		plat_notify(cpu);
}

/* Note the value; whether there shall be an interrupt. */
static bool note(struct guest *guest, unsigned int value)
{
	struct notif *notif = &guest->notif;
	uint64_t interrupts;
	bool enabled;

	interrupts = lock_take(&notif->lock);
	notif->pending |= 1ULL << value;
	enabled = notif->enabled;
	lock_release(&notif->lock, interrupts);
	counter_add(guest, SIM_COUNTER_NOTIF_POSTED, 1);
	return enabled;
}

void notif_post(struct guest *guest, unsigned int value)
{
	uint64_t interrupts = arch_interrupts_mask();

	if (guest->notif.offered && note(guest, value))
		interrupt(guest, arch_this_cpu()->index);
	arch_interrupts_restore(interrupts);
}

bool notif_enabled(struct guest *guest)
{
	return READ_ONCE(guest->notif.enabled);
}

unsigned int notif_pending(struct guest *guest)
{
	uint64_t pending = READ_ONCE(guest->notif.pending);
	unsigned int count = 0;

	for (; pending; pending &= pending - 1)
		count++;
	return count;
}

void notif_enable(struct guest *guest, struct smc_regs *regs)
{
	struct notif *notif = &guest->notif;
	uint64_t interrupts, argument;
	bool pending;

	if (!notif->offered) {
		regs->x[0] = OPTEE_SMC_RETURN_UNKNOWN_FUNCTION;
		return;
	}
	if (fault_take(&guest->faults, SIM_FAULT_NOTIF_ENABLE, &argument)) {
		regs->x[0] = argument;
		return;
	}
	interrupts = lock_take(&notif->lock);
	notif->enabled = true;
	pending = notif->pending;
	lock_release(&notif->lock, interrupts);
	counter_set(guest, SIM_COUNTER_NOTIF_ENABLED, 1);
	/* What came before somebody listened. */
	if (pending)
		interrupt(guest, arch_this_cpu()->index);
	regs->x[0] = OPTEE_SMC_RETURN_OK;
}

void notif_get_value(struct guest *guest, struct smc_regs *regs)
{
	struct notif *notif = &guest->notif;
	uint64_t interrupts, argument;
	unsigned int value = 0;
	uint64_t flags = 0;

	if (!notif->offered) {
		regs->x[0] = OPTEE_SMC_RETURN_UNKNOWN_FUNCTION;
		return;
	}
	interrupts = lock_take(&notif->lock);
	if (notif->pending) {
		value = (unsigned int)__builtin_ctzll(notif->pending);
		notif->pending &= notif->pending - 1;
		flags = OPTEE_SMC_ASYNC_NOTIF_VALID;
		if (notif->pending)
			flags |= OPTEE_SMC_ASYNC_NOTIF_PENDING;
	}
	lock_release(&notif->lock, interrupts);
	counter_add(guest, flags ? SIM_COUNTER_NOTIF_FETCHED : SIM_COUNTER_NOTIF_NOTHING, 1);
	regs->x[0] = OPTEE_SMC_RETURN_OK;
	regs->x[1] = value;
	regs->x[2] = flags;
	if (fault_take(&guest->faults, SIM_FAULT_NOTIF_VALUE, &argument)) {
		regs->x[1] = argument;
		regs->x[2] = flags | OPTEE_SMC_ASYNC_NOTIF_VALID | OPTEE_SMC_ASYNC_NOTIF_PENDING;
	}
	if (fault_take(&guest->faults, SIM_FAULT_NOTIF_STATUS, &argument))
		regs->x[0] = argument;
}

/* Over FF-A nobody fetches values: they are told in the bottom half. */
static void tell(struct message *message)
{
	struct notif *notif = &message->guest->notif;
	uint64_t interrupts, values;
	unsigned int value;

	interrupts = lock_take(&notif->lock);
	values = notif->pending;
	notif->pending = 0;
	lock_release(&notif->lock, interrupts);
	for (; values; values &= values - 1) {
		value = (unsigned int)__builtin_ctzll(values);
		counter_add(message->guest, SIM_COUNTER_NOTIF_FETCHED, 1);
		/* The first one asked for what goes on here. */
		if (value)
			rpc_notification_send(message, value);
	}
}

uint32_t notif_bottom_half(struct message *message)
{
	struct guest *guest = message->guest;
	unsigned int n;

	if (message->arg.num_params)
		return TEE_ERROR_BAD_PARAMETERS;
	counter_add(guest, SIM_COUNTER_BOTTOM_HALVES, 1);
	if (guest->ffa)
		tell(message);
	for (n = 0; n < app_count; n++)
		if (apps[n]->bottom_half)
			apps[n]->bottom_half(message, guest->sessions.instances[n].state);
	return TEE_SUCCESS;
}

uint32_t notif_stop(struct message *message)
{
	struct notif *notif = &message->guest->notif;
	uint64_t interrupts;

	if (message->arg.num_params)
		return TEE_ERROR_BAD_PARAMETERS;
	interrupts = lock_take(&notif->lock);
	notif->enabled = false;
	lock_release(&notif->lock, interrupts);
	counter_set(message->guest, SIM_COUNTER_NOTIF_ENABLED, 0);
	return TEE_SUCCESS;
}

/* What the control channel asks for, on any CPU that is on. */
static void misbehave(struct guest *guest, uint64_t flags, unsigned int value, unsigned int cpu)
{
	bool enabled = notif_enabled(guest);

	if (!(flags & SIM_NOTIFY_NO_VALUE))
		enabled = note(guest, value);
	if (enabled && !(flags & SIM_NOTIFY_NO_INTERRUPT))
		interrupt(guest, cpu);
}

void notif_cpu_off(struct guest *guest, struct cpu *cpu, struct cpu *heir)
{
	struct notif *notif = &guest->notif;

	if (notif->at_cpu_off.armed && notif->at_cpu_off.cpu == cpu->index) {
		notif->at_cpu_off.armed = false;
		misbehave(guest, notif->at_cpu_off.flags, notif->at_cpu_off.value, cpu->index);
	}
	if (heir && plat_notify_move(cpu->index, heir->index))
		counter_add(guest, SIM_COUNTER_NOTIF_MOVED, 1);
}

bool notif_sim_notify(struct guest *guest, uint64_t flags, uint64_t value, uint64_t cpu)
{
	struct notif *notif = &guest->notif;

	if (!notif->offered || value >= NOTIF_ASYNC_COUNT || (flags & ~SIM_NOTIFY_ALL))
		return false;
	if (cpu == SIM_NOTIFY_HERE)
		cpu = arch_this_cpu()->index;
	if (cpu >= CPU_MAX || cpus[cpu].power_state != PSCI_AFFINITY_ON)
		return false;
	if (flags & SIM_NOTIFY_AT_CPU_OFF) {
		notif->at_cpu_off.cpu = (unsigned int)cpu;
		notif->at_cpu_off.flags = flags;
		notif->at_cpu_off.value = (unsigned int)value;
		notif->at_cpu_off.armed = true;
	} else {
		misbehave(guest, flags, (unsigned int)value, (unsigned int)cpu);
	}
	return true;
}

static void storm_rings(struct alarm *alarm)
{
	/* Its member, whatever else there is of the guest. */
	struct notif *notif = (struct notif *)((char *)alarm -
					       offsetof(struct notif, storm.alarm));
	struct guest *guest = notif->storm.guest;

	misbehave(guest, notif->storm.flags, notif->storm.value, arch_this_cpu()->index);
	counter_add(guest, SIM_COUNTER_NOTIF_STORM_LEFT, -1);
	if (--notif->storm.left)
		alarm_set(alarm, notif->storm.microseconds);
}

bool notif_sim_storm(struct guest *guest, uint64_t flags, uint64_t value, uint32_t count,
		     uint32_t microseconds)
{
	struct notif *notif = &guest->notif;

	if (!notif->offered || value >= NOTIF_ASYNC_COUNT || !count || notif->storm.left ||
	    (flags & ~SIM_NOTIFY_ALL))
		return false;
	notif->storm.alarm.ring = storm_rings;
	notif->storm.guest = guest;
	notif->storm.flags = flags;
	notif->storm.value = (unsigned int)value;
	notif->storm.microseconds = microseconds;
	notif->storm.left = count;
	counter_set(guest, SIM_COUNTER_NOTIF_STORM_LEFT, count);
	alarm_set(&notif->storm.alarm, microseconds);
	return true;
}
