// SPDX-License-Identifier: BSD-2-Clause
/*
 * Clients and supplicants that are killed in states in which they do not stay: a request is on its way to
 * its receiver, a QTEE that is busy is given a while, a supplicant stands in a copy.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"
#include "clock.h"
#include "harness.h"
#include "pager.h"
#include "power.h"
#include "qtee.h"
#include "qtee-asker.h"
#include "victim.h"
#include "world.h"

#define FOR_EVER	(1ULL << 60)
#define TRIES		8
/* As often as a client asks. */
#define BUSY_TRIES	20
/* Object of a later call. */
#define NEXT		78

static void ours_only(const char *why)
{
	world_need();
	if (modules_are_stock())
		SKIP("%s", why);
}

static void smc_only(void)
{
	ours_only("the packaged driver sleeps on while QTEE is busy");
	if (kernel_is("newest"))
		SKIP("the kernel's own driver makes the calls");
}

/* The next thing that the process is told is that this object was let go. */
static void is_let_go(int fd, uint64_t object)
{
	struct qtee_request r;

	ASSERT_RC(qtee_recv(fd, &r), 0);
	EXPECT_EQ(r.op, QTEE_OP_RELEASE);
	EXPECT_EQ(r.object, object);
}

/**
 * struct receiver - a thread whose copies stop at a page
 * @thread: it
 * @fd: file
 * @payload: that page
 * @request: request
 * @rc: 0 or a negative error number
 */
struct receiver {
	pthread_t thread;
	int fd;
	struct pager payload;
	struct qtee_request request;
	int rc;
};

static void *receive(void *arg)
{
	struct receiver *r = arg;

	r->rc = qtee_recv_into(r->fd, &r->request, QTEE_REQUEST_PARAMS, r->payload.page,
			       r->payload.size);
	return NULL;
}

static void *send_answer(void *arg)
{
	struct receiver *r = arg;

	r->rc = qtee_send(r->fd, &r->request, 0);
	return NULL;
}

TEST(client_is_killed_while_its_request_is_copied_to_a_receiver)
{
	struct receiver r = { 0 };
	uint64_t caller, echo, before;
	struct qtee_client c;
	pid_t pid;

	ours_only("the packaged driver's client cannot be killed while a request is copied");
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_callers_open_quiet(&c, &caller, 1);
	ASSERT_EQ(qtee_open_uid(c.fd, c.env, QTEE_UID_ECHO, &echo), 0);
	r.fd = c.fd;
	pager_open(&r.payload);
	pid = fork();
	if (!pid) {
		struct qtee_asker a = { .in = "payload", .in_size = 7, .passed = &echo };

		qtee_asker_ask(&a, c.fd, caller, 1);
		_exit(1);
	}
	ASSERT_EQ(pthread_create(&r.thread, NULL, receive, &r), 0);
	pager_wait(&r.payload);
	kill_and_wait(pid);
	/* A worker ends the call before the receiver goes on. */
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, before, PATIENCE_MS));
	pager_serve(&r.payload);
	ASSERT_EQ(pthread_join(r.thread, NULL), 0);
	/* It gets what is no use any more, and with it the object, which is its own from then on. */
	EXPECT_RC(r.rc, 0);
	ASSERT_EQ(r.request.num, 2);
	EXPECT_NE(r.request.params[1].a, echo);
	EXPECT_EQ(qtee_must_invoke(c.fd, r.request.params[1].a, QTEE_ECHO_NOP, NULL, 0), 0);
	EXPECT_RC(qtee_send(c.fd, &r.request, 0), -EINVAL);
	is_let_go(c.fd, QTEE_ASKED);
	pager_close(&r.payload);
	qtee_client_close(&c);
}

/* A process that has an object called once, says that it has come back, and waits to be killed. */
static pid_t start_client(const struct qtee_client *c, uint64_t caller, struct shared *shared)
{
	pid_t pid;

	__atomic_store_n(&shared->received, 0, __ATOMIC_SEQ_CST);
	pid = fork();
	if (!pid) {
		struct qtee_asker a = { 0 };

		qtee_asker_ask(&a, c->fd, caller, 1);
		__atomic_store_n(&shared->received, 1, __ATOMIC_SEQ_CST);
		for (;;)
			pause();
	}
	return pid;
}

/*
 * When it sleeps it waits for QTEE to have time, for 0.6 s in all: false if that was over, as on a
 * machine that stood still.
 */
