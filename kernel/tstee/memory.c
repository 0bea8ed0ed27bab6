// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: shared with the partition by the partition manager, then retrieved by the partition.
 *
 * Which of both still hold it is the partition manager's to say: it lets nobody reclaim what is
 * retrieved. Pages that cannot be reclaimed are never used again.
 */
#include <linux/delay.h>
#include <linux/scatterlist.h>
#include <linux/sched/signal.h>

#include "tstee_private.h"

/* A partition manager may be at work on something else. */
#define TSTEE_MEMORY_TRIES	100
#define TSTEE_MEMORY_PAUSE_MS	10
/* How long the end of a kernel waits for one turn. */
#define TSTEE_DOWN_TRIES	100
#define TSTEE_DOWN_PAUSE_MS	10

/* Any handle may be valid but the last number, which is none: so 0 stands for none here. */
static u64 tstee_id_of_handle(u64 handle)
{
	return handle + 1;
}

/**
 * tstee_memory_handle() - by which handle does the partition know memory?
 * @shm:	object that has been made
 */
u64 tstee_memory_handle(const struct tee_shm *shm)
{
	return shm->sec_world_id - 1;
}

static void tstee_fill_handle(struct tstee_rpc *rpc, u8 opcode, u64 handle)
{
	rpc->word[TS_RPC_CONTROL] = TS_RPC_MAKE_CONTROL(TS_RPC_MANAGEMENT, opcode);
	rpc->word[TS_RPC_HANDLE_LOW] = lower_32_bits(handle);
	rpc->word[TS_RPC_HANDLE_HIGH] = upper_32_bits(handle);
}

static int tstee_reclaim(struct tstee *tstee, struct tee_shm *shm)
{
	struct omnitee_ffa_device *fdev = tstee->fdev;
	unsigned int n;
	int rc;

	for (n = 0; n < TSTEE_MEMORY_TRIES; n++) {
		rc = fdev->ops->mem_ops->reclaim(fdev, tstee_memory_handle(shm), 0);
		if (rc != -EBUSY && rc != -EAGAIN)
			break;
		msleep(TSTEE_MEMORY_PAUSE_MS);
	}
	if (rc) {
		dev_warn_ratelimited(fdev->dev, "memory is not given back: %d\n", rc);
		return rc;
	}
	shm->sec_world_id = 0;
	atomic_long_dec(&tstee->stats[TSTEE_STAT_SHARED]);
	return 0;
}

static int tstee_share(struct tstee *tstee, struct omnitee_ffa_mem_args *args)
{
	struct omnitee_ffa_device *fdev = tstee->fdev;
	unsigned int n;
	int rc;

	for (n = 0; n < TSTEE_MEMORY_TRIES; n++) {
		rc = fdev->ops->mem_ops->share(fdev, args);
		if (rc != -EBUSY && rc != -EAGAIN)
			return rc;
		if (fatal_signal_pending(current))
			return -EINTR;
		msleep(TSTEE_MEMORY_PAUSE_MS);
	}
	return -EBUSY;
}

static int tstee_shm_register(struct tee_context *ctx, struct tee_shm *shm, struct page **pages,
			      size_t num_pages, unsigned long start)
{
	struct tstee *tstee = tee_get_drvdata(ctx->teedev);
	const struct omnitee_ffa_mem_receiver receiver = {
		.id = tstee->fdev->id,
		.permissions = OMNITEE_FFA_MEM_RW,
	};
	struct scatterlist sg;
	struct omnitee_ffa_mem_args args = {
		.receivers = &receiver,
		.num_receivers = 1,
		.sg = &sg,
	};
	struct tstee_rpc rpc = { .ctx = ctx, .shm = shm };
	int rc;

	sg_init_table(&sg, 1);
	sg_set_page(&sg, pages[0], num_pages << PAGE_SHIFT, 0);
	rc = tstee_share(tstee, &args);
	if (rc)
		return rc;
	atomic_long_inc(&tstee->stats[TSTEE_STAT_SHARED]);
	shm->sec_world_id = tstee_id_of_handle(args.handle);

	tstee_fill_handle(&rpc, TS_RPC_OP_RETRIEVE, args.handle);
	rc = tstee_rpc(tstee, &rpc);
	/* Of whom it is not known whether it has it, it is asked to relinquish it: by the last put. */
	if (rc)
		return rc;
	if (rpc.word[TS_RPC_STATUS] == TS_RPC_SUCCESS)
		return 0;
	tstee_count(tstee, TSTEE_STAT_REFUSED);
	tstee_reclaim(tstee, shm);
	return -EINVAL;
}

