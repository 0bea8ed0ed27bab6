/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients of TEE devices that do nothing beside the call that is measured. Whatever goes wrong
 * ends the program: there is no figure then.
 */
#ifndef BENCH_TEE_H
#define BENCH_TEE_H

#include <stddef.h>
#include <stdint.h>

#include "abi/tee.h"
#include "abi/tee_result.h"

void die(const char *what, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* What invoke and open are given, made once so that the call itself is all that is counted. */
union request {
	struct tee_ioctl_invoke_arg invoke;
	struct tee_ioctl_open_session_arg open;
	uint8_t room[sizeof(struct tee_ioctl_open_session_arg) +
		     4 * sizeof(struct tee_ioctl_param)];
};

struct shm {
	int fd;
	uint64_t id;
};

/* The first device of the kind, TEE_IMPL_ID_*. */
int tee_open(uint32_t impl_id);
/* The device @n if it is of the kind, or -1 with errno: ENOENT beyond the last one. */
int tee_open_nth(unsigned int n, uint32_t impl_id);
void tee_prepare_open(union request *r, const uint8_t app[TEE_IOCTL_UUID_LEN]);
/* Answers TEE_SUCCESS or what the secure side says. */
uint32_t tee_open_session(int fd, union request *r);
/* The same, where there may be nobody: 0 or the error's number. */
int tee_try_open_session(int fd, union request *r);
/* An open session of the application. */
uint32_t tee_session(int fd, const uint8_t app[TEE_IOCTL_UUID_LEN]);
void tee_close_session(int fd, uint32_t session);
void tee_prepare_invoke(union request *r, uint32_t session, uint32_t func,
			unsigned int num_params);
/* What the secure side answers. */
uint32_t tee_invoke_result(int fd, union request *r);
/* Success, or the end. */
void tee_invoke(int fd, union request *r);
struct shm tee_allocate(int fd, size_t size);
struct shm tee_register(int fd, void *address, size_t size);

#endif /* BENCH_TEE_H */
