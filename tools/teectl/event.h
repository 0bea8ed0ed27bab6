/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of either world in one form, and the three forms that they are printed in. */
#ifndef EVENT_H
#define EVENT_H

#include <stdio.h>

#include "abi/sim.h"
#include "record.h"

#define EVENT_LINE	640

/**
 * struct event - something that happened
 * @ns: when, CLOCK_MONOTONIC_RAW
 * @secure: in the secure world
 * @cpu: where
 * @pid: thread of the normal world, or index of a secure thread
 * @comm: its name
 * @name: of the event
 * @fields: its words, which lie in @line
 * @line: their text
 */
struct event {
	uint64_t ns;
	bool secure;
	unsigned int cpu;
	int pid;
	char comm[32];
	char name[48];
	struct record fields;
	char line[EVENT_LINE];
};

/**
 * event_from_line() - read a line of a trace
 * @e: event
 * @line: without the newline
 * Return: false if it is no event
 */
bool event_from_line(struct event *e, const char *line);

/**
 * struct event_clock - relation of two clocks
 * @ticks, @ns: the same moment
 * @hz: ticks a second
 */
struct event_clock {
	uint64_t ticks;
	uint64_t ns;
	uint64_t hz;
};

/* Return: false if it is of no kind that we know */
bool event_from_secure(struct event *e, const struct sim_event *raw,
		       const struct event_clock *clock);

struct event_track;

/**
 * struct event_sink - where events go
 * @out: file
 * @tracks: what the form has to remember, freed by its end
 * @num_tracks: how many
 * @printed: how many events or pieces of them
 */
struct event_sink {
	FILE *out;
	struct event_track *tracks;
	size_t num_tracks;
	size_t printed;
};

/**
 * struct event_form - a way to print events
 * @begin, @end: around all of them; may be NULL
 * @print: one
 */
struct event_form {
	void (*begin)(struct event_sink *s);
	void (*print)(struct event_sink *s, const struct event *e);
	void (*end)(struct event_sink *s);
};

extern const struct event_form event_text, event_json, event_perfetto;

#endif /* EVENT_H */
