// SPDX-License-Identifier: BSD-2-Clause
/* Clients of QTEE. */
#include "qtee.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "sysfs.h"

#define DEVICES		16
/* What the packaged driver has not told by then, it does not. */
#define FORGOTTEN_MS	3000

/* A map of two entries: uid 0, and a time. */
static const uint8_t credentials[] = { 0xa2, 0x01, 0x00, 0x06, 0x1a, 0x00, 0x01, 0x00, 0x00 };

static bool is_qtee(int fd)
{
	struct tee_ioctl_version_data v;

	return !ioctl(fd, TEE_IOC_VERSION, &v) && v.impl_id == TEE_IMPL_ID_QTEE;
}

const char *qtee_path(void)
{
	static char path[32];

	for (unsigned int n = 0; n < DEVICES && !path[0]; n++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/tee%u", n);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0 || !is_qtee(fd))
			path[0] = '\0';
		if (fd >= 0)
			close(fd);
	}
	if (!path[0])
		SKIP("no QTEE");
	return path;
}

int qtee_device(void)
{
	int fd = open(qtee_path(), O_RDWR | O_CLOEXEC);

	ASSERT_GE(fd, 0);
	return fd;
}

static int frame_ioctl(int fd, unsigned long cmd, void *arg, size_t size)
{
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)arg, .buf_len = size };

	return ioctl(fd, cmd, &buf) ? -errno : 0;
}

int qtee_invoke(int fd, uint64_t id, uint32_t op, struct tee_ioctl_param *params, unsigned int n,
		int32_t *ret)
{
	struct {
		struct tee_ioctl_object_invoke_arg arg;
		struct tee_ioctl_param params[127];
	} call;
	int rc;

	memset(&call.arg, 0, sizeof(call.arg));
	call.arg.id = id;
	call.arg.op = op;
	call.arg.ret = 0xbadc0de;
	call.arg.num_params = n;
	if (n)
		memcpy(call.params, params, n * sizeof(*params));
	rc = frame_ioctl(fd, TEE_IOC_OBJECT_INVOKE, &call,
			 sizeof(call.arg) + n * sizeof(*params));
	if (n)
		memcpy(params, call.params, n * sizeof(*params));
	*ret = call.arg.ret;
	return rc;
}

int32_t qtee_must_invoke(int fd, uint64_t id, uint32_t op, struct tee_ioctl_param *params,
			 unsigned int n)
{
	int32_t ret;

	ASSERT_RC(qtee_invoke(fd, id, op, params, n, &ret), 0);
	return ret;
}

void qtee_release(int fd, uint64_t id)
{
	int32_t ret;

	EXPECT_RC(qtee_invoke(fd, id, QTEE_OP_RELEASE, NULL, 0, &ret), 0);
}

int qtee_recv_into(int fd, struct qtee_request *r, unsigned int room, void *payloads, size_t size)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[1 + QTEE_REQUEST_PARAMS];
	} call;
	int rc;

	memset(&call, 0, sizeof(call));
	call.arg.num_params = 1 + room;
	call.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META;
	call.params[0].a = (uintptr_t)payloads;
	call.params[0].b = size;
	rc = frame_ioctl(fd, TEE_IOC_SUPPL_RECV, &call,
			 sizeof(call.arg) + (1 + room) * sizeof(*call.params));
	if (rc)
		return rc;
	r->op = call.arg.func;
	r->object = call.params[0].a;
	r->id = call.params[0].b;
	r->num = call.arg.num_params - 1;
	memcpy(r->params, call.params + 1, r->num * sizeof(*r->params));
	return 0;
}

int qtee_recv_with(int fd, struct qtee_request *r, unsigned int room, size_t size)
{
	return qtee_recv_into(fd, r, room, r->buffer, size);
}

int qtee_recv(int fd, struct qtee_request *r)
{
	return qtee_recv_with(fd, r, QTEE_REQUEST_PARAMS, sizeof(r->buffer));
}

