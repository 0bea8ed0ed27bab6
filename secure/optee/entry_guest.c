// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls to a virtualised secure world: whose they are, and who comes and goes.
 *
 * a7 names the caller: 0 is the hypervisor, or whoever does its work; the lower 16 bits
 * count. With hypervisor=on we do what a hypervisor would, in its place: the normal world is
 * guest 1, whatever it says, and does not learn that there are guests.
 */
#include "entry.h"
#include "log.h"
#include "optee_smc.h"
#include "panic.h"
#include "world.h"

#define HYPERVISOR	0
#define ID_MASK		0xffff
/* There from the start with hypervisor=on. */
#define HOSTED_GUEST	WORLD_HOSTED_GUEST

/*
 * Fast calls that work on what a guest has. A real trusted OS looks for that of the caller
 * without asking whether there is any.
 */
static bool touches_guest(uint32_t id)
{
	switch (id) {
	case OPTEE_SMC_DISABLE_SHM_CACHE:
	case OPTEE_SMC_ENABLE_SHM_CACHE:
	case OPTEE_SMC_ENABLE_ASYNC_NOTIF:
	case OPTEE_SMC_GET_ASYNC_NOTIF_VALUE:
		return true;
	default:
		return false;
	}
}

static void hypervisor_call(struct world *world, struct smc_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[0];

	if (!SMCCC_IS_FAST(id)) {
		refused(&world->guest, "yielding call %x of client 0, which is no guest", id);
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
		return;
	}
	if (touches_guest(id))
		panic("fast call %x of client 0 works on a guest's state, and 0 is no guest "
		      "(announce one with VM_CREATED)", id);
	optee_entry(&world->guest, regs);
}

static uint32_t vm_created(struct world *world, unsigned int client, unsigned int id)
{
	if (client != HYPERVISOR || id == HYPERVISOR) {
		refused(&world->guest, "VM_CREATED %u by client %u", id, client);
		return OPTEE_SMC_RETURN_ENOTAVAIL;
	}
	if (!guest_create(&world->guests, id)) {
		refused(&world->guest, "VM_CREATED %u: no room for more than %u guests", id,
			world->config.guests);
		return OPTEE_SMC_RETURN_ENOTAVAIL;
	}
	log_limited("optee: guest %u created", id);
	return OPTEE_SMC_RETURN_OK;
}

static uint32_t vm_destroyed(struct world *world, unsigned int client, unsigned int id)
{
	if (client != HYPERVISOR) {
		refused(&world->guest, "VM_DESTROYED %u by client %u", id, client);
		return OPTEE_SMC_RETURN_ENOTAVAIL;
	}
	if (guest_destroy(&world->guests, id))
		log_limited("optee: guest %u destroyed", id);
	else
		log_limited("optee: guest %u to be destroyed is not there", id);
	return OPTEE_SMC_RETURN_OK;
}

void optee_entry_guest(struct world *world, struct smc_regs *regs)
{
	unsigned int client = world->config.hypervisor ? HOSTED_GUEST : regs->x[7] & ID_MASK;
	uint32_t id = (uint32_t)regs->x[0];
	struct guest *guest;

	if (id == OPTEE_SMC_VM_CREATED) {
		regs->x[0] = vm_created(world, client, regs->x[1] & ID_MASK);
		return;
	}
	if (id == OPTEE_SMC_VM_DESTROYED) {
		regs->x[0] = vm_destroyed(world, client, regs->x[1] & ID_MASK);
		return;
	}
	if (client == HYPERVISOR) {
		hypervisor_call(world, regs);
		return;
	}
	guest = guest_get(&world->guests, client);
	if (!guest) {
		refused(&world->guest, "call %x of guest %u, which is not there", id, client);
		regs->x[0] = OPTEE_SMC_RETURN_ENOTAVAIL;
		return;
	}
	optee_entry(guest, regs);
	guest_put(&world->guests, guest);
}
