// SPDX-License-Identifier: BSD-2-Clause
#include "event.h"
#include "arch.h"
#include "cpu.h"
#include "lock.h"
#include "sim.h"
#include "string.h"

#define KEPT	4096

bool events_wanted;

static struct {
	struct lock lock;
	struct sim_event kept[KEPT];
	uint64_t recorded;	/* ever */
} ring;

void events_switch(bool on)
{
	__atomic_store_n(&events_wanted, on, __ATOMIC_RELAXED);
}

void event_keep(unsigned int thread, unsigned int kind, uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t interrupts = lock_take(&ring.lock);

	ring.kept[ring.recorded % KEPT] = (struct sim_event) {
		.ticks = arch_ticks(),
		.number = (uint32_t)ring.recorded,
		.kind = (uint16_t)kind,
		.cpu = (uint16_t)arch_this_cpu()->index,
		.thread = thread,
		.a = a,
		.b = b,
		.c = c,
	};
	ring.recorded++;
	lock_release(&ring.lock, interrupts);
}

size_t events_read(uint64_t *position, void *to, size_t room, uint64_t *lost)
{
	uint64_t interrupts = lock_take(&ring.lock);
	uint64_t oldest = ring.recorded > KEPT ? ring.recorded - KEPT : 0;
	uint8_t *out = to;
	size_t n;

	*lost = 0;
	if (*position > ring.recorded)
		*position = ring.recorded;
	if (*position < oldest) {
		*lost = oldest - *position;
		*position = oldest;
	}
	for (n = 0; n < room && *position < ring.recorded; n++)
		memcpy(out + n * sizeof(ring.kept[0]), &ring.kept[(*position)++ % KEPT],
		       sizeof(ring.kept[0]));
	lock_release(&ring.lock, interrupts);
	return n;
}
