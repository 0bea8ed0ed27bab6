// SPDX-License-Identifier: BSD-2-Clause
/*
 * Clients of Trusted Services: who they say they are, several in the same sessions, on CPUs that go, and
 * what is seen of them.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/ts_storage.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "klog.h"
#include "look.h"
#include "setting.h"
#include "sysfs.h"
#include "tracing.h"
#include "ts.h"
#include "world.h"

#define THREADS		4
#define ROUNDS		200
#define PATIENCE	"/sys/module/omnitee_ffa/parameters/patience_ms"
#define CPU_1_ONLINE	"/sys/devices/system/cpu/cpu1/online"
#define SPIN_MS		500
#define SPIN_MAX_MS	16000
/* Of a direct request. */
#define ABORTED_REQUEST	(0x6fULL << 32 | (uint32_t)FFA_ABORTED)
#define MOVES		2
#define MOVES_TRIED	20

static int open_as(int fd, const uint8_t *uuid, uint32_t login, uint8_t client, uint32_t *session)
{
	struct tee_open o = { .login = login };
	struct tee_answer answer = { 1, 1 };
	int rc;

	memcpy(o.uuid, uuid, sizeof(o.uuid));
	memset(o.client, client, sizeof(o.client));
	rc = tee_open_session(fd, &o, NULL, 0, &answer);
	if (!rc) {
		EXPECT_EQ(answer.ret, 0);
		EXPECT_GT(o.session, 0);
	}
	*session = o.session;
	return rc;
}

/* Whether it is one that there is or not, or a group that it is not in: no partition is told. */
TEST(client_may_say_what_it_likes_of_itself)
{
	static const uint32_t logins[] = {
		TEE_IOCTL_LOGIN_PUBLIC, TEE_IOCTL_LOGIN_USER, TEE_IOCTL_LOGIN_GROUP, 3,
		TEE_IOCTL_LOGIN_APPLICATION, TEE_IOCTL_LOGIN_USER_APPLICATION,
		TEE_IOCTL_LOGIN_GROUP_APPLICATION, 7, 0x7fffffff, 0xc0000000, 0xffffffff,
	};
	uint32_t session, first;
	int fd = ts_find_service(ts_its, &first);

	for (unsigned int n = 0; n < ARRAY_SIZE(logins); n++) {
		ASSERT_RC(open_as(fd, ts_its, logins[n], 0x5a, &session), 0);
		EXPECT_NE(session, first);
		EXPECT_RC(tee_close_session(fd, session), 0);
	}
	EXPECT_RC(tee_close_session(fd, first), 0);
	close(fd);
	ts_unload();
}

/* Of these it is the subsystem that refuses, whatever the driver. */
TEST(client_of_user_space_is_not_the_kernel)
{
	static const uint32_t logins[] = { 0x80000000, 0x80000001, 0xbfffffff };
	uint32_t session;
	int fd = ts_find_service(ts_its, &session);

	for (unsigned int n = 0; n < ARRAY_SIZE(logins); n++)
		EXPECT_RC(open_as(fd, ts_its, logins[n], 0, &session), -EPERM);
	close(fd);
	ts_unload();
}

/* Each of the 16 octets counts, and in the order in which they are printed. */
TEST(service_has_its_uuid_and_no_other)
{
	static const uint8_t protocol[TS_UUID_SIZE] = TS_PROTOCOL_UUID;
	uint8_t uuid[TS_UUID_SIZE] = { 0 };
	uint32_t session;
	int fd = ts_find_service(ts_its, &session);

	EXPECT_RC(open_as(fd, uuid, 0, 0, &session), -ENODEV);
	memset(uuid, 0xff, sizeof(uuid));
	EXPECT_RC(open_as(fd, uuid, 0, 0, &session), -ENODEV);
	/* The device's, by which partitions are found. */
	EXPECT_RC(open_as(fd, protocol, 0, 0, &session), -ENODEV);
	for (unsigned int n = 0; n < sizeof(uuid); n++) {
		memcpy(uuid, ts_its, sizeof(uuid));
		uuid[n] ^= 1;
		EXPECT_MSG(open_as(fd, uuid, 0, 0, &session) == -ENODEV, "octet %u", n);
	}
	/* As others have them in memory: its first three fields in little-endian. */
	for (unsigned int n = 0; n < 4; n++)
		uuid[n] = ts_its[3 - n];
	for (unsigned int n = 0; n < 4; n++)
		uuid[4 + n] = ts_its[4 + (n ^ 1)];
	memcpy(uuid + 8, ts_its + 8, 8);
	EXPECT_RC(open_as(fd, uuid, 0, 0, &session), -ENODEV);
	EXPECT_RC(open_as(fd, ts_its, 0, 0, &session), 0);
	close(fd);
	ts_unload();
}

