/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks. A holder runs with interrupts masked: a thread that left its CPU while
 * holding one could be resumed late or never, as the normal world pleases.
 *
 * Order, outer first: session, shm, threads, heap, console; qtee, heap, console. Faults nest with nothing but the
 * console. PSCI comes before alarms and notifications, the input of the console and these two
 * nest with nothing else. A top half runs where no lock is held, as locks mask interrupts. Events nest with nothing.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include <stdint.h>

struct lock {
	uint32_t taken;
};

/**
 * lock_take() - mask interrupts and wait for a lock
 * @lock:	lock
 *
 * Return: what lock_release() wants back.
 */
uint64_t lock_take(struct lock *lock);
void lock_release(struct lock *lock, uint64_t interrupts);

#endif /* CORE_LOCK_H */
