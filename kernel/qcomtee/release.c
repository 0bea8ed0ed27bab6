// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of QTEE: in the tables of contexts, and their release.
 *
 * A release is an invocation, in which QTEE may call objects of users. No worker waits for their
 * answers: the conversation is left alone until there is one, see conv.c. So nobody who does not
 * answer keeps anybody else's objects.
 *
 * One worker makes all releases, one after the other. There is one turn to call QTEE: more workers
 * would only wake each other to hand it over, which takes many times as long as a release.
 */
#include <linux/slab.h>

#include "conv.h"

/* A release that cannot be made now is made again, less and less often: a minute in all. */
#define QCOMTEE_RELEASE_TRIES		40
#define QCOMTEE_RELEASE_SHIFT		5
#define QCOMTEE_RELEASE_DELAY(tries) \
	(msecs_to_jiffies(50) << min_t(unsigned int, tries, QCOMTEE_RELEASE_SHIFT))

/* So long when the device goes, as somebody waits for that. */
#define QCOMTEE_RELEASE_GONE_MS		4000

/* So many without a pause: who freezes the workers waits for the one that is at it. */
#define QCOMTEE_RELEASE_BATCH		64

static void qcomtee_remote_free(struct qcomtee_remote *remote)
{
	struct qcomtee *qtee = remote->qtee;

	kfree(remote);
	qcomtee_pending_put(qtee);
}

static void qcomtee_remote_queue(struct qcomtee_remote *remote)
{
	struct qcomtee *qtee = remote->qtee;

	spin_lock(&qtee->lock);
	list_add_tail(&remote->node, &qtee->released);
	/* Inside: once it is released, and the lock given up, the device may go. */
	queue_work(qtee->workers, &qtee->releaser);
	spin_unlock(&qtee->lock);
}

static void qcomtee_remote_again_work(struct work_struct *work)
{
	qcomtee_remote_queue(container_of(to_delayed_work(work), struct qcomtee_remote, again));
}

static void qcomtee_remote_again(struct qcomtee_remote *remote)
{
	struct qcomtee *qtee = remote->qtee;

	if (++remote->tries < QCOMTEE_RELEASE_TRIES &&
	    !qcomtee_gone_for(qtee, qtee->gone_at, QCOMTEE_RELEASE_GONE_MS)) {
		queue_delayed_work(qtee->workers, &remote->again,
				   QCOMTEE_RELEASE_DELAY(remote->tries));
		return;
	}
	dev_err_once(qtee->dev, "an object of QTEE could not be released\n");
	qcomtee_remote_free(remote);
}

/* It was not the releaser's turn. */
static void qcomtee_remote_first(struct qcomtee_remote *remote)
{
	struct qcomtee *qtee = remote->qtee;

	spin_lock(&qtee->lock);
	list_add(&remote->node, &qtee->released);
	spin_unlock(&qtee->lock);
}

static void qcomtee_remote_released(struct qcomtee_conv *conv, int rc)
{
	struct qcomtee_remote *remote = conv->data;

	/* What QTEE says to it is of no use to anybody; only if it was not asked at all ... */
	if (!rc)
		qcomtee_async_final(conv);
	qcomtee_conv_put(conv);
	if (rc == -EAGAIN)
		qcomtee_remote_first(remote);
	else if (rc && rc != -ENODEV)
		qcomtee_remote_again(remote);
	else
		qcomtee_remote_free(remote);
}

/* False if it was not the releaser's turn; then nothing has happened. */
static bool qcomtee_remote_release(struct qcomtee_remote *remote)
{
	const struct qcomtee_counts none = { };
	struct qcomtee_conv *conv;

	conv = qcomtee_conv_get(remote->qtee);
	if (!conv) {
		qcomtee_remote_again(remote);
		return true;
	}
	qcomtee_message_begin(conv, remote->id, QTEE_OP_RELEASE, &none, 0);
	return qcomtee_conv_start_here(conv, qcomtee_remote_released, remote) != -EAGAIN;
}

static struct qcomtee_remote *qcomtee_remote_next(struct qcomtee *qtee)
{
	struct qcomtee_remote *remote;

