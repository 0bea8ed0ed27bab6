// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the secure world asks for in RPCs.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "optee_private.h"

/* More than any trusted OS asks for at once; an answer for one that has gone astray. */
#define OPTEE_RPC_MEMORY_MAX	SZ_16M

static void optee_rpc_memory_release(struct optee *optee, struct optee_rpc_memory *mem)
{
	size_t n;

	if (mem->shared && optee->ops->unshare(optee, mem->pages[0], mem->handle.cookie)) {
		dev_err_once(optee->dev,
			     "memory that the secure world does not give back is lost\n");
		mem->num_pages = 0;
	}
	for (n = 0; n < mem->num_pages; n++)
		__free_page(mem->pages[n]);
	if (mem->va && optee->carve_out.va)
		optee_carve_out_free(&optee->carve_out, mem->va, mem->size);
	/* The secure world may be waiting for this, with the only thread that could unregister it. */
	tee_shm_put_later(mem->shm);
	kvfree(mem);
}

static int optee_rpc_memory_add(struct optee *optee, struct optee_rpc_memory *mem)
{
	if (optee->cookies.are_given)
		return optee_handle_add_given(&optee->cookies, &mem->handle);
	return optee_handle_add(&optee->cookies, &mem->handle);
}

/**
 * optee_rpc_memory_alloc() - allocate memory of the kernel and give it a cookie
 * @optee:	device
 * @size:	bytes; memory of up to a page, or of a carve-out, is contiguous
 * @align:	bytes, a power of 2 of at most a page, or 0; pages are aligned in any case
 *
 * Return: the memory with a reference for the caller, as the secure world may guess the
 * cookie and free it at once; or NULL
 */
struct optee_rpc_memory *optee_rpc_memory_alloc(struct optee *optee, size_t size, size_t align)
{
	struct optee_rpc_memory *mem;
	size_t num_pages, natural, offset;

	if (!size || size > OPTEE_RPC_MEMORY_MAX)
		return NULL;

	num_pages = optee->carve_out.va ? 0 : PFN_UP(size);
	mem = kvzalloc(struct_size(mem, pages, num_pages), GFP_KERNEL);
	if (!mem)
		return NULL;
	/* The cookie's and the caller's. */
	refcount_set(&mem->handle.refcount, 2);
	mem->size = size;
	for (; mem->num_pages < num_pages; mem->num_pages++) {
		mem->pages[mem->num_pages] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!mem->pages[mem->num_pages])
			goto err_release;
	}
	if (!num_pages) {
		natural = min(size, PAGE_SIZE);
		align = max(align, roundup_pow_of_two(natural));
		mem->va = optee_carve_out_alloc(&optee->carve_out, size, align, &mem->pa);
		if (!mem->va)
			goto err_release;
	} else {
		mem->pa = page_to_phys(mem->pages[0]);
		if (num_pages == 1)
			mem->va = page_address(mem->pages[0]);
	}
	if (optee->ops->share) {
		if (optee->ops->share(optee, mem->pages, mem->num_pages, &mem->handle.cookie,
				      &offset))
			goto err_release;
		mem->shared = true;
	}
	if (optee_rpc_memory_add(optee, mem))
		goto err_release;
	return mem;

err_release:
	optee_rpc_memory_release(optee, mem);
	return NULL;
}

/**
 * optee_rpc_memory_of_supp() - give memory of a supplicant a cookie
 * @optee:	device
 * @shm:	memory; on success its reference goes with the cookie
 * @generation:	of the supplicant
 *
 * Return: the memory with a reference for the caller, or NULL
 */
struct optee_rpc_memory *optee_rpc_memory_of_supp(struct optee *optee, struct tee_shm *shm,
						  u64 generation)
{
	struct optee_rpc_memory *mem;

	mem = kvzalloc(sizeof(*mem), GFP_KERNEL);
	if (!mem)
		return NULL;
	/* The cookie's and the caller's. */
	refcount_set(&mem->handle.refcount, 2);
	mem->size = shm->size;
	mem->generation = generation;
	mem->shm = shm;
	mem->handle.cookie = shm->sec_world_id;
	if (optee_rpc_memory_add(optee, mem)) {
		kvfree(mem);
		return NULL;
	}
	return mem;
}

static struct optee_rpc_memory *to_optee_rpc_memory(struct optee_handle *handle)
{
	return handle ? container_of(handle, struct optee_rpc_memory, handle) : NULL;
}

/**
 * optee_rpc_memory_get() - find memory
 * @optee:	device
 * @cookie:	anything
 *
 * Return: the memory with a reference, or NULL
 */
struct optee_rpc_memory *optee_rpc_memory_get(struct optee *optee, u64 cookie)
{
	return to_optee_rpc_memory(optee_handle_get(&optee->cookies, cookie));
}

void optee_rpc_memory_put(struct optee *optee, struct optee_rpc_memory *mem)
{
	if (refcount_dec_and_test(&mem->handle.refcount))
		optee_rpc_memory_release(optee, mem);
}

/**
 * optee_rpc_memory_take() - the secure world gives memory back
 * @optee:	device
 * @cookie:	anything
 * @of_supp:	memory of a supplicant is meant
 *
 * The cookie is gone when this returns, so before the secure world hears of it.
 *
 * Return: the memory with the reference of the cookie, or NULL if there is none of the kind
 */
struct optee_rpc_memory *optee_rpc_memory_take(struct optee *optee, u64 cookie, bool of_supp)
{
	struct optee_rpc_memory *mem = optee_rpc_memory_get(optee, cookie);
	struct optee_rpc_memory *taken = NULL;

	if (!mem)
		return NULL;
	/* Of two who free it at once one finds it: a cookie is not used again. */
	if (!mem->shm == !of_supp)
		taken = to_optee_rpc_memory(optee_handle_remove(&optee->cookies, cookie));
	optee_rpc_memory_put(optee, mem);
	return taken;
}

/**
 * optee_rpc_memory_free() - the secure world gives memory of the kernel back
 * @optee:	device
 * @cookie:	anything
 *
 * Return: false if it is no cookie of such memory
 */
bool optee_rpc_memory_free(struct optee *optee, u64 cookie)
{
	struct optee_rpc_memory *mem = optee_rpc_memory_take(optee, cookie, false);

	if (!mem)
		return false;
	optee_rpc_memory_put(optee, mem);
	return true;
}
