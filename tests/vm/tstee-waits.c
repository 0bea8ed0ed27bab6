// SPDX-License-Identifier: BSD-2-Clause
/* Who waits for a partition, or for a busy partition manager: frozen, killed, served at last. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "power.h"
#include "ts.h"
#include "world.h"

#define FOR_EVER	(1ULL << 40)
/* Number of a function and the error that it shall answer. */
#define ANSWER(number, status)	((uint64_t)(number) << 32 | (uint32_t)(status))
#define REQUEST		0x6f
#define SHARE		0x73
#define RECLAIM		0x77

/* The kernel's own transport lets nobody go before the partition answers. */
static void need_own_transport(void)
{
	if (kernel_is("newest"))
		SKIP("the kernel's own transport waits for the response");
}

/* How many had to wait for their turn, at all partitions. */
static long queued_so_far(void)
{
	FILE *file = fopen("/sys/kernel/debug/omnitee-ffa/partitions", "r");
	char line[512];
	long sum = 0, n;

	ASSERT(file);
	while (fgets(line, sizeof(line), file)) {
		const char *word = strstr(line, " waits=");

		if (word && sscanf(word, " waits=%ld", &n) == 1)
			sum += n;
	}
	fclose(file);
	return sum;
}

static void wait_until_queued(long count)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (queued_so_far() < count && clock_ms() < end)
		sleep_ms(5);
	ASSERT_GE(queued_so_far(), count);
}

static void expect_works(const struct ts_client *c)
{
	EXPECT_RC(ts_run_test(c->fd, c->session, &c->buf, "time"), 0);
}

static pid_t caller(const struct ts_client *c)
{
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		expect_works(c);
		_exit(0);
	}
	return pid;
}

/* In a call that never ends, as long as the fault is there. */
static pid_t caller_that_has_the_turn(const struct ts_client *c)
{
	uint64_t yields = world_counter(SIM_COUNTER_FFA_YIELDS);
	pid_t pid;

	world_fault(SIM_FAULT_FFA_YIELD, FOR_EVER, 0);
	pid = caller(c);
	ASSERT(world_wait_min(SIM_COUNTER_FFA_YIELDS, yields + 2, PATIENCE_MS));
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
}

static void *call_in_time(void *arg)
{
	expect_works(arg);
	return NULL;
}

TEST(partition_manager_that_is_busy_with_memory_is_asked_again)
{
	static const int errors[] = { FFA_BUSY, FFA_RETRY };
	struct tee_buf buf;
	struct ts_client c;
	uint64_t shares;

	ts_client_open(&c, ts_runner);
	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
		world_fault(SIM_FAULT_FFA_ERROR, 3, ANSWER(SHARE, errors[i]));
		ASSERT_RC(tee_alloc(c.fd, TS_MEMORY, &buf), 0);
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares + 1);
		world_fault(SIM_FAULT_FFA_ERROR, 3, ANSWER(RECLAIM, errors[i]));
		tee_free(&buf);
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	}
	EXPECT_EQ(ts_stat(c.fd, "lost"), 0);
	ts_client_close(&c);
	ts_unload();
}

/* It knows the handle, and may or may not have the memory. */
TEST(client_killed_while_the_partition_takes_its_memory_leaves_none)
{
	struct tee_buf buf;
	struct ts_client c;
	uint64_t shares, yields;
	pid_t pid;

	need_own_transport();
	ts_client_open(&c, ts_runner);
	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	yields = world_counter(SIM_COUNTER_FFA_YIELDS);
	world_fault(SIM_FAULT_FFA_YIELD, FOR_EVER, 0);
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		tee_alloc(c.fd, TS_MEMORY, &buf);
		_exit(0);
	}
	ASSERT(world_wait_min(SIM_COUNTER_FFA_YIELDS, yields + 2, PATIENCE_MS));
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares + 1);
	/* A worker has the message, and the memory until it has ended. */
	end(pid);
	EXPECT_EQ(ts_stat(c.fd, "handed-over"), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares + 1);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	EXPECT(world_wait(SIM_COUNTER_FFA_SHARES, shares, PATIENCE_MS));
	EXPECT_EQ(ts_stat(c.fd, "lost"), 0);
	ts_client_close(&c);
	ts_unload();
}

TEST(client_killed_before_its_turn_is_counted_as_given_up)
{
	pid_t first, second;
	struct ts_client c;
	long before;

	need_own_transport();
	ts_client_open(&c, ts_runner);
	first = caller_that_has_the_turn(&c);
	before = queued_so_far();
	second = caller(&c);
	wait_until_queued(before + 1);
	end(second);
	EXPECT_EQ(ts_stat(c.fd, "given-up"), 1);
	EXPECT_EQ(ts_stat(c.fd, "handed-over"), 0);
	end(first);
	EXPECT_EQ(ts_stat(c.fd, "handed-over"), 1);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	ts_client_close(&c);
	ts_unload();
}

TEST(client_killed_while_the_partition_is_in_other_hands_is_counted_as_given_up)
{
	struct ts_client c;
	uint64_t calls;
	pid_t pid;

	ts_client_open(&c, ts_runner);
	calls = world_counter(SIM_COUNTER_FFA_CALLS);
	world_fault(SIM_FAULT_FFA_ERROR, FOR_EVER, ANSWER(REQUEST, FFA_BUSY));
	pid = caller(&c);
	ASSERT(world_wait_min(SIM_COUNTER_FFA_CALLS, calls + 5, PATIENCE_MS));
	end(pid);
	world_fault(SIM_FAULT_FFA_ERROR, 0, 0);
	EXPECT_EQ(ts_stat(c.fd, "given-up"), 1);
	EXPECT_EQ(ts_stat(c.fd, "handed-over"), 0);
	expect_works(&c);
	ts_client_close(&c);
	ts_unload();
}

TEST(frozen_client_is_passed_over_and_served_when_it_thaws)
{
	pid_t first, second;
	struct ts_client c;
	pthread_t third;
	long before;
	int status;

	need_own_transport();
	ts_client_open(&c, ts_runner);
	group_make();
	first = caller_that_has_the_turn(&c);
	before = queued_so_far();
	second = caller(&c);
	wait_until_queued(before + 1);
	group_add(second);
	group_freeze();
	ASSERT_EQ(pthread_create(&third, NULL, call_in_time, &c), 0);
	wait_until_queued(before + 2);
	/* A worker ends its call, and lets the next one in. */
	end(first);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	pthread_join(third, NULL);
	EXPECT_EQ(waitpid(second, &status, WNOHANG), 0);
	group_thaw();
	ASSERT_EQ(waitpid(second, &status, 0), second);
	EXPECT_EQ(status, 0);
	expect_works(&c);
	ts_client_close(&c);
	ts_unload();
}
