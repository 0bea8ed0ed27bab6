// SPDX-License-Identifier: BSD-2-Clause
/* Devices that only pretend: what the tests link in place of device.c. */
#include "mock-device.h"

#include "array.h"
#include "device-watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct mock mock;

static struct memory *memory[8];

int device_names(char names[DEVICE_MAX][DEVICE_NAME_MAX])
{
	for (int i = 0; i < mock.num_devices; i++)
		memcpy(names[i], mock.devices[i].name, DEVICE_NAME_MAX);
	return mock.num_devices;
}

int device_open(const char *name)
{
	if (mock.open_error)
		return mock.open_error;
	for (int i = 0; i < mock.num_devices; i++)
		if (!strcmp(mock.devices[i].name, name)) {
			if (i == mock.busy)
				return -EBUSY;
			mock.open_fds++;
			return i;
		}
	return -ENOENT;
}

void device_close(int fd)
{
	mock.open_fds--;
}

int device_describe(int fd, const char *name, struct device *dev)
{
	*dev = mock.devices[fd];
	return 0;
}

void device_describe_busy(const char *name, struct device *dev)
{
	*dev = mock.devices[mock.busy];
	memset(&dev->version, 0, sizeof(dev->version));
	dev->version.impl_id = TEE_IMPL_ID_OPTEE;
	dev->busy = true;
}

int device_usable(const char *name)
{
	return mock.denied ? -EACCES : 0;
}

int device_held(const char *name)
{
	return mock.held;
}

int watch_begin(bool opens)
{
	mock.watched_opens = opens;
	return mock.open_fds++;
}

int watch_wait(int fd, int ms)
{
	mock_news news = NULL;

	if (mock.num_waits < ARRAY_SIZE(mock.news))
		news = mock.news[mock.num_waits];
	mock.num_waits++;
	mock.last_wait_ms = ms;
	if (!news) {
		/* Nobody could end it. */
		if (ms < 0)
			abort();
		mock.now_ms += ms;
		return 0;
	}
	news();
	return 1;
}

int64_t watch_now_ms(void)
{
	return mock.now_ms;
}

int device_open_session(int fd, struct tee_ioctl_open_session_arg *arg)
{
	mock.login = arg->clnt_login;
	memcpy(&mock.gid, arg->clnt_uuid, sizeof(mock.gid));
	arg->ret = mock.open_ret;
	arg->ret_origin = TEE_ORIGIN_TEE;
	arg->session = 7;
	mock.open_sessions += !mock.open_ret;
	return 0;
}

int device_close_session(int fd, uint32_t session)
{
	mock.open_sessions--;
	return session == 7 ? 0 : -EINVAL;
}

int device_invoke(int fd, struct tee_ioctl_invoke_arg *arg)
{
	mock.command = arg->func;
	mock.num_params = arg->num_params;
	memcpy(mock.params, arg->params, arg->num_params * sizeof(arg->params[0]));
	for (uint32_t i = 0; i < arg->num_params; i++) {
		struct tee_ioctl_param *p = &arg->params[i];
		struct memory *mem = p->c < 8 ? memory[p->c] : NULL;

		switch (p->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
			p->a = 0x11;
			p->b = 0x22;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT:
			if (mem && p->b < sizeof(mock.input))
				memcpy(mock.input, mem->va, p->b);
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
		case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
			if (mem && mock.reply)
				memcpy(mem->va, mock.reply, strlen(mock.reply));
			p->b = mock.reply_size;
			break;
		}
	}
	arg->ret = mock.invoke_ret;
	arg->ret_origin = TEE_ORIGIN_TRUSTED_APP;
	return mock.invoke_error;
}

int device_alloc(int fd, size_t size, struct memory *mem)
{
	mem->id = ++mock.open_memory;
	mem->size = size;
	mem->va = calloc(1, size);
	memory[mem->id] = mem;
	return 0;
}

void device_free(struct memory *mem)
{
	free(mem->va);
	memory[mem->id] = NULL;
	mock.open_memory--;
}
