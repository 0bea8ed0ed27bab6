/* SPDX-License-Identifier: BSD-2-Clause */
/* What the secure world notes of what it does, while it is told to. */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdint.h>

#include "world.h"

/**
 * struct events - a reader of them
 * @pages: where they are read to
 * @position: of the next
 */
struct events {
	struct shared_pages pages;
	uint64_t position;
};

/* From here on. Skips the case without the emulated secure world. */
void events_begin(struct events *e);
/* How many there have been, since this was asked last, of a kind (SIM_EVENT_*), with this first word. */
unsigned int events_count(struct events *e, unsigned int kind, uint32_t a);
void events_end(struct events *e);

#endif /* EVENTS_H */
