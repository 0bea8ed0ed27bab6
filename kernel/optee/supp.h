/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The supplicant and what it is asked for, see supp.c.
 */
#ifndef OPTEE_SUPP_H
#define OPTEE_SUPP_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <omnitee/tee_core.h>

struct optee_call;
struct pid;

enum optee_supp_req_state {
	OPTEE_SUPP_REQ_QUEUED,		/* or not asked yet */
	OPTEE_SUPP_REQ_TAKEN,		/* by the supplicant */
	OPTEE_SUPP_REQ_ANSWERED,	/* out of the queue */
};

/**
 * struct optee_supp_req - a request for the supplicant
 * @refcount:	of who asks, and of the queue
 * @node:	in one of its lists
 * @state:	where it is
 * @revoked:	nobody waits for the answer
 * @done:	the answer is there, or will not come
 * @id:		by which the supplicant knows it; given when it is queued
 * @func:	what to do
 * @server:	thread that has taken it, with a reference; set before it can wait itself
 * @supp:	whose request; constant from when it is asked
 * @ret:	result
 * @generation:	of the supplicant that it is for, 0 for any. Of an answer that names
 *		memory: of who gave it
 * @shm:	that memory, with a reference for who asked
 * @num_params:	how many
 * @params:	they; memory is kept alive by who asks, so it is valid until it is revoked
 *
 * All that changes is guarded by the supplicant's lock while the request is in the queue,
 * and belongs to who asks before and after.
 */
struct optee_supp_req {
	refcount_t refcount;
	struct list_head node;
	enum optee_supp_req_state state;
	bool revoked;
	struct completion done;
	u64 id;
	u32 func;
	struct pid *server;
	struct optee_supp *supp;
	u32 ret;
	u64 generation;
	struct tee_shm *shm;
	u32 num_params;
	struct tee_param params[];
};

/**
 * struct optee_supp - the supplicant
 * @lock:	guards the rest
 * @ctx:	of its open file, or NULL
 * @generation:	how many there have been
 * @process:	that asked for work last, with a reference, or NULL; read without the lock
 * @processes:	there are several of these
 * @gone:	the device is being removed
 * @queued:	requests, first come first served; each holds a reference
 * @taken:	those that it works on, and revoked ones that it still has to answer
 * @sync:	the one of @taken that it will answer without an id
 * @last_id:	ids are never used again
 * @wait:	for requests
 */
struct optee_supp {
	spinlock_t lock;	/* guards the rest */
	struct tee_context *ctx;
	u64 generation;
	struct pid *process;
	bool processes;
	bool gone;
	struct list_head queued;
	struct list_head taken;
	struct optee_supp_req *sync;
	u64 last_id;
	wait_queue_head_t wait;
};

void optee_supp_init(struct optee_supp *supp);
void optee_supp_stop(struct optee_supp *supp);
struct optee_supp_req *optee_supp_req_alloc(u32 func, u32 num_params);
void optee_supp_req_put(struct optee_supp_req *req);
u32 optee_supp_ask(struct optee_call *call, struct optee_supp_req *req);
extern const struct tee_driver_ops optee_supp_ops;

#endif /* OPTEE_SUPP_H */
