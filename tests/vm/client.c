// SPDX-License-Identifier: BSD-2-Clause
/* Thin helpers around the ioctls of the TEE subsystem. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

/* More than the clients of any case. */
#define WARM_UP_THREADS	128
/* The first ones keep every secure thread busy until all the others have begun to wait. */
#define WARM_UP_BLOCKERS	16
#define WARM_UP_BLOCK_MS	100

const uint8_t app_echo[TEE_IOCTL_UUID_LEN] = APP_ECHO_UUID;
const uint8_t app_params[TEE_IOCTL_UUID_LEN] = APP_PARAMS_UUID;
const uint8_t app_slow[TEE_IOCTL_UUID_LEN] = APP_SLOW_UUID;
const uint8_t app_nobody[TEE_IOCTL_UUID_LEN] = APP_UUID(0xee);

static int tee_ioctl(int fd, unsigned long cmd, void *arg)
{
	int rc = ioctl(fd, cmd, arg);

	return rc < 0 ? -errno : rc;
}

int tee_version(int fd, struct tee_ioctl_version_data *v)
{
	return tee_ioctl(fd, TEE_IOC_VERSION, v);
}

int tee_open_session(int fd, struct tee_open *o, struct tee_ioctl_param *params, unsigned int n,
		     struct tee_answer *answer)
{
	union {
		struct tee_ioctl_open_session_arg arg;
		uint8_t room[sizeof(struct tee_ioctl_open_session_arg) +
			     TEE_MAX_PARAMS * sizeof(*params)];
	} u;
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)&u,
		.buf_len = sizeof(u.arg) + n * sizeof(*params),
	};
	int rc;

	memset(&u.arg, 0, sizeof(u.arg));
	memcpy(u.arg.uuid, o->uuid, sizeof(u.arg.uuid));
	memcpy(u.arg.clnt_uuid, o->client, sizeof(u.arg.clnt_uuid));
	u.arg.clnt_login = o->login;
	u.arg.num_params = n;
	if (n)
		memcpy(u.arg.params, params, n * sizeof(*params));
	rc = tee_ioctl(fd, TEE_IOC_OPEN_SESSION, &buf);
	if (rc)
		return rc;
	o->session = u.arg.session;
	if (n)
		memcpy(params, u.arg.params, n * sizeof(*params));
	*answer = (struct tee_answer){ u.arg.ret, u.arg.ret_origin };
	return 0;
}

int tee_invoke(int fd, uint32_t session, uint32_t func, struct tee_ioctl_param *params,
	       unsigned int n, struct tee_answer *answer)
{
	union {
		struct tee_ioctl_invoke_arg arg;
		uint8_t room[sizeof(struct tee_ioctl_invoke_arg) +
			     TEE_MAX_PARAMS * sizeof(*params)];
	} u;
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)&u,
		.buf_len = sizeof(u.arg) + n * sizeof(*params),
	};
	int rc;

	memset(&u.arg, 0, sizeof(u.arg));
	u.arg.func = func;
	u.arg.session = session;
	u.arg.num_params = n;
	if (n)
		memcpy(u.arg.params, params, n * sizeof(*params));
	rc = tee_ioctl(fd, TEE_IOC_INVOKE, &buf);
	if (rc)
		return rc;
	if (n)
		memcpy(params, u.arg.params, n * sizeof(*params));
	*answer = (struct tee_answer){ u.arg.ret, u.arg.ret_origin };
	return 0;
}

int tee_close_session(int fd, uint32_t session)
{
	struct tee_ioctl_close_session_arg arg = { session };

	return tee_ioctl(fd, TEE_IOC_CLOSE_SESSION, &arg);
}

int tee_cancel(int fd, uint32_t session)
{
	struct tee_ioctl_cancel_arg arg = { 0, session };

	return tee_ioctl(fd, TEE_IOC_CANCEL, &arg);
}

int tee_alloc(int fd, size_t size, struct tee_buf *buf)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size };
	int rc = tee_ioctl(fd, TEE_IOC_SHM_ALLOC, &data);

	if (rc < 0)
		return rc;
	*buf = (struct tee_buf){ .fd = rc, .id = data.id, .size = data.size, .mapped = 1 };
	buf->va = mmap(NULL, buf->size, PROT_READ | PROT_WRITE, MAP_SHARED, buf->fd, 0);
	if (buf->va == MAP_FAILED) {
		rc = -errno;
		close(buf->fd);
		return rc;
	}
	return 0;
}

