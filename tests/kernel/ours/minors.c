// SPDX-License-Identifier: GPL-2.0-only
/*
 * As long as this is loaded there is no number left for a device of clients, so that the drivers'
 * probes fail when they have done everything else.
 */
#include <linux/err.h>
#include <linux/module.h>

#include <omnitee/tee_core.h>

#define MINORS	16

static struct tee_device *minors[MINORS];
static struct tee_shm_pool minors_pool;

static void minors_get_version(struct tee_device *teedev, struct tee_ioctl_version_data *vers)
{
}

static int minors_open(struct tee_context *ctx)
{
	return -ENODEV;
}

static void minors_release(struct tee_context *ctx)
{
}

static const struct tee_driver_ops minors_ops = {
	.get_version = minors_get_version,
	.open = minors_open,
	.release = minors_release,
};

static const struct tee_desc minors_desc = {
	.name = "omnitee-minors",
	.ops = &minors_ops,
	.owner = THIS_MODULE,
};

static int __init minors_init(void)
{
	unsigned int n;

	/* They are never registered: nobody sees them. */
	for (n = 0; n < MINORS; n++) {
		struct tee_device *teedev = tee_device_alloc(&minors_desc, NULL, &minors_pool, NULL);

		if (IS_ERR(teedev))
			break;
		minors[n] = teedev;
	}
	return 0;
}
module_init(minors_init);

static void __exit minors_exit(void)
{
	unsigned int n;

	for (n = 0; n < MINORS && minors[n]; n++)
		tee_device_unregister(minors[n]);
}
module_exit(minors_exit);

MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("All numbers of TEE devices, for tests");
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
