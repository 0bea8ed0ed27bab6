// SPDX-License-Identifier: BSD-2-Clause
#include "guest_table.h"
#include "alarm.h"
#include "arch.h"
#include "string.h"

static bool place_init(struct guest_place *place, struct heap *heap, size_t size,
		       unsigned int threads)
{
	unsigned int n;

	place->memory = heap_alloc(heap, size);
	if (!place->memory)
		return false;
	place->size = size;
	for (n = 0; n < threads; n++) {
		place->stacks[n] = arch_stack_alloc();
		if (!place->stacks[n])
			return false;
	}
	return true;
}

bool guest_table_init(struct guest_table *table, const struct config *config, struct heap *heap,
		      size_t size, const struct nsmem *memory)
{
	unsigned int n;

	table->config = config;
	table->memory = *memory;
	table->count = config->guests;
	table->places = heap_alloc(heap, table->count * sizeof(*table->places));
	if (!table->places)
		return false;
	for (n = 0; n < table->count; n++)
		if (!place_init(&table->places[n], heap, size / table->count, config->threads))
			return false;
	return true;
}

static struct guest_place *place_take(struct guest_table *table)
{
	struct guest_place *place = NULL;
	uint64_t interrupts = lock_take(&table->lock);
	unsigned int n;

	for (n = 0; n < table->count && !place; n++)
		if (!table->places[n].taken)
			place = &table->places[n];
	if (place)
		place->taken = true;
	lock_release(&table->lock, interrupts);
	return place;
}

static void place_put(struct guest_table *table, struct guest_place *place)
{
	uint64_t interrupts = lock_take(&table->lock);

	place->taken = false;
	lock_release(&table->lock, interrupts);
}

bool guest_create(struct guest_table *table, unsigned int id)
{
	struct guest_place *place = place_take(table);
	struct guest *guest;
	uint64_t interrupts;

	if (!place)
		return false;
	guest = &place->guest;
	memset(guest, 0, sizeof(*guest));
	guest->id = id;
	guest->references = 1;
	guest->stacks = place->stacks;
	guest->memory = table->memory;
	heap_init(&guest->heap, place->memory, place->size);
	if (!guest_init(guest, table->config)) {
		place_put(table, place);
		return false;
	}
	interrupts = lock_take(&table->lock);
	guest->next = table->first;
	table->first = guest;
	lock_release(&table->lock, interrupts);
	return true;
}

/* Under the lock. */
static struct guest **find(struct guest_table *table, unsigned int id)
{
	struct guest **link = &table->first;

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

bool guest_destroy(struct guest_table *table, unsigned int id)
{
	uint64_t interrupts = lock_take(&table->lock);
	struct guest **link = find(table, id);
	struct guest *guest = *link;

	if (guest)
		*link = guest->next;
	lock_release(&table->lock, interrupts);
	if (!guest)
		return false;
	guest_put(table, guest);
	return true;
}

struct guest *guest_get(struct guest_table *table, unsigned int id)
{
	uint64_t interrupts = lock_take(&table->lock);
	struct guest *guest = *find(table, id);

	if (guest)
		guest->references++;
	lock_release(&table->lock, interrupts);
	return guest;
}

void guest_put(struct guest_table *table, struct guest *guest)
{
	struct guest_place *place = (struct guest_place *)guest;
	uint64_t interrupts;
	bool last;

	if (!guest->id)
		return;
	interrupts = lock_take(&table->lock);
	last = !--guest->references;
	lock_release(&table->lock, interrupts);
	if (!last)
		return;
	/* All it had lies in the place, which the next one gets as new. */
	alarm_forget(place, sizeof(*place));
	alarm_forget(place->memory, place->size);
	place_put(table, place);
}

unsigned int guest_oldest(struct guest_table *table)
{
	uint64_t interrupts = lock_take(&table->lock);
	struct guest *guest = table->first;
	unsigned int id;

	while (guest && guest->next)
		guest = guest->next;
	id = guest ? guest->id : 0;
	lock_release(&table->lock, interrupts);
	return id;
}
