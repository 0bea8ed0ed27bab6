// SPDX-License-Identifier: BSD-2-Clause
#include "reservation.h"
#include "guest.h"

/* The entry of a cookie, or a free one for it, of which there always is one for a new call. */
static struct reservation *find(struct thread_pool *pool, uint64_t cookie, bool make)
{
	struct reservation *r, *unused = NULL;
	unsigned int n;

	for (n = 0; n < pool->count; n++) {
		r = &pool->reservations[n];
		if (!r->reserved && !r->used)
			unused = unused ? unused : r;
		else if (r->cookie == cookie)
			return r;
	}
	if (!make || !unused)
		return NULL;
	unused->cookie = cookie;
	return unused;
}

bool reservation_add(struct guest *guest, uint64_t cookie)
{
	struct thread_pool *pool = &guest->threads;
	uint64_t interrupts = lock_take(&pool->lock);
	struct reservation *r = NULL;

	if (pool->reserved + 1 < pool->count)
		r = find(pool, cookie, true);
	if (r) {
		pool->reserved++;
		if (r->used <= r->reserved)
			pool->kept_back++;
		r->reserved++;
	}
	lock_release(&pool->lock, interrupts);
	return r;
}

static void take_back(struct thread_pool *pool, struct reservation *r)
{
	pool->reserved--;
	r->reserved--;
	/* Else a call has it, and keeps it. */
	if (r->used <= r->reserved)
		pool->kept_back--;
}

bool reservation_remove(struct guest *guest, uint64_t cookie)
{
	struct thread_pool *pool = &guest->threads;
	uint64_t interrupts = lock_take(&pool->lock);
	struct reservation *r = find(pool, cookie, false);
	bool had = r && r->reserved;

	if (had)
		take_back(pool, r);
	lock_release(&pool->lock, interrupts);
	return had;
}

void reservations_drop(struct guest *guest)
{
	struct thread_pool *pool = &guest->threads;
	uint64_t interrupts = lock_take(&pool->lock);
	unsigned int n;

	for (n = 0; n < pool->count; n++)
		while (pool->reservations[n].reserved)
			take_back(pool, &pool->reservations[n]);
	lock_release(&pool->lock, interrupts);
}

bool reservation_enter(struct thread_pool *pool, const uint64_t *cookie,
		       struct reservation **entry)
{
	struct reservation *r = cookie ? find(pool, *cookie, false) : NULL;

	*entry = NULL;
	if (r && r->used < r->reserved) {
		/* Kept back while all were in use: there may be none yet. */
		if (pool->used >= pool->count)
			return false;
		r->used++;
		pool->kept_back--;
		*entry = r;
		return true;
	}
	return pool->used + pool->kept_back < pool->count;
}

void reservation_leave(struct thread_pool *pool, struct reservation *entry)
{
	if (!entry)
		return;
	if (entry->used <= entry->reserved)
		pool->kept_back++;
	entry->used--;
}
