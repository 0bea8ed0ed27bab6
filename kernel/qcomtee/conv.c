// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversations. One goes back and forth between QTEE and those whom it calls, until QTEE has
 * said its last word: what has begun must be driven to its end, or QTEE would keep its side for
 * ever.
 *
 * Usually the client that began drives it. If it is killed, a worker goes on in its place, so that
 * the client dies at its next return from QTEE. Releases are a worker's from the start. A worker
 * does not wait for an answer; whoever gives it queues the work.
 *
 * QTEE may have no room for the answer of a callback. Its client is told so after a while; the
 * answer is offered again by a worker until QTEE takes it, since the pages are QTEE's until then.
 * The pages of a conversation that cannot be ended are never used again.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "conv.h"

/* A busy QTEE is asked less and less often. */
#define QCOMTEE_AGAIN_SHIFT	6
#define QCOMTEE_AGAIN_DELAY(tries) \
	(msecs_to_jiffies(50) << min_t(unsigned int, tries, QCOMTEE_AGAIN_SHIFT))

static void qcomtee_conv_work(struct work_struct *work);

static void qcomtee_conv_free(struct qcomtee_conv *conv)
{
	qcomtee_buf_free(&conv->page);
	qcomtee_buf_free(&conv->out);
	kfree(conv->copy);
	kfree(conv);
}

static struct qcomtee_conv *qcomtee_conv_alloc(struct qcomtee *qtee)
{
	struct qcomtee_conv *conv = kzalloc(sizeof(*conv), GFP_KERNEL);

	if (!conv)
		return NULL;
	conv->qtee = qtee;
	INIT_DELAYED_WORK(&conv->work, qcomtee_conv_work);
	conv->copy = kmalloc(QTEE_OUTBOUND_SIZE, GFP_KERNEL);
	if (!conv->copy || qcomtee_buf_alloc(qtee, &conv->page, PAGE_SIZE, GFP_KERNEL) ||
	    qcomtee_buf_alloc(qtee, &conv->out, QTEE_OUTBOUND_SIZE, GFP_KERNEL)) {
		qcomtee_conv_free(conv);
		return NULL;
	}
	return conv;
}

/**
 * qcomtee_conv_get() - get a conversation that has not begun
 * @qtee:	device
 *
 * Its pages are zero, as QTEE may rely on.
 *
 * Return: the conversation, or NULL without memory
 */
struct qcomtee_conv *qcomtee_conv_get(struct qcomtee *qtee)
{
	struct qcomtee_conv *conv = NULL;
	unsigned int n;

	for (n = 0; n < QCOMTEE_IDLE_CONVS && !conv; n++)
		if (READ_ONCE(qtee->idle[n]))
			conv = xchg(&qtee->idle[n], NULL);
	if (!conv)
		return qcomtee_conv_alloc(qtee);

	memset(conv->page.va, 0, conv->page.size);
	memset(conv->out.va, 0, conv->out.size);
	return conv;
}

/*
 * @passed: QTEE has them now. If not, whoever made the call still has them; but an answer was
 * accepted before it was given, so that its objects are let go.
 */
static void qcomtee_conv_settle(struct qcomtee_conv *conv, bool passed)
{
	while (conv->num_ids) {
		u32 id = conv->ids[--conv->num_ids];

		if (passed)
			continue;
		if (conv->answering)
			qcomtee_local_release(conv->qtee, id);
		else
			qcomtee_local_withdraw(conv->qtee, id);
	}
}

/* Nobody else gets its pages, as long as the device is there and after that. */
static void qcomtee_conv_keep(struct qcomtee_conv *conv)
{
	struct qcomtee *qtee = conv->qtee;

	dev_warn_once(qtee->dev, "QTEE did not end a call, its memory is not used again\n");
	spin_lock(&qtee->lock);
	list_add(&conv->node, &qtee->lost);
	spin_unlock(&qtee->lock);
}

/**
 * qcomtee_conv_put() - be done with a conversation
 * @conv:	conversation that has ended, or not begun
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_conv_put(struct qcomtee_conv *conv)
{
	struct qcomtee *qtee = conv->qtee;
	unsigned int n;

	qcomtee_conv_settle(conv, false);
	while (conv->num_refs)
		qcomtee_ref_put(&conv->refs[--conv->num_refs]);
	if (conv->target)
		qcomtee_remote_put(conv->target);
	conv->target = NULL;
	if (conv->lost) {
		qcomtee_conv_keep(conv);
		return;
	}
	if (conv->in.va != conv->page.va)
		qcomtee_buf_free(&conv->in);
	conv->in.va = NULL;
	conv->asynchronous = false;
	conv->orphan = false;
	conv->answering = false;
	conv->answered = false;
	conv->tries = 0;

	for (n = 0; n < QCOMTEE_IDLE_CONVS && conv; n++)
		if (!READ_ONCE(qtee->idle[n]))
			conv = xchg(&qtee->idle[n], conv);
	if (conv)
		qcomtee_conv_free(conv);
}

/**
 * qcomtee_convs_free() - free those that nobody has
 * @qtee:	device that is out of use
 */