/**
 * struct race - threads of one connection
 * @barrier: each round begins and ends there
 * @fd: device
 * @session: of this round
 * @id: memory of this round
 * @stop: there are no more
 * @closed: how many have closed @session
 */
struct race {
	pthread_barrier_t barrier;
	int fd;
	uint32_t session;
	int id;
	bool stop;
	unsigned int closed;
};

static void *close_or_call(void *arg)
{
	struct race *r = arg;

	for (;;) {
		uint64_t length = 0;
		int32_t status;
		int rc;

		pthread_barrier_wait(&r->barrier);
		if (r->stop)
			return NULL;
		rc = ts_call(r->fd, r->session, TS_STORAGE_GET_SUPPORT, r->id, &length, &status);
		EXPECT(rc == 0 || rc == -EINVAL);
		if (!rc) {
			EXPECT_EQ(status, TS_PSA_SUCCESS);
			EXPECT_EQ(length, sizeof(struct ts_storage_support));
		}
		rc = tee_close_session(r->fd, r->session);
		EXPECT(rc == 0 || rc == -EINVAL);
		if (!rc)
			__atomic_add_fetch(&r->closed, 1, __ATOMIC_RELAXED);
		pthread_barrier_wait(&r->barrier);
	}
}

/* While a thread opens others and lets memory go that they are about to name. */
TEST(session_is_closed_by_one_of_those_who_try)
{
	pthread_t threads[THREADS];
	struct race r = { };
	struct tee_buf buf;
	uint32_t other;

	time_limit(120);
	r.fd = ts_find_service(ts_its, &other);
	ASSERT_EQ(pthread_barrier_init(&r.barrier, NULL, THREADS + 1), 0);
	for (int n = 0; n < THREADS; n++)
		ASSERT_EQ(pthread_create(&threads[n], NULL, close_or_call, &r), 0);
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		ASSERT_RC(ts_open_service(r.fd, ts_its, &r.session), 0);
		ASSERT_RC(tee_alloc(r.fd, TS_MEMORY, &buf), 0);
		r.id = buf.id;
		r.closed = 0;
		pthread_barrier_wait(&r.barrier);
		EXPECT_RC(tee_close_session(r.fd, other), 0);
		if (round & 1)
			tee_free(&buf);
		/* It may get the number that the others are closing, but then that is closed. */
		EXPECT_RC(ts_open_service(r.fd, ts_its, &other), 0);
		pthread_barrier_wait(&r.barrier);
		if (!(round & 1))
			tee_free(&buf);
		if (other == r.session) {
			/* One of them may have closed this one, too. */
			EXPECT_GE(r.closed, 1);
			EXPECT_LE(r.closed, 2);
			if (r.closed == 2)
				EXPECT_RC(ts_open_service(r.fd, ts_its, &other), 0);
		} else {
			EXPECT_EQ(r.closed, 1);
		}
	}
	r.stop = true;
	pthread_barrier_wait(&r.barrier);
	for (int n = 0; n < THREADS; n++)
		pthread_join(threads[n], NULL);
	EXPECT_RC(tee_close_session(r.fd, other), 0);
	/* None is left. */
	for (uint32_t session = 0; session < 16; session++)
		EXPECT_RC(tee_close_session(r.fd, session), -EINVAL);
	close(r.fd);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

