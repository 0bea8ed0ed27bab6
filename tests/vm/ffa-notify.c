// SPDX-License-Identifier: BSD-2-Clause
/* Notifications of FF-A: of each CPU, to partitions, and what an earlier kernel left of them. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "clock.h"
#include "ffa.h"
#include "harness.h"
#include "sysfs.h"
#include "world.h"

#define ID_WORKER	0x8003
#define NUMBER		5
#define LAST		63
#define CPU_1_ONLINE	"/sys/devices/system/cpu/cpu1/online"
#define HOTPLUGS	6

static unsigned int cpus(void)
{
	unsigned int count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < FFA_CLIENT_CPUS ? count : FFA_CLIENT_CPUS;
}

static int notification(int fd, unsigned long request, int number, bool per_cpu, unsigned int cpu)
{
	struct ffa_client_notification arg = {
		.partition = FFA_WORKER, .number = number, .per_cpu = per_cpu, .cpu = cpu,
	};

	return ioctl(fd, request, &arg) ? -errno : 0;
}

static int request(int fd, int number, bool per_cpu)
{
	return notification(fd, FFA_CLIENT_REQUEST, number, per_cpu, 0);
}

static int relinquish(int fd, int number)
{
	return notification(fd, FFA_CLIENT_RELINQUISH, number, false, 0);
}

/* How often on @cpu, or on all of them for -1. */
static uint64_t told(int fd, int number, int cpu)
{
	struct ffa_client_notification arg = { .partition = FFA_WORKER, .number = number };
	uint64_t sum = 0;

	ASSERT_RC(ioctl(fd, FFA_CLIENT_TOLD, &arg) ? -errno : 0, 0);
	for (int n = 0; n < FFA_CLIENT_CPUS; n++)
		if (cpu < 0 || n == cpu)
			sum += arg.told[n];
	return sum;
}

static void wait_told(int fd, int number, int cpu, uint64_t times)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (told(fd, number, cpu) < times) {
		ASSERT_MSG(clock_ms() < end, "CPU %d was told of %d %llu times, not %llu", cpu,
			   number, (unsigned long long)told(fd, number, cpu),
			   (unsigned long long)times);
		sleep_ms(5);
	}
}

/* The worker sets it, for one CPU of ours or for whichever. */
static void set(int fd, int number, bool per_cpu, unsigned int cpu)
{
	const uint64_t bitmap = 1ULL << number;

	ASSERT_EQ(ffa_work(fd, WORKER_CMD_NOTIFY, bitmap, bitmap >> 32,
			   per_cpu ? FFA_NOTIFICATION_PER_VCPU | cpu << FFA_NOTIFICATION_VCPU_SHIFT :
				     0, NULL), FFA_OK);
}

/* Skips the case where there are none, or where the kernel itself has them. */
static void need(void)
{
	ffa_need_own_transport();
	ffa_need_version(1);
}

static void end(int fd)
{
	close(fd);
	ffa_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BITMAPS), 0);
}

TEST(notification_of_a_cpu_is_told_there)
{
	int fd;

	need();
	fd = ffa_open_client();
	ASSERT_RC(request(fd, NUMBER, true), 0);
	ASSERT_RC(request(fd, LAST, true), 0);
	for (unsigned int cpu = 0; cpu < cpus(); cpu++) {
		set(fd, NUMBER, true, cpu);
		wait_told(fd, NUMBER, cpu, 1);
		EXPECT_EQ(told(fd, NUMBER, -1), cpu + 1);
	}
	/* All at a time, and none of them is lost. */
	for (unsigned int cpu = 0; cpu < cpus(); cpu++)
		set(fd, LAST, true, cpu);
	for (unsigned int cpu = 0; cpu < cpus(); cpu++)
		wait_told(fd, LAST, cpu, 1);
	EXPECT_EQ(told(fd, LAST, -1), cpus());
	EXPECT_EQ(told(fd, NUMBER, -1), cpus());
	EXPECT_RC(relinquish(fd, NUMBER), 0);
	EXPECT_RC(relinquish(fd, LAST), 0);
	end(fd);
}

