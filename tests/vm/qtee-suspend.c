// SPDX-License-Identifier: BSD-2-Clause
/* Clients and supplicants of QTEE that are frozen, alone and with the whole machine. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"
#include "clock.h"
#include "harness.h"
#include "held.h"
#include "power.h"
#include "qtee.h"
#include "qtee-asker.h"
#include "victim.h"
#include "world.h"

#define CALLEE		77
#define CLIENTS		4
#define ROUNDS		6
#define FOR_EVER	(1ULL << 60)
/* So long nothing happens, if it is not to happen. */
#define QUIET_MS	200

static void begin(void (*need)(void))
{
	world_need();
	qtee_path();
	need();
	time_limit(120);
}

static int32_t forward(int fd, uint64_t caller)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };

	return qtee_must_invoke(fd, caller, QTEE_CALLER_FORWARD, p, 2);
}

/* Until it may go on. */
static int32_t serve_late(struct qtee_server *s, struct qtee_request *r)
{
	struct shared *shared = s->data;

	__atomic_add_fetch(&shared->received, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&shared->begun, __ATOMIC_SEQ_CST))
		sleep_ms(5);
	return 4711;
}

/* Processes whose callbacks wait for an answer. */
static void start_waiting(struct shared *shared, pid_t *pids)
{
	for (unsigned int i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			struct qtee_client c;

			qtee_client_open(&c, serve_late, 1);
			c.server.data = shared;
			EXPECT_EQ(forward(c.fd, qtee_service(&c, QTEE_UID_CALLER)), 4711);
			qtee_client_close(&c);
			_exit(0);
		}
	}
	ASSERT(wait_for(&shared->received, CLIENTS));
}

static void end_waiting(struct shared *shared, const pid_t *pids)
{
	__atomic_store_n(&shared->begun, 1, __ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < CLIENTS; i++)
		ASSERT_EQ(waitpid(pids[i], NULL, 0), pids[i]);
	qtee_still_works();
}

TEST(frozen_with_callbacks_that_wait_for_their_answers)
{
	struct shared *shared = share();
	pid_t pids[CLIENTS];

	begin(power_need);
	start_waiting(shared, pids);
	EXPECT_RC(power_freeze(), 0);
	EXPECT_RC(power_freeze(), 0);
	end_waiting(shared, pids);
}

TEST(suspended_with_callbacks_that_wait_for_their_answers)
{
	struct shared *shared = share();
	pid_t pids[CLIENTS];

	begin(power_need_clock);
	start_waiting(shared, pids);
	EXPECT_RC(power_suspend(), 0);
	end_waiting(shared, pids);
}

TEST(clients_killed_after_they_were_frozen_in_callbacks_leave_nothing)
{
	struct shared *shared = share();
	pid_t pids[CLIENTS];
	int users;

	begin(power_need);
	users = qtee_module_users();
	start_waiting(shared, pids);
	EXPECT_RC(power_freeze(), 0);
	for (unsigned int i = 0; i < CLIENTS; i++)
		kill_and_wait(pids[i]);
	EXPECT(qtee_wait_module_users(users));
	qtee_still_works();
}

/* A process that invokes an object. */
static pid_t invoker(const struct qtee_client *c, uint64_t object)
{
	pid_t pid = fork();

	if (!pid) {
		int32_t ret;

		qtee_invoke(c->fd, object, QTEE_ECHO_NOP, NULL, 0, &ret);
		_exit(0);
	}
	return pid;
}

/* QTEE calls the kernel again and again. */
static void wait_called(void)
{
	uint64_t now = world_counter(SIM_COUNTER_QTEE_CALLBACKS);

	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, now + 10, PATIENCE_MS));
}

/* A worker has the turn, which needs no freezing; others wait for it, clients and workers. */
TEST(frozen_while_a_call_without_end_has_the_turn)
{
	uint64_t echo, spare, interrupted, exported;
	struct qtee_client c;
	pid_t pid;

	begin(power_need);
	if (modules_are_stock() || kernel_is("newest"))
		SKIP("the kernel's own driver makes the calls, and is in one");
	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	spare = qtee_service(&c, QTEE_UID_ECHO);
	exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	interrupted = world_counter(SIM_COUNTER_QTEE_INTERRUPTED);
	world_fault(SIM_FAULT_QTEE_INTERRUPTED, FOR_EVER, 0);
	pid = invoker(&c, echo);
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_INTERRUPTED, interrupted + 10, PATIENCE_MS));
	kill_and_wait(pid);
	qtee_release(c.fd, spare);
	pid = invoker(&c, echo);
	sleep_ms(scaled(QUIET_MS));
	EXPECT_RC(power_freeze(), 0);
	EXPECT_RC(power_freeze(), 0);
	world_faults_off();
	/* All of it is done when it can be. */
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported - 1, PATIENCE_MS));
	qtee_client_close(&c);
}

/* It is awake only in between, and never comes back to user space. */
TEST(frozen_with_a_client_that_qtee_puts_to_sleep_again_and_again)
{
	uint32_t ms = HELD_MS;
	struct tee_ioctl_param p = UBUF_IN(&ms, sizeof(ms));
	uint64_t sleeper;
	struct qtee_client c;
	pid_t pid;

	begin(power_need);
	if (modules_are_stock())
		SKIP("who sleeps for QTEE in the packaged driver does not freeze");
	qtee_client_open(&c, NULL, 1);
	sleeper = qtee_service(&c, QTEE_UID_SLEEPER);
	pid = fork();
	if (!pid)
		_exit(qtee_must_invoke(c.fd, sleeper, QTEE_SLEEPER_HOLD, &p, 1) ? 1 : 0);
	wait_called();
	EXPECT_RC(power_freeze(), 0);
	wait_called();
	EXPECT_RC(power_freeze(), 0);
	EXPECT_EQ(held_wait(pid), 0);
	qtee_client_close(&c);
}

