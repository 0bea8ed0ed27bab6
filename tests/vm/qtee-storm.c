// SPDX-License-Identifier: BSD-2-Clause
/* Storms: of kills on either side, of calls within calls, of objects that come and go. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "meminfo.h"
#include "qtee.h"
#include "setting.h"
#include "sysfs.h"
#include "victim.h"
#include "world.h"

#define CALLEE		77
#define ROUNDS		10
#define TIMEOUT		"/sys/module/qcomtee/parameters/callback_timeout_ms"
#define RELEASE_TIMEOUT	"/sys/module/qcomtee/parameters/release_timeout_ms"
/* QTEE gives its own objects away only as long as it has places for them. */
#define AT_ONCE		256
#define KEPT		15
#define SETTLED		300
/* Gone, if nothing is lost: what others have at hand. */
#define LOST_KIB	4096

static const char stock_client[] = "a supplicant that goes leaves the packaged driver's client waiting";

static int call_kept(int fd, uint64_t caller, int32_t *ret)
{
	uint32_t op = 1;
	struct tee_ioctl_param p = UBUF_IN(&op, sizeof(op));

	return qtee_invoke(fd, caller, QTEE_CALLER_CALL_KEPT, &p, 1, ret);
}

static int32_t serve_ok(struct qtee_server *s, struct qtee_request *r)
{
	return 0;
}

/* A file with an object of this process at QTEE, which nobody serves yet. */
static uint64_t open_kept(struct qtee_client *c)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	uint64_t caller;

	qtee_client_open(c, NULL, 1);
	caller = qtee_service(c, QTEE_UID_CALLER);
	ASSERT_EQ(qtee_must_invoke(c->fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_server_stop(&c->server);
	return caller;
}

/* A process that calls the object all the time. */
static pid_t start_client(const struct qtee_client *c, uint64_t caller, struct shared *shared)
{
	pid_t pid = fork();

	if (!pid) {
		int32_t ret;

		for (;;) {
			call_kept(c->fd, caller, &ret);
			__atomic_add_fetch(&shared->begun, 1, __ATOMIC_SEQ_CST);
		}
	}
	return pid;
}

/* One that serves it. */
static pid_t start_supplicant(const struct qtee_client *c, struct shared *shared)
{
	pid_t pid = fork();

	if (!pid) {
		struct qtee_server s;

		qtee_server_start(&s, c->fd, serve_ok, 2);
		for (;;)
			pause();
	}
	return pid;
}

TEST(clients_are_killed_in_calls_that_another_process_serves)
{
	struct shared *shared = share();
	struct qtee_client c;
	uint64_t caller;
	pid_t server;

	time_limit(60);
	caller = open_kept(&c);
	server = start_supplicant(&c, shared);
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		pid_t pid = start_client(&c, caller, shared);

		ASSERT(wait_for(&shared->begun, shared->begun + 1));
		usleep(round * 731);
		kill_and_wait(pid);
	}
	kill_and_wait(server);
	close(c.fd);
	qtee_still_works();
}

TEST(supplicants_are_killed_and_replaced_while_their_client_calls)
{
	struct shared *shared = share();
	struct qtee_client c;
	uint64_t caller;
	pid_t client;

	if (modules_are_stock())
		SKIP("%s", stock_client);
	time_limit(60);
	caller = open_kept(&c);
	/* What a supplicant takes along with it is not answered by the next. */
	setting_set(TIMEOUT, "50");
	client = start_client(&c, caller, shared);
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		pid_t pid = start_supplicant(&c, shared);

		ASSERT(wait_for(&shared->begun, shared->begun + 2));
		usleep(round * 731);
		kill_and_wait(pid);
	}
	kill_and_wait(client);
	setting_set(TIMEOUT, "0");
	close(c.fd);
	qtee_still_works();
}

TEST(clients_and_supplicants_are_killed_at_once)
{
	struct shared *shared = share();
	struct qtee_client c;
	uint64_t caller;

	time_limit(60);
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		pid_t client, server;

		caller = open_kept(&c);
		server = start_supplicant(&c, shared);
		client = start_client(&c, caller, shared);
		ASSERT(wait_for(&shared->begun, shared->begun + 1));
		usleep(round * 731);
		kill(round & 1 ? client : server, SIGKILL);
		kill_and_wait(round & 1 ? server : client);
		ASSERT_EQ(waitpid(round & 1 ? client : server, NULL, 0), round & 1 ? client : server);
		close(c.fd);
	}
	qtee_still_works();
}

