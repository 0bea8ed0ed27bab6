// SPDX-License-Identifier: BSD-2-Clause
/* Partitions with much to do, on a machine that has other things to do. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "clock.h"
#include "harness.h"
#include "ffa.h"
#include "sysfs.h"
#include "world.h"

#define ROUNDS		20
#define TIMES		3
#define SPIN_MS		500
#define SPIN_MAX_MS	16000
/* The worker holds 8 pieces of memory; each is of several fragments of 16 KiB. */
#define SHARERS		4
#define SHARES		20
#define RANGES		3000

/* The kernel complains after 6 s. For a minute, and after 3 s: ffa-minute. */
TEST(partition_that_works_for_seconds_stalls_nobody)
{
	time_limit(120);
	ffa_spin_under_load(9000, "6");
}

static void cpu_1_online(const char *text)
{
	ASSERT_RC(sysfs_write("/sys/devices/system/cpu/cpu1/online", text), 0);
}

/**
 * struct spinner - a message that takes its time
 * @fd: client
 * @ms: how long the partition works
 * @done: it has answered
 */
struct spinner {
	int fd;
	uint32_t ms;
	bool done;
};

/* On CPU 1, until that goes. */
static void *spin_on_cpu_1(void *arg)
{
	struct spinner *s = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	EXPECT_EQ(ffa_work(s->fd, WORKER_CMD_SPIN, s->ms, 0, 0, NULL), FFA_OK);
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/*
 * For as long as it takes: it may have answered before the CPU has gone, and without an interrupt if
 * the machine stood still meanwhile. Then it works for longer the next time.
 */
TEST(partition_goes_on_elsewhere_when_its_cpu_goes)
{
	struct spinner s = { .ms = SPIN_MS };
	uint64_t elsewhere, interrupts;
	unsigned int moved = 0;
	pthread_t thread;

	if (access("/sys/devices/system/cpu/cpu1/online", W_OK))
		SKIP("CPUs cannot be taken away");
	time_limit(120);
	s.fd = ffa_open_client();
	for (int i = 0; i < ROUNDS && moved < TIMES; i++) {
		elsewhere = world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
		interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
		s.done = false;
		ASSERT_EQ(pthread_create(&thread, NULL, spin_on_cpu_1, &s), 0);
		while (world_counter(SIM_COUNTER_FFA_INTERRUPTS) == interrupts &&
		       !__atomic_load_n(&s.done, __ATOMIC_ACQUIRE))
			sleep_ms(2);
		cpu_1_online("0");
		pthread_join(thread, NULL);
		cpu_1_online("1");
		if (world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE) > elsewhere)
			moved++;
		else if (s.ms < SPIN_MAX_MS)
			s.ms *= 2;
	}
	EXPECT_EQ(moved, TIMES);
	close(s.fd);
	ffa_unload();
}

/**
 * struct sharer - a client with memory of its own
 * @fd: client
 * @fill: octet in each page of it
 */
struct sharer {
	int fd;
	uint32_t fill;
};

/* In several fragments; what another one sends between two of them would be a part of it. */
static void *share_in_fragments(void *arg)
{
	struct sharer *s = arg;

	for (unsigned int n = 0; n < rounds(SHARES); n++) {
		struct ffa_client_memory memory = {
			.partition = FFA_WORKER, .ranges = RANGES - n, .fill = s->fill, .lend = n & 1,
		};
		uint32_t low, high, result[3];

		ASSERT_RC(ioctl(s->fd, FFA_CLIENT_SHARE, &memory) ? -errno : 0, 0);
		low = memory.handle;
		high = memory.handle >> 32;
		ASSERT_EQ(ffa_work(s->fd, WORKER_CMD_RETRIEVE, low, high, 0, result), FFA_OK);
		EXPECT_EQ(result[0], memory.ranges);
		EXPECT_EQ(result[1], memory.ranges);
		EXPECT_EQ(ffa_work(s->fd, WORKER_CMD_SUM, low, high, 0, result), FFA_OK);
		EXPECT_EQ(result[0], s->fill * 4096 * memory.ranges);
		EXPECT_EQ(ffa_work(s->fd, WORKER_CMD_RELINQUISH, low, high, 0, NULL), FFA_OK);
		ASSERT_RC(ioctl(s->fd, FFA_CLIENT_RECLAIM, &memory) ? -errno : 0, 0);
	}
	return NULL;
}

TEST(memory_in_fragments_is_shared_by_several_at_once)
{
	struct sharer sharers[SHARERS];
	pthread_t threads[SHARERS];
	uint64_t shares;

	ffa_need_own_transport();
	time_limit(120);
	for (unsigned int n = 0; n < SHARERS; n++)
		sharers[n] = (struct sharer){ .fd = ffa_open_client(), .fill = n + 1 };
	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	for (unsigned int n = 0; n < SHARERS; n++)
		ASSERT_EQ(pthread_create(&threads[n], NULL, share_in_fragments, &sharers[n]), 0);
	for (unsigned int n = 0; n < SHARERS; n++)
		pthread_join(threads[n], NULL);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	for (unsigned int n = 0; n < SHARERS; n++)
		close(sharers[n].fd);
	ffa_unload();
}
