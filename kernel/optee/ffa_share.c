// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory shared by the partition manager, by whose handles the secure world knows it.
 *
 * A partition manager shares a page once. Clients have several buffers in one page, or register
 * a buffer twice; so pages that are all shared already, in this order, are joined to that share,
 * and it ends with its last user. It holds references on its pages then: who came first
 * may be gone by that time. Anything else that was shared already is refused.
 *
 * The partition manager, or the secure world, may be busy for long. Nobody waits for it with the
 * mutex: a share that is being made or taken back is in transit, and whoever wants its pages waits
 * until it has settled.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <abi/optee_ffa.h>
#include <abi/tee_result.h>
#include <compat/page_refs.h>

#include "ffa_frames.h"
#include "optee_private.h"

/* So often something that is busy is tried, and with these intervals. */
#define OPTEE_FFA_TRIES		100
#define OPTEE_FFA_PAUSE_MS	10
/* When the machine goes down: so often, of each piece; for all of them; and for those that are at it. */
#define OPTEE_FFA_LAST_TRIES	3
#define OPTEE_FFA_LAST_MS	2000
#define OPTEE_FFA_SETTLE_MS	2000
/* A share may have so many times the pages of who joins it, not one page more. */
#define OPTEE_FFA_JOIN_FACTOR	4

/**
 * struct optee_ffa_share - pages that the secure world may use
 * @node:	in optee_ffa.shares; under its mutex, as are the next four
 * @users:	who has shared them
 * @in_transit:	somebody is sharing them, or takes them back
 * @held:	it has references on the pages
 * @taken_back:	they have been taken back from their users, as the machine goes down
 * @handle:	by which the secure world knows them
 * @num_pages:	pages
 * @pages:	they
 *
 * Freed when it ends. If the secure world does not give the pages back, it stays in the table
 * until the device goes, and keeps them from being shared.
 */
struct optee_ffa_share {
	struct list_head node;
	unsigned int users;
	bool in_transit;
	bool held;
	bool taken_back;
	u64 handle;
	size_t num_pages;
	struct page *pages[];
};

static void optee_ffa_depart(struct optee_ffa *ffa, struct optee_ffa_share *share)
{
	lockdep_assert_held(&ffa->mutex);

	share->in_transit = true;
	ffa->in_transit++;
}

static void optee_ffa_settle(struct optee_ffa *ffa, struct optee_ffa_share *share)
{
	lockdep_assert_held(&ffa->mutex);

	share->in_transit = false;
	WRITE_ONCE(ffa->in_transit, ffa->in_transit - 1);
	WRITE_ONCE(ffa->settled, ffa->settled + 1);
	wake_up_all(&ffa->settle_wait);
}

/* Return: 0 with the mutex, after one has settled, or -EINTR without it */
static int optee_ffa_wait_settled(struct optee_ffa *ffa)
{
	unsigned int settled = ffa->settled;

	mutex_unlock(&ffa->mutex);
	if (wait_event_killable(ffa->settle_wait, READ_ONCE(ffa->settled) != settled))
		return -EINTR;
	mutex_lock(&ffa->mutex);
	return 0;
}

static int optee_ffa_reclaim(struct optee *optee, u64 handle, unsigned int tries)
{
	struct omnitee_ffa_device *fdev = optee->ffa.fdev;
	int rc;

	for (;;) {
		rc = fdev->ops->mem_ops->reclaim(fdev, handle, 0);
		if ((rc != -EBUSY && rc != -EAGAIN) || !--tries)
			return rc;
		msleep(OPTEE_FFA_PAUSE_MS);
	}
}

