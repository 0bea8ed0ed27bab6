/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: how often and with which argument the secure world shall misbehave. */
#ifndef FAULT_FAULT_H
#define FAULT_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include "lock.h"
#include "sim.h"
#include "string.h"

struct faults {
	struct lock lock;
	struct {
		uint64_t count;		/* times left */
		uint64_t argument;
	} of[SIM_FAULT_COUNT];
};

/* Number of the fault with a name, as --secure fault=... gives it; 0 if there is none. */
unsigned int fault_by_name(struct text name);

/* False if there is no such fault. */
bool fault_set(struct faults *faults, uint64_t fault, uint64_t count, uint64_t argument);
void fault_clear_all(struct faults *faults);

/**
 * fault_take() - ask whether to misbehave now
 * @faults:	table
 * @fault:	SIM_FAULT_*
 * @argument:	receives the fault's argument, may be NULL
 *
 * Return: true if so, and one time less is left.
 */
bool fault_take(struct faults *faults, unsigned int fault, uint64_t *argument);

/* The same for one that only applies if the upper half of its argument is @key. */
bool fault_take_for(struct faults *faults, unsigned int fault, uint32_t key,
		    uint32_t *argument);

#endif /* FAULT_FAULT_H */