static bool kill_in_a_pause(pid_t pid, const struct shared *shared)
{
	asleep_wait(pid, 1);
	kill_and_wait(pid);
	return !__atomic_load_n(&shared->received, __ATOMIC_SEQ_CST);
}

TEST(client_is_killed_while_it_waits_for_a_busy_qtee)
{
	struct tee_ioctl_param keep = OBJECT_USER(NEXT);
	struct shared *shared = share();
	struct qtee_client c;
	bool met = false;
	uint64_t caller;

	smc_only();
	qtee_callers_open_quiet(&c, &caller, 1);
	for (unsigned int tries = 0; tries < TRIES && !met; tries++) {
		uint64_t smcs;
		pid_t pid;

		world_fault(SIM_FAULT_QTEE_BUSY, FOR_EVER, 0);
		smcs = world_counter(SIM_COUNTER_SMCS);
		pid = start_client(&c, caller, shared);
		/* It has asked, and sleeps before it asks again. */
		ASSERT(world_wait_min(SIM_COUNTER_SMCS, smcs + 2, PATIENCE_MS));
		smcs = world_counter(SIM_COUNTER_SMCS);
		met = kill_in_a_pause(pid, shared);
		/* Nor does it ask as often as it would have. */
		if (met)
			EXPECT_LE(world_counter(SIM_COUNTER_SMCS) - smcs, BUSY_TRIES / 2);
		world_faults_off();
	}
	ASSERT(met);
	/* Nothing was begun: its object was not passed, and that of the next call is the first to go. */
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_release(c.fd, caller);
	is_let_go(c.fd, NEXT);
	qtee_client_close(&c);
}

/* The answer is QTEE's due all the same: a worker gives it when QTEE has time. */
TEST(client_is_killed_while_a_busy_qtee_takes_no_answer)
{
	struct shared *shared = share();
	uint64_t caller, before;
	struct qtee_request r;
	struct qtee_client c;
	bool met = false;

	smc_only();
	qtee_callers_open_quiet(&c, &caller, 1);
	before = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	for (unsigned int tries = 0; tries < TRIES && !met; tries++) {
		pid_t pid = start_client(&c, caller, shared);

		ASSERT_RC(qtee_recv(c.fd, &r), 0);
		EXPECT_EQ(r.op, 1);
		world_fault(SIM_FAULT_QTEE_CB_BUSY, FOR_EVER, 0);
		/* From here on it sleeps only in between. */
		EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
		met = kill_in_a_pause(pid, shared);
		EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), before + 1);
		world_faults_off();
		EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, before, PATIENCE_MS));
		is_let_go(c.fd, QTEE_ASKED);
	}
	ASSERT(met);
	qtee_client_close(&c);
}

/* A supplicant that is killed in a copy: of a request to it, or of its answer. The child says when. */
static void stand_in_a_copy(int fd, bool answers, struct shared *shared)
{
	struct receiver r = { .fd = fd };

	pager_open(&r.payload);
	if (answers) {
		qtee_next_call(fd, &r.request);
		r.request.params[0].a = (uintptr_t)r.payload.page;
	}
	ASSERT_EQ(pthread_create(&r.thread, NULL, answers ? send_answer : receive, &r), 0);
	pager_wait(&r.payload);
	__atomic_store_n(&shared->received, 1, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
}

/* What the client is told then. */
static int32_t kill_in_a_copy(bool answers)
{
	struct shared *shared = share();
	struct qtee_asker a = { 0 };
	struct qtee_client c;
	uint64_t caller;
	struct pager p;
	uint8_t out[8];
	int32_t ret;
	pid_t pid;

	/* Where that is not possible the case is skipped here, not in the child. */
	pager_open(&p);
	pager_close(&p);
	qtee_callers_open_quiet(&c, &caller, 1);
	if (answers) {
		a.out = out;
		a.out_size = sizeof(out);
	} else {
		a.in = "payload";
		a.in_size = 7;
	}
	pid = fork();
	if (!pid)
		stand_in_a_copy(c.fd, answers, shared);
	qtee_asker_start(&a, c.fd, caller, 1);
	ASSERT(wait_for(&shared->received, 1));
	kill_and_wait(pid);
	ret = qtee_asker_end(&a);
	/* The next receiver has the file for itself. */
	is_let_go(c.fd, QTEE_ASKED);
	qtee_client_close(&c);
	return ret;
}

TEST(supplicant_is_killed_while_a_request_is_copied_to_it)
{
	ours_only("the packaged driver's client waits on");
	EXPECT_EQ(kill_in_a_copy(false), QTEE_ERROR);
}

TEST(supplicant_is_killed_while_its_answer_is_read)
{
	ours_only("the packaged driver's client waits on");
	EXPECT_EQ(kill_in_a_copy(true), QTEE_UNAVAIL);
}

/* It sleeps still, with an answer that it has not looked at. */
TEST(client_is_killed_when_its_answer_was_given)
{
	uint32_t op = 1, times = 5, done = 0;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), UBUF_IN(&times, sizeof(times)),
		UBUF_OUT(&done, sizeof(done)), OBJECT_USER(QTEE_ASKED),
	};
	uint64_t caller, calls, callbacks;
	struct qtee_request r;
	struct qtee_client c;
	int32_t ret;
	pid_t pid;

	world_need();
	qtee_path();
	group_make();
	calls = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_callers_open_quiet(&c, &caller, 1);
	pid = fork();
	if (!pid) {
		qtee_invoke(c.fd, caller, QTEE_CALLER_REPEAT, p, 4, &ret);
		_exit(1);
	}
	ASSERT_RC(qtee_recv(c.fd, &r), 0);
	EXPECT_EQ(r.op, 1);
	asleep_wait(pid, 3);
	group_add(pid);
	group_freeze();
	callbacks = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	ASSERT_EQ(kill(pid, SIGKILL), 0);
	group_thaw();
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	/* The answer was accepted, so QTEE gets it, and calls once more; to that nobody answers. */
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, calls, PATIENCE_MS));
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CALLBACKS), callbacks + 1);
	is_let_go(c.fd, QTEE_ASKED);
	qtee_client_close(&c);
}

