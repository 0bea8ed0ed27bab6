// SPDX-License-Identifier: BSD-2-Clause
/* A partition that works for long, on a machine that has other things to do. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
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
