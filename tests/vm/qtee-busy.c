// SPDX-License-Identifier: BSD-2-Clause
/* A QTEE that has no time, or takes its time: what is under way is brought to its end. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "klog.h"
#include "qtee.h"
#include "victim.h"
#include "world.h"

#define CALLEE		77
/* As often as a client's answer is offered, and a few times more. */
#define BUSY_TRIES	23
#define FOR_EVER	(1ULL << 60)
/* So long nothing happens, if it is not to happen. */
#define QUIET_MS	100
#define CALLS_MAX	32
#define NO_ROOM		1
#define NO_SUCH_CALL	2

static void ours_only(void)
{
	world_need();
	if (modules_are_stock())
		SKIP("the packaged driver uses the pages again");
}

static void smc_only(void)
{
	ours_only();
	if (kernel_is("newest"))
		SKIP("the kernel's own driver makes the calls");
}

/* When the answer is sent QTEE misbehaves. */
static int32_t serve(struct qtee_server *s, struct qtee_request *r)
{
	if (r->op == NO_ROOM)
		world_fault(SIM_FAULT_QTEE_BUSY, BUSY_TRIES, 0);
	else if (r->op == NO_SUCH_CALL)
		world_fault(SIM_FAULT_QTEE_CB_KEPT, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	return 0;
}

static void forward_lost(struct qtee_client *c, uint64_t caller, uint32_t op)
{
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	int32_t ret = 0;

	EXPECT_RC(qtee_invoke(c->fd, caller, QTEE_CALLER_FORWARD, p, 2, &ret), -ENODEV);
}

/* QTEE refuses a call that names the pages of another one. */
static void other_pages_are_used(const struct qtee_client *c, uint64_t echo)
{
	for (unsigned int i = 0; i < 3; i++)
		EXPECT_EQ(qtee_must_invoke(c->fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
}

TEST(answer_that_qtee_has_no_room_for_is_given_later)
{
	uint64_t caller, echo, before;
	struct qtee_client c;

	ours_only();
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	forward_lost(&c, caller, NO_ROOM);
	other_pages_are_used(&c, echo);
	/* And QTEE ends the call, with what belongs to its end. */
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, before, PATIENCE_MS));
	EXPECT(qtee_wait_releases(&c.server, 1));
	qtee_client_close(&c);
}

TEST(pages_of_a_call_that_qtee_did_not_end_are_not_used_again)
{
	uint64_t caller, echo;
	struct qtee_client c;

	ours_only();
	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	forward_lost(&c, caller, NO_SUCH_CALL);
	other_pages_are_used(&c, echo);
	qtee_client_close(&c);
}

/* As the interrupt would that the driver cannot know of. */
static void resume_whoever_sleeps(void)
{
	for (uint64_t call = 1; call <= CALLS_MAX; call++) {
		struct sim_smc smc = { .in = { QTEE_SIP(QTEE_SIP_FUNC_WAITQ_RESUME), 1, call } };

		world_smc(&smc);
		while (smc.out[0] == QTEE_SMC_INTERRUPTED) {
			smc.in[0] = QTEE_SMC_INTERRUPTED;
			smc.in[6] = smc.out[6];
			world_smc(&smc);
		}
	}
}

TEST(pages_of_a_call_that_sleeps_in_qtee_are_not_used_again)
{
	uint64_t echo, before;
	struct qtee_client c;
	int32_t ret = 0;

	smc_only();
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_client_open(&c, serve, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	world_fault(SIM_FAULT_QTEE_WAITQ, 1, 1000);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0, &ret), -ENODEV);
	other_pages_are_used(&c, echo);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), before + 1);
	resume_whoever_sleeps();
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), before);
	qtee_client_close(&c);
}

/* From here on no call comes to an end, until faults are off. */
static void interrupt_for_ever(void)
{
	world_fault(SIM_FAULT_QTEE_INTERRUPTED, FOR_EVER, 0);
}

/* Somebody makes a call that is interrupted again and again. */
static void wait_interrupted(void)
{
	uint64_t now = world_counter(SIM_COUNTER_QTEE_INTERRUPTED);

	ASSERT(world_wait_min(SIM_COUNTER_QTEE_INTERRUPTED, now + 10, PATIENCE_MS));
}

