// SPDX-License-Identifier: BSD-2-Clause
/* Whole files in and out. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_all(FILE *f, uint8_t **data, size_t *size)
{
	size_t room = 65536;

	*size = 0;
	*data = malloc(room);
	while (*data) {
		uint8_t *more;

		*size += fread(*data + *size, 1, room - *size, f);
		if (ferror(f)) {
			free(*data);
			return errno ? -errno : -EIO;
		}
		if (*size < room)
			return 0;
		if (room >= FILE_SIZE_MAX) {
			free(*data);
			return -EFBIG;
		}
		room *= 2;
		more = realloc(*data, room);
		if (!more)
			free(*data);
		*data = more;
	}
	return -ENOMEM;
}

int file_read(const char *path, uint8_t **data, size_t *size)
{
	FILE *f;
	int rc;

	if (!strcmp(path, "-"))
		return read_all(stdin, data, size);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	rc = read_all(f, data, size);
	fclose(f);
	return rc;
}

int file_write(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "we");
	int rc = 0;

	if (!f)
		return -errno;
	if (fwrite(data, 1, size, f) != size)
		rc = errno ? -errno : -EIO;
	if (fclose(f) && !rc)
		rc = -errno;
	return rc;
}
