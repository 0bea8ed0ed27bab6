/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects of both sides, and who holds how many references on them.
 *
 * Ours have an id, an index with a generation, which the kernel may use as long as it holds a
 * reference: it gets one each time that an object is handed to it and ends each by a RELEASE. The kernel's are
 * handed to us with a new id every time; each is given back once, by an asynchronous message.
 */
#ifndef QTEE_OBJECT_H
#define QTEE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#define OBJECTS_MAX	4096

struct conversation;
struct qtee;
struct service;

/* One of ours; the first member of what its service keeps. Freed with the last reference. */
struct object {
	const struct service *service;
	uint32_t id;
	unsigned int references;	/* all; qtee's lock */
	unsigned int exported;		/* of these the kernel's; qtee's lock */
};

/* One of the kernel's. Freed when the kernel has been told that it is released. */
struct remote {
	struct remote *next;	/* of all, later of those to be released; qtee's lock */
	uint32_t id;
	unsigned int references;	/* qtee's lock */
};

/* A reference on an object of either side; on none: NULL. */
struct ref {
	struct object *local;
	struct remote *remote;
};

static inline bool ref_is_null(const struct ref *ref)
{
	return !ref->local && !ref->remote;
}

struct object_table {
	struct object *slots[OBJECTS_MAX];
	uint32_t generations[OBJECTS_MAX];
	unsigned int next;	/* where to look for a free one */
	struct remote *remotes;
	struct remote *leftovers;	/* of calls that ended before they could be told */
	struct remote primordial;	/* is nobody's */
};

void objects_init(struct qtee *qtee);

/* Zeroed but for its head, with one reference, the caller's; NULL: no memory or no slot. */
struct object *object_new(struct qtee *qtee, const struct service *service);
/* The object with an id that the kernel may use, with another reference; else NULL. */
struct object *object_find(struct qtee *qtee, uint32_t id);
/* One reference more is the kernel's. */
void object_export(struct qtee *qtee, struct object *object);
/* The kernel gives one of its references back; false if it has none. */
bool object_unexport(struct conversation *conversation, struct object *object);

struct ref ref_get(struct qtee *qtee, const struct ref *ref);
/* May end the object, with whatever that entails. Clears @ref. */
void ref_put(struct conversation *conversation, struct ref *ref);

/* A new object of the kernel; NULL: it is there already, or no memory. */
struct remote *remote_add(struct qtee *qtee, uint32_t id);
/* It stays the kernel's, as if it had never come. */
void remote_forget(struct qtee *qtee, struct remote *remote);

/* What this conversation, or others before, could not tell the kernel yet. */
uint32_t releases_take(struct conversation *conversation, bool all, uint32_t *ids, uint32_t max);
void releases_leave_over(struct conversation *conversation);

#endif /* QTEE_OBJECT_H */
