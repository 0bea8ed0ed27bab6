/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects of both worlds, and references on them.
 */
#ifndef QCOMTEE_OBJECT_H
#define QCOMTEE_OBJECT_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "request.h"

struct qcomtee;
struct qcomtee_context_data;
struct tee_context;
struct tee_param;
struct tee_shm;

enum qcomtee_kind {
	QCOMTEE_NULL,		/* no object */
	QCOMTEE_REMOTE,		/* of QTEE */
	QCOMTEE_USER,		/* of a process: its context serves callbacks */
	QCOMTEE_MEMORY,		/* a process's memory */
};

/**
 * struct qcomtee_remote - a reference that QTEE has given us on an object of its own
 * @qtee:	device
 * @refs:	references on the reference: tables of contexts, calls in progress
 * @id:		by which QTEE knows the object
 * @tries:	releases that failed
 * @node:	in the device's list of those that are to be released
 * @again:	puts it there once more, when a release has failed
 *
 * QTEE counts what it gives, so the same object may be here more than once. The last put makes
 * a worker tell QTEE; nobody waits for that.
 */
struct qcomtee_remote {
	struct qcomtee *qtee;
	refcount_t refs;
	u32 id;
	unsigned int tries;
	struct list_head node;
	struct delayed_work again;
};

/**
 * struct qcomtee_local - an object of the kernel that QTEE may be told of
 * @qtee:	device
 * @kind:	QCOMTEE_USER or QCOMTEE_MEMORY
 * @refs:	one for each id in the device's table, which is QTEE's, and each call in progress
 * @ctx:	context that it belongs to, with a reference
 * @user_id:	QCOMTEE_USER: by which its process knows it
 * @shm:	QCOMTEE_MEMORY: with a reference
 * @notify:	QCOMTEE_USER: QTEE has had it, so that its process is told when it is let go
 * @release:	the request that tells. It is part of the object as there must be memory for it
 */
struct qcomtee_local {
	struct qcomtee *qtee;
	enum qcomtee_kind kind;
	refcount_t refs;
	struct tee_context *ctx;
	u64 user_id;
	struct tee_shm *shm;
	bool notify;
	struct qcomtee_request release;
};

/**
 * struct qcomtee_ref - a counted reference on any object
 * @kind:	what it is
 * @remote:	QCOMTEE_REMOTE
 * @local:	QCOMTEE_USER, QCOMTEE_MEMORY
 */
struct qcomtee_ref {
	enum qcomtee_kind kind;
	union {
		struct qcomtee_remote *remote;
		struct qcomtee_local *local;
	};
};

/* object.c */
void qcomtee_locals_init(struct qcomtee *qtee);
int qcomtee_local_publish(struct qcomtee_local *local, u32 *id);
struct qcomtee_local *qcomtee_local_get(struct qcomtee *qtee, u32 id);
void qcomtee_local_put(struct qcomtee_local *local);
void qcomtee_local_free(struct qcomtee_local *local);
bool qcomtee_local_release(struct qcomtee *qtee, u32 id);
void qcomtee_local_withdraw(struct qcomtee *qtee, u32 id);
void qcomtee_locals_forget(struct qcomtee *qtee);
bool qcomtee_locals_have_memory(struct qcomtee *qtee);
int qcomtee_ref_from_param(struct qcomtee_ref *ref, struct tee_context *ctx,
			   const struct tee_param *param);
int qcomtee_ref_to_param(const struct qcomtee_ref *ref, struct tee_context *ctx,
			 struct tee_param *param);
int qcomtee_ref_from_id(struct qcomtee_ref *ref, struct qcomtee *qtee, u32 id);
int qcomtee_ref_to_id(const struct qcomtee_ref *ref, u32 *id);
void qcomtee_ref_put(struct qcomtee_ref *ref);

/* release.c */
void qcomtee_releases_init(struct qcomtee *qtee);
struct qcomtee_remote *qcomtee_remote_new(struct qcomtee *qtee, u32 id);
struct qcomtee_remote *qcomtee_remote_find(struct qcomtee_context_data *data, u64 id);
int qcomtee_remote_install(struct qcomtee_context_data *data, struct qcomtee_remote *remote,
			   u64 *id);
bool qcomtee_remote_remove(struct qcomtee_context_data *data, u64 id);
void qcomtee_remote_put(struct qcomtee_remote *remote);

#endif /* QCOMTEE_OBJECT_H */
