// SPDX-License-Identifier: BSD-2-Clause
/* The real devices: /dev, /sys and the ioctls. */
#include "device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int compare_names(const void *a, const void *b)
{
	return strverscmp(a, b);
}

int device_names(char names[DEVICE_MAX][DEVICE_NAME_MAX])
{
	struct dirent *entry;
	int count = 0;
	DIR *dir = opendir("/dev");

	if (!dir)
		return -errno;
	while (count < DEVICE_MAX && (entry = readdir(dir))) {
		char name[DEVICE_NAME_MAX];

		if (!strncmp(entry->d_name, "tee", 3) && device_name(entry->d_name, name))
			memcpy(names[count++], name, sizeof(name));
	}
	closedir(dir);
	qsort(names, count, DEVICE_NAME_MAX, compare_names);
	return count;
}

int device_open(const char *name)
{
	char path[DEVICE_NAME_MAX + 8];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void device_close(int fd)
{
	close(fd);
}

/* A line of text of sysfs, empty when there is none. */
static void read_attribute(const char *name, const char *attribute, char *text, size_t size)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/tee/%s/%s", name, attribute);
	f = fopen(path, "re");
	if (!f || !fgets(text, size, f))
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (f)
		fclose(f);
}

int device_describe(int fd, const char *name, struct device *dev)
{
	memset(dev, 0, sizeof(*dev));
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	if (ioctl(fd, TEE_IOC_VERSION, &dev->version))
		return -errno;
	read_attribute(name, "revision", dev->revision, sizeof(dev->revision));
	return 0;
}

void device_describe_busy(const char *name, struct device *dev)
{
	char number[16];

	memset(dev, 0, sizeof(*dev));
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	dev->busy = true;
	read_attribute(name, "implementation_id", number, sizeof(number));
	dev->nameless = !number[0];
	dev->version.impl_id = strtoul(number, NULL, 10);
	read_attribute(name, "revision", dev->revision, sizeof(dev->revision));
}

int device_open_session(int fd, struct tee_ioctl_open_session_arg *arg)
{
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)arg,
		.buf_len = sizeof(*arg) + arg->num_params * sizeof(arg->params[0]),
	};

	return ioctl(fd, TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0;
}

int device_close_session(int fd, uint32_t session)
{
	struct tee_ioctl_close_session_arg arg = { session };

	return ioctl(fd, TEE_IOC_CLOSE_SESSION, &arg) ? -errno : 0;
}

int device_invoke(int fd, struct tee_ioctl_invoke_arg *arg)
{
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)arg,
		.buf_len = sizeof(*arg) + arg->num_params * sizeof(arg->params[0]),
	};

	return ioctl(fd, TEE_IOC_INVOKE, &buf) ? -errno : 0;
}

int device_alloc(int fd, size_t size, struct memory *mem)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size };
	int rc = ioctl(fd, TEE_IOC_SHM_ALLOC, &data);

	if (rc < 0)
		return -errno;
	mem->fd = rc;
	mem->id = data.id;
	mem->size = data.size;
	mem->va = mmap(NULL, mem->size, PROT_READ | PROT_WRITE, MAP_SHARED, mem->fd, 0);
	if (mem->va == MAP_FAILED) {
		rc = -errno;
		close(mem->fd);
		return rc;
	}
	return 0;
}

void device_free(struct memory *mem)
{
	munmap(mem->va, mem->size);
	close(mem->fd);
}
