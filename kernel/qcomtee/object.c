// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of the kernel, the ids under which QTEE knows them, and references of either kind.
 *
 * Each time that an object is passed to QTEE it gets another id, which QTEE releases once. The
 * first id of a load is random and they come in turn, since QTEE keeps those of kernels that are
 * gone.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "conv.h"

/* Bit 31 is not part of the index; 0 would be the primordial object. */
#define QCOMTEE_LOCAL_LIMIT	XA_LIMIT(1, QTEE_OBJECT_KERNEL - 1)
#define QCOMTEE_LOCAL_INDEX(id)	((id) & ~QTEE_OBJECT_KERNEL)

void qcomtee_locals_init(struct qcomtee *qtee)
{
	xa_init_flags(&qtee->locals, XA_FLAGS_ALLOC1);
	qtee->next_local = QCOMTEE_LOCAL_INDEX(get_random_u32()) | 1;
}

static struct qcomtee_local *qcomtee_local_new(struct tee_context *ctx, enum qcomtee_kind kind)
{
	struct qcomtee_local *local;

	local = kzalloc(sizeof(*local), GFP_KERNEL_ACCOUNT);
	if (!local)
		return NULL;
	local->qtee = qcomtee_of(ctx);
	local->kind = kind;
	refcount_set(&local->refs, 1);
	teedev_ctx_get(ctx);
	local->ctx = ctx;
	return local;
}

/**
 * qcomtee_local_free() - free an object that nobody refers to
 * @local:	object
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_local_free(struct qcomtee_local *local)
{
	struct tee_context *ctx = local->ctx;

	tee_shm_put(local->shm);
	kfree(local);
	teedev_ctx_put(ctx);
}

/**
 * qcomtee_local_put() - drop a reference
 * @local:	object
 *
 * When the last one goes of an object that QTEE has had, its process is told, as long as it has
 * the file open.
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_local_put(struct qcomtee_local *local)
{
	if (!refcount_dec_and_test(&local->refs))
		return;
	if (local->notify && qcomtee_user_release(local))
		return;
	qcomtee_local_free(local);
}

/**
 * qcomtee_local_publish() - give an object an id more
 * @local:	object; on success QTEE has a reference of its own
 * @id:		out
 *
 * Return: 0, -ENOSPC if there are no ids left, -ENODEV if the device is being removed, -ENOMEM
 */
int qcomtee_local_publish(struct qcomtee_local *local, u32 *id)
{
	struct qcomtee *qtee = local->qtee;
	u32 index;
	int rc;

	/* Before QTEE can let it go. */
	if (local->kind == QCOMTEE_USER)
		WRITE_ONCE(local->notify, true);
	refcount_inc(&local->refs);

	xa_lock(&qtee->locals);
	rc = __xa_alloc_cyclic(&qtee->locals, &index, local, QCOMTEE_LOCAL_LIMIT,
			       &qtee->next_local, GFP_KERNEL_ACCOUNT);
	/* Asked afterwards, as the lock is given up to get memory. */
	if (rc >= 0 && qtee->gone) {
		__xa_erase(&qtee->locals, index);
		rc = -ENODEV;
	}
	xa_unlock(&qtee->locals);
	if (rc < 0) {
		/* Not the last one: the caller has one. */
		refcount_dec(&local->refs);
		return rc == -EBUSY ? -ENOSPC : rc;
	}
	*id = index | QTEE_OBJECT_KERNEL;
	return 0;
}

/**
 * qcomtee_local_get() - find an object that QTEE names
 * @qtee:	device
 * @id:		with bit 31
 *
 * Return: the object with a reference for the caller, or NULL
 */
struct qcomtee_local *qcomtee_local_get(struct qcomtee *qtee, u32 id)
{
	struct qcomtee_local *local;

	xa_lock(&qtee->locals);
	local = xa_load(&qtee->locals, QCOMTEE_LOCAL_INDEX(id));
	if (local)
		refcount_inc(&local->refs);
	xa_unlock(&qtee->locals);
	return local;
}

