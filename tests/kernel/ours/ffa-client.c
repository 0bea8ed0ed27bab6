// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver of the emulation's test partitions, for user space: see ffa-client.h.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/uaccess.h>

#include <abi/test_partitions.h>
#include <omnitee/ffa.h>

#include "ffa-client.h"

/* More than enough for a descriptor of several fragments. */
#define MAX_RANGES	4096
#define NOTIFICATIONS	64

/* What is shared, of a file. */
struct client_memory {
	struct list_head node;
	struct omnitee_ffa_device *fdev;
	u64 handle;
	unsigned int count;
	struct page *pages[];
};

struct client_file {
	struct mutex lock;	/* guards memories */
	struct list_head memories;
};

/* Held while a device is used; for writing while it goes. */
static DECLARE_RWSEM(devices_lock);
static struct omnitee_ffa_device *devices[FFA_CLIENT_PARTITIONS];

static struct omnitee_ffa_device *device_of(u32 partition)
{
	return partition < FFA_CLIENT_PARTITIONS ? devices[partition] : NULL;
}

static int client_send(struct omnitee_ffa_device *fdev, void __user *to)
{
	struct omnitee_ffa_message msg = { };
	struct ffa_client_message arg;
	unsigned int n;
	int rc;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	for (n = 0; n < OMNITEE_FFA_DIRECT_WORDS; n++)
		msg.data[n] = arg.word[n];
	rc = omnitee_ffa_send(fdev, &msg);
	if (rc)
		return rc;
	for (n = 0; n < OMNITEE_FFA_DIRECT_WORDS; n++)
		arg.word[n] = msg.data[n];
	return copy_to_user(to, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static int client_send2(struct omnitee_ffa_device *fdev, void __user *to)
{
	struct omnitee_ffa_message2 msg;
	struct ffa_client_message2 arg;
	int rc;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	memcpy(msg.data, arg.word, sizeof(msg.data));
	rc = fdev->ops->msg_ops->send2(fdev, &msg);
	if (rc)
		return rc;
	memcpy(arg.word, msg.data, sizeof(arg.word));
	return copy_to_user(to, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static void memory_free(struct client_memory *memory)
{
	while (memory->count)
		__free_page(memory->pages[--memory->count]);
	kvfree(memory);
}

static struct client_memory *memory_alloc(unsigned int count, u8 fill)
{
	struct client_memory *memory = kvzalloc(struct_size(memory, pages, count), GFP_KERNEL);

	if (!memory)
		return NULL;
	for (; memory->count < count; memory->count++) {
		memory->pages[memory->count] = alloc_page(GFP_KERNEL);
		if (!memory->pages[memory->count]) {
			memory_free(memory);
			return NULL;
		}
		memset(page_address(memory->pages[memory->count]), fill, PAGE_SIZE);
	}
	return memory;
}

/* A range for each page, whether they are neighbours or not. */
static int memory_send(struct omnitee_ffa_device *fdev, struct client_memory *memory, bool lend)
{
	const struct omnitee_ffa_mem_receiver receiver = {
		.id = fdev->id,
		.permissions = OMNITEE_FFA_MEM_RW,
	};
	struct omnitee_ffa_mem_args args = { .receivers = &receiver, .num_receivers = 1 };
	struct sg_table table;
	struct scatterlist *sg;
	unsigned int n;
	int rc;

	rc = sg_alloc_table(&table, memory->count, GFP_KERNEL);
	if (rc)
		return rc;
	for_each_sg(table.sgl, sg, memory->count, n)
		sg_set_page(sg, memory->pages[n], PAGE_SIZE, 0);
	args.sg = table.sgl;
	rc = lend ? fdev->ops->mem_ops->lend(fdev, &args) : fdev->ops->mem_ops->share(fdev, &args);
	sg_free_table(&table);
	memory->fdev = fdev;
	memory->handle = args.handle;
	return rc;
}

static int client_share(struct client_file *file, struct omnitee_ffa_device *fdev,
			void __user *to)
{
	struct client_memory *memory;
	struct ffa_client_memory arg;
	int rc;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	if (!arg.ranges || arg.ranges > MAX_RANGES)
		return -EINVAL;
	memory = memory_alloc(arg.ranges, arg.fill);
	if (!memory)
		return -ENOMEM;
	rc = memory_send(fdev, memory, arg.lend);
	if (rc) {
		memory_free(memory);
		return rc;
	}
	arg.handle = memory->handle;
	mutex_lock(&file->lock);
	list_add(&memory->node, &file->memories);
	mutex_unlock(&file->lock);
	return copy_to_user(to, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static int memory_reclaim(struct client_memory *memory)
{
	int rc = memory->fdev->ops->mem_ops->reclaim(memory->fdev, memory->handle, 0);

	if (!rc) {
		list_del(&memory->node);
		memory_free(memory);
	}
	return rc;
}

static int client_reclaim(struct client_file *file, void __user *to)
{
	struct client_memory *memory;
	struct ffa_client_memory arg;
	int rc = -ENOENT;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	mutex_lock(&file->lock);
	list_for_each_entry(memory, &file->memories, node)
		if (memory->handle == arg.handle) {
			rc = memory_reclaim(memory);
			break;
		}
	mutex_unlock(&file->lock);
	return rc;
}

/* By number. @told lives as long as the module. */
static DEFINE_MUTEX(notifications_lock);	/* guards requested */
static struct omnitee_ffa_device *requested[NOTIFICATIONS];
static atomic64_t told[NOTIFICATIONS][FFA_CLIENT_CPUS];

/*
 * A worker of a CPU, which nothing moves; or else that is to be seen. Whoever is told may sleep: the
 * kernel complains where that is not so.
 */
static void client_told(int number, void *data)
{
	unsigned int cpu = raw_smp_processor_id();

	if (cpu < FFA_CLIENT_CPUS)
		atomic64_inc(&told[number][cpu]);
	usleep_range(50, 100);
}

static int client_request(struct omnitee_ffa_device *fdev, int number, bool per_cpu)
{
	unsigned int cpu;
	int rc;

	/* Ours have an index; whether others are refused is the bus's to say. */
	for (cpu = 0; cpu < FFA_CLIENT_CPUS && number >= 0 && number < NOTIFICATIONS; cpu++)
		atomic64_set(&told[number][cpu], 0);
	rc = fdev->ops->notifier_ops->request(fdev, per_cpu, client_told, NULL, number);
	if (!rc)
		requested[number] = fdev;
	return rc;
}

static int client_relinquish(struct omnitee_ffa_device *fdev, int number)
{
	int rc = fdev->ops->notifier_ops->relinquish(fdev, number);

	if (number >= 0 && number < NOTIFICATIONS && requested[number] == fdev)
		requested[number] = NULL;
	return rc;
}

static int client_notification(struct omnitee_ffa_device *fdev, unsigned int cmd, void __user *to)
{
	struct ffa_client_notification arg;
	unsigned int cpu;
	int rc;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	if (cmd == FFA_CLIENT_NOTIFY)
		return fdev->ops->notifier_ops->send(fdev, arg.number, arg.per_cpu, arg.cpu);
	if (cmd != FFA_CLIENT_TOLD) {
		mutex_lock(&notifications_lock);
		rc = cmd == FFA_CLIENT_REQUEST ? client_request(fdev, arg.number, arg.per_cpu) :
						 client_relinquish(fdev, arg.number);
		mutex_unlock(&notifications_lock);
		return rc;
	}
	if (arg.number < 0 || arg.number >= NOTIFICATIONS)
		return -EINVAL;
	for (cpu = 0; cpu < FFA_CLIENT_CPUS; cpu++)
		arg.told[cpu] = atomic64_read(&told[arg.number][cpu]);
	return copy_to_user(to, &arg, sizeof(arg)) ? -EFAULT : 0;
}

/* What nobody has given back. */
static void client_forget(struct omnitee_ffa_device *fdev)
{
	unsigned int n;

	mutex_lock(&notifications_lock);
	for (n = 0; n < NOTIFICATIONS; n++)
		if (requested[n] == fdev)
			client_relinquish(fdev, n);
	mutex_unlock(&notifications_lock);
}

static long client_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	void __user *to = (void __user *)arg;
	struct omnitee_ffa_device *fdev;
	u32 partition;
	int rc = -ENODEV;

	/* The first member of all arguments. */
	if (copy_from_user(&partition, to, sizeof(partition)))
		return -EFAULT;
	down_read(&devices_lock);
	fdev = device_of(partition);
	if (fdev) {
		switch (cmd) {
		case FFA_CLIENT_SEND:
			rc = client_send(fdev, to);
			break;
		case FFA_CLIENT_SEND2:
			rc = client_send2(fdev, to);
			break;
		case FFA_CLIENT_SHARE:
			rc = client_share(filp->private_data, fdev, to);
			break;
		case FFA_CLIENT_RECLAIM:
			rc = client_reclaim(filp->private_data, to);
			break;
		case FFA_CLIENT_REQUEST:
		case FFA_CLIENT_RELINQUISH:
		case FFA_CLIENT_TOLD:
		case FFA_CLIENT_NOTIFY:
			rc = client_notification(fdev, cmd, to);
			break;
		default:
			rc = -ENOTTY;
		}
	}
	up_read(&devices_lock);
	return rc;
}

static int client_open(struct inode *inode, struct file *filp)
{
	struct client_file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (!file)
		return -ENOMEM;
	mutex_init(&file->lock);
	INIT_LIST_HEAD(&file->memories);
	filp->private_data = file;
	return 0;
}

/* What a partition still holds then is lost. */
static int client_release(struct inode *inode, struct file *filp)
{
	struct client_file *file = filp->private_data;
	struct client_memory *memory, *next;

	list_for_each_entry_safe(memory, next, &file->memories, node)
		if (memory_reclaim(memory))
			list_del(&memory->node);
	kfree(file);
	return 0;
}

static const struct file_operations client_fops = {
	.owner = THIS_MODULE,
	.open = client_open,
	.release = client_release,
	.unlocked_ioctl = client_ioctl,
};

static struct miscdevice client_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = FFA_CLIENT_DEVICE,
	.fops = &client_fops,
	.mode = 0600,
};

static int client_probe(struct omnitee_ffa_device *fdev)
{
	u8 n = fdev->uuid.b[UUID_SIZE - 1];

	/* Everything is known of it by now. */
	if (!fdev->id || !fdev->properties || !fdev->ops || fdev->driver_data ||
	    n >= FFA_CLIENT_PARTITIONS)
		return -EINVAL;
	down_write(&devices_lock);
	devices[n] = fdev;
	up_write(&devices_lock);
	return 0;
}

static void client_remove(struct omnitee_ffa_device *fdev)
{
	down_write(&devices_lock);
	devices[fdev->uuid.b[UUID_SIZE - 1]] = NULL;
	up_write(&devices_lock);
	client_forget(fdev);
}

static const struct omnitee_ffa_device_id client_ids[] = {
	{ { PARTITION_ECHO_UUID } },
	{ { PARTITION_ECHO_2_UUID } },
	{ { PARTITION_OLD_UUID } },
	{ { PARTITION_WORKER_UUID } },
	{ { PARTITION_PEER_UUID } },
	{ }
};

static struct omnitee_ffa_driver client_driver = {
	.name = "omnitee-ffa-client",
	.probe = client_probe,
	.remove = client_remove,
	.id_table = client_ids,
};

static int __init client_init(void)
{
	int rc;

	rc = omnitee_ffa_driver_register(&client_driver);
	if (rc)
		return rc;
	rc = misc_register(&client_misc);
	if (rc)
		omnitee_ffa_driver_unregister(&client_driver);
	return rc;
}
module_init(client_init);

static void __exit client_exit(void)
{
	misc_deregister(&client_misc);
	omnitee_ffa_driver_unregister(&client_driver);
}
module_exit(client_exit);

MODULE_DESCRIPTION("Driver of the emulation's FF-A partitions, for tests");
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
