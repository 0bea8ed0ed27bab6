// SPDX-License-Identifier: BSD-2-Clause
/* How long contexts and sessions live when processes share and leave them. */
#include <errno.h>
#include <signal.h>
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
#include "world.h"


static void child_ended_well(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

TEST(closed_context_takes_its_sessions_along)
{
	int fd = client_device();
	uint64_t before;

	world_need();
	before = world_counter(SIM_COUNTER_SESSIONS);
	for (int i = 0; i < 10; i++)
		client_session(fd, app_echo);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), before + 10);
	close(fd);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, before, PATIENCE_MS));
}

TEST(duplicated_descriptor_keeps_the_context)
{
	struct client echo;
	int other;

	client_open(&echo, app_echo);
	other = dup(echo.fd);
	close(echo.fd);
	echo.fd = other;
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(child_uses_the_session_of_its_parent)
{
	struct client echo;
	pid_t pid;

	client_open(&echo, app_echo);
	pid = fork();
	if (!pid) {
		client_echo(&echo, 3, 4);
		harness_end();
	}
	child_ended_well(pid);
	client_echo(&echo, 5, 6);
	client_close(&echo);
}

TEST(child_goes_on_after_its_parent)
{
	struct client echo;
	uint64_t before;
	int done[2];
	pid_t pid;
	char c;

	world_need();
	before = world_counter(SIM_COUNTER_SESSIONS);
	ASSERT_EQ(pipe(done), 0);
	pid = fork();
	if (!pid) {
		pid_t parent = getpid();

		client_open(&echo, app_echo);
		if (fork())
			_exit(0);
		while (getppid() == parent)
			sleep_ms(1);
		sleep_ms(100);
		client_echo(&echo, 7, 8);
		ASSERT_EQ(write(done[1], "k", 1), 1);
		harness_end();
	}
	child_ended_well(pid);
	close(done[1]);
	ASSERT_EQ(read(done[0], &c, 1), 1);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, before, PATIENCE_MS));
}

TEST(session_closed_by_the_child_is_closed_for_the_parent)
{
	struct tee_answer answer;
	struct client echo;
	pid_t pid;

	client_open(&echo, app_echo);
	pid = fork();
	if (!pid) {
		ASSERT_RC(tee_close_session(echo.fd, echo.session), 0);
		harness_end();
	}
	child_ended_well(pid);
	EXPECT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_NOP, NULL, 0, &answer), -EINVAL);
}

TEST(context_travels_through_a_socket)
{
	struct client echo;
	int sock[2];
	pid_t pid;

	client_device();
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	pid = fork();
	if (!pid) {
		client_open(&echo, app_echo);
		send_fd(sock[0], echo.fd);
		ASSERT_EQ(write(sock[0], &echo.session, 4), 4);
		harness_end();
	}
	echo.fd = receive_fd(sock[1]);
	ASSERT_EQ(read(sock[1], &echo.session, 4), 4);
	child_ended_well(pid);
	client_echo(&echo, 9, 10);
	client_close(&echo);
}

TEST(context_left_in_a_socket_is_closed_with_it)
{
	struct client echo;
	uint64_t before;
	int sock[2];

	world_need();
	before = world_counter(SIM_COUNTER_SESSIONS);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sock), 0);
	client_open(&echo, app_echo);
	send_fd(sock[0], echo.fd);
	close(echo.fd);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), before + 1);
	close(sock[0]);
	close(sock[1]);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, before, PATIENCE_MS));
}

TEST(nothing_remains_when_the_last_mapping_goes)
{
	struct client echo;
	struct tee_buf buf;
	uint64_t before;

	world_need();
	before = world_counter(SIM_COUNTER_SESSIONS);
	client_open(&echo, app_echo);
	client_alloc(echo.fd, 4096, &buf);
	close(buf.fd);
	close(echo.fd);
	buf.va[0] = 1;
	munmap(buf.va, buf.size);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, before, PATIENCE_MS));
}

TEST(memory_is_readable_after_its_context_is_closed)
{
	int fd = client_device();
	struct tee_buf buf;

	client_alloc(fd, 8192, &buf);
	memset(buf.va, 0x77, 8192);
	close(fd);
	close(buf.fd);
	EXPECT_EQ(buf.va[8191], 0x77);
}

TEST(exit_with_everything_open_leaves_nothing)
{
	uint64_t sessions, objects;
	pid_t pid;

	world_need();
	client_need_registration(client_device());
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	pid = fork();
	if (!pid) {
		for (int i = 0; i < 8; i++) {
			struct client echo;
			struct tee_buf buf;

			client_open(&echo, app_echo);
			client_alloc(echo.fd, 20000, &buf);
			client_register(echo.fd, aligned_alloc(4096, 16384), 16384, &buf);
		}
		_exit(0);
	}
	child_ended_well(pid);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

TEST(hundred_contexts_live_side_by_side)
{
	struct client echo[100];

	leave_message_pages(100);
	for (int i = 0; i < 100; i++)
		client_open(&echo[i], app_echo);
	for (int i = 0; i < 100; i++)
		client_echo(&echo[i], i, ~i);
	for (int i = 99; i >= 0; i--)
		client_close(&echo[i]);
}