/**
 * qcomtee_local_release() - QTEE lets go what it knew by an id
 * @qtee:	device
 * @id:		with bit 31; one that means nothing is ignored
 *
 * Return: whether it meant anything
 *
 * Context: may sleep; no lock is held
 */
bool qcomtee_local_release(struct qcomtee *qtee, u32 id)
{
	struct qcomtee_local *local = xa_erase(&qtee->locals, QCOMTEE_LOCAL_INDEX(id));

	if (local)
		qcomtee_local_put(local);
	return local;
}

/**
 * qcomtee_local_withdraw() - an object was not passed after all
 * @qtee:	device
 * @id:		that it was to be passed by
 *
 * Its process keeps it, and so is not told that it was let go. With another id of the same
 * object that QTEE does have, it still is.
 */
void qcomtee_local_withdraw(struct qcomtee *qtee, u32 id)
{
	struct qcomtee_local *local = xa_erase(&qtee->locals, QCOMTEE_LOCAL_INDEX(id));

	if (!local)
		return;
	/* An object is passed by one call: each passing makes a new one. */
	WRITE_ONCE(local->notify, false);
	qcomtee_local_put(local);
}

/**
 * qcomtee_locals_forget() - the device goes: objects of users get no ids, and lose those they have
 * @qtee:	device
 *
 * Otherwise a QTEE that never lets them go would keep their contexts, and those the device.
 * Memory stays, since QTEE may still write to it.
 */
void qcomtee_locals_forget(struct qcomtee *qtee)
{
	struct qcomtee_local *local;
	unsigned long index;

	xa_lock(&qtee->locals);
	qtee->gone_at = jiffies;
	/* Pairs with qcomtee_gone_for(). */
	smp_store_release(&qtee->gone, true);
	xa_unlock(&qtee->locals);

	xa_for_each(&qtee->locals, index, local) {
		/* Calls that are under way may let it go, which frees it, at any moment. */
		local = qcomtee_local_get(qtee, index | QTEE_OBJECT_KERNEL);
		if (!local)
			continue;
		if (local->kind == QCOMTEE_USER)
			qcomtee_local_release(qtee, index | QTEE_OBJECT_KERNEL);
		qcomtee_local_put(local);
	}
}

/**
 * qcomtee_locals_have_memory() - may QTEE write to memory of users?
 * @qtee:	device
 */
bool qcomtee_locals_have_memory(struct qcomtee *qtee)
{
	struct qcomtee_local *local;
	unsigned long index;
	bool memory = false;

	xa_lock(&qtee->locals);
	xa_for_each(&qtee->locals, index, local)
		memory |= local->kind == QCOMTEE_MEMORY;
	xa_unlock(&qtee->locals);
	return memory;
}

/**
 * qcomtee_ref_put() - drop a reference
 * @ref:	of any kind; of none afterwards
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_ref_put(struct qcomtee_ref *ref)
{
	enum qcomtee_kind kind = ref->kind;

	ref->kind = QCOMTEE_NULL;
	if (kind == QCOMTEE_REMOTE)
		qcomtee_remote_put(ref->remote);
	else if (kind != QCOMTEE_NULL)
		qcomtee_local_put(ref->local);
}

/**
 * qcomtee_ref_from_param() - the object that user space names
 * @ref:	out; QCOMTEE_NULL on failure
 * @ctx:	its context
 * @param:	parameter
 *
 * A user's object and memory are made anew: each passing has an id, and an end, of its own.
 *
 * Return: 0, -EINVAL if there is no such object, -ENOMEM
 */
