// SPDX-License-Identifier: BSD-2-Clause
#include "tee.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

void die(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, what, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

int tee_open(void)
{
	int fd = open("/dev/tee0", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("/dev/tee0: %s", strerror(errno));
	return fd;
}

void tee_prepare_open(union request *r, const uint8_t app[TEE_IOCTL_UUID_LEN])
{
	memset(r, 0, sizeof(*r));
	memcpy(r->open.uuid, app, TEE_IOCTL_UUID_LEN);
	r->open.clnt_login = TEE_IOCTL_LOGIN_PUBLIC;
}

uint32_t tee_open_session(int fd, union request *r)
{
	struct tee_ioctl_buf_data buf = { (uintptr_t)&r->open, sizeof(r->open) };

	if (ioctl(fd, TEE_IOC_OPEN_SESSION, &buf))
		die("open session: %s", strerror(errno));
	return r->open.ret;
}

uint32_t tee_session(int fd, const uint8_t app[TEE_IOCTL_UUID_LEN])
{
	union request r;
	uint32_t ret;

	tee_prepare_open(&r, app);
	ret = tee_open_session(fd, &r);
	if (ret != TEE_SUCCESS)
		die("open session: result %x", ret);
	return r.open.session;
}

void tee_close_session(int fd, uint32_t session)
{
	struct tee_ioctl_close_session_arg arg = { session };

	if (ioctl(fd, TEE_IOC_CLOSE_SESSION, &arg))
		die("close session: %s", strerror(errno));
}

void tee_prepare_invoke(union request *r, uint32_t session, uint32_t func,
			unsigned int num_params)
{
	memset(r, 0, sizeof(*r));
	r->invoke.session = session;
	r->invoke.func = func;
	r->invoke.num_params = num_params;
}

void tee_invoke(int fd, union request *r)
{
	struct tee_ioctl_buf_data buf = {
		(uintptr_t)&r->invoke,
		sizeof(r->invoke) + r->invoke.num_params * sizeof(struct tee_ioctl_param),
	};

	if (ioctl(fd, TEE_IOC_INVOKE, &buf))
		die("invoke: %s", strerror(errno));
	if (r->invoke.ret != TEE_SUCCESS)
		die("invoke: result %x", r->invoke.ret);
}

struct shm tee_register(int fd, void *address, size_t size)
{
	struct tee_ioctl_shm_register_data data = { .addr = (uintptr_t)address, .length = size };
	int rc = ioctl(fd, TEE_IOC_SHM_REGISTER, &data);

	if (rc < 0)
		die("registering %zu octets: %s", size, strerror(errno));
	return (struct shm){ rc, (uint64_t)data.id };
}
