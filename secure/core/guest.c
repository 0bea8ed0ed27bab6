// SPDX-License-Identifier: BSD-2-Clause
#include "guest.h"

/* The top of the memory is static; what is static is not dynamic. */
static bool split_memory(struct guest *guest, uint64_t size)
{
	if (size > guest->memory.size / 2)
		return false;
	guest->memory.size -= size;
	guest->static_shm.base = guest->memory.base + guest->memory.size;
	guest->static_shm.size = size;
	return true;
}

bool guest_init(struct guest *guest, const struct config *config)
{
	unsigned int fault;

	for (fault = 0; fault < SIM_FAULT_COUNT; fault++)
		fault_set(&guest->faults, fault, config->faults[fault].count,
			  config->faults[fault].argument);
	guest->load_all = config->load_all;
	guest->rng_seed = config->rng_seed;
	guest->rpc_arg = config->rpc_arg;
	guest->system_mode = config->system_mode;
	guest->dynamic_shm = config->static_shm != STATIC_SHM_ONLY;
	if (config->static_shm != STATIC_SHM_OFF && !split_memory(guest, config->static_shm_size))
		return false;
	notif_init(guest, config);
	guest->virtualization = config->guests && !config->hypervisor;
	if (config->guests && !guest->id)
		return thread_pool_init(guest, 0);
	return thread_pool_init(guest, config->threads) && session_table_init(guest);
}
