// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters on their way between user space and a driver.
 */
#include <linux/uaccess.h>

#include "tee_private.h"

/* GlobalPlatform clients pass so many, none of them or not. */
#define TEE_GP_PARAMS	4

static int tee_memref_from_user(struct tee_context *ctx, struct tee_param_memref *memref,
				const struct tee_ioctl_param *ip)
{
	struct tee_shm *shm;
	u64 end;

	memref->shm_offs = ip->a;
	memref->size = ip->b;

	if (ip->c == TEE_MEMREF_NULL) {
		if (!ctx->cap_memref_null)
			return -EINVAL;
		memref->shm = NULL;
		return 0;
	}

	/* The whole 64 bits are the id: cut to 32, another object could be meant. */
	if (ip->c > INT_MAX)
		return -EINVAL;
	shm = tee_shm_get_from_id(ctx, ip->c);
	if (IS_ERR(shm))
		return PTR_ERR(shm);

	if (check_add_overflow(ip->a, ip->b, &end) || end > shm->size) {
		tee_shm_put(shm);
		return -EINVAL;
	}
	memref->shm = shm;
	return 0;
}

static int tee_param_from_user(struct tee_context *ctx, struct tee_param *param,
			       const struct tee_ioctl_param *ip)
{
	if (ip->attr & ~(u64)TEE_IOCTL_PARAM_ATTR_MASK)
		return -EINVAL;

	/* Whole, as the array was not cleared. */
	*param = (struct tee_param){ .attr = ip->attr };

	switch (ip->attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) {
	case TEE_IOCTL_PARAM_ATTR_TYPE_NONE:
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT:
		return 0;
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
		param->u.value.a = ip->a;
		param->u.value.b = ip->b;
		param->u.value.c = ip->c;
		return 0;
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
		return tee_memref_from_user(ctx, &param->u.memref, ip);
	case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INOUT:
		param->u.ubuf.uaddr = u64_to_user_ptr(ip->a);
		param->u.ubuf.size = ip->b;
		return access_ok(param->u.ubuf.uaddr, param->u.ubuf.size) ? 0 : -EFAULT;
	case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT:
		param->u.objref.id = ip->a;
		param->u.objref.flags = ip->b;
		return 0;
	default:
		return -EINVAL;
	}
}

/**
 * tee_params_from_user() - copy, check and resolve parameters
 * @ctx:	context that memory must belong to
 * @params:	parameters, out
 * @num:	how many
 * @uparams:	of the user
 *
 * On success every memory reference holds a reference on its object; tee_params_put().
 *
 * Return: 0, -EFAULT or -EINVAL; no reference is held then
 */
int tee_params_from_user(struct tee_context *ctx, struct tee_param *params, size_t num,
			 struct tee_ioctl_param __user *uparams)
{
	struct tee_ioctl_param ips[TEE_GP_PARAMS] __uninitialized;
	size_t n = 0;
	int rc;

	/*
	 * All at once is cheaper. If that is not possible, somewhere in the middle, it is told
	 * from the first wrong parameter on, whatever is wrong with it.
	 */
	if (num == TEE_GP_PARAMS && !copy_from_user(ips, uparams, sizeof(ips))) {
		for (n = 0; n < TEE_GP_PARAMS; n++) {
			rc = tee_param_from_user(ctx, params + n, ips + n);
			if (rc)
				goto err_put;
		}
		return 0;
	}
	for (n = 0; n < num; n++) {
		rc = -EFAULT;
		if (copy_from_user(ips, uparams + n, sizeof(*ips)))
			goto err_put;
		rc = tee_param_from_user(ctx, params + n, ips);
		if (rc)
			goto err_put;
	}
	return 0;

err_put:
	tee_params_put(params, n);
	return rc;
}

/**
 * tee_params_put() - drop what tee_params_from_user() took
 * @params:	parameters
 * @num:	how many
 */
void tee_params_put(struct tee_param *params, size_t num)
{
	size_t n;

	for (n = 0; n < num; n++)
		if (tee_param_is_memref(params + n) && params[n].u.memref.shm)
			tee_shm_put(params[n].u.memref.shm);
}

/**
 * tee_params_to_user() - copy the results of a call
 * @uparams:	of the user
 * @num:	how many
 * @params:	as the driver left them
 *
 * The whole attr decides, so nothing is copied for a parameter with META. A size may be
 * larger than the buffer: the application asks for more.
 *
 * Return: 0 or -EFAULT
 */
