// SPDX-License-Identifier: BSD-2-Clause
/* Many clients on few secure threads. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define CLIENTS		64
#define MEET_MS		PATIENCE_MS
/*
 * A machine that is busy with something else keeps a CPU from all or some at times, which looks as
 * if few ran at once, or as if a queue were unfair; what is so is so each time.
 */
#define TRIES		5

/**
 * struct crowd - what the clients of a case share
 * @fd: device, or -1: each opens its own
 * @stop: end of the case
 * @calls: done by each client
 * @slowest_ms: longest call of each client
 */
struct crowd {
	int fd;
	atomic_bool stop;
	uint32_t calls[CLIENTS];
	uint64_t slowest_ms[CLIENTS];
	pthread_barrier_t begin;
	uint32_t (*body)(struct crowd *crowd, const struct client *c, uint32_t n);
	const uint8_t *app;
};

struct member {
	struct crowd *crowd;
	uint32_t n;
};

static void *member_thread(void *arg)
{
	struct member *m = arg;
	struct crowd *crowd = m->crowd;
	struct client c = { .fd = crowd->fd };

	if (c.fd < 0)
		c.fd = client_device();
	c.session = client_session(c.fd, crowd->app);
	pthread_barrier_wait(&crowd->begin);
	crowd->calls[m->n] = crowd->body(crowd, &c, m->n);
	ASSERT_RC(tee_close_session(c.fd, c.session), 0);
	if (crowd->fd < 0)
		close(c.fd);
	return NULL;
}

static void run_crowd(struct crowd *crowd, uint32_t count, unsigned int ms)
{
	static struct member members[CLIENTS];
	pthread_t threads[CLIENTS];

	atomic_store(&crowd->stop, false);
	pthread_barrier_init(&crowd->begin, NULL, count + 1);
	for (uint32_t i = 0; i < count; i++) {
		members[i] = (struct member){ crowd, i };
		ASSERT_EQ(pthread_create(&threads[i], NULL, member_thread, &members[i]), 0);
	}
	pthread_barrier_wait(&crowd->begin);
	if (ms)
		sleep_ms(ms);
	atomic_store(&crowd->stop, true);
	for (uint32_t i = 0; i < count; i++)
		ASSERT_EQ(pthread_join(threads[i], NULL), 0);
}

static void spin(const struct client *c, uint32_t ms)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(ms, 0), NO_PARAM };

	client_invoke(c, SLOW_CMD_SPIN, p, 2);
}

static uint32_t spin_few(struct crowd *crowd, const struct client *c, uint32_t n)
{
	for (int i = 0; i < 3; i++)
		spin(c, 20);
	return 3;
}

static uint32_t echo_many(struct crowd *crowd, const struct client *c, uint32_t n)
{
	for (uint32_t i = 0; i < 30; i++)
		client_echo(c, n << 16 | i, ~i);
	return 30;
}

static uint32_t spin_until_stop(struct crowd *crowd, const struct client *c, uint32_t n)
{
	uint32_t calls = 0;

	while (!atomic_load(&crowd->stop)) {
		uint64_t begin = clock_ms(), took;

		spin(c, 2);
		took = clock_ms() - begin;
		if (took > crowd->slowest_ms[n])
			crowd->slowest_ms[n] = took;
		calls++;
	}
	return calls;
}

TEST(all_secure_threads_run_at_once_and_never_more)
{
	static struct crowd crowd = { .fd = -1, .body = spin_few, .app = app_slow };
	uint64_t threads, most, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int tries = TRIES;

	world_need();
	time_limit(60);
	client_device();
	threads = world_counter(SIM_COUNTER_THREADS);
	ASSERT_GE(threads, 1);
	/* Some are interrupted in the middle, if there are fewer CPUs. */
	most = threads < cpus ? threads : cpus;
	world_reset_marks();
	do {
		run_crowd(&crowd, CLIENTS, 0);
	} while (world_counter(SIM_COUNTER_THREADS_RUNNING_MAX) < most && --tries);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RUNNING_MAX), most);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED_MAX), threads);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 0);
}

TEST(marks_can_be_low)
{
	struct client echo;

	world_need();
	client_open(&echo, app_echo);
	world_reset_marks();
	for (int i = 0; i < 10; i++)
		client_echo(&echo, i, i);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RUNNING_MAX), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED_MAX), 1);
	client_close(&echo);
}

TEST(sixty_four_contexts_get_their_own_answers)
{
	static struct crowd crowd = { .fd = -1, .body = echo_many, .app = app_echo };

	time_limit(60);
	client_device();
	run_crowd(&crowd, CLIENTS, 0);
}

TEST(sixty_four_threads_of_one_context_get_their_own_answers)
{
	static struct crowd crowd = { .body = echo_many, .app = app_echo };

	time_limit(60);
	crowd.fd = client_device();
	run_crowd(&crowd, CLIENTS, 0);
}

