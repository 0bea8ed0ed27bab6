/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the secure world knows: by a cookie, by a list of its pages, or because it lies where
 * all of it is shared.
 */
#ifndef OPTEE_MEMORY_H
#define OPTEE_MEMORY_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct gen_pool;
struct optee;
struct page;

/*
 * Cookies, see cookie.c
 */

/**
 * struct optee_handle - an object that the secure world may name
 * @cookie:	by which it does
 * @refcount:	the table's reference and those of optee_handle_get()
 */
struct optee_handle {
	u64 cookie;
	refcount_t refcount;
};

/**
 * struct optee_cookies - all cookies of a device
 * @table:	by index: a handle, or the generation of a cookie that names no object here
 * @generation:	of the last cookie; begins at random
 * @are_given:	the secure world names memory by numbers that are not ours; constant
 * @given:	objects that have such a number, by it
 */
struct optee_cookies {
	struct xarray table;
	atomic_t generation;
	bool are_given;
	struct xarray given;
};

void optee_cookies_init(struct optee_cookies *cookies);
void optee_cookies_destroy(struct optee_cookies *cookies);
int optee_cookie_alloc(struct optee_cookies *cookies, u64 *cookie);
void optee_cookie_free(struct optee_cookies *cookies, u64 cookie);
void optee_cookie_is_of_client(struct optee_cookies *cookies, u64 cookie);
u64 optee_cookie_next_of_client(struct optee_cookies *cookies, unsigned long *index);
bool optee_cookie_is_known(struct optee_cookies *cookies, u64 cookie);
int optee_handle_add(struct optee_cookies *cookies, struct optee_handle *handle);
int optee_handle_add_given(struct optee_cookies *cookies, struct optee_handle *handle);
struct optee_handle *optee_handle_get(struct optee_cookies *cookies, u64 cookie);
struct optee_handle *optee_handle_remove(struct optee_cookies *cookies, u64 cookie);

/*
 * Page lists, see page_list.c
 */

/**
 * struct optee_page_list - a list of pages in the form of the protocol
 * @num:	list pages
 * @pages:	they; freed with the list, which whoever allocated it does
 */
struct optee_page_list {
	size_t num;
	struct page *pages[];
};

struct optee_page_list *optee_page_list_alloc(struct page *const *pages, size_t offset,
					      size_t size);
void optee_page_list_free(struct optee_page_list *list);
u64 optee_page_list_buf_ptr(const struct optee_page_list *list, size_t offset);

/*
 * Carve-out, see carve_out.c
 */

/**
 * struct optee_carve_out - memory that is shared since the secure world booted
 * @va:		all of it, NULL if pages are shared one by one
 * @own:	allocator of the driver's part; the rest is the clients' pool
 */
struct optee_carve_out {
	void *va;
	struct gen_pool *own;
};

int optee_carve_out_init(struct optee *optee, phys_addr_t pa, size_t size);
void optee_carve_out_destroy(struct optee *optee);
void *optee_carve_out_alloc(struct optee_carve_out *c, size_t size, size_t align, phys_addr_t *pa);
void optee_carve_out_free(struct optee_carve_out *c, void *va, size_t size);

#endif /* OPTEE_MEMORY_H */