void qcomtee_convs_free(struct qcomtee *qtee)
{
	struct qcomtee_conv *conv, *next;
	unsigned int n;

	/* Without the pages. */
	list_for_each_entry_safe(conv, next, &qtee->lost, node) {
		kfree(conv->copy);
		kfree(conv);
	}

	for (n = 0; n < QCOMTEE_IDLE_CONVS; n++)
		if (qtee->idle[n])
			qcomtee_conv_free(qtee->idle[n]);
}

/**
 * qcomtee_conv_pass() - name an object to QTEE in the next call
 * @conv:	conversation; remembers it until the call was made
 * @ref:	object
 * @id:		out
 *
 * Return: 0 or what qcomtee_local_publish() says
 */
int qcomtee_conv_pass(struct qcomtee_conv *conv, const struct qcomtee_ref *ref, u32 *id)
{
	u32 own;
	int rc;

	rc = qcomtee_ref_to_id(ref, &own);
	if (rc)
		return rc;
	if (own & QTEE_OBJECT_KERNEL)
		conv->ids[conv->num_ids++] = own;
	/* QTEE may write there, too. */
	WRITE_ONCE(*id, own);
	return 0;
}

/* The next call to QTEE. */
static void qcomtee_conv_prepare(struct qcomtee_conv *conv, bool respond)
{
	conv->step = (struct qcomtee_step){
		.qtee = conv->qtee,
		.respond = respond,
		.in = conv->in.pa,
		.in_size = conv->in.size,
		.out = conv->out.pa,
		.out_size = conv->out.size,
	};
}

static int qcomtee_conv_call(struct qcomtee_conv *conv)
{
	conv->step.killable = !conv->asynchronous;
	return conv->qtee->transport->call(&conv->step);
}

/*
 * Begins: 0 with what came back, -EINPROGRESS, -ENODEV if that is all, or another errno; -EAGAIN if
 * it was not the caller's turn.
 */
static int qcomtee_conv_begin(struct qcomtee_conv *conv)
{
	struct qcomtee_step *step = &conv->step;
	int rc;

	if (!step->interrupted) {
		qcomtee_conv_prepare(conv, false);
		conv->begun = jiffies;
	}
	rc = qcomtee_conv_call(conv);
	if (rc == -EINPROGRESS || rc == -EAGAIN)
		return rc;
	conv->lost = step->lost;
	qcomtee_conv_settle(conv, !rc || conv->lost);
	return conv->lost ? -ENODEV : rc;
}

/* Answers: 0 with what came back, -EINPROGRESS, -EBUSY, -EAGAIN, or -ENODEV if it failed. */
static int qcomtee_conv_answer(struct qcomtee_conv *conv)
{
	int rc;

	if (!conv->answered) {
		qcomtee_callback_answer(conv);
		conv->answered = true;
		qcomtee_conv_prepare(conv, true);
	}
	rc = qcomtee_conv_call(conv);
	if (rc == -EINPROGRESS || rc == -EAGAIN)
		return rc;
	/* It goes when the device does. */
	if (rc == -EBUSY && !READ_ONCE(conv->qtee->gone))
		return rc;
	conv->lost = rc;
	qcomtee_conv_settle(conv, (!rc || conv->step.lost) && !conv->answer);
	qcomtee_callback_end(conv);
	conv->answering = false;
	conv->answered = false;
	conv->tries = 0;
	return rc ? -ENODEV : 0;
}

static void qcomtee_conv_orphaned(struct qcomtee_conv *conv, int rc)
{
	struct tee_context *ctx = conv->ctx;

	if (!rc) {
		if (!conv->result)
			qcomtee_message_drop(conv);
		qcomtee_async_final(conv);
	}
	qcomtee_conv_put(conv);
	if (ctx)
		teedev_ctx_put(ctx);
}

/**
 * qcomtee_conv_hand_over() - a worker goes on in place of a client
 * @conv:	conversation; the client must not touch it again
 * @ctx:	the client's context, NULL for the kernel's own
 */
static void qcomtee_conv_hand_over(struct qcomtee_conv *conv, struct tee_context *ctx)
{
	if (ctx)
		teedev_ctx_get(ctx);
	conv->ctx = ctx;
	conv->orphan = true;
	qcomtee_conv_start(conv, qcomtee_conv_orphaned, NULL);
}

