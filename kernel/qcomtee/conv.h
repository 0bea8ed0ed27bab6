/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Conversations: an invocation of an object of QTEE with all callbacks that it makes.
 */
#ifndef QCOMTEE_CONV_H
#define QCOMTEE_CONV_H

#include "qcomtee.h"

/* Of all four kinds. */
#define QCOMTEE_MAX_ARGS	(4 * QTEE_ARGS_MAX)

/**
 * struct qcomtee_counts - arguments by kind
 */
struct qcomtee_counts {
	unsigned int ib;
	unsigned int ob;
	unsigned int io;
	unsigned int oo;
};

static inline struct qcomtee_counts qcomtee_counts_of(u32 word)
{
	return (struct qcomtee_counts){
		.ib = QTEE_COUNTS_IB(word),
		.ob = QTEE_COUNTS_OB(word),
		.io = QTEE_COUNTS_IO(word),
		.oo = QTEE_COUNTS_OO(word),
	};
}

static inline unsigned int qcomtee_counts_all(const struct qcomtee_counts *c)
{
	return c->ib + c->ob + c->io + c->oo;
}

/**
 * struct qcomtee_args - arguments of a callback, and its answer
 * @counts:	how many
 * @args:	buffers as QTEE described them; sizes of OB become those of the answer
 * @in:		IO
 * @out:	OO of the answer
 * @size:	of @msg, bytes
 * @msg:	the message from its beginning to the end of its payloads; OB are written into it
 */
struct qcomtee_args {
	struct qcomtee_counts counts;
	union qtee_arg args[2 * QTEE_ARGS_MAX];
	struct qcomtee_ref in[QTEE_ARGS_MAX];
	struct qcomtee_ref out[QTEE_ARGS_MAX];
	size_t size;
	u8 msg[];
};

/**
 * struct qcomtee_conv - a conversation
 * @qtee:	device
 * @in:		inbound message, @page or larger
 * @page:	a page for it
 * @out:	outbound page
 * @copy:	what was in @out at the last return: everything is read once
 * @begun:	when it began, jiffies
 * @step:	the call that is to be made, or was
 * @node:	in the device's list of those that are lost
 * @lost:	QTEE may still use the pages
 * @asynchronous: nobody waits: a worker goes on when it can
 * @orphan:	the client was killed, so that its objects are called no more
 * @ctx:	with a reference, if it is a client's orphan
 * @result:	of the end, QTEE_*
 * @target:	object that is invoked, with a reference; NULL for the root object
 * @counts:	of the invocation
 * @refs:	objects passed as IO, as long as they have to stay
 * @num_refs:	how many
 * @ids:	under which objects of the kernel were passed in this call: IO, or OO of a callback
 * @num_ids:	how many
 * @header:	of the callback that is being served
 * @args:	its arguments
 * @async_offset: where messages that wait for no answer begin in @copy
 * @took:	IO of the callback are the request's
 * @req:	request for a user's object that is to be answered
 * @answering:	there is a callback in @out
 * @answered:	with its answer
 * @tries:	to give the answer to a QTEE that is busy
 * @answer:	result of the callback, QTEE_*
 * @delay:	before the answer, jiffies; only if nobody waits
 * @work:	goes on
 * @done:	called by the worker at the end, with the errno of the end
 * @data:	for @done
 */
struct qcomtee_conv {
	struct qcomtee *qtee;
	struct qcomtee_buf in;
	struct qcomtee_buf page;
	struct qcomtee_buf out;
	void *copy;
	unsigned long begun;
	struct qcomtee_step step;
	struct list_head node;
	bool lost;
	bool asynchronous;
	bool orphan;
	struct tee_context *ctx;
	s32 result;
	struct qcomtee_remote *target;
	struct qcomtee_counts counts;
	struct qcomtee_ref refs[QTEE_ARGS_MAX];
	unsigned int num_refs;
	u32 ids[QTEE_ARGS_MAX];
	unsigned int num_ids;
	struct qtee_callback header;
	union qtee_arg args[QCOMTEE_MAX_ARGS];
	size_t async_offset;
	bool took;
	struct qcomtee_request *req;
	bool answering;
	bool answered;
	unsigned int tries;
	s32 answer;
	unsigned long delay;
	struct delayed_work work;
	void (*done)(struct qcomtee_conv *conv, int rc);
	void *data;
};

/* conv.c */
struct qcomtee_conv *qcomtee_conv_get(struct qcomtee *qtee);
void qcomtee_conv_put(struct qcomtee_conv *conv);
void qcomtee_convs_free(struct qcomtee *qtee);
int qcomtee_conv_run(struct qcomtee_conv *conv, struct tee_context *ctx);
void qcomtee_conv_start(struct qcomtee_conv *conv,
			void (*done)(struct qcomtee_conv *conv, int rc), void *data);
int qcomtee_conv_start_here(struct qcomtee_conv *conv,
			    void (*done)(struct qcomtee_conv *conv, int rc), void *data);
void qcomtee_conv_go_on(struct qcomtee_conv *conv);
int qcomtee_conv_pass(struct qcomtee_conv *conv, const struct qcomtee_ref *ref, u32 *id);

/* callback.c */
int qcomtee_callback_begin(struct qcomtee_conv *conv);
void qcomtee_callback_answer(struct qcomtee_conv *conv);
void qcomtee_callback_end(struct qcomtee_conv *conv);
s32 qcomtee_result_of_errno(int err);

/* async.c */
void qcomtee_async_final(struct qcomtee_conv *conv);
void qcomtee_async_callback(struct qcomtee_conv *conv);

/* primordial_obj.c */
int qcomtee_primordial(struct qcomtee_conv *conv, u32 op);

/* message.c */
void *qcomtee_message_begin(struct qcomtee_conv *conv, u32 id, u32 op,
			    const struct qcomtee_counts *counts, size_t payload);
int qcomtee_message_build(struct qcomtee_conv *conv, struct tee_context *ctx, u32 id, u32 op,
			  const struct tee_param *param, u32 num_params);
int qcomtee_message_results(struct qcomtee_conv *conv, struct tee_context *ctx,
			    struct tee_param *param, u32 num_params);
void qcomtee_message_drop(struct qcomtee_conv *conv);
u32 qcomtee_message_object(struct qcomtee_conv *conv, unsigned int n);

#endif /* QCOMTEE_CONV_H */
