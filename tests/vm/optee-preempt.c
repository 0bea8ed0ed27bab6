// SPDX-License-Identifier: BSD-2-Clause
/* Interrupts of the normal world are taken while the secure world works. */
#include <ctype.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "held.h"
#include "world.h"

#define FEW_INTERRUPTS	5

/**
 * struct spinner - a call of slow in a thread of its own, until end()
 * @c: session
 * @cpu: where it starts
 * @tid: its thread
 * @preempted, @cpus: what slow says
 */
struct spinner {
	struct client c;
	unsigned int cpu;
	atomic_int tid;
	atomic_bool done;
	uint32_t preempted;
	uint32_t cpus;
};

static void pin(pid_t tid, unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ASSERT_EQ(sched_setaffinity(tid, sizeof(set), &set), 0);
}

static void *spinner_thread(void *arg)
{
	struct spinner *s = arg;
	struct tee_ioctl_param p[2] = { VALUE_IN(HELD_MS, 0), VALUE_OUT };

	pin(0, s->cpu);
	atomic_store(&s->tid, syscall(SYS_gettid));
	client_invoke(&s->c, SLOW_CMD_RELEASABLE, p, 2);
	s->preempted = p[1].a;
	s->cpus = p[1].b;
	atomic_store(&s->done, true);
	return NULL;
}

/* It is in the secure world at return. */
static void start(struct spinner *s, pthread_t *thread)
{
	uint64_t used;

	world_need();
	client_open(&s->c, app_slow);
	used = world_counter(SIM_COUNTER_THREADS_USED);
	ASSERT_EQ(pthread_create(thread, NULL, spinner_thread, s), 0);
	ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, used + 1, PATIENCE_MS));
}

static void end(struct spinner *s, pthread_t thread)
{
	EXPECT(!atomic_load(&s->done));
	EXPECT(held_release_all());
	pthread_join(thread, NULL);
	client_close(&s->c);
}

/* How many timer interrupts a CPU took so far. */
static unsigned long timer_interrupts(unsigned int cpu)
{
	FILE *f = fopen("/proc/interrupts", "r");
	unsigned long count = 0;
	char line[1024];

	ASSERT(f);
	while (fgets(line, sizeof(line), f)) {
		char *p = strchr(line, ':');

		if (!p || !strstr(line, "arch_timer"))
			continue;
		p++;
		for (unsigned int i = 0; i <= cpu; i++)
			count = strtoul(p, &p, 10);
		break;
	}
	fclose(f);
	return count;
}

static void need_cpus(long count)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < count)
		SKIP("needs %ld CPUs", count);
}

TEST(long_call_reports_that_it_was_preempted)
{
	struct spinner s = { .cpu = 0 };
	uint64_t interrupts;
	pthread_t thread;

	start(&s, &thread);
	interrupts = world_counter(SIM_COUNTER_INTERRUPTS);
	ASSERT(world_wait_min(SIM_COUNTER_INTERRUPTS, interrupts + FEW_INTERRUPTS, PATIENCE_MS));
	end(&s, thread);
	EXPECT_GE(s.preempted, FEW_INTERRUPTS);
	EXPECT_EQ(s.cpus, 1);
}

TEST(short_call_is_hardly_preempted)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(0, 0), VALUE_OUT };
	struct client slow;

	client_open(&slow, app_slow);
	client_invoke(&slow, SLOW_CMD_SPIN, p, 2);
	EXPECT_LE(p[1].a, FEW_INTERRUPTS);
	client_close(&slow);
}

TEST(timer_of_the_calling_cpu_ticks_during_the_call)
{
	uint64_t limit = clock_ms() + PATIENCE_MS;
	struct spinner s = { .cpu = 1 };
	unsigned long before;
	pthread_t thread;

	need_cpus(2);
	pin(0, 0);
	start(&s, &thread);
	before = timer_interrupts(1);
	while (timer_interrupts(1) - before < 10) {
		ASSERT_MSG(clock_ms() < limit, "it does not tick");
		sleep_ms(10);
	}
	end(&s, thread);
}

TEST(foreign_interrupts_are_counted_by_the_secure_world)
{
	struct spinner s = { .cpu = 0 };
	uint64_t interrupts, returns;
	pthread_t thread;

	world_need();
	client_device();
	interrupts = world_counter(SIM_COUNTER_INTERRUPTS);
	returns = world_counter(SIM_COUNTER_RPC_RETURNS);
	start(&s, &thread);
	ASSERT(world_wait_min(SIM_COUNTER_INTERRUPTS, interrupts + FEW_INTERRUPTS, PATIENCE_MS));
	end(&s, thread);
	EXPECT_GE(s.preempted, 1);
	EXPECT_GE(world_counter(SIM_COUNTER_INTERRUPTS), interrupts + s.preempted);
	EXPECT_GE(world_counter(SIM_COUNTER_RPC_RETURNS), returns + s.preempted);
}

TEST(call_moves_with_its_task_to_another_cpu)
{
	struct spinner s = { .cpu = 1 };
	uint64_t migrations;
	pthread_t thread;

	world_need();
	need_cpus(2);
	pin(0, 0);
	start(&s, &thread);
	migrations = world_counter(SIM_COUNTER_MIGRATIONS);
	pin(atomic_load(&s.tid), sysconf(_SC_NPROCESSORS_ONLN) > 2 ? 2 : 0);
	EXPECT(world_wait_min(SIM_COUNTER_MIGRATIONS, migrations + 1, PATIENCE_MS));
	end(&s, thread);
	EXPECT_EQ(s.cpus, 2);
}

TEST(call_visits_every_cpu)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct spinner s = { .cpu = 0 };
	uint64_t migrations;
	pthread_t thread;

	need_cpus(2);
	start(&s, &thread);
	for (long cpu = 1; cpu < cpus; cpu++) {
		migrations = world_counter(SIM_COUNTER_MIGRATIONS);
		pin(atomic_load(&s.tid), cpu);
		EXPECT(world_wait_min(SIM_COUNTER_MIGRATIONS, migrations + 1, PATIENCE_MS));
	}
	end(&s, thread);
	EXPECT_EQ(s.cpus, cpus);
}

TEST(another_task_of_the_same_cpu_gets_its_share)
{
	uint64_t begin_ms, now_ms, turns = 0;
	struct spinner s = { .cpu = 1 };
	pthread_t thread;

	need_cpus(2);
	start(&s, &thread);
	pin(0, 1);
	begin_ms = clock_ms();
	/* More, should the CPU stand still meanwhile. */
	do {
		now_ms = clock_ms() - begin_ms;
		turns++;
	} while (now_ms < 300 || (turns <= 100 && now_ms < PATIENCE_MS));
	EXPECT_GT(turns, 100);
	end(&s, thread);
}
