// SPDX-License-Identifier: BSD-2-Clause
/* Clients and supplicants of QTEE that are killed or close their files at any moment. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "events.h"
#include "harness.h"
#include "qtee.h"
#include "setting.h"
#include "victim.h"
#include "world.h"

#define CALLEE		77
/* A number of cycles that takes about a second on a busy machine. */
#define CYCLES		300
#define RELEASE_TIMEOUT	"/sys/module/qcomtee/parameters/release_timeout_ms"
/* The driver lets a client sleep so long at a time. */
#define SLEEP_MAX_MS	10000
#define TRIES		4

static int32_t serve_ok(struct qtee_server *s, struct qtee_request *r)
{
	return 0;
}

/* Receives requests for calls, and never answers. */
static int32_t never_answer(struct qtee_server *s, struct qtee_request *r)
{
	struct shared *shared = s->data;

	__atomic_add_fetch(&shared->received, 1, __ATOMIC_SEQ_CST);
	while (true)
		pause();
	return 0;
}

static void forward(int fd, uint64_t caller)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	int32_t ret;

	qtee_invoke(fd, caller, QTEE_CALLER_FORWARD, p, 2, &ret);
}

/* A process whose thread waits for an answer that its other thread does not give. */
static pid_t stuck_process(struct shared *shared)
{
	pid_t pid = fork();

	if (!pid) {
		struct qtee_client c;

		qtee_client_open(&c, never_answer, 1);
		c.server.data = shared;
		forward(c.fd, qtee_service(&c, QTEE_UID_CALLER));
		_exit(1);
	}
	return pid;
}

TEST(process_killed_with_a_request_that_it_has_received)
{
	struct shared *shared = share();
	int users;
	pid_t pid;

	qtee_path();
	users = qtee_module_users();
	pid = stuck_process(shared);
	ASSERT(wait_for(&shared->received, 1));
	kill_and_wait(pid);
	EXPECT(qtee_wait_module_users(users));
	qtee_still_works();
}

TEST(process_killed_with_a_request_that_nobody_has_received)
{
	struct shared *shared = share();
	int users;
	pid_t pid;

	qtee_path();
	users = qtee_module_users();
	pid = fork();
	if (!pid) {
		struct qtee_client c;
		uint64_t caller;

		qtee_client_open(&c, NULL, 1);
		caller = qtee_service(&c, QTEE_UID_CALLER);
		qtee_server_stop(&c.server);
		shared->begun = 1;
		forward(c.fd, caller);
		_exit(1);
	}
	ASSERT(wait_for(&shared->begun, 1));
	sleep_ms(scaled(30));
	kill_and_wait(pid);
	EXPECT(qtee_wait_module_users(users));
	qtee_still_works();
}

TEST(client_is_killed_while_its_supplicant_lives)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	struct qtee_request r;
	struct qtee_client c;
	uint64_t caller;
	uint32_t op = 1;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	int32_t ret;
	pid_t pid;

	qtee_client_open(&c, NULL, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	qtee_server_stop(&c.server);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	/* The file is the same: the child is the client, this process the supplicant. */
	pid = fork();
	if (!pid) {
		qtee_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1, &ret);
		_exit(1);
	}
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	} while (r.op == QTEE_OP_RELEASE);
	kill_and_wait(pid);
	/* Nobody waits for this. */
	EXPECT_RC(qtee_send(c.fd, &r, 0), -EINVAL);
	/* And it is not given again. */
	qtee_release(c.fd, caller);
	ASSERT_RC(qtee_recv(c.fd, &r), 0);
	EXPECT_EQ(r.op, QTEE_OP_RELEASE);
	EXPECT_EQ(r.object, CALLEE);
	qtee_client_close(&c);
}

TEST(supplicant_is_killed_while_its_client_waits)
{
	struct shared *shared = share();
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	uint64_t caller;
	struct qtee_client c;
	uint32_t op = 1;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	int32_t ret = 0;
	pid_t pid;

	/* The threads that wait for the answer go with the process; the file stays open here. */
	qtee_client_open(&c, NULL, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	qtee_server_stop(&c.server);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	pid = fork();
	if (!pid) {
		struct qtee_request r;

		do {
			if (qtee_recv(c.fd, &r))
				_exit(1);
		} while (r.op == QTEE_OP_RELEASE);
		shared->received = 1;
		pause();
		_exit(1);
	}
	if (!fork()) {
		qtee_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1, &ret);
		_exit(0);
	}
	ASSERT(wait_for(&shared->received, 1));
	kill_and_wait(pid);
	/* As is documented: another receiver may still answer, so the client waits on. */
	sleep_ms(scaled(20));
	EXPECT_EQ(waitpid(-1, NULL, WNOHANG), 0);
	close(c.fd);
	/* Nobody but the client has the file now. The harness kills it. */
}

