// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared-memory objects: identity, references, memory from the pool.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <trace/tee_trace.h>

#include "tee_private.h"

/* An application of the machine's TEE shares buffers of media at most. */
static unsigned int tee_shm_limit_mb = 1024;
module_param_named(shm_limit_mb, tee_shm_limit_mb, uint, 0644);
MODULE_PARM_DESC(shm_limit_mb, "shared memory of one open file in MiB, 0: no limit (default 1024)");

/**
 * tee_shm_charge() - count an object's memory before there is any
 * @shm:	object, not charged yet
 * @size:	bytes
 *
 * Neither pages of the pool nor pinned ones can be reclaimed, and pinned ones count nowhere
 * else. Kernel clients are counted, but not refused.
 *
 * The errno is ENOMEM, although EDQUOT would name the cause: client libraries translate
 * ENOMEM to "out of memory", and know no other number that fits; and it is what a client of
 * every other kernel gets when it asks for too much. So the log names the cause.
 *
 * Return: 0 or -ENOMEM
 */
int tee_shm_charge(struct tee_shm *shm, size_t size)
{
	unsigned long limit = (unsigned long)READ_ONCE(tee_shm_limit_mb) * (SZ_1M / PAGE_SIZE);
	struct tee_context *ctx = shm->ctx;
	unsigned long bytes;
	long before;

	size = PAGE_ALIGN(size);
	before = atomic_long_read(&ctx->shm_bytes);
	do {
		bytes = before + size;
		/* Not counted for a moment either: others have what is left. */
		if (limit && !ctx->in_kernel && bytes >> PAGE_SHIFT > limit) {
			dev_warn_ratelimited(&ctx->teedev->dev,
					     "%s[%d] would share %lu MiB, more than shm_limit_mb\n",
					     current->comm, task_pid_nr(current), bytes / SZ_1M);
			return -ENOMEM;
		}
	} while (!atomic_long_try_cmpxchg(&ctx->shm_bytes, &before, bytes));
	shm->charged = size;
	if (shm->flags & TEE_SHM_POOL) {
		atomic_long_add(size, &ctx->shm_allocated_bytes);
		atomic_inc(&ctx->shm_allocated);
	} else {
		atomic_inc(&ctx->shm_registered);
	}
	return 0;
}

static void tee_shm_discharge(struct tee_shm *shm)
{
	struct tee_context *ctx = shm->ctx;

	/* Nothing is charged for nothing. */
	if (!shm->charged)
		return;
	atomic_long_sub(shm->charged, &ctx->shm_bytes);
	if (shm->flags & TEE_SHM_POOL) {
		atomic_long_sub(shm->charged, &ctx->shm_allocated_bytes);
		atomic_dec(&ctx->shm_allocated);
	} else {
		atomic_dec(&ctx->shm_registered);
	}
}

/**
 * tee_shm_size_is_sane() - may so much memory be asked for at all?
 * @size:	bytes
 *
 * Asked before anything is allocated for the object, as the size is the user's. More than
 * the machine has cannot succeed; the arrays that describe it would be the first to fail.
 */
bool tee_shm_size_is_sane(size_t size)
{
	return size && size <= ULONG_MAX - PAGE_SIZE && PFN_UP(size) < totalram_pages();
}

/**
 * tee_shm_new() - make an object without memory
 * @ctx:	owner
 * @flags:	TEE_SHM_*
 *
 * Return: the object with one reference, to be filled and put, or NULL
 */
struct tee_shm *tee_shm_new(struct tee_context *ctx, u32 flags)
{
	struct tee_shm *shm;

	shm = kzalloc(sizeof(*shm), GFP_KERNEL_ACCOUNT);
	if (!shm)
		return NULL;

	refcount_set(&shm->refcount, 1);
	shm->flags = flags;
	shm->id = -1;
	teedev_ctx_get(ctx);
	shm->ctx = ctx;
	return shm;
}

/**
 * tee_shm_reserve_id() - give an object an id that nobody finds yet
 * @shm:	object
 *
 * Return: 0 or -ENOMEM
 */
int tee_shm_reserve_id(struct tee_shm *shm)
{
	u32 id;
	int rc;

	rc = xa_alloc(&shm->ctx->teedev->shms, &id, NULL, XA_LIMIT(1, INT_MAX),
		      GFP_KERNEL_ACCOUNT);
	if (rc)
		return -ENOMEM;
	shm->id = id;
	return 0;
}

/**
 * tee_shm_publish() - let an object be found by its id
 * @shm:	finished object with a reserved id
 */
