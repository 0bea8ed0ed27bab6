// SPDX-License-Identifier: BSD-2-Clause
/* QTEE: calls of its objects, and its calls of ours. */
#include "rows.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "abi/qtee.h"
#include "abi/qtee_services.h"
#include "helper.h"
#include "tee.h"

#define BUFFER		4096
#define PARAMS_MAX	8
#define OB_CREDENTIALS	1
#define OB_CALLEE	2

/* A map of two entries: uid 0, and a time. */
static const uint8_t credentials[] = { 0xa2, 0x01, 0x00, 0x06, 0x1a, 0x00, 0x01, 0x00, 0x00 };

static struct {
	struct tee_ioctl_object_invoke_arg arg;
	struct tee_ioctl_param params[PARAMS_MAX];
} call;

static int fd;
static uint64_t service;
static uint8_t there[BUFFER], back[BUFFER];

static void frame_ioctl(const char *what, unsigned long cmd, void *arg, size_t header,
			unsigned int params)
{
	struct tee_ioctl_buf_data buf = {
		(uintptr_t)arg, header + params * sizeof(struct tee_ioctl_param),
	};

	if (ioctl(fd, cmd, &buf))
		die("%s: %s", what, strerror(errno));
}

static void invoke_object(uint64_t object, uint32_t op, unsigned int num_params)
{
	call.arg = (struct tee_ioctl_object_invoke_arg){
		.id = object, .op = op, .num_params = num_params,
	};
	frame_ioctl("object invoke", TEE_IOC_OBJECT_INVOKE, &call, sizeof(call.arg), num_params);
	if (call.arg.ret)
		die("object invoke: result %d", (int32_t)call.arg.ret);
}

static struct tee_ioctl_param buffer_in(const void *va, size_t size)
{
	return (struct tee_ioctl_param){
		TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT, (uintptr_t)va, size, 0,
	};
}

static struct tee_ioctl_param buffer_out(void *va, size_t size)
{
	return (struct tee_ioctl_param){
		TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT, (uintptr_t)va, size, 0,
	};
}

static struct tee_ioctl_param object_in(uint64_t id)
{
	return (struct tee_ioctl_param){
		TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT, id, TEE_QTEE_OBJREF_USER, 0,
	};
}

static struct tee_ioctl_param object_out(void)
{
	return (struct tee_ioctl_param){ .attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT };
}

/* Answers that of the credentials, which are read from 0 on; there is room for all of them. */
static void serve_credentials(uint32_t op, struct tee_ioctl_param *params, unsigned int num)
{
	static const uint64_t length = sizeof(credentials);

	if (op == QTEE_OP_IO_LENGTH && num == 1) {
		params[0].a = (uintptr_t)&length;
		params[0].b = sizeof(length);
	} else if (op == QTEE_OP_IO_READ && num == 2) {
		params[1].a = (uintptr_t)credentials;
		params[1].b = sizeof(credentials);
	} else {
		die("credentials: operation %u with %u parameters", op, num);
	}
}

/* Objects of this file: credentials, and one that does nothing. */
static void serve(void)
{
	static struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[PARAMS_MAX];
	} recv;
	static struct {
		struct tee_iocl_supp_send_arg arg;
		struct tee_ioctl_param params[PARAMS_MAX];
	} send;
	static uint64_t room[512];
	unsigned int num;

	helper_tell_ready();
	for (;;) {
		recv.arg.num_params = PARAMS_MAX;
		memset(recv.params, 0, sizeof(recv.params));
		recv.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT |
				      TEE_IOCTL_PARAM_ATTR_META;
		recv.params[0].a = (uintptr_t)room;
		recv.params[0].b = sizeof(room);
		frame_ioctl("receive", TEE_IOC_SUPPL_RECV, &recv, sizeof(recv.arg), PARAMS_MAX);
		if (recv.arg.func == QTEE_OP_RELEASE)
			continue;
		num = recv.arg.num_params - 1;
		if (recv.params[0].a == OB_CREDENTIALS)
			serve_credentials(recv.arg.func, recv.params + 1, num);
		send.arg.ret = 0;
		send.arg.num_params = 1 + num;
		send.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT |
				      TEE_IOCTL_PARAM_ATTR_META;
		send.params[0].a = recv.params[0].b;
		memcpy(send.params + 1, recv.params + 1, num * sizeof(*send.params));
		frame_ioctl("send", TEE_IOC_SUPPL_SEND, &send, sizeof(send.arg), 1 + num);
	}
}

static void begin_service(uint32_t uid)
{
	uint64_t environment;

	fd = tee_open(TEE_IMPL_ID_QTEE);
	helper_start(serve);
	call.params[0] = object_in(OB_CREDENTIALS);
	call.params[1] = object_out();
	invoke_object(TEE_OBJREF_NULL, QTEE_OP_ROOT_REGISTER, 2);
	environment = call.params[1].a;
	call.params[0] = buffer_in(&uid, sizeof(uid));
	call.params[1] = object_out();
	invoke_object(environment, QTEE_OP_ENV_OPEN, 2);
	service = call.params[1].a;
}

static void end_service(void)
{
	helper_stop();
	close(fd);
}

static void begin_echo(const struct row *row)
{
	begin_service(QTEE_UID_ECHO);
}

static void op_invoke(unsigned int n)
{
	invoke_object(service, QTEE_ECHO_NOP, 0);
}

static void op_invoke_buffers(unsigned int n)
{
	call.params[0] = buffer_in(there, sizeof(there));
	call.params[1] = buffer_out(back, sizeof(back));
	invoke_object(service, QTEE_ECHO_ALL, 2);
}

static void begin_caller(const struct row *row)
{
	begin_service(QTEE_UID_CALLER);
	call.params[0] = object_in(OB_CALLEE);
	invoke_object(service, QTEE_CALLER_KEEP, 1);
}

/* An invoke in which the object is called once. */
static void op_callback(unsigned int n)
{
	static const uint32_t op;

	call.params[0] = buffer_in(&op, sizeof(op));
	invoke_object(service, QTEE_CALLER_CALL_KEPT, 1);
}

const struct row qtee_rows[] = {
	{ "invoke", .begin = begin_echo, .op = op_invoke, .end = end_service, .batch = 32 },
	{ "invoke 4 KiB there and back", .begin = begin_echo, .op = op_invoke_buffers,
	  .end = end_service, .batch = 8 },
	{ "callback round trip", .begin = begin_caller, .op = op_callback, .end = end_service,
	  .batch = 16 },
	{ }
};
