/* SPDX-License-Identifier: BSD-2-Clause */
/* What an application is, and what it may do with its parameters. */
#ifndef APPS_APP_H
#define APPS_APP_H

#include <stdbool.h>
#include <stdint.h>
#include "shm.h"

struct guest;
struct message;
struct session;
struct thread;

#define APP_PARAMS		4

/* GlobalPlatform's numbers of parameter types. */
#define APP_NONE		0
#define APP_VALUE_INPUT		1
#define APP_VALUE_OUTPUT	2
#define APP_VALUE_INOUT		3
#define APP_MEMREF_INPUT	5
#define APP_MEMREF_OUTPUT	6
#define APP_MEMREF_INOUT	7

struct app_value {
	uint32_t a;
	uint32_t b;
};

/*
 * Memory of the normal world, which may change it meanwhile, and which need not lie in a
 * row: only the functions below reach it. The application sets size to what it wrote, or
 * would have liked to. room is what there really is.
 */
struct app_memref {
	struct shm *shm;	/* NULL: there is none, and size is 0 */
	uint64_t offset;
	uint64_t size;
	uint64_t room;
};

struct app_param {
	unsigned int type;
	struct app_value value;
	struct app_memref memref;
};

/* One call of an application, on the stack of its thread. */
struct app_call {
	struct guest *guest;
	struct thread *thread;
	struct message *message;	/* RPCs are a part of it */
	struct session *session;
	void *state;		/* of the application in this guest */
	struct app_param params[APP_PARAMS];
};

/**
 * struct app - an application
 * @name:	for the console
 * @uuid:	octets in RFC 4122 order
 * @state_size:	zeroed memory that all its sessions of one guest share
 * @open:	a session begins; may be NULL
 * @invoke:	a command; several may run at once, in one session too
 * @close:	the session's last command has ended; may be NULL
 * @bottom_half: the normal world calls after a top half has posted NOTIF_BOTTOM_HALF, for
 *		whichever application; @state as in struct app_call. May be NULL
 *
 * open may hang memory of the guest's heap on session->data; close frees it. A panic
 * changes nothing of that, but the shared memory is zeroed after the last close.
 */
struct app {
	const char *name;
	uint8_t uuid[16];
	size_t state_size;
	uint32_t (*open)(struct app_call *call);
	uint32_t (*invoke)(struct app_call *call, uint32_t command);
	void (*close)(struct guest *guest, struct session *session);
	void (*bottom_half)(struct message *message, void *state);
};

extern const struct app *const apps[];
extern const unsigned int app_count;

extern const struct app app_echo;
extern const struct app app_enumerator;
extern const struct app app_hog;
extern const struct app app_panicker;
extern const struct app app_params;
extern const struct app app_rng;
extern const struct app app_sleeper;
extern const struct app app_slow;
extern const struct app app_storage;
extern const struct app app_system_service;
extern const struct app app_timer;
extern const struct app app_uart;

/*
 * The application panics: all its sessions in this guest are dead. For open and invoke,
 * which return at once then, whatever.
 */
void app_panic(struct app_call *call);

/* Whether the types are exactly these. */
bool app_types_are(const struct app_call *call, unsigned int p0, unsigned int p1,
		   unsigned int p2, unsigned int p3);

/* Inside the memref's room: copy, or visit the pieces that lie in a row. */
void memref_read(const struct app_memref *memref, uint64_t offset, void *to, uint64_t size);
void memref_write(const struct app_memref *memref, uint64_t offset, const void *from,
		  uint64_t size);
uint8_t *memref_piece(const struct app_memref *memref, uint64_t offset, uint64_t *size);

#endif /* APPS_APP_H */
