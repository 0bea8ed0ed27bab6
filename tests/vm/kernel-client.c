// SPDX-License-Identifier: BSD-2-Clause
#include "kernel-client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "reload.h"
#include "abi/sim-client.h"


static const char *module(void)
{
	return modules_are_stock() ? "omnitee-client-stock" : "omnitee-client";
}

static int command(const char *line)
{
	int status = system(line);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int kernel_client(void)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	char line[128];
	int fd;

	snprintf(line, sizeof(line), "modprobe %s 2>/dev/null", module());
	if (command(line))
		SKIP("no module %s", module());
	do {
		fd = open("/dev/" CLIENT_DEVICE, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		/* The node comes after the module. */
		sleep_ms(5);
	} while (clock_ms() < end);
	if (errno == ENOENT)
		SKIP("no OP-TEE for clients in the kernel");
	FAIL("/dev/" CLIENT_DEVICE ": %s", strerror(errno));
}

void kernel_client_unload(void)
{
	char line[128];

	snprintf(line, sizeof(line), "rmmod %s 2>/dev/null", module());
	command(line);
}

uint32_t kernel_session(int fd, const uint8_t *app)
{
	struct client_session s = { .ret = ~0U };

	memcpy(s.uuid, app, sizeof(s.uuid));
	ASSERT_RC(ioctl(fd, CLIENT_IOC_OPEN, &s) ? -errno : 0, 0);
	ASSERT_EQ(s.ret, TEE_SUCCESS);
	return s.session;
}

int kernel_invoke(int fd, uint32_t session, uint32_t func, unsigned int num_params, uint64_t *a,
		  uint32_t *ret)
{
	struct client_invoke i = {
		.session = session, .func = func, .num_params = num_params, .a = a ? *a : 0,
	};

	if (ioctl(fd, CLIENT_IOC_INVOKE, &i))
		return -errno;
	if (a)
		*a = i.a;
	*ret = i.ret;
	return 0;
}

int kernel_close_session(int fd, uint32_t session)
{
	return ioctl(fd, CLIENT_IOC_CLOSE, &session) ? -errno : 0;
}

int kernel_system_session(int fd, uint32_t session)
{
	return ioctl(fd, CLIENT_IOC_SYSTEM, &session) ? -errno : 0;
}

int kernel_request(int fd)
{
	return ioctl(fd, CLIENT_IOC_REQUEST) ? -errno : 0;
}

int kernel_release(int fd)
{
	return ioctl(fd, CLIENT_IOC_RELEASE) ? -errno : 0;
}

void kernel_echo(int fd, uint32_t echo, uint32_t a)
{
	uint64_t value = a;
	uint32_t ret = ~0U;

	ASSERT_RC(kernel_invoke(fd, echo, ECHO_CMD_VALUE, 2, &value, &ret), 0);
	ASSERT_EQ(ret, TEE_SUCCESS);
	ASSERT_EQ(value, a);
}

void driver_reload(const char *parameters)
{
	char line[128];

	kernel_client_unload();
	ASSERT_RC(module_remove_soon("optee"), 0);
	snprintf(line, sizeof(line), "modprobe optee %s", parameters);
	ASSERT_EQ(command(line), 0);
	snprintf(line, sizeof(line), "modprobe %s", driver_module());
	ASSERT_EQ(command(line), 0);
	driver_wait_for_node();
}
