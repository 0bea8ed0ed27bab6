/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alarms: points in time at which the secure world gets a CPU for a moment, whatever runs
 * there. One CPU's secure timer serves all of them; another takes over when it goes down.
 */
#ifndef CORE_ALARM_H
#define CORE_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu;

/* The caller's memory, zeroed before its first use, which must not go while it is set. */
struct alarm {
	struct alarm *next;	/* alarms' lock */
	uint64_t time;		/* ticks */
	bool set;		/* alarms' lock */
	/* On any CPU, interrupts masked, without a lock; may set the alarm again. */
	void (*ring)(struct alarm *alarm);
};

/* Set, or set anew. @microseconds from now. */
void alarm_set(struct alarm *alarm, uint64_t microseconds);

/* Alarms in this memory, which is to go, ring no more, nor are they ringing. */
void alarm_forget(const void *memory, size_t size);

/* Not set afterwards; it may be ringing on another CPU. */
void alarm_cancel(struct alarm *alarm);

/* The secure timer's interrupt, or a kick from another CPU. */
void alarm_interrupt(void);

/* @cpu goes down and @heir stays. */
void alarm_move(struct cpu *cpu, struct cpu *heir);

#endif /* CORE_ALARM_H */
