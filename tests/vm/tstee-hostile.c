// SPDX-License-Identifier: BSD-2-Clause
/* Partitions of Trusted Services that do not answer, break down, lie, or keep what is not theirs. */
#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/ts_storage.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "klog.h"
#include "power.h"
#include "sysfs.h"
#include "ts.h"
#include "world.h"

/* Short, where nothing but the kernel's patience is waited for. */
#define PATIENCE_SHORT_MS	200
#define PATIENCE_USUAL_MS	10000
#define FOR_EVER		(1ULL << 40)
#define DRIVER			"/sys/bus/arm_ffa/drivers/arm_tstee/"
/* Number of a function and the error that it shall answer; word of a response and its value. */
#define ANSWER(number, status)	((uint64_t)(number) << 32 | (uint32_t)(status))

/* The kernel's own transport lets nobody go before the partition answers. */
static void need_own_transport(void)
{
	if (kernel_is("newest"))
		SKIP("the kernel's own transport waits for the response");
}

static unsigned int bound(void)
{
	unsigned int count = 0;
	glob_t found;

	if (glob(DRIVER "*arm-ffa-*", 0, NULL, &found))
		return 0;
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

/* Binds all devices of the protocol that are not bound; the kernel may be at it by itself. */
static void bind_all(unsigned int all)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	char path[512], uuid[64];
	glob_t found;

	ASSERT_EQ(glob("/sys/bus/arm_ffa/devices/*", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s/uuid", found.gl_pathv[i]);
		ASSERT_RC(sysfs_read(path, uuid, sizeof(uuid)), 0);
		snprintf(path, sizeof(path), "%s/driver", found.gl_pathv[i]);
		if (!strncmp(uuid, "bdcd76d7-825e-4751-963b-86d4f84943ac", 36) &&
		    access(path, F_OK))
			sysfs_write(DRIVER "bind", strrchr(found.gl_pathv[i], '/') + 1);
	}
	globfree(&found);
	while (bound() != all && clock_ms() < end)
		sleep_ms(10);
	EXPECT_EQ(bound(), all);
}

/* What it has shared, as the partition manager knows it. */
static uint64_t handle_of(const struct ts_client *c)
{
	char name[64], path[64], line[256];
	unsigned int high, low;
	uint64_t handle = 0;
	ssize_t size;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", c->fd);
	size = readlink(path, name, sizeof(name) - 1);
	ASSERT_GT(size, 0);
	name[size] = '\0';
	snprintf(path, sizeof(path), "/sys/kernel/debug/tee/%.32s/shm", strrchr(name, '/') + 1);
	file = fopen(path, "r");
	ASSERT(file);
	while (fgets(line, sizeof(line), file)) {
		const char *cookie = strstr(line, "cookie=");

		if (cookie && sscanf(cookie, "cookie=%x:%x", &high, &low) == 2)
			handle = (((uint64_t)high << 32) | low) - 1;
	}
	fclose(file);
	ASSERT(handle);
	return handle;
}

/* As nobody in the kernel does any more; the pages stay lost. */
static void reclaim(uint64_t handle)
{
	struct sim_smc smc = {
		.in = { FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32 },
	};

	world_smc(&smc);
	EXPECT_EQ((uint32_t)smc.out[0], FFA_SUCCESS_32);
}

static void mend(int fd)
{
	struct tee_ioctl_version_data version;
	struct sim_control c = { .op = SIM_OP_FFA_MEND };

	ASSERT_RC(tee_version(fd, &version), 0);
	c.arg[0] = version.impl_caps;
	ASSERT_RC(world_control(&c), 0);
	ASSERT_EQ(c.status, SMCCC_SUCCESS);
}

static void expect_works(const struct ts_client *c)
{
	EXPECT_RC(ts_run_test(c->fd, c->session, &c->buf, "time"), 0);
}

/* A client in a process of its own, in a call that never ends, until it is killed. */
static pid_t caller_that_waits(void)
{
	uint64_t yields = world_counter(SIM_COUNTER_FFA_YIELDS);
	struct ts_client c;
	int ready[2];
	char byte;
	pid_t pid;

	ASSERT_EQ(pipe(ready), 0);
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		ts_client_open(&c, ts_runner);
		world_fault(SIM_FAULT_FFA_YIELD, FOR_EVER, 0);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		ts_run_test(c.fd, c.session, &c.buf, "time");
		pause();
	}
	ASSERT_EQ(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	ASSERT(world_wait_min(SIM_COUNTER_FFA_YIELDS, yields + 2, PATIENCE_MS));
	return pid;
}

static void *call_in_time(void *arg)
{
	expect_works(arg);
	return NULL;
}

TEST(who_loads_the_driver_gets_away_from_a_partition_that_never_answers)
{
	unsigned int all;
	struct ts_client c;
	int log;

	need_own_transport();
	close(ts_any_device());
	all = bound();
	ts_unload();
	ASSERT_EQ(system("modprobe omnitee-ffa patience_ms=200"), 0);
	log = klog_open();
	world_fault(SIM_FAULT_FFA_YIELD, FOR_EVER, 0);
	ASSERT_EQ(system("modprobe arm-tstee"), 0);
	EXPECT_EQ(bound(), 0);
	EXPECT_EQ(klog_count(log, "asking for the version failed: -110"), all);
	close(log);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	ts_patience(PATIENCE_USUAL_MS);
	/* What was left is ended first, and its answer is not taken for another's. */
	bind_all(all);
	ts_client_open(&c, ts_runner);
	expect_works(&c);
	ts_client_close(&c);
	ts_unload();
}

TEST(partition_in_other_hands_does_not_keep_who_loads_the_driver)
{
	unsigned int all;

	close(ts_any_device());
	all = bound();
	ts_unload();
	if (kernel_is("newest"))
		ASSERT_EQ(system("modprobe ffa-module"), 0);
	ASSERT_EQ(system("modprobe omnitee-ffa patience_ms=200"), 0);
	world_fault(SIM_FAULT_FFA_ERROR, FOR_EVER, ANSWER(0x6f, FFA_BUSY));
	ASSERT_EQ(system("modprobe arm-tstee"), 0);
	EXPECT_EQ(bound(), 0);
	world_fault(SIM_FAULT_FFA_ERROR, 0, 0);
	ts_patience(PATIENCE_USUAL_MS);
	bind_all(all);
	ts_unload();
}

TEST(partition_that_speaks_another_version_is_no_device)
{
	static const uint32_t versions[] = { 0, 2, 0x80000001 };
	unsigned int all;
	int log;

	close(ts_any_device());
	all = bound();
	ts_unload();
	for (unsigned int i = 0; i < ARRAY_SIZE(versions); i++) {
		log = klog_open();
		world_fault(SIM_FAULT_FFA_ANSWER, all, ANSWER(1, versions[i]));
		ts_load();
		EXPECT_EQ(bound(), 0);
		EXPECT_EQ(klog_count(log, "speaks version"), all);
		close(log);
		ts_unload();
		world_fault(SIM_FAULT_FFA_ANSWER, 0, 0);
	}
}

TEST(interface_that_cannot_be_opens_no_session)
{
	static const uint32_t interfaces[] = { 0xff, 0x100, 0xffffffff };
	uint32_t session;
	int fd = ts_find_service(ts_its, &session);

	for (unsigned int i = 0; i < ARRAY_SIZE(interfaces); i++) {
		world_fault(SIM_FAULT_FFA_ANSWER, 1, ANSWER(2, interfaces[i]));
		EXPECT_RC(ts_open_service(fd, ts_its, &session), -EINVAL);
	}
	world_fault(SIM_FAULT_FFA_ANSWER, 1, ANSWER(1, TS_RPC_ERROR_INTERNAL));
	EXPECT_RC(ts_open_service(fd, ts_its, &session), -ENODEV);
	EXPECT_RC(ts_open_service(fd, ts_its, &session), 0);
	EXPECT_EQ(session, 2);
	close(fd);
	ts_unload();
}

TEST(response_longer_than_the_memory_is_a_mistake_of_the_protocol)
{
	static const uint32_t lengths[] = { TS_MEMORY + 1, 0x80000000, 0xffffffff };
	struct ts_client c;
	uint64_t length;
	int32_t status;

	ts_client_open(&c, ts_its);
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		world_fault(SIM_FAULT_FFA_ANSWER, 1, ANSWER(3, lengths[i]));
		length = 0;
		EXPECT_RC(ts_call(c.fd, c.session, TS_STORAGE_GET_SUPPORT, c.buf.id, &length,
				  &status), -EPROTO);
	}
	/* As much as there is can be. */
	world_fault(SIM_FAULT_FFA_ANSWER, 1, ANSWER(3, TS_MEMORY));
	length = 0;
	EXPECT_RC(ts_call(c.fd, c.session, TS_STORAGE_GET_SUPPORT, c.buf.id, &length, &status), 0);
	EXPECT_EQ(length, TS_MEMORY);
	ts_client_close(&c);
	ts_unload();
}