TEST(kill_storm_of_clients_with_their_supplicants)
{
	struct shared *shared = share();
	int users;

	time_limit(60);
	qtee_path();
	users = qtee_module_users();
	for (unsigned int round = 0; round < 15; round++) {
		pid_t pid = fork();

		if (!pid) {
			struct qtee_client c;
			uint64_t caller;

			qtee_client_open(&c, serve_ok, 2);
			caller = qtee_service(&c, QTEE_UID_CALLER);
			__atomic_add_fetch(&shared->begun, 1, __ATOMIC_SEQ_CST);
			for (;;)
				forward(c.fd, caller);
		}
		/* At another moment each time; some before they have registered. */
		if (round % 3)
			ASSERT(wait_for(&shared->begun, round - round / 3));
		else
			__atomic_add_fetch(&shared->begun, 1, __ATOMIC_SEQ_CST);
		usleep(round * 977);
		kill_and_wait(pid);
	}
	EXPECT(qtee_wait_module_users(users));
	qtee_still_works();
}

static void *forward_thread(void *arg)
{
	struct qtee_client *c = arg;
	uint64_t caller;

	if (!qtee_open_uid(c->fd, c->env, QTEE_UID_CALLER, &caller))
		forward(c->fd, caller);
	return NULL;
}

TEST(many_threads_are_killed_in_their_callbacks)
{
	enum { THREADS = 8 };
	struct shared *shared = share();
	int users;
	pid_t pid;

	qtee_path();
	users = qtee_module_users();
	pid = fork();
	if (!pid) {
		pthread_t threads[THREADS];
		struct qtee_client c;

		qtee_client_open(&c, never_answer, THREADS + 1);
		c.server.data = shared;
		for (unsigned int i = 0; i < THREADS; i++)
			pthread_create(&threads[i], NULL, forward_thread, &c);
		for (;;)
			pause();
	}
	ASSERT(wait_for(&shared->received, THREADS));
	kill_and_wait(pid);
	EXPECT(qtee_wait_module_users(users));
	qtee_still_works();
}

TEST(context_is_closed_while_its_own_release_calls_back_into_it)
{
	uint32_t op = 9;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	enum { CLOSES = 4 };
	struct events e;
	int users;

	qtee_path();
	events_begin(&e);
	users = qtee_module_users();
	/* Nothing but the close ends them. */
	if (modules_are_ours())
		setting_set(RELEASE_TIMEOUT, "0");
	for (unsigned int round = 0; round < CLOSES; round++) {
		struct qtee_request r;
		struct qtee_client c;
		uint64_t caller;

		qtee_client_open(&c, NULL, 1);
		caller = qtee_service(&c, QTEE_UID_CALLER);
		qtee_server_stop(&c.server);
		ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_AT_RELEASE, p, 2), 0);
		if (round & 1)
			qtee_release(c.fd, caller);
		/* With the request before it is taken, taken, or only made by the close itself. */
		if (round == 3) {
			do {
				ASSERT_RC(qtee_recv(c.fd, &r), 0);
			} while (r.op == QTEE_OP_RELEASE);
		}
		close(c.fd);
	}
	EXPECT(qtee_wait_module_users(users));
	/* Of each QTEE was told the same, whenever it called. */
	EXPECT_EQ(events_count(&e, SIM_EVENT_QTEE_ANSWER, QTEE_DEFUNCT), CLOSES);
	events_end(&e);
	qtee_still_works();
}

TEST(memory_mapped_by_qtee_outlives_its_descriptors)
{
	uint64_t offset = 9, size = 0;
	struct qtee_client c;
	struct tee_buf buf;
	uint8_t back[4];
	uint64_t memory;
	int users;

	qtee_path();
	users = qtee_module_users();
	qtee_client_open(&c, NULL, 1);
	memory = qtee_service(&c, QTEE_UID_MEMORY);
	client_alloc(c.fd, 8192, &buf);
	memcpy(buf.va + 9, "kept", 4);
	struct tee_ioctl_param keep[] = { UBUF_OUT(&size, 8), OBJECT_MEM(buf.id) };
	struct tee_ioctl_param rd[] = { UBUF_IN(&offset, 8), UBUF_OUT(back, 4) };

	ASSERT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEEP, keep, 2), 0);
	tee_free(&buf);
	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEPT_READ, rd, 2), 0);
	EXPECT_EQ(memcmp(back, "kept", 4), 0);
	/* The object goes with the file, and lets the memory go. */
	qtee_client_close(&c);
	EXPECT(qtee_wait_module_users(users));
}

TEST(objects_made_and_released_leave_nothing)
{
	struct tee_ioctl_param p = OBJECT_OUT;
	struct qtee_client c;
	uint64_t counter;

	time_limit(60);
	qtee_client_open(&c, NULL, 1);
	counter = qtee_service(&c, QTEE_UID_COUNTER);
	for (unsigned int i = 0; i < CYCLES; i++) {
		p.a = 0;
		p.b = 0;
		ASSERT_EQ(qtee_must_invoke(c.fd, counter, QTEE_COUNTER_NEW, &p, 1), 0);
		/* The same number again: the table does not grow. */
		EXPECT_EQ(p.a, counter + 1);
		qtee_release(c.fd, p.a);
	}
	qtee_client_close(&c);
}

