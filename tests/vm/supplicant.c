// SPDX-License-Identifier: BSD-2-Clause
#include "supplicant.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define DAEMON		"/usr/sbin/tee-supplicant"
#define DEVICES		"/sys/bus/tee/devices/"
#define STORAGE		"optee-ta-6f6d6e69-7465-4500-8000-000000000007"
#define FILE_SIZE	65536
#define BUFS		16
#define FILE_HANDLE	3

void supp_need(void)
{
	world_need();
	close(client_device());
}

void supp_settle(void)
{
	for (int i = 0; i < PATIENCE_MS / 10; i++) {
		if (access(DEVICES, F_OK) || !access(DEVICES STORAGE, F_OK))
			break;
		sleep_ms(10);
	}
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
}

int supp_open(void)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	int fd;

	/* The last one may not be gone completely. */
	do {
		fd = open(SUPPLICANT_DEVICE, O_RDWR | O_CLOEXEC);
		if (fd >= 0 || errno != EBUSY)
			break;
		sleep_ms(5);
	} while (clock_ms() < end);
	return fd < 0 ? -errno : fd;
}

int supp_recv_with(int fd, struct supp_request *req, const struct tee_ioctl_param *room,
		   unsigned int num)
{
	union {
		struct tee_iocl_supp_recv_arg arg;
		uint8_t room[sizeof(struct tee_iocl_supp_recv_arg) + sizeof(req->params)];
	} u;
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)&u,
		.buf_len = sizeof(u.arg) + num * sizeof(*room),
	};

	ASSERT_LE(num, SUPP_PARAMS);
	memset(&u, 0, sizeof(u));
	u.arg.num_params = num;
	memcpy(u.arg.params, room, num * sizeof(*room));
	if (ioctl(fd, TEE_IOC_SUPPL_RECV, &buf))
		return -errno;
	req->func = u.arg.func;
	req->count = u.arg.num_params;
	ASSERT_LE(req->count, num);
	memcpy(req->params, u.arg.params, sizeof(req->params));
	return 0;
}

int supp_recv(int fd, struct supp_request *req)
{
	static const struct tee_ioctl_param room[SUPP_PARAMS] = {
		{ .attr = TEE_IOCTL_PARAM_ATTR_META },
	};

	return supp_recv_with(fd, req, room, SUPP_PARAMS);
}

int supp_send_params(int fd, uint32_t ret, const struct tee_ioctl_param *params, unsigned int num)
{
	union {
		struct tee_iocl_supp_send_arg arg;
		uint8_t room[sizeof(struct tee_iocl_supp_send_arg) +
			     SUPP_PARAMS * sizeof(*params)];
	} u;
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)&u,
		.buf_len = sizeof(u.arg) + num * sizeof(*params),
	};

	ASSERT_LE(num, SUPP_PARAMS);
	memset(&u, 0, sizeof(u));
	u.arg.ret = ret;
	u.arg.num_params = num;
	memcpy(u.arg.params, params, num * sizeof(*params));
	return ioctl(fd, TEE_IOC_SUPPL_SEND, &buf) ? -errno : 0;
}

int supp_send(int fd, const struct supp_request *req, uint32_t ret)
{
	return supp_send_params(fd, ret, req->params, req->count);
}

/* The process of the fake. */
struct server {
	int fd;
	struct tee_buf bufs[BUFS];
	uint8_t file[FILE_SIZE];
	size_t size;
	bool exists;
};

/* As Debian's: registered where that is possible. Its own pages end where it ends. */
static int lend(int fd, size_t size, struct tee_buf *buf)
{
	void *va = NULL;

	if (posix_memalign(&va, 4096, size))
		return -ENOMEM;
	memset(va, 0, size);
	if (!tee_register(fd, va, size, buf))
		return 0;
	free(va);
	return tee_alloc(fd, size, buf);
}

static void take_back(struct tee_buf *buf)
{
	bool registered = !buf->mapped;

	tee_free(buf);
	if (registered)
		free(buf->va);
	buf->size = 0;
}

static uint32_t serve_alloc(struct server *s, struct tee_ioctl_param *p)
{
	for (int i = 0; i < BUFS; i++) {
		if (s->bufs[i].size)
			continue;
		if (lend(s->fd, p->b, &s->bufs[i]))
			break;
		p->c = (uint64_t)s->bufs[i].id;
		return TEE_SUCCESS;
	}
	return TEE_ERROR_OUT_OF_MEMORY;
}

