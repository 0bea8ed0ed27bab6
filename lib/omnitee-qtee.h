/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libomnitee: objects of Qualcomm's QTEE. See omnitee-qtee(3).
 *
 * Functions return 0 or a negative error number. What an object itself answers is a result of its
 * own, an int32_t: 0 is success, from 10 on the object's, negative QTEE's (abi/qtee.h).
 */
#ifndef OMNITEE_QTEE_H
#define OMNITEE_QTEE_H

#include <stddef.h>
#include <stdint.h>

struct omnitee_qtee;

/**
 * struct omnitee_object - a reference on an object
 * @id: number; (uint64_t)-1 is no object
 * @flags: whose: 1 QTEE's, 2 this process's
 */
struct omnitee_object {
	uint64_t id;
	uint64_t flags;
};

#define OMNITEE_NO_OBJECT	((struct omnitee_object){ .id = (uint64_t)-1 })
#define OMNITEE_ROOT		OMNITEE_NO_OBJECT

enum omnitee_arg_kind {
	OMNITEE_IN,		/* buffer for the object */
	OMNITEE_OUT,		/* buffer for the caller; size: room, afterwards octets */
	OMNITEE_OBJECT_IN,
	OMNITEE_OBJECT_OUT,
};

/* One argument. Within a kind the order counts. */
struct omnitee_arg {
	enum omnitee_arg_kind kind;
	void *data;
	size_t size;
	struct omnitee_object object;
};

#define OMNITEE_MAX_ARGS	60

/*
 * An operation of an exported object. Fills outputs: data of OMNITEE_OUT points at @size octets of
 * room, at a multiple of 8. Objects that come in are the callee's to release. Returns the result.
 * Of negative ones the kernel passes on DEFUNCT (-90), UNAVAIL (-96), KMEM (-97) and BUSY (-99);
 * of others it makes ERROR (1). Calls come from threads of the library, several at once.
 */
typedef int32_t (*omnitee_call)(void *data, uint32_t op, struct omnitee_arg *args,
				unsigned int num_args);
/* QTEE has let the object go, as often as it was passed to it. */
typedef void (*omnitee_gone)(void *data);

/* Opens a device, or with NULL the first QTEE there is, and begins to serve callbacks. */
int omnitee_qtee_open(const char *path, struct omnitee_qtee **qtee);
/*
 * Objects of this process are defunct from now on. Waits for operations of exported objects, and
 * for invocations, that are running. Not from within a callback.
 */
void omnitee_qtee_close(struct omnitee_qtee *qtee);

/* A client environment, with the credentials of this process; from any thread. */
int omnitee_qtee_register(struct omnitee_qtee *qtee, struct omnitee_object *env, int32_t *result);
/* The service of a UID. */
int omnitee_qtee_service(struct omnitee_qtee *qtee, struct omnitee_object env, uint32_t uid,
			 struct omnitee_object *service, int32_t *result);
int omnitee_qtee_invoke(struct omnitee_qtee *qtee, struct omnitee_object object, uint32_t op,
			struct omnitee_arg *args, unsigned int num_args, int32_t *result);
/* Lets an object of QTEE go. */
int omnitee_qtee_release(struct omnitee_qtee *qtee, struct omnitee_object object);

/*
 * Makes an object that may be passed to QTEE as often as one likes; @gone may be NULL. It lasts
 * until omnitee_qtee_close().
 */
int omnitee_qtee_export(struct omnitee_qtee *qtee, omnitee_call call, omnitee_gone gone,
			void *data, struct omnitee_object *object);

#endif /* OMNITEE_QTEE_H */