int qtee_send_params(int fd, uint64_t id, int32_t ret, const struct tee_ioctl_param *params,
		     unsigned int num)
{
	struct {
		struct tee_iocl_supp_send_arg arg;
		struct tee_ioctl_param params[1 + QTEE_REQUEST_PARAMS];
	} call;

	memset(&call, 0, sizeof(call));
	call.arg.ret = ret;
	call.arg.num_params = 1 + num;
	call.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT | TEE_IOCTL_PARAM_ATTR_META;
	call.params[0].a = id;
	if (num)
		memcpy(call.params + 1, params, num * sizeof(*params));
	return frame_ioctl(fd, TEE_IOC_SUPPL_SEND, &call,
			   sizeof(call.arg) + (1 + num) * sizeof(*params));
}

int qtee_send(int fd, const struct qtee_request *r, int32_t ret)
{
	return qtee_send_params(fd, r->id, ret, r->params, ret ? 0 : r->num);
}

/* Credentials; false: there is no such operation, or it was asked wrongly. */
static bool read_credentials(struct qtee_request *r)
{
	uint64_t length = sizeof(credentials);
	uint64_t offset;
	uint64_t size;

	if (r->op == QTEE_OP_IO_LENGTH && r->num == 1 && r->params[0].b == sizeof(length)) {
		memcpy(r->buffer, &length, sizeof(length));
		r->params[0].a = (uintptr_t)r->buffer;
		return true;
	}
	if (r->op != QTEE_OP_IO_READ || r->num != 2 || r->params[0].b != sizeof(offset))
		return false;
	memcpy(&offset, (void *)(uintptr_t)r->params[0].a, sizeof(offset));
	if (offset > length)
		return false;
	size = length - offset < r->params[1].b ? length - offset : r->params[1].b;
	r->params[1].a = (uintptr_t)(credentials + offset);
	r->params[1].b = size;
	return true;
}

static void serve_one(struct qtee_server *s, struct qtee_request *r)
{
	int32_t ret = QTEE_INVALID;

	if (r->op == QTEE_OP_RELEASE) {
		if (r->object != QTEE_CREDENTIALS) {
			__atomic_store_n(&s->released, r->object, __ATOMIC_SEQ_CST);
			__atomic_add_fetch(&s->releases, 1, __ATOMIC_SEQ_CST);
		}
		return;
	}
	if (r->object == QTEE_CREDENTIALS)
		ret = read_credentials(r) ? 0 : QTEE_INVALID;
	else if (s->serve)
		ret = s->serve(s, r);
	__atomic_add_fetch(&s->requests, 1, __ATOMIC_SEQ_CST);
	if (qtee_send(s->fd, r, ret))
		__atomic_add_fetch(&s->refused, 1, __ATOMIC_SEQ_CST);
}

static void *serve_all(void *arg)
{
	struct qtee_server *s = arg;
	struct qtee_request *r = malloc(sizeof(*r));

	while (!__atomic_load_n(&s->stop, __ATOMIC_SEQ_CST)) {
		int rc = qtee_recv_with(s->fd, r, QTEE_REQUEST_PARAMS, s->size);

		if (!rc)
			serve_one(s, r);
		else if (rc != -EINTR && rc != -EINVAL)
			break;
	}
	free(r);
	return NULL;
}

static void wake(int sig)
{
}

static void start(struct qtee_server *s, int fd, qtee_serve serve, unsigned int threads,
		  size_t size)
{
	/* A receive that a signal ends is not begun again. */
	struct sigaction sa = { .sa_handler = wake };
	pthread_attr_t attr;

	sigaction(SIGUSR1, &sa, NULL);
	memset(s, 0, sizeof(*s));
	s->fd = fd;
	s->serve = serve;
	s->size = size;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	while (s->num_threads < threads) {
		ASSERT_EQ(pthread_create(&s->threads[s->num_threads], &attr, serve_all, s), 0);
		s->num_threads++;
	}
	pthread_attr_destroy(&attr);
}

void qtee_server_start(struct qtee_server *s, int fd, qtee_serve serve, unsigned int threads)
{
	start(s, fd, serve, threads, QTEE_BUFFER);
}

