/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the drivers show of themselves, in debugfs. Tests link texts that were recorded in
 * place of look.c.
 */
#ifndef LOOK_H
#define LOOK_H

/**
 * look_read() - a file of a device
 * @device: tee0
 * @file: threads, sessions ...
 * @text: its text; free() it
 * Return: 0 or a negative error number
 */
int look_read(const char *device, const char *file, char **text);

/* 0 or a negative error number. */
int look_write(const char *device, const char *file, const char *text);

#endif /* LOOK_H */
