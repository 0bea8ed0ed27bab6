/* SPDX-License-Identifier: BSD-2-Clause */
/* What tests read of the secure world, see abi/sim.h. */
#ifndef SIM_COUNTERS_H
#define SIM_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>
#include "sim.h"

struct guest;

struct counters {
	uint64_t value[SIM_COUNTER_COUNT];	/* atomic */
};

void counter_add(struct guest *guest, unsigned int counter, int64_t amount);
void counter_set(struct guest *guest, unsigned int counter, uint64_t value);
/* Raise the high-water mark to the present value; the pool's lock is held. */
void counter_mark(struct guest *guest, unsigned int counter, unsigned int mark);
/* False if there is no such counter. */
bool counter_read(struct guest *guest, uint64_t counter, uint64_t *value);
void counter_reset_marks(struct guest *guest);

#endif /* SIM_COUNTERS_H */
