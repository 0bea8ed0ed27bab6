// SPDX-License-Identifier: BSD-2-Clause
/* teectl info DEVICE */
#include <string.h>

#include "open-device.h"
#include "print.h"

static int info(const struct options *opt, int argc, char **argv)
{
	char name[DEVICE_NAME_MAX];
	struct device dev;
	int fd, status = open_device(argv[0], name, &fd), rc;

	if (status)
		return status;
	rc = device_describe(fd, name, &dev);
	device_close(fd);
	if (rc) {
		complain("is it a TEE device?", "/dev/%s: version: %s", name, strerror(-rc));
		return EXIT_SYSTEM;
	}
	printer(opt)->device(stdout, &dev);
	return EXIT_OK;
}

const struct command cmd_info = {
	.name = "info",
	.arguments = "DEVICE",
	.what = "one device in detail",
	.min_args = 1,
	.max_args = 1,
	.run = info,
};
