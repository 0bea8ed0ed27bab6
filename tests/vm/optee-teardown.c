// SPDX-License-Identifier: BSD-2-Clause
/* What happens to sessions when their clients end, in order or by the hundred. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "client.h"
#include "clock.h"
#include "crowd.h"
#include "harness.h"
#include "look.h"
#include "notif.h"
#include "world.h"

/* More than a workqueue runs at a time. */
#define CLOSERS		600
/* More than a device has workers for calls that were begun. */
#define WAITERS		270
#define VALUE		5
#define BUSY_MS		6000
#define STACK_SIZE	65536

static uint64_t begin(void)
{
	world_need();
	client_device();
	return world_counter(SIM_COUNTER_SESSIONS);
}

TEST(session_is_closed_when_its_client_has_exited)
{
	uint64_t sessions = begin();
	unsigned int late = 0;

	/* Who waits for a client may rely on what it held being free. */
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (!pid) {
			struct client echo;

			client_open(&echo, app_echo);
			_exit(0);
		}
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
		late += world_counter(SIM_COUNTER_SESSIONS) != sessions;
	}
	EXPECT_EQ(late, 0);
}

TEST(memory_is_taken_back_when_its_client_has_exited)
{
	uint64_t objects;
	unsigned int late = 0;

	begin();
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (!pid) {
			struct tee_buf buf;

			client_alloc(client_device(), 8192, &buf);
			_exit(0);
		}
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
		late += world_counter(SIM_COUNTER_SHM_OBJECTS) != objects;
	}
	EXPECT_EQ(late, 0);
}

/**
 * struct closer - a thread that closes a session when all do
 * @fd: device
 * @session: of it
 * @begin: of all
 */
struct closer {
	int fd;
	uint32_t session;
	pthread_barrier_t *begin;
};

static void *closer_thread(void *arg)
{
	const struct closer *closer = arg;

	pthread_barrier_wait(closer->begin);
	tee_close_session(closer->fd, closer->session);
	return NULL;
}

/* A process that closes CLOSERS sessions when a byte comes from @go. */
static void close_by_the_hundred(int ready, int go)
{
	static struct closer closers[CLOSERS];
	pthread_barrier_t all;
	pthread_attr_t attr;
	pthread_t thread;
	char c = 'r';
	int fd = client_device();

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_barrier_init(&all, NULL, CLOSERS + 1);
	for (int i = 0; i < CLOSERS; i++) {
		closers[i] = (struct closer){ fd, client_session(fd, app_echo), &all };
		ASSERT_EQ(pthread_create(&thread, &attr, closer_thread, &closers[i]), 0);
	}
	ASSERT_EQ(write(ready, &c, 1), 1);
	ASSERT_EQ(read(go, &c, 1), 1);
	pthread_barrier_wait(&all);
	pause();
}

static uint32_t busy(const struct client *slow, unsigned int n)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(BUSY_MS, 0), NO_PARAM };
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(slow->fd, slow->session, SLOW_CMD_SPIN, p, 2, &answer), 0);
	return answer.ret;
}

/**
 * struct crowded - processes that wait in the secure world, one after the other
 * @ready: how many have a session
 * @go: they begin
 */
struct crowded {
	unsigned int ready;
	bool go;
};

static void wait_in_turn(struct crowded *all)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(VALUE, 0), NO_PARAM };
	struct tee_answer answer;
	struct client sleeper;

	client_open(&sleeper, app_sleeper);
	__atomic_add_fetch(&all->ready, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&all->go, __ATOMIC_ACQUIRE))
		sleep_ms(50);
	tee_invoke(sleeper.fd, sleeper.session, SLEEPER_CMD_WAIT, p, 2, &answer);
	_exit(0);
}

/* With the end of its call a killed client's session is closed, behind all those who wait. */
TEST(calls_of_hundreds_of_killed_clients_end_with_one_thread)
{
	uint64_t sessions = begin();
	struct crowded *all;
	char state[40], line[512];

	look_need();
	notif_need();
	if (world_counter(SIM_COUNTER_THREADS) != 1)
		SKIP("more threads than one take long to fill");
	time_limit(120);
	leave_behind(SIM_COUNTER_SHM_OBJECTS, WAITERS / 8);
	leave_message_pages(WAITERS);
	all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(all != MAP_FAILED);
	for (int n = 0; n < WAITERS; n++) {
		pid_t pid = fork();

		ASSERT_GE(pid, 0);
		if (!pid)
			wait_in_turn(all);
	}
	while (__atomic_load_n(&all->ready, __ATOMIC_ACQUIRE) < WAITERS)
		sleep_ms(10);
	__atomic_store_n(&all->go, true, __ATOMIC_RELEASE);
	snprintf(state, sizeof(state), "state=rpc rpc=%u worker=0", OPTEE_RPC_CMD_NOTIFICATION);
	for (int n = 0; n < WAITERS; n++) {
		pid_t pid;

		ASSERT_MSG(look_wait("threads", "call=invoke", state, line),
			   "nobody is served after %d killed clients", n);
		pid = (pid_t)look_number(line, "pid");
		kill(pid, SIGKILL);
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
		/* Only now, so that the call outlives its client. */
		notif_raise(0, VALUE);
	}
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
	munmap(all, sizeof(*all));
}

/* Calls that hold a thread must go on, however many wait to be begun. */
TEST(hundreds_of_killed_closers_do_not_drown_running_calls)
{
	uint64_t sessions = begin(), threads = world_counter(SIM_COUNTER_THREADS);
	struct crowd *calls;
	int ready[2], go[2];
	pid_t closers;
	char c = 'g';

	time_limit(120);
	/* Pages of messages, which drivers keep: more calls at once than ever before. */
	leave_behind(SIM_COUNTER_SHM_OBJECTS, CLOSERS / 8);
	leave_message_pages(CLOSERS);
	ASSERT_EQ(pipe(ready), 0);
	ASSERT_EQ(pipe(go), 0);
	closers = fork();
	if (!closers)
		close_by_the_hundred(ready[1], go[0]);
	ASSERT_EQ(read(ready[0], &c, 1), 1);

	/* They begin together, or the first would have ended before the last has begun. */
	calls = crowd_start(threads, app_slow, busy, false);
	crowd_go(calls);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	ASSERT_EQ(write(go[1], &c, 1), 1);
	sleep_ms(BUSY_MS / 3);

	kill(closers, SIGKILL);
	if (modules_are_ours())
		ASSERT_EQ(waitpid(closers, NULL, 0), closers);
	crowd_kill(calls);
	if (!modules_are_ours())
		ASSERT_EQ(waitpid(closers, NULL, 0), closers);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
}
