// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that QTEE may be told of: whole pages, contiguous, known to its bridge if there is one.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <compat/qcom_scm_qtee.h>

#include "qcomtee.h"

/**
 * qcomtee_buf_alloc() - get zeroed pages
 * @qtee:	device
 * @buf:	out; without pages on failure
 * @size:	bytes, rounded up to pages
 * @gfp:	flags
 *
 * Return: 0 or -ENOMEM, also for more than can be contiguous, or an errno of the bridge
 */
int qcomtee_buf_alloc(struct qcomtee *qtee, struct qcomtee_buf *buf, size_t size, gfp_t gfp)
{
	int rc;

	size = PAGE_ALIGN(size);
	/* The allocator warns of more. */
	if (get_order(size) > get_order(QTEE_INBOUND_MAX))
		return -ENOMEM;
	buf->va = alloc_pages_exact(size, gfp | __GFP_ZERO | __GFP_NOWARN);
	if (!buf->va)
		return -ENOMEM;
	buf->pa = virt_to_phys(buf->va);
	buf->size = size;
	buf->bridge = 0;
	/* Our own calls are for firmware without a bridge. */
	if (qtee->transport != &qcomtee_scm_transport)
		return 0;
	rc = qcom_tzmem_shm_bridge_create(buf->pa, size, &buf->bridge);
	if (rc) {
		free_pages_exact(buf->va, size);
		buf->va = NULL;
	}
	return rc;
}

/**
 * qcomtee_buf_free() - give pages back
 * @buf:	pages, or none
 */
void qcomtee_buf_free(struct qcomtee_buf *buf)
{
	if (!buf->va)
		return;
	if (buf->bridge)
		qcom_tzmem_shm_bridge_delete(buf->bridge);
	free_pages_exact(buf->va, buf->size);
	buf->va = NULL;
}

static int qcomtee_pool_alloc(struct tee_shm_pool *pool, struct tee_shm *shm, size_t size,
			      size_t align)
{
	struct qcomtee *qtee = container_of(pool, struct qcomtee, pool);
	struct qcomtee_buf buf;
	size_t n;
	int rc;

	if (align > PAGE_SIZE)
		return -EINVAL;
	rc = qcomtee_buf_alloc(qtee, &buf, size, GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL);
	if (rc)
		return rc;

	shm->kaddr = buf.va;
	shm->paddr = buf.pa;
	shm->size = buf.size;
	shm->sec_world_id = buf.bridge;
	/* For mappings of user space, which take them one by one. */
	shm->pages = kvmalloc_array(buf.size >> PAGE_SHIFT, sizeof(*shm->pages),
				    GFP_KERNEL_ACCOUNT);
	if (!shm->pages)
		return -ENOMEM;
	shm->num_pages = buf.size >> PAGE_SHIFT;
	for (n = 0; n < shm->num_pages; n++)
		shm->pages[n] = virt_to_page(buf.va + (n << PAGE_SHIFT));
	return 0;
}

static void qcomtee_pool_free(struct tee_shm_pool *pool, struct tee_shm *shm)
{
	struct qcomtee_buf buf = {
		.va = shm->kaddr,
		.pa = shm->paddr,
		.size = shm->size,
		.bridge = shm->sec_world_id,
	};

	qcomtee_buf_free(&buf);
	kvfree(shm->pages);
}

static void qcomtee_pool_destroy(struct tee_shm_pool *pool)
{
}

const struct tee_shm_pool_ops qcomtee_pool_ops = {
	.alloc = qcomtee_pool_alloc,
	.free = qcomtee_pool_free,
	.destroy_pool = qcomtee_pool_destroy,
};
