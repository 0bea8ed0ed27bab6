// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/omnitee-notif: a client in the kernel that wants to know of notifications, for tests.
 *
 * Writing a number to the file registers for that value, once; reading tells how often the
 * client has been called. Closing it unregisters; a call after that is a warning.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <omnitee/tee_drv.h>

/**
 * struct notif_file - an open file
 * @ctx:	its context
 * @lock:	guards @registered
 * @registered:	@client is
 * @client:	of the TEE
 * @calls:	how often it was called
 * @gone:	it is not registered any more
 */
struct notif_file {
	struct tee_context *ctx;
	struct mutex lock;	/* guards registered */
	bool registered;
	struct tee_client_notif client;
	atomic_t calls;
	bool gone;
};

static void notif_notify(struct tee_client_notif *client)
{
	struct notif_file *nf = container_of(client, struct notif_file, client);

	/* It may, and whoever does not wait for it to end is found out. */
	usleep_range(500, 1000);
	WARN_ON(READ_ONCE(nf->gone));
	atomic_inc(&nf->calls);
}

static int notif_match(struct tee_ioctl_version_data *vers, const void *data)
{
	return vers->impl_id == TEE_IMPL_ID_OPTEE;
}

static int notif_open(struct inode *inode, struct file *filp)
{
	struct notif_file *nf = kzalloc(sizeof(*nf), GFP_KERNEL);
	int rc;

	if (!nf)
		return -ENOMEM;
	nf->ctx = tee_client_open_context(NULL, notif_match, NULL, NULL);
	if (IS_ERR(nf->ctx)) {
		rc = PTR_ERR(nf->ctx);
		kfree(nf);
		return rc;
	}
	mutex_init(&nf->lock);
	filp->private_data = nf;
	return 0;
}

static int notif_release(struct inode *inode, struct file *filp)
{
	struct notif_file *nf = filp->private_data;

	/* In this order, as the context has to stay as long as the client is registered. */
	tee_client_close_context(nf->ctx);
	if (nf->registered) {
		tee_client_unregister_notif(&nf->client);
		WRITE_ONCE(nf->gone, true);
		usleep_range(1000, 2000);
	}
	mutex_destroy(&nf->lock);
	kfree(nf);
	return 0;
}

static ssize_t notif_write(struct file *filp, const char __user *from, size_t size, loff_t *pos)
{
	struct notif_file *nf = filp->private_data;
	u32 value;
	int rc;

	rc = kstrtou32_from_user(from, size, 0, &value);
	if (rc)
		return rc;

	mutex_lock(&nf->lock);
	rc = -EALREADY;
	if (!nf->registered) {
		nf->client.value = value;
		nf->client.notify = notif_notify;
		rc = tee_client_register_notif(nf->ctx, &nf->client);
		nf->registered = !rc;
	}
	mutex_unlock(&nf->lock);
	return rc ? rc : size;
}

static ssize_t notif_read(struct file *filp, char __user *to, size_t size, loff_t *pos)
{
	struct notif_file *nf = filp->private_data;
	char text[16];
	loff_t zero = 0;

	scnprintf(text, sizeof(text), "%d\n", atomic_read(&nf->calls));
	return simple_read_from_buffer(to, size, &zero, text, strlen(text));
}

static const struct file_operations notif_fops = {
	.owner = THIS_MODULE,
	.open = notif_open,
	.release = notif_release,
	.read = notif_read,
	.write = notif_write,
};

static struct miscdevice notif_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "omnitee-notif",
	.fops = &notif_fops,
	.mode = 0600,
};
module_misc_device(notif_misc);

MODULE_DESCRIPTION("Client in the kernel of notifications, for tests");
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
