// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for messages: pages with slots, each with the call object that goes with it.
 *
 * Pages are added when all slots are taken and stay until the device goes, so that finding
 * a free slot is a walk without a lock. A page in registered memory can only be added by a
 * call of its own; whoever comes meanwhile uses a private page and does not wait. Where pages are
 * shared without a call, a message can be in such a page only, and everybody adds one.
 */
#include <linux/delay.h>
#include <linux/genalloc.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "call.h"

/* Made ahead: beside those for secure threads, and at most in all. */
#define OPTEE_MSG_SPARE_SLOTS	64
#define OPTEE_MSG_WARM_SLOTS	256
/* Contexts may keep so many of those that threads leave over. */
#define OPTEE_MSG_KEPT_SLOTS	64
/* Between two tries to share a page, for calls that must be made. */
#define OPTEE_MSG_PAUSE_MS	10
/* So often, where waiting does not help by itself: for the end of another call. */
#define OPTEE_MSG_TRIES		100
/* Pages in a carve-out, all made ahead. */
#define OPTEE_MSG_CARVED_PAGES	16

static size_t optee_msg_slot_size(const struct optee *optee)
{
	size_t size = OPTEE_MSG_ARG_SIZE(OPTEE_MAX_PARAMS);

	if (optee->rpc_params)
		size += OPTEE_MSG_ARG_SIZE(optee->rpc_params);
	return size;
}

static unsigned int optee_msg_page_slots(const struct optee *optee)
{
	/* Of larger pages only a part is used: what is free is one word. */
	return optee->one_slot ? 1 : min_t(size_t, PAGE_SIZE / optee_msg_slot_size(optee),
					   BITS_PER_LONG);
}

void optee_msg_cache_init(struct optee_msg_cache *cache)
{
	spin_lock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->pages);
	cache->growing = 0;
	atomic_set(&cache->num_kept, 0);
	cache->max_kept = 0;
	init_waitqueue_head(&cache->slot_wait);
}

static struct optee_msg_page *optee_msg_page_alloc(struct optee *optee, unsigned int num_slots,
						   gfp_t gfp)
{
	struct optee_msg_page *page;
	unsigned int n;

	page = kzalloc(struct_size(page, calls, num_slots), gfp);
	if (!page)
		return NULL;
	if (optee->carve_out.va) {
		page->va = optee_carve_out_alloc(&optee->carve_out, PAGE_SIZE, PAGE_SIZE,
						 &page->pa);
	} else {
		page->va = (void *)__get_free_page(gfp | __GFP_ZERO);
		if (page->va)
			page->pa = virt_to_phys(page->va);
	}
	if (!page->va) {
		kfree(page);
		return NULL;
	}
	page->num_slots = num_slots;
	for (n = 0; n < num_slots; n++) {
		page->calls[n].optee = optee;
		page->calls[n].page = page;
		page->calls[n].slot = n;
		page->calls[n].arg = page->va + n * round_down(PAGE_SIZE / num_slots, 8);
		page->calls[n].seen.rpc = OPTEE_SEEN_NO_RPC;
	}
	atomic_long_set(&page->free, GENMASK(num_slots - 1, 0));
	return page;
}

static void optee_msg_page_free(struct optee *optee, struct optee_msg_page *page)
{
	if (optee->carve_out.va)
		optee_carve_out_free(&optee->carve_out, page->va, PAGE_SIZE);
	else
		free_page((unsigned long)page->va);
	kfree(page);
}

static void optee_msg_cache_add(struct optee_msg_cache *cache, struct optee_msg_page *page)
{
	spin_lock(&cache->lock);
	list_add_tail_rcu(&page->node, &cache->pages);
	spin_unlock(&cache->lock);
}

