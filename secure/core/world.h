/* SPDX-License-Identifier: BSD-2-Clause */
/* The secure world as a whole. */
#ifndef CORE_WORLD_H
#define CORE_WORLD_H

#include "config.h"
#include "guest_table.h"
#include "psci_cpu.h"
#include "qtee_state.h"
#include "record.h"
#include "spmc.h"

struct world {
	struct config config;
	struct psci psci;
	struct guest guest;	/* number 0 */
	struct guest_table guests;	/* the others */
	struct spmc spmc;
	struct record record;
	struct qtee qtee;	/* guest 0's, which is its only one */
	unsigned int sim_guest;	/* whom the control channel concerns; 0: see control.c */
};

/* The guest that there is from the start, with hypervisor=on. */
#define WORLD_HOSTED_GUEST	1

/**
 * world_init() - make the guests
 * @world:	secure world, its configuration is set
 * @memory:	of the normal world
 * @heap:	secure memory for all guests
 * @size:	octets of it
 *
 * Return: false if it does not suffice.
 */
bool world_init(struct world *world, const struct nsmem *memory, void *heap, size_t size);

/**
 * world_device_guest() - whom devices and the control channel serve
 * @world:	the secure world
 *
 * Return: the oldest guest, or number 0 if there is none, for guest_put()
 */
struct guest *world_device_guest(struct world *world);

#endif /* CORE_WORLD_H */
