/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients of Trusted Services: the ioctls in the order in which their client library libts has them. */
#ifndef TS_H
#define TS_H

#include <stdint.h>

#include "abi/ts.h"
#include "abi/ts_test.h"
#include "client.h"

/* What libts looks at. */
#define TS_DEVICES	16
#define TS_MEMORY	4096

extern const uint8_t ts_its[TS_UUID_SIZE];
extern const uint8_t ts_runner[TS_UUID_SIZE];

/* Loads the driver, or skips the case, which must not have done anything yet. */
void ts_load(void);
/* Nothing of a case may be left in the partition manager, and tee.ko is for others to remove. */
void ts_unload(void);

/*
 * Device @n, if it is one; its endpoint. Return: descriptor, or a negative error number: -ENODEV
 * for one that is no partition's
 */
int ts_device(unsigned int n, uint32_t *endpoint);
/* Any of them, or the case is skipped. Loads the driver. */
int ts_any_device(void);
/* Return: 0 or a negative error number */
int ts_open_service(int fd, const uint8_t *uuid, uint32_t *session);
/* The first device that has the service, or the case is skipped. Loads the driver. */
int ts_find_service(const uint8_t *uuid, uint32_t *session);
/* The same while the driver is loaded, without a process for it. Return: descriptor or -ENODEV */
int ts_find_service_again(const uint8_t *uuid, uint32_t *session);
/* The descriptor is closed at once, the mapping keeps the memory. */
uint8_t *ts_memory(int fd, uint64_t size, int *id);
/* Return: of the ioctl; @length in and out, @status of the service */
int ts_call(int fd, uint32_t session, uint32_t opcode, int id, uint64_t *length, int32_t *status);
/* Runs a test of the test runner, as "spin:100". Return: of the ioctl */
int ts_run_test(int fd, uint32_t session, const struct tee_buf *buf, const char *name);

/* A counter of the device's stats in debugfs. */
int64_t ts_stat(int fd, const char *key);
/* So long a partition may take, from now on, before the kernel gives up or says so. */
void ts_patience(unsigned int ms);

/* A connection with a session of a service and memory. */
struct ts_client {
	int fd;
	uint32_t session;
	struct tee_buf buf;
};

void ts_client_open(struct ts_client *c, const uint8_t *uuid);
void ts_client_close(struct ts_client *c);

#endif /* TS_H */
