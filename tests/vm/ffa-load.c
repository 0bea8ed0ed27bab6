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

#define ROUNDS	20
#define TIMES	3

TEST(partition_that_works_for_seconds_stalls_nobody)
{
	time_limit(120);
	ffa_spin_under_load(6000, "3");
}

static void cpu_1_online(const char *text)
{
	ASSERT_RC(sysfs_write("/sys/devices/system/cpu/cpu1/online", text), 0);
}

/* On CPU 1, until that goes. */
static void *spin_on_cpu_1(void *arg)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	EXPECT_EQ(ffa_work(*(int *)arg, WORKER_CMD_SPIN, 500, 0, 0, NULL), FFA_OK);
	return NULL;
}

/* For as long as it takes: it may have answered before the CPU has gone. */
TEST(partition_goes_on_elsewhere_when_its_cpu_goes)
{
	uint64_t elsewhere, interrupts;
	unsigned int moved = 0;
	pthread_t thread;
	int fd;

	if (access("/sys/devices/system/cpu/cpu1/online", W_OK))
		SKIP("CPUs cannot be taken away");
	time_limit(120);
	fd = ffa_open_client();
	for (int i = 0; i < ROUNDS && moved < TIMES; i++) {
		elsewhere = world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
		interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
		ASSERT_EQ(pthread_create(&thread, NULL, spin_on_cpu_1, &fd), 0);
		EXPECT(world_wait_min(SIM_COUNTER_FFA_INTERRUPTS, interrupts + 1, PATIENCE_MS));
		cpu_1_online("0");
		pthread_join(thread, NULL);
		cpu_1_online("1");
		moved += world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE) > elsewhere;
	}
	EXPECT_EQ(moved, TIMES);
	close(fd);
	ffa_unload();
}
