/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of sysfs and its like. */
#ifndef SYSFS_H
#define SYSFS_H

#include <stdbool.h>

/* Both return 0 or a negative error number. */
int sysfs_write(const char *path, const char *text);
/* The first line, without its end. @size: room in @text, which is empty after an error */
int sysfs_read(const char *path, char *text, unsigned int size);
/* Is @word among the words of the file? Brackets, as around the one that is chosen, are not seen. */
bool sysfs_has(const char *path, const char *word);

#endif /* SYSFS_H */
