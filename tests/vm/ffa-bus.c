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
#include "harness.h"
#include "reload.h"
#include "tests/kernel/ours/ffa-client.h"
#include "world.h"

#define DEVICES		"/sys/bus/arm_ffa/devices"
#define ECHO		1
#define ECHO_2		2
#define OLD		3
#define WORKER		4
/* Devices of partitions for tests: echo has two. */
#define TEST_DEVICES	5
#define CALLERS		8

static bool kernel_has_a_transport(void)
{
	return !access("/sys/module/ffa_core", F_OK) || kernel_is("newest");
}

static void unload(void)
{
	int rc;

	module_remove_soon("omnitee_ffa_client");
	module_remove_soon("arm_tstee");
	rc = module_remove_soon("omnitee_ffa");
	ASSERT_MSG(!rc || rc == -ENOENT, "omnitee_ffa is %s", result_name(rc));
}

static void load(const char *module)
{
	char line[64];

	if (kernel_has_a_transport())
		ASSERT_GE(system("modprobe -q ffa-module"), 0);
	snprintf(line, sizeof(line), "modprobe %s", module);
	ASSERT_EQ(system(line), 0);
}

static void need_ours(void)
{
	world_need();
	if (!modules_are_ours())
		SKIP("the kernel's own bus is tested by what is above it");
}

static void need_ffa(void)
{
	need_ours();
	if (!world_counter(SIM_COUNTER_FFA_PARTITIONS))
		SKIP("the secure world has no FF-A");
}

static void need_own_transport(void)
{
	need_ffa();
	if (kernel_has_a_transport())
		SKIP("the kernel's own transport has the buffers");
}

/* Below that there are no requests with UUIDs, and partitions are not listed in registers. */
static void need_version(unsigned int minor)
{
	struct sim_smc smc = { .in = { FFA_VERSION_32, FFA_VERSION_MAKE(1, minor) } };

	need_ffa();
	world_smc(&smc);
	if ((uint32_t)smc.out[0] < FFA_VERSION_MAKE(1, minor))
		SKIP("FF-A below 1.%u", minor);
}

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

/* The client, with its devices. */
static int open_client(void)
{
	int fd;

	need_ffa();
	load("omnitee-ffa-client");
	fd = open("/dev/" FFA_CLIENT_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	return fd;
}

/* 0 or a negative error number. */
static int send(int fd, unsigned int partition, uint32_t word[5])
{
	struct ffa_client_message arg = { .partition = partition };
	int rc;

	memcpy(arg.word, word, sizeof(arg.word));
	rc = ioctl(fd, FFA_CLIENT_SEND, &arg) ? -errno : 0;
	memcpy(word, arg.word, sizeof(arg.word));
	return rc;
}

/* A command of worker; its status. */
static int32_t work(int fd, uint32_t command, uint32_t w1, uint32_t w2, uint32_t w3,
		    uint32_t result[3])
{
	uint32_t word[5] = { command, w1, w2, w3 };

	ASSERT_RC(send(fd, WORKER, word), 0);
	if (result)
		memcpy(result, word + 2, 3 * sizeof(*result));
	return (int32_t)word[1];
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

/* Whatever depends on it: without a partition manager there just is nothing. */
TEST(modules_load_where_there_is_no_ffa)
{
	need_ours();
	if (world_counter(SIM_COUNTER_FFA_PARTITIONS))
		SKIP("the secure world has FF-A");
	load("omnitee-ffa");
	EXPECT_EQ(devices(), 0);
	load("arm-tstee");
	EXPECT_EQ(access("/sys/module/arm_tstee", F_OK), 0);
	unload();
}

/* A distribution's optee.ko was lost where a module of FF-A refused to load. */
TEST(optee_needs_nothing_of_ffa)
{
	char text[256];

	need_ours();
	unload();
	EXPECT_EQ(access("/sys/module/optee", F_OK), 0);
	load("omnitee-ffa");
	attribute("/sys/module/omnitee_ffa", "refcnt", text, sizeof(text));
	EXPECT_EQ(atoi(text), 0);
	unload();
}

TEST(partitions_are_devices_with_mainlines_names)
{
	char id[32], uuid[64], modalias[128], uevent[256], want[128];
	unsigned int known = 0;
	glob_t found;

	close(open_client());
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
	EXPECT_EQ(known, TEST_DEVICES);
	unload();
}

TEST(messages_are_answered)
{
	uint32_t word[5] = { 1, 0xffffffff, 3, 0x80000000, 5 }, want[5];
	int fd = open_client();

	memcpy(want, word, sizeof(want));
	ASSERT_RC(send(fd, ECHO, word), 0);
	EXPECT(!memcmp(word, want, sizeof(want)));
	/* In 32 bits, as it is not AArch64. */
	ASSERT_RC(send(fd, OLD, word), 0);
	EXPECT(!memcmp(word, want, sizeof(want)));
	close(fd);
	unload();
}

TEST(message_with_a_uuid_names_its_service)
{
	int fd;

	need_version(2);
	fd = open_client();
	for (unsigned int n = ECHO; n <= ECHO_2; n++) {
		struct ffa_client_message2 arg = { .partition = n };

		for (unsigned int i = 0; i < ARRAY_SIZE(arg.word); i++)
			arg.word[i] = 0x0123456789abcd00 + i;
		ASSERT_RC(ioctl(fd, FFA_CLIENT_SEND2, &arg) ? -errno : 0, 0);
		for (unsigned int i = 0; i < ARRAY_SIZE(arg.word) - 1; i++)
			EXPECT_EQ(arg.word[i], 0x0123456789abcd00 + i);
		EXPECT_EQ(arg.word[ARRAY_SIZE(arg.word) - 1], n);
	}
	close(fd);
	unload();
}

TEST(partition_that_yields_is_run_until_it_answers)
{
	uint64_t before;
	int fd = open_client();

	before = world_counter(SIM_COUNTER_FFA_YIELDS);
	EXPECT_EQ(work(fd, WORKER_CMD_YIELD, 5, 1000, 0, NULL), FFA_OK);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_YIELDS), before + 5);
	close(fd);
	unload();
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
	int fd = open_client();

	here = world_counter(SIM_COUNTER_FFA_RUNS_HERE);
	elsewhere = world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
	interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
	ASSERT_EQ(pthread_create(&thread, NULL, shepherd, (void *)(uintptr_t)gettid()), 0);
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(work(fd, WORKER_CMD_SPIN, 500, 0, 0, result), FFA_OK);
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
	unload();
}