/* The signals that would go with these errors are not the task's. */
TEST(partition_manager_that_was_interrupted_is_an_error_of_its_own)
{
	struct ts_client c;

	ts_client_open(&c, ts_runner);
	world_fault(SIM_FAULT_FFA_ERROR, 1, ANSWER(0x6f, FFA_INTERRUPTED));
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "time"), -EIO);
	world_fault(SIM_FAULT_FFA_ERROR, 3, ANSWER(0x6f, FFA_RETRY));
	expect_works(&c);
	EXPECT_EQ(ts_stat(c.fd, "failed"), 1);
	ts_client_close(&c);
	ts_unload();
}

TEST(partition_that_breaks_down_is_an_error_and_its_memory_comes_back)
{
	struct ts_client c;
	int fd;

	ts_client_open(&c, ts_runner);
	fd = dup(c.fd);
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "crash"), -ECANCELED);
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "time"), -ECANCELED);
	ts_client_close(&c);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	EXPECT_EQ(ts_stat(fd, "lost"), 0);
	EXPECT_EQ(ts_stat(fd, "shared"), 0);
	mend(fd);
	close(fd);
	ts_client_open(&c, ts_runner);
	expect_works(&c);
	ts_client_close(&c);
	ts_unload();
}

TEST(memory_that_the_partition_keeps_is_lost_and_costs_a_line)
{
	struct ts_client c;
	uint64_t handle;
	int fd, log;

	ts_client_open(&c, ts_runner);
	fd = dup(c.fd);
	handle = handle_of(&c);
	log = klog_open();
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "hold:1"), 0);
	ts_client_close(&c);
	EXPECT_EQ(klog_count(log, "memory is not given back"), 1);
	close(log);
	EXPECT_EQ(ts_stat(fd, "lost"), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 1);
	/* Others have theirs, and it comes back. */
	ts_client_open(&c, ts_its);
	ts_client_close(&c);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 1);

	/* For the cases that follow: without memory, which it would keep. */
	ts_client_open(&c, ts_runner);
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "crash"), -ECANCELED);
	ts_client_close(&c);
	mend(fd);
	reclaim(handle);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	close(fd);
	ts_unload();
}

