// SPDX-License-Identifier: BSD-2-Clause
/* Clients that are killed, in every state a call can be in. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "held.h"
#include "look.h"
#include "world.h"

static const uint8_t app_hog[] = APP_HOG_UUID;

/* What the packaged drivers leave behind is checked all the same. */
static const char stock_waits[] =
	"the packaged driver's wait for the secure world is not killable";

static void spin(const struct client *slow, uint32_t ms)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(ms, 0), NO_PARAM };
	struct tee_answer answer;

	tee_invoke(slow->fd, slow->session, SLOW_CMD_SPIN, p, 2, &answer);
}

/* A child in a call that stays in the secure world until it is let go; it is under way at return. */
static pid_t holding(const uint8_t *app, uint32_t command, unsigned int num_params)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(HELD_MS, 0), NO_PARAM };
	uint64_t used = world_counter(SIM_COUNTER_THREADS_USED);
	int opened[2];
	pid_t pid;
	char c;

	ASSERT_EQ(pipe(opened), 0);
	pid = fork();
	if (!pid) {
		struct tee_answer answer;
		struct client holder;

		client_open(&holder, app);
		if (write(opened[1], "", 1) == 1)
			tee_invoke(holder.fd, holder.session, command, p, num_params, &answer);
		_exit(0);
	}
	ASSERT_GT(pid, 0);
	/* To open the session takes a secure thread, too. */
	ASSERT_EQ(read(opened[0], &c, 1), 1);
	close(opened[0]);
	close(opened[1]);
	ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, used + 1, PATIENCE_MS));
	sleep_ms(30);
	return pid;
}

/* It computes. */
static pid_t spinning(void)
{
	return holding(app_slow, SLOW_CMD_RELEASABLE, 2);
}

/* It leaves the CPU to others. */
static pid_t sleeping(void)
{
	return holding(app_hog, HOG_CMD_HOLD, 1);
}

/* Without a look at what its call does: the case hangs if it has to end first. */
static void kill_and_wait(pid_t pid)
{
	int status;

	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

/* The same of one that may have to wait for calls that are held. */
static void kill_and_let_go(pid_t pid)
{
	if (!modules_are_stock()) {
		kill_and_wait(pid);
		return;
	}
	ASSERT_EQ(kill(pid, SIGKILL), 0);
	EXPECT_EQ(WTERMSIG(held_wait(pid)), SIGKILL);
}

static void everything_returns(uint64_t sessions)
{
	EXPECT(held_release_all());
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
}

static uint64_t begin(void)
{
	world_need();
	client_device();
	return world_counter(SIM_COUNTER_SESSIONS);
}

TEST(client_killed_in_a_call_is_gone_at_once)
{
	uint64_t sessions = begin();

	if (modules_are_stock())
		SKIP("%s", stock_waits);
	kill_and_wait(spinning());
	/* Its call is not. */
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 1);
	everything_returns(sessions);
}

TEST(client_killed_in_a_call_leaves_nothing)
{
	uint64_t sessions = begin();

	kill_and_let_go(spinning());
	everything_returns(sessions);
}

TEST(sixteen_clients_killed_in_calls_leave_nothing)
{
	uint64_t sessions = begin();
	pid_t pids[16];

	for (int i = 0; i < 16; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			struct client slow;

			client_open(&slow, app_slow);
			for (;;)
				spin(&slow, 100);
		}
	}
	sleep_ms(500);
	for (int i = 0; i < 16; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < 16; i++)
		ASSERT_EQ(waitpid(pids[i], NULL, 0), pids[i]);
	everything_returns(sessions);
}

/* Occupies all secure threads and puts one client more in the queue. */
static pid_t waiting(pid_t *busy, uint64_t threads)
{
	pid_t pid;
	struct client slow;

	/* A session first: it could not be opened later. */
	client_open(&slow, app_slow);
	for (uint64_t i = 0; i < threads; i++)
		busy[i] = sleeping();
	ASSERT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads);
	pid = fork();
	if (!pid) {
		spin(&slow, 1);
		_exit(0);
	}
	close(slow.fd);
	sleep_ms(200);
	ASSERT_EQ(waitpid(pid, NULL, WNOHANG), 0);
	return pid;
}

TEST(client_killed_while_it_waits_for_a_thread_is_gone_at_once)
{
	uint64_t sessions = begin(), threads = world_counter(SIM_COUNTER_THREADS);
	pid_t busy[16], pid;

	if (modules_are_stock())
		SKIP("%s", stock_waits);
	time_limit(60);
	ASSERT_LE(threads, 16);
	pid = waiting(busy, threads);
	kill_and_wait(pid);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads);
	for (uint64_t i = 0; i < threads; i++)
		held_wait(busy[i]);
	everything_returns(sessions);
}