/* A client whose objects nobody serves; what has them called. */
static uint64_t open_unserved(struct qtee_client *c)
{
	uint64_t caller;

	qtee_client_open(c, NULL, 1);
	caller = qtee_service(c, QTEE_UID_CALLER);
	qtee_server_stop(&c->server);
	return caller;
}

/* A process that invokes an object. */
static pid_t invoker(const struct qtee_client *c, uint64_t object)
{
	pid_t pid = fork();

	if (!pid) {
		int32_t ret;

		qtee_invoke(c->fd, object, QTEE_ECHO_NOP, NULL, 0, &ret);
		_exit(1);
	}
	return pid;
}

TEST(client_of_a_call_without_end_can_be_killed_and_so_can_those_behind_it)
{
	uint64_t echo, before;
	pid_t first, second;
	struct qtee_client c;

	smc_only();
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_client_open(&c, serve, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	interrupt_for_ever();
	first = invoker(&c, echo);
	wait_interrupted();
	second = invoker(&c, echo);
	sleep_ms(scaled(QUIET_MS));
	kill_and_wait(second);
	kill_and_wait(first);
	/* A worker goes on with it. */
	wait_interrupted();
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), before + 1);
	world_faults_off();
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, before, PATIENCE_MS));
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
	qtee_client_close(&c);
}

/* A process that has an object of its own called. */
static pid_t forwarder(const struct qtee_client *c, uint64_t caller)
{
	pid_t pid = fork();

	if (!pid) {
		uint32_t op = 0;
		struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
		int32_t ret;

		qtee_invoke(c->fd, caller, QTEE_CALLER_FORWARD, p, 2, &ret);
		_exit(1);
	}
	return pid;
}

TEST(objects_are_not_called_for_a_client_that_was_killed)
{
	uint64_t caller, before;
	struct qtee_request r;
	struct qtee_client c;
	pid_t pid;

	smc_only();
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	caller = open_unserved(&c);
	interrupt_for_ever();
	pid = forwarder(&c, caller);
	wait_interrupted();
	kill_and_wait(pid);
	/* Now QTEE calls, and nobody wants that any more: the object only comes back. */
	world_faults_off();
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	} while (r.object != CALLEE);
	EXPECT_EQ(r.op, QTEE_OP_RELEASE);
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, before, PATIENCE_MS));
	qtee_client_close(&c);
}

/* With its callback, which is answered elsewhere than where it was interrupted. */
TEST(client_killed_in_an_interrupted_answer_leaves_nothing)
{
	uint64_t caller, before;
	struct qtee_request r;
	struct qtee_client c;
	pid_t pid;

	smc_only();
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	caller = open_unserved(&c);
	pid = forwarder(&c, caller);
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	} while (r.op == QTEE_OP_RELEASE);
	interrupt_for_ever();
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	wait_interrupted();
	kill_and_wait(pid);
	world_faults_off();
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, before, PATIENCE_MS));
	ASSERT_RC(qtee_recv(c.fd, &r), 0);
	EXPECT_EQ(r.op, QTEE_OP_RELEASE);
	EXPECT_EQ(r.object, CALLEE);
	qtee_client_close(&c);
}

static bool said(int log, const char *words)
{
	char record[8192];
	ssize_t size;

	while ((size = read(log, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		record[size > 0 ? size : 0] = '\0';
		if (strstr(record, words))
			return true;
	}
	return false;
}

TEST(call_that_lasts_is_reported)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	struct qtee_client c;
	uint64_t echo;
	int log;
	pid_t pid;

	smc_only();
	time_limit(120);
	log = klog_open();
	ASSERT_GE(log, 0);
	qtee_client_open(&c, serve, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	interrupt_for_ever();
	pid = invoker(&c, echo);
	while (!said(log, "QTEE has not come to an end of a call")) {
		ASSERT_MSG(clock_ms() < end, "nobody says so");
		sleep_ms(100);
	}
	kill_and_wait(pid);
	world_faults_off();
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
	close(log);
	qtee_client_close(&c);
}
