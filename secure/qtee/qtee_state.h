/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that the emulated QTEE keeps. */
#ifndef QTEE_STATE_H
#define QTEE_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include "bridge.h"
#include "lock.h"
#include "object.h"
#include "qtee.h"

struct config;
struct conversation;
struct guest;

struct qtee {
	struct guest *guest;	/* its memory, heap, counters and faults */
	struct lock lock;
	struct object_table objects;
	struct bridge_table bridges;
	struct conversation *conversations;
	unsigned int count;
	uint64_t kept;		/* lock; page of a call that was said to be over, until it is named */
	unsigned int wakes;	/* lock; that the kernel has yet to be told of */
};

/* False if there is not enough memory. */
bool qtee_init(struct qtee *qtee, struct guest *guest, const struct config *config);

/* Count a refusal and say on the console why; the caller's doing, so limited. */
#define qtee_refused(qtee, format, ...) do {						\
	counter_add((qtee)->guest, SIM_COUNTER_REFUSALS, 1);				\
	log_limited("qtee: refused: " format, ##__VA_ARGS__);				\
} while (0)

#endif /* QTEE_STATE_H */
