// SPDX-License-Identifier: BSD-2-Clause
#include "counters.h"
#include "guest.h"

void counter_add(struct guest *guest, unsigned int counter, int64_t amount)
{
	__atomic_fetch_add(&guest->counters.value[counter], (uint64_t)amount, __ATOMIC_RELAXED);
}

static uint64_t get(struct guest *guest, unsigned int counter)
{
	return __atomic_load_n(&guest->counters.value[counter], __ATOMIC_RELAXED);
}

void counter_set(struct guest *guest, unsigned int counter, uint64_t value)
{
	__atomic_store_n(&guest->counters.value[counter], value, __ATOMIC_RELAXED);
}

void counter_mark(struct guest *guest, unsigned int counter, unsigned int mark)
{
	if (get(guest, counter) > get(guest, mark))
		counter_set(guest, mark, get(guest, counter));
}

bool counter_read(struct guest *guest, uint64_t counter, uint64_t *value)
{
	switch (counter) {
	case SIM_COUNTER_THREADS:
		*value = guest->threads.count;
		return true;
	case SIM_COUNTER_THREADS_RESERVED:
		*value = guest->threads.reserved;
		return true;
	case SIM_COUNTER_HEAP_BYTES:
		*value = heap_used(&guest->heap);
		return true;
	case SIM_COUNTER_NOTIF_PENDING:
		*value = notif_pending(guest);
		return true;
	default:
		if (counter >= SIM_COUNTER_COUNT)
			return false;
		*value = get(guest, (unsigned int)counter);
		return true;
	}
}

void counter_reset_marks(struct guest *guest)
{
	uint64_t interrupts = lock_take(&guest->threads.lock);

	counter_set(guest, SIM_COUNTER_THREADS_USED_MAX, get(guest, SIM_COUNTER_THREADS_USED));
	counter_set(guest, SIM_COUNTER_THREADS_RUNNING_MAX, get(guest, SIM_COUNTER_THREADS_RUNNING));
	lock_release(&guest->threads.lock, interrupts);
}
