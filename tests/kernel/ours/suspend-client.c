// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/omnitee-suspender: a driver that needs the secure world in order to suspend, for tests.
 *
 * While the file is open, the driver calls the application echo whenever its device is suspended.
 * After "load" was written it opens a session with an application that the supplicant has to
 * load instead; after "leave" it closes its context, for which "system" keeps a thread back.
 * Reading tells how often, and what the last call returned: errno, result.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/uaccess.h>

#include <abi/apps.h>
#include <omnitee/tee_drv.h>

/*
 * One device, as there is one machine to suspend. All but @pdev is guarded by @lock and belongs
 * to the one file that may be open.
 */
static struct {
	struct platform_device *pdev;
	struct mutex lock;	/* guards the rest */
	bool open;
	struct tee_context *ctx;
	u32 session;
	bool load;
	bool leave;
	unsigned int calls;
	int rc;
	u32 ret;
} suspender = {
	.lock = __MUTEX_INITIALIZER(suspender.lock),
};

static const u8 suspender_echo[] = APP_ECHO_UUID;
static const u8 suspender_loadable[] = APP_LOADABLE_UUID(0);

static int suspender_open_session(const u8 *uuid, u32 *session, u32 *ret)
{
	struct tee_ioctl_open_session_arg arg = { .clnt_login = TEE_IOCTL_LOGIN_PUBLIC };
	int rc;

	memcpy(arg.uuid, uuid, sizeof(arg.uuid));
	rc = tee_client_open_session(suspender.ctx, &arg, NULL);
	*session = arg.session;
	*ret = arg.ret;
	return rc;
}

static int suspender_suspend(struct device *dev)
{
	struct tee_ioctl_invoke_arg arg = { .func = ECHO_CMD_NOP };
	u32 unused;

	mutex_lock(&suspender.lock);
	if (suspender.ctx) {
		suspender.calls++;
		if (suspender.leave) {
			tee_client_close_context(suspender.ctx);
			suspender.ctx = NULL;
			suspender.rc = 0;
			suspender.ret = 0;
		} else if (suspender.load) {
			suspender.rc = suspender_open_session(suspender_loadable, &unused,
							      &suspender.ret);
		} else {
			arg.session = suspender.session;
			suspender.rc = tee_client_invoke_func(suspender.ctx, &arg, NULL);
			suspender.ret = arg.ret;
		}
	}
	mutex_unlock(&suspender.lock);
	/* What it was is for the test to judge. */
	return 0;
}

static const struct dev_pm_ops suspender_pm_ops = {
	.suspend = suspender_suspend,
};

static struct platform_driver suspender_driver = {
	.driver = {
		.name = "omnitee-suspender",
		.pm = &suspender_pm_ops,
	},
};

static int suspender_match(struct tee_ioctl_version_data *vers, const void *data)
{
	return vers->impl_id == TEE_IMPL_ID_OPTEE;
}

static int suspender_open(struct inode *inode, struct file *filp)
{
	struct tee_context *ctx;
	int rc = -EBUSY;
	u32 ret;

	mutex_lock(&suspender.lock);
	if (suspender.open)
		goto out;
	ctx = tee_client_open_context(NULL, suspender_match, NULL, NULL);
	rc = PTR_ERR_OR_ZERO(ctx);
	if (rc)
		goto out;
	suspender.ctx = ctx;
	suspender.load = false;
	suspender.leave = false;
	suspender.calls = 0;
	rc = suspender_open_session(suspender_echo, &suspender.session, &ret);
	if (!rc && ret)
		rc = -EIO;
	if (rc) {
		tee_client_close_context(ctx);
		suspender.ctx = NULL;
	}
	suspender.open = !rc;
out:
	mutex_unlock(&suspender.lock);
	return rc;
}

static int suspender_release(struct inode *inode, struct file *filp)
{
	mutex_lock(&suspender.lock);
	if (suspender.ctx)
		tee_client_close_context(suspender.ctx);
	suspender.ctx = NULL;
	suspender.open = false;
	mutex_unlock(&suspender.lock);
	return 0;
}

static ssize_t suspender_write(struct file *filp, const char __user *from, size_t size,
			       loff_t *pos)
{
	char word[8] = "";
	int rc = 0;

	if (size >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, from, size))
		return -EFAULT;
	mutex_lock(&suspender.lock);
	if (!strcmp(word, "load"))
		suspender.load = true;
	else if (!strcmp(word, "leave"))
		suspender.leave = true;
	else if (!strcmp(word, "system") && suspender.ctx)
		rc = tee_client_request_system_context(suspender.ctx);
	else
		rc = -EINVAL;
	mutex_unlock(&suspender.lock);
	return rc ? rc : size;
}

static ssize_t suspender_read(struct file *filp, char __user *to, size_t size, loff_t *pos)
{
	loff_t begin = 0;
	char text[48];
	int len;

	mutex_lock(&suspender.lock);
	len = scnprintf(text, sizeof(text), "%u %d %u\n", suspender.calls, suspender.rc,
			suspender.ret);
	mutex_unlock(&suspender.lock);
	return simple_read_from_buffer(to, size, &begin, text, len);
}

static const struct file_operations suspender_fops = {
	.owner = THIS_MODULE,
	.open = suspender_open,
	.release = suspender_release,
	.read = suspender_read,
	.write = suspender_write,
};

static struct miscdevice suspender_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "omnitee-suspender",
	.fops = &suspender_fops,
	.mode = 0600,
};

static int __init suspender_init(void)
{
	int rc;

	rc = platform_driver_register(&suspender_driver);
	if (rc)
		return rc;
	suspender.pdev = platform_device_register_simple("omnitee-suspender", -1, NULL, 0);
	rc = PTR_ERR_OR_ZERO(suspender.pdev);
	if (rc)
		goto err_driver;
	rc = misc_register(&suspender_misc);
	if (rc)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(suspender.pdev);
err_driver:
	platform_driver_unregister(&suspender_driver);
	return rc;
}
module_init(suspender_init);

static void __exit suspender_exit(void)
{
	misc_deregister(&suspender_misc);
	platform_device_unregister(suspender.pdev);
	platform_driver_unregister(&suspender_driver);
}
module_exit(suspender_exit);

MODULE_DESCRIPTION("Driver that needs the secure world to suspend, for tests");
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
