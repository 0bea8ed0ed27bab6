// SPDX-License-Identifier: BSD-2-Clause
#include "control.h"
#include "arch.h"
#include "conversation.h"
#include "counters.h"
#include "event.h"
#include "fault.h"
#include "guest.h"
#include "log.h"
#include "sim.h"
#include "system.h"
#include "world.h"

static int64_t op_thread(struct guest *guest, struct smc_regs *regs)
{
	struct thread_pool *pool = &guest->threads;
	struct thread *thread;
	uint64_t interrupts;

	if (regs->x[2] >= pool->count)
		return SMCCC_INVALID_PARAMETER;
	thread = &pool->threads[regs->x[2]];
	interrupts = lock_take(&pool->lock);
	regs->x[1] = thread->state;
	regs->x[2] = thread->cpu;
	regs->x[3] = thread->state == SIM_THREAD_SUSPENDED ? thread->rpc : 0;
	lock_release(&pool->lock, interrupts);
	return SMCCC_SUCCESS;
}

/* LOG and READ_EVENTS: @unit octets each go to memory of the normal world. */
static int64_t op_read(struct guest *guest, struct smc_regs *regs, size_t unit,
		       size_t (*read)(uint64_t *position, void *to, size_t room, uint64_t *lost))
{
	uint64_t size = regs->x[3];
	void *to;

	if (size < unit || size > SIM_READ_MAX || (regs->x[2] & 7))
		return SMCCC_INVALID_PARAMETER;
	to = nsmem_pointer(&guest->memory, regs->x[2], size);
	if (!to)
		return SMCCC_INVALID_PARAMETER;
	regs->x[2] = regs->x[4];
	regs->x[1] = read(&regs->x[2], to, size / unit, &regs->x[3]);
	return SMCCC_SUCCESS;
}

/* The object at an index, newest first. */
static int64_t op_shm(struct guest *guest, struct smc_regs *regs)
{
	struct shm_table *table = &guest->shm;
	uint64_t interrupts = lock_take(&table->lock);
	uint64_t index = regs->x[2];
	struct shm *shm = table->first;

	while (shm && index--)
		shm = shm->next;
	if (shm) {
		regs->x[1] = shm->cookie;
		regs->x[2] = shm->size;
	}
	lock_release(&table->lock, interrupts);
	return shm ? SMCCC_SUCCESS : SMCCC_INVALID_PARAMETER;
}

static int64_t op_guest(struct world *world, uint64_t id)
{
	if (id > UINT16_MAX)
		return SMCCC_INVALID_PARAMETER;
	world->sim_guest = (unsigned int)id;
	return SMCCC_SUCCESS;
}

static int64_t control(struct world *world, struct guest *guest, struct smc_regs *regs)
{
	switch (regs->x[1]) {
	case SIM_OP_COUNTER:
		/* Of the machine, not of a guest. */
		if (regs->x[2] == SIM_COUNTER_SMCS || regs->x[2] == SIM_COUNTER_TICKS)
			guest = &world->guest;
		if (!counter_read(guest, regs->x[2], &regs->x[1]))
			return SMCCC_INVALID_PARAMETER;
		return SMCCC_SUCCESS;
	case SIM_OP_RESET_MARKS:
		counter_reset_marks(guest);
		return SMCCC_SUCCESS;
	case SIM_OP_THREAD:
		return op_thread(guest, regs);
	case SIM_OP_FAULT:
		if (!fault_set(&guest->faults, regs->x[2], regs->x[3], regs->x[4]))
			return SMCCC_INVALID_PARAMETER;
		return SMCCC_SUCCESS;
	case SIM_OP_FAULTS_OFF:
		fault_clear_all(&guest->faults);
		return SMCCC_SUCCESS;
	case SIM_OP_RELEASE:
		__atomic_fetch_add(&guest->releases, 1, __ATOMIC_RELAXED);
		return SMCCC_SUCCESS;
	case SIM_OP_SHM:
		return op_shm(guest, regs);
	case SIM_OP_CALLS:
		regs->x[1] = world->record.count;
		return SMCCC_SUCCESS;
	case SIM_OP_CALL:
		if (!record_read(&world->record, regs->x[2], &regs->x[1], &regs->x[2]))
			return SMCCC_INVALID_PARAMETER;
		return SMCCC_SUCCESS;
	case SIM_OP_GUEST:
		return op_guest(world, regs->x[2]);
	case SIM_OP_NOTIFY:
		if (!notif_sim_notify(guest, regs->x[2], regs->x[3], regs->x[4]))
			return SMCCC_INVALID_PARAMETER;
		return SMCCC_SUCCESS;
	case SIM_OP_STORM:
		if (!notif_sim_storm(guest, regs->x[2], regs->x[3], (uint32_t)regs->x[4],
				     regs->x[4] >> 32))
			return SMCCC_INVALID_PARAMETER;
		return SMCCC_SUCCESS;
	case SIM_OP_FFA_MEND:
		if (!spmc_mend(&world->spmc, regs->x[2]))
			return SMCCC_INVALID_PARAMETER;
		return SMCCC_SUCCESS;
	case SIM_OP_QTEE_END:
		if (!world->config.qtee)
			return SMCCC_INVALID_PARAMETER;
		regs->x[1] = conversations_end(&world->qtee);
		return SMCCC_SUCCESS;
	case SIM_OP_LOG:
		return op_read(guest, regs, 1, log_read);
	case SIM_OP_EVENTS:
		if (regs->x[2] > 1)
			return SMCCC_INVALID_PARAMETER;
		events_switch(regs->x[2]);
		return SMCCC_SUCCESS;
	case SIM_OP_READ_EVENTS:
		return op_read(guest, regs, sizeof(struct sim_event), events_read);
	case SIM_OP_TICKS:
		regs->x[1] = arch_ticks();
		regs->x[2] = arch_ticks_per_second();
		return SMCCC_SUCCESS;
	case SIM_OP_SYSTEM:
		if (regs->x[2] > SIM_SYSTEM_V2)
			return SMCCC_INVALID_PARAMETER;
		system_set_mode(guest, (unsigned int)regs->x[2]);
		return SMCCC_SUCCESS;
	default:
		return SMCCC_NOT_SUPPORTED;
	}
}

/*
 * Whom the control channel concerns: the guest that was chosen. Without a choice, or when
 * that one is gone, the oldest; and guest 0 when there is none.
 */
static int64_t control_guest(struct world *world, struct smc_regs *regs)
{
	struct guest *guest = guest_get(&world->guests, world->sim_guest);
	int64_t status;

	if (!guest)
		guest = world_device_guest(world);
	status = control(world, guest, regs);
	guest_put(&world->guests, guest);
	return status;
}

void sim_control(struct world *world, struct smc_regs *regs)
{
	switch ((uint32_t)regs->x[0]) {
	case SIM_SMC_UID:
		regs->x[0] = SIM_UID_0;
		regs->x[1] = SIM_UID_1;
		regs->x[2] = SIM_UID_2;
		regs->x[3] = SIM_REVISION;
		break;
	case SIM_SMC_CONTROL:
		regs->x[0] = (uint64_t)control_guest(world, regs);
		break;
	default:
		regs->x[0] = (uint64_t)SMCCC_NOT_SUPPORTED;
	}
}