static void *caller(void *arg)
{
	int fd = *(int *)arg;

	for (int i = 0; i < 10; i++)
		EXPECT_EQ(work(fd, WORKER_CMD_SPIN, 5, 0, 0, NULL), FFA_OK);
	return NULL;
}

/* The partition itself would have refused. */
TEST(callers_queue_and_never_find_the_partition_busy)
{
	pthread_t threads[CALLERS];
	uint64_t busy;
	int fd = open_client();

	if (kernel_has_a_transport())
		SKIP("its bus does not say that the partition has one context");
	busy = world_counter(SIM_COUNTER_FFA_BUSY);
	for (int i = 0; i < CALLERS; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, caller, &fd), 0);
	for (int i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUSY), busy);
	close(fd);
	unload();
}

/* Number of a function and the error that it shall answer. */
#define ANSWER(number, status)	((uint64_t)(number) << 32 | (uint32_t)(status))

TEST(partition_in_somebody_elses_hands_is_waited_for)
{
	int fd = open_client();

	world_fault(SIM_FAULT_FFA_ERROR, 4, ANSWER(0x6f, FFA_BUSY));
	EXPECT_EQ(work(fd, WORKER_CMD_NOP, 0, 0, 0, NULL), FFA_OK);
	close(fd);
	unload();
}

TEST(message_with_a_uuid_waits_for_others_too)
{
	struct ffa_client_message2 arg = { .partition = ECHO };
	int fd;

	/* The kernel's transport tells its caller. */
	need_own_transport();
	need_version(2);
	fd = open_client();
	world_fault(SIM_FAULT_FFA_ERROR, 4, ANSWER(0x8d, FFA_BUSY));
	EXPECT_RC(ioctl(fd, FFA_CLIENT_SEND2, &arg) ? -errno : 0, 0);
	close(fd);
	unload();
}

TEST(errors_of_a_message_have_their_numbers)
{
	static const struct {
		int status, rc;
	} errors[] = {
		{ FFA_NOT_SUPPORTED, -EOPNOTSUPP }, { FFA_INVALID_PARAMETERS, -EINVAL },
		{ FFA_NO_MEMORY, -ENOMEM }, { FFA_DENIED, -EACCES }, { FFA_RETRY, -EAGAIN },
		{ FFA_ABORTED, -ECANCELED }, { FFA_NO_DATA, -ENODATA }, { FFA_NOT_READY, -EAGAIN },
		{ -77, -EINVAL },
	};
	int fd = open_client();

	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
		uint32_t word[5] = { WORKER_CMD_NOP };

		if (kernel_has_a_transport() && errors[i].status < FFA_NO_DATA)
			continue;
		world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x6f, errors[i].status));
		EXPECT_RC(send(fd, WORKER, word), errors[i].rc);
	}
	close(fd);
	unload();
}

