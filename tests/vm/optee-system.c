// SPDX-License-Identifier: BSD-2-Clause
/* System contexts and system sessions: calls that do not wait for ordinary ones. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "abi/optee_system.h"
#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "held.h"
#include "kernel-client.h"
#include "sysfs.h"
#include "world.h"

#define HOLDERS		16
#define THREAD_COUNT	"/sys/module/optee/parameters/thread_count"
#define HOLD_MS		25000
/* Long enough for a call that does not wait to come back. */
#define SETTLE_MS	300

static const uint8_t app_hog[] = APP_HOG_UUID;

/**
 * struct holder - a thread whose call stays in the secure world until held_release()
 * @thread: it
 * @fd: a client's device, or a client's in the kernel
 * @session: of hog
 * @in_kernel: which of these
 * @done: the call is over
 */
struct holder {
	pthread_t thread;
	int fd;
	uint32_t session;
	bool in_kernel;
	atomic_bool done;
};

static struct holder holders[HOLDERS];
static unsigned int num_holders;
static uint64_t threads;

static void *hold(void *arg)
{
	struct tee_ioctl_param p = VALUE_IN(scaled(HOLD_MS), 0);
	struct holder *h = arg;
	struct tee_answer answer;
	uint64_t ms = scaled(HOLD_MS);
	uint32_t ret;

	if (h->in_kernel) {
		EXPECT_RC(kernel_invoke(h->fd, h->session, HOG_CMD_HOLD, 1, &ms, &ret), 0);
		EXPECT_EQ(ret, TEE_SUCCESS);
	} else {
		EXPECT_RC(tee_invoke(h->fd, h->session, HOG_CMD_HOLD, &p, 1, &answer), 0);
		EXPECT_EQ(answer.ret, TEE_SUCCESS);
	}
	atomic_store(&h->done, true);
	return NULL;
}

static struct holder *begin_hold(int fd, uint32_t session, bool in_kernel)
{
	struct holder *h = &holders[num_holders++];

	ASSERT_LE(num_holders, HOLDERS);
	*h = (struct holder){ .fd = fd, .session = session, .in_kernel = in_kernel };
	ASSERT_EQ(pthread_create(&h->thread, NULL, hold, h), 0);
	return h;
}

/* Those that waited begin to hold when others end: until none is left. */
static void release_all(void)
{
	for (unsigned int i = 0; i < num_holders; i++) {
		while (!atomic_load(&holders[i].done)) {
			held_release();
			sleep_ms(5);
		}
		ASSERT_EQ(pthread_join(holders[i].thread, NULL), 0);
	}
	num_holders = 0;
}

/* More ordinary callers than threads; as many as may have one. */
static void crowd(struct client *hog, unsigned int expected)
{
	for (uint64_t i = 0; i < threads; i++)
		begin_hold(hog->fd, hog->session, false);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, expected, PATIENCE_MS));
	sleep_ms(SETTLE_MS);
	ASSERT_EQ(world_counter(SIM_COUNTER_THREADS_USED), expected);
}

/*
 * Over FF-A nobody tells the driver how many threads there are. What it has learnt may be one more or
 * less, or in doubt, and a reservation settles that as it is.
 */
static void tell_number(void)
{
	char parameter[32], now[16];

	snprintf(parameter, sizeof(parameter), "thread_count=%u", (unsigned int)threads);
	ASSERT_RC(sysfs_read(THREAD_COUNT, now, sizeof(now)), 0);
	if (strtoul(now, NULL, 10) != threads)
		driver_reload(parameter);
}

static void need_contexts(void)
{
	if (modules_are_stock())
		SKIP("the packaged drivers have no system contexts");
}

static int begin(void)
{
	world_need();
	close(client_device());
	time_limit(60);
	threads = world_counter(SIM_COUNTER_THREADS);
	ASSERT_GE(threads, 3);
	ASSERT_LE(threads, HOLDERS / 2);
	if (optee_is_over_ffa())
		tell_number();
	return kernel_client();
}

static void end(int fd)
{
	close(fd);
	kernel_client_unload();
	if (modules_are_ours())
		EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
}