int tee_params_to_user(struct tee_ioctl_param __user *uparams, size_t num,
		       const struct tee_param *params)
{
	size_t n;

	for (n = 0; n < num; n++) {
		const struct tee_param *p = params + n;
		struct tee_ioctl_param __user *up = uparams + n;

		switch (p->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
			if (!user_write_access_begin(up, sizeof(*up)))
				return -EFAULT;
			unsafe_put_user(p->u.value.a, &up->a, err_fault);
			unsafe_put_user(p->u.value.b, &up->b, err_fault);
			unsafe_put_user(p->u.value.c, &up->c, err_fault);
			user_write_access_end();
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
			if (put_user((u64)p->u.memref.size, &up->b))
				return -EFAULT;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INOUT:
			if (put_user((u64)p->u.ubuf.size, &up->b))
				return -EFAULT;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT:
			if (put_user(p->u.objref.id, &up->a) ||
			    put_user(p->u.objref.flags, &up->b))
				return -EFAULT;
			break;
		default:
			break;
		}
	}
	return 0;

err_fault:
	user_write_access_end();
	return -EFAULT;
}

static void tee_param_to_supp(struct tee_ioctl_param *ip, const struct tee_param *p)
{
	memset(ip, 0, sizeof(*ip));
	ip->attr = p->attr;

	switch (p->attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) {
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
		ip->a = p->u.value.a;
		ip->b = p->u.value.b;
		ip->c = p->u.value.c;
		break;
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
		ip->b = p->u.memref.size;
		if (p->u.memref.shm) {
			ip->a = p->u.memref.shm_offs;
			ip->c = p->u.memref.shm->id;
		} else {
			ip->c = TEE_MEMREF_NULL;
		}
		break;
	case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INOUT:
		ip->a = (u64)(unsigned long)p->u.ubuf.uaddr;
		ip->b = p->u.ubuf.size;
		break;
	case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT:
		ip->a = p->u.objref.id;
		ip->b = p->u.objref.flags;
		break;
	default:
		break;
	}
}

/**
 * tee_params_to_supp() - hand a request's parameters to a supplicant
 * @uparams:	of the supplicant
 * @num:	how many
 * @params:	of the request
 *
 * The whole attr is written, META included.
 *
 * Return: 0 or -EFAULT
 */
int tee_params_to_supp(struct tee_ioctl_param __user *uparams,
		       size_t num, const struct tee_param *params)
{
	struct tee_ioctl_param ip;
	size_t n;

	for (n = 0; n < num; n++) {
		tee_param_to_supp(&ip, params + n);
		if (copy_to_user(uparams + n, &ip, sizeof(ip)))
			return -EFAULT;
	}
	return 0;
}

/**
 * tee_params_from_supp() - take a supplicant's answer
 * @params:	parameters, out
 * @num:	how many
 * @uparams:	of the supplicant
 *
 * Values of output parameters and sizes of output memory count. Ids do not: which memory
 * is meant is for the request to say.
 *
 * Return: 0, -EFAULT or -EINVAL
 */
int tee_params_from_supp(struct tee_param *params, size_t num,
			 struct tee_ioctl_param __user *uparams)
{
	struct tee_ioctl_param ip;
	size_t n;

	for (n = 0; n < num; n++) {
		struct tee_param *p = params + n;

		if (copy_from_user(&ip, uparams + n, sizeof(ip)))
			return -EFAULT;
		if (ip.attr & ~(u64)TEE_IOCTL_PARAM_ATTR_MASK)
			return -EINVAL;

		memset(p, 0, sizeof(*p));
		p->attr = ip.attr;
		switch (ip.attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
			p->u.value.a = ip.a;
			p->u.value.b = ip.b;
			p->u.value.c = ip.c;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
			p->u.memref.size = ip.b;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INOUT:
			p->u.ubuf.uaddr = u64_to_user_ptr(ip.a);
			p->u.ubuf.size = ip.b;
			if (!access_ok(p->u.ubuf.uaddr, p->u.ubuf.size))
				return -EFAULT;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT:
			p->u.objref.id = ip.a;
			p->u.objref.flags = ip.b;
			break;
		default:
			break;
		}
	}
	return 0;
}
