// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of user space. The order of the checks is part of the interface.
 */
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "tee_call.h"
#include "tee_private.h"

/* So many parameters are kept on the stack: all that GlobalPlatform clients pass. */
#define TEE_NUM_STACK_PARAMS	6

static noinline long tee_ioctl_version(struct tee_context *ctx,
				       struct tee_ioctl_version_data __user *uvers)
{
	const struct tee_desc *desc = ctx->teedev->desc;
	struct tee_ioctl_version_data vers = { };

	desc->ops->get_version(ctx->teedev, &vers);
	if (desc->flags & TEE_DESC_PRIVILEGED)
		vers.gen_caps |= TEE_GEN_CAP_PRIVILEGED;

	/* Three words: less than a call of the copy function takes to begin with. */
	if (!user_write_access_begin(uvers, sizeof(*uvers)))
		return -EFAULT;
	unsafe_put_user(vers.impl_id, &uvers->impl_id, err_fault);
	unsafe_put_user(vers.impl_caps, &uvers->impl_caps, err_fault);
	unsafe_put_user(vers.gen_caps, &uvers->gen_caps, err_fault);
	user_write_access_end();
	return 0;

err_fault:
	user_write_access_end();
	return -EFAULT;
}

/* tee_call_invoke() while somebody looks on: out of the way of all other invokes. */
int tee_call_invoke_traced(const struct tee_driver_ops *ops, struct tee_context *ctx,
			   struct tee_ioctl_invoke_arg *arg, struct tee_param *param)
{
	u64 begin = tee_call_begin(ctx, TEE_TRACE_INVOKE, arg->session, arg->func);
	int rc = ops->invoke_func(ctx, arg, param);

	trace_tee_call_end(ctx, TEE_TRACE_INVOKE, arg->session, arg->func, rc, rc ? 0 : arg->ret,
			   rc ? 0 : arg->ret_origin, begin);
	return rc;
}

static bool tee_frame_fits(const struct tee_ioctl_buf_data *buf, size_t header_size,
			   u32 num_params)
{
	return size_add(header_size, size_mul(sizeof(struct tee_ioctl_param), num_params)) ==
	       buf->buf_len;
}

/* The caller's array if it is large enough, else one of its own; tee_params_free(). */
static struct tee_param *tee_params_alloc(struct tee_param *stack, u32 num)
{
	if (num <= TEE_NUM_STACK_PARAMS)
		return stack;
	return kcalloc(num, sizeof(*stack), GFP_KERNEL);
}

static void tee_params_free(struct tee_param *params, struct tee_param *stack)
{
	if (params != stack)
		kfree(params);
}

static noinline int tee_ioctl_open_session(struct tee_context *ctx,
					   struct tee_ioctl_buf_data __user *ubuf)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	struct tee_ioctl_open_session_arg __user *uarg;
	struct tee_param stack[TEE_NUM_STACK_PARAMS] __uninitialized;
	struct tee_ioctl_open_session_arg arg;
	struct tee_ioctl_buf_data buf;
	struct tee_param *params;
	int rc;

	if (!ops->open_session)
		return -EINVAL;
	rc = tee_copy_buf_data(&buf, ubuf, sizeof(arg));
	if (rc)
		return rc;
	uarg = u64_to_user_ptr(buf.buf_ptr);
	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (!tee_frame_fits(&buf, sizeof(arg), arg.num_params))
		return -EINVAL;

	params = tee_params_alloc(stack, arg.num_params);
	if (!params)
		return -ENOMEM;
	rc = tee_params_from_user(ctx, params, arg.num_params, uarg->params);
	if (rc)
		goto out_free;

	if (arg.clnt_login >= TEE_IOCTL_LOGIN_REE_KERNEL_MIN &&
	    arg.clnt_login <= TEE_IOCTL_LOGIN_REE_KERNEL_MAX) {
		rc = -EPERM;
		goto out_put;
	}

	rc = tee_call_open_session(ctx, &arg, params);
	if (rc)
		goto out_put;

	if (put_user(arg.session, &uarg->session) || put_user(arg.ret, &uarg->ret) ||
	    put_user(arg.ret_origin, &uarg->ret_origin))
		rc = -EFAULT;
	else
		rc = tee_params_to_user(uarg->params, arg.num_params, params);

	/* Nobody will ever know the number of this session. */
	if (rc && !arg.ret && ops->close_session)
		tee_call_close_session(ctx, arg.session);

out_put:
	tee_params_put(params, arg.num_params);
out_free:
	tee_params_free(params, stack);
	return rc;
}

/* The frame of an invocation, and what it begins with, in words: one look at user space. */
static __always_inline int tee_copy_invoke(struct tee_ioctl_invoke_arg *arg,
					   struct tee_ioctl_invoke_arg __user **uarg,
					   struct tee_ioctl_buf_data __user *ubuf)
{
	struct tee_ioctl_buf_data buf __uninitialized;
	u64 *words = (u64 *)arg;
	u64 __user *from;
	int rc;

