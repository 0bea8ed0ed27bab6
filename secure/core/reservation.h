/* SPDX-License-Identifier: BSD-2-Clause */
/* Secure threads that are kept back for system calls, see abi/optee_system.h. */
#ifndef CORE_RESERVATION_H
#define CORE_RESERVATION_H

#include <stdbool.h>
#include <stdint.h>

struct guest;
struct thread_pool;

/* Under the pool's lock. An entry is in use as long as reserved or used is not 0. */
struct reservation {
	uint64_t cookie;
	unsigned int reserved;	/* threads kept back */
	unsigned int used;	/* calls on them, more than reserved if some were released */
};

/* One thread more is kept back for the cookie; false if ordinary calls would have none. */
bool reservation_add(struct guest *guest, uint64_t cookie);
/* One less; false if there is none. */
bool reservation_remove(struct guest *guest, uint64_t cookie);
/* None at all: calls that run go on as ordinary ones. When a guest goes, and when it asks. */
void reservations_drop(struct guest *guest);

/*
 * Under the pool's lock: whether a call may have a thread, if one is free. @cookie NULL: an
 * ordinary call. @entry receives the entry that it counts for, until reservation_leave().
 */
bool reservation_enter(struct thread_pool *pool, const uint64_t *cookie,
		       struct reservation **entry);
void reservation_leave(struct thread_pool *pool, struct reservation *entry);

#endif /* CORE_RESERVATION_H */
