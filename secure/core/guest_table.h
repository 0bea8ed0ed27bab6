/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests by number, where the secure world is virtualised. Each has its piece of secure
 * memory, cut at boot: its heap, its threads and their stacks. It can starve only itself.
 */
#ifndef CORE_GUEST_TABLE_H
#define CORE_GUEST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config.h"
#include "guest.h"
#include "lock.h"

/* Room for one guest; never freed. */
struct guest_place {
	struct guest guest;
	void *memory;		/* the guest's heap */
	size_t size;
	void *stacks[CONFIG_THREADS_MAX];
	bool taken;		/* table's lock */
};

struct guest_table {
	struct lock lock;
	const struct config *config;
	struct nsmem memory;
	struct guest_place *places;
	unsigned int count;
	struct guest *first;	/* newest first, so that of two with a number it is found */
};

/**
 * guest_table_init() - make room for guests
 * @table:	zeroed
 * @config:	says for how many, and lives on
 * @heap:	whence their memory is
 * @size:	octets of it that they share
 * @memory:	of the normal world
 *
 * Return: false if it does not suffice.
 */
bool guest_table_init(struct guest_table *table, const struct config *config, struct heap *heap,
		      size_t size, const struct nsmem *memory);

/* False if there is no room for another one. That there is one of this number is no obstacle. */
bool guest_create(struct guest_table *table, unsigned int id);

/**
 * guest_destroy() - nobody finds a guest any more
 * @table:	table
 * @id:		its number
 *
 * What it has is freed when the last CPU has left it. Its suspended threads are on no CPU:
 * they vanish.
 *
 * Return: false if there is none.
 */
bool guest_destroy(struct guest_table *table, unsigned int id);

/* With a reference, for as long as this CPU is in it; NULL if there is none. */
struct guest *guest_get(struct guest_table *table, unsigned int id);
/* Guest 0 stays, whoever puts it. */
void guest_put(struct guest_table *table, struct guest *guest);

/* Number of the oldest one, 0 if there is none. */
unsigned int guest_oldest(struct guest_table *table);

#endif /* CORE_GUEST_TABLE_H */