int tee_shm_publish(struct tee_shm *shm)
{
	/* The entry exists, so that storing allocates nothing. */
	return xa_err(xa_store(&shm->ctx->teedev->shms, shm->id, shm, GFP_KERNEL));
}

static void tee_shm_teardown(struct tee_shm *shm)
{
	struct tee_context *ctx = shm->ctx;
	struct tee_device *teedev = ctx->teedev;
	u64 cookie = shm->sec_world_id;
	u64 begin;
	int rc;

	trace_tee_shm_unregister_begin(shm);
	begin = trace_tee_shm_unregister_end_enabled() ? ktime_get_ns() : 0;
	if (shm->flags & TEE_SHM_POOL) {
		teedev->pool->ops->free(teedev->pool, shm);
		rc = shm->lost;
	} else {
		rc = teedev->desc->ops->shm_unregister(ctx, shm);
		if (!rc) {
			tee_shm_release_pages(shm);
		} else {
			/* The pages stay pinned for ever, only the list of them goes. */
			kvfree(shm->pages);
			dev_err_once(&teedev->dev,
				     "memory that the secure world does not give back is lost\n");
		}
	}
	trace_tee_shm_unregister_end(shm, cookie, rc, begin);

	tee_shm_discharge(shm);
	kfree(shm);
	teedev_ctx_put(ctx);
}

static void tee_shm_teardown_work(struct work_struct *work)
{
	tee_shm_teardown(container_of(work, struct tee_shm, teardown));
}

static noinline bool tee_shm_drop_last(struct tee_shm *shm)
{
	struct xarray *shms = &shm->ctx->teedev->shms;
	bool last;

	xa_lock(shms);
	last = refcount_dec_and_test(&shm->refcount);
	if (last && shm->id >= 0)
		__xa_erase(shms, shm->id);
	xa_unlock(shms);
	return last;
}

/* Return: whether it was the last one, so that the caller has the object for itself */
static __always_inline bool tee_shm_drop(struct tee_shm *shm)
{
	if (IS_ERR_OR_NULL(shm) || refcount_dec_not_one(&shm->refcount))
		return false;
	return tee_shm_drop_last(shm);
}

static void tee_shm_leave_to_worker(struct tee_shm *shm)
{
	INIT_WORK(&shm->teardown, tee_shm_teardown_work);
	tee_teardown_queue(&shm->teardown);
}

/**
 * tee_shm_put_later() - drop a reference in the midst of a call
 * @shm:	object of user space, NULL or an error pointer
 *
 * As tee_shm_put(), but the memory is taken back by a worker if this was the last one: a call of
 * the secure world cannot wait for another one.
 */
void tee_shm_put_later(struct tee_shm *shm)
{
	if (tee_shm_drop(shm))
		tee_shm_leave_to_worker(shm);
}
EXPORT_SYMBOL_GPL(tee_shm_put_later);

/**
 * tee_shm_put() - drop a reference
 * @shm:	object, NULL or an error pointer
 *
 * The last one takes the object out of the id table in the same critical section in which
 * the count becomes 0, so that no lookup can ever find it then; and takes the memory back
 * from the secure world before it is freed.
 */
void tee_shm_put(struct tee_shm *shm)
{
	if (!tee_shm_drop(shm))
		return;
	/*
	 * A client in the kernel reuses its memory as soon as this returns, so only
	 * objects of user space can be left to a worker.
	 */
	if ((shm->flags & TEE_SHM_USER_MAPPED) && tee_task_is_dying())
		tee_shm_leave_to_worker(shm);
	else
		tee_shm_teardown(shm);
}
EXPORT_SYMBOL_GPL(tee_shm_put);

/**
 * tee_shm_free() - drop the reference of the one who made an object
 * @shm:	object
 */
void tee_shm_free(struct tee_shm *shm)
{
	tee_shm_put(shm);
}
EXPORT_SYMBOL_GPL(tee_shm_free);

/**
 * tee_shm_get_from_id() - find an object
 * @ctx:	context it must belong to
 * @id:		id
 *
 * Return: the object with a reference for the caller, or -EINVAL
 */
struct tee_shm *tee_shm_get_from_id(struct tee_context *ctx, int id)
{
	struct xarray *shms = &ctx->teedev->shms;
	struct tee_shm *shm;

	if (id < 0)
		return ERR_PTR(-EINVAL);

	xa_lock(shms);
	shm = xa_load(shms, id);
	if (!shm || shm->ctx != ctx)
		shm = ERR_PTR(-EINVAL);
	else
		refcount_inc(&shm->refcount);
	xa_unlock(shms);

