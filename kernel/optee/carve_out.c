// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is shared since the secure world booted, for one that learns of no other.
 *
 * A part is the driver's own, for messages and for what the secure world asks for: clients
 * who take all the rest must not keep each other from closing their sessions.
 */
#include <linux/genalloc.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "optee_private.h"

#define OPTEE_CARVE_OUT_ORDER		9
/* One part of so many is the driver's. */
#define OPTEE_CARVE_OUT_OWN_PART	4
#define OPTEE_CARVE_OUT_MIN_SIZE	SZ_64K

/**
 * optee_carve_out_init() - take a carve-out into use
 * @optee:	device
 * @pa:		where it begins, as the secure world says
 * @size:	bytes
 *
 * Return: 0, -EINVAL if it is of no use, or -ENOMEM
 */
int optee_carve_out_init(struct optee *optee, phys_addr_t pa, size_t size)
{
	struct optee_carve_out *c = &optee->carve_out;
	phys_addr_t end = round_down(pa + size, PAGE_SIZE);
	struct tee_shm_pool *pool;
	size_t own;
	int rc;

	pa = round_up(pa, PAGE_SIZE);
	if (end < pa || end - pa < OPTEE_CARVE_OUT_MIN_SIZE) {
		dev_err(optee->dev, "shared memory at %pa is too small\n", &pa);
		return -EINVAL;
	}
	size = end - pa;
	own = round_up(size / OPTEE_CARVE_OUT_OWN_PART, PAGE_SIZE);

	c->va = memremap(pa, size, MEMREMAP_WB);
	if (!c->va) {
		dev_err(optee->dev, "shared memory at %pa cannot be mapped\n", &pa);
		return -EINVAL;
	}
	c->own = gen_pool_create(OPTEE_CARVE_OUT_ORDER, -1);
	if (!c->own) {
		rc = -ENOMEM;
		goto err_unmap;
	}
	rc = gen_pool_add_virt(c->own, (unsigned long)c->va, pa, own, -1);
	if (rc)
		goto err_own;
	pool = tee_shm_pool_alloc_res_mem((unsigned long)c->va + own, pa + own, size - own,
					  OPTEE_CARVE_OUT_ORDER);
	if (IS_ERR(pool)) {
		rc = PTR_ERR(pool);
		goto err_own;
	}
	optee->pool = pool;
	return 0;

err_own:
	gen_pool_destroy(c->own);
err_unmap:
	memunmap(c->va);
	c->va = NULL;
	return rc;
}

/**
 * optee_carve_out_destroy() - the opposite
 * @optee:	device without clients, and without messages
 *
 * What the secure world did not give back is lost, with all of the mapping.
 */
void optee_carve_out_destroy(struct optee *optee)
{
	struct optee_carve_out *c = &optee->carve_out;

	if (!c->va)
		return;
	tee_shm_pool_free(optee->pool);
	if (gen_pool_avail(c->own) != gen_pool_size(c->own))
		return;
	gen_pool_destroy(c->own);
	memunmap(c->va);
}

/**
 * optee_carve_out_alloc() - memory of the driver's part
 * @c:		carve-out
 * @size:	bytes
 * @align:	a power of 2, at most a page
 * @pa:		its physical address, out
 *
 * Return: zeroed memory for optee_carve_out_free(), or NULL
 */
void *optee_carve_out_alloc(struct optee_carve_out *c, size_t size, size_t align, phys_addr_t *pa)
{
	struct genpool_data_align data = { .align = align };
	unsigned long va;

	va = gen_pool_alloc_algo(c->own, size, gen_pool_first_fit_align, &data);
	if (!va)
		return NULL;
	memset((void *)va, 0, size);
	*pa = gen_pool_virt_to_phys(c->own, va);
	return (void *)va;
}

void optee_carve_out_free(struct optee_carve_out *c, void *va, size_t size)
{
	gen_pool_free(c->own, (unsigned long)va, size);
}