TEST(objects_passed_and_let_go_leave_nothing)
{
	struct qtee_client c;
	uint64_t caller;

	time_limit(60);
	qtee_client_open(&c, serve_ok, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	for (unsigned int i = 0; i < CYCLES; i++)
		forward(c.fd, caller);
	EXPECT(qtee_wait_releases(&c.server, CYCLES));
	EXPECT_EQ(c.server.releases, CYCLES);
	qtee_client_close(&c);
}

/* A process that QTEE puts to sleep, for as long as the driver lets it, again and again. */
static pid_t sleeping_process(struct shared *shared)
{
	uint32_t ms = 600000;
	struct tee_ioctl_param p = UBUF_IN(&ms, sizeof(ms));
	pid_t pid = fork();

	if (!pid) {
		struct qtee_client c;
		uint64_t sleeper;
		int32_t ret;

		qtee_client_open(&c, NULL, 1);
		sleeper = qtee_service(&c, QTEE_UID_SLEEPER);
		__atomic_add_fetch(&shared->begun, 1, __ATOMIC_SEQ_CST);
		for (;;)
			qtee_invoke(c.fd, sleeper, QTEE_SLEEPER_SLEEP, &p, 1, &ret);
	}
	return pid;
}

TEST(client_that_qtee_puts_to_sleep_can_be_killed)
{
	struct shared *shared = share();
	uint64_t ms = SLEEP_MAX_MS;

	if (modules_are_stock())
		SKIP("it sleeps on in the packaged driver");
	qtee_path();
	/* On a machine that stood still it may look as if it had slept on, but not each time. */
	for (unsigned int tries = 1; tries <= TRIES && ms >= SLEEP_MAX_MS; tries++) {
		uint64_t begin = clock_ms();
		pid_t pid = sleeping_process(shared);

		ASSERT(wait_for(&shared->begun, tries));
		sleep_ms(scaled(50));
		kill_and_wait(pid);
		ms = clock_ms() - begin;
	}
	EXPECT_LE(ms, SLEEP_MAX_MS - 1);
	qtee_still_works();
}

/* It is in and out of QTEE all the time, and nothing that it waits for comes. */
TEST(client_that_qtee_has_yield_for_ever_can_be_killed)
{
	struct shared *shared = share();
	uint32_t times = UINT32_MAX;
	struct tee_ioctl_param p = UBUF_IN(&times, sizeof(times));
	uint64_t calls, callbacks;
	int users;
	pid_t pid;

	if (modules_are_stock())
		SKIP("it yields on in the packaged driver");
	world_need();
	qtee_path();
	users = qtee_module_users();
	calls = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	pid = fork();
	if (!pid) {
		struct qtee_client c;
		uint64_t sleeper;
		int32_t ret;

		qtee_client_open(&c, NULL, 1);
		sleeper = qtee_service(&c, QTEE_UID_SLEEPER);
		__atomic_store_n(&shared->begun, 1, __ATOMIC_SEQ_CST);
		qtee_invoke(c.fd, sleeper, QTEE_SLEEPER_YIELD, &p, 1, &ret);
		_exit(1);
	}
	ASSERT(wait_for(&shared->begun, 1));
	callbacks = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, callbacks + 10, PATIENCE_MS));
	kill_and_wait(pid);
	/* Whoever goes on with the call does not yield any more, and QTEE ends it. */
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, calls, PATIENCE_MS));
	EXPECT(qtee_wait_module_users(users));
	qtee_still_works();
}

static int32_t serve_refusal(struct qtee_server *s, struct qtee_request *r)
{
	return 4711;
}

/* A service that does not take an answer for one, and calls again. */
TEST(process_is_not_called_any_more_once_its_client_was_killed)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	uint64_t caller, calls, callbacks;
	struct qtee_client c;
	int32_t ret;
	pid_t pid;

	if (modules_are_stock())
		SKIP("a client of the packaged driver does not leave such a call");
	world_need();
	calls = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_client_open(&c, serve_refusal, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	pid = fork();
	if (!pid) {
		qtee_invoke(c.fd, caller, QTEE_CALLER_INSIST, p, 2, &ret);
		_exit(1);
	}
	ASSERT(wait_for(&c.server.requests, 10));
	kill_and_wait(pid);
	/* What was under way is served. From here on whoever goes on with the call answers alone. */
	qtee_server_stop(&c.server);
	qtee_server_start(&c.server, c.fd, serve_refusal, 1);
	callbacks = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, callbacks + 10, PATIENCE_MS));
	EXPECT_EQ(c.server.requests, 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), calls + 1);
	/* Others are served meanwhile, until QTEE gives up. */
	EXPECT_EQ(qtee_must_invoke(c.fd, qtee_service(&c, QTEE_UID_ECHO), QTEE_ECHO_NOP, NULL, 0), 0);
	world_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, calls, PATIENCE_MS));
	qtee_client_close(&c);
}