int tee_register(int fd, void *va, size_t size, struct tee_buf *buf)
{
	struct tee_ioctl_shm_register_data data = { .addr = (uintptr_t)va, .length = size };
	int rc = tee_ioctl(fd, TEE_IOC_SHM_REGISTER, &data);

	if (rc < 0)
		return rc;
	*buf = (struct tee_buf){ .fd = rc, .id = data.id, .size = data.length, .va = va };
	return 0;
}

void tee_free(struct tee_buf *buf)
{
	if (buf->mapped)
		munmap(buf->va, buf->size);
	close(buf->fd);
}

int client_device(void)
{
	int fd = open(TEE_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		FAIL("no " TEE_DEVICE ": the driver is not loaded, or found no TEE");
	ASSERT_RC(fd < 0 ? -errno : 0, 0);
	return fd;
}

uint32_t client_session(int fd, const uint8_t *app)
{
	struct tee_open o = { .login = TEE_IOCTL_LOGIN_PUBLIC };
	struct tee_answer answer;

	memcpy(o.uuid, app, sizeof(o.uuid));
	ASSERT_RC(tee_open_session(fd, &o, NULL, 0, &answer), 0);
	ASSERT_EQ(answer.ret, TEE_SUCCESS);
	return o.session;
}

void client_open(struct client *c, const uint8_t *app)
{
	c->fd = client_device();
	c->session = client_session(c->fd, app);
}

void client_close(struct client *c)
{
	ASSERT_RC(tee_close_session(c->fd, c->session), 0);
	close(c->fd);
}

void client_invoke(const struct client *c, uint32_t func, struct tee_ioctl_param *params,
		   unsigned int n)
{
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, func, params, n, &answer), 0);
	ASSERT_EQ(answer.ret, TEE_SUCCESS);
	ASSERT_EQ(answer.origin, TEE_ORIGIN_TRUSTED_APP);
}

void client_echo(const struct client *echo, uint32_t a, uint32_t b)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(a, b), VALUE_OUT };

	client_invoke(echo, ECHO_CMD_VALUE, p, 2);
	ASSERT_EQ(p[1].a, a);
	ASSERT_EQ(p[1].b, b);
}

void client_alloc(int fd, size_t size, struct tee_buf *buf)
{
	ASSERT_RC(tee_alloc(fd, size, buf), 0);
}

bool client_can_register(int fd)
{
	struct tee_ioctl_version_data v;

	ASSERT_RC(tee_version(fd, &v), 0);
	return v.gen_caps & TEE_GEN_CAP_REG_MEM;
}

void client_need_registration(int fd)
{
	if (!client_can_register(fd))
		SKIP("this secure world takes no registered memory");
}

void client_register(int fd, void *va, size_t size, struct tee_buf *buf)
{
	client_need_registration(fd);
	ASSERT_RC(tee_register(fd, va, size, buf), 0);
}

size_t client_max_arg(void)
{
	return modules_are_stock() ? 1024 : TEE_MAX_ARG_SIZE;
}

/* All at once, so that as many messages exist as threads. */
static pthread_barrier_t warm_up_begin;

struct warm_up {
	const struct client *slow;
	unsigned int index;
};

static void *warm_up_thread(void *arg)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(1, 0), NO_PARAM };
	const struct warm_up *w = arg;
	struct tee_answer answer;

	if (w->index < WARM_UP_BLOCKERS)
		p[0].a = WARM_UP_BLOCK_MS;
	pthread_barrier_wait(&warm_up_begin);
	tee_invoke(w->slow->fd, w->slow->session, SLOW_CMD_SPIN, p, 2, &answer);
	return NULL;
}

void client_warm_up(void)
{
	struct tee_open o = { .uuid = APP_SLOW_UUID };
	struct warm_up members[WARM_UP_THREADS];
	pthread_t threads[WARM_UP_THREADS];
	struct tee_answer answer;
	struct client slow;
	unsigned int started;

	slow.fd = open(TEE_DEVICE, O_RDWR | O_CLOEXEC);
	if (slow.fd < 0)
		return;
	if (tee_open_session(slow.fd, &o, NULL, 0, &answer) || answer.ret)
		return;
	slow.session = o.session;
	pthread_barrier_init(&warm_up_begin, NULL, WARM_UP_THREADS);
	for (started = 0; started < WARM_UP_THREADS; started++) {
		members[started] = (struct warm_up){ &slow, started };
		if (pthread_create(&threads[started], NULL, warm_up_thread, &members[started]))
			return;
	}
	while (started)
		pthread_join(threads[--started], NULL);
	tee_close_session(slow.fd, slow.session);
	close(slow.fd);
}