TEST(notification_for_all_is_told_once)
{
	int fd;

	need();
	fd = ffa_open_client();
	ASSERT_RC(request(fd, LAST, false), 0);
	for (unsigned int n = 1; n <= 10; n++) {
		set(fd, LAST, false, 0);
		wait_told(fd, LAST, -1, n);
	}
	EXPECT_EQ(told(fd, LAST, -1), 10);
	EXPECT_RC(relinquish(fd, LAST), 0);
	end(fd);
}

/* Wherever its interrupt was pending, and whether it came before, while or after CPU 1 was away. */
TEST(notifications_are_not_lost_when_their_cpu_goes)
{
	uint64_t all = 0, own = 0;
	cpu_set_t one;
	int fd;

	need();
	if (access(CPU_1_ONLINE, W_OK))
		SKIP("CPUs cannot be taken away");
	time_limit(120);
	fd = ffa_open_client();
	ASSERT_RC(request(fd, LAST, false), 0);
	ASSERT_RC(request(fd, NUMBER, true), 0);
	CPU_ZERO(&one);
	CPU_SET(1, &one);
	for (unsigned int n = 0; n < rounds(HOTPLUGS); n++) {
		cpu_set_t before;

		/* From there: the interrupt is that CPU's. */
		ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
		ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
		set(fd, LAST, false, 0);
		all++;
		ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
		ASSERT_RC(sysfs_write(CPU_1_ONLINE, "0"), 0);
		wait_told(fd, LAST, -1, all);
		/* Of that CPU, while it is away; others go on. */
		set(fd, NUMBER, true, 1);
		own++;
		set(fd, LAST, false, 0);
		wait_told(fd, LAST, -1, ++all);
		ASSERT_RC(sysfs_write(CPU_1_ONLINE, "1"), 0);
		wait_told(fd, NUMBER, -1, own);
		set(fd, NUMBER, true, 1);
		wait_told(fd, NUMBER, -1, ++own);
	}
	EXPECT_EQ(told(fd, LAST, -1), all);
	EXPECT_EQ(told(fd, NUMBER, -1), own);
	EXPECT_RC(relinquish(fd, LAST), 0);
	EXPECT_RC(relinquish(fd, NUMBER), 0);
	end(fd);
}

TEST(number_belongs_to_who_asked_first)
{
	int fd;

	need();
	fd = ffa_open_client();
	ASSERT_RC(request(fd, NUMBER, false), 0);
	EXPECT_RC(request(fd, NUMBER, false), -EACCES);
	EXPECT_RC(request(fd, NUMBER, true), -EACCES);
	EXPECT_RC(relinquish(fd, NUMBER + 1), -EINVAL);
	EXPECT_RC(relinquish(fd, -1), -EINVAL);
	EXPECT_RC(relinquish(fd, LAST + 1), -EINVAL);
	EXPECT_RC(relinquish(fd, NUMBER), 0);
	EXPECT_RC(relinquish(fd, NUMBER), -EINVAL);
	/* As one of each CPU, now. */
	EXPECT_RC(request(fd, NUMBER, true), 0);
	EXPECT_RC(relinquish(fd, NUMBER), 0);
	end(fd);
}

