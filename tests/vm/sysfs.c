// SPDX-License-Identifier: BSD-2-Clause
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int sysfs_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

int sysfs_read(const char *path, char *text, unsigned int size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	text[0] = '\0';
	if (fd < 0)
		return -errno;
	length = read(fd, text, size - 1);
	close(fd);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

bool sysfs_has(const char *path, const char *word)
{
	char text[256], *state, *next;

	if (sysfs_read(path, text, sizeof(text)))
		return false;
	for (next = strtok_r(text, " []", &state); next; next = strtok_r(NULL, " []", &state))
		if (!strcmp(next, word))
			return true;
	return false;
}