TEST(reserved_call_does_not_wait_for_ordinary_ones)
{
	int fd = begin();
	struct client hog;
	uint32_t echo;

	need_contexts();
	client_open(&hog, app_hog);
	echo = kernel_session(fd, app_echo);
	ASSERT_RC(kernel_request(fd), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), world_reserved(1));
	crowd(&hog, threads - 1);
	for (int i = 0; i < 10; i++)
		kernel_echo(fd, echo, i);
	/* Everything of the context, not only what it calls. */
	ASSERT_RC(kernel_close_session(fd, kernel_session(fd, app_echo)), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads - 1);
	release_all();
	client_close(&hog);
	end(fd);
}

static atomic_bool echoed;

static void *echo_thread(void *arg)
{
	const uint32_t *fd_and_session = arg;

	kernel_echo((int)fd_and_session[0], fd_and_session[1], 1);
	atomic_store(&echoed, true);
	return NULL;
}

TEST(call_without_a_reservation_waits_for_ordinary_ones)
{
	int fd = begin();
	uint32_t arg[2] = { (uint32_t)fd };
	struct client hog;
	pthread_t thread;

	client_open(&hog, app_hog);
	arg[1] = kernel_session(fd, app_echo);
	crowd(&hog, threads);
	ASSERT_EQ(pthread_create(&thread, NULL, echo_thread, arg), 0);
	sleep_ms(SETTLE_MS);
	EXPECT(!atomic_load(&echoed));
	release_all();
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	client_close(&hog);
	end(fd);
}

TEST(as_many_calls_as_reservations_run_and_the_next_one_waits)
{
	int fd = begin();
	struct holder *in[2], *out;
	struct client hog;
	uint32_t session;

	need_contexts();
	client_open(&hog, app_hog);
	session = kernel_session(fd, app_hog);
	ASSERT_RC(kernel_request(fd), 0);
	ASSERT_RC(kernel_request(fd), 0);
	crowd(&hog, threads - 2);
	for (unsigned int i = 0; i < ARRAY_SIZE(in); i++)
		in[i] = begin_hold(fd, session, true);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	out = begin_hold(fd, session, true);
	sleep_ms(SETTLE_MS);
	EXPECT(!atomic_load(&in[0]->done));
	EXPECT(!atomic_load(&in[1]->done));
	EXPECT(!atomic_load(&out->done));
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads);
	release_all();
	client_close(&hog);
	end(fd);
}

TEST(one_thread_always_stays_for_ordinary_calls)
{
	int fd = begin();
	struct client echo;
	uint32_t session;

	need_contexts();
	client_open(&echo, app_echo);
	session = kernel_session(fd, app_hog);
	for (uint64_t i = 1; i < threads; i++)
		ASSERT_RC(kernel_request(fd), 0);
	EXPECT_RC(kernel_request(fd), -EINVAL);
	for (uint64_t i = 1; i < threads; i++)
		begin_hold(fd, session, true);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads - 1, PATIENCE_MS));
	for (int i = 0; i < 10; i++)
		client_echo(&echo, i, ~i);
	release_all();
	ASSERT_RC(kernel_release(fd), 0);
	EXPECT_RC(kernel_request(fd), 0);
	client_close(&echo);
	end(fd);
}

TEST(reservations_are_released_one_by_one_and_no_more)
{
	int fd = begin();

	need_contexts();
	EXPECT_RC(kernel_release(fd), -EINVAL);
	ASSERT_RC(kernel_request(fd), 0);
	ASSERT_RC(kernel_request(fd), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), world_reserved(2));
	EXPECT_RC(kernel_release(fd), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), world_reserved(1));
	EXPECT_RC(kernel_release(fd), 0);
	EXPECT_RC(kernel_release(fd), -EINVAL);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
	end(fd);
}

TEST(reservations_end_with_their_context)
{
	int fd = begin(), other;

	need_contexts();
	other = kernel_client();
	for (uint64_t i = 1; i < threads; i++)
		ASSERT_RC(kernel_request(fd), 0);
	EXPECT_RC(kernel_request(other), -EINVAL);
	close(fd);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
	for (uint64_t i = 1; i < threads; i++)
		ASSERT_RC(kernel_request(other), 0);
	end(other);
}

