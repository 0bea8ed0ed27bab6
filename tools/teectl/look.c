// SPDX-License-Identifier: BSD-2-Clause
#include "look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

#define ROOT	"/sys/kernel/debug/tee"

int look_read(const char *device, const char *file, char **text)
{
	uint8_t *data;
	char path[128];
	size_t size;
	int rc;

	snprintf(path, sizeof(path), ROOT "/%s/%s", device, file);
	rc = file_read(path, &data, &size);
	if (rc)
		return rc;
	*text = realloc(data, size + 1);
	if (!*text) {
		free(data);
		return -ENOMEM;
	}
	(*text)[size] = '\0';
	return 0;
}

int look_write(const char *device, const char *file, const char *text)
{
	char path[128];
	int fd, rc = 0;

	snprintf(path, sizeof(path), ROOT "/%s/%s", device, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}