/* The call is not over: it is made elsewhere, or later. @ctx: as for qcomtee_conv_run() */
static int qcomtee_conv_later(struct qcomtee_conv *conv, struct tee_context *ctx, int rc)
{
	if (rc == -EBUSY)
		conv->delay = QCOMTEE_AGAIN_DELAY(conv->tries++);
	if (conv->asynchronous)
		qcomtee_conv_go_on(conv);
	else
		qcomtee_conv_hand_over(conv, ctx);
	return -EINPROGRESS;
}

/**
 * qcomtee_conv_run() - begin a conversation, or go on, to the end
 * @conv:	conversation whose message is complete, or with an answer
 * @ctx:	context of the client, NULL if there is none
 *
 * Return: 0 if QTEE has said its last word, which is in @conv->result; -ENODEV if QTEE cannot
 * be reached any more; another errno if it was not reached at all, so that it has nothing of what
 * was passed; -EINPROGRESS if the conversation goes on without the caller, who must not touch it:
 * it was killed, or QTEE takes no answer
 *
 * Context: may sleep; no lock is held
 */
int qcomtee_conv_run(struct qcomtee_conv *conv, struct tee_context *ctx)
{
	bool resumed = conv->step.interrupted;
	int rc;

	for (;;) {
		rc = conv->answering ? qcomtee_conv_answer(conv) : qcomtee_conv_begin(conv);
		if (rc == -EINPROGRESS || (conv->answering && (rc == -EBUSY || rc == -EAGAIN)))
			return qcomtee_conv_later(conv, ctx, rc);
		if (rc)
			return rc;
		if (conv->step.response != QTEE_RESPONSE_CALLBACK) {
			conv->result = (s32)conv->step.result;
			return 0;
		}

		/* QTEE does not stop calling, and whoever waits for the device cannot be killed. */
		if (conv->asynchronous &&
		    qcomtee_gone_for(conv->qtee, conv->begun, QCOMTEE_GONE_MS)) {
			conv->lost = true;
			return -ENODEV;
		}
		rc = qcomtee_callback_begin(conv);
		if (rc)
			return rc;
		/*
		 * Elsewhere: here is the place of a call that is interrupted, or a worker that others
		 * wait for, too, and QTEE may call as often as it likes.
		 */
		if (resumed || conv->asynchronous || fatal_signal_pending(current))
			return qcomtee_conv_later(conv, ctx, 0);
	}
}

/* As far as it goes without anybody to wait for. */
static int qcomtee_conv_drive(struct qcomtee_conv *conv)
{
	struct qcomtee *qtee = conv->qtee;
	int rc;

	rc = qcomtee_conv_run(conv, NULL);
	if (rc == -EINPROGRESS)
		return rc;
	conv->done(conv, rc);
	qcomtee_pending_put(qtee);
	return rc;
}

static void qcomtee_conv_work(struct work_struct *work)
{
	qcomtee_conv_drive(container_of(to_delayed_work(work), struct qcomtee_conv, work));
}

static void qcomtee_conv_detach(struct qcomtee_conv *conv,
				void (*done)(struct qcomtee_conv *conv, int rc), void *data)
{
	qcomtee_pending_get(conv->qtee);
	conv->asynchronous = true;
	conv->done = done;
	conv->data = data;
}

/**
 * qcomtee_conv_start() - have a worker drive a conversation
 * @conv:	conversation
 * @done:	called by the worker when it has ended; owns it then. As after qcomtee_conv_run()
 * @data:	for @done
 */
void qcomtee_conv_start(struct qcomtee_conv *conv,
			void (*done)(struct qcomtee_conv *conv, int rc), void *data)
{
	qcomtee_conv_detach(conv, done, data);
	qcomtee_conv_go_on(conv);
}

/**
 * qcomtee_conv_start_here() - the same by a worker that begins itself
 * @conv:	conversation
 * @done:	as for qcomtee_conv_start(), possibly before this returns
 * @data:	for @done
 *
 * Return: as qcomtee_conv_run(), for which @done was called; -EINPROGRESS: it will be. -EAGAIN: it was
 * not the caller's turn, and nothing has happened
 *
 * Context: a worker; may sleep for its turn, but waits for nobody's answer
 */
int qcomtee_conv_start_here(struct qcomtee_conv *conv,
			    void (*done)(struct qcomtee_conv *conv, int rc), void *data)
{
	qcomtee_conv_detach(conv, done, data);
	return qcomtee_conv_drive(conv);
}

/**
 * qcomtee_conv_go_on() - there is what the conversation waited for
 * @conv:	conversation that a worker drives
 *
 * Context: any that is not an interrupt
 */
void qcomtee_conv_go_on(struct qcomtee_conv *conv)
{
	struct qcomtee *qtee = conv->qtee;
	unsigned long delay = conv->delay;

	conv->delay = 0;
	queue_delayed_work(conv->step.interrupted ? qtee->resumer : qtee->workers, &conv->work,
			   delay);
}
