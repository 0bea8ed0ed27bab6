/* SPDX-License-Identifier: BSD-2-Clause */
/* debugfs, tracing and a secure world that only pretend; see mock-look.c. */
#ifndef MOCK_LOOK_H
#define MOCK_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/sim.h"

struct mock_file {
	const char *device;
	const char *file;
	const char *text;
};

/**
 * struct mock_look - what is there, and what was done to it
 * @files: of debugfs, ended by an empty one
 * @error: result of reading any, 0: it works
 * @written: last text that was written, with its file
 * @trace: lines that events give
 * @trace_error: result of beginning a trace
 * @tracing: a trace was begun and not ended
 * @secure_error: result of opening the secure world
 * @log: its console
 * @log_lost: octets that it does not keep
 * @events: of it
 * @num_events: how many
 * @recording: events are switched on
 * @open: channels that are open
 */
struct mock_look {
	const struct mock_file *files;
	int error;
	char written[64];
	const char *trace;
	int trace_error;
	bool tracing;
	int secure_error;
	const char *log;
	uint64_t log_lost;
	const struct sim_event *events;
	size_t num_events;
	bool recording;
	int open;
};

extern struct mock_look mock_look;

#endif /* MOCK_LOOK_H */