#define REQUESTERS	8

static void *request_and_release(void *arg)
{
	int fd = *(int *)arg;

	for (int i = 0; i < 200; i++) {
		int rc = kernel_request(fd);

		if (rc == -EINVAL)
			continue;
		ASSERT_RC(rc, 0);
		ASSERT_RC(kernel_release(fd), 0);
	}
	return NULL;
}

TEST(requests_and_releases_by_many_threads_add_up)
{
	pthread_t requesters[REQUESTERS];
	struct client echo;
	int fd = begin();

	need_contexts();
	client_open(&echo, app_echo);
	for (int i = 0; i < REQUESTERS; i++)
		ASSERT_EQ(pthread_create(&requesters[i], NULL, request_and_release, &fd), 0);
	for (int i = 0; i < 100; i++)
		client_echo(&echo, i, i);
	for (int i = 0; i < REQUESTERS; i++)
		ASSERT_EQ(pthread_join(requesters[i], NULL), 0);
	EXPECT_RC(kernel_release(fd), -EINVAL);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
	/* All places are there: as many may be kept back as ever. */
	for (uint64_t i = 1; i < threads; i++)
		EXPECT_RC(kernel_request(fd), 0);
	EXPECT_RC(kernel_request(fd), -EINVAL);
	client_close(&echo);
	end(fd);
}

static void need_sessions(void)
{
	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("the packaged driver of 6.1 has no system sessions");
}

TEST(system_session_does_not_wait_for_ordinary_calls)
{
	int fd = begin();
	struct client hog;
	uint32_t echo;

	need_sessions();
	client_open(&hog, app_hog);
	echo = kernel_session(fd, app_echo);
	ASSERT_RC(kernel_system_session(fd, echo), 0);
	crowd(&hog, threads - 1);
	for (int i = 0; i < 10; i++)
		kernel_echo(fd, echo, i);
	/* Closed in spite of them, too; its place is an ordinary one then. */
	ASSERT_RC(kernel_close_session(fd, echo), 0);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	release_all();
	client_close(&hog);
	end(fd);
}

TEST(system_sessions_share_one_thread)
{
	uint32_t echo[3];
	int fd = begin();
	struct client hog;

	need_sessions();
	client_open(&hog, app_hog);
	for (unsigned int i = 0; i < ARRAY_SIZE(echo); i++) {
		echo[i] = kernel_session(fd, app_echo);
		ASSERT_RC(kernel_system_session(fd, echo[i]), 0);
		/* The second time changes nothing. */
		ASSERT_RC(kernel_system_session(fd, echo[i]), 0);
	}
	ASSERT_RC(kernel_close_session(fd, echo[0]), 0);
	crowd(&hog, threads - 1);
	kernel_echo(fd, echo[1], 1);
	kernel_echo(fd, echo[2], 2);
	release_all();
	client_close(&hog);
	end(fd);
}

TEST(session_of_another_context_is_not_made_a_system_session)
{
	int fd = begin(), other;
	uint32_t echo;

	need_sessions();
	other = kernel_client();
	echo = kernel_session(other, app_echo);
	EXPECT_RC(kernel_system_session(fd, echo), -EINVAL);
	EXPECT_RC(kernel_system_session(fd, echo + 1000), -EINVAL);
	EXPECT_RC(kernel_system_session(other, echo), 0);
	ASSERT_RC(kernel_close_session(other, echo), 0);
	EXPECT_RC(kernel_system_session(other, echo), -EINVAL);
	close(other);
	end(fd);
}

#define SPINNERS	16

static pthread_barrier_t start;
static atomic_bool stop;
static atomic_uint turns[SPINNERS];

static void *spinner(void *arg)
{
	unsigned int n = (unsigned int)(uintptr_t)arg;
	struct client slow;

	client_open(&slow, app_slow);
	pthread_barrier_wait(&start);
	while (!atomic_load(&stop)) {
		struct tee_ioctl_param p[2] = { VALUE_IN(2, 0), NO_PARAM };

		client_invoke(&slow, SLOW_CMD_SPIN, p, 2);
		atomic_fetch_add(&turns[n], 1);
	}
	client_close(&slow);
	return NULL;
}

