// SPDX-License-Identifier: BSD-2-Clause
/* FF-A in the kernel: bus, messages, memory. Over the partitions of abi/test_partitions.h. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/test_partitions.h"
#include "array.h"
#include "clock.h"
#include "ffa.h"
#include "harness.h"
#include "klog.h"
#include "sysfs.h"
#include "world.h"

#define DEVICES		"/sys/bus/arm_ffa/devices"
#define PLATFORM	"/sys/bus/platform"
/* Devices of partitions for tests: echo has two. */
#define TEST_DEVICES	5
#define CALLERS		8

static unsigned int devices(void)
{
	unsigned int count;
	glob_t found;

	if (glob(DEVICES "/*", 0, NULL, &found))
		return 0;
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

static void attribute(const char *device, const char *name, char *text, size_t size)
{
	char path[512];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", device, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	len = read(fd, text, size - 1);
	ASSERT_GT(len, 0);
	/* Mainline ends some of them with a line feed. */
	text[text[len - 1] == '\n' ? len - 1 : len] = '\0';
	close(fd);
}

/* A distribution's optee.ko was lost where a module of FF-A refused to load. */
TEST(optee_needs_nothing_of_ffa)
{
	char text[256];

	ffa_need_ours();
	ffa_unload();
	EXPECT_EQ(access("/sys/module/optee", F_OK), 0);
	ffa_load("omnitee-ffa");
	attribute("/sys/module/omnitee_ffa", "refcnt", text, sizeof(text));
	EXPECT_EQ(atoi(text), 0);
	ffa_unload();
}

TEST(partitions_are_devices_with_mainlines_names)
{
	char id[32], uuid[64], modalias[128], uevent[256], want[128];
	unsigned int known = 0, expected;
	glob_t found;

	ffa_need();
	/* 1.1 lists a partition once, with its first UUID; for 1.0 each UUID is asked for. */
	expected = ffa_has_version(1) && !ffa_has_version(2) ? TEST_DEVICES - 1 : TEST_DEVICES;
	close(ffa_open_client());
	ASSERT_EQ(glob(DEVICES "/arm-ffa-*", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *device = found.gl_pathv[i];

		attribute(device, "partition_id", id, sizeof(id));
		attribute(device, "uuid", uuid, sizeof(uuid));
		attribute(device, "modalias", modalias, sizeof(modalias));
		attribute(device, "uevent", uevent, sizeof(uevent));
		ASSERT_EQ(strlen(id), strlen("0x8001"));
		snprintf(want, sizeof(want), "arm_ffa:%.4s:%s", id + 2, uuid);
		EXPECT_MSG(!strcmp(modalias, want), "modalias %s", modalias);
		EXPECT_MSG(strstr(uevent, want), "uevent %s", uevent);
		known += !strncmp(uuid, "6f6d6e69-7465-4600-8000-", 24);
	}
	globfree(&found);
	EXPECT_EQ(known, expected);
	ffa_unload();
}

TEST(messages_are_answered)
{
	uint32_t word[5] = { 1, 0xffffffff, 3, 0x80000000, 5 }, want[5];
	int fd = ffa_open_client();

	memcpy(want, word, sizeof(want));
	ASSERT_RC(ffa_send(fd, FFA_ECHO, word), 0);
	EXPECT(!memcmp(word, want, sizeof(want)));
	/* In 32 bits, as it is not AArch64. */
	ASSERT_RC(ffa_send(fd, FFA_OLD, word), 0);
	EXPECT(!memcmp(word, want, sizeof(want)));
	close(fd);
	ffa_unload();
}

TEST(message_with_a_uuid_names_its_service)
{
	int fd;

	ffa_need_version(2);
	fd = ffa_open_client();
	for (unsigned int n = FFA_ECHO; n <= FFA_ECHO_2; n++) {
		struct ffa_client_message2 arg = { .partition = n };

		for (unsigned int i = 0; i < ARRAY_SIZE(arg.word); i++)
			arg.word[i] = 0x0123456789abcd00 + i;
		ASSERT_RC(ioctl(fd, FFA_CLIENT_SEND2, &arg) ? -errno : 0, 0);
		for (unsigned int i = 0; i < ARRAY_SIZE(arg.word) - 1; i++)
			EXPECT_EQ(arg.word[i], 0x0123456789abcd00 + i);
		EXPECT_EQ(arg.word[ARRAY_SIZE(arg.word) - 1], n);
	}
	close(fd);
	ffa_unload();
}

TEST(partition_that_yields_is_run_until_it_answers)
{
	uint64_t before;
	int fd = ffa_open_client();

	before = world_counter(SIM_COUNTER_FFA_YIELDS);
	EXPECT_EQ(ffa_work(fd, WORKER_CMD_YIELD, 5, 1000, 0, NULL), FFA_OK);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_YIELDS), before + 5);
	close(fd);
	ffa_unload();
}

