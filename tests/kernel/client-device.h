/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/omnitee-client, see abi/sim-client.h. Included by the two modules that are made of it, after
 * the tee subsystem's header of either kind, and client_system(), client_request() and
 * client_release(), which not all of them have.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "sim-client.h"

static int client_match(struct tee_ioctl_version_data *vers, const void *data)
{
	return vers->impl_id == TEE_IMPL_ID_OPTEE;
}

static int client_open(struct inode *inode, struct file *filp)
{
	struct tee_context *ctx = tee_client_open_context(NULL, client_match, NULL, NULL);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	filp->private_data = ctx;
	return 0;
}

static int client_release_file(struct inode *inode, struct file *filp)
{
	tee_client_close_context(filp->private_data);
	return 0;
}

static long client_ioc_open(struct tee_context *ctx, void __user *uarg)
{
	struct tee_ioctl_open_session_arg arg = { .clnt_login = TEE_IOCTL_LOGIN_PUBLIC };
	struct client_session s;
	int rc;

	if (copy_from_user(&s, uarg, sizeof(s)))
		return -EFAULT;
	memcpy(arg.uuid, s.uuid, sizeof(arg.uuid));
	rc = tee_client_open_session(ctx, &arg, NULL);
	if (rc)
		return rc;
	s.session = arg.session;
	s.ret = arg.ret;
	return copy_to_user(uarg, &s, sizeof(s)) ? -EFAULT : 0;
}

static long client_ioc_invoke(struct tee_context *ctx, void __user *uarg)
{
	struct tee_param param[2] = {
		{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT },
		{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT },
	};
	struct tee_ioctl_invoke_arg arg = { };
	struct client_invoke i;
	int rc;

	if (copy_from_user(&i, uarg, sizeof(i)))
		return -EFAULT;
	if (i.num_params > ARRAY_SIZE(param))
		return -EINVAL;
	arg.session = i.session;
	arg.func = i.func;
	arg.num_params = i.num_params;
	param[0].u.value.a = i.a;
	param[0].u.value.b = i.b;
	rc = tee_client_invoke_func(ctx, &arg, param);
	if (rc < 0)
		return rc;
	i.ret = arg.ret;
	i.a = param[1].u.value.a;
	i.b = param[1].u.value.b;
	return copy_to_user(uarg, &i, sizeof(i)) ? -EFAULT : 0;
}

static long client_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct tee_context *ctx = filp->private_data;
	void __user *uarg = (void __user *)arg;
	u32 session;

	switch (cmd) {
	case CLIENT_IOC_OPEN:
		return client_ioc_open(ctx, uarg);
	case CLIENT_IOC_INVOKE:
		return client_ioc_invoke(ctx, uarg);
	case CLIENT_IOC_CLOSE:
		if (get_user(session, (u32 __user *)uarg))
			return -EFAULT;
		return tee_client_close_session(ctx, session);
	case CLIENT_IOC_SYSTEM:
		if (get_user(session, (u32 __user *)uarg))
			return -EFAULT;
		return client_system(ctx, session);
	case CLIENT_IOC_REQUEST:
		return client_request(ctx);
	case CLIENT_IOC_RELEASE:
		return client_release(ctx);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations client_fops = {
	.owner = THIS_MODULE,
	.open = client_open,
	.release = client_release_file,
	.unlocked_ioctl = client_ioctl,
};

static struct miscdevice client_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = CLIENT_DEVICE,
	.fops = &client_fops,
	.mode = 0600,
};

module_misc_device(client_misc);

MODULE_DESCRIPTION("Client of the TEE subsystem in the kernel, for tests");
MODULE_LICENSE("GPL");
