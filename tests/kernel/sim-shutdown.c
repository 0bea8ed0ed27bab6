// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that ends without telling its devices, as in a crash: drivers that are named lose
 * their shutdown.
 */
#include <linux/device.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/string.h>

static int sim_no_shutdown(const char *val, const struct kernel_param *kp)
{
	struct device_driver *driver;
	char name[32];

	strscpy(name, val, sizeof(name));
	driver = driver_find(strim(name), &platform_bus_type);
	if (!driver)
		return -ENODEV;
	to_platform_driver(driver)->shutdown = NULL;
	return 0;
}

static const struct kernel_param_ops sim_no_shutdown_ops = {
	.set = sim_no_shutdown,
};
module_param_cb(no_shutdown, &sim_no_shutdown_ops, NULL, 0200);
MODULE_PARM_DESC(no_shutdown, "platform driver whose devices are not shut down");