/* Add a page of slots that is shared without a call. */
static int optee_msg_cache_share(struct optee *optee)
{
	struct optee_msg_page *page;
	struct page *pages[1];
	size_t offset;
	int rc;

	page = optee_msg_page_alloc(optee, optee_msg_page_slots(optee), GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	pages[0] = virt_to_page(page->va);
	/* Its own, so that it is all of what it is in. */
	rc = optee->ops->share(optee, pages, 1, &page->cookie, &offset);
	if (rc)
		optee_msg_page_free(optee, page);
	else
		optee_msg_cache_add(&optee->msgs, page);
	return rc;
}

static int optee_msg_page_registered(struct optee_call *call)
{
	struct optee_msg_page *page = call->data;
	struct optee_msg_cache *cache = &call->optee->msgs;
	int rc;

	rc = optee_register_result(call, &page->cookie);
	if (rc)
		optee_msg_page_free(call->optee, page);
	else
		optee_msg_cache_add(cache, page);
	clear_bit_unlock(0, &cache->growing);
	return rc;
}

static void optee_msg_page_orphaned(struct optee_call *call)
{
	optee_msg_page_registered(call);
}

/* Add a page of registered slots, unless somebody is at it. */
static int optee_msg_cache_grow(struct optee *optee, struct tee_context *ctx)
{
	struct optee_msg_cache *cache = &optee->msgs;
	struct optee_msg_page *page;
	struct optee_call *call;
	struct page *pages[1];
	int rc;

	if (optee->ops->share)
		return optee_msg_cache_share(optee);
	/* It would not be taken back any more. */
	if (READ_ONCE(optee->going_down))
		return -ENODEV;
	if (test_and_set_bit_lock(0, &cache->growing))
		return -EBUSY;

	rc = -ENOMEM;
	page = optee_msg_page_alloc(optee, optee_msg_page_slots(optee), GFP_KERNEL);
	if (!page)
		goto err_unlock;
	call = optee_call_alloc(optee, ctx, 1, OPTEE_CALL_PRIVATE);
	if (!call)
		goto err_free;
	pages[0] = virt_to_page(page->va);
	rc = optee_register_prepare(call, pages, 0, PAGE_SIZE);
	if (rc)
		goto err_put;

	call->data = page;
	call->orphaned = optee_msg_page_orphaned;
	rc = optee_call_run(call);
	if (!rc) {
		rc = optee_msg_page_registered(call);
		optee_call_put(call);
		return rc;
	}
	if (call->handed_over) {
		optee_call_put(call);
		return rc;
	}

err_put:
	optee_call_put(call);
err_free:
	optee_msg_page_free(optee, page);
err_unlock:
	clear_bit_unlock(0, &cache->growing);
	return rc;
}

/* All that a carve-out has room for, as far as it is for messages; the second page is kept back. */
static int optee_msg_cache_carve(struct optee *optee)
{
	struct optee_msg_page *page;
	unsigned int n;

	for (n = 0; n < OPTEE_MSG_CARVED_PAGES; n++) {
		/* As much again is for what the secure world asks for. */
		if (n && gen_pool_avail(optee->carve_out.own) <
			 gen_pool_size(optee->carve_out.own) / 2)
			break;
		page = optee_msg_page_alloc(optee, optee_msg_page_slots(optee), GFP_KERNEL);
		if (!page)
			return n ? 0 : -ENOMEM;
		page->reserved = n == 1;
		optee_msg_cache_add(page->reserved ? &optee->system_msgs : &optee->private_msgs,
				    page);
	}
	return 0;
}

static unsigned int optee_msg_cache_slots(const struct optee_msg_cache *cache)
{
	const struct optee_msg_page *page;
	unsigned int slots = 0;

	list_for_each_entry_lockless(page, &cache->pages, node)
		slots += page->num_slots;
	return slots;
}

static int optee_msg_cache_fill(struct optee *optee)
{
	unsigned int wanted = min(optee->cq.total + OPTEE_MSG_SPARE_SLOTS, OPTEE_MSG_WARM_SLOTS);
	unsigned int slots;
	int rc;

	if (optee->carve_out.va)
		return optee_msg_cache_carve(optee);
	if (!optee->use_registered)
		return 0;
	while ((slots = optee_msg_cache_slots(&optee->msgs)) < wanted) {
		rc = optee_msg_cache_grow(optee, NULL);
		/* One page does, if need be. */
		if (rc && !slots)
			return rc;
		if (rc)
			break;
	}
	optee->msgs.max_kept = slots > optee->cq.total ?
			       min_t(unsigned int, slots - optee->cq.total, OPTEE_MSG_KEPT_SLOTS) : 0;
	return 0;
}

/**
 * optee_msg_cache_warm_up() - have slots for as many calls as can be under way
 * @optee:	device
 *
 * One for each secure thread, and some for calls that wait. More come when they are needed. Who
 * calls before optee_start() does, which is the usual place, has them earlier.
 *
 * Return: 0, or an errno if registered messages do not work
 */
int optee_msg_cache_warm_up(struct optee *optee)
{
	int rc = optee_msg_cache_fill(optee);

	if (rc)
		dev_err(optee->dev, "no memory for messages: %d\n", rc);
	return rc;
}
EXPORT_SYMBOL_GPL(optee_msg_cache_warm_up);

/* Are there slots for calls like this, that others do not get? */
static bool optee_msg_is_reserved(const struct tee_context *ctx, unsigned int flags)
{
	const struct optee_context *optee_ctx = ctx && ctx->in_kernel ? ctx->data : NULL;

	return flags & OPTEE_CALL_SYSTEM ||
	       (optee_ctx && READ_ONCE(optee_ctx->reservation.reserved));
}

/* Those whose place is kept back find a slot that is. */
static struct optee_call *optee_msg_carved_take(struct optee *optee, bool reserved)
{
	struct optee_call *call = optee_msg_cache_take(&optee->private_msgs);

	return call || !reserved ? call : optee_msg_cache_take(&optee->system_msgs);
}

/* Return: how long the next time, jiffies; 0: not any more */
static long optee_msg_carved_sleep(struct optee *optee, bool bounded, long left)
{
	if (bounded && READ_ONCE(optee->cq.suspending))
		return schedule_timeout(left);
	/* Nobody says when processes are about to be frozen. */
	schedule_timeout(bounded ? HZ : MAX_SCHEDULE_TIMEOUT);
	return OPTEE_SUSPEND_PATIENCE;
}

/*
 * There will be no more slots than there are, but calls end. While processes are frozen they may
 * not: clients in the kernel do without after a while, as in the call queue.
 */
static struct optee_call *optee_msg_carved_slot(struct optee *optee, struct tee_context *ctx,
						unsigned int flags)
{
	bool user = ctx && !ctx->in_kernel, reserved = optee_msg_is_reserved(ctx, flags);
	struct wait_queue_head *wait = reserved ? &optee->system_msgs.slot_wait :
						  &optee->private_msgs.slot_wait;
	bool bounded = !user && !(flags & OPTEE_CALL_NOFAIL);
	unsigned int state = TASK_UNINTERRUPTIBLE;
	long left = OPTEE_SUSPEND_PATIENCE;
	struct optee_call *call;

	if (user)
		state = TASK_FREEZABLE |
			(flags & OPTEE_CALL_NOFAIL ? TASK_UNINTERRUPTIBLE : TASK_KILLABLE);
	/* A killed task gets none; of a slot that was free before, it has taken that. */
	___wait_event(*wait, (call = optee_msg_carved_take(optee, reserved)) || !left, state, 1, 0,
		      left = optee_msg_carved_sleep(optee, bounded, left));
	return call;
}

static struct optee_call *optee_msg_private_slot(struct optee *optee, unsigned int flags)
{
	struct optee_msg_page *page;
	struct optee_call *call;
	gfp_t gfp = GFP_KERNEL;

	call = optee_msg_cache_take(&optee->private_msgs);
	if (call)
		return call;

	if (flags & OPTEE_CALL_NOFAIL)
		gfp |= __GFP_NOFAIL;
	page = optee_msg_page_alloc(optee, 1, gfp);
	if (!page)
		return NULL;
	call = optee_msg_page_take(page);
	optee_msg_cache_add(&optee->private_msgs, page);
	return call;
}

/* Can it be had later? */
static bool optee_msg_share_is_waited_for(int rc)
{
	return rc == -ENOMEM || rc == -EBUSY || rc == -EAGAIN || rc == -EINTR;
}

/*
 * What must be made waits for memory. Nothing that another call does is needed for this. If memory
 * is refused for good, or the machine goes down, such a call is made up, and fails.
 */
static struct optee_call *optee_msg_shared_slot(struct optee *optee, unsigned int flags)
{
	unsigned int tries = OPTEE_MSG_TRIES;
	struct optee_call *call;
	int rc;

	for (;;) {
		rc = optee_msg_cache_share(optee);
		if (rc == -ENODEV)
			return optee_msg_private_slot(optee, flags);
		call = optee_msg_cache_take(&optee->msgs);
		if (call || (rc && !(flags & OPTEE_CALL_NOFAIL)))
			return call;
		if (rc && !optee_msg_share_is_waited_for(rc) && !--tries)
			return optee_msg_private_slot(optee, flags);
		if (rc)
			msleep(OPTEE_MSG_PAUSE_MS);
	}
}

/**
 * optee_msg_slot_elsewhere() - a slot, but not from the usual place
 * @optee:	device
 * @ctx:	of the client, or NULL
 * @flags:	OPTEE_CALL_*
 *
 * Return: the call, or NULL without memory
 */
struct optee_call *optee_msg_slot_elsewhere(struct optee *optee, struct tee_context *ctx,
					    unsigned int flags)
{
	struct optee_call *call;

	if (optee->carve_out.va)
		return optee_msg_carved_slot(optee, ctx, flags);
	if (optee->ops->share)
		return optee_msg_shared_slot(optee, flags);
	if (!optee->use_registered || (flags & OPTEE_CALL_PRIVATE))
		return optee_msg_private_slot(optee, flags);

	/*
	 * Those who must not fail should not depend on another call, either; those of a system session
	 * must not: it is an ordinary one.
	 */
	if (!(flags & (OPTEE_CALL_NOFAIL | OPTEE_CALL_SYSTEM)) && !optee_msg_cache_grow(optee, ctx)) {
		call = optee_msg_cache_take(&optee->msgs);
		if (call)
			return call;
	}
	return optee_msg_private_slot(optee, flags);
}

/**
 * optee_msg_carved_slot_free() - a slot was given back in a carve-out
 * @optee:	device
 * @page:	where
 */
void optee_msg_carved_slot_free(struct optee *optee, const struct optee_msg_page *page)
{
	/* Either we see the waiter, or it sees the slot. */
	smp_mb__after_atomic();
	/* See the barrier above. Any of them may have this one ... */
	if (waitqueue_active(&optee->system_msgs.slot_wait))
		wake_up(&optee->system_msgs.slot_wait);
	/* ... or not. */
	if (!page->reserved && waitqueue_active(&optee->private_msgs.slot_wait))
		wake_up(&optee->private_msgs.slot_wait);
}

/**
 * optee_msg_cache_destroy() - free the pages
 * @optee:	device, without users and calls
 * @cache:	cache
 */
void optee_msg_cache_destroy(struct optee *optee, struct optee_msg_cache *cache)
{
	struct optee_msg_page *page, *next;

	list_for_each_entry_safe(page, next, &cache->pages, node) {
		list_del(&page->node);
		if (page->cookie &&
		    optee_unregister(optee, NULL, virt_to_page(page->va), page->cookie, 0))
			continue;
		optee_msg_page_free(optee, page);
	}
}

/**
 * optee_msg_cache_quiesce() - take pages back from the secure world, as far as they are idle
 * @optee:	device that goes down, possibly in use
 * @cache:	cache of registered pages
 *
 * Calls that come later find no slot and use private pages. May sleep.
 *
 * Return: how many could not be had back; another time, they may
 */
unsigned int optee_msg_cache_quiesce(struct optee *optee, struct optee_msg_cache *cache)
{
	struct optee_msg_page *page;
	unsigned int left = 0;
	long all;

	list_for_each_entry_lockless(page, &cache->pages, node) {
		if (!page->cookie)
			continue;
		all = GENMASK(page->num_slots - 1, 0);
		if (atomic_long_cmpxchg(&page->free, all, 0) != all) {
			left++;
		} else if (optee_unregister(optee, NULL, virt_to_page(page->va), page->cookie, 0)) {
			/* The secure world has it still, and so have calls. */
			atomic_long_set_release(&page->free, all);
			left++;
		} else {
			page->cookie = 0;
		}
	}
	return left;
}
