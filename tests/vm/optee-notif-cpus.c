// SPDX-License-Identifier: BSD-2-Clause
/* Notifications while CPUs and the driver come and go. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/optee_smc.h"
#include "client.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "klog.h"
#include "notif.h"
#include "world.h"

#define VALUE		51

static const uint8_t app_timer[] = APP_TIMER_UUID;

/* 0 or -1 */
static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = write(fd, text, strlen(text));

	close(fd);
	return written == (ssize_t)strlen(text) ? 0 : -1;
}

static void cpu_online(unsigned int cpu, bool online)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	ASSERT_MSG(!put(path, online ? "1" : "0"), "CPU %u does not go %s", cpu,
		   online ? "on" : "off");
}

static void run_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
}

static void need_cpus(long count)
{
	/* Should a case before this one have ended in between. */
	put("/sys/devices/system/cpu/cpu1/online", "1");
	if (sysconf(_SC_NPROCESSORS_ONLN) < count)
		SKIP("needs %ld CPUs", count);
}

static bool interrupts_reach(int cpu, uint64_t count)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (notif_interrupts(cpu) < count) {
		if (clock_ms() > end)
			return false;
		sleep_ms(5);
	}
	return true;
}

TEST(each_cpu_takes_its_own_interrupt)
{
	notif_need_pcpu(true);
	for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		uint64_t before = notif_interrupts(cpu);

		notif_raise_at(0, VALUE, cpu);
		EXPECT(interrupts_reach(cpu, before + 1));
	}
	notif_settle();
}

TEST(cpu_that_comes_back_takes_its_interrupt)
{
	struct notif_waiter w;
	uint64_t before;

	notif_need_own_interrupt();
	need_cpus(2);
	for (int round = 0; round < 3; round++) {
		cpu_online(1, false);
		notif_wait_start(&w, VALUE);
		notif_raise(0, VALUE);
		EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
		cpu_online(1, true);
		before = notif_interrupts(-1);
		notif_wait_start(&w, VALUE);
		notif_raise_at(0, VALUE, 1);
		EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
		EXPECT_GE(notif_interrupts(-1), before + 1);
	}
}

/* When the driver has left the CPU, but the CPU is not off yet. */
TEST(value_for_a_cpu_on_its_way_down_is_not_lost)
{
	struct notif_waiter w;
	uint64_t moved;

	notif_need_pcpu(true);
	need_cpus(2);
	moved = world_counter(SIM_COUNTER_NOTIF_MOVED);
	notif_wait_start(&w, VALUE);
	notif_raise_at(SIM_NOTIFY_AT_CPU_OFF, VALUE, 1);
	EXPECT(!notif_wait_has_ended(&w));
	cpu_online(1, false);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_MOVED), moved + 1);
	cpu_online(1, true);
	EXPECT_EQ(notif_pending_values(), 0);
}

/* A secure world that moves nothing. */
TEST(value_that_nobody_moved_is_fetched_when_the_cpu_is_dead)
{
	struct notif_waiter w;

	notif_need_pcpu(true);
	need_cpus(2);
	if (modules_are_stock())
		SKIP("the packaged driver looks after no CPU that went down");
	notif_wait_start(&w, VALUE);
	notif_raise_at(SIM_NOTIFY_AT_CPU_OFF | SIM_NOTIFY_NO_INTERRUPT, VALUE, 1);
	cpu_online(1, false);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	cpu_online(1, true);
}

TEST(only_target_of_a_shared_interrupt_goes_down)
{
	char path[64], all[16];
	struct notif_waiter w;

	notif_need_pcpu(false);
	need_cpus(2);
	snprintf(all, sizeof(all), "%x", (1U << sysconf(_SC_NPROCESSORS_ONLN)) - 1);
	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity", notif_irq());
	ASSERT_EQ(put(path, "2"), 0);
	notif_wait_start(&w, VALUE);
	notif_raise_at(SIM_NOTIFY_AT_CPU_OFF, VALUE, 1);
	EXPECT(!notif_wait_has_ended(&w));
	cpu_online(1, false);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	cpu_online(1, true);
	ASSERT_EQ(put(path, all), 0);
}

