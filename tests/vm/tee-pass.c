// SPDX-License-Identifier: BSD-2-Clause
/* Descriptors of shared memory that outlive their context, and go to other processes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "passing.h"
#include "pinned.h"
#include "world.h"

#define SIZE	16384

static uint8_t *map(int fd)
{
	return mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static uint64_t objects(void)
{
	return world_counter(world_memory());
}

static int use_id(const struct client *params, int id)
{
	struct tee_ioctl_param p = MEMREF(INPUT, id, 0, 1);
	struct tee_answer answer;

	return tee_invoke(params->fd, params->session, PARAMS_CMD_TRANSFORM, &p, 1, &answer);
}

static void child_ended_well(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

TEST(memory_is_mapped_after_its_context_is_closed)
{
	int fd = client_device();
	uint64_t before;
	struct tee_buf buf;
	uint8_t *late;

	world_need();
	before = objects();
	client_alloc(fd, SIZE, &buf);
	memset(buf.va, 0x31, SIZE);
	munmap(buf.va, SIZE);
	close(fd);
	late = map(buf.fd);
	ASSERT(late != MAP_FAILED);
	EXPECT_EQ(late[0], 0x31);
	EXPECT_EQ(late[SIZE - 1], 0x31);
	late[SIZE - 1] = 1;
	/* The secure world may still use it. */
	EXPECT_EQ(objects(), before + 1);
	close(buf.fd);
	EXPECT_EQ(late[SIZE - 1], 1);
	munmap(late, SIZE);
	EXPECT(world_wait(world_memory(), before, PATIENCE_MS));
}

TEST(memory_that_outlives_its_context_is_of_no_other)
{
	struct client params, other;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_open(&other, app_params);
	client_alloc(params.fd, SIZE, &buf);
	close(params.fd);
	EXPECT_RC(use_id(&other, buf.id), -EINVAL);
	tee_free(&buf);
	client_close(&other);
}

TEST(sessions_close_when_the_last_descriptor_of_memory_goes)
{
	struct client params;
	struct tee_buf one, two;
	uint64_t before;

	world_need();
	before = world_counter(SIM_COUNTER_SESSIONS);
	client_open(&params, app_params);
	client_alloc(params.fd, SIZE, &one);
	client_register(params.fd, aligned_alloc(4096, SIZE), SIZE, &two);
	close(params.fd);
	tee_free(&one);
	tee_free(&two);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, before, PATIENCE_MS));
}

TEST(memory_travels_to_another_process_and_back)
{
	struct client echo;
	struct tee_buf buf;
	int sock[2];
	pid_t pid;

	client_open(&echo, app_echo);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	pid = fork();
	if (!pid) {
		uint8_t *theirs;
		int fd;

		close(echo.fd);
		fd = receive_fd(sock[1]);
		theirs = map(fd);
		ASSERT(theirs != MAP_FAILED);
		ASSERT_EQ(theirs[SIZE - 1], 0x42);
		theirs[0] = 0x43;
		harness_end();
	}
	/* Afterwards, so that it is not inherited. */
	client_alloc(echo.fd, SIZE, &buf);
	buf.va[SIZE - 1] = 0x42;
	send_fd(sock[0], buf.fd);
	child_ended_well(pid);
	EXPECT_EQ(buf.va[0], 0x43);
	{
		struct tee_ioctl_param p[2] = { MEMREF(INPUT, buf.id, 0, 1),
						MEMREF(OUTPUT, buf.id, 1, 1) };

		client_invoke(&echo, ECHO_CMD_MEMREF, p, 2);
		EXPECT_EQ(buf.va[1], 0x43);
	}
	tee_free(&buf);
	client_close(&echo);
}

TEST(received_memory_is_not_of_the_receivers_context)
{
	struct client params;
	struct tee_buf buf;
	int sock[2];
	pid_t pid;

	client_open(&params, app_params);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	pid = fork();
	if (!pid) {
		struct client own;
		int fd, id;

		close(params.fd);
		client_open(&own, app_params);
		fd = receive_fd(sock[1]);
		ASSERT_EQ(read(sock[1], &id, sizeof(id)), (ssize_t)sizeof(id));
		EXPECT_RC(use_id(&own, id), -EINVAL);
		close(fd);
		EXPECT_RC(use_id(&own, id), -EINVAL);
		client_close(&own);
		harness_end();
	}
	client_alloc(params.fd, SIZE, &buf);
	send_fd(sock[0], buf.fd);
	ASSERT_EQ(write(sock[0], &buf.id, sizeof(buf.id)), (ssize_t)sizeof(buf.id));
	child_ended_well(pid);
	EXPECT_RC(use_id(&params, buf.id), 0);
	tee_free(&buf);
	client_close(&params);
}