static struct {
	struct client c;
	uint32_t wanted;
	uint32_t ms;
	uint32_t ret[CLIENTS];
} meeting;

static void *meet_thread(void *arg)
{
	struct tee_ioctl_param p = VALUE_IN(meeting.wanted, meeting.ms);
	struct tee_answer answer;
	uint32_t *ret = arg;

	ASSERT_RC(tee_invoke(meeting.c.fd, meeting.c.session, SLOW_CMD_MEET, &p, 1, &answer), 0);
	*ret = answer.ret;
	return NULL;
}

static void meet(uint32_t calls, uint32_t wanted, uint32_t ms, uint32_t want_ret)
{
	pthread_t threads[CLIENTS];

	client_open(&meeting.c, app_slow);
	meeting.wanted = wanted;
	meeting.ms = ms;
	for (uint32_t i = 0; i < calls; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, meet_thread, &meeting.ret[i]), 0);
	for (uint32_t i = 0; i < calls; i++) {
		ASSERT_EQ(pthread_join(threads[i], NULL), 0);
		EXPECT_EQ(meeting.ret[i], want_ret);
	}
	client_close(&meeting.c);
}

TEST(as_many_calls_as_threads_meet)
{
	uint64_t threads;

	world_need();
	client_device();
	threads = world_counter(SIM_COUNTER_THREADS);
	meet(threads, threads, MEET_MS, TEE_SUCCESS);
}

TEST(one_call_more_than_threads_never_meets)
{
	uint64_t threads;

	world_need();
	client_device();
	threads = world_counter(SIM_COUNTER_THREADS);
	meet(threads, threads + 1, 300, TEE_ERROR_TIMEOUT);
}

/* How many calls those who got least and most have had, and all together. */
static void count_calls(const struct crowd *crowd, uint32_t count, uint32_t *least, uint32_t *most,
			uint32_t *total)
{
	*least = UINT32_MAX;
	*most = 0;
	*total = 0;
	for (uint32_t i = 0; i < count; i++) {
		*total += crowd->calls[i];
		if (crowd->calls[i] < *least)
			*least = crowd->calls[i];
		if (crowd->calls[i] > *most)
			*most = crowd->calls[i];
	}
}

/* So many callers for so long: each makes at least this part of the mean. */
static void nobody_starves(struct crowd *crowd, uint32_t clients, unsigned int ms, uint32_t part)
{
	uint32_t total, least, most;
	unsigned int tries = TRIES;

	if (modules_are_stock())
		SKIP("the packaged driver lets newcomers pass those who wait");
	time_limit(60);
	crowd->fd = client_device();
	do {
		run_crowd(crowd, clients, ms);
		count_calls(crowd, clients, &least, &most, &total);
	} while (least * part < total / clients && --tries);
	EXPECT_MSG(least * part >= total / clients, "one caller got %u calls, the mean is %u",
		   least, total / clients);
}

TEST(no_caller_starves)
{
	static struct crowd crowd = { .body = spin_until_stop, .app = app_slow };

	nobody_starves(&crowd, CLIENTS, 4000, 4);
}

static uint32_t echo_until_stop(struct crowd *crowd, const struct client *c, uint32_t n)
{
	uint32_t calls = 0;

	while (!atomic_load(&crowd->stop))
		client_echo(c, n, calls++);
	return calls;
}

/* Whoever runs may come first then, but not for ever. */
TEST(no_caller_starves_while_calls_are_short)
{
	static struct crowd crowd = { .body = echo_until_stop, .app = app_echo };

	nobody_starves(&crowd, 32, 3000, 8);
}

TEST(callers_are_served_in_turn)
{
	static struct crowd crowd = { .body = spin_until_stop, .app = app_slow };
	uint32_t total, least, most;
	unsigned int tries = TRIES;

	if (modules_are_stock())
		SKIP("the packaged driver lets newcomers pass those who wait");
	time_limit(60);
	crowd.fd = client_device();
	do {
		run_crowd(&crowd, 32, 3000);
		count_calls(&crowd, 32, &least, &most, &total);
	} while (most > 2 * least + 4 && --tries);
	EXPECT_MSG(most <= 2 * least + 4, "callers got between %u and %u calls", least, most);
}

TEST(counting_driver_is_never_turned_away)
{
	static struct crowd crowd = { .body = echo_many, .app = app_echo };
	uint64_t limits;

	world_need();
	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("the driver of 6.1 does not count threads");
	crowd.fd = client_device();
	time_limit(60);
	limits = world_counter(SIM_COUNTER_THREAD_LIMITS);
	run_crowd(&crowd, CLIENTS, 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREAD_LIMITS), limits);
}
