// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cookies: the numbers by which the secure world names objects of ours.
 *
 * Index in the lower half, generation in the upper. Generations begin at random: a trusted
 * OS keeps what a kernel before this one registered, and must not hit an object of ours
 * with it. 0 is never a cookie.
 *
 * Over FF-A it names memory by the numbers that the partition manager gave. They have a table of
 * their own, and nothing else is looked up there.
 */
#include <linux/kmemleak.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "optee_private.h"

#define OPTEE_COOKIE_INDEX(cookie)	lower_32_bits(cookie)

/* Memory of clients; XA_MARK_0 says which indices are free. */
#define OPTEE_COOKIE_OF_CLIENT		XA_MARK_1

void optee_cookies_init(struct optee_cookies *cookies)
{
	xa_init_flags(&cookies->table, XA_FLAGS_ALLOC1);
	xa_init(&cookies->given);
	atomic_set(&cookies->generation, get_random_u32());
}

/**
 * optee_cookies_destroy() - free the table
 * @cookies:	table; objects that are still in it stay allocated, as the secure world has them
 */
void optee_cookies_destroy(struct optee_cookies *cookies)
{
	unsigned long index;
	void *entry;

	/* Lost on purpose. A handle comes first in what it is part of. */
	xa_for_each(&cookies->table, index, entry)
		if (!xa_is_value(entry))
			kmemleak_not_leak(entry);
	xa_for_each(&cookies->given, index, entry)
		kmemleak_not_leak(entry);
	xa_destroy(&cookies->table);
	xa_destroy(&cookies->given);
}

static u64 optee_cookie_make(u32 generation, u32 index)
{
	return (u64)generation << 32 | index;
}

/**
 * optee_cookie_alloc() - a cookie for something that is never looked up
 * @cookies:	table
 * @cookie:	out
 *
 * Return: 0 or -ENOMEM
 */
int optee_cookie_alloc(struct optee_cookies *cookies, u64 *cookie)
{
	u32 generation = atomic_inc_return(&cookies->generation);
	u32 index;

	if (xa_alloc(&cookies->table, &index, xa_mk_value(generation), xa_limit_32b,
		     GFP_KERNEL_ACCOUNT))
		return -ENOMEM;
	*cookie = optee_cookie_make(generation, index);
	return 0;
}

/**
 * optee_cookie_free() - the opposite
 * @cookies:	table
 * @cookie:	of optee_cookie_alloc(), unknown to the secure world
 */
void optee_cookie_free(struct optee_cookies *cookies, u64 cookie)
{
	xa_erase(&cookies->table, OPTEE_COOKIE_INDEX(cookie));
}

/**
 * optee_cookie_is_of_client() - say that a cookie is that of memory of a client
 * @cookies:	table
 * @cookie:	of optee_cookie_alloc(), known to the secure world
 */
void optee_cookie_is_of_client(struct optee_cookies *cookies, u64 cookie)
{
	xa_set_mark(&cookies->table, OPTEE_COOKIE_INDEX(cookie), OPTEE_COOKIE_OF_CLIENT);
}

/**
 * optee_cookie_next_of_client() - go through the cookies of clients' memory
 * @cookies:	table, possibly in use
 * @index:	0 to begin with, then for the next call
 *
 * Return: a cookie, or 0 if there are no more
 */
u64 optee_cookie_next_of_client(struct optee_cookies *cookies, unsigned long *index)
{
	void *entry;
	u32 at;

	do {
		entry = xa_find(&cookies->table, index, U32_MAX, OPTEE_COOKIE_OF_CLIENT);
		if (!entry)
			return 0;
		at = (*index)++;
		/* An object may have come in its place meanwhile. */
	} while (!xa_is_value(entry));
	return optee_cookie_make(xa_to_value(entry), at);
}

/**
 * optee_cookie_is_known() - has it not been freed yet?
 * @cookies:	table
 * @cookie:	of optee_cookie_alloc()
 */
bool optee_cookie_is_known(struct optee_cookies *cookies, u64 cookie)
{
	return xa_load(&cookies->table, OPTEE_COOKIE_INDEX(cookie)) ==
	       xa_mk_value(upper_32_bits(cookie));
}

/**
 * optee_handle_add() - give an object a cookie
 * @cookies:	table
 * @handle:	of the object; its reference becomes the table's
 *
 * Return: 0 or -ENOMEM
 */
int optee_handle_add(struct optee_cookies *cookies, struct optee_handle *handle)
{
	u32 generation = atomic_inc_return(&cookies->generation);
	u32 index;

	/* Found only when its cookie is set. */
	if (xa_alloc(&cookies->table, &index, NULL, xa_limit_32b, GFP_KERNEL))
		return -ENOMEM;
	handle->cookie = optee_cookie_make(generation, index);
	xa_store(&cookies->table, index, handle, GFP_KERNEL);
	return 0;
}

/**
 * optee_handle_add_given() - let an object be found by a number that was given to it
 * @cookies:	table of a device that has such
 * @handle:	of the object, with the number as its cookie; its reference becomes the table's
 *
 * Return: 0, -EBUSY if there is one of this number, or -ENOMEM
 */
int optee_handle_add_given(struct optee_cookies *cookies, struct optee_handle *handle)
{
	BUILD_BUG_ON(sizeof(unsigned long) < sizeof(handle->cookie));
	return xa_insert(&cookies->given, handle->cookie, handle, GFP_KERNEL);
}

/* Where objects are by which the secure world may name memory, and at which index. */
static struct xarray *optee_cookies_of_memory(struct optee_cookies *cookies, u64 cookie,
					      unsigned long *index)
{
	*index = cookies->are_given ? cookie : OPTEE_COOKIE_INDEX(cookie);
	return cookies->are_given ? &cookies->given : &cookies->table;
}

static struct optee_handle *optee_handle_find(struct xarray *table, unsigned long index, u64 cookie)
{
	struct optee_handle *handle;

	lockdep_assert_held(&table->xa_lock);

	handle = xa_load(table, index);
	if (!handle || xa_is_value(handle) || handle->cookie != cookie)
		return NULL;
	return handle;
}

/**
 * optee_handle_get() - find the object of a cookie from the secure world
 * @cookies:	table
 * @cookie:	anything
 *
 * Return: the object with a reference for the caller, or NULL
 */
struct optee_handle *optee_handle_get(struct optee_cookies *cookies, u64 cookie)
{
	struct optee_handle *handle;
	struct xarray *table;
	unsigned long index;

	table = optee_cookies_of_memory(cookies, cookie, &index);
	xa_lock(table);
	handle = optee_handle_find(table, index, cookie);
	if (handle)
		refcount_inc(&handle->refcount);
	xa_unlock(table);

	return handle;
}

/**
 * optee_handle_remove() - take an object out of the table
 * @cookies:	table
 * @cookie:	anything
 *
 * Return: the object with the reference that was the table's, or NULL
 */
struct optee_handle *optee_handle_remove(struct optee_cookies *cookies, u64 cookie)
{
	struct optee_handle *handle;
	struct xarray *table;
	unsigned long index;

	table = optee_cookies_of_memory(cookies, cookie, &index);
	xa_lock(table);
	handle = optee_handle_find(table, index, cookie);
	if (handle)
		__xa_erase(table, index);
	xa_unlock(table);

	return handle;
}
