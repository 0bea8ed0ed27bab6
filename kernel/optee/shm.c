// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared memory: made known to the secure world, and taken back.
 */
#include <linux/mm.h>

#include <abi/tee_result.h>

#include "call.h"

/**
 * optee_register_prepare() - fill in a call that registers memory
 * @call:	private call with one parameter
 * @pages:	pages
 * @offset:	of the data in the first one
 * @size:	bytes
 *
 * Return: 0 or -ENOMEM
 */
int optee_register_prepare(struct optee_call *call, struct page **pages, size_t offset,
			   size_t size)
{
	struct optee_msg_param *msg = call->arg->params;
	int rc;

	call->has_more = true;
	call->list = optee_page_list_alloc(pages, offset, size);
	if (!call->list)
		return -ENOMEM;
	rc = optee_cookie_alloc(&call->optee->cookies, &call->cookie);
	if (rc)
		return rc;

	call->arg->cmd = OPTEE_MSG_CMD_REGISTER_SHM;
	/* An output, against all sense: the secure world insists on it. */
	msg->attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	msg->u.tmem.buf_ptr = optee_page_list_buf_ptr(call->list, offset);
	msg->u.tmem.size = size;
	msg->u.tmem.shm_ref = call->cookie;
	return 0;
}

/**
 * optee_register_result() - what became of it
 * @call:	call of optee_register_prepare() that has ended
 * @cookie:	the cookie, if it is registered now; out
 *
 * Return: 0 or an errno
 */
int optee_register_result(struct optee_call *call, u64 *cookie)
{
	if (call->status) {
		optee_report_status(call->optee, call->status);
		return optee_status_to_errno(call->status);
	}
	if (READ_ONCE(call->arg->ret) != TEE_SUCCESS)
		return -EINVAL;

	*cookie = call->cookie;
	call->cookie = 0;
	return 0;
}

static int optee_shm_register_result(struct optee_call *call, struct tee_shm *shm)
{
	int rc = optee_register_result(call, &shm->sec_world_id);

	if (!rc)
		optee_cookie_is_of_client(&call->optee->cookies, shm->sec_world_id);
	return rc;
}

/* The client was killed meanwhile. The last reference, ours, takes it all back. */
static void optee_shm_register_orphaned(struct optee_call *call)
{
	optee_shm_register_result(call, call->shms[0]);
}

/* Without a message: nothing is left half done. */
int optee_shm_share(struct optee *optee, struct tee_shm *shm, struct page **pages,
		    size_t num_pages)
{
	return optee->ops->share(optee, pages, num_pages, &shm->sec_world_id,
				 &shm->sec_world_offset);
}

int optee_shm_register(struct tee_context *ctx, struct tee_shm *shm, struct page **pages,
		       size_t num_pages, unsigned long start)
{
	struct optee *optee = tee_get_drvdata(ctx->teedev);
	struct optee_call *call;
	int rc;

	/* It knows the carve-out and nothing else. */
	if (optee->carve_out.va)
		return -EOPNOTSUPP;
	if ((shm->flags & TEE_SHM_USER_MAPPED) && !(shm->flags & TEE_SHM_POOL)) {
		rc = optee_check_memory_type(start, num_pages);
		if (rc)
			return rc;
	}

	if (optee->ops->share)
		return optee_shm_share(optee, shm, pages, num_pages);
	if (READ_ONCE(optee->going_down))
		return -ENODEV;

	call = optee_call_alloc(optee, ctx, 1, OPTEE_CALL_PRIVATE);
	if (!call)
		return -ENOMEM;
	rc = optee_register_prepare(call, pages, shm->offset, shm->size);
	if (rc)
		goto out;

	call->shms[call->num_shms++] = shm;
	call->orphaned = optee_shm_register_orphaned;
	rc = optee_call_run(call);
	if (!rc)
		rc = optee_shm_register_result(call, shm);
out:
	optee_call_put(call);
	return rc;
}

/**
 * optee_unregister() - take memory back from the secure world
 * @optee:	device
 * @ctx:	for the way of waiting, or NULL
 * @page:	first one of the memory
 * @cookie:	of the memory
 * @flags:	OPTEE_CALL_NOWAIT or 0
 *
 * Return: 0, or an errno if the secure world still has it: it must not be used again. Its
 * cookie is not, either.
 */
int optee_unregister(struct optee *optee, struct tee_context *ctx, struct page *page, u64 cookie,
		     unsigned int flags)
{
	struct optee_call *call;
	int rc = 0;

	if (optee->ops->unshare)
		return optee->ops->unshare(optee, page, cookie);
	/* Taken back when the machine began to go down. */
	if (READ_ONCE(optee->going_down) && !optee_cookie_is_known(&optee->cookies, cookie))
		return 0;

	call = optee_call_alloc(optee, ctx, 1,
				OPTEE_CALL_PRIVATE | OPTEE_CALL_NOFAIL | OPTEE_CALL_UNKILLABLE |
				flags);
	call->arg->cmd = OPTEE_MSG_CMD_UNREGISTER_SHM;
	call->arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	call->arg->params[0].u.rmem.shm_ref = cookie;

	rc = optee_call_run(call);
	if (rc)
		goto out;
	if (call->status) {
		optee_report_status(optee, call->status);
		rc = optee_status_to_errno(call->status);
	} else if (READ_ONCE(call->arg->ret) != TEE_SUCCESS) {
		rc = -EINVAL;
	}
out:
	optee_call_put(call);
	if (!rc)
		optee_cookie_free(&optee->cookies, cookie);
	return rc;
}

int optee_shm_unregister(struct tee_context *ctx, struct tee_shm *shm)
{
	int rc;

	/* Never registered: refused, or the client was killed before. */
	if (!shm->sec_world_id)
		return 0;

	rc = optee_unregister(tee_get_drvdata(ctx->teedev), ctx, shm->pages[0],
			      shm->sec_world_id, 0);
	if (!rc)
		shm->sec_world_id = 0;
	return rc;
}

static int optee_pool_alloc(struct tee_shm_pool *pool, struct tee_shm *shm, size_t size,
			    size_t align)
{
	return tee_dyn_shm_alloc_helper(shm, size, align,
					shm->flags & TEE_SHM_PRIV ? NULL : optee_shm_register);
}

static void optee_pool_free(struct tee_shm_pool *pool, struct tee_shm *shm)
{
	tee_dyn_shm_free_helper(shm, optee_shm_unregister);
}

/* Part of the device. */
static void optee_pool_destroy(struct tee_shm_pool *pool)
{
}

const struct tee_shm_pool_ops optee_shm_pool_ops = {
	.alloc = optee_pool_alloc,
	.free = optee_pool_free,
	.destroy_pool = optee_pool_destroy,
};
