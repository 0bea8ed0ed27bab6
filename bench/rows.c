// SPDX-License-Identifier: BSD-2-Clause
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/apps.h"
#include "count.h"
#include "helper.h"
#include "tee.h"

#define PAGE	4096
#define BUFFER	4096

static const uint8_t echo[] = APP_ECHO_UUID;
static const uint8_t params[] = APP_PARAMS_UUID;
static const uint8_t sleeper[] = APP_SLEEPER_UUID;
/* Built in nowhere: the supplicant is asked for it. */
static const uint8_t loadable[] = APP_LOADABLE_UUID(1);

static int fd;
static union request request;
static uint8_t *buffer;
static struct shm shms[BATCH_MAX];

static void op_getpid(unsigned int n)
{
	syscall(SYS_getpid);
}

static void op_smc(unsigned int n)
{
	count_bare_smc(0);
}

/* All of a sample at once, so that it is short; the ioctl that carries them is taken off. */
static void op_bare_smc(unsigned int n)
{
	if (!n)
		count_bare_smc(BATCH_MAX);
}

static void idle_bare_smc(unsigned int n)
{
	if (!n)
		count_bare_smc(0);
}

static void begin_device(const struct row *row)
{
	fd = tee_open(TEE_IMPL_ID_OPTEE);
}

static void end_device(void)
{
	close(fd);
}

/* Turned away as soon as the TEE subsystem sees it. */
static void op_null_ioctl(unsigned int n)
{
	if (!ioctl(fd, _IO(TEE_IOC_MAGIC, 0xff)))
		die("null ioctl: it means something");
}

static void op_version(unsigned int n)
{
	struct tee_ioctl_version_data v;

	if (ioctl(fd, TEE_IOC_VERSION, &v))
		die("version: %s", strerror(errno));
}

static void begin_plain(const struct row *row)
{
	fd = tee_open(TEE_IMPL_ID_OPTEE);
	tee_prepare_invoke(&request, tee_session(fd, echo), ECHO_CMD_NOP, 0);
}