	spin_lock(&qtee->lock);
	remote = list_first_entry_or_null(&qtee->released, struct qcomtee_remote, node);
	if (remote)
		list_del(&remote->node);
	spin_unlock(&qtee->lock);
	return remote;
}

/* The device stays until its workers have ended, also when the last object is gone. */
static void qcomtee_releaser(struct work_struct *work)
{
	struct qcomtee *qtee = container_of(work, struct qcomtee, releaser);
	struct qcomtee_remote *remote;
	unsigned int n;

	for (n = 0; n < QCOMTEE_RELEASE_BATCH; n++) {
		remote = qcomtee_remote_next(qtee);
		if (!remote)
			return;
		/* Not to wait on here, as somebody may want to freeze the workers. */
		if (!qcomtee_remote_release(remote))
			break;
		cond_resched();
	}
	queue_work(qtee->workers, work);
}

/**
 * qcomtee_releases_init() - prepare a device for releases
 * @qtee:	device
 */
void qcomtee_releases_init(struct qcomtee *qtee)
{
	INIT_LIST_HEAD(&qtee->released);
	INIT_WORK(&qtee->releaser, qcomtee_releaser);
}

/**
 * qcomtee_remote_new() - QTEE has given a reference on an object
 * @qtee:	device
 * @id:		object
 *
 * It has counted already, and would never be told without memory to do so; therefore this
 * does not fail.
 *
 * Return: the object with one reference
 *
 * Context: may sleep
 */
struct qcomtee_remote *qcomtee_remote_new(struct qcomtee *qtee, u32 id)
{
	struct qcomtee_remote *remote = kzalloc(sizeof(*remote), GFP_KERNEL | __GFP_NOFAIL);

	qcomtee_pending_get(qtee);
	remote->qtee = qtee;
	refcount_set(&remote->refs, 1);
	remote->id = id;
	INIT_DELAYED_WORK(&remote->again, qcomtee_remote_again_work);
	return remote;
}

/**
 * qcomtee_remote_put() - drop a reference
 * @remote:	object; with the last one a worker gives QTEE's back
 *
 * Context: any that is not an interrupt
 */
void qcomtee_remote_put(struct qcomtee_remote *remote)
{
	if (refcount_dec_and_test(&remote->refs))
		qcomtee_remote_queue(remote);
}

/**
 * qcomtee_remote_find() - the object that user space names
 * @data:	context
 * @id:		by which user space knows it; all 64 bits of it
 *
 * Return: the object with a reference for the caller, or NULL
 */
struct qcomtee_remote *qcomtee_remote_find(struct qcomtee_context_data *data, u64 id)
{
	struct qcomtee_remote *remote;

	if (id > INT_MAX)
		return NULL;
	xa_lock(&data->objects);
	remote = xa_load(&data->objects, id);
	if (remote)
		refcount_inc(&remote->refs);
	xa_unlock(&data->objects);
	return remote;
}

/**
 * qcomtee_remote_install() - let user space name an object
 * @data:	context; gets a reference
 * @remote:	object
 * @id:		out
 *
 * Return: 0, -ENOSPC, -ENOMEM
 */
int qcomtee_remote_install(struct qcomtee_context_data *data, struct qcomtee_remote *remote,
			   u64 *id)
{
	u32 index;
	int rc;

	refcount_inc(&remote->refs);
	rc = xa_alloc(&data->objects, &index, remote, XA_LIMIT(0, INT_MAX), GFP_KERNEL_ACCOUNT);
	if (rc) {
		/* Not the last one: the caller has one. */
		refcount_dec(&remote->refs);
		return rc == -EBUSY ? -ENOSPC : rc;
	}
	*id = index;
	return 0;
}

/**
 * qcomtee_remote_remove() - user space is done with an object
 * @data:	context
 * @id:		by which it knew it
 *
 * Return: whether it was there
 */
bool qcomtee_remote_remove(struct qcomtee_context_data *data, u64 id)
{
	struct qcomtee_remote *remote;

	if (id > INT_MAX)
		return false;
	remote = xa_erase(&data->objects, id);
	if (!remote)
		return false;
	qcomtee_remote_put(remote);
	return true;
}
