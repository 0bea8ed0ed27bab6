/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulated secure world's console and events, through /dev/omnitee-sim. A real secure world
 * has no such thing. Tests link a world that only pretends in place of secure.c.
 */
#ifndef SECURE_H
#define SECURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/sim.h"

/**
 * struct secure - an open channel
 * @fd: of the device
 * @memory: both worlds', SIM_READ_MAX bytes
 * @phys: its physical address
 */
struct secure {
	int fd;
	void *memory;
	uint64_t phys;
};

/* All functions return 0 (or what they say) or a negative error number. */

/* -ENOENT, -ENXIO: there is no emulated secure world, or no device for it. */
int secure_open(struct secure *s);
void secure_close(struct secure *s);

/**
 * secure_log() - what was printed from a position on
 * @position: octets that were read already, moved on
 * @lost: octets that are not kept any more
 * Return: number of octets in s->memory
 */
int secure_log(struct secure *s, uint64_t *position, uint64_t *lost);
/* The same in struct sim_event. */
int secure_events(struct secure *s, uint64_t *position, uint64_t *lost);
int secure_events_switch(struct secure *s, bool on);

/**
 * secure_clock() - the secure world's clock beside ours
 * @ticks: of its clock
 * @hz: ticks a second
 * @ns: CLOCK_MONOTONIC_RAW in the same moment
 */
int secure_clock(struct secure *s, uint64_t *ticks, uint64_t *hz, uint64_t *ns);

#endif /* SECURE_H */