static bool stop;

/* Sends the caller from CPU to CPU. */
static void *shepherd(void *tid)
{
	for (unsigned int n = 0; !__atomic_load_n(&stop, __ATOMIC_ACQUIRE); n++) {
		cpu_set_t cpus;

		CPU_ZERO(&cpus);
		CPU_SET(n % 2, &cpus);
		sched_setaffinity((pid_t)(uintptr_t)tid, sizeof(cpus), &cpus);
		sleep_ms(7);
	}
	return NULL;
}

/* For as long as it takes, in messages of half a second. */
TEST(partition_is_resumed_on_the_same_cpu_and_on_others)
{
	uint64_t here, elsewhere, interrupts;
	pthread_t thread;
	uint32_t result[3];
	int fd = ffa_open_client();

	here = world_counter(SIM_COUNTER_FFA_RUNS_HERE);
	elsewhere = world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
	interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
	ASSERT_EQ(pthread_create(&thread, NULL, shepherd, (void *)(uintptr_t)gettid()), 0);
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(ffa_work(fd, WORKER_CMD_SPIN, 500, 0, 0, result), FFA_OK);
		if (world_counter(SIM_COUNTER_FFA_RUNS_HERE) > here &&
		    world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE) > elsewhere)
			break;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	EXPECT_GT(world_counter(SIM_COUNTER_FFA_INTERRUPTS), interrupts);
	EXPECT_GT(world_counter(SIM_COUNTER_FFA_RUNS_HERE), here);
	EXPECT_GT(world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE), elsewhere);
	close(fd);
	ffa_unload();
}

static void *caller(void *arg)
{
	int fd = *(int *)arg;

	for (int i = 0; i < 10; i++)
		EXPECT_EQ(ffa_work(fd, WORKER_CMD_SPIN, 5, 0, 0, NULL), FFA_OK);
	return NULL;
}

/* The partition itself would have refused. */
TEST(callers_queue_and_never_find_the_partition_busy)
{
	pthread_t threads[CALLERS];
	uint64_t busy;
	int fd = ffa_open_client();

	if (ffa_kernel_has_a_transport())
		SKIP("its bus does not say that the partition has one context");
	busy = world_counter(SIM_COUNTER_FFA_BUSY);
	for (int i = 0; i < CALLERS; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, caller, &fd), 0);
	for (int i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUSY), busy);
	close(fd);
	ffa_unload();
}

/* Number of a function and the error that it shall answer. */
#define ANSWER(number, status)	((uint64_t)(number) << 32 | (uint32_t)(status))

