// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the memory of new objects comes from: any pages, or a carve-out.
 */
#include <linux/genalloc.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "tee_private.h"

/* Pages one by one: a user's wish must neither need luck nor end other processes. */
#define TEE_DYN_SHM_GFP \
	(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static void tee_dyn_shm_free_pages(struct tee_shm *shm)
{
	size_t n;

	if (is_vmalloc_addr(shm->kaddr))
		vunmap(shm->kaddr);
	for (n = 0; n < shm->num_pages; n++)
		__free_page(shm->pages[n]);
	kvfree(shm->pages);
}

/* The kernel itself needs to see its own memory, but not that of user space. */
static int tee_dyn_shm_map(struct tee_shm *shm)
{
	if (shm->flags & TEE_SHM_USER_MAPPED)
		return 0;

	if (shm->num_pages == 1)
		shm->kaddr = page_address(shm->pages[0]);
	else
		shm->kaddr = vmap(shm->pages, shm->num_pages, VM_MAP, PAGE_KERNEL);
	return shm->kaddr ? 0 : -ENOMEM;
}

static int tee_dyn_shm_get_pages(struct tee_shm *shm, size_t num_pages)
{
	for (; shm->num_pages < num_pages; shm->num_pages++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		shm->pages[shm->num_pages] = alloc_page(TEE_DYN_SHM_GFP);
		if (!shm->pages[shm->num_pages])
			return -ENOMEM;
	}
	return 0;
}

/* They are freed one by one all the same. */
static int tee_dyn_shm_get_contiguous(struct tee_shm *shm, size_t num_pages)
{
	void *va = alloc_pages_exact(num_pages << PAGE_SHIFT, TEE_DYN_SHM_GFP);

	if (!va)
		return -ENOMEM;
	for (; shm->num_pages < num_pages; shm->num_pages++)
		shm->pages[shm->num_pages] = virt_to_page(va + (shm->num_pages << PAGE_SHIFT));
	return 0;
}

static int tee_dyn_shm_alloc(struct tee_shm *shm, size_t size, size_t align,
			     int (*get_pages)(struct tee_shm *shm, size_t num_pages),
			     int (*shm_register)(struct tee_context *ctx, struct tee_shm *shm,
						 struct page **pages, size_t num_pages,
						 unsigned long start))
{
	size_t num_pages = PFN_UP(size);
	int rc;

	if (align > PAGE_SIZE)
		return -EINVAL;

	shm->pages = kvcalloc(num_pages, sizeof(*shm->pages), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!shm->pages)
		return -ENOMEM;
	rc = get_pages(shm, num_pages);
	if (rc)
		return rc;
	shm->size = num_pages << PAGE_SHIFT;
	shm->paddr = page_to_phys(shm->pages[0]);

	rc = tee_dyn_shm_map(shm);
	if (rc)
		return rc;

	return shm_register ? shm_register(shm->ctx, shm, shm->pages, shm->num_pages, 0) : 0;
}

/**
 * tee_dyn_shm_alloc_helper() - alloc operation of a pool of ordinary pages
 * @shm:		object
 * @size:		bytes, rounded up to pages
 * @align:		at most a page
 * @shm_register:	makes the pages known to the secure world, or NULL
 *
 * On failure tee_dyn_shm_free_helper() frees what there is.
 *
 * Return: 0 or an errno
 */
int tee_dyn_shm_alloc_helper(struct tee_shm *shm, size_t size, size_t align,
			     int (*shm_register)(struct tee_context *ctx, struct tee_shm *shm,
						 struct page **pages, size_t num_pages,
						 unsigned long start))
{
	return tee_dyn_shm_alloc(shm, size, align, tee_dyn_shm_get_pages, shm_register);
}
EXPORT_SYMBOL_GPL(tee_dyn_shm_alloc_helper);

/**
 * tee_contig_shm_alloc_helper() - the same for who can only map one range
 * @shm:		object
 * @size:		bytes, rounded up to pages
 * @align:		at most a page
 * @shm_register:	makes the pages known to the secure world, or NULL
 *
 * On failure tee_dyn_shm_free_helper() frees what there is.
 *
 * Return: 0 or an errno
 */
int tee_contig_shm_alloc_helper(struct tee_shm *shm, size_t size, size_t align,
				int (*shm_register)(struct tee_context *ctx, struct tee_shm *shm,
						    struct page **pages, size_t num_pages,
						    unsigned long start))
{
	return tee_dyn_shm_alloc(shm, size, align, tee_dyn_shm_get_contiguous, shm_register);
}
EXPORT_SYMBOL_GPL(tee_contig_shm_alloc_helper);

/**
 * tee_dyn_shm_free_helper() - free operation of a pool of ordinary pages
 * @shm:		object
 * @shm_unregister:	takes the pages back from the secure world, or NULL
 */
void tee_dyn_shm_free_helper(struct tee_shm *shm,
			     int (*shm_unregister)(struct tee_context *ctx, struct tee_shm *shm))
{
	/* Still in the secure world's hands: better lost than given to somebody else. */
	shm->lost = shm_unregister ? shm_unregister(shm->ctx, shm) : 0;
	if (shm->lost) {
		dev_err_once(&shm->ctx->teedev->dev,
			     "memory that the secure world does not give back is lost\n");
		kvfree(shm->pages);
		return;
	}
	tee_dyn_shm_free_pages(shm);
}
EXPORT_SYMBOL_GPL(tee_dyn_shm_free_helper);

static int tee_res_mem_alloc(struct tee_shm_pool *pool, struct tee_shm *shm, size_t size,
			     size_t align)
{
	struct gen_pool *genpool = pool->private_data;
	struct genpool_data_align data;
	unsigned long va;

	data.align = max_t(size_t, align, BIT(genpool->min_alloc_order));
	size = ALIGN(size, data.align);
	va = gen_pool_alloc_algo(genpool, size, gen_pool_first_fit_align, &data);
	if (!va)
		return -ENOMEM;

	memset((void *)va, 0, size);
	shm->kaddr = (void *)va;
	shm->paddr = gen_pool_virt_to_phys(genpool, va);
	shm->size = size;
	/* The secure world knows all of the carve-out: it is named by its address. */
	shm->flags &= ~TEE_SHM_DYNAMIC;
	return 0;
}

static void tee_res_mem_free(struct tee_shm_pool *pool, struct tee_shm *shm)
{
	if (shm->kaddr)
		gen_pool_free(pool->private_data, (unsigned long)shm->kaddr, shm->size);
}

static void tee_res_mem_destroy(struct tee_shm_pool *pool)
{
	gen_pool_destroy(pool->private_data);
	kfree(pool);
}

static const struct tee_shm_pool_ops tee_res_mem_ops = {
	.alloc = tee_res_mem_alloc,
	.free = tee_res_mem_free,
	.destroy_pool = tee_res_mem_destroy,
};

/**
 * tee_shm_pool_alloc_res_mem() - pool of a carve-out
 * @vaddr:		kernel address of it
 * @paddr:		physical address
 * @size:		bytes
 * @min_alloc_order:	log2 of the granule
 *
 * Return: the pool, -EINVAL if not made of whole pages, or -ENOMEM
 */
struct tee_shm_pool *tee_shm_pool_alloc_res_mem(unsigned long vaddr, phys_addr_t paddr,
						size_t size, int min_alloc_order)
{
	struct gen_pool *genpool;
	struct tee_shm_pool *pool;
	int rc;

	if (!PAGE_ALIGNED(vaddr) || !PAGE_ALIGNED(paddr) || !PAGE_ALIGNED(size))
		return ERR_PTR(-EINVAL);

	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return ERR_PTR(-ENOMEM);

	genpool = gen_pool_create(min_alloc_order, -1);
	if (!genpool) {
		rc = -ENOMEM;
		goto err_free;
	}
	rc = gen_pool_add_virt(genpool, vaddr, paddr, size, -1);
	if (rc)
		goto err_destroy;

	pool->private_data = genpool;
	pool->ops = &tee_res_mem_ops;
	return pool;

err_destroy:
	gen_pool_destroy(genpool);
err_free:
	kfree(pool);
	return ERR_PTR(rc);
}
EXPORT_SYMBOL_GPL(tee_shm_pool_alloc_res_mem);