struct sleeper {
	struct client timer;
	uint32_t ret;
};

static void *sleeper_thread(void *arg)
{
	struct sleeper *s = arg;

	/* The secure timer of this CPU is set. */
	run_on(1);
	s->ret = notif_call(&s->timer, TIMER_CMD_SLEEP, 1500, 0);
	return NULL;
}

TEST(timer_of_a_cpu_that_goes_down_is_anothers)
{
	uint64_t commands;
	pthread_t thread;
	struct sleeper s;

	notif_need();
	need_cpus(2);
	client_open(&s.timer, app_timer);
	commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	ASSERT_EQ(pthread_create(&thread, NULL, sleeper_thread, &s), 0);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
	cpu_online(1, false);
	pthread_join(thread, NULL);
	EXPECT_EQ(s.ret, TEE_SUCCESS);
	cpu_online(1, true);
	client_close(&s.timer);
}

static void *unbind_thread(void *arg)
{
	*(int *)arg = driver_unbind();
	return NULL;
}

static void bind(void)
{
	ASSERT_RC(driver_bind(), 0);
	driver_wait_for_node();
}

TEST(removal_ends_those_who_wait)
{
	struct notif_waiter w[3];
	pthread_t thread;
	int rc = -1;

	notif_need();
	if (modules_are_stock())
		SKIP("the packaged driver waits for ever, and nothing ends its waiters");
	for (int i = 0; i < 3; i++)
		notif_wait_start(&w[i], VALUE + i);
	ASSERT_EQ(pthread_create(&thread, NULL, unbind_thread, &rc), 0);
	for (int i = 0; i < 3; i++) {
		pthread_join(w[i].thread, NULL);
		EXPECT_RC(w[i].rc, 0);
		EXPECT_EQ(w[i].ret, TEE_ERROR_COMMUNICATION);
		close(w[i].sleeper.fd);
	}
	pthread_join(thread, NULL);
	EXPECT_EQ(rc, 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 0);
	bind();
}

TEST(driver_that_comes_back_gets_what_was_posted_meanwhile)
{
	struct notif_waiter w;

	notif_need();
	ASSERT_RC(driver_unbind(), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_pending_values(), 1);
	bind();
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 1);
	notif_settle();
	notif_wait_start_kept(&w, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(storm_during_removal_is_survived)
{
	struct notif_waiter w;

	time_limit(60);
	notif_need();
	for (int round = 0; round < 3; round++) {
		notif_storm(0, round & 1 ? 0 : VALUE, 2000, 200);
		sleep_ms(50);
		ASSERT_RC(driver_unbind(), 0);
		bind();
		EXPECT(world_wait(SIM_COUNTER_NOTIF_STORM_LEFT, 0, 50000));
	}
	notif_settle();
	notif_wait_start(&w, VALUE + 1);
	notif_raise(0, VALUE + 1);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	notif_wait_start(&w, VALUE);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

/* Whoever posts is not heard then; the device works, and somebody is told why. */
TEST(refusal_to_enable_is_said_and_costs_nothing_else)
{
	struct notif_waiter w;
	int log;

	notif_need_own_interrupt();
	ASSERT_RC(driver_unbind(), 0);
	log = klog_open();
	ASSERT_GE(log, 0);
	world_fault(SIM_FAULT_NOTIF_ENABLE, 1, OPTEE_SMC_RETURN_ENOTAVAIL);
	bind();
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	/* What threads tell each other needs no interrupt. */
	notif_wait_start(&w, VALUE);
	EXPECT_EQ(notif_call(&w.sleeper, SLEEPER_CMD_SEND, VALUE, 0), TEE_SUCCESS);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	ASSERT_RC(driver_unbind(), 0);
	bind();
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 1);
	EXPECT_EQ(klog_count(log, "asynchronous notifications are refused: 0x7"), 1);
	close(log);
}