/* 0 is no number of memory, for tee.ko: one that has it is shared anew. */
static int optee_ffa_mem_share(struct optee *optee, struct omnitee_ffa_mem_args *args)
{
	struct omnitee_ffa_device *fdev = optee->ffa.fdev;
	unsigned int n;
	int rc;

	for (n = 0; n < OPTEE_FFA_TRIES; n++) {
		rc = fdev->ops->mem_ops->share(fdev, args);
		if (!rc && args->handle)
			return 0;
		if (!rc)
			rc = optee_ffa_reclaim(optee, 0, OPTEE_FFA_TRIES) ?: -EAGAIN;
		else if (rc == -EBUSY || rc == -EAGAIN)
			msleep(OPTEE_FFA_PAUSE_MS);
		if (rc != -EBUSY && rc != -EAGAIN)
			return rc;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return rc;
}

/* Return: 0, or -EINTR, -ENOMEM, or another errno of the transport */
static int optee_ffa_share_send(struct optee *optee, struct optee_ffa_share *share)
{
	const struct omnitee_ffa_mem_receiver receiver = {
		.id = optee->ffa.fdev->id,
		.permissions = OMNITEE_FFA_MEM_RW,
	};
	struct omnitee_ffa_mem_args args = {
		.receivers = &receiver,
		.num_receivers = 1,
	};
	struct sg_table table;
	int rc;

	rc = sg_alloc_table_from_pages(&table, share->pages, share->num_pages, 0,
				       share->num_pages << PAGE_SHIFT,
				       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (rc)
		return rc;
	args.sg = table.sgl;
	rc = optee_ffa_mem_share(optee, &args);
	sg_free_table(&table);
	/* A transport may leave the number of what it gave up. */
	if (!rc)
		share->handle = args.handle;
	return rc;
}

static void optee_ffa_share_free(struct optee_ffa_share *share)
{
	size_t n;

	if (share->held)
		for (n = 0; n < share->num_pages; n++)
			if (compat_page_has_refs(share->pages[n]))
				put_page(share->pages[n]);
	kvfree(share);
}

static void optee_ffa_share_forget(struct optee_ffa *ffa, struct optee_ffa_share *share)
{
	lockdep_assert_held(&ffa->mutex);

	list_del(&share->node);
	optee_ffa_frames_clear(&ffa->frames, share->pages, share->num_pages);
	optee_ffa_share_free(share);
}

/*
 * Pages of which the first one is not shared. The mutex is released meanwhile, unless one of the
 * others is. @other: by whom, or NULL
 */
static int optee_ffa_share_new(struct optee *optee, struct page **pages, size_t num_pages, u64 *id,
			       struct optee_ffa_share **other)
{
	struct optee_ffa *ffa = &optee->ffa;
	struct optee_ffa_share *share;
	int rc;

	*other = NULL;

	share = kvzalloc(struct_size(share, pages, num_pages), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!share)
		return -ENOMEM;
	share->users = 1;
	share->num_pages = num_pages;
	memcpy(share->pages, pages, num_pages * sizeof(*pages));

	rc = optee_ffa_frames_set(&ffa->frames, pages, num_pages, share, other);
	if (rc) {
		/* A page that comes twice. */
		if (*other == share)
			*other = NULL;
		optee_ffa_share_free(share);
		return rc;
	}
	list_add_tail(&share->node, &ffa->shares);
	optee_ffa_depart(ffa, share);
	mutex_unlock(&ffa->mutex);
	rc = optee_ffa_share_send(optee, share);
	mutex_lock(&ffa->mutex);
	optee_ffa_settle(ffa, share);
	if (rc)
		optee_ffa_share_forget(ffa, share);
	else
		*id = share->handle;
	return rc;
}

/* Return: whether @pages are part of it, from page @first on */
static bool optee_ffa_share_has(const struct optee_ffa_share *share, struct page **pages,
				size_t num_pages, size_t *first)
{
	size_t n;

	for (n = 0; n < share->num_pages; n++)
		if (share->pages[n] == pages[0])
			break;
	*first = n;
	return num_pages <= share->num_pages - n &&
	       !memcmp(share->pages + n, pages, num_pages * sizeof(*pages));
}

/*
 * One user more. It keeps all pages of the share, but only its own are counted as its: so there may
 * be so many more of the others. Return: false if there are too many, or they cannot be kept
 */
static bool optee_ffa_share_join(struct optee_ffa_share *share, size_t num_pages)
{
	size_t n;

	if (share->users == UINT_MAX ||
	    DIV_ROUND_UP(share->num_pages, OPTEE_FFA_JOIN_FACTOR) > num_pages)
		return false;
	/* Pages of the allocator have none: they stay as long as memory in them is in use. */
	for (n = 0; num_pages < share->num_pages && n < share->num_pages; n++)
		if (!compat_page_has_refs(share->pages[n]))
			return false;
	share->users++;
	if (share->held)
		return true;
	share->held = true;
	for (n = 0; n < share->num_pages; n++)
		if (compat_page_has_refs(share->pages[n]))
			get_page(share->pages[n]);
	return true;
}

/* Pages of which one is shared. Return: 0, or -EACCES if they are not part of what is. */
static int optee_ffa_share_use(struct optee_ffa_share *share, struct page **pages, size_t num_pages,
			       u64 *id, size_t *offset)
{
	size_t first;

	if (!share->users || !optee_ffa_share_has(share, pages, num_pages, &first) ||
	    !optee_ffa_share_join(share, num_pages))
		return -EACCES;
	*id = share->handle;
	*offset = first << PAGE_SHIFT;
	return 0;
}

/**
 * optee_ffa_share() - share memory with the secure world
 * @optee:	device
 * @pages:	pages
 * @num_pages:	how many
 * @id:		handle; out
 * @offset:	of the first page in what the handle stands for, bytes; out
 *
 * Return: 0; -EACCES if some of the pages are shared already, or the partition manager refuses;
 * -ENODEV when the machine goes down; -ENOMEM, -EINTR, or another errno of the transport
 */
int optee_ffa_share(struct optee *optee, struct page **pages, size_t num_pages, u64 *id,
		    size_t *offset)
{
	struct optee_ffa *ffa = &optee->ffa;
	struct optee_ffa_share *share;
	int rc;

	*offset = 0;
	mutex_lock(&ffa->mutex);
	for (;;) {
		rc = -ENODEV;
		if (ffa->closed)
			break;
		share = optee_ffa_frames_find(&ffa->frames, pages[0]);
		if (!share)
			rc = optee_ffa_share_new(optee, pages, num_pages, id, &share);
		if (!share)
			break;
		if (!share->in_transit) {
			rc = optee_ffa_share_use(share, pages, num_pages, id, offset);
			break;
		}
		rc = optee_ffa_wait_settled(ffa);
		if (rc)
			return rc;
	}
	mutex_unlock(&ffa->mutex);
	return rc;
}

/*
 * Whatever the secure world answers but that it is at work with it: the partition manager knows
 * whether it has it still. @down: the machine goes down, nothing is waited for that may last.
 *
 * Return: 0; -EBUSY if the secure world is at work with it; -ETIMEDOUT if there was no answer of it,
 * so that there will hardly be one for others; or another errno of the transport
 */
static int optee_ffa_share_end(struct optee *optee, const struct optee_ffa_share *share, bool down)
{
	unsigned int tries = down ? 1 : OPTEE_FFA_TRIES;
	struct omnitee_ffa_message msg;
	int rc;

	for (;;) {
		msg = (struct omnitee_ffa_message) {
			.data = {
				OPTEE_FFA_UNREGISTER_SHM,
				lower_32_bits(share->handle),
				upper_32_bits(share->handle),
			},
			.bounded = down,
		};
		rc = optee_ffa_blocking_call(optee, &msg);
		if (rc || msg.data[0] != TEE_ERROR_BUSY)
			break;
		if (!--tries)
			return -EBUSY;
		msleep(OPTEE_FFA_PAUSE_MS);
	}
	if (rc)
		return rc == -EBUSY || rc == -EAGAIN ? -ETIMEDOUT : rc;
	return optee_ffa_reclaim(optee, share->handle,
				 down ? OPTEE_FFA_LAST_TRIES : OPTEE_FFA_TRIES);
}

/**
 * optee_ffa_unshare() - take memory back
 * @optee:	device
 * @page:	first one of it
 * @id:		its handle
 *
 * Return: 0, or an errno if the secure world still has it: it must not be used again
 */
int optee_ffa_unshare(struct optee *optee, struct page *page, u64 id)
{
	struct optee_ffa *ffa = &optee->ffa;
	struct optee_ffa_share *share;
	int rc = 0;

	mutex_lock(&ffa->mutex);
	share = optee_ffa_frames_find(&ffa->frames, page);
	if (WARN_ON_ONCE(!share || share->handle != id || !share->users)) {
		rc = -EINVAL;
	} else if (!--share->users) {
		if (!share->taken_back) {
			optee_ffa_depart(ffa, share);
			mutex_unlock(&ffa->mutex);
			rc = optee_ffa_share_end(optee, share, false);
			mutex_lock(&ffa->mutex);
			optee_ffa_settle(ffa, share);
		}
		if (!rc)
			optee_ffa_share_forget(ffa, share);
		else
			dev_warn_ratelimited(optee->dev, "memory is not given back: %d\n", rc);
	}
	mutex_unlock(&ffa->mutex);
	return rc;
}

void optee_ffa_shares_init(struct optee *optee)
{
	struct optee_ffa *ffa = &optee->ffa;

	mutex_init(&ffa->mutex);
	optee_ffa_frames_init(&ffa->frames);
	INIT_LIST_HEAD(&ffa->shares);
	init_waitqueue_head(&ffa->settle_wait);
}

/**
 * optee_ffa_shares_take_back() - the machine goes down: have all memory back that can be had
 * @optee:	device, possibly in use
 *
 * The next kernel has other plans with these pages, and could not share them. Those that calls
 * use which will never go on stay behind; and all, from the first on for which there is no answer
 * as long as the bus has patience. Clients that want memory meanwhile wait for that.
 */
void optee_ffa_shares_take_back(struct optee *optee)
{
	struct optee_ffa *ffa = &optee->ffa;
	struct optee_ffa_share *share;
	unsigned int left = 0;
	unsigned long end;
	int rc = 0;

	mutex_lock(&ffa->mutex);
	ffa->closed = true;
	mutex_unlock(&ffa->mutex);
	/* No more begin. */
	wait_event_timeout(ffa->settle_wait, !READ_ONCE(ffa->in_transit),
			   msecs_to_jiffies(OPTEE_FFA_SETTLE_MS));
	end = jiffies + msecs_to_jiffies(OPTEE_FFA_LAST_MS);
	mutex_lock(&ffa->mutex);
	list_for_each_entry(share, &ffa->shares, node) {
		if (share->taken_back || share->in_transit || !share->users)
			continue;
		/* Pieces that are given back at once have all the time that they take. */
		if (rc && time_after(jiffies, end))
			rc = -ETIMEDOUT;
		if (rc != -ETIMEDOUT)
			rc = optee_ffa_share_end(optee, share, true);
		if (rc)
			left++;
		else
			share->taken_back = true;
	}
	mutex_unlock(&ffa->mutex);
	if (left)
		dev_warn(optee->dev, "%u pieces of memory stay with the secure world\n", left);
}

/**
 * optee_ffa_shares_destroy() - forget what was not given back
 * @optee:	device without users
 */
void optee_ffa_shares_destroy(struct optee *optee)
{
	struct optee_ffa *ffa = &optee->ffa;
	struct optee_ffa_share *share, *next;

	mutex_lock(&ffa->mutex);
	list_for_each_entry_safe(share, next, &ffa->shares, node) {
		/* The pages are lost. */
		share->held = false;
		optee_ffa_share_forget(ffa, share);
	}
	mutex_unlock(&ffa->mutex);
	optee_ffa_frames_destroy(&ffa->frames);
	mutex_destroy(&ffa->mutex);
}