/**
 * struct echo_call - an echo of octets and of two objects, one of either side
 * @fd: file
 * @echo: object of QTEE, also passed
 * @pager: page in which a copy stops
 * @in: 8 octets
 * @out: room for them
 */
struct echo_call {
	int fd;
	uint64_t echo;
	struct pager pager;
	uint8_t *in;
	uint8_t *out;
};

static void *call_echo(void *arg)
{
	struct echo_call *e = arg;
	struct tee_ioctl_param p[] = {
		UBUF_IN(e->in, 8), UBUF_OUT(e->out, 8), OBJECT_TEE(e->echo), OBJECT_USER(QTEE_ASKED),
		OBJECT_OUT, OBJECT_OUT,
	};
	int32_t ret;

	qtee_invoke(e->fd, e->echo, QTEE_ECHO_ALL, p, 6, &ret);
	return NULL;
}

/* A process that invokes an echo, which it passes, in a copy of what it gives, or of what it gets. */
static pid_t start_echo(const struct qtee_client *c, uint64_t echo, bool gets, struct shared *shared)
{
	pid_t pid;

	__atomic_store_n(&shared->received, 0, __ATOMIC_SEQ_CST);
	pid = fork();
	if (!pid) {
		uint8_t octets[8] = "octets";
		struct echo_call e = { .fd = c->fd, .echo = echo };
		pthread_t thread;

		pager_open(&e.pager);
		e.in = gets ? octets : e.pager.page;
		e.out = gets ? e.pager.page : octets;
		ASSERT_EQ(pthread_create(&thread, NULL, call_echo, &e), 0);
		pager_wait(&e.pager);
		__atomic_store_n(&shared->received, 1, __ATOMIC_SEQ_CST);
		for (;;)
			pause();
	}
	return pid;
}

static void killed_in_a_copy_of_its_own(bool gets)
{
	struct shared *shared = share();
	uint64_t echo, exported, calls;
	struct qtee_client c;
	struct pager p;
	pid_t pid;

	world_need();
	pager_open(&p);
	pager_close(&p);
	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	calls = world_counter(SIM_COUNTER_QTEE_INVOCATIONS);
	pid = start_echo(&c, echo, gets, shared);
	ASSERT(wait_for(&shared->received, 1));
	/* With its result QTEE has given a reference. */
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_INVOCATIONS), calls + gets);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_EXPORTED), exported + gets);
	kill_and_wait(pid);
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported, PATIENCE_MS));
	EXPECT(qtee_wait_releases(&c.server, gets));
	/* What was not passed is not let go either. */
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
	EXPECT_EQ(c.server.releases, gets);
	qtee_client_close(&c);
}

TEST(client_is_killed_while_its_arguments_are_read)
{
	killed_in_a_copy_of_its_own(false);
}

TEST(client_is_killed_while_its_results_are_written)
{
	killed_in_a_copy_of_its_own(true);
}