/* The turns that each has had since it had @before. */
static void count_turns(const unsigned int *before, unsigned int *least, unsigned int *most)
{
	*least = ~0U;
	*most = 0;
	for (int i = 0; i < SPINNERS; i++) {
		unsigned int n = atomic_load(&turns[i]) - before[i];

		*least = n < *least ? n : *least;
		*most = n > *most ? n : *most;
	}
}

/* Is true when nobody had many more turns than another while @fd's system calls were made. */
static bool turns_were_fair(int fd, uint32_t echo, unsigned int *least, unsigned int *most)
{
	unsigned int before[SPINNERS], calls = 0;

	for (int i = 0; i < SPINNERS; i++)
		before[i] = atomic_load(&turns[i]);
	do {
		kernel_echo(fd, echo, calls++);
		count_turns(before, least, most);
	} while (*most < rounds(64));
	return *most <= 2 * *least + 4;
}

/*
 * They are looked at while all of them run: sessions take long to open and to close beside calls
 * that spin. A machine that is busy with other things keeps a CPU from a caller at times, which
 * looks the same from here; a queue that is unfair is so each time.
 */
TEST(ordinary_callers_are_served_in_turn_beside_system_calls)
{
	static const unsigned int none[SPINNERS];
	unsigned int least, most, tries = 5;
	pthread_t spinners[SPINNERS];
	int fd = begin();
	uint32_t echo;
	bool fair;

	need_contexts();
	echo = kernel_session(fd, app_echo);
	ASSERT_RC(kernel_request(fd), 0);
	ASSERT_EQ(pthread_barrier_init(&start, NULL, SPINNERS + 1), 0);
	for (uintptr_t i = 0; i < SPINNERS; i++)
		ASSERT_EQ(pthread_create(&spinners[i], NULL, spinner, (void *)i), 0);
	pthread_barrier_wait(&start);
	do {
		usleep(1000);
		count_turns(none, &least, &most);
	} while (!least && most < 1000);
	EXPECT_MSG(least, "one caller had no turn while another had %u", most);
	do {
		fair = turns_were_fair(fd, echo, &least, &most);
	} while (!fair && --tries);
	atomic_store(&stop, true);
	for (int i = 0; i < SPINNERS; i++)
		ASSERT_EQ(pthread_join(spinners[i], NULL), 0);
	EXPECT_MSG(fair, "callers got between %u and %u calls", least, most);
	end(fd);
}

/* Makes the context's own driver reload, whatever happened before. */
static void reload_with(unsigned int mode, const char *parameters)
{
	struct sim_control c = { .op = SIM_OP_SYSTEM, .arg = { mode } };

	kernel_client_unload();
	ASSERT_RC(world_control(&c), 0);
	ASSERT_EQ(c.status, SMCCC_SUCCESS);
	driver_reload(parameters);
}

static void reload_as_it_was(int fd)
{
	close(fd);
	reload_with(SIM_SYSTEM_PRIVATE, "");
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
}

static void begin_reload(void)
{
	need_contexts();
	close(begin());
	time_limit(120);
}

/* The same, where the secure world is told something that the next driver finds. */
static void begin_settings(void)
{
	world_need();
	if (world_has_guests())
		SKIP("a guest ends with its driver, and the next one is told nothing");
	begin_reload();
}

/* Threads are kept back by the secure world itself when it is told so by fast calls. */
static void need_numbers(void)
{
	if (optee_is_over_ffa())
		SKIP("no fast calls over FF-A");
}

TEST(reservations_of_an_earlier_kernel_are_dropped)
{
	struct sim_smc smc = { .in = { OPTEE_SYSTEM_RESERVE, 1, 2 } };

	need_numbers();
	begin_settings();
	world_smc(&smc);
	ASSERT_EQ(smc.out[0], OPTEE_SMC_RETURN_OK);
	ASSERT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), world_reserved(1));
	kernel_client_unload();
	driver_reload("");
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
}

