// SPDX-License-Identifier: BSD-2-Clause
/* Ends in any order: of contexts, of memory, of the device itself. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "held.h"
#include "supplicant.h"
#include "world.h"

#define CONTEXTS	4
#define LIMIT		"/sys/module/tee/parameters/shm_limit_mb"

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* The order with this number, of 24. */
static void permutation(unsigned int number, unsigned int order[CONTEXTS])
{
	unsigned int left[CONTEXTS] = { 0, 1, 2, 3 };

	for (unsigned int n = CONTEXTS; n; n--) {
		unsigned int pick = number % n;

		order[CONTEXTS - n] = left[pick];
		number /= n;
		memmove(&left[pick], &left[pick + 1], (n - 1 - pick) * sizeof(left[0]));
	}
}

TEST(contexts_close_in_any_order)
{
	uint64_t sessions, objects;

	world_need();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	for (unsigned int number = 0; number < 24; number++) {
		struct client c[CONTEXTS];
		struct tee_buf buf[CONTEXTS];
		unsigned int order[CONTEXTS];

		for (unsigned int i = 0; i < CONTEXTS; i++) {
			client_open(&c[i], app_echo);
			client_session(c[i].fd, app_params);
			client_alloc(c[i].fd, 4096 * (i + 1), &buf[i]);
		}
		permutation(number, order);
		for (unsigned int i = 0; i < CONTEXTS; i++) {
			/* Memory first, or file first. */
			if (i & 1)
				tee_free(&buf[order[i]]);
			close(c[order[i]].fd);
			if (!(i & 1))
				tee_free(&buf[order[i]]);
			for (unsigned int k = i + 1; k < CONTEXTS; k++)
				client_echo(&c[order[k]], i, k);
		}
		objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
		EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
		EXPECT_LE(objects, 64);
	}
}

TEST(descriptors_of_everything_close_in_any_order)
{
	for (unsigned int number = 0; number < 24; number++) {
		unsigned int order[CONTEXTS];
		struct tee_buf buf[2];
		struct client echo;
		int fds[CONTEXTS];

		client_open(&echo, app_echo);
		client_alloc(echo.fd, 4096, &buf[0]);
		client_alloc(echo.fd, 8192, &buf[1]);
		fds[0] = echo.fd;
		fds[1] = dup(echo.fd);
		fds[2] = buf[0].fd;
		fds[3] = buf[1].fd;
		permutation(number, order);
		for (unsigned int i = 0; i < CONTEXTS; i++)
			ASSERT_EQ(close(fds[order[i]]), 0);
		buf[0].va[0] = 1;
		buf[1].va[8191] = 1;
		munmap(buf[number & 1].va, buf[number & 1].size);
		munmap(buf[!(number & 1)].va, buf[!(number & 1)].size);
	}
}

TEST(memory_of_a_context_is_limited)
{
	static uint8_t memory[2 * 1024 * 1024] __attribute__((__aligned__(4096)));
	struct tee_ioctl_version_data v;
	struct tee_buf half, other, more;
	int fd = client_device();
	int second = open(TEE_DEVICE, O_RDWR);

	ASSERT_RC(tee_version(fd, &v), 0);
	if (!(v.gen_caps & TEE_GEN_CAP_REG_MEM) || write_file(LIMIT, "1"))
		SKIP("no registered memory, or no limit");

	EXPECT_RC(tee_alloc(fd, sizeof(memory), &more), -ENOMEM);
	EXPECT_RC(tee_register(fd, memory, sizeof(memory), &more), -ENOMEM);
	client_alloc(fd, 512 * 1024, &half);
	client_register(fd, memory, 512 * 1024, &other);
	/* A byte counts as a page. */
	EXPECT_RC(tee_alloc(fd, 1, &more), -ENOMEM);
	EXPECT_RC(tee_register(fd, memory, 1, &more), -ENOMEM);
	/* Each file on its own. */
	client_alloc(second, 1024 * 1024, &more);
	tee_free(&more);
	/* What is given back may be had again. */
	tee_free(&half);
	client_alloc(fd, 512 * 1024, &half);
	tee_free(&half);
	tee_free(&other);
	/* 0 is no limit. */
	write_file(LIMIT, "0");
	client_alloc(fd, sizeof(memory), &more);
	tee_free(&more);
	write_file(LIMIT, "1024");
	close(fd);
	close(second);
}

TEST(refused_memory_takes_nothing_from_what_is_left)
{
	int fd = client_device(), rc = 0;
	struct tee_buf buf;
	pid_t pid;

	if (write_file(LIMIT, "1"))
		SKIP("no limit");
	pid = fork();
	if (!pid) {
		for (;;)
			tee_alloc(fd, 2 * 1024 * 1024, &buf);
	}
	for (unsigned int n = 0; n < 2000 && !rc; n++) {
		rc = tee_alloc(fd, 4096, &buf);
		if (!rc)
			tee_free(&buf);
	}
	kill(pid, SIGKILL);
	write_file(LIMIT, "1024");
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_RC(rc, 0);
	close(fd);
}