TEST(callbacks_have_no_limit_unless_told_and_those_of_releases_ten_seconds)
{
	char text[16];

	qtee_path();
	if (modules_are_stock())
		SKIP("the packaged driver has no limits");
	ASSERT_RC(sysfs_read(TIMEOUT, text, sizeof(text)), 0);
	EXPECT_EQ(atoi(text), 0);
	ASSERT_RC(sysfs_read(RELEASE_TIMEOUT, text, sizeof(text)), 0);
	EXPECT_EQ(atoi(text), 10000);
}

TEST(callback_without_an_answer_ends_when_its_time_is_over)
{
	struct shared *shared = share();
	struct qtee_request r;
	struct qtee_client c;
	uint64_t caller;
	pid_t pid;

	if (modules_are_stock())
		SKIP("the packaged driver has no limit");
	caller = open_kept(&c);
	setting_set(TIMEOUT, "500");
	pid = fork();
	if (!pid) {
		bool taken;

		/* One request is taken and not answered; the last one is not even taken. */
		do {
			int32_t ret = 0;

			taken = __atomic_load_n(&shared->received, __ATOMIC_SEQ_CST);
			EXPECT_RC(call_kept(c.fd, caller, &ret), 0);
			EXPECT_EQ(ret, QTEE_TIMEOUT);
		} while (!taken);
		_exit(0);
	}
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	} while (r.op == QTEE_OP_RELEASE);
	__atomic_store_n(&shared->received, 1, __ATOMIC_SEQ_CST);
	/* Whichever it was: nobody waits for it any more. */
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_RC(qtee_send(c.fd, &r, 0), -EINVAL);
	setting_set(TIMEOUT, "0");
	close(c.fd);
	qtee_still_works();
}

/* Nobody waits for those calls, and each has one of QTEE's places. */
TEST(releases_that_call_a_silent_process_give_their_places_back)
{
	enum { RELEASES = 40 };
	uint32_t op = 9;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	uint64_t callers[RELEASES], conversations, exported;
	struct qtee_request r;
	struct qtee_client c;

	if (modules_are_stock())
		SKIP("the packaged driver has no limit");
	world_need();
	time_limit(60);
	conversations = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	qtee_client_open(&c, NULL, 1);
	exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	for (unsigned int i = 0; i < RELEASES; i++) {
		callers[i] = qtee_service(&c, QTEE_UID_CALLER);
		ASSERT_EQ(qtee_must_invoke(c.fd, callers[i], QTEE_CALLER_AT_RELEASE, p, 2), 0);
	}
	qtee_server_stop(&c.server);
	setting_set(RELEASE_TIMEOUT, "50");
	for (unsigned int i = 0; i < RELEASES; i++)
		qtee_release(c.fd, callers[i]);
	/* More than there are places: the last ones are made when the first have ended. */
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, conversations, PATIENCE_MS));
	/* The process is told only that its objects were let go, though it was asked before. */
	for (unsigned int i = 0; i < RELEASES; i++) {
		do {
			ASSERT_RC(qtee_recv(c.fd, &r), 0);
			EXPECT_EQ(r.op, QTEE_OP_RELEASE);
		} while (r.object != CALLEE);
	}
	close(c.fd);
	qtee_still_works();
}

/* Each operation calls QTEE, which calls it again, until QTEE has no room. */
struct deep {
	const struct qtee_client *c;
	uint64_t *callers;
	unsigned int num;
	unsigned int depth;
	unsigned int deepest;
};

static int32_t dig(struct qtee_server *s, struct qtee_request *r)
{
	struct deep *d = s->data;
	unsigned int depth = __atomic_add_fetch(&d->depth, 1, __ATOMIC_SEQ_CST);
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	int32_t ret = QTEE_OK;
	int rc = 0;

	if (depth > d->deepest)
		d->deepest = depth;
	if (depth < d->num)
		rc = qtee_invoke(s->fd, d->callers[depth], QTEE_CALLER_FORWARD, p, 2, &ret);
	__atomic_sub_fetch(&d->depth, 1, __ATOMIC_SEQ_CST);
	return rc == -EBUSY ? 4711 : rc ? QTEE_ERROR : ret;
}

TEST(callbacks_nest_with_sixty_four_threads_until_qtee_has_no_room)
{
	enum { CALLERS = 40 };
	uint64_t callers[CALLERS];
	struct qtee_client c;
	struct deep d = { .c = &c, .callers = callers, .num = CALLERS };
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };

	world_need();
	time_limit(120);
	qtee_client_open(&c, dig, QTEE_SERVER_THREADS);
	c.server.data = &d;
	for (unsigned int i = 0; i < CALLERS; i++)
		callers[i] = qtee_service(&c, QTEE_UID_CALLER);
	/* The innermost is told that there is no room, and so are all around it. */
	EXPECT_EQ(qtee_must_invoke(c.fd, callers[0], QTEE_CALLER_FORWARD, p, 2), 4711);
	EXPECT_EQ(d.depth, 0);
	EXPECT_EQ(d.deepest, world_counter(SIM_COUNTER_QTEE_CONVERSATIONS_MAX));
	EXPECT(qtee_wait_releases(&c.server, d.deepest));
	qtee_client_close(&c);
}