TEST(client_killed_while_it_waits_for_a_thread_leaves_its_place)
{
	uint64_t sessions = begin(), threads = world_counter(SIM_COUNTER_THREADS);
	struct client echo;
	pid_t busy[16];

	time_limit(60);
	ASSERT_LE(threads, 16);
	client_open(&echo, app_echo);
	kill_and_let_go(waiting(busy, threads));
	for (uint64_t i = 0; i < threads; i++)
		held_wait(busy[i]);
	client_echo(&echo, 1, 2);
	client_close(&echo);
	everything_returns(sessions);
}

TEST(clients_killed_while_they_open_sessions_leave_nothing)
{
	uint64_t sessions = begin();

	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (!pid) {
			int fd = client_device();

			for (;;)
				client_session(fd, app_echo);
		}
		sleep_ms(1 + i);
		kill_and_wait(pid);
	}
	everything_returns(sessions);
}

TEST(clients_killed_while_they_close_sessions_leave_nothing)
{
	uint64_t sessions = begin();

	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (!pid) {
			int fd = client_device();

			for (;;)
				ASSERT_RC(tee_close_session(fd, client_session(fd, app_echo)), 0);
		}
		sleep_ms(5 + i);
		kill_and_wait(pid);
	}
	everything_returns(sessions);
}

TEST(clients_killed_while_they_register_memory_leave_nothing)
{
	uint64_t sessions = begin(), objects = world_counter(SIM_COUNTER_SHM_OBJECTS);

	/* From 6.12 on these lose the pages before the one at which a kill ends the pinning. */
	if (modules_are_stock())
		leave_behind(LEAVE_PINNED, 40 * 256);
	client_need_registration(client_device());
	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (!pid) {
			uint8_t *va = aligned_alloc(4096, 1 << 20);
			int fd = client_device();
			struct tee_buf buf;

			for (;;) {
				client_register(fd, va + i, (1 << 20) - i, &buf);
				tee_free(&buf);
			}
		}
		sleep_ms(5 + i);
		kill_and_wait(pid);
	}
	everything_returns(sessions);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

TEST(clients_killed_while_they_allocate_memory_leave_nothing)
{
	uint64_t sessions = begin(), objects = world_counter(SIM_COUNTER_SHM_OBJECTS);

	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (!pid) {
			int fd = client_device();
			struct tee_buf buf;

			for (;;) {
				client_alloc(fd, 4096 << (i % 5), &buf);
				tee_free(&buf);
			}
		}
		sleep_ms(5 + i);
		kill_and_wait(pid);
	}
	everything_returns(sessions);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

TEST(client_killed_with_everything_open_leaves_nothing)
{
	uint64_t sessions = begin(), objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	int ready[2];
	pid_t pid;
	char c;

	client_need_registration(client_device());
	ASSERT_EQ(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		for (int i = 0; i < 10; i++) {
			uint8_t *va = aligned_alloc(4096, 65536);
			struct tee_buf buf;
			struct client echo;

			client_open(&echo, app_echo);
			client_alloc(echo.fd, 65536, &buf);
			client_register(echo.fd, va, 65536, &buf);
		}
		ASSERT_EQ(write(ready[1], "r", 1), 1);
		pause();
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), sessions + 10);
	kill_and_wait(pid);
	everything_returns(sessions);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

TEST(session_of_a_killed_client_stays_busy_until_its_call_ends)
{
	uint64_t sessions = begin();
	pid_t pid;

	if (modules_are_stock())
		SKIP("%s", stock_waits);
	pid = spinning();
	kill_and_wait(pid);
	/* The secure thread still works; nobody may have pulled the session from under it. */
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), sessions + 1);
	everything_returns(sessions);
}

TEST(others_go_on_while_killed_calls_are_driven_to_their_end)
{
	uint64_t sessions = begin();
	struct client echo;
	pid_t pids[3];

	if (world_counter(SIM_COUNTER_THREADS) < 4)
		SKIP("not enough secure threads for others");
	client_open(&echo, app_echo);
	for (int i = 0; i < 3; i++)
		pids[i] = spinning();
	for (int i = 0; i < 3; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < 50; i++)
		client_echo(&echo, i, ~i);
	for (int i = 0; i < 3; i++)
		held_wait(pids[i]);
	client_close(&echo);
	everything_returns(sessions);
}

static void nothing(int sig)
{
}