static void begin_values(const struct row *row)
{
	struct tee_ioctl_param *p = request.invoke.params;

	fd = tee_open(TEE_IMPL_ID_OPTEE);
	tee_prepare_invoke(&request, tee_session(fd, params), PARAMS_CMD_TRANSFORM, 4);
	p[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	p[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	p[2].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	p[3].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
}

/* Touched, and in pages of the smallest size, so that the figure depends on nothing else. */
static void *memory(size_t size)
{
	void *va = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (va == MAP_FAILED)
		die("%zu octets: %s", size, strerror(errno));
	madvise(va, size, MADV_NOHUGEPAGE);
	memset(va, 1, size);
	return va;
}

/* As a GlobalPlatform client passes it: four parameters, and three of them none. */
static void begin_memref(const struct row *row)
{
	struct tee_ioctl_param *p = request.invoke.params;

	fd = tee_open(TEE_IMPL_ID_OPTEE);
	buffer = memory(BUFFER);
	tee_prepare_invoke(&request, tee_session(fd, params), PARAMS_CMD_TRANSFORM, 4);
	p[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT;
	p[0].b = BUFFER;
}

static void begin_registered(const struct row *row)
{
	begin_memref(row);
	shms[0] = tee_register(fd, buffer, BUFFER);
	request.invoke.params[0].c = shms[0].id;
}

static void end_registered(void)
{
	close(fd);
	close(shms[0].fd);
	munmap(buffer, BUFFER);
}

static void op_invoke(unsigned int n)
{
	tee_invoke(fd, &request);
}

/* What libteec makes of a temporary memory reference. */
static void op_temporary(unsigned int n)
{
	static uint8_t own[BUFFER];
	void *shadow;
	struct shm shm;

	if (posix_memalign(&shadow, PAGE, BUFFER))
		die("no memory");
	shm = tee_register(fd, shadow, BUFFER);
	memcpy(shadow, own, BUFFER);
	request.invoke.params[0].c = shm.id;
	request.invoke.params[0].b = BUFFER;
	tee_invoke(fd, &request);
	memcpy(own, shadow, BUFFER);
	close(shm.fd);
	free(shadow);
}

static void begin_open(const struct row *row)
{
	fd = tee_open(TEE_IMPL_ID_OPTEE);
	tee_prepare_open(&request, echo);
}

static void op_open_close(unsigned int n)
{
	if (tee_open_session(fd, &request) != TEE_SUCCESS)
		die("open session: result %x", request.open.ret);
	tee_close_session(fd, request.open.session);
}

/* Each in a place of its own: over FF-A nothing can be shared twice. */
static size_t buffer_size, buffers_size;

static void begin_register(const struct row *row)
{
	fd = tee_open(TEE_IMPL_ID_OPTEE);
	buffer_size = row->size;
	buffers_size = row->size * row->batch;
	buffer = memory(buffers_size);
}

static void op_register(unsigned int n)
{
	shms[n] = tee_register(fd, buffer + n * buffer_size, buffer_size);
}

static void undo_register(unsigned int n)
{
	close(shms[n].fd);
}

static void end_register(void)
{
	close(fd);
	munmap(buffer, buffers_size);
}

/* The least supplicant: it has no application. */
static void supplicant(void)
{
	union {
		struct tee_iocl_supp_recv_arg recv;
		struct tee_iocl_supp_send_arg send;
		uint8_t room[sizeof(struct tee_iocl_supp_recv_arg) +
			     5 * sizeof(struct tee_ioctl_param)];
	} u;
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)&u };
	int supp = open("/dev/teepriv0", O_RDWR);
	uint32_t count;

	if (supp < 0)
		die("/dev/teepriv0: %s", strerror(errno));
	helper_tell_ready();
	for (;;) {
		memset(&u, 0, sizeof(u));
		u.recv.num_params = 5;
		u.recv.params[0].attr = TEE_IOCTL_PARAM_ATTR_META;
		buf.buf_len = sizeof(u);
		if (ioctl(supp, TEE_IOC_SUPPL_RECV, &buf))
			die("receive: %s", strerror(errno));
		/* The parameters lie elsewhere in an answer. */
		count = u.recv.num_params;
		memmove(u.send.params, u.recv.params, count * sizeof(u.send.params[0]));
		u.send.num_params = count;
		u.send.ret = TEE_ERROR_ITEM_NOT_FOUND;
		buf.buf_len = sizeof(u.send) + count * sizeof(u.send.params[0]);
		if (ioctl(supp, TEE_IOC_SUPPL_SEND, &buf))
			die("send: %s", strerror(errno));
	}
}

static void begin_supplicant(const struct row *row)
{
	helper_start(supplicant);
	fd = tee_open(TEE_IMPL_ID_OPTEE);
	tee_prepare_open(&request, loadable);
}

static void op_supplicant(unsigned int n)
{
	uint32_t ret = tee_open_session(fd, &request);

	if (ret != TEE_ERROR_ITEM_NOT_FOUND)
		die("open session: result %x", ret);
}

static void end_supplicant(void)
{
	close(fd);
	helper_stop();
}

/* Two clients wake each other. */
#define VALUE_PING	1
#define VALUE_PONG	2

static union request wait_request;
static atomic_bool *notified_enough;

static void prepare_notify(uint32_t wait_for, uint32_t send)
{
	uint32_t session;

	fd = tee_open(TEE_IMPL_ID_OPTEE);
	session = tee_session(fd, sleeper);
	tee_prepare_invoke(&wait_request, session, SLEEPER_CMD_WAIT, 1);
	wait_request.invoke.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	wait_request.invoke.params[0].a = wait_for;
	tee_prepare_invoke(&request, session, SLEEPER_CMD_SEND, 1);
	request.invoke.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	request.invoke.params[0].a = send;
}

static void answer_notifications(void)
{
	bool last;

	prepare_notify(VALUE_PING, VALUE_PONG);
	helper_tell_ready();
	do {
		tee_invoke(fd, &wait_request);
		/* Not later: who is woken next may say so at once. */
		last = *notified_enough;
		tee_invoke(fd, &request);
	} while (!last);
	_exit(0);
}

static void begin_notify(const struct row *row)
{
	notified_enough = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
	if (notified_enough == MAP_FAILED)
		die("no memory");
	helper_start(answer_notifications);
	prepare_notify(VALUE_PONG, VALUE_PING);
}

static void op_notify(unsigned int n)
{
	tee_invoke(fd, &request);
	tee_invoke(fd, &wait_request);
}

/* The secure world wakes the other one, by an interrupt. */
static void op_notify_async(unsigned int n)
{
	count_notify(VALUE_PING);
	tee_invoke(fd, &wait_request);
}

/* Were it killed, its call would wait on. */
static void end_notify(void)
{
	*notified_enough = true;
	op_notify(0);
	helper_wait();
	close(fd);
	munmap(notified_enough, PAGE);
}

#define REGISTER(text, octets, count) { \
		"register " text, "unregister " text, begin_register, op_register, \
		undo_register, end_register, count, octets, false, NULL \
	}

const struct row optee_rows[] = {
	{ "getpid", .op = op_getpid, .batch = 64, .smc_only = true },
	{ "SMC from user space", .op = op_smc, .batch = 64, .smc_only = true },
	{ "bare SMC", .op = op_bare_smc, .idle = idle_bare_smc, .batch = BATCH_MAX,
	  .smc_only = true },
	{ "null ioctl", .begin = begin_device, .op = op_null_ioctl, .end = end_device,
	  .batch = 64, .smc_only = true },
	{ "version", .begin = begin_device, .op = op_version, .end = end_device, .batch = 64 },
	{ "invoke", .begin = begin_plain, .op = op_invoke, .end = end_device, .batch = 64 },
	{ "invoke 4 values", .begin = begin_values, .op = op_invoke, .end = end_device,
	  .batch = 64 },
	{ "invoke registered 4 KiB", .begin = begin_registered, .op = op_invoke,
	  .end = end_registered, .batch = 8 },
	{ "invoke temporary 4 KiB", .begin = begin_memref, .op = op_temporary,
	  .end = end_device, .batch = 8 },
	{ "open and close session", .begin = begin_open, .op = op_open_close,
	  .end = end_device, .batch = 32 },
	REGISTER("4 KiB", 4 << 10, 16),
	REGISTER("64 KiB", 64 << 10, 16),
	REGISTER("1 MiB", 1 << 20, 4),
	REGISTER("16 MiB", 16 << 20, 1),
	{ "supplicant round trip", .begin = begin_supplicant, .op = op_supplicant,
	  .end = end_supplicant, .batch = 16 },
	{ "two notifications", .begin = begin_notify, .op = op_notify,
	  .end = end_notify, .batch = 16 },
	{ "notification by interrupt", .begin = begin_notify, .op = op_notify_async,
	  .end = end_notify, .batch = 16, .smc_only = true },
	{ }
};
