/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole files in and out. */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>
#include <stdint.h>

/* Largest file that becomes a parameter. */
#define FILE_SIZE_MAX	(64 << 20)

/* "-" is standard input; free() the result. 0 or a negative error number. */
int file_read(const char *path, uint8_t **data, size_t *size);
int file_write(const char *path, const uint8_t *data, size_t size);

#endif /* FILE_H */
