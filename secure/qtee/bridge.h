/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bridges: memory that the normal world has opened to the secure world. As long as it has not
 * switched them on, all of its memory is open.
 */
#ifndef QTEE_BRIDGE_H
#define QTEE_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

struct qtee;
struct smc_regs;

struct bridge {
	struct bridge *next;
	uint64_t handle;
	uint64_t address;
	uint64_t size;
};

struct bridge_table {
	bool on;		/* qtee's lock guards all */
	uint64_t last;		/* handle */
	struct bridge *first;
};

void bridge_enable(struct qtee *qtee, struct smc_regs *regs);
void bridge_create(struct qtee *qtee, struct smc_regs *regs);
void bridge_delete(struct qtee *qtee, struct smc_regs *regs);

/* Whether the secure world may use this memory of the normal world's. */
bool bridge_covers(struct qtee *qtee, uint64_t address, uint64_t size);

#endif /* QTEE_BRIDGE_H */