TEST(partition_in_somebody_elses_hands_is_waited_for)
{
	static const int errors[] = { FFA_BUSY, FFA_RETRY, FFA_NOT_READY };
	int fd = ffa_open_client();

	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
		/* One that an older kernel does not know. */
		if (ffa_kernel_has_a_transport() && errors[i] == FFA_NOT_READY)
			continue;
		world_fault(SIM_FAULT_FFA_ERROR, 4, ANSWER(0x6f, errors[i]));
		EXPECT_EQ(ffa_work(fd, WORKER_CMD_NOP, 0, 0, 0, NULL), FFA_OK);
	}
	close(fd);
	ffa_unload();
}

/* What it has begun it still owes, and must not begin again. */
TEST(partition_that_runs_elsewhere_is_asked_once)
{
	uint64_t requests;
	int fd;

	/* The kernel's transport tells its caller. */
	ffa_need_own_transport();
	fd = ffa_open_client();
	requests = world_counter(SIM_COUNTER_FFA_REQUESTS);
	world_fault(SIM_FAULT_FFA_ERROR, 3, ANSWER(0x6d, FFA_BUSY));
	EXPECT_EQ(ffa_work(fd, WORKER_CMD_YIELD, 2, 1000, 0, NULL), FFA_OK);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_REQUESTS), requests + 1);
	close(fd);
	ffa_unload();
}

TEST(message_with_a_uuid_waits_for_others_too)
{
	struct ffa_client_message2 arg = { .partition = FFA_ECHO };
	int fd;

	/* The kernel's transport tells its caller. */
	ffa_need_own_transport();
	ffa_need_version(2);
	fd = ffa_open_client();
	world_fault(SIM_FAULT_FFA_ERROR, 4, ANSWER(0x8d, FFA_BUSY));
	EXPECT_RC(ioctl(fd, FFA_CLIENT_SEND2, &arg) ? -errno : 0, 0);
	close(fd);
	ffa_unload();
}

TEST(errors_of_a_message_have_their_numbers)
{
	static const struct {
		int status, rc;
	} errors[] = {
		{ FFA_NOT_SUPPORTED, -EOPNOTSUPP }, { FFA_INVALID_PARAMETERS, -EINVAL },
		{ FFA_NO_MEMORY, -ENOMEM }, { FFA_DENIED, -EACCES }, { FFA_INTERRUPTED, -EIO },
		{ FFA_ABORTED, -ECANCELED }, { FFA_NO_DATA, -ENODATA },
		{ -77, -EINVAL },
	};
	int fd = ffa_open_client();

	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
		uint32_t word[5] = { WORKER_CMD_NOP };

		if (ffa_kernel_has_a_transport() && errors[i].status < FFA_NO_DATA)
			continue;
		world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x6f, errors[i].status));
		EXPECT_RC(ffa_send(fd, FFA_WORKER, word), errors[i].rc);
	}
	close(fd);
	ffa_unload();
}

static void share(int fd, struct ffa_client_memory *memory)
{
	memory->partition = FFA_WORKER;
	ASSERT_RC(ioctl(fd, FFA_CLIENT_SHARE, memory) ? -errno : 0, 0);
}

static int reclaim(int fd, struct ffa_client_memory *memory)
{
	return ioctl(fd, FFA_CLIENT_RECLAIM, memory) ? -errno : 0;
}

static void share_and_take_back(int fd, uint32_t ranges, bool lend)
{
	struct ffa_client_memory memory = { .ranges = ranges, .fill = 3, .lend = lend };
	uint32_t result[3];

	share(fd, &memory);
	ASSERT_EQ(ffa_work(fd, WORKER_CMD_RETRIEVE, memory.handle, memory.handle >> 32, 0, result),
		  FFA_OK);
	EXPECT_EQ(result[0], ranges);
	EXPECT_EQ(result[1], ranges);
	EXPECT_EQ(result[2], 1);
	EXPECT_EQ(ffa_work(fd, WORKER_CMD_SUM, memory.handle, memory.handle >> 32, 0, result), FFA_OK);
	EXPECT_EQ(result[0], 3 * 4096 * ranges);
	EXPECT_RC(reclaim(fd, &memory), -EACCES);
	EXPECT_EQ(ffa_work(fd, WORKER_CMD_RELINQUISH, memory.handle, memory.handle >> 32, 0, NULL),
		  FFA_OK);
	EXPECT_RC(reclaim(fd, &memory), 0);
}

