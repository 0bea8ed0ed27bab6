/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside qcomtee.ko: the device, its contexts, what both worlds call.
 *
 * Locks. qcomtee_context_data.lock guards the requests of a context, qcomtee.lock the lists of a
 * device; the locks of the two xarrays guard lookups against the last put. The only nesting is
 * qcomtee.lock, then qcomtee_context_data.lock; no reference is dropped inside any of them, since
 * the last one of a user's object queues a request. The turn of smc.c is kept for one call with its
 * interruptions, and never while a callback is served.
 */
#ifndef QCOMTEE_H
#define QCOMTEE_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <abi/qtee.h>
#include <omnitee/tee_core.h>

#include "object.h"

struct platform_device;
struct qcomtee_conv;

/* How many conversations keep their pages while nobody has one: one for each CPU of a phone. */
#define QCOMTEE_IDLE_CONVS	8

/* How long a call may last when the device goes. */
#define QCOMTEE_GONE_MS		2000

/**
 * struct qcomtee_step - one of the two calls, and how far it got
 * @qtee:	device, NULL before there is one
 * @respond:	answer the callback that lies in the outbound pages; else begin a conversation
 * @killable:	the caller can be killed, and somebody else goes on
 * @interrupted: it was begun, by a caller who was killed; nobody else's calls are made meanwhile
 * @lost:	out: it was begun, and nothing will end it
 * @session:	of one that was interrupted
 * @in:		inbound pages, only to begin
 * @in_size:	bytes
 * @out:	outbound pages
 * @out_size:	bytes
 * @result:	out: x2 of the return
 * @response:	out: x1 of the return
 */
struct qcomtee_step {
	struct qcomtee *qtee;
	bool respond;
	bool killable;
	bool interrupted;
	bool lost;
	u64 session;
	phys_addr_t in;
	size_t in_size;
	phys_addr_t out;
	size_t out_size;
	u64 result;
	u64 response;
};

/**
 * struct qcomtee_transport - a way of making the two calls
 * @name:	for the log
 * @call:	makes one. Returns 0 when QTEE has returned; -EINTR if the caller was killed
 *		before it was begun; -EINPROGRESS if he was killed later: the same step is to be
 *		made again by somebody else; -EBUSY if QTEE has no room for it, -EAGAIN if it is
 *		not the caller's turn, who is a worker, and nothing has happened; another errno if
 *		it has failed
 *
 * It may sleep, and ends when QTEE returns.
 */
struct qcomtee_transport {
	const char *name;
	int (*call)(struct qcomtee_step *step);
};

/**
 * struct qcomtee_buf - whole contiguous pages that QTEE may be told of
 * @va:		kernel address, NULL if there are none
 * @pa:		physical address
 * @size:	bytes
 * @bridge:	handle of the shared-memory bridge, 0 if none is needed
 */
struct qcomtee_buf {
	void *va;
	phys_addr_t pa;
	size_t size;
	u64 bridge;
};

/**
 * struct qcomtee - a device
 * @dev:	platform device
 * @transport:	how QTEE is called
 * @pool:	memory of users' memory objects
 * @teedev:	what clients see
 * @locals:	objects of the kernel by their id without bit 31; QTEE has a reference on each
 * @next_local:	where to look for the next free id; under the lock of @locals
 * @gone:	the device is being removed: no object gets an id. Under the lock of @locals
 * @gone_at:	when that began, jiffies; set before @gone
 * @given_up:	a call has not ended since then, in its time
 * @workers:	releases, and conversations whose client was killed
 * @resumer:	goes on with the one call that may be interrupted, for which @workers may wait
 * @idle:	conversations that nobody has, exchanged atomically
 * @pending:	objects of QTEE that are known here, and conversations of @workers
 * @drained:	woken when @pending becomes 0
 * @releaser:	gives back what is in @released, on @workers
 * @lock:	guards @contexts, @lost, @released
 * @contexts:	all of them
 * @lost:	conversations that QTEE has not ended, with their pages
 * @released:	objects of QTEE that nobody here refers to
 * @version:	of QTEE, 0 if it did not tell
 */
