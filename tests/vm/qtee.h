/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients of QTEE: invocations, the calls of a supplicant, and threads that serve objects.
 * Functions named qtee_must_* fail the case; the others return what happened.
 */
#ifndef QTEE_H
#define QTEE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/qtee.h"
#include "abi/qtee_services.h"
#include "abi/tee.h"

#define UBUF_IN(addr, bytes) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT, .a = (uintptr_t)(addr), .b = (bytes) }
#define UBUF_OUT(addr, bytes) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT, .a = (uintptr_t)(addr), .b = (bytes) }
#define OBJECT_IN(number, kind) \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT, .a = (number), .b = (kind) }
#define OBJECT_TEE(number)	OBJECT_IN(number, TEE_QTEE_OBJREF_TEE)
#define OBJECT_USER(number)	OBJECT_IN(number, TEE_QTEE_OBJREF_USER)
#define OBJECT_MEM(number)	OBJECT_IN(number, TEE_QTEE_OBJREF_MEM)
#define OBJECT_NULL		OBJECT_IN(TEE_OBJREF_NULL, 0)
#define OBJECT_OUT \
	{ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT }

/* As many parameters as a request can have, and its number. */
#define QTEE_REQUEST_PARAMS	61
#define QTEE_BUFFER		4096

/* The device's path; skips the case if there is none. */
const char *qtee_path(void);
int qtee_device(void);

/* 0 or a negative error number; @ret: the answer */
int qtee_invoke(int fd, uint64_t id, uint32_t op, struct tee_ioctl_param *params, unsigned int n,
		int32_t *ret);
/* The answer, which must come. */
int32_t qtee_must_invoke(int fd, uint64_t id, uint32_t op, struct tee_ioctl_param *params,
			 unsigned int n);
/* Lets an object go. */
void qtee_release(int fd, uint64_t id);

/**
 * struct qtee_request - what RECV gives
 * @op: operation, QTEE_OP_RELEASE: the object was let go, and there is no answer
 * @object: the process's own number of it
 * @id: of the request
 * @params: arguments
 * @num: how many
 * @buffer: their payloads
 */
struct qtee_request {
	uint32_t op;
	uint64_t object;
	uint64_t id;
	struct tee_ioctl_param params[QTEE_REQUEST_PARAMS];
	unsigned int num;
	uint64_t buffer[QTEE_BUFFER / sizeof(uint64_t)];
};

/* With all the room there is; 0 or a negative error number. */
int qtee_recv(int fd, struct qtee_request *r);
/* With room for @room arguments and @size octets. */
int qtee_recv_with(int fd, struct qtee_request *r, unsigned int room, size_t size);
/* The same into other memory than the request's own. */
int qtee_recv_into(int fd, struct qtee_request *r, unsigned int room, void *payloads, size_t size);
/* The request's parameters as they are now; with @ret other than 0 none. */
int qtee_send(int fd, const struct qtee_request *r, int32_t ret);
int qtee_send_params(int fd, uint64_t id, int32_t ret, const struct tee_ioctl_param *params,
		     unsigned int num);

struct qtee_server;

/* Serves a request: fills r->params, returns the result. Not called for releases. */
typedef int32_t (*qtee_serve)(struct qtee_server *s, struct qtee_request *r);

#define QTEE_SERVER_THREADS	64

/**
 * struct qtee_server - threads that serve the objects of a file
 * @fd: file
 * @serve: for objects other than credentials
 * @data: for @serve
 * @threads: them
 * @num_threads: how many
 * @requests: served
 * @releases: objects let go, credentials not counted
 * @released: number of the last of them
 * @refused: answers that the driver refused
 * @size: octets of room for payloads
 * @stop: they are to end
 */
struct qtee_server {
	int fd;
	qtee_serve serve;
	void *data;
	pthread_t threads[QTEE_SERVER_THREADS];
	unsigned int num_threads;
	unsigned int requests;
	unsigned int releases;
	uint64_t released;
	unsigned int refused;
	size_t size;
	bool stop;
};

/* The number of credentials; a case's own objects have others. */
#define QTEE_CREDENTIALS	0xc4ed

void qtee_server_start(struct qtee_server *s, int fd, qtee_serve serve, unsigned int threads);
/* Threads with so little room that they may refuse. */
void qtee_server_start_small(struct qtee_server *s, int fd, unsigned int threads, size_t size);
void qtee_server_stop(struct qtee_server *s);
/* Waits until so many objects were let go. */
bool qtee_wait_releases(const struct qtee_server *s, unsigned int count);
/* The same where the packaged driver is known to forget some: it is not waited for long. */
bool qtee_wait_releases_unless_stock(const struct qtee_server *s, unsigned int count);

/**
 * struct qtee_client - a file with a server, and a client environment
 */
struct qtee_client {
	int fd;
	uint64_t env;
	struct qtee_server server;
};

/* Registers with credentials. @serve may be NULL; skips the case without QTEE. */
void qtee_client_open(struct qtee_client *c, qtee_serve serve, unsigned int threads);
void qtee_client_close(struct qtee_client *c);
/* A service, which must be there. */
uint64_t qtee_service(const struct qtee_client *c, uint32_t uid);
/* The same without a server in this process: the objects of one that has served it. */
int32_t qtee_open_uid(int fd, uint64_t env, uint32_t uid, uint64_t *service);
/* Has a QTEE_UID_CALLER service keep the process's object @number; the kernel's id of it. */
uint32_t qtee_keep(const struct qtee_client *c, uint64_t caller, uint64_t number);

/* The module's users. -1 if that cannot be read. */
int qtee_module_users(void);
/* Waits until there are no more than this. */
bool qtee_wait_module_users(int users);

#endif /* QTEE_H */