/* Around what fits into the buffer, and several times that. */
TEST(memory_goes_in_as_many_fragments_as_it_needs)
{
	static const uint32_t ranges[] = { 1, 2, 1017, 1018, 1019, 3000 };
	uint64_t shares;
	int fd = ffa_open_client();

	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	for (unsigned int i = 0; i < ARRAY_SIZE(ranges); i++)
		share_and_take_back(fd, ranges[i], i & 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	close(fd);
	ffa_unload();
}

/* At once, or when a part of it has been sent. */
TEST(refused_memory_leaves_nothing)
{
	static const unsigned int numbers[] = { 0x73, 0x7b };
	struct ffa_client_memory memory = { .partition = FFA_WORKER, .ranges = 3000 };
	uint64_t shares;
	int fd = ffa_open_client();

	if (ffa_kernel_has_a_transport())
		SKIP("the kernel's own transport reads its errors");
	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(numbers[i], FFA_NO_MEMORY));
		EXPECT_RC(ioctl(fd, FFA_CLIENT_SHARE, &memory) ? -errno : 0, -ENOMEM);
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
		share_and_take_back(fd, 3000, false);
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	}
	close(fd);
	ffa_unload();
}

/* It crashed, or was replaced without being shut down. */
TEST(buffers_of_an_earlier_kernel_are_replaced)
{
	struct shared_pages pages;
	struct sim_smc smc = { .in = { FFA_RXTX_MAP_64 } };
	int fd;

	ffa_need_own_transport();
	ffa_load("omnitee-ffa");
	ffa_unload();
	ASSERT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
	world_pages(&pages, 2 * 4096);
	smc.in[1] = pages.phys;
	smc.in[2] = pages.phys + 4096;
	smc.in[3] = 1;
	world_smc(&smc);
	ASSERT_EQ((uint32_t)smc.out[0], FFA_SUCCESS_32);
	fd = ffa_open_client();
	share_and_take_back(fd, 2, false);
	close(fd);
	ffa_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

/* A platform device without a driver; its name. */
static void free_platform_device(char *name, size_t size)
{
	char path[600];
	glob_t found;

	ASSERT_EQ(glob(PLATFORM "/devices/*", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s/driver", found.gl_pathv[i]);
		if (access(path, F_OK)) {
			snprintf(name, size, "%s", strrchr(found.gl_pathv[i], '/') + 1);
			globfree(&found);
			return;
		}
	}
	SKIP("each platform device has a driver");
}

/* It would take the buffers, as those of a kernel that is gone. */
TEST(second_owner_of_the_transport_is_refused)
{
	char name[256], override[512], driver[512];
	int fd, log;

	ffa_need_own_transport();
	free_platform_device(name, sizeof(name));
	snprintf(override, sizeof(override), PLATFORM "/devices/%s/driver_override", name);
	snprintf(driver, sizeof(driver), PLATFORM "/devices/%s/driver", name);
	fd = ffa_open_client();
	log = klog_open();
	ASSERT_RC(sysfs_write(override, "arm-ffa"), 0);
	/* The driver core tells nobody that a probe failed, but in the log. */
	sysfs_write(PLATFORM "/drivers_probe", name);
	ASSERT_RC(sysfs_write(override, "\n"), 0);
	EXPECT_EQ(access(driver, F_OK), -1);
	EXPECT_EQ(klog_count(log, "failed with error -16"), 1);
	close(log);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	share_and_take_back(fd, 3000, false);
	close(fd);
	ffa_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

/* Some know no buffer but of one page, and have no way to say so before 1.2. */
TEST(partition_manager_that_takes_one_page_gets_one)
{
	int fd;

	ffa_need_own_transport();
	ffa_unload();
	world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x66, FFA_INVALID_PARAMETERS));
	fd = ffa_open_client();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	/* More than one fragment of a page. */
	share_and_take_back(fd, 300, false);
	close(fd);
	ffa_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

TEST(transport_that_fails_leaves_nothing_and_works_the_next_time)
{
	static const unsigned int numbers[] = { 0x69, 0x66, 0x8b };

	ffa_need_own_transport();
	ffa_need_version(2);
	ffa_unload();
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(numbers[i], FFA_NO_MEMORY));
		ffa_load("omnitee-ffa");
		EXPECT_EQ(devices(), 0);
		ffa_unload();
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
		ffa_load("omnitee-ffa");
		EXPECT_GE(devices(), TEST_DEVICES);
		ffa_unload();
	}
}