static int tstee_shm_unregister(struct tee_context *ctx, struct tee_shm *shm)
{
	struct tstee *tstee = tee_get_drvdata(ctx->teedev);
	/* Without an answer the memory is lost: but a task that ends has to get away. */
	struct tstee_rpc rpc = { .ctx = ctx, .teardown = true, .bounded = true };
	int rc;

	if (!shm->sec_world_id)
		return 0;
	tstee_fill_handle(&rpc, TS_RPC_OP_RELINQUISH, tstee_memory_handle(shm));
	tstee_rpc(tstee, &rpc);
	rc = tstee_reclaim(tstee, shm);
	if (rc)
		tstee_count(tstee, TSTEE_STAT_LOST);
	return rc;
}

/* A partition maps memory that is one range, and nothing else. */
static int tstee_pool_alloc(struct tee_shm_pool *pool, struct tee_shm *shm, size_t size,
			    size_t align)
{
	return tee_contig_shm_alloc_helper(shm, size, align, tstee_shm_register);
}

static void tstee_pool_free(struct tee_shm_pool *pool, struct tee_shm *shm)
{
	tee_dyn_shm_free_helper(shm, tstee_shm_unregister);
}

static void tstee_pool_destroy(struct tee_shm_pool *pool)
{
	/* It is part of the device's structure. */
}

const struct tee_shm_pool_ops tstee_pool_ops = {
	.alloc = tstee_pool_alloc,
	.free = tstee_pool_free,
	.destroy_pool = tstee_pool_destroy,
};

static struct tee_shm *tstee_memory_next(struct tstee *tstee, unsigned long *id)
{
	struct xarray *shms = &tstee->teedev->shms;
	struct tee_shm *shm;

	xa_lock(shms);
	/* What can be found has a reference. */
	shm = xa_find_after(shms, id, ULONG_MAX, XA_PRESENT);
	if (shm)
		refcount_inc(&shm->refcount);
	xa_unlock(shms);
	return shm;
}

/* Return: 0 or, without an answer, -ETIMEDOUT or -EBUSY: there will be none for others, either */
static int tstee_relinquish_in_turn(struct tstee *tstee, struct tee_shm *shm)
{
	struct tstee_rpc rpc = { .bounded = true };
	int rc;

	tstee_fill_handle(&rpc, TS_RPC_OP_RELINQUISH, tstee_memory_handle(shm));
	rc = tstee_rpc_in_turn(tstee, &rpc, TASK_UNINTERRUPTIBLE);
	if (rc != -ETIMEDOUT && rc != -EBUSY)
		return 0;
	dev_warn(tstee->fdev->dev, "does not answer, its memory is not taken back\n");
	return rc;
}

/**
 * tstee_memory_take_back() - the kernel ends: have all memory back that clients still hold
 * @tstee:	partition
 *
 * The next kernel has other plans with these pages, and could not share them: the partition
 * manager would know them still. Clients that go on get ENODEV.
 */
void tstee_memory_take_back(struct tstee *tstee)
{
	unsigned int n = 0;
	struct tee_shm *shm;
	unsigned long id = 0;
	int rc = 0;

	while (!omnitee_ffa_try_enter(tstee->fdev)) {
		if (++n == TSTEE_DOWN_TRIES) {
			dev_warn(tstee->fdev->dev, "still at work, its memory is not taken back\n");
			return;
		}
		msleep(TSTEE_DOWN_PAUSE_MS);
	}
	/* From now on nobody waits for the turn: not even this task, if its put is the last. */
	WRITE_ONCE(tstee->down, true);

	while (!rc && (shm = tstee_memory_next(tstee, &id))) {
		if (shm->sec_world_id) {
			rc = tstee_relinquish_in_turn(tstee, shm);
			tstee_reclaim(tstee, shm);
		}
		tee_shm_put(shm);
	}
	omnitee_ffa_leave(tstee->fdev);
}