TEST(task_that_ends_gets_away_from_a_partition_that_does_not_answer)
{
	struct ts_client c;
	uint64_t handle;
	int fd;

	need_own_transport();
	ts_client_open(&c, ts_runner);
	fd = dup(c.fd);
	handle = handle_of(&c);
	ts_patience(PATIENCE_SHORT_MS);
	world_fault(SIM_FAULT_FFA_YIELD, FOR_EVER, 0);
	ts_client_close(&c);
	EXPECT_EQ(ts_stat(fd, "unanswered"), 1);
	EXPECT_EQ(ts_stat(fd, "lost"), 1);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	ts_patience(PATIENCE_USUAL_MS);
	/* The next one ends what was left. */
	ts_client_open(&c, ts_runner);
	expect_works(&c);
	ts_client_close(&c);
	close(fd);
	reclaim(handle);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	ts_unload();
}

TEST(client_killed_while_the_partition_works_is_gone_and_others_are_served)
{
	struct ts_client c;
	pthread_t thread;
	pid_t pid;

	need_own_transport();
	ts_client_open(&c, ts_runner);
	pid = caller_that_waits();
	ASSERT_EQ(pthread_create(&thread, NULL, call_in_time, &c), 0);
	EXPECT_EQ(ts_stat(c.fd, "handed-over"), 0);
	kill(pid, SIGKILL);
	/* Before the partition has answered. */
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_EQ(ts_stat(c.fd, "handed-over"), 1);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	pthread_join(thread, NULL);
	ts_client_close(&c);
	EXPECT(world_wait(SIM_COUNTER_FFA_SHARES, 0, PATIENCE_MS));
	ts_unload();
}