TEST(frozen_while_qtee_calls_a_worker_without_end)
{
	uint32_t unused = 0;
	struct tee_ioctl_param p = UBUF_IN(&unused, sizeof(unused));
	uint64_t sleeper, calls;
	struct qtee_client c;
	int32_t ret;
	pid_t pid;

	begin(power_need);
	if (modules_are_stock())
		SKIP("a client of the packaged driver does not leave such a call");
	qtee_client_open(&c, NULL, 1);
	sleeper = qtee_service(&c, QTEE_UID_SLEEPER);
	calls = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	pid = fork();
	if (!pid) {
		qtee_invoke(c.fd, sleeper, QTEE_SLEEPER_INSIST, &p, 1, &ret);
		_exit(1);
	}
	wait_called();
	kill_and_wait(pid);
	wait_called();
	EXPECT_RC(power_freeze(), 0);
	wait_called();
	EXPECT_RC(power_freeze(), 0);
	wait_called();
	world_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, calls, PATIENCE_MS));
	qtee_client_close(&c);
}

static int32_t serve_ok(struct qtee_server *s, struct qtee_request *r)
{
	return 0;
}

/* A process with a thread that is a client and threads that are its supplicants. */
static pid_t start_forwarding(struct shared *shared)
{
	pid_t pid = fork();

	if (!pid) {
		struct qtee_client c;
		uint64_t caller;

		qtee_client_open(&c, serve_ok, 2);
		caller = qtee_service(&c, QTEE_UID_CALLER);
		for (;;) {
			if (!forward(c.fd, caller))
				__atomic_add_fetch(&shared->begun, 1, __ATOMIC_SEQ_CST);
		}
	}
	return pid;
}

TEST(process_goes_on_after_many_freezes_of_the_machine)
{
	struct shared *shared = share();
	pid_t pid;

	begin(power_need);
	pid = start_forwarding(shared);
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		ASSERT(wait_for(&shared->begun, shared->begun + 3));
		EXPECT_RC(power_freeze(), 0);
	}
	ASSERT(wait_for(&shared->begun, shared->begun + 3));
	kill_and_wait(pid);
	qtee_still_works();
}

/* Its threads are frozen together, wherever each of them is, and other processes are not. */
TEST(client_and_supplicants_of_one_process_are_frozen)
{
	struct shared *shared = share(), *others = share();
	pid_t pid, other;

	if (modules_are_stock())
		SKIP("who is just going to sleep in the packaged driver is not frozen");
	begin(group_make);
	pid = start_forwarding(shared);
	other = start_forwarding(others);
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		unsigned int calls;

		ASSERT(wait_for(&shared->begun, shared->begun + 3));
		group_add(pid);
		group_freeze();
		calls = shared->begun;
		ASSERT(wait_for(&others->begun, others->begun + 3));
		EXPECT_EQ(shared->begun, calls);
		group_thaw();
	}
	ASSERT(wait_for(&shared->begun, shared->begun + 3));
	kill_and_wait(pid);
	kill_and_wait(other);
	qtee_still_works();
}

/* A process that waits for a request, and answers it. */
static pid_t start_receiver(int fd)
{
	pid_t pid = fork();

	if (!pid) {
		struct qtee_request r;

		qtee_next_call(fd, &r);
		EXPECT_EQ(r.op, 1);
		EXPECT_RC(qtee_send(fd, &r, 4711), 0);
		_exit(0);
	}
	return pid;
}

/* A process that has too little room for a request, again and again. */
static pid_t start_refuser(int fd, struct shared *shared)
{
	pid_t pid = fork();

	if (!pid) {
		struct qtee_request r;
		int rc;

		do {
			rc = qtee_recv_with(fd, &r, 4, 8);
			if (rc == -EINVAL)
				__atomic_add_fetch(&shared->received, 1, __ATOMIC_SEQ_CST);
		} while (rc == -EINVAL || (!rc && r.op == QTEE_OP_RELEASE));
		_exit(1);
	}
	return pid;
}

/* As long as somebody waits who has not refused, a request is not ended, however often others refuse. */
TEST(request_that_others_refuse_stays_for_a_receiver_that_waits)
{
	struct qtee_asker a = { .in = "sixteen octets..", .in_size = 16 };
	struct shared *shared = share();
	pid_t receiver, refuser;
	struct qtee_client c;
	uint64_t caller;
	bool refused;

	begin(group_make);
	qtee_callers_open_quiet(&c, &caller, 1);
	receiver = start_receiver(c.fd);
	asleep_wait(receiver, 3);
	group_add(receiver);
	group_freeze();
	qtee_asker_start_queued(&a, c.fd, caller, 1);
	refuser = start_refuser(c.fd, shared);
	refused = wait_for(&shared->received, 4);
	/* Whatever happened: who is frozen cannot be killed. */
	group_thaw();
	EXPECT(refused);
	ASSERT_EQ(qtee_asker_end(&a), 4711);
	ASSERT_EQ(waitpid(receiver, NULL, 0), receiver);
	kill_and_wait(refuser);
	qtee_client_close(&c);
}
