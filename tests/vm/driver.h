/* SPDX-License-Identifier: BSD-2-Clause */
/* OP-TEE's driver and its device, whatever bus that is on. */
#ifndef DRIVER_H
#define DRIVER_H

/**
 * driver_device() - the name of the device on its bus
 * Return: the name; the case fails if there is none
 */
const char *driver_device(void);

/* The driver's folder in sysfs. */
const char *driver_folder(void);

/* Its partition, over FF-A. */
unsigned int driver_partition(void);

/* Both return 0 or a negative error number. Unbinding waits for all users of the device. */
int driver_unbind(void);
int driver_bind(void);

/* Waits until the node is there, and opens it to all, as the harness leaves it. */
void driver_wait_for_node(void);

/* Name of the module that has it, as in /proc/modules. */
const char *driver_module(void);

#endif /* DRIVER_H */