	BUILD_BUG_ON(sizeof(*arg) != 3 * sizeof(*words));
	rc = tee_copy_buf_data(&buf, ubuf, sizeof(*arg));
	if (rc)
		return rc;
	*uarg = u64_to_user_ptr(buf.buf_ptr);
	from = u64_to_user_ptr(buf.buf_ptr);
	if (!user_read_access_begin(from, sizeof(*arg)))
		return -EFAULT;
	unsafe_get_user(words[0], from, err_fault);
	unsafe_get_user(words[1], from + 1, err_fault);
	unsafe_get_user(words[2], from + 2, err_fault);
	user_read_access_end();
	arg->ret = 0;
	arg->ret_origin = 0;

	return tee_frame_fits(&buf, sizeof(*arg), arg->num_params) ? 0 : -EINVAL;

err_fault:
	user_read_access_end();
	return -EFAULT;
}

static __always_inline int tee_put_invoke_result(struct tee_ioctl_invoke_arg __user *uarg,
						 const struct tee_ioctl_invoke_arg *arg)
{
	if (!user_write_access_begin(uarg, sizeof(*uarg)))
		return -EFAULT;
	unsafe_put_user(arg->ret, &uarg->ret, err_fault);
	unsafe_put_user(arg->ret_origin, &uarg->ret_origin, err_fault);
	user_write_access_end();
	return 0;

err_fault:
	user_write_access_end();
	return -EFAULT;
}

/* A number of the kernel's own, which user space cannot name. */
static long tee_errno(int rc)
{
	return rc == -ENOTSUPP ? -EOPNOTSUPP : rc;
}

/* Not inlined: its array would be in the way of calls that have no parameters. */
static noinline int tee_invoke_params(const struct tee_driver_ops *ops, struct tee_context *ctx,
				      struct tee_ioctl_invoke_arg *arg,
				      struct tee_ioctl_invoke_arg __user *uarg)
{
	struct tee_param stack[TEE_NUM_STACK_PARAMS] __uninitialized;
	struct tee_param *params;
	int rc;

	params = tee_params_alloc(stack, arg->num_params);
	if (!params)
		return -ENOMEM;
	rc = tee_params_from_user(ctx, params, arg->num_params, uarg->params);
	if (rc)
		goto out_free;

	rc = tee_call_invoke(ops, ctx, arg, params);
	if (rc)
		goto out_put;

	rc = tee_put_invoke_result(uarg, arg);
	if (!rc)
		rc = tee_params_to_user(uarg->params, arg->num_params, params);

out_put:
	tee_params_put(params, arg->num_params);
out_free:
	tee_params_free(params, stack);
	return rc;
}

/*
 * The call that is made most often: every copy is of a size that the compiler knows, and
 * nothing is cleared that is written before it is read.
 */
static noinline long tee_ioctl_invoke(struct tee_context *ctx,
				      struct tee_ioctl_buf_data __user *ubuf)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	struct tee_ioctl_invoke_arg arg __aligned(sizeof(u64)) __uninitialized;
	struct tee_ioctl_invoke_arg __user *uarg;
	int rc;

	if (!ops->invoke_func)
		return -EINVAL;
	rc = tee_copy_invoke(&arg, &uarg, ubuf);
	if (rc)
		return rc;
	if (arg.num_params)
		return tee_errno(tee_invoke_params(ops, ctx, &arg, uarg));

	rc = tee_call_invoke(ops, ctx, &arg, NULL);
	if (rc)
		return tee_errno(rc);
	return tee_put_invoke_result(uarg, &arg);
}

static noinline int tee_ioctl_object_invoke(struct tee_context *ctx,
					    struct tee_ioctl_buf_data __user *ubuf)
{
	const struct tee_driver_ops *ops = ctx->teedev->desc->ops;
	struct tee_ioctl_object_invoke_arg __user *uarg;
	struct tee_param stack[TEE_NUM_STACK_PARAMS] __uninitialized;
	struct tee_ioctl_object_invoke_arg arg;
	struct tee_ioctl_buf_data buf;
	struct tee_param *params;
	int rc;

	if (!ops->object_invoke_func)
		return -EINVAL;
	rc = tee_copy_buf_data(&buf, ubuf, sizeof(arg));
	if (rc)
		return rc;
	uarg = u64_to_user_ptr(buf.buf_ptr);
	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (!tee_frame_fits(&buf, sizeof(arg), arg.num_params))
		return -EINVAL;

	params = tee_params_alloc(stack, arg.num_params);
	if (!params)
		return -ENOMEM;
	rc = tee_params_from_user(ctx, params, arg.num_params, uarg->params);
	if (rc)
		goto out_free;

	rc = tee_call_object_invoke(ctx, &arg, params);
	if (rc)
		goto out_put;

	if (put_user(arg.ret, &uarg->ret))
		rc = -EFAULT;
	else
		rc = tee_params_to_user(uarg->params, arg.num_params, params);

