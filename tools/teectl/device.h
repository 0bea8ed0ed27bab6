/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The devices of the TEE subsystem. Tests link a device that only pretends in place of
 * device.c, so everything that touches the system is here.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "teectl.h"

/* Names: tee0..tee15, teepriv0..teepriv15. */
#define DEVICE_NAME_MAX		16
#define DEVICE_MAX		32

/**
 * struct device - one node
 * @name: as in /dev
 * @version: what it says about itself
 * @revision: text of sysfs, empty when it has none
 * @busy: somebody has it to himself; only @name, @revision and @version.impl_id are known
 * @nameless: not even @version.impl_id is known
 */
struct device {
	char name[DEVICE_NAME_MAX];
	struct tee_ioctl_version_data version;
	char revision[128];
	bool busy;
	bool nameless;
};

/**
 * struct memory - shared memory of a call
 * @fd: descriptor of the object
 * @id: its id
 * @size: bytes
 * @va: mapping
 */
struct memory {
	int fd;
	int id;
	size_t size;
	uint8_t *va;
};

/* All functions return 0 (or what they say) or a negative error number. */

/* Names of the nodes that exist, sorted; returns how many. */
int device_names(char names[DEVICE_MAX][DEVICE_NAME_MAX]);
/* Returns a descriptor. */
int device_open(const char *name);
void device_close(int fd);
int device_describe(int fd, const char *name, struct device *dev);
/* Of a node that cannot be opened: what sysfs tells. */
void device_describe_busy(const char *name, struct device *dev);
int device_open_session(int fd, struct tee_ioctl_open_session_arg *arg);
int device_close_session(int fd, uint32_t session);
/* @arg has arg->num_params parameters behind it. */
int device_invoke(int fd, struct tee_ioctl_invoke_arg *arg);
int device_alloc(int fd, size_t size, struct memory *mem);
void device_free(struct memory *mem);

/**
 * device_name() - what the user wrote for a device
 * @text: /dev/tee0, tee0 or 0
 * @name: its name
 * Return: whether it is a device at all
 */
bool device_name(const char *text, char name[DEVICE_NAME_MAX]);

#endif /* DEVICE_H */
