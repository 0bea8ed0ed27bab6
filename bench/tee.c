// SPDX-License-Identifier: BSD-2-Clause
#include "tee.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

int tee_open_nth(unsigned int n, uint32_t impl_id)
{
	struct tee_ioctl_version_data v;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/tee%u", n);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!ioctl(fd, TEE_IOC_VERSION, &v) && v.impl_id == impl_id)
		return fd;
	close(fd);
	errno = ENODEV;
	return -1;
}

int tee_open(uint32_t impl_id)
{
	unsigned int n;
	int fd;

	for (n = 0; (fd = tee_open_nth(n, impl_id)) < 0; n++)
		if (errno != ENODEV)
			die("/dev/tee%u: %s", n, strerror(errno));
	return fd;
}

void tee_prepare_open(union request *r, const uint8_t app[TEE_IOCTL_UUID_LEN])
{
	memset(r, 0, sizeof(*r));
	memcpy(r->open.uuid, app, TEE_IOCTL_UUID_LEN);
	r->open.clnt_login = TEE_IOCTL_LOGIN_PUBLIC;
}

int tee_try_open_session(int fd, union request *r)
{
	struct tee_ioctl_buf_data buf = { (uintptr_t)&r->open, sizeof(r->open) };

	return ioctl(fd, TEE_IOC_OPEN_SESSION, &buf) ? errno : 0;
}

uint32_t tee_open_session(int fd, union request *r)
{
	int error = tee_try_open_session(fd, r);

	if (error)
		die("open session: %s", strerror(error));
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

uint32_t tee_invoke_result(int fd, union request *r)
{
	struct tee_ioctl_buf_data buf = {
		(uintptr_t)&r->invoke,
		sizeof(r->invoke) + r->invoke.num_params * sizeof(struct tee_ioctl_param),
	};

	if (ioctl(fd, TEE_IOC_INVOKE, &buf))
		die("invoke: %s", strerror(errno));
	return r->invoke.ret;
}

void tee_invoke(int fd, union request *r)
{
	if (tee_invoke_result(fd, r) != TEE_SUCCESS)
		die("invoke: result %x", r->invoke.ret);
}

struct shm tee_allocate(int fd, size_t size)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size };
	int rc = ioctl(fd, TEE_IOC_SHM_ALLOC, &data);

	if (rc < 0)
		die("allocating %zu octets: %s", size, strerror(errno));
	return (struct shm){ rc, (uint64_t)data.id };
}

struct shm tee_register(int fd, void *address, size_t size)
{
	struct tee_ioctl_shm_register_data data = { .addr = (uintptr_t)address, .length = size };
	int rc = ioctl(fd, TEE_IOC_SHM_REGISTER, &data);

	if (rc < 0)
		die("registering %zu octets: %s", size, strerror(errno));
	return (struct shm){ rc, (uint64_t)data.id };
}
