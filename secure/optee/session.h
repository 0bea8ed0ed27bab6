/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions between a client of the normal world and an application. */
#ifndef OPTEE_SESSION_H
#define OPTEE_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include "app.h"
#include "lock.h"

/*
 * Known from open until close, which may come while commands run: the application's
 * close is called, and the memory freed, when the last of them has ended.
 */
struct session {
	struct session *next;		/* table's lock */
	uint32_t id;
	unsigned int references;	/* table's lock; the table holds one itself */
	unsigned int commands;		/* table's lock; under way */
	bool cancelled;			/* atomic; concerns the commands under way */
	const struct app *app;
	void *state;			/* of the application in this guest */
	void *data;			/* the application's, of this session */
	uint32_t login;
	uint8_t client[16];
};

struct session_table {
	struct lock lock;
	struct session *first;
	uint32_t last_id;
	void **states;			/* by index of the application */
};

/* False if there is no memory for the applications' states. */
bool session_table_init(struct guest *guest);

/* A session that nobody knows yet, or NULL without memory. @app is an index. */
struct session *session_new(struct guest *guest, unsigned int app);
/* Give it an identifier; the table takes over the caller's reference. */
uint32_t session_publish(struct guest *guest, struct session *session);
/* For a session that never was published. */
void session_discard(struct guest *guest, struct session *session);

/* Look up for a command, with a reference; NULL if there is none. */
struct session *session_begin(struct guest *guest, uint32_t id);
void session_end(struct guest *guest, struct session *session);

/* False if there is none. */
bool session_close(struct guest *guest, uint32_t id);
bool session_cancel(struct guest *guest, uint32_t id);

static inline bool session_cancelled(const struct session *session)
{
	return __atomic_load_n(&session->cancelled, __ATOMIC_RELAXED);
}

#endif /* OPTEE_SESSION_H */
