// SPDX-License-Identifier: BSD-2-Clause
/* teectl list */
#include <errno.h>
#include <string.h>

#include "print.h"

static int list(const struct options *opt, int argc, char **argv)
{
	char names[DEVICE_MAX][DEVICE_NAME_MAX];
	struct device devs[DEVICE_MAX];
	int count = device_names(names), rc, known = 0, status = EXIT_OK;

	if (count < 0) {
		complain("is /dev mounted?", "/dev: %s", strerror(-count));
		return EXIT_SYSTEM;
	}
	for (int i = 0; i < count; i++) {
		int fd = device_open(names[i]);

		/* A supplicant that runs keeps its node to itself: that is no error. */
		if (fd == -EBUSY) {
			device_describe_busy(names[i], &devs[known++]);
			continue;
		}
		rc = fd < 0 ? fd : device_describe(fd, names[i], &devs[known]);
		if (fd >= 0)
			device_close(fd);
		if (rc) {
			complain(rc == -EACCES ? "run as root or join the group of the node" : NULL,
				 "/dev/%s: %s", names[i], strerror(-rc));
			status = EXIT_SYSTEM;
			continue;
		}
		known++;
	}
	printer(opt)->devices(stdout, devs, known);
	if (!count) {
		complain("load a driver (modprobe optee) or see the kernel log",
			 "no TEE device in /dev");
		return EXIT_NO_DEVICE;
	}
	return status;
}

const struct command cmd_list = {
	.name = "list",
	.arguments = "",
	.what = "all TEE devices with implementation and capabilities",
	.max_args = 0,
	.run = list,
};
