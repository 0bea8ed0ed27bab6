/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices that go while somebody uses them. */
#ifndef UNBIND_H
#define UNBIND_H

#include <sys/types.h>

/**
 * unbind() - have a driver leave its device, by a process that has no files of the caller's
 * @attribute: the driver's unbind
 * @device: its name on the bus
 * @node: device node; it is gone when this returns, though the process may wait for users still
 * Return: the process, which ends with 0 when the device is unbound
 */
pid_t unbind(const char *attribute, const char *device, const char *node);

/* Until the node is there again; it is as the harness leaves it then. */
void bound_again(const char *node);

#endif /* UNBIND_H */
