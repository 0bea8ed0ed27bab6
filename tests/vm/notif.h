/* SPDX-License-Identifier: BSD-2-Clause */
/* Asynchronous notifications: waiters, and the secure world's side of them. */
#ifndef NOTIF_H
#define NOTIF_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "client.h"

extern const uint8_t app_sleeper[TEE_IOCTL_UUID_LEN];

/* Notifications come with an interrupt here, and the driver listens; else the case is skipped. */
void notif_need(void);
/* The same, but the interrupt is OP-TEE's own, and the driver fetches values in it: not over FF-A. */
void notif_need_own_interrupt(void);
/* And the interrupt is one of each CPU, or is not. */
void notif_need_pcpu(bool pcpu);

/* The largest value that the secure world announces. */
uint64_t notif_max_value(void);

/**
 * struct notif_waiter - a secure thread that waits for a value, in a call of a thread
 * @sleeper: its session
 * @value: for what
 * @ms: time limit, 0 for none
 * @thread: who drives the call
 * @ended: the call has ended
 * @ret: result of the wait
 * @rc: of the ioctl
 */
struct notif_waiter {
	struct client sleeper;
	uint32_t value;
	uint32_t ms;
	pthread_t thread;
	atomic_bool ended;
	uint32_t ret;
	int rc;
};

/*
 * Begins a wait for what will be posted from now on; returns when it is under way. The other one
 * takes what was posted before, too.
 */
void notif_wait_start(struct notif_waiter *w, uint32_t value);
void notif_wait_start_kept(struct notif_waiter *w, uint32_t value);
/* Waits for its end; the result of the wait. */
uint32_t notif_wait_end(struct notif_waiter *w);
/* Whether it has ended within a moment. */
bool notif_wait_has_ended(struct notif_waiter *w);

/* A command of sleeper in this thread. */
uint32_t notif_call(const struct client *c, uint32_t command, uint32_t a, uint32_t b);

/* @flags: SIM_NOTIFY_*; the second one for the interrupt of a certain CPU */
void notif_raise(uint64_t flags, unsigned int value);
void notif_raise_at(uint64_t flags, unsigned int value, unsigned int cpu);
/* @count notifications, one every @us microseconds; returns at once. */
void notif_storm(uint64_t flags, unsigned int value, uint32_t count, uint32_t us);

/* Values posted and not fetched. */
uint64_t notif_pending_values(void);
/* Waits until none are. */
void notif_settle(void);

/* Number of the Linux interrupt, interrupts so far on all CPUs or one, unhandled ones. */
unsigned int notif_irq(void);
uint64_t notif_interrupts(int cpu);
uint64_t notif_unhandled(void);

#endif /* NOTIF_H */