struct qcomtee {
	struct device *dev;
	const struct qcomtee_transport *transport;
	struct tee_shm_pool pool;
	struct tee_device *teedev;
	struct xarray locals;
	u32 next_local;
	bool gone;
	unsigned long gone_at;
	bool given_up;
	struct workqueue_struct *workers;
	struct workqueue_struct *resumer;
	struct qcomtee_conv *idle[QCOMTEE_IDLE_CONVS];
	atomic_t pending;
	wait_queue_head_t drained;
	struct work_struct releaser;
	spinlock_t lock;	/* guards contexts, lost, released */
	struct list_head contexts;
	struct list_head lost;
	struct list_head released;
	u32 version;
};

/**
 * struct qcomtee_context_data - a context: client and supplicant at once
 * @node:	in the device's list
 * @ctx:	context
 * @objects:	objects of QTEE by the id that user space knows; the table has a reference
 * @lock:	guards all that follows
 * @queued:	requests that nobody has taken, in the order in which they came
 * @taken:	requests that are being delivered, or wait for their answer
 * @last_place:	of the last request that came
 * @last_id:	of the last request that was delivered; never used again
 * @waiting:	receivers that wait for a request
 * @wait:	where they wait, exclusively
 * @released:	the file was closed, or the device is being removed: there are no more requests
 *
 * It lives as long as the context: QTEE's reference on an object of the context is one on the
 * context.
 */
struct qcomtee_context_data {
	struct list_head node;
	struct tee_context *ctx;
	struct xarray objects;
	spinlock_t lock;	/* guards the requests */
	struct list_head queued;
	struct list_head taken;
	u64 last_place;
	u64 last_id;
	unsigned int waiting;
	wait_queue_head_t wait;
	bool released;
};

/* core.c */
struct qcomtee *qcomtee_of(const struct tee_context *ctx);
void qcomtee_pending_put(struct qcomtee *qtee);
bool qcomtee_gone_for(const struct qcomtee *qtee, unsigned long begin, unsigned int ms);

static inline void qcomtee_pending_get(struct qcomtee *qtee)
{
	atomic_inc(&qtee->pending);
}

/* detect.c */
const struct qcomtee_transport *qcomtee_transport_of(struct platform_device *pdev);
int qcomtee_detect(void);
void qcomtee_detect_undo(void);

/* smc.c, scm.c */
extern const struct qcomtee_transport qcomtee_smc_transport;
extern const struct qcomtee_transport qcomtee_scm_transport;
bool qcomtee_smc_answers(void);

/* version.c */
void qcomtee_ask_version(struct qcomtee *qtee);

/* shm.c */
extern const struct tee_shm_pool_ops qcomtee_pool_ops;
int qcomtee_buf_alloc(struct qcomtee *qtee, struct qcomtee_buf *buf, size_t size, gfp_t gfp);
void qcomtee_buf_free(struct qcomtee_buf *buf);

/* call.c */
int qcomtee_object_invoke(struct tee_context *ctx, struct tee_ioctl_object_invoke_arg *arg,
			  struct tee_param *param);
void qcomtee_object_invoke_undo(struct tee_context *ctx, const struct tee_param *param,
				u32 num_params);

/* supp.c */
void qcomtee_supp_init(struct qcomtee_context_data *data);
void qcomtee_supp_stop(struct qcomtee_context_data *data);
int qcomtee_supp_recv(struct tee_context *ctx, u32 *func, u32 *num_params,
		      struct tee_param *param);
void qcomtee_supp_recv_done(struct tee_context *ctx, u32 num_params,
			    const struct tee_param *param, int rc);
int qcomtee_supp_send(struct tee_context *ctx, u32 ret, u32 num_params,
		      struct tee_param *param);

#endif /* QCOMTEE_H */