static void share(int fd, struct ffa_client_memory *memory)
{
	memory->partition = WORKER;
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
	ASSERT_EQ(work(fd, WORKER_CMD_RETRIEVE, memory.handle, memory.handle >> 32, 0, result),
		  FFA_OK);
	EXPECT_EQ(result[0], ranges);
	EXPECT_EQ(result[1], ranges);
	EXPECT_EQ(result[2], 1);
	EXPECT_EQ(work(fd, WORKER_CMD_SUM, memory.handle, memory.handle >> 32, 0, result), FFA_OK);
	EXPECT_EQ(result[0], 3 * 4096 * ranges);
	EXPECT_RC(reclaim(fd, &memory), -EACCES);
	EXPECT_EQ(work(fd, WORKER_CMD_RELINQUISH, memory.handle, memory.handle >> 32, 0, NULL),
		  FFA_OK);
	EXPECT_RC(reclaim(fd, &memory), 0);
}

/* Around what fits into the buffer, and several times that. */
TEST(memory_goes_in_as_many_fragments_as_it_needs)
{
	static const uint32_t ranges[] = { 1, 2, 1017, 1018, 1019, 3000 };
	uint64_t shares;
	int fd = open_client();

	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	for (unsigned int i = 0; i < ARRAY_SIZE(ranges); i++)
		share_and_take_back(fd, ranges[i], i & 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	close(fd);
	unload();
}

TEST(refused_memory_leaves_nothing)
{
	struct ffa_client_memory memory = { .partition = WORKER, .ranges = 3000 };
	uint64_t shares;
	int fd = open_client();

	if (kernel_has_a_transport())
		SKIP("the kernel's own transport reads its errors");
	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x73, FFA_NO_MEMORY));
	EXPECT_RC(ioctl(fd, FFA_CLIENT_SHARE, &memory) ? -errno : 0, -ENOMEM);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	share_and_take_back(fd, 3000, false);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	close(fd);
	unload();
}

/* It crashed, or was replaced without being shut down. */
TEST(buffers_of_an_earlier_kernel_are_replaced)
{
	struct shared_pages pages;
	struct sim_smc smc = { .in = { FFA_RXTX_MAP_64 } };
	int fd;

	need_own_transport();
	load("omnitee-ffa");
	unload();
	ASSERT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
	world_pages(&pages, 2 * 4096);
	smc.in[1] = pages.phys;
	smc.in[2] = pages.phys + 4096;
	smc.in[3] = 1;
	world_smc(&smc);
	ASSERT_EQ((uint32_t)smc.out[0], FFA_SUCCESS_32);
	fd = open_client();
	share_and_take_back(fd, 2, false);
	close(fd);
	unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

/* Some know no buffer but of one page, and have no way to say so before 1.2. */
TEST(partition_manager_that_takes_one_page_gets_one)
{
	int fd;

	need_own_transport();
	unload();
	world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x66, FFA_INVALID_PARAMETERS));
	fd = open_client();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	/* More than one fragment of a page. */
	share_and_take_back(fd, 300, false);
	close(fd);
	unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

TEST(transport_that_fails_leaves_nothing_and_works_the_next_time)
{
	static const unsigned int numbers[] = { 0x69, 0x66, 0x8b };

	need_own_transport();
	need_version(2);
	unload();
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(numbers[i], FFA_NO_MEMORY));
		load("omnitee-ffa");
		EXPECT_EQ(devices(), 0);
		unload();
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
		load("omnitee-ffa");
		EXPECT_GE(devices(), TEST_DEVICES);
		unload();
	}
}

TEST(partition_manager_that_speaks_no_version_of_ours_is_left_alone)
{
	static const uint32_t answers[] = { 0xffffffff, 0x20000, 0x80000000, 0xffff };

	need_own_transport();
	unload();
	for (unsigned int i = 0; i < ARRAY_SIZE(answers); i++) {
		uint64_t calls = world_counter(SIM_COUNTER_FFA_CALLS);

		world_fault(SIM_FAULT_FFA_VERSION, 3, answers[i]);
		load("omnitee-ffa");
		EXPECT_EQ(devices(), 0);
		EXPECT_LE(world_counter(SIM_COUNTER_FFA_CALLS), calls + 3);
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
		unload();
		world_fault(SIM_FAULT_FFA_VERSION, 0, 0);
	}
}

TEST(bus_comes_and_goes)
{
	need_own_transport();
	for (int i = 0; i < 10; i++) {
		int fd = open_client();

		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
		EXPECT_EQ(work(fd, WORKER_CMD_NOP, 0, 0, 0, NULL), FFA_OK);
		close(fd);
		unload();
		EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
		EXPECT_EQ(devices(), 0);
	}
}