static struct tee_buf *find_buf(struct server *s, uint64_t id)
{
	for (int i = 0; i < BUFS; i++)
		if (s->bufs[i].size && (uint64_t)s->bufs[i].id == id)
			return &s->bufs[i];
	return NULL;
}

static uint32_t serve_free(struct server *s, const struct tee_ioctl_param *p)
{
	struct tee_buf *buf = find_buf(s, p->b);

	if (!buf)
		return TEE_ERROR_ITEM_NOT_FOUND;
	take_back(buf);
	return TEE_SUCCESS;
}

static uint32_t serve_data(struct server *s, const struct tee_ioctl_param *op,
			   struct tee_ioctl_param *p)
{
	struct tee_buf *buf = find_buf(s, p->c);

	if (!buf || p->a > buf->size || p->b > buf->size - p->a || op->c > FILE_SIZE)
		return TEE_ERROR_BAD_PARAMETERS;
	if (op->a == OPTEE_RPC_FS_WRITE) {
		if (p->b > FILE_SIZE - op->c)
			return TEE_ERROR_STORAGE_NO_SPACE;
		memcpy(s->file + op->c, buf->va + p->a, p->b);
		if (s->size < op->c + p->b)
			s->size = op->c + p->b;
		return TEE_SUCCESS;
	}
	if (op->c >= s->size)
		p->b = 0;
	else if (p->b > s->size - op->c)
		p->b = s->size - op->c;
	memcpy(buf->va + p->a, s->file + op->c, p->b);
	return TEE_SUCCESS;
}