	return shm;
}
EXPORT_SYMBOL_GPL(tee_shm_get_from_id);

static struct tee_shm *tee_shm_alloc(struct tee_context *ctx, size_t size, size_t align,
				     u32 flags)
{
	struct tee_shm_pool *pool = ctx->teedev->pool;
	struct tee_shm *shm;
	u64 begin;
	int rc;

	if (!tee_shm_size_is_sane(size))
		return ERR_PTR(-ENOMEM);

	shm = tee_shm_new(ctx, flags | TEE_SHM_POOL);
	if (!shm)
		return ERR_PTR(-ENOMEM);

	trace_tee_shm_alloc_begin(ctx, size);
	begin = trace_tee_shm_alloc_end_enabled() ? ktime_get_ns() : 0;
	rc = tee_shm_charge(shm, size);
	if (rc)
		goto err_put;
	if (flags & TEE_SHM_USER_MAPPED) {
		rc = tee_shm_reserve_id(shm);
		if (rc)
			goto err_put;
	}

	rc = pool->ops->alloc(pool, shm, size, align);
	if (rc)
		goto err_put;

	if (flags & TEE_SHM_USER_MAPPED) {
		rc = tee_shm_publish(shm);
		if (rc)
			goto err_put;
	}

	trace_tee_shm_alloc_end(shm, shm->sec_world_id, 0, begin);
	return shm;

err_put:
	trace_tee_shm_alloc_end(shm, shm->sec_world_id, rc, begin);
	tee_shm_put(shm);
	return ERR_PTR(rc);
}

/**
 * tee_shm_alloc_user_buf() - memory that user space will map
 * @ctx:	owner
 * @size:	bytes
 *
 * Return: the object, or -ENOMEM; also for a size of 0, which no allocator can satisfy and
 * mainline answers so, or an errno of the driver
 */
struct tee_shm *tee_shm_alloc_user_buf(struct tee_context *ctx, size_t size)
{
	return tee_shm_alloc(ctx, size, PAGE_SIZE, TEE_SHM_DYNAMIC | TEE_SHM_USER_MAPPED);
}

/**
 * tee_shm_alloc_kernel_buf() - memory for a client in the kernel
 * @ctx:	owner
 * @size:	bytes
 *
 * Return: page-aligned memory that the secure world knows, or an ERR_PTR
 */
struct tee_shm *tee_shm_alloc_kernel_buf(struct tee_context *ctx, size_t size)
{
	return tee_shm_alloc(ctx, size, PAGE_SIZE, TEE_SHM_DYNAMIC);
}
EXPORT_SYMBOL_GPL(tee_shm_alloc_kernel_buf);

/**
 * tee_shm_alloc_priv_buf() - memory between a driver and its secure world
 * @ctx:	owner
 * @size:	bytes
 *
 * Return: memory that need not be registered, or an ERR_PTR
 */
struct tee_shm *tee_shm_alloc_priv_buf(struct tee_context *ctx, size_t size)
{
	return tee_shm_alloc(ctx, size, sizeof(long) * 2, TEE_SHM_DYNAMIC | TEE_SHM_PRIV);
}
EXPORT_SYMBOL_GPL(tee_shm_alloc_priv_buf);

/**
 * tee_shm_get_va() - kernel address inside an object
 * @shm:	object
 * @offs:	offset
 *
 * Return: the address, or -EINVAL if @offs is outside or the kernel has no mapping
 */
void *tee_shm_get_va(struct tee_shm *shm, size_t offs)
{
	if (!shm->kaddr || offs >= shm->size)
		return ERR_PTR(-EINVAL);
	return shm->kaddr + offs;
}
EXPORT_SYMBOL_GPL(tee_shm_get_va);

/**
 * tee_shm_get_pa() - physical address inside an object
 * @shm:	object
 * @offs:	offset
 * @pa:		out; valid to the end of the page only, as pages need not be contiguous
 *
 * Return: 0, or -EINVAL if @offs is outside
 */
int tee_shm_get_pa(struct tee_shm *shm, size_t offs, phys_addr_t *pa)
{
	size_t pos = shm->offset + offs;

	if (offs >= shm->size)
		return -EINVAL;
	if (shm->pages)
		*pa = page_to_phys(shm->pages[pos >> PAGE_SHIFT]) + offset_in_page(pos);
	else
		*pa = shm->paddr + offs;
	return 0;
}
EXPORT_SYMBOL_GPL(tee_shm_get_pa);