/* Below 1.2 partitions are listed in RX. Skips the case elsewhere. */
static void need_list_in_rx(void)
{
	ffa_need_own_transport();
	if (ffa_has_version(2))
		SKIP("partitions are listed in registers");
}

/* Who asks once more, as for each driver of 1.0, would find it full. */
TEST(receive_buffer_is_given_back_after_each_list)
{
	struct sim_smc smc = { .in = { FFA_RX_RELEASE_32 } };
	int fd;

	need_list_in_rx();
	fd = ffa_open_client();
	EXPECT_GE(devices(), TEST_DEVICES - 1);
	world_smc(&smc);
	EXPECT_EQ((uint32_t)smc.out[0], FFA_ERROR_32);
	EXPECT_EQ((int32_t)smc.out[2], FFA_DENIED);
	close(fd);
	ffa_unload();
}

/* Some take it for full after an error of their own. */
TEST(receive_buffer_that_is_said_to_be_full_is_given_back)
{
	int fd;

	need_list_in_rx();
	ffa_unload();
	world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x68, FFA_BUSY));
	fd = ffa_open_client();
	EXPECT_GE(devices(), TEST_DEVICES - 1);
	close(fd);
	ffa_unload();
}

TEST(partition_manager_without_partitions_is_no_mistake)
{
	int log;

	ffa_need_own_transport();
	ffa_need_version(2);
	ffa_unload();
	log = klog_open();
	world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x8b, FFA_INVALID_PARAMETERS));
	ffa_load("omnitee-ffa");
	EXPECT_EQ(devices(), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	EXPECT_EQ(klog_count(log, "reading the partitions failed"), 0);
	close(log);
	ffa_unload();
}

TEST(partition_manager_that_speaks_no_version_of_ours_is_left_alone)
{
	static const uint32_t answers[] = { 0xffffffff, 0x20000, 0x80000000, 0xffff };

	ffa_need_own_transport();
	ffa_unload();
	for (unsigned int i = 0; i < ARRAY_SIZE(answers); i++) {
		uint64_t calls = world_counter(SIM_COUNTER_FFA_CALLS);

		world_fault(SIM_FAULT_FFA_VERSION, 3, answers[i]);
		ffa_load("omnitee-ffa");
		EXPECT_EQ(devices(), 0);
		EXPECT_LE(world_counter(SIM_COUNTER_FFA_CALLS), calls + 3);
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
		ffa_unload();
		world_fault(SIM_FAULT_FFA_VERSION, 0, 0);
	}
}

TEST(bus_comes_and_goes)
{
	ffa_need_own_transport();
	for (int i = 0; i < 10; i++) {
		int fd = ffa_open_client();

		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
		/* Numbers are free again. */
		EXPECT_EQ(access(DEVICES "/arm-ffa-1", F_OK), 0);
		EXPECT_EQ(ffa_work(fd, WORKER_CMD_NOP, 0, 0, 0, NULL), FFA_OK);
		close(fd);
		ffa_unload();
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
		EXPECT_EQ(devices(), 0);
	}
}