/**
 * struct spinner - a call of the test runner, on CPU 1 until that goes
 * @client: connection
 * @ms: how long the partition works
 * @done: it has answered
 */
struct spinner {
	struct ts_client client;
	unsigned int ms;
	bool done;
};

static void *spin_on_cpu_1(void *arg)
{
	struct spinner *s = arg;
	char name[32];
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	snprintf(name, sizeof(name), "spin:%u", s->ms);
	EXPECT_RC(ts_run_test(s->client.fd, s->client.session, &s->client.buf, name), 0);
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* Waits for its turn meanwhile, wherever. */
static void *call_next(void *arg)
{
	struct ts_client *c = arg;

	EXPECT_RC(ts_run_test(c->fd, c->session, &c->buf, "time"), 0);
	return NULL;
}

/* For as long as it takes: it may have answered before the CPU has gone. Then it works for longer. */
TEST(call_goes_on_elsewhere_when_its_cpu_goes)
{
	struct spinner s = { .ms = SPIN_MS };
	struct ts_client waiting;
	pthread_t thread, next;
	unsigned int moved = 0;

	if (access(CPU_1_ONLINE, W_OK))
		SKIP("CPUs cannot be taken away");
	time_limit(120);
	ts_client_open(&s.client, ts_runner);
	waiting = s.client;
	ASSERT_RC(tee_alloc(waiting.fd, TS_MEMORY, &waiting.buf), 0);
	for (unsigned int n = 0; n < MOVES_TRIED && moved < MOVES; n++) {
		uint64_t elsewhere = world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
		uint64_t interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);

		s.done = false;
		ASSERT_EQ(pthread_create(&thread, NULL, spin_on_cpu_1, &s), 0);
		while (world_counter(SIM_COUNTER_FFA_INTERRUPTS) == interrupts &&
		       !__atomic_load_n(&s.done, __ATOMIC_ACQUIRE))
			sleep_ms(2);
		ASSERT_EQ(pthread_create(&next, NULL, call_next, &waiting), 0);
		ASSERT_RC(sysfs_write(CPU_1_ONLINE, "0"), 0);
		pthread_join(thread, NULL);
		pthread_join(next, NULL);
		ASSERT_RC(sysfs_write(CPU_1_ONLINE, "1"), 0);
		if (world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE) > elsewhere)
			moved++;
		else if (s.ms < SPIN_MAX_MS)
			s.ms *= 2;
	}
	EXPECT_EQ(moved, MOVES);
	tee_free(&waiting.buf);
	ts_client_close(&s.client);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

/* Whoever has the transport: the kernel's own comes back with the answer, and not before. */
TEST(answer_that_is_late_is_reported_once)
{
	struct ts_client c;
	int log;

	ts_client_open(&c, ts_runner);
	setting_set(PATIENCE, "200");
	log = klog_open();
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "spin:1000"), 0);
	EXPECT_EQ(klog_count(log, "has waited for an answer for"), 1);
	/* One that is in time is not. */
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "time"), 0);
	setting_set(PATIENCE, "10000");
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "spin:1000"), 0);
	EXPECT_EQ(klog_count(log, "has waited for an answer for"), 0);
	close(log);
	ts_client_close(&c);
	ts_unload();
}