/* Of QTEE: made, given, let go; many of each in turn. */
static void make_objects(const struct qtee_client *c, uint64_t counter, unsigned int count)
{
	uint64_t exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	struct tee_ioctl_param p = OBJECT_OUT;
	int32_t ret;

	for (unsigned int done = 0; done < count; done += AT_ONCE) {
		for (unsigned int i = 1; i <= AT_ONCE; i++) {
			ASSERT_RC(qtee_invoke(c->fd, counter, QTEE_COUNTER_NEW, &p, 1, &ret), 0);
			ASSERT_EQ(ret, 0);
			/* The same numbers again: the table does not grow. */
			ASSERT_EQ(p.a, counter + i);
		}
		for (unsigned int i = 1; i <= AT_ONCE; i++)
			ASSERT_RC(qtee_invoke(c->fd, counter + i, QTEE_OP_RELEASE, NULL, 0, &ret),
				  0);
		ASSERT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported, PATIENCE_MS));
	}
}

/* Of the process: passed, kept, let go, and the process is told. */
static void pass_objects(struct qtee_client *c, uint64_t keeper, unsigned int count)
{
	struct tee_ioctl_param keep[KEPT];
	uint32_t all = KEPT;
	struct tee_ioctl_param release = UBUF_IN(&all, sizeof(all));
	uint64_t remotes = world_counter(SIM_COUNTER_QTEE_REMOTES);
	unsigned int told = c->server.releases;

	for (unsigned int i = 0; i < KEPT; i++)
		keep[i] = (struct tee_ioctl_param)OBJECT_USER(CALLEE + i);
	for (unsigned int i = 0; i < count; i += KEPT) {
		ASSERT_EQ(qtee_must_invoke(c->fd, keeper, QTEE_KEEPER_KEEP, keep, KEPT), 0);
		ASSERT_EQ(qtee_must_invoke(c->fd, keeper, QTEE_KEEPER_RELEASE, &release, 1), 0);
		told += KEPT;
	}
	EXPECT(qtee_wait_releases(&c->server, told));
	EXPECT_EQ(c->server.releases, told);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_REMOTES), remotes);
}

static void objects(unsigned int of_qtee, unsigned int of_ours)
{
	uint64_t counter, keeper, heap, made, end;
	unsigned long kib, now;
	struct qtee_client c;

	world_need();
	qtee_client_open(&c, NULL, 1);
	keeper = qtee_service(&c, QTEE_UID_KEEPER);
	counter = qtee_service(&c, QTEE_UID_COUNTER);
	make_objects(&c, counter, SETTLED);
	pass_objects(&c, keeper, SETTLED);
	heap = world_counter(SIM_COUNTER_HEAP_BYTES);
	made = world_counter(SIM_COUNTER_QTEE_OBJECTS);
	kib = memory_available_kib();
	make_objects(&c, counter, of_qtee);
	pass_objects(&c, keeper, of_ours);
	EXPECT_EQ(world_counter(SIM_COUNTER_HEAP_BYTES), heap);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_OBJECTS), made);
	/* 64 octets, the least there is, lost each time would be more than other things take. */
	end = clock_ms() + PATIENCE_MS;
	while ((now = memory_available_kib()) + LOST_KIB <= kib && clock_ms() < end)
		sleep_ms(50);
	EXPECT_MSG(now + LOST_KIB > kib, "%lu KiB are gone after %u", kib - now,
		   of_qtee + of_ours);
	qtee_client_close(&c);
}

TEST(three_hundred_objects_of_both_sides_come_and_go)
{
	/* The packaged driver waits for all CPUs, each time that one goes. */
	time_limit(120);
	objects(SETTLED, SETTLED);
}

TEST(ten_thousand_objects_come_and_go)
{
	if (!modules_are_ours() || kernel_is_slow())
		SKIP("takes long: three hundred are enough");
	if (kernel_is("6.12"))
		SKIP("there are a hundred thousand on this kernel");
	time_limit(120);
	objects(10000, 10000);
}

TEST(hundred_thousand_objects_come_and_go)
{
	if (!modules_are_ours() || !kernel_is("6.12") || kernel_is_slow())
		SKIP("takes long: once is enough, with our modules on 6.12");
	time_limit(300);
	objects(100000, 100000);
}