static pid_t begin_unbinding(void)
{
	char line[128];
	pid_t pid;

	snprintf(line, sizeof(line), "echo %s >%s/unbind", driver_device(), driver_folder());
	pid = fork();
	if (!pid) {
		/* Not one of the users that are waited for: no files, no mappings. */
		for (int fd = 3; fd < 256; fd++)
			close(fd);
		execl("/bin/sh", "sh", "-c", line, NULL);
		_exit(1);
	}
	ASSERT_GT(pid, 0);
	for (int i = 0; i < PATIENCE_MS / 10 && !access(TEE_DEVICE, F_OK); i++)
		sleep_ms(10);
	return pid;
}

static void bind_again(pid_t unbinding)
{
	int status;

	ASSERT_EQ(waitpid(unbinding, &status, 0), unbinding);
	EXPECT_EQ(status, 0);
	ASSERT_RC(driver_bind(), 0);
	driver_wait_for_node();
}

static void need_unbinding(void)
{
	world_need();
	close(client_device());
	if (modules_are_stock())
		SKIP("the packaged drivers go on as before until all files are closed");
}

TEST(device_removed_while_clients_have_it_open)
{
	struct tee_ioctl_version_data v;
	struct tee_answer answer;
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_buf buf, other;
	struct client echo;
	uint64_t sessions;
	pid_t pid;

	need_unbinding();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	client_open(&echo, app_echo);
	client_alloc(echo.fd, 8192, &buf);
	pid = begin_unbinding();
	ASSERT_EQ(access(TEE_DEVICE, F_OK), -1);

	EXPECT_RC(tee_version(echo.fd, &v), -ENODEV);
	EXPECT_RC(tee_open_session(echo.fd, &o, NULL, 0, &answer), -ENODEV);
	EXPECT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_NOP, NULL, 0, &answer), -ENODEV);
	EXPECT_RC(tee_alloc(echo.fd, 4096, &other), -ENODEV);
	EXPECT_RC(tee_close_session(echo.fd, echo.session), -ENODEV);
	buf.va[8191] = 1;
	/* Only the users are waited for. */
	EXPECT_EQ(waitpid(pid, NULL, WNOHANG), 0);
	close(echo.fd);
	sleep_ms(100);
	EXPECT_EQ(waitpid(pid, NULL, WNOHANG), 0);
	tee_free(&buf);
	bind_again(pid);

	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
	client_open(&echo, app_echo);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(device_removed_while_a_call_is_under_way)
{
	static const uint8_t app_hog[] = APP_HOG_UUID;
	uint64_t commands;
	pid_t pid, caller;
	int status;

	need_unbinding();
	commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	caller = fork();
	if (!caller) {
		struct tee_ioctl_param p = VALUE_IN(2 * PATIENCE_MS, 0);
		struct tee_answer answer = { .ret = 1 };
		struct client hog;
		int rc;

		client_open(&hog, app_hog);
		rc = tee_invoke(hog.fd, hog.session, HOG_CMD_HOLD, &p, 1, &answer);
		_exit(rc || answer.ret);
	}
	/* It holds, and goes on after the device has gone. */
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
	pid = begin_unbinding();
	ASSERT_EQ(access(TEE_DEVICE, F_OK), -1);
	commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 3, PATIENCE_MS));
	held_release();
	ASSERT_EQ(waitpid(caller, &status, 0), caller);
	EXPECT_EQ(status, 0);
	bind_again(pid);
}

TEST(device_removed_while_supplicant_and_client_wait)
{
	struct tee_open o = { .uuid = APP_LOADABLE_UUID(0) };
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param p[5];
	} f = { .arg.num_params = 5, .p[0].attr = TEE_IOCTL_PARAM_ATTR_META };
	struct tee_ioctl_buf_data b = { .buf_ptr = (uintptr_t)&f, .buf_len = sizeof(f) };
	pid_t pid, supp, client;
	int has[2], status;
	char c;

	need_unbinding();
	ASSERT_EQ(pipe(has), 0);
	supp = fork();
	if (!supp) {
		int fd = supp_open();

		/* The client's request, which it never answers; then none. */
		if (fd < 0 || ioctl(fd, TEE_IOC_SUPPL_RECV, &b) || write(has[1], "r", 1) != 1)
			_exit(2);
		f.arg.num_params = 5;
		memset(f.p, 0, sizeof(f.p));
		f.p[0].attr = TEE_IOCTL_PARAM_ATTR_META;
		_exit(ioctl(fd, TEE_IOC_SUPPL_RECV, &b) == -1 && errno == ENODEV ? 0 : 1);
	}
	close(has[1]);
	client = fork();
	if (!client) {
		struct tee_answer answer = { };
		int rc = tee_open_session(open(TEE_DEVICE, O_RDWR), &o, NULL, 0, &answer);

		_exit(rc || !answer.ret);
	}
	ASSERT_EQ(read(has[0], &c, 1), 1);
	/* Most often it waits for the next one by then. */
	sleep_ms(100);
	pid = begin_unbinding();
	ASSERT_EQ(waitpid(supp, &status, 0), supp);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(waitpid(client, &status, 0), client);
	EXPECT_EQ(status, 0);
	bind_again(pid);
}

TEST(device_removed_and_back_many_times)
{
	need_unbinding();
	for (int i = 0; i < 20; i++) {
		struct client echo;

		client_open(&echo, app_echo);
		client_echo(&echo, i, 1);
		client_close(&echo);
		bind_again(begin_unbinding());
	}
}
