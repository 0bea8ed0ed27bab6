/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OPEN_DEVICE_H
#define OPEN_DEVICE_H

#include "device.h"

/**
 * open_device() - open what the user named, or complain
 * @text: as on the command line
 * @name: name of the device
 * @fd: descriptor
 * Return: exit code, EXIT_OK on success
 */
int open_device(const char *text, char name[DEVICE_NAME_MAX], int *fd);

#endif /* OPEN_DEVICE_H */
