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
	struct app_instance *instance;
	void *data;			/* the application's, of this session */
	uint32_t login;
	uint8_t client[16];
};

/* An application in this guest, with or without sessions. */
struct app_instance {
	void *state;			/* its sessions share it */
	unsigned int sessions;		/* table's lock; known or not */
	bool dead;			/* table's lock; it panicked, sessions remain */
};

struct session_table {
	struct lock lock;
	struct session *first;
	uint32_t last_id;
	struct app_instance *instances;	/* by index of the application */
};

/* False if there is no memory for the applications' states. */
bool session_table_init(struct guest *guest);

/**
 * session_new() - a session that nobody knows yet
 * @guest:	whose
 * @app:	index of the application
 * @session:	receives it
 *
 * Return: TEE_SUCCESS, TEE_ERROR_OUT_OF_MEMORY or, if the application panicked and
 * sessions of that time are still there, TEE_ERROR_TARGET_DEAD.
 */
uint32_t session_new(struct guest *guest, unsigned int app, struct session **session);
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

/* The session's application panicked, in whichever of its sessions. */
void session_kill(struct guest *guest, struct session *session);
bool session_dead(struct guest *guest, struct session *session);

static inline bool session_cancelled(const struct session *session)
{
	return __atomic_load_n(&session->cancelled, __ATOMIC_RELAXED);
}

#endif /* OPTEE_SESSION_H */
