// SPDX-License-Identifier: BSD-2-Clause
#include "bridge.h"
#include "guest.h"
#include "qtee_state.h"
#include "smc.h"

#define PAGE_SIZE	4096
#define PERMISSIONS	(PAGE_SIZE - 1)

/* x0 = QTEE_SMC_OK: the call as such; what became of it is in x1. */
static void answer(struct smc_regs *regs, uint64_t status, uint64_t handle)
{
	regs->x[0] = QTEE_SMC_OK;
	regs->x[1] = status;
	regs->x[2] = handle;
}

void bridge_enable(struct qtee *qtee, struct smc_regs *regs)
{
	uint64_t interrupts = lock_take(&qtee->lock);

	qtee->bridges.on = true;
	lock_release(&qtee->lock, interrupts);
	answer(regs, 0, 0);
}

void bridge_create(struct qtee *qtee, struct smc_regs *regs)
{
	uint64_t address = regs->x[2] & ~(uint64_t)PERMISSIONS;
	uint64_t permissions = regs->x[2] & PERMISSIONS;
	/* The upper bits of the size, in whole pages, are above the number of VMs. */
	uint64_t size = regs->x[4] & ~(uint64_t)PERMISSIONS;
	uint64_t vms = (regs->x[4] & PERMISSIONS) >> QTEE_BRIDGE_VMS_SHIFT;
	struct bridge *bridge;
	uint64_t interrupts;

	if (!size || (regs->x[3] & ~(uint64_t)PERMISSIONS) != address || vms != 1 ||
	    regs->x[5] != QTEE_BRIDGE_VM_HLOS || permissions != QTEE_PERM_RW ||
	    !nsmem_contains(&qtee->guest->memory, address, size)) {
		qtee_refused(qtee, "bridge: %lx, %lx, %lx for VM %lx", (unsigned long)regs->x[2],
			     (unsigned long)regs->x[3], (unsigned long)regs->x[4],
			     (unsigned long)regs->x[5]);
		regs->x[0] = (uint64_t)QTEE_SMC_EINVAL_ARGUMENT;
		return;
	}
	bridge = heap_alloc(&qtee->guest->heap, sizeof(*bridge));
	if (!bridge) {
		regs->x[0] = (uint64_t)QTEE_SMC_ENOMEM;
		return;
	}
	bridge->address = address;
	bridge->size = size;
	interrupts = lock_take(&qtee->lock);
	bridge->handle = ++qtee->bridges.last;
	bridge->next = qtee->bridges.first;
	qtee->bridges.first = bridge;
	lock_release(&qtee->lock, interrupts);
	counter_add(qtee->guest, SIM_COUNTER_QTEE_BRIDGES, 1);
	answer(regs, 0, bridge->handle);
}

void bridge_delete(struct qtee *qtee, struct smc_regs *regs)
{
	uint64_t interrupts = lock_take(&qtee->lock);
	struct bridge **link = &qtee->bridges.first, *bridge;

	while (*link && (*link)->handle != regs->x[2])
		link = &(*link)->next;
	bridge = *link;
	if (bridge)
		*link = bridge->next;
	lock_release(&qtee->lock, interrupts);
	if (!bridge) {
		qtee_refused(qtee, "bridge %lx is unknown", (unsigned long)regs->x[2]);
		regs->x[0] = (uint64_t)QTEE_SMC_EINVAL_ARGUMENT;
		return;
	}
	heap_free(&qtee->guest->heap, bridge);
	counter_add(qtee->guest, SIM_COUNTER_QTEE_BRIDGES, -1);
	answer(regs, 0, 0);
}

bool bridge_covers(struct qtee *qtee, uint64_t address, uint64_t size)
{
	uint64_t interrupts = lock_take(&qtee->lock);
	bool covered = !qtee->bridges.on;
	struct bridge *bridge;

	for (bridge = qtee->bridges.first; bridge && !covered; bridge = bridge->next)
		covered = address >= bridge->address &&
			  address - bridge->address < bridge->size &&
			  size <= bridge->size - (address - bridge->address);
	lock_release(&qtee->lock, interrupts);
	return covered;
}
