// SPDX-License-Identifier: BSD-2-Clause
#include "guest.h"

bool guest_init(struct guest *guest, const struct config *config)
{
	unsigned int fault;

	for (fault = 0; fault < SIM_FAULT_COUNT; fault++)
		fault_set(&guest->faults, fault, config->faults[fault].count,
			  config->faults[fault].argument);
	return thread_pool_init(guest, config->threads) && session_table_init(guest);
}