void qtee_server_start_small(struct qtee_server *s, int fd, unsigned int threads, size_t size)
{
	start(s, fd, NULL, threads, size);
}

void qtee_server_stop(struct qtee_server *s)
{
	__atomic_store_n(&s->stop, true, __ATOMIC_SEQ_CST);
	for (unsigned int n = 0; n < s->num_threads; n++) {
		/* The signal may come just before the call that it is to end. */
		for (;;) {
			struct timespec ts;

			pthread_kill(s->threads[n], SIGUSR1);
			clock_gettime(CLOCK_REALTIME, &ts);
			ts.tv_nsec += 5000000;
			if (ts.tv_nsec >= 1000000000) {
				ts.tv_nsec -= 1000000000;
				ts.tv_sec++;
			}
			if (!pthread_timedjoin_np(s->threads[n], NULL, &ts))
				break;
		}
	}
	s->num_threads = 0;
}

static bool wait_releases(const struct qtee_server *s, unsigned int count, unsigned int ms)
{
	uint64_t end = clock_ms() + scaled(ms);

	while (__atomic_load_n(&s->releases, __ATOMIC_SEQ_CST) < count) {
		if (clock_ms() > end)
			return false;
		sleep_ms(2);
	}
	return true;
}

bool qtee_wait_releases(const struct qtee_server *s, unsigned int count)
{
	return wait_releases(s, count, PATIENCE_MS);
}

bool qtee_wait_releases_unless_stock(const struct qtee_server *s, unsigned int count)
{
	return wait_releases(s, count, modules_are_stock() ? FORGOTTEN_MS : PATIENCE_MS);
}

void qtee_client_open(struct qtee_client *c, qtee_serve serve, unsigned int threads)
{
	struct tee_ioctl_param p[] = { OBJECT_USER(QTEE_CREDENTIALS), OBJECT_OUT };

	c->fd = qtee_device();
	qtee_server_start(&c->server, c->fd, serve, threads);
	ASSERT_EQ(qtee_must_invoke(c->fd, TEE_OBJREF_NULL, QTEE_OP_ROOT_REGISTER, p, 2), 0);
	ASSERT_EQ(p[1].b, TEE_QTEE_OBJREF_TEE);
	c->env = p[1].a;
}

void qtee_client_close(struct qtee_client *c)
{
	qtee_server_stop(&c->server);
	close(c->fd);
}

int32_t qtee_open_uid(int fd, uint64_t env, uint32_t uid, uint64_t *service)
{
	struct tee_ioctl_param p[] = { UBUF_IN(&uid, sizeof(uid)), OBJECT_OUT };
	int32_t ret = qtee_must_invoke(fd, env, QTEE_OP_ENV_OPEN, p, 2);

	*service = p[1].a;
	return ret;
}

uint64_t qtee_service(const struct qtee_client *c, uint32_t uid)
{
	uint64_t service;

	ASSERT_EQ(qtee_open_uid(c->fd, c->env, uid, &service), 0);
	return service;
}

uint32_t qtee_keep(const struct qtee_client *c, uint64_t caller, uint64_t number)
{
	struct tee_ioctl_param keep = OBJECT_USER(number);
	uint32_t id = 0;
	struct tee_ioctl_param get = UBUF_OUT(&id, sizeof(id));

	ASSERT_EQ(qtee_must_invoke(c->fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	ASSERT_EQ(qtee_must_invoke(c->fd, caller, QTEE_CALLER_KEPT_ID, &get, 1), 0);
	ASSERT(id & QTEE_OBJECT_KERNEL);
	return id;
}

int qtee_module_users(void)
{
	char text[16];

	if (sysfs_read("/sys/module/qcomtee/refcnt", text, sizeof(text)))
		return -1;
	return atoi(text);
}

bool qtee_wait_module_users(int users)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	while (qtee_module_users() > users) {
		if (clock_ms() > end)
			return false;
		sleep_ms(5);
	}
	return true;
}
