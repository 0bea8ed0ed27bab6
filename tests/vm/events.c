// SPDX-License-Identifier: BSD-2-Clause
#include "events.h"

#include "harness.h"

#define SIZE	16384

static void events_switch(uint64_t on)
{
	struct sim_control c = { .op = SIM_OP_EVENTS, .arg = { on } };

	ASSERT_RC(world_control(&c), 0);
	ASSERT_EQ(c.status, 0);
}

/* The next ones into memory; how many. */
static uint64_t events_read(struct events *e, uint64_t position)
{
	struct sim_control c = {
		.op = SIM_OP_READ_EVENTS, .arg = { e->pages.phys, e->pages.size, position },
	};

	ASSERT_RC(world_control(&c), 0);
	ASSERT_EQ(c.status, 0);
	e->position = c.ret[1];
	return c.ret[0];
}

void events_begin(struct events *e)
{
	world_need();
	world_pages(&e->pages, SIZE);
	events_switch(1);
	/* Beyond the last. */
	events_read(e, UINT64_MAX);
}

unsigned int events_count(struct events *e, unsigned int kind, uint32_t a)
{
	const struct sim_event *events = (const void *)e->pages.va;
	unsigned int count = 0;
	uint64_t num;

	while ((num = events_read(e, e->position)))
		for (uint64_t i = 0; i < num; i++)
			count += events[i].kind == kind && events[i].a == a;
	return count;
}

void events_end(struct events *e)
{
	events_switch(0);
	world_pages_put(&e->pages);
}
