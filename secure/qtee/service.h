/* SPDX-License-Identifier: BSD-2-Clause */
/* What answers calls of an object: services that can be opened, and what they hand out. */
#ifndef QTEE_SERVICE_H
#define QTEE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arguments.h"
#include "conversation.h"
#include "qtee_services.h"
#include "qtee_state.h"

/* A call under way. OO are references that pass to the caller if the result is QTEE_OK. */
struct call {
	struct conversation *conversation;
	struct qtee *qtee;
	struct object *object;		/* NULL: the root */
	uint32_t op;
	struct arguments args;
};

enum service_access {
	SERVICE_FOR_CLIENTS,		/* with credentials */
	SERVICE_FOR_ALL,		/* without, too */
	SERVICE_FOR_KERNEL,		/* a privileged environment */
};

struct service {
	const char *name;
	uint32_t uid;			/* 0: cannot be opened */
	enum service_access access;
	size_t size;			/* of its object, which begins with struct object */
	/* Several calls of one object may be under way on several CPUs. */
	int32_t (*invoke)(struct call *call);
	/* The last reference is gone; may call the kernel. May be NULL. */
	void (*release)(struct conversation *conversation, struct object *object);
};

extern const struct service service_environment, service_echo, service_counter, service_caller,
	service_memory, service_keeper, service_sleeper, service_liar, service_identity,
	service_privileged, service_versions, service_diagnostics, service_loader,
	service_controller, service_skeleton, service_test;

/* The one with this UID, or NULL. */
const struct service *service_find(uint32_t uid);

/* The root object and environments, see root.c. */
int32_t root_invoke(struct call *call);

/* QTEE_OK if the call has these counts. */
int32_t call_expect(const struct call *call, uint32_t counts);
/* IB @n, which must have exactly @size octets. */
int32_t call_read(const struct call *call, unsigned int n, void *to, size_t size);
/* OB @n, which shrinks to @size octets. */
int32_t call_write(struct call *call, unsigned int n, const void *from, size_t size);
/* A new object as OO @n. */
int32_t call_give_new(struct call *call, unsigned int n, const struct service *service);
/* Another reference as OO @n. */
void call_give(struct call *call, unsigned int n, const struct ref *ref);
/* The called object itself. */
struct ref call_self(const struct call *call);

#endif /* QTEE_SERVICE_H */
