/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests: calls of users' objects on their way to the process that serves them.
 *
 * A request has all that it needs: the arguments are a copy, objects are references of its own. So
 * the one who waits for the answer and the one who gives it never look at the same memory, and who
 * is killed leaves at once, whatever the other one is doing with the request: it may be in the
 * middle of a copy from or to memory of a process that does not let it end. For that no lock is held
 * over a copy.
 */
#ifndef QCOMTEE_REQUEST_H
#define QCOMTEE_REQUEST_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <abi/qtee.h>

struct qcomtee_args;
struct qcomtee_context_data;
struct qcomtee_conv;
struct qcomtee_local;

/* A receiver that is not remembered is taken for one that has refused already. */
#define QCOMTEE_REFUSERS	8

enum qcomtee_request_state {
	QCOMTEE_REQUEST_QUEUED,		/* nobody has seen it */
	QCOMTEE_REQUEST_DELIVERING,	/* a receiver has it, and user space not yet */
	QCOMTEE_REQUEST_TAKEN,		/* user space has it */
	QCOMTEE_REQUEST_ANSWERING,	/* its answer is being read */
	QCOMTEE_REQUEST_DONE,		/* there is a result */
};

/**
 * struct qcomtee_request - a call of a user's object
 * @refs:	the list, or who took it from there; who waits; the timer. Not for releases
 * @node:	in a list of the context, as long as @state is QUEUED, DELIVERING or TAKEN
 * @state:	where it is; under the context's lock
 * @revoked:	nobody waits; under the context's lock
 * @target:	object that is called, with a reference; of a release: the object it is part of
 * @place:	in the order in which requests came
 * @id:		by which the receiver knows it
 * @op:		operation
 * @args:	arguments and answer, NULL if it is a release, which has none
 * @result:	QTEE_*, once it is done
 * @done:	it is done, or will not be
 * @conv:	conversation to go on with when it is done, NULL if somebody waits for @done
 * @timed:	there is a limit
 * @limit:	jiffies
 * @timer:	ends the wait then; armed with the queue's lock held
 * @refused_by:	receivers that it did not fit, by number
 * @refusals:	how many
 */
struct qcomtee_request {
	refcount_t refs;
	struct list_head node;
	enum qcomtee_request_state state;
	bool revoked;
	struct qcomtee_local *target;
	u64 place;
	u64 id;
	u32 op;
	struct qcomtee_args *args;
	s32 result;
	struct completion done;
	struct qcomtee_conv *conv;
	bool timed;
	unsigned long limit;
	struct delayed_work timer;
	pid_t refused_by[QCOMTEE_REFUSERS];
	unsigned int refusals;
};

static inline bool qcomtee_request_is_release(const struct qcomtee_request *req)
{
	return !req->args;
}

/* user_obj.c */
int qcomtee_user_call(struct qcomtee_conv *conv, struct qcomtee_local *target);
void qcomtee_user_wait(struct qcomtee_conv *conv);
bool qcomtee_user_release(struct qcomtee_local *local);
bool qcomtee_request_finish(struct qcomtee_request *req, s32 result);
void qcomtee_request_cut_off(struct qcomtee_context_data *data, struct list_head *list);
void qcomtee_request_put(struct qcomtee_request *req);

#endif /* QCOMTEE_REQUEST_H */
