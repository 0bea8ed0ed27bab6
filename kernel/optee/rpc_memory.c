// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the secure world asks for in RPCs.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "optee_private.h"

/* More than any trusted OS asks for at once; an answer for one that has gone astray. */
#define OPTEE_RPC_MEMORY_MAX	SZ_16M

static void optee_rpc_memory_release(struct optee_rpc_memory *mem)
{
	size_t n;

	for (n = 0; n < mem->num_pages; n++)
		__free_page(mem->pages[n]);
	kvfree(mem);
}

/**
 * optee_rpc_memory_alloc() - allocate memory and give it a cookie
 * @optee:	device
 * @size:	bytes; memory of up to a page is contiguous
 *
 * Return: the memory, with the reference of the cookie table, or NULL
 */
struct optee_rpc_memory *optee_rpc_memory_alloc(struct optee *optee, size_t size)
{
	struct optee_rpc_memory *mem;
	size_t num_pages;

	if (!size || size > OPTEE_RPC_MEMORY_MAX)
		return NULL;

	num_pages = PFN_UP(size);
	mem = kvzalloc(struct_size(mem, pages, num_pages), GFP_KERNEL);
	if (!mem)
		return NULL;
	refcount_set(&mem->handle.refcount, 1);
	mem->size = size;
	for (; mem->num_pages < num_pages; mem->num_pages++) {
		mem->pages[mem->num_pages] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!mem->pages[mem->num_pages])
			goto err_release;
	}
	if (optee_handle_add(&optee->cookies, &mem->handle))
		goto err_release;
	return mem;

err_release:
	optee_rpc_memory_release(mem);
	return NULL;
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
	struct optee_handle *handle = optee_handle_get(&optee->cookies, cookie);

	return handle ? container_of(handle, struct optee_rpc_memory, handle) : NULL;
}

void optee_rpc_memory_put(struct optee_rpc_memory *mem)
{
	if (refcount_dec_and_test(&mem->handle.refcount))
		optee_rpc_memory_release(mem);
}

/**
 * optee_rpc_memory_free() - the secure world gives memory back
 * @optee:	device
 * @cookie:	anything
 *
 * The cookie is gone when this returns, so before the secure world hears of it.
 *
 * Return: false if it is no cookie of such memory
 */
bool optee_rpc_memory_free(struct optee *optee, u64 cookie)
{
	struct optee_handle *handle = optee_handle_remove(&optee->cookies, cookie);

	if (!handle)
		return false;
	optee_rpc_memory_put(container_of(handle, struct optee_rpc_memory, handle));
	return true;
}
