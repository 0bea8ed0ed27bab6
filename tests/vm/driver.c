// SPDX-License-Identifier: BSD-2-Clause
#include "driver.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "sysfs.h"

#define PLATFORM_DRIVER	"/sys/bus/platform/drivers/optee"
#define PLATFORM_DEVICE	"firmware:optee"
#define FFA_DRIVER	"/sys/bus/arm_ffa/drivers/optee"
#define FFA_DEVICES	"/sys/bus/arm_ffa/devices"
#define FFA_UUID	"486178e0-e7f8-11e3-bc5e-0002a5d5c51b"

static unsigned int partition;

static bool is_optee(const char *name)
{
	char path[128], text[256];
	const char *alias;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), FFA_DEVICES "/%.31s/uevent", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	alias = strstr(text, "arm_ffa:");
	if (!alias || !strstr(alias, FFA_UUID))
		return false;
	partition = strtoul(alias + strlen("arm_ffa:"), NULL, 16);
	return true;
}

const char *driver_device(void)
{
	static char name[32];
	struct dirent *entry;
	DIR *dir;

	if (!optee_is_over_ffa())
		return PLATFORM_DEVICE;
	dir = opendir(FFA_DEVICES);
	ASSERT(dir);
	name[0] = '\0';
	while (!name[0] && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && is_optee(entry->d_name))
			snprintf(name, sizeof(name), "%.31s", entry->d_name);
	closedir(dir);
	ASSERT(name[0]);
	return name;
}

unsigned int driver_partition(void)
{
	driver_device();
	return partition;
}

const char *driver_folder(void)
{
	return optee_is_over_ffa() ? FFA_DRIVER : PLATFORM_DRIVER;
}

static int tell(const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", driver_folder(), what);
	return sysfs_write(path, driver_device());
}

int driver_unbind(void)
{
	return tell("unbind");
}

int driver_bind(void)
{
	return tell("bind");
}

void driver_wait_for_node(void)
{
	for (int i = 0; i < PATIENCE_MS / 10 && access(TEE_DEVICE, F_OK); i++)
		sleep_ms(10);
	ASSERT_EQ(chmod(TEE_DEVICE, 0666), 0);
}

const char *driver_module(void)
{
	return optee_is_over_ffa() && !modules_are_stock() ? "optee_ffa" : "optee";
}
