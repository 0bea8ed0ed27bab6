/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients of /dev/teeN: the ioctls, with results as return values. Functions named
 * client_* fail or skip the case on error; functions named tee_* return what happened.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/apps.h"
#include "abi/tee.h"
#include "abi/tee_result.h"

#define TEE_DEVICE	"/dev/tee0"
#define TEE_MAX_PARAMS	127

#define NO_PARAM		{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_NONE }
#define VALUE_IN(x, y) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT, .a = (x), .b = (y) }
#define VALUE_OUT \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT }
#define VALUE_INOUT(x, y) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT, .a = (x), .b = (y) }
#define MEMREF(kind, shm_id, offset, bytes) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_##kind, .a = (offset), .b = (bytes), \
	  .c = (uint64_t)(shm_id) }
#define MEMREF_NULL_OF(kind, bytes) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_##kind, .b = (bytes), .c = TEE_MEMREF_NULL }

/**
 * struct tee_answer - what came back from the trusted side
 * @ret: TEE_SUCCESS or TEE_ERROR_*
 * @origin: TEE_ORIGIN_*
 */
struct tee_answer {
	uint32_t ret;
	uint32_t origin;
};

/**
 * struct tee_open - arguments of OPEN_SESSION
 * @uuid: application
 * @login: TEE_IOCTL_LOGIN_*
 * @client: carrier of the group id
 * @session: out
 */
struct tee_open {
	uint8_t uuid[TEE_IOCTL_UUID_LEN];
	uint32_t login;
	uint8_t client[TEE_IOCTL_UUID_LEN];
	uint32_t session;
};

/* These return 0 or a negative error number. */
int tee_version(int fd, struct tee_ioctl_version_data *v);
int tee_open_session(int fd, struct tee_open *o, struct tee_ioctl_param *params, unsigned int n,
		     struct tee_answer *answer);
int tee_invoke(int fd, uint32_t session, uint32_t func, struct tee_ioctl_param *params,
	       unsigned int n, struct tee_answer *answer);
int tee_close_session(int fd, uint32_t session);
int tee_cancel(int fd, uint32_t session);

/**
 * struct tee_buf - a shared memory object
 * @fd: its descriptor
 * @id: its id within the device
 * @size: as the kernel says
 * @va: mapping (allocated ones) or the registered address
 * @mapped: @va is a mapping of @fd
 */
struct tee_buf {
	int fd;
	int id;
	size_t size;
	uint8_t *va;
	int mapped;
};

int tee_alloc(int fd, size_t size, struct tee_buf *buf);
int tee_register(int fd, void *va, size_t size, struct tee_buf *buf);
void tee_free(struct tee_buf *buf);

/**
 * struct client - a context with one session
 * @fd: of the device
 * @session: open session
 */
struct client {
	int fd;
	uint32_t session;
};

/* The device, or the case is skipped. */
int client_device(void);
/* @app: as APP_ECHO_UUID */
void client_open(struct client *c, const uint8_t *app);
void client_close(struct client *c);
/* A session more on an open device. */
uint32_t client_session(int fd, const uint8_t *app);
/* A call that must succeed. */
void client_invoke(const struct client *c, uint32_t func, struct tee_ioctl_param *params,
		   unsigned int n);
/* A call of echo that must give back what it got. */
void client_echo(const struct client *echo, uint32_t a, uint32_t b);
void client_alloc(int fd, size_t size, struct tee_buf *buf);
/* Is there registered memory? If not, all memory is static: it has been shared since the boot. */
bool client_can_register(int fd);
/* Skips the case, which must not have done anything yet, if there is no registered memory. */
void client_need_registration(int fd);
void client_register(int fd, void *va, size_t size, struct tee_buf *buf);

extern const uint8_t app_echo[TEE_IOCTL_UUID_LEN];
extern const uint8_t app_params[TEE_IOCTL_UUID_LEN];
extern const uint8_t app_slow[TEE_IOCTL_UUID_LEN];
/* An application that nobody has. */
extern const uint8_t app_nobody[TEE_IOCTL_UUID_LEN];

/* TEE_MAX_ARG_SIZE of the loaded driver: it grew. */
size_t client_max_arg(void);

/* Many calls at once, see the harness. Says nothing and ends when it cannot. */
void client_warm_up(void);

#endif /* CLIENT_H */
