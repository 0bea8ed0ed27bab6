/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Supplicants: Debian's tee-supplicant, and one of the test's own that can be told to
 * answer nonsense. Both are processes, as there is one supplicant at a time; a case starts
 * and stops its own.
 */
#ifndef SUPPLICANT_H
#define SUPPLICANT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "client.h"

#define SUPPLICANT_DEVICE	"/dev/teepriv0"
#define SUPP_PARAMS		5
/* Where Debian's keeps its files here. */
#define SUPPLICANT_FILES	"/run/tee-supplicant"

/**
 * struct supp_request - what RECV gives and SEND takes
 * @func: OPTEE_RPC_CMD_*
 * @count: parameters, with the first one, which has the request's number
 * @params: parameters
 */
struct supp_request {
	uint32_t func;
	unsigned int count;
	struct tee_ioctl_param params[SUPP_PARAMS];
};

/* Skips the case if there is no secure world that we know, or no driver. */
void supp_need(void);
/* File descriptor or negative error number; waits a little for one that is going. */
int supp_open(void);
/* Asynchronous: the first parameter is META. 0 or a negative error number. */
int supp_recv(int fd, struct supp_request *req);
int supp_send(int fd, const struct supp_request *req, uint32_t ret);
/* The same with parameters of the case's own, at most SUPP_PARAMS. */
int supp_recv_with(int fd, struct supp_request *req, const struct tee_ioctl_param *room,
		   unsigned int num);
int supp_send_params(int fd, uint32_t ret, const struct tee_ioctl_param *params, unsigned int num);

/**
 * struct fake - a supplicant of the test's own, shared with its process
 * @pid: its process
 * @ready: it has the device
 * @requests: received so far
 * @sends_failed: answers that the driver refused
 * @last_error: of the last of them, negative
 * @func: of the last request
 * @hold: keep every request of this function without an answer, -1: none
 * @held: requests kept
 * @beyond: memrefs that were not within their memory
 */
struct fake {
	pid_t pid;
	bool ready;
	unsigned int requests;
	unsigned int sends_failed;
	int last_error;
	uint32_t func;
	int hold;
	unsigned int held;
	unsigned int beyond;
};

/*
 * Changes the answer before it is sent; req->params[1] is the request's first parameter.
 * @ret: result to be sent. Return: false to send nothing.
 */
typedef bool (*fake_mangle)(struct supp_request *req, uint32_t *ret);

/* Serves memory and files, which it forgets when it ends. @mangle may be NULL. */
struct fake *fake_start(fake_mangle mangle);
/* Whatever it is doing, by SIGKILL. */
void fake_stop(struct fake *fake);
/* Waits until a request is held. */
void fake_wait_held(struct fake *fake);

/*
 * Waits until the driver has looked for the devices that need a supplicant, as it does when the
 * first one is there. Until then its calls may meet the fault that is meant for another.
 */
void supp_settle(void);

/* Debian's. Skips the case if the guest has none. */
pid_t supplicant_start(void);
void supplicant_stop(pid_t pid);

/* Objects of the application storage; each returns its result. */
uint32_t storage_write(const struct client *storage, const char *name, const void *data,
		       size_t size);
/* @size: in: room, out: what there is */
uint32_t storage_read(const struct client *storage, const char *name, void *data,
		      size_t *size);
uint32_t storage_remove(const struct client *storage, const char *name);

#endif /* SUPPLICANT_H */