/* Whoever may open the node could fill the log. */
TEST(calls_that_fail_cost_no_line)
{
	static const uint8_t nobody[TS_UUID_SIZE] = { 1, 2, 3 };
	struct tee_answer answer;
	struct ts_client c;
	int log;

	ts_client_open(&c, ts_its);
	log = klog_open();
	for (unsigned int n = 0; n < 20; n++) {
		struct tee_ioctl_param bad = VALUE_INOUT(0, 4);
		uint64_t length = 0;
		uint32_t session;
		int32_t status;

		EXPECT_RC(open_as(c.fd, nobody, 0, 0, &session), -ENODEV);
		EXPECT_RC(tee_close_session(c.fd, 77), -EINVAL);
		EXPECT_RC(tee_invoke(c.fd, c.session, 1, &bad, 1, &answer), -EINVAL);
		EXPECT_RC(ts_call(c.fd, c.session, 0x7fff, c.buf.id, &length, &status), -EINVAL);
		world_fault(SIM_FAULT_FFA_ERROR, 1, ABORTED_REQUEST);
		EXPECT_RC(ts_call(c.fd, c.session, TS_STORAGE_GET_SUPPORT, c.buf.id, &length,
				  &status), -ECANCELED);
		world_fault(SIM_FAULT_FFA_ANSWER, 1, 3ULL << 32 | 0x80000000);
		EXPECT_RC(ts_call(c.fd, c.session, TS_STORAGE_GET_SUPPORT, c.buf.id, &length,
				  &status), -EPROTO);
	}
	EXPECT_EQ(klog_count(log, "ffa"), 0);
	EXPECT_EQ(klog_count(log, "tee"), 0);
	close(log);
	ts_client_close(&c);
	ts_unload();
}

/* In pairs, with who was asked for what, and what came of it. */
TEST(messages_are_seen_from_their_beginning_to_their_end)
{
	char partition[32], what[64];
	struct tee_ioctl_version_data version;
	uint64_t length = 0;
	struct ts_client c;
	int32_t status;
	int fd;

	fd = ts_find_service(ts_its, &c.session);
	ASSERT_RC(tee_version(fd, &version), 0);
	snprintf(partition, sizeof(partition), "partition=%04x", version.impl_caps);
	tracing_begin("tstee");
	tracing_follow();
	ASSERT_RC(ts_open_service(fd, ts_its, &c.session), 0);
	ASSERT_RC(tee_alloc(fd, TS_MEMORY, &c.buf), 0);
	ASSERT_RC(ts_call(fd, c.session, TS_STORAGE_GET_SUPPORT, c.buf.id, &length, &status), 0);
	/* What the partition cannot decode has a status of its own, and is no error of the message. */
	length = 0;
	EXPECT_RC(ts_call(fd, c.session, TS_STORAGE_GET, c.buf.id, &length, &status), -EINVAL);
	world_fault(SIM_FAULT_FFA_ERROR, 1, ABORTED_REQUEST);
	EXPECT_RC(ts_call(fd, c.session, TS_STORAGE_GET_SUPPORT, c.buf.id, &length, &status),
		  -ECANCELED);
	tee_free(&c.buf);
	EXPECT_RC(tee_close_session(fd, c.session), 0);
	tracing_end();

	/* Service info, retrieve; the services' numbers begin at 0. */
	snprintf(what, sizeof(what), "%s interface=255 opcode=0x3 ", partition);
	tracing_next("tstee_call_begin", what);
	EXPECT_GT(look_number(tracing_next("tstee_call_end", what), "ns"), 0);
	snprintf(what, sizeof(what), "%s interface=255 opcode=0x1 ", partition);
	tracing_next("tstee_call_begin", what);
	tracing_next("tstee_call_end", what);
	snprintf(what, sizeof(what), "%s interface=0 opcode=0x106 ", partition);
	tracing_next("tstee_call_begin", what);
	EXPECT(strstr(tracing_next("tstee_call_end", what), "worker=0 error=0 status=0 "));
	snprintf(what, sizeof(what), "%s interface=0 opcode=0x101 ", partition);
	EXPECT(strstr(tracing_next("tstee_call_end", what), "error=0 status=-6 "));
	snprintf(what, sizeof(what), "%s interface=0 opcode=0x106 ", partition);
	EXPECT(strstr(tracing_next("tstee_call_end", what), "error=-125 "));
	snprintf(what, sizeof(what), "%s interface=255 opcode=0x2 ", partition);
	tracing_next("tstee_call_begin", what);
	tracing_next("tstee_call_end", what);
	/* Closing a session is no message. */
	EXPECT_EQ(tracing_count("tstee_call_begin"), 6);
	EXPECT_EQ(tracing_count("tstee_call_end"), 6);
	close(fd);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}