TEST(number_of_threads_is_learned_when_nobody_tells_it)
{
	struct client hog;
	uint64_t limits;
	int fd;

	begin_settings();
	world_fault(SIM_FAULT_THREAD_COUNT_HIDDEN, 1, 0);
	reload_with(SIM_SYSTEM_OFF, "");
	fd = kernel_client();
	/* Nothing can be promised yet. */
	EXPECT_RC(kernel_request(fd), -EINVAL);
	client_open(&hog, app_hog);
	limits = world_counter(SIM_COUNTER_THREAD_LIMITS);
	begin_hold(hog.fd, hog.session, false);
	crowd(&hog, threads);
	/* The one more has been turned away. */
	ASSERT(world_wait_min(SIM_COUNTER_THREAD_LIMITS, limits + 1, PATIENCE_MS));
	release_all();
	client_close(&hog);
	for (uint64_t i = 1; i < threads; i++)
		EXPECT_RC(kernel_request(fd), 0);
	EXPECT_RC(kernel_request(fd), -EINVAL);
	reload_as_it_was(fd);
}

TEST(number_of_threads_can_be_told_by_a_parameter)
{
	int fd;

	begin_settings();
	world_fault(SIM_FAULT_THREAD_COUNT_HIDDEN, 1, 0);
	reload_with(SIM_SYSTEM_OFF, "thread_count=3");
	fd = kernel_client();
	EXPECT_RC(kernel_request(fd), 0);
	EXPECT_RC(kernel_request(fd), 0);
	EXPECT_RC(kernel_request(fd), -EINVAL);
	reload_as_it_was(fd);
}

/* By whichever numbers: one thread is kept back, and the context's calls use it. */
static void one_is_kept_back(int fd, unsigned int by_the_world)
{
	struct client hog;
	uint32_t echo;

	client_open(&hog, app_hog);
	echo = kernel_session(fd, app_echo);
	ASSERT_RC(kernel_request(fd), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), by_the_world);
	crowd(&hog, threads - 1);
	for (int i = 0; i < 10; i++)
		kernel_echo(fd, echo, i);
	release_all();
	client_close(&hog);
}

TEST(driver_alone_keeps_threads_back_where_the_secure_world_does_not)
{
	char count[32] = "";
	int fd;

	begin_settings();
	/* Over FF-A nobody tells it. */
	if (optee_is_over_ffa())
		snprintf(count, sizeof(count), "thread_count=%u", (unsigned int)threads);
	reload_with(SIM_SYSTEM_OFF, count);
	fd = kernel_client();
	one_is_kept_back(fd, 0);
	reload_as_it_was(fd);
}

/* One of these numbers is for messages in registered memory; there is none for others. */
TEST(numbers_of_v2_are_used_when_both_sides_are_told_to)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_EXCHANGE_CAPABILITIES } };
	uint64_t caps = OPTEE_SMC_SEC_CAP_DYNAMIC_SHM | OPTEE_SMC_SEC_CAP_RPC_ARG;
	int fd;

	need_numbers();
	begin_settings();
	world_smc(&smc);
	ASSERT_EQ(smc.out[0], OPTEE_SMC_RETURN_OK);
	reload_with(SIM_SYSTEM_V2, "system_contexts=v2");
	fd = kernel_client();
	one_is_kept_back(fd, (smc.out[1] & caps) == caps);
	reload_as_it_was(fd);
}

TEST(numbers_of_v2_are_not_used_unasked)
{
	int fd;

	need_numbers();
	begin_settings();
	/* Its capability is what today's drivers take for RPMB_PROBE. */
	reload_with(SIM_SYSTEM_V2, "");
	fd = kernel_client();
	one_is_kept_back(fd, 0);
	close(fd);
	/* And the other way round. */
	reload_with(SIM_SYSTEM_PRIVATE, "system_contexts=v2");
	fd = kernel_client();
	one_is_kept_back(fd, 0);
	reload_as_it_was(fd);
}

TEST(context_has_no_more_ordinary_calls_than_it_may)
{
	struct client hog;
	int fd;

	begin_reload();
	kernel_client_unload();
	driver_reload("calls_per_context=2");
	fd = kernel_client();
	client_open(&hog, app_hog);
	crowd(&hog, 2);
	/* Others are not concerned. */
	kernel_echo(fd, kernel_session(fd, app_echo), 1);
	release_all();
	client_close(&hog);
	reload_as_it_was(fd);
}
