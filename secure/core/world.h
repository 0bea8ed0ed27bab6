/* SPDX-License-Identifier: BSD-2-Clause */
/* The secure world as a whole. */
#ifndef CORE_WORLD_H
#define CORE_WORLD_H

#include "config.h"
#include "guest.h"
#include "psci_cpu.h"

struct world {
	struct config config;
	struct psci psci;
	struct guest guest;	/* number 0 */
};

/**
 * world_guest() - whose call it is
 * @world:	the secure world
 * @client:	a7 of the call
 *
 * The one place where guest ids are looked at. Without virtualisation a7 means nothing,
 * as in a trusted OS built without it.
 */
static inline struct guest *world_guest(struct world *world, uint64_t client)
{
	(void)client;
	return &world->guest;
}

#endif /* CORE_WORLD_H */
