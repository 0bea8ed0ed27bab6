// SPDX-License-Identifier: GPL-2.0-only
/*
 * The supplicant's node: a process that serves the secure world.
 *
 * There is one at a time. It is detached when its file is closed, not when its last
 * reference goes: memory it shared may outlive it, and its successor should not wait.
 * No request is passed on as yet, so that a supplicant waits for ever.
 */
#include <linux/freezer.h>
#include <linux/wait.h>

#include "optee_private.h"

void optee_supp_init(struct optee_supp *supp)
{
	supp->ctx = NULL;
	init_waitqueue_head(&supp->wait);
}

static int optee_supp_open(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);

	if (cmpxchg(&optee->supp.ctx, NULL, ctx))
		return -EBUSY;
	ctx->cap_memref_null = optee->memref_null;
	return 0;
}

static void optee_supp_close_context(struct tee_context *ctx)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);

	cmpxchg(&optee->supp.ctx, ctx, NULL);
}

static void optee_supp_release(struct tee_context *ctx)
{
}

static int optee_supp_recv(struct tee_context *ctx, u32 *func, u32 *num_params,
			   struct tee_param *param)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	u32 n;

	if (!*num_params)
		return -EINVAL;
	/* META in the first one offers to tell requests apart; room is all the others are. */
	for (n = 0; n < *num_params; n++)
		if (param[n].attr && param[n].attr != TEE_IOCTL_PARAM_ATTR_META)
			return -EINVAL;

	return wait_event_freezable(optee->supp.wait, false);
}

static int optee_supp_send(struct tee_context *ctx, u32 ret, u32 num_params,
			   struct tee_param *param)
{
	if (!num_params || param[0].attr != (TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT |
					     TEE_IOCTL_PARAM_ATTR_META))
		return -EINVAL;
	/* No request has been handed out. */
	return -ENOENT;
}

/* The secure world learns of these pages when they answer a request of its own. */
static int optee_supp_shm_register(struct tee_context *ctx, struct tee_shm *shm,
				   struct page **pages, size_t num_pages, unsigned long start)
{
	return optee_check_memory_type(start, num_pages);
}

static int optee_supp_shm_unregister(struct tee_context *ctx, struct tee_shm *shm)
{
	return 0;
}

const struct tee_driver_ops optee_supp_ops = {
	.get_version = optee_get_version,
	.get_tee_revision = optee_get_tee_revision,
	.open = optee_supp_open,
	.close_context = optee_supp_close_context,
	.release = optee_supp_release,
	.supp_recv = optee_supp_recv,
	.supp_send = optee_supp_send,
	.shm_register = optee_supp_shm_register,
	.shm_unregister = optee_supp_shm_unregister,
};
