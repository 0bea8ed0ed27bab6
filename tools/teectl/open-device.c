// SPDX-License-Identifier: BSD-2-Clause
/* Opening the device that the user named, with the complaint that helps. */
#include "open-device.h"

#include <errno.h>
#include <string.h>

int open_device(const char *text, char name[DEVICE_NAME_MAX], int *fd)
{
	if (!device_name(text, name)) {
		complain("name it as /dev/tee0, tee0 or 0", "'%s' is no TEE device", text);
		return EXIT_USAGE;
	}
	*fd = device_open(name);
	if (*fd >= 0)
		return EXIT_OK;
	switch (*fd) {
	case -ENOENT:
	case -ENXIO:
	case -ENODEV:
		complain("'teectl list' shows what is there", "/dev/%s: %s", name, strerror(-*fd));
		return EXIT_NO_DEVICE;
	case -EACCES:
	case -EPERM:
		complain("run as root or join the group of the node", "/dev/%s: %s", name,
			 strerror(-*fd));
		return EXIT_SYSTEM;
	case -EBUSY:
		complain("a running tee-supplicant keeps it to itself", "/dev/%s: %s", name,
			 strerror(-*fd));
		return EXIT_SYSTEM;
	default:
		complain(NULL, "/dev/%s: %s", name, strerror(-*fd));
		return EXIT_SYSTEM;
	}
}
