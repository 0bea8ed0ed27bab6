// SPDX-License-Identifier: GPL-2.0-only
/*
 * TEE_IOC_SUPPL_RECV and TEE_IOC_SUPPL_SEND.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "tee_private.h"

/* What a supplicant offers as room must not be memory: it would name it for nothing. */
static int tee_supp_room_from_user(struct tee_context *ctx, struct tee_param *params,
				   size_t num, struct tee_ioctl_param __user *uparams)
{
	size_t n;
	int rc;

	rc = tee_params_from_user(ctx, params, num, uparams);
	if (rc)
		return rc;

	for (n = 0; n < num; n++) {
		if (tee_param_is_memref(params + n)) {
			tee_params_put(params, num);
			return -EINVAL;
		}
	}
	return 0;
}

int tee_ioctl_supp_recv(struct tee_context *ctx, struct tee_ioctl_buf_data __user *ubuf)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	struct tee_iocl_supp_recv_arg __user *uarg;
	struct tee_ioctl_buf_data buf;
	struct tee_param *params;
	u32 num_params, room;
	u32 func = 0;
	int rc;

	if (!ops->supp_recv)
		return -EINVAL;
	rc = tee_copy_buf_data(&buf, ubuf, sizeof(*uarg));
	if (rc)
		return rc;

	uarg = u64_to_user_ptr(buf.buf_ptr);
	if (get_user(num_params, &uarg->num_params))
		return -EFAULT;
	if (size_add(sizeof(*uarg), size_mul(sizeof(uarg->params[0]), num_params)) != buf.buf_len)
		return -EINVAL;

	room = num_params;
	params = kcalloc(room, sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;

	rc = tee_supp_room_from_user(ctx, params, room, uarg->params);
	if (rc)
		goto out_free;
	rc = ops->supp_recv(ctx, &func, &num_params, params);
	if (rc)
		goto out_free;

	/* A driver that delivers more than it was offered would overrun both sides. */
	if (WARN_ON_ONCE(num_params > room)) {
		rc = -EINVAL;
		goto out_free;
	}
	if (put_user(func, &uarg->func) || put_user(num_params, &uarg->num_params))
		rc = -EFAULT;
	else
		rc = tee_params_to_supp(uarg->params, num_params, params);
	if (ops->supp_recv_done)
		ops->supp_recv_done(ctx, num_params, params, rc);
	tee_params_put(params, num_params);

out_free:
	kfree(params);
	return rc;
}

int tee_ioctl_supp_send(struct tee_context *ctx, struct tee_ioctl_buf_data __user *ubuf)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	struct tee_iocl_supp_send_arg __user *uarg;
	struct tee_ioctl_buf_data buf;
	struct tee_param *params;
	u32 num_params, ret;
	int rc;

	if (!ops->supp_send)
		return -EINVAL;
	rc = tee_copy_buf_data(&buf, ubuf, sizeof(*uarg));
	if (rc)
		return rc;

	uarg = u64_to_user_ptr(buf.buf_ptr);
	if (get_user(ret, &uarg->ret) || get_user(num_params, &uarg->num_params))
		return -EFAULT;
	/* The one call that may have more room than parameters. */
	if (size_add(sizeof(*uarg), size_mul(sizeof(uarg->params[0]), num_params)) > buf.buf_len)
		return -EINVAL;

	params = kcalloc(num_params, sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;

	rc = tee_params_from_supp(params, num_params, uarg->params);
	if (!rc)
		rc = ops->supp_send(ctx, ret, num_params, params);

	kfree(params);
	return rc;
}
