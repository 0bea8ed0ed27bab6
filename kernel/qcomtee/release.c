// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of QTEE: in the tables of contexts, and their release.
 *
 * A release is an invocation, in which QTEE may call objects of users. No worker waits for their
 * answers: the conversation is left alone until there is one, see conv.c. So nobody who does not
 * answer keeps anybody else's objects.
 */
#include <linux/slab.h>

#include "conv.h"

/* A release that cannot be made now is made again, less and less often: a minute in all. */
#define QCOMTEE_RELEASE_TRIES		10
#define QCOMTEE_RELEASE_DELAY(tries)	(msecs_to_jiffies(50) << (tries))

static void qcomtee_remote_free(struct qcomtee_remote *remote)
{
	struct qcomtee *qtee = remote->qtee;

	kfree(remote);
	qcomtee_pending_put(qtee);
}

static void qcomtee_remote_again(struct qcomtee_remote *remote)
{
	if (++remote->tries < QCOMTEE_RELEASE_TRIES) {
		queue_delayed_work(remote->qtee->workers, &remote->work,
				   QCOMTEE_RELEASE_DELAY(remote->tries));
		return;
	}
	dev_err_once(remote->qtee->dev, "an object of QTEE could not be released\n");
	qcomtee_remote_free(remote);
}

static void qcomtee_remote_released(struct qcomtee_conv *conv, int rc)
{
	struct qcomtee_remote *remote = conv->data;

	/* What QTEE says to it is of no use to anybody; only if it was not asked at all ... */
	if (!rc)
		qcomtee_async_final(conv);
	qcomtee_conv_put(conv);
	if (rc && rc != -ENODEV)
		qcomtee_remote_again(remote);
	else
		qcomtee_remote_free(remote);
}

static void qcomtee_remote_work(struct work_struct *work)
{
	struct qcomtee_remote *remote = container_of(to_delayed_work(work), struct qcomtee_remote,
						     work);
	const struct qcomtee_counts none = { };
	struct qcomtee_conv *conv;

	conv = qcomtee_conv_get(remote->qtee);
	if (!conv) {
		qcomtee_remote_again(remote);
		return;
	}
	qcomtee_message_begin(conv, remote->id, QTEE_OP_RELEASE, &none, 0);
	qcomtee_conv_start(conv, qcomtee_remote_released, remote);
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
	INIT_DELAYED_WORK(&remote->work, qcomtee_remote_work);
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
		queue_delayed_work(remote->qtee->workers, &remote->work, 0);
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