	/* Nobody will ever know the ids of these objects. */
	if (rc && !arg.ret && ops->object_invoke_undo)
		ops->object_invoke_undo(ctx, params, arg.num_params);

out_put:
	tee_params_put(params, arg.num_params);
out_free:
	tee_params_free(params, stack);
	return rc;
}

static noinline int tee_ioctl_cancel(struct tee_context *ctx,
				     struct tee_ioctl_cancel_arg __user *uarg)
{
	struct tee_ioctl_cancel_arg arg;

	if (!ctx->teedev->desc->ops->cancel_req)
		return -EINVAL;
	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;

	return tee_call_cancel(ctx, arg.cancel_id, arg.session);
}

static noinline int tee_ioctl_close_session(struct tee_context *ctx,
					    struct tee_ioctl_close_session_arg __user *uarg)
{
	struct tee_ioctl_close_session_arg arg;

	if (!ctx->teedev->desc->ops->close_session)
		return -EINVAL;
	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;

	return tee_call_close_session(ctx, arg.session);
}

/* The object's reference goes to the file, whatever happens. */
static int tee_shm_install(struct tee_shm *shm, void __user *uarg, const void *arg, size_t size)
{
	struct file *filp;
	int fd;

	fd = tee_shm_fd_reserve(shm, &filp);
	if (fd < 0) {
		tee_shm_put(shm);
		return fd;
	}
	if (copy_to_user(uarg, arg, size)) {
		put_unused_fd(fd);
		fput(filp);
		return -EFAULT;
	}
	fd_install(fd, filp);
	return fd;
}

static noinline int tee_ioctl_shm_alloc(struct tee_context *ctx,
					struct tee_ioctl_shm_alloc_data __user *uarg)
{
	struct tee_ioctl_shm_alloc_data arg;
	struct tee_shm *shm;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (arg.flags)
		return -EINVAL;

	shm = tee_shm_alloc_user_buf(ctx, arg.size);
	if (IS_ERR(shm))
		return PTR_ERR(shm);

	arg.id = shm->id;
	arg.size = shm->size;
	return tee_shm_install(shm, uarg, &arg, sizeof(arg));
}

static noinline int tee_ioctl_shm_register(struct tee_context *ctx,
					   struct tee_ioctl_shm_register_data __user *uarg)
{
	struct tee_ioctl_shm_register_data arg;
	struct tee_shm *shm;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (arg.flags)
		return -EINVAL;

	shm = tee_shm_register_user_buf(ctx, arg.addr, arg.length);
	if (IS_ERR(shm))
		return PTR_ERR(shm);

	arg.id = shm->id;
	arg.length = shm->size;
	return tee_shm_install(shm, uarg, &arg, sizeof(arg));
}

/*
 * Only buffers of the device's own protected-memory heaps can be registered. There are
 * none, so this answers what a foreign buffer is answered.
 */
static noinline int tee_ioctl_shm_register_fd(struct tee_context *ctx,
					      struct tee_ioctl_shm_register_fd_data __user *uarg)
{
	struct tee_ioctl_shm_register_fd_data arg;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	return -EINVAL;
}

static __always_inline int tee_ioctl_dispatch(struct tee_context *ctx, unsigned int cmd,
					      void __user *uarg)
{
	switch (cmd) {
	case TEE_IOC_SHM_ALLOC:
		return tee_ioctl_shm_alloc(ctx, uarg);
	case TEE_IOC_SHM_REGISTER:
		return tee_ioctl_shm_register(ctx, uarg);
	case TEE_IOC_SHM_REGISTER_FD:
		return tee_ioctl_shm_register_fd(ctx, uarg);
	case TEE_IOC_OPEN_SESSION:
		return tee_ioctl_open_session(ctx, uarg);
	case TEE_IOC_OBJECT_INVOKE:
		return tee_ioctl_object_invoke(ctx, uarg);
	case TEE_IOC_CANCEL:
		return tee_ioctl_cancel(ctx, uarg);
	case TEE_IOC_CLOSE_SESSION:
		return tee_ioctl_close_session(ctx, uarg);
	case TEE_IOC_SUPPL_RECV:
		return tee_ioctl_supp_recv(ctx, uarg);
	case TEE_IOC_SUPPL_SEND:
		return tee_ioctl_supp_send(ctx, uarg);
	default:
		/* Not ENOTTY: that is what this interface has always answered. */
		return -EINVAL;
	}
}

/*
 * None of the calls is inlined: this has no variables in memory then, and no call pays for those of
 * another one, nor one that does not exist for any.
 */
long tee_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct tee_context *ctx = filp->private_data;

	if (READ_ONCE(ctx->teedev->gone))
		return -ENODEV;
	if (likely(cmd == TEE_IOC_INVOKE))
		return tee_ioctl_invoke(ctx, (void __user *)arg);
	if (cmd == TEE_IOC_VERSION)
		return tee_ioctl_version(ctx, (void __user *)arg);
	return tee_errno(tee_ioctl_dispatch(ctx, cmd, (void __user *)arg));
}
