/* SPDX-License-Identifier: BSD-2-Clause */
/* The last calls to the trusted OS, for tests that care about their order or their absence. */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include "lock.h"
#include "sim.h"

struct record {
	struct lock lock;
	uint64_t count;		/* ever */
	struct {
		uint32_t id;
		uint64_t client;
	} calls[SIM_CALLS_KEPT];
};

void record_call(struct record *record, uint32_t id, uint64_t client);

/**
 * record_read() - look at a call
 * @record:	record
 * @number:	of the call, from 0 on
 * @id:		receives its function
 * @client:	and its a7
 *
 * Return: false if it is too old, or yet to come.
 */
bool record_read(struct record *record, uint64_t number, uint64_t *id, uint64_t *client);

#endif /* SIM_RECORD_H */
