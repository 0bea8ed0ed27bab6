/* SPDX-License-Identifier: BSD-2-Clause */
/* What our modules show of themselves: debugfs and events. */
#ifndef LOOK_H
#define LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOK_DEVICE	"/sys/kernel/debug/tee/tee0"
#define LOOK_SIZE	65536

/* Skips the case where there is nothing to look at. */
void look_need(void);

/* The text of LOOK_DEVICE/@name, at most LOOK_SIZE - 1 bytes; each call fills @text anew. */
void look_read(const char *name, char text[LOOK_SIZE]);

/* The number behind "@key=" in @text, at the beginning of a line or behind a blank; -1: none */
int64_t look_number(const char *text, const char *key);
/* The same in a file. */
int64_t look(const char *name, const char *key);

/*
 * look_wait() - wait for a line of a file
 * @name: file
 * @one, @other: must both be in the line
 * @line: filled with it
 * Return: whether it came within some seconds
 */
bool look_wait(const char *name, const char *one, const char *other, char line[512]);
/* The opposite: until there is no such line. */
bool look_wait_gone(const char *name, const char *one, const char *other);

/* The first word that looks like an address of the kernel, or NULL. */
const char *look_for_address(const char *text);

#endif /* LOOK_H */