TEST(partition_is_notified_of_what_it_has_bound)
{
	struct sim_smc run = { .in = { FFA_RUN_32, (uint64_t)ID_WORKER << 16 } };
	uint32_t result[3];
	int fd;

	need();
	fd = ffa_open_client();
	EXPECT_RC(notification(fd, FFA_CLIENT_NOTIFY, 34, false, 0), -EACCES);
	ASSERT_EQ(ffa_work(fd, WORKER_CMD_BIND, 0, 4, 0, NULL), FFA_OK);
	EXPECT_RC(notification(fd, FFA_CLIENT_NOTIFY, 34, false, 0), 0);
	EXPECT_RC(notification(fd, FFA_CLIENT_NOTIFY, 33, false, 0), -EACCES);
	/* It is bound for all of them. */
	EXPECT_RC(notification(fd, FFA_CLIENT_NOTIFY, 34, true, 0), -EINVAL);
	EXPECT_RC(notification(fd, FFA_CLIENT_NOTIFY, -1, false, 0), -EINVAL);
	EXPECT_RC(notification(fd, FFA_CLIENT_NOTIFY, 64, false, 0), -EINVAL);
	do
		world_smc(&run);
	while ((uint32_t)run.out[0] == FFA_INTERRUPT_32);
	ASSERT_EQ((uint32_t)run.out[0], FFA_MSG_WAIT_32);
	ASSERT_EQ(ffa_work(fd, WORKER_CMD_NOTIFIED, 0, 0, 0, result), FFA_OK);
	EXPECT_EQ(result[0], 0);
	EXPECT_EQ(result[1], 4);
	EXPECT_EQ(ffa_work(fd, WORKER_CMD_BIND, 0, 4, 1, NULL), FFA_OK);
	end(fd);
}

static void smc(uint32_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct sim_smc s = { .in = { function, x1, x2, x3 } };

	world_smc(&s);
	ASSERT_EQ((uint32_t)s.out[0], FFA_SUCCESS_32);
}

/* Our driver has asked for a version, and is gone. */
static void between_two_kernels(void)
{
	need();
	ffa_load("omnitee-ffa");
	ffa_unload();
	ASSERT_EQ(world_counter(SIM_COUNTER_FFA_BITMAPS), 0);
}

/* That had one CPU. It crashed, or was replaced without being shut down. */
TEST(bitmap_of_an_earlier_kernel_is_replaced)
{
	unsigned int last = cpus() - 1;
	struct shared_pages pages;
	int fd;

	between_two_kernels();
	if (!last)
		SKIP("needs two CPUs");
	smc(FFA_NOTIFICATION_BITMAP_CREATE_32, 0, 1, 0);
	world_pages(&pages, 2 * 4096);
	smc(FFA_RXTX_MAP_64, pages.phys, pages.phys + 4096, 1);
	fd = ffa_open_client();
	ASSERT_RC(request(fd, NUMBER, true), 0);
	set(fd, NUMBER, true, last);
	wait_told(fd, NUMBER, last, 1);
	EXPECT_RC(relinquish(fd, NUMBER), 0);
	end(fd);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

/* Nothing can be destroyed then; what it had been told is told nobody. */
TEST(notification_that_an_earlier_kernel_had_bound_is_taken_over)
{
	struct sim_smc notify = {
		.in = { FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_NOTIFY, 1 << NUMBER },
	};
	int fd;

	between_two_kernels();
	smc(FFA_NOTIFICATION_BITMAP_CREATE_32, 0, sysconf(_SC_NPROCESSORS_CONF), 0);
	smc(FFA_NOTIFICATION_BIND_32, (uint64_t)ID_WORKER << 16, 0, 1 << NUMBER);
	world_smc(&notify);
	while ((uint32_t)notify.out[0] == FFA_INTERRUPT_32) {
		memset(notify.in, 0, sizeof(notify.in));
		notify.in[0] = FFA_RUN_32;
		notify.in[1] = notify.out[1];
		world_smc(&notify);
	}
	ASSERT_EQ((uint32_t)notify.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	ASSERT_EQ((uint32_t)notify.out[4], FFA_OK);
	fd = ffa_open_client();
	ASSERT_RC(request(fd, NUMBER, false), 0);
	EXPECT_EQ(told(fd, NUMBER, -1), 0);
	set(fd, NUMBER, false, 0);
	wait_told(fd, NUMBER, -1, 1);
	EXPECT_RC(relinquish(fd, NUMBER), 0);
	end(fd);
}