/* One file, whatever its name. */
static uint32_t serve_files(struct server *s, struct tee_ioctl_param *p)
{
	switch (p[0].a) {
	case OPTEE_RPC_FS_CREATE:
		s->size = 0;
		s->exists = true;
		p[2].a = FILE_HANDLE;
		return TEE_SUCCESS;
	case OPTEE_RPC_FS_OPEN:
		p[2].a = FILE_HANDLE;
		return s->exists ? TEE_SUCCESS : TEE_ERROR_ITEM_NOT_FOUND;
	case OPTEE_RPC_FS_READ:
	case OPTEE_RPC_FS_WRITE:
		return serve_data(s, &p[0], &p[1]);
	case OPTEE_RPC_FS_REMOVE:
		s->exists = false;
		return TEE_SUCCESS;
	case OPTEE_RPC_FS_CLOSE:
	case OPTEE_RPC_FS_RENAME:
		return TEE_SUCCESS;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

/* Memory references must lie in memory that is known. */
static bool within(struct server *s, const struct supp_request *req)
{
	for (unsigned int i = 1; i < req->count; i++) {
		const struct tee_ioctl_param *p = &req->params[i];
		const struct tee_buf *buf;

		if (p->attr < TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT || p->c == TEE_MEMREF_NULL)
			continue;
		buf = find_buf(s, p->c);
		if (!buf || p->a > buf->size || p->b > buf->size - p->a)
			return false;
	}
	return true;
}

static uint32_t serve(struct server *s, struct supp_request *req)
{
	struct tee_ioctl_param *p = &req->params[1];

	switch (req->func) {
	case OPTEE_RPC_CMD_SHM_ALLOC:
		return serve_alloc(s, p);
	case OPTEE_RPC_CMD_SHM_FREE:
		return serve_free(s, p);
	case OPTEE_RPC_CMD_FS:
		return serve_files(s, p);
	case OPTEE_RPC_CMD_LOAD_TA:
		return TEE_ERROR_ITEM_NOT_FOUND;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

static void run_fake(struct fake *fake, fake_mangle mangle)
{
	static struct server server;
	struct supp_request req;
	int rc;

	server.fd = supp_open();
	ASSERT_MSG(server.fd >= 0, SUPPLICANT_DEVICE ": %s", result_name(server.fd));
	__atomic_store_n(&fake->ready, true, __ATOMIC_RELEASE);
	for (;;) {
		uint32_t ret;
		int hold;

		rc = supp_recv(server.fd, &req);
		ASSERT_RC(rc, 0);
		fake->func = req.func;
		__atomic_add_fetch(&fake->requests, 1, __ATOMIC_RELEASE);
		hold = __atomic_load_n(&fake->hold, __ATOMIC_ACQUIRE);
		if (hold >= 0 && (uint32_t)hold == req.func) {
			__atomic_add_fetch(&fake->held, 1, __ATOMIC_RELEASE);
			continue;
		}
		if (within(&server, &req)) {
			ret = serve(&server, &req);
		} else {
			__atomic_add_fetch(&fake->beyond, 1, __ATOMIC_RELEASE);
			ret = TEE_ERROR_BAD_PARAMETERS;
		}
		if (mangle && !mangle(&req, &ret))
			continue;
		rc = supp_send(server.fd, &req, ret);
		if (rc) {
			fake->last_error = rc;
			__atomic_add_fetch(&fake->sends_failed, 1, __ATOMIC_RELEASE);
		}
	}
}

struct fake *fake_start(fake_mangle mangle)
{
	uint64_t end = clock_ms() + 2 * PATIENCE_MS;
	struct fake *fake;
	pid_t pid;

	fake = mmap(NULL, sizeof(*fake), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(fake != MAP_FAILED);
	fake->hold = -1;
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid)
		run_fake(fake, mangle);
	fake->pid = pid;
	while (!__atomic_load_n(&fake->ready, __ATOMIC_ACQUIRE)) {
		ASSERT_MSG(clock_ms() < end, "the test's supplicant does not start");
		ASSERT_MSG(!waitpid(pid, NULL, WNOHANG), "the test's supplicant ended");
		sleep_ms(2);
	}
	return fake;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void fake_stop(struct fake *fake)
{
	stop(fake->pid);
	munmap(fake, sizeof(*fake));
}

void fake_wait_held(struct fake *fake)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (!__atomic_load_n(&fake->held, __ATOMIC_ACQUIRE)) {
		ASSERT_MSG(clock_ms() < end, "the supplicant got no such request");
		sleep_ms(2);
	}
}

/* The device is among the open files of a process. */
static bool has_device(pid_t pid)
{
	char path[64], target[64];

	for (int fd = 0; fd < 32; fd++) {
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
		length = readlink(path, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		if (!strcmp(target, SUPPLICANT_DEVICE))
			return true;
	}
	return false;
}

static bool supplicant_try(pid_t *result)
{
	uint64_t end = clock_ms() + 2 * PATIENCE_MS;
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		execl(DAEMON, DAEMON, "-f", SUPPLICANT_FILES, (char *)NULL);
		_exit(127);
	}
	*result = pid;
	while (!has_device(pid)) {
		ASSERT_MSG(clock_ms() < end, DAEMON " does not start");
		/* It gives up when its predecessor is not gone completely. */
		if (waitpid(pid, NULL, WNOHANG))
			return false;
		sleep_ms(5);
	}
	return true;
}

pid_t supplicant_start(void)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	pid_t pid;

	if (access(DAEMON, X_OK))
		SKIP("no " DAEMON);
	mkdir(SUPPLICANT_FILES, 0700);
	do {
		if (supplicant_try(&pid))
			return pid;
		sleep_ms(50);
	} while (clock_ms() < end);
	FAIL(DAEMON " ends at once");
}

void supplicant_stop(pid_t pid)
{
	stop(pid);
}

/* Name and data in one shared buffer. */
static uint32_t storage_call(const struct client *storage, uint32_t command, const char *name,
			     void *data, size_t *size)
{
	size_t length = strlen(name);
	struct tee_ioctl_param p[2];
	struct tee_answer answer;
	struct tee_buf buf;

	client_alloc(storage->fd, length + *size + 1, &buf);
	memcpy(buf.va, name, length);
	p[0] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, length);
	p[1] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, length, *size);
	if (command == STORAGE_CMD_READ)
		p[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	if (command == STORAGE_CMD_WRITE && *size)
		memcpy(buf.va + length, data, *size);
	ASSERT_RC(tee_invoke(storage->fd, storage->session, command, p,
			     command == STORAGE_CMD_REMOVE ? 1 : 2, &answer), 0);
	if (command == STORAGE_CMD_READ) {
		if (!answer.ret && p[1].b <= *size)
			memcpy(data, buf.va + length, p[1].b);
		*size = p[1].b;
	}
	tee_free(&buf);
	return answer.ret;
}

uint32_t storage_write(const struct client *storage, const char *name, const void *data,
		       size_t size)
{
	return storage_call(storage, STORAGE_CMD_WRITE, name, (void *)data, &size);
}

uint32_t storage_read(const struct client *storage, const char *name, void *data, size_t *size)
{
	return storage_call(storage, STORAGE_CMD_READ, name, data, size);
}

uint32_t storage_remove(const struct client *storage, const char *name)
{
	size_t none = 0;

	return storage_call(storage, STORAGE_CMD_REMOVE, name, NULL, &none);
}
