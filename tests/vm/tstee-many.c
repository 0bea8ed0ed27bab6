// SPDX-License-Identifier: BSD-2-Clause
/* More partitions than devices, more clients than partitions, more memory than there is. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/ts_storage.h"
#include "harness.h"
#include "klog.h"
#include "ts.h"
#include "world.h"

#define CYCLES		10000
#define THREADS		64
#define CALLS		10
#define PARTITIONS	4
/* Of the storage, where it is fixed; and of the others, which are given the first that are free. */
#define FIXED_ID	0x8abc
#define LAST_OF_MANY	0x8040

/* In two configurations only: with ts-test=20. */
static void need_many(void)
{
	world_need();
	if (world_counter(SIM_COUNTER_FFA_PARTITIONS) <= TS_DEVICES)
		SKIP("as many devices as there are partitions: this is for two configurations");
}

/* Descriptors of all devices; how many there are. */
static unsigned int open_all(int fds[TS_DEVICES])
{
	unsigned int count = 0;
	uint32_t endpoint;

	for (unsigned int n = 0; n < TS_DEVICES; n++) {
		int fd = ts_device(n, &endpoint);

		if (fd >= 0)
			fds[count++] = fd;
	}
	return count;
}

static unsigned int partitions(void)
{
	char uuid[64], path[64];
	unsigned int count = 0;

	/* Numbers of the bus begin at 1. */
	for (unsigned int n = 1; n < 64; n++) {
		FILE *file;

		snprintf(path, sizeof(path), "/sys/bus/arm_ffa/devices/arm-ffa-%u/uuid", n);
		file = fopen(path, "r");
		if (!file)
			continue;
		count += fgets(uuid, sizeof(uuid), file) && !strncmp(uuid, "bdcd76d7-", 9);
		fclose(file);
	}
	return count;
}

/* If not, all nodes are for partitions. */
static bool optee_is_there(void)
{
	struct tee_ioctl_version_data version;
	int fd = open(TEE_DEVICE, O_RDWR | O_CLOEXEC), rc;

	ASSERT_GE(fd, 0);
	rc = tee_version(fd, &version);
	close(fd);
	ASSERT_RC(rc, 0);
	return version.impl_id == TEE_IMPL_ID_OPTEE;
}

TEST(partitions_beyond_the_nodes_cost_a_line_each)
{
	unsigned int count, all;
	int fds[TS_DEVICES];
	int log = klog_open();

	need_many();
	ts_load();
	all = partitions();
	EXPECT_GT(all, TS_DEVICES);
	count = open_all(fds);
	EXPECT_EQ(count, TS_DEVICES - optee_is_there());
	EXPECT_EQ(klog_count(log, "no TEE device for partition"), all - count);
	/* And each of the others works. */
	while (count--) {
		struct tee_buf buf;

		EXPECT_RC(tee_alloc(fds[count], TS_MEMORY, &buf), 0);
		tee_free(&buf);
		close(fds[count]);
	}
	close(log);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

TEST(ten_thousand_times_shared_and_reclaimed_leave_nothing)
{
	struct ts_client c;
	struct tee_buf buf;

	need_many();
	time_limit(240);
	ts_client_open(&c, ts_its);
	if (!optee_is_there()) {
		ts_client_close(&c);
		ts_unload();
		SKIP("for the configuration with OP-TEE");
	}
	for (unsigned int n = 0; n < CYCLES; n++) {
		ASSERT_RC(tee_alloc(c.fd, TS_MEMORY, &buf), 0);
		tee_free(&buf);
	}
	EXPECT_EQ(ts_stat(c.fd, "shared"), 1);
	EXPECT_EQ(ts_stat(c.fd, "lost"), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_RETRIEVED), 1);
	ts_client_close(&c);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

/* By its manifest: as in the configuration without OP-TEE. */
TEST(endpoint_id_that_is_fixed_is_the_devices)
{
	bool fixed;
	uint32_t endpoint, session, others = 0;
	int its = -1;

	need_many();
	ts_load();
	fixed = !optee_is_there();
	for (unsigned int n = 0; n < TS_DEVICES; n++) {
		int fd = ts_device(n, &endpoint);

		if (fd < 0)
			continue;
		if (endpoint == FIXED_ID) {
			ASSERT_EQ(its, -1);
			its = fd;
			continue;
		}
		/* The first that are free: there is no gap for the other one. */
		EXPECT_LE(endpoint, LAST_OF_MANY);
		others++;
		close(fd);
	}
	if (!fixed) {
		EXPECT_EQ(its, -1);
		ts_unload();
		SKIP("no id is fixed here");
	}
	EXPECT_EQ(others, TS_DEVICES - 1);
	ASSERT_GE(its, 0);
	EXPECT_RC(ts_open_service(its, ts_its, &session), 0);
	for (unsigned int n = 0; n < 10; n++) {
		struct tee_buf buf;
		uint64_t length = 0;
		int32_t status;

		ASSERT_RC(tee_alloc(its, TS_MEMORY, &buf), 0);
		EXPECT_RC(ts_call(its, session, TS_STORAGE_GET_SUPPORT, buf.id, &length, &status), 0);
		EXPECT_EQ(length, sizeof(struct ts_storage_support));
		tee_free(&buf);
	}
	close(its);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

static void *caller(void *arg)
{
	int fd = *(int *)arg;
	uint32_t session;

	EXPECT_RC(ts_open_service(fd, ts_its, &session), 0);
	for (unsigned int n = 0; n < CALLS; n++) {
		struct tee_buf buf;
		uint64_t length = 0;
		int32_t status;

		ASSERT_RC(tee_alloc(fd, TS_MEMORY, &buf), 0);
		EXPECT_RC(ts_call(fd, session, TS_STORAGE_GET_SUPPORT, buf.id, &length, &status),
			  0);
		tee_free(&buf);
	}
	EXPECT_RC(tee_close_session(fd, session), 0);
	return NULL;
}

/* A partition has room for sixteen pieces of memory: as many threads as there are of each. */
TEST(many_threads_over_some_partitions_are_all_served)
{
	pthread_t threads[THREADS];
	int all[TS_DEVICES], fds[PARTITIONS];
	unsigned int count, found = 0;
	uint32_t session;
	uint64_t busy;

	need_many();
	time_limit(120);
	ts_load();
	count = open_all(all);
	for (unsigned int n = 0; n < count; n++) {
		if (found < PARTITIONS && !ts_open_service(all[n], ts_its, &session))
			fds[found++] = all[n];
		else
			close(all[n]);
	}
	ASSERT_EQ(found, PARTITIONS);
	busy = world_counter(SIM_COUNTER_FFA_BUSY);
	for (unsigned int n = 0; n < THREADS; n++)
		ASSERT_EQ(pthread_create(&threads[n], NULL, caller, &fds[n % PARTITIONS]), 0);
	for (unsigned int n = 0; n < THREADS; n++)
		pthread_join(threads[n], NULL);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUSY), busy);
	while (found--)
		close(fds[found]);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}