/* A process that makes memory, sends it, and waits to be killed. */
static pid_t giver(int sock, bool registered)
{
	pid_t pid = fork();

	if (!pid) {
		struct client echo;
		struct tee_buf buf;

		client_open(&echo, app_echo);
		if (registered) {
			client_register(echo.fd, aligned_alloc(4096, SIZE), SIZE, &buf);
		} else {
			client_alloc(echo.fd, SIZE, &buf);
			memset(buf.va, 0x64, SIZE);
		}
		send_fd(sock, buf.fd);
		pause();
	}
	ASSERT_GT(pid, 0);
	return pid;
}

static void kill_giver(pid_t pid)
{
	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
}

TEST(memory_of_a_killed_process_lives_as_long_as_the_receivers_descriptor)
{
	uint64_t before, sessions;
	int sock[2], fd;
	uint8_t *va;
	pid_t pid;

	world_need();
	close(client_device());
	before = objects();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	pid = giver(sock[0], false);
	fd = receive_fd(sock[1]);
	kill_giver(pid);
	sleep_ms(100);
	EXPECT_EQ(objects(), before + 1);
	va = map(fd);
	ASSERT(va != MAP_FAILED);
	EXPECT_EQ(va[0], 0x64);
	EXPECT_EQ(va[SIZE - 1], 0x64);
	close(fd);
	EXPECT_EQ(objects(), before + 1);
	munmap(va, SIZE);
	EXPECT(world_wait(world_memory(), before, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
}

TEST(registered_memory_of_a_killed_process_stays_pinned_for_the_receiver)
{
	uint64_t before, pinned, now;
	int sock[2], fd;
	pid_t pid;

	world_need();
	close(client_device());
	before = objects();
	ASSERT_RC(pinned_pages(&pinned), 0);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	pid = giver(sock[0], true);
	fd = receive_fd(sock[1]);
	kill_giver(pid);
	sleep_ms(100);
	EXPECT_EQ(objects(), before + 1);
	ASSERT_RC(pinned_pages(&now), 0);
	EXPECT_EQ(now, pinned + SIZE / 4096);
	EXPECT(map(fd) == MAP_FAILED);
	EXPECT_RC(-errno, -EINVAL);
	close(fd);
	EXPECT(world_wait(world_memory(), before, PATIENCE_MS));
	ASSERT_RC(pinned_pages(&now), 0);
	EXPECT_EQ(now, pinned);
}

TEST(memory_left_in_a_socket_goes_with_it)
{
	uint64_t before;
	int sock[2];
	struct tee_buf buf;
	int fd = client_device();

	world_need();
	before = objects();
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	client_alloc(fd, SIZE, &buf);
	send_fd(sock[0], buf.fd);
	tee_free(&buf);
	close(fd);
	EXPECT_EQ(objects(), before + 1);
	close(sock[0]);
	close(sock[1]);
	EXPECT(world_wait(world_memory(), before, PATIENCE_MS));
}

TEST(mapping_that_a_child_inherited_keeps_the_memory)
{
	uint64_t before;
	int done[2];
	pid_t pid;
	char c;

	world_need();
	close(client_device());
	before = objects();
	ASSERT_EQ(pipe(done), 0);
	pid = fork();
	if (!pid) {
		pid_t parent = getpid();
		struct tee_buf buf;

		client_alloc(client_device(), SIZE, &buf);
		buf.va[5] = 0x77;
		if (fork())
			_exit(0);
		/* All that is left is the mapping. */
		close(buf.fd);
		while (getppid() == parent)
			sleep_ms(1);
		sleep_ms(50);
		ASSERT_EQ(buf.va[5], 0x77);
		buf.va[6] = 1;
		ASSERT_EQ(objects(), before + 1);
		ASSERT_EQ(write(done[1], "k", 1), 1);
		harness_end();
	}
	child_ended_well(pid);
	close(done[1]);
	ASSERT_EQ(read(done[0], &c, 1), 1);
	EXPECT(world_wait(world_memory(), before, PATIENCE_MS));
}

TEST(descriptor_survives_exec_as_clients_expect)
{
	struct tee_buf buf;
	char fd[16];
	pid_t pid;

	client_alloc(client_device(), SIZE, &buf);
	snprintf(fd, sizeof(fd), "%d", buf.fd);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", "readlink /proc/self/fd/$0 | grep -q tee_shm", fd,
		      NULL);
		_exit(1);
	}
	child_ended_well(pid);
	tee_free(&buf);
}