int qcomtee_ref_from_param(struct qcomtee_ref *ref, struct tee_context *ctx,
			   const struct tee_param *param)
{
	u64 flags = param->u.objref.flags;
	u64 id = param->u.objref.id;
	struct qcomtee_local *local;
	struct tee_shm *shm = NULL;

	ref->kind = QCOMTEE_NULL;
	if (id == TEE_OBJREF_NULL)
		return 0;
	if (!(flags & TEE_QTEE_OBJREF_USER) && (flags & TEE_QTEE_OBJREF_TEE)) {
		ref->remote = qcomtee_remote_find(ctx->data, id);
		if (!ref->remote)
			return -EINVAL;
		ref->kind = QCOMTEE_REMOTE;
		return 0;
	}
	if (!(flags & TEE_QTEE_OBJREF_USER)) {
		if (!(flags & TEE_QTEE_OBJREF_MEM) || id > INT_MAX)
			return -EINVAL;
		shm = tee_shm_get_from_id(ctx, id);
		if (IS_ERR(shm))
			return PTR_ERR(shm);
	}

	local = qcomtee_local_new(ctx, shm ? QCOMTEE_MEMORY : QCOMTEE_USER);
	if (!local) {
		tee_shm_put(shm);
		return -ENOMEM;
	}
	local->shm = shm;
	local->user_id = id;
	ref->kind = local->kind;
	ref->local = local;
	return 0;
}

/**
 * qcomtee_ref_to_param() - tell user space of an object
 * @ref:	object; an object of QTEE gets a reference of the context's own
 * @ctx:	context
 * @param:	out
 *
 * Return: 0, -EINVAL for an object of another context, -ENOSPC, -ENOMEM
 */
int qcomtee_ref_to_param(const struct qcomtee_ref *ref, struct tee_context *ctx,
			 struct tee_param *param)
{
	struct tee_param_objref *objref = &param->u.objref;

	switch (ref->kind) {
	case QCOMTEE_NULL:
		objref->id = TEE_OBJREF_NULL;
		objref->flags = 0;
		return 0;
	case QCOMTEE_REMOTE:
		objref->flags = TEE_QTEE_OBJREF_TEE;
		return qcomtee_remote_install(ctx->data, ref->remote, &objref->id);
	case QCOMTEE_USER:
		objref->flags = TEE_QTEE_OBJREF_USER;
		objref->id = ref->local->user_id;
		break;
	case QCOMTEE_MEMORY:
		objref->flags = TEE_QTEE_OBJREF_MEM;
		objref->id = ref->local->shm->id;
		break;
	}
	return ref->local->ctx == ctx ? 0 : -EINVAL;
}

/**
 * qcomtee_ref_from_id() - the object that QTEE names
 * @ref:	out; QCOMTEE_NULL on failure
 * @qtee:	device
 * @id:		id. For an object of QTEE it has given a reference with it, which becomes @ref's
 *
 * Return: 0, or -EINVAL if there is no such object, or it cannot be given away
 */
int qcomtee_ref_from_id(struct qcomtee_ref *ref, struct qcomtee *qtee, u32 id)
{
	ref->kind = QCOMTEE_NULL;
	if (id == QTEE_OBJECT_NULL)
		return 0;
	if (!(id & QTEE_OBJECT_KERNEL)) {
		ref->remote = qcomtee_remote_new(qtee, id);
		ref->kind = QCOMTEE_REMOTE;
		return 0;
	}
	/* The primordial object has no index. */
	ref->local = qcomtee_local_get(qtee, id);
	if (!ref->local)
		return -EINVAL;
	ref->kind = ref->local->kind;
	return 0;
}

/**
 * qcomtee_ref_to_id() - tell QTEE of an object
 * @ref:	object; one of the kernel gets an id that is QTEE's
 * @id:		out
 *
 * Return: 0 or what qcomtee_local_publish() says
 */
int qcomtee_ref_to_id(const struct qcomtee_ref *ref, u32 *id)
{
	switch (ref->kind) {
	case QCOMTEE_NULL:
		*id = QTEE_OBJECT_NULL;
		return 0;
	case QCOMTEE_REMOTE:
		*id = ref->remote->id;
		return 0;
	default:
		return qcomtee_local_publish(ref->local, id);
	}
}
