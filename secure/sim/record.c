// SPDX-License-Identifier: BSD-2-Clause
#include "record.h"

void record_call(struct record *record, uint32_t id, uint64_t client)
{
	uint64_t interrupts = lock_take(&record->lock);
	uint64_t n = record->count++ % SIM_CALLS_KEPT;

	record->calls[n].id = id;
	record->calls[n].client = client;
	lock_release(&record->lock, interrupts);
}

bool record_read(struct record *record, uint64_t number, uint64_t *id, uint64_t *client)
{
	uint64_t interrupts = lock_take(&record->lock);
	bool kept = number < record->count && number + SIM_CALLS_KEPT >= record->count;

	if (kept) {
		*id = record->calls[number % SIM_CALLS_KEPT].id;
		*client = record->calls[number % SIM_CALLS_KEPT].client;
	}
	lock_release(&record->lock, interrupts);
	return kept;
}
