// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects made of memory that exists already: of a process, or of the kernel.
 */
#include <linux/highmem.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <trace/tee_trace.h>

#include "tee_private.h"

/**
 * tee_shm_release_pages() - give back the pages of a registered object
 * @shm:	object that the secure world does not know (any more)
 *
 * Pages of the kernel are the client's; only those of a process are pinned.
 */
void tee_shm_release_pages(struct tee_shm *shm)
{
	if (shm->flags & TEE_SHM_USER_MAPPED)
		unpin_user_pages_dirty_lock(shm->pages, shm->num_pages, true);
	kvfree(shm->pages);
}

static struct tee_shm *tee_shm_new_registered(struct tee_context *ctx, u32 flags,
					      unsigned long addr, size_t length)
{
	size_t num_pages = PFN_UP(offset_in_page(addr) + length);
	struct tee_shm *shm;

	shm = tee_shm_new(ctx, flags);
	if (!shm)
		return NULL;
	if (tee_shm_charge(shm, num_pages << PAGE_SHIFT)) {
		tee_shm_put(shm);
		return NULL;
	}

	/* Large ranges have large arrays: neither contiguous nor with a warning. */
	shm->pages = kvmalloc_array(num_pages, sizeof(*shm->pages),
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_ZERO);
	if (!shm->pages) {
		tee_shm_put(shm);
		return NULL;
	}
	shm->offset = offset_in_page(addr);
	shm->size = length;
	return shm;
}

static u64 tee_shm_register_begin(const struct tee_shm *shm)
{
	trace_tee_shm_register_begin(shm->ctx, shm->size);
	return trace_tee_shm_register_end_enabled() ? ktime_get_ns() : 0;
}

static void tee_shm_register_end(const struct tee_shm *shm, int error, u64 begin)
{
	trace_tee_shm_register_end(shm, shm->sec_world_id, error, begin);
}

/* For write, as the secure world may write; num_pages counts what is pinned. */
static int tee_shm_pin(struct tee_shm *shm, unsigned long start, size_t num_pages)
{
	unsigned int flags = FOLL_WRITE | FOLL_LONGTERM;
	int n;

	while (shm->num_pages < num_pages) {
		n = pin_user_pages_fast(start + (shm->num_pages << PAGE_SHIFT),
					min_t(size_t, num_pages - shm->num_pages, SZ_64K),
					flags, shm->pages + shm->num_pages);
		if (n < 0)
			return n;
		if (!n)
			return -EFAULT;
		shm->num_pages += n;
	}
	return 0;
}

/**
 * tee_shm_register_user_buf() - share memory of the calling process
 * @ctx:	owner
 * @addr:	address, need not be aligned
 * @length:	bytes
 *
 * Return: the object, or -EFAULT for an address that is none or not writable, -ENOMEM (also
 * for nothing at all), -EOPNOTSUPP if the driver cannot, or an errno of the driver
 */
struct tee_shm *tee_shm_register_user_buf(struct tee_context *ctx, unsigned long addr,
					  size_t length)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	struct tee_shm *shm;
	unsigned long start;
	u64 begin;
	int rc;

	if (!access_ok((void __user *)addr, length))
		return ERR_PTR(-EFAULT);
	if (!ops->shm_register || !ops->shm_unregister)
		return ERR_PTR(-EOPNOTSUPP);
	if (!tee_shm_size_is_sane(length))
		return ERR_PTR(-ENOMEM);

	addr = untagged_addr(addr);
	start = rounddown(addr, PAGE_SIZE);
	shm = tee_shm_new_registered(ctx, TEE_SHM_DYNAMIC | TEE_SHM_USER_MAPPED, addr, length);
	if (!shm)
		return ERR_PTR(-ENOMEM);

	begin = tee_shm_register_begin(shm);
	rc = tee_shm_reserve_id(shm);
	if (rc)
		goto err_put;
	rc = tee_shm_pin(shm, start, PFN_UP(offset_in_page(addr) + length));
	if (rc)
		goto err_put;
	rc = ops->shm_register(ctx, shm, shm->pages, shm->num_pages, start);
	if (rc)
		goto err_put;
	rc = tee_shm_publish(shm);
	if (rc)
		goto err_put;

	tee_shm_register_end(shm, 0, begin);
	return shm;

err_put:
	tee_shm_register_end(shm, rc, begin);
	tee_shm_put(shm);
	return ERR_PTR(rc);
}

/**
 * tee_shm_register_kernel_buf() - share memory of the kernel
 * @ctx:	owner
 * @addr:	address, in the linear mapping or of vmalloc()
 * @length:	bytes
 *
 * No reference is taken on the pages (slab pages have none to give): the caller keeps the
 * memory until tee_shm_free() has returned.
 *
 * Return: the object or an ERR_PTR
 */
struct tee_shm *tee_shm_register_kernel_buf(struct tee_context *ctx, void *addr, size_t length)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	void *start = PTR_ALIGN_DOWN(addr, PAGE_SIZE);
	struct tee_shm *shm;
	size_t num_pages;
	u64 begin;
	size_t n;
	int rc;

	if (!ops->shm_register || !ops->shm_unregister)
		return ERR_PTR(-EOPNOTSUPP);
	if (!tee_shm_size_is_sane(length))
		return ERR_PTR(-ENOMEM);

	shm = tee_shm_new_registered(ctx, TEE_SHM_DYNAMIC, (unsigned long)addr, length);
	if (!shm)
		return ERR_PTR(-ENOMEM);

	begin = tee_shm_register_begin(shm);
	num_pages = PFN_UP(shm->offset + length);
	for (n = 0; n < num_pages; n++, shm->num_pages++) {
		void *page = start + n * PAGE_SIZE;

		shm->pages[n] = is_vmalloc_addr(page) ? vmalloc_to_page(page) :
							virt_to_page(page);
	}
	shm->kaddr = addr;

	rc = ops->shm_register(ctx, shm, shm->pages, shm->num_pages, (unsigned long)start);
	tee_shm_register_end(shm, rc, begin);
	if (rc) {
		tee_shm_put(shm);
		return ERR_PTR(rc);
	}
	return shm;
}
EXPORT_SYMBOL_GPL(tee_shm_register_kernel_buf);