TEST(client_with_a_handler_finishes_its_call)
{
	struct client slow;
	uint64_t started;

	world_need();
	client_open(&slow, app_slow);
	/* A signal that does not kill must not cut a call short. */
	signal(SIGALRM, nothing);
	ualarm(20000, 20000);
	started = clock_ms();
	{
		struct tee_ioctl_param p[2] = { VALUE_IN(300, 0), NO_PARAM };

		client_invoke(&slow, SLOW_CMD_SPIN, p, 2);
	}
	ualarm(0, 0);
	EXPECT_GE(clock_ms() - started, 250);
	client_close(&slow);
}

/* The secure world has no thread to spare, says it again and again, and nobody else calls. */
TEST(clients_killed_while_the_secure_world_refuses_them_leave_their_places)
{
	uint64_t sessions = begin();
	struct client echo;

	if (modules_are_stock())
		SKIP("%s", stock_waits);
	client_open(&echo, app_echo);
	/* More often than there are places. */
	for (uint64_t i = 0; i < world_counter(SIM_COUNTER_THREADS) + 2; i++) {
		uint64_t limits = world_counter(SIM_COUNTER_THREAD_LIMITS);
		pid_t pid;

		world_fault(SIM_FAULT_THREAD_LIMIT, UINT32_MAX, 0);
		pid = fork();
		if (!pid) {
			client_echo(&echo, 1, 2);
			_exit(0);
		}
		ASSERT(world_wait_min(SIM_COUNTER_THREAD_LIMITS, limits + 3, PATIENCE_MS));
		/* While it goes on saying so. */
		kill_and_wait(pid);
		world_faults_off();
	}
	for (int i = 0; i < 20; i++)
		client_echo(&echo, i, ~i);
	client_close(&echo);
	everything_returns(sessions);
}

/* What the secure thread waits for is not the client's business: it goes on waiting. */
TEST(clients_killed_while_they_wait_for_a_notification_leave_a_thread_that_gets_it)
{
	static const uint8_t app_sleeper[] = APP_SLEEPER_UUID;
	uint64_t sessions = begin();
	struct client sleeper;

	if (modules_are_stock())
		SKIP("%s", stock_waits);
	if (world_counter(SIM_COUNTER_THREADS) < 2)
		SKIP("no secure thread to send the notification");
	client_open(&sleeper, app_sleeper);
	for (int i = 0; i < 6; i++) {
		uint64_t commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
		struct tee_ioctl_param p = VALUE_IN(7, 0);
		pid_t pid = fork();

		if (!pid) {
			struct tee_answer answer;

			tee_invoke(sleeper.fd, sleeper.session, SLEEPER_CMD_WAIT, &p, 1, &answer);
			_exit(0);
		}
		ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
		sleep_ms(20);
		kill_and_wait(pid);
		sleep_ms(50);
		EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 1);
		client_invoke(&sleeper, SLEEPER_CMD_SEND, &p, 1);
		EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	}
	client_close(&sleeper);
	everything_returns(sessions);
}

/* The memory that the secure world works on is not given to anybody before it has done. */
TEST(client_killed_while_its_memory_is_worked_on_keeps_it_until_the_end)
{
	uint64_t sessions = begin(), objects = world_counter(SIM_COUNTER_SHM_OBJECTS);

	client_need_registration(client_device());
	if (modules_are_stock())
		SKIP("%s", stock_waits);
	for (int i = 0; i < 4; i++) {
		const size_t size = 1 << 20;
		char key[32], text[LOOK_SIZE];
		uint64_t now;
		pid_t pid = fork();

		if (!pid) {
			struct tee_ioctl_param p[3];
			struct tee_answer answer;
			struct client params;
			struct tee_buf buf;

			client_open(&params, app_params);
			if (i & 1)
				client_alloc(params.fd, size, &buf);
			else
				client_register(params.fd, aligned_alloc(4096, size), size, &buf);
			for (int k = 0; k < 3; k++)
				p[k] = (struct tee_ioctl_param)MEMREF(INOUT, buf.id, 0, size);
			/* Until one of them is met, however slow the machine is. */
			for (;;)
				tee_invoke(params.fd, params.session, PARAMS_CMD_TRANSFORM, p, 3,
					   &answer);
		}
		ASSERT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects + 1, PATIENCE_MS));
		ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, 1, PATIENCE_MS));
		kill_and_wait(pid);
		now = world_counter(SIM_COUNTER_SHM_OBJECTS);
		/* Its call was under way then if it is now. */
		snprintf(key, sizeof(key), "pid=%d call=invoke ", pid);
		look_read("threads", text);
		if (strstr(text, key))
			EXPECT_EQ(now, objects + 1);
		everything_returns(sessions);
		EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
	}
}
