// SPDX-License-Identifier: BSD-2-Clause
#include "world.h"

bool world_init(struct world *world, const struct nsmem *memory, void *heap, size_t size)
{
	const struct config *config = &world->config;
	struct guest *guest = &world->guest;

	guest->memory = *memory;
	heap_init(&guest->heap, heap, size);
	if (!guest_init(guest, config))
		return false;
	if (config->qtee && !qtee_init(&world->qtee, guest, config))
		return false;
	world->spmc.cpu_count = world->psci.cpu_count;
	if (config_has_ffa(config) && !spmc_init(&world->spmc, guest, config, memory, size / 4))
		return false;
	if (config->optee_ffa && !optee_ffa_init(guest, &world->spmc))
		return false;
	if (!config->guests)
		return true;
	/* The rest is for the table. */
	if (!guest_table_init(&world->guests, config, &guest->heap, size / 8 * (config_has_ffa(config) ? 5 : 7), memory))
		return false;
	return !config->hypervisor || guest_create(&world->guests, WORLD_HOSTED_GUEST);
}

struct guest *world_device_guest(struct world *world)
{
	struct guest *guest = guest_get(&world->guests, guest_oldest(&world->guests));

	return guest ? guest : &world->guest;
}
