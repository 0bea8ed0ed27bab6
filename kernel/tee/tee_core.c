// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: what all devices share (class, numbers, teardown workers).
 */
#include <linux/module.h>
#include <linux/slab.h>

#include <omnitee/version.h>

#include "tee_private.h"

/*
 * There is one class and one range of device numbers for all devices, so these exist
 * once. Lives from tee_init() to tee_exit(); @minors is guarded by @lock.
 */
static struct {
	struct class *class;
	dev_t devt;
	struct workqueue_struct *teardown;
	spinlock_t lock;	/* guards minors */
	DECLARE_BITMAP(minors, TEE_NUM_MINORS);
} tee_subsystem = {
	.lock = __SPIN_LOCK_UNLOCKED(tee_subsystem.lock),
};

struct class *tee_get_class(void)
{
	return tee_subsystem.class;
}

dev_t tee_devt(int minor)
{
	return MKDEV(MAJOR(tee_subsystem.devt), MINOR(tee_subsystem.devt) + minor);
}

/**
 * tee_minor_get() - reserve a minor number
 * @privileged:	of the upper half
 *
 * The halves are independent: neither overflows into the other.
 *
 * Return: lowest free number, or -ENOMEM
 */
int tee_minor_get(bool privileged)
{
	unsigned long first = privileged ? TEE_FIRST_PRIVILEGED_MINOR : 0;
	unsigned long end = privileged ? TEE_NUM_MINORS : TEE_FIRST_PRIVILEGED_MINOR;
	unsigned long minor;

	spin_lock(&tee_subsystem.lock);
	minor = find_next_zero_bit(tee_subsystem.minors, end, first);
	if (minor < end)
		__set_bit(minor, tee_subsystem.minors);
	spin_unlock(&tee_subsystem.lock);

	return minor < end ? minor : -ENOMEM;
}

void tee_minor_put(int minor)
{
	spin_lock(&tee_subsystem.lock);
	__clear_bit(minor, tee_subsystem.minors);
	spin_unlock(&tee_subsystem.lock);
}

/**
 * tee_teardown_queue() - let a worker tear something down
 * @work:	initialised work item
 *
 * For tasks that are being killed: closing sessions and unregistering memory waits for
 * the secure world, and must not keep the process alive.
 */
void tee_teardown_queue(struct work_struct *work)
{
	queue_work(tee_subsystem.teardown, work);
}

static int __init tee_init(void)
{
	int rc;

	/*
	 * Every item may wait for a secure thread, and the call that holds the thread may
	 * be one whose end is driven by another item: so many at once, and unbound.
	 */
	tee_subsystem.teardown = alloc_workqueue("tee-teardown", WQ_UNBOUND | WQ_MEM_RECLAIM,
						 WQ_MAX_ACTIVE);
	if (!tee_subsystem.teardown)
		return -ENOMEM;

	tee_subsystem.class = class_create("tee");
	if (IS_ERR(tee_subsystem.class)) {
		rc = PTR_ERR(tee_subsystem.class);
		goto err_workqueue;
	}
	tee_subsystem.class->dev_groups = tee_dev_groups;

	rc = alloc_chrdev_region(&tee_subsystem.devt, 0, TEE_NUM_MINORS, "tee");
	if (rc)
		goto err_class;

	rc = tee_bus_init();
	if (rc)
		goto err_region;

	tee_debugfs_init();
	return 0;

err_region:
	unregister_chrdev_region(tee_subsystem.devt, TEE_NUM_MINORS);
err_class:
	class_destroy(tee_subsystem.class);
err_workqueue:
	destroy_workqueue(tee_subsystem.teardown);
	return rc;
}
module_init(tee_init);

static void __exit tee_exit(void)
{
	tee_debugfs_exit();
	tee_bus_exit();
	unregister_chrdev_region(tee_subsystem.devt, TEE_NUM_MINORS);
	class_destroy(tee_subsystem.class);
	/* No device is left, so nothing is pending; the last item may be returning still. */
	destroy_workqueue(tee_subsystem.teardown);
}
module_exit(tee_exit);

MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("Trusted execution environments: devices, contexts, shared memory");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
