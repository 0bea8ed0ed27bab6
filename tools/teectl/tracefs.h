/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of the kernel, through an instance of our own: nobody else's tracing is touched.
 * Tests link lines that were recorded in place of tracefs.c.
 */
#ifndef TRACEFS_H
#define TRACEFS_H

#include <stddef.h>

/**
 * struct tracefs - an instance
 * @path: its folder
 * @fd: of its lines as they come
 */
struct tracefs {
	char path[96];
	int fd;
};

/**
 * tracefs_begin() - record the events of our drivers from now on
 * @t: instance
 * Return: 0 or a negative error number; -ENOENT: no tracefs, -ENODEV: no driver with events
 */
int tracefs_begin(struct tracefs *t);

/* Record no more; what was recorded can still be read. */
void tracefs_stop(struct tracefs *t);

/* Octets that came, 0: none as yet. Negative error number. */
int tracefs_read(struct tracefs *t, char *to, size_t size);

void tracefs_end(struct tracefs *t);

#endif /* TRACEFS_H */