TEST(client_killed_while_it_waits_for_the_partition_is_gone)
{
	struct ts_client c;
	pid_t first, second;

	need_own_transport();
	ts_client_open(&c, ts_runner);
	first = caller_that_waits();
	second = fork();
	ASSERT_GE(second, 0);
	if (!second) {
		ts_run_test(c.fd, c.session, &c.buf, "time");
		_exit(0);
	}
	sleep_ms(50);
	kill(second, SIGKILL);
	ASSERT_EQ(waitpid(second, NULL, 0), second);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	kill(first, SIGKILL);
	waitpid(first, NULL, 0);
	ts_client_close(&c);
	EXPECT(world_wait(SIM_COUNTER_FFA_SHARES, 0, PATIENCE_MS));
	ts_unload();
}

TEST(machine_is_frozen_while_a_client_waits_for_an_answer)
{
	struct ts_client c;
	pid_t pid;

	need_own_transport();
	power_need();
	ts_client_open(&c, ts_runner);
	pid = caller_that_waits();
	EXPECT_RC(power_freeze(), 0);
	world_fault(SIM_FAULT_FFA_YIELD, 0, 0);
	/* And goes on afterwards. */
	expect_works(&c);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ts_client_close(&c);
	EXPECT(world_wait(SIM_COUNTER_FFA_SHARES, 0, PATIENCE_MS));
	ts_unload();
}

TEST(partitions_are_unbound_and_bound_again)
{
	char name[64];
	unsigned int all;
	glob_t found;

	close(ts_any_device());
	all = bound();
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(glob(DRIVER "*arm-ffa-*", 0, NULL, &found), 0);
		for (size_t n = 0; n < found.gl_pathc; n++) {
			snprintf(name, sizeof(name), "%s", strrchr(found.gl_pathv[n], '/') + 1);
			EXPECT_RC(sysfs_write(DRIVER "unbind", name), 0);
		}
		globfree(&found);
		EXPECT_EQ(bound(), 0);
		bind_all(all);
	}
	ts_unload();
}

static void *unbind(void *name)
{
	EXPECT_RC(sysfs_write(DRIVER "unbind", name), 0);
	return NULL;
}

TEST(client_whose_partition_is_unbound_gets_errors_and_its_memory_comes_back)
{
	char name[64], path[512], id[32], want[32];
	struct tee_ioctl_version_data version;
	uint64_t end = clock_ms() + PATIENCE_MS;
	struct ts_client c;
	pthread_t thread;
	unsigned int all;
	glob_t found;
	int rc;

	ts_client_open(&c, ts_runner);
	all = bound();
	ASSERT_RC(tee_version(c.fd, &version), 0);
	snprintf(want, sizeof(want), "0x%04x", version.impl_caps);
	ASSERT_EQ(glob(DRIVER "*arm-ffa-*", 0, NULL, &found), 0);
	name[0] = '\0';
	for (size_t n = 0; n < found.gl_pathc; n++) {
		snprintf(path, sizeof(path), "%s/partition_id", found.gl_pathv[n]);
		ASSERT_RC(sysfs_read(path, id, sizeof(id)), 0);
		if (!strcmp(id, want))
			snprintf(name, sizeof(name), "%s", strrchr(found.gl_pathv[n], '/') + 1);
	}
	globfree(&found);
	ASSERT(name[0]);
	ASSERT_EQ(pthread_create(&thread, NULL, unbind, name), 0);
	do
		rc = ts_run_test(c.fd, c.session, &c.buf, "time");
	while (!rc && clock_ms() < end);
	EXPECT_RC(rc, -ENODEV);
	tee_free(&c.buf);
	close(c.fd);
	pthread_join(thread, NULL);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	bind_all(all);
	ts_unload();
}
