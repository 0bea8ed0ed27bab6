// SPDX-License-Identifier: BSD-2-Clause
#include "ffa.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "clock.h"
#include "harness.h"
#include "reload.h"
#include "sysfs.h"
#include "world.h"

#define STALL	"/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout"
#define CPUS	8

bool ffa_kernel_has_a_transport(void)
{
	return !access("/sys/module/ffa_core", F_OK) || kernel_is("newest");
}

void ffa_unload(void)
{
	int rc;

	module_remove_soon("omnitee_ffa_client");
	module_remove_soon("arm_tstee");
	rc = module_remove_soon("omnitee_ffa");
	ASSERT_MSG(!rc || rc == -ENOENT, "omnitee_ffa is %s", result_name(rc));
}

void ffa_load(const char *module)
{
	char line[64];

	if (ffa_kernel_has_a_transport())
		ASSERT_GE(system("modprobe -q ffa-module"), 0);
	snprintf(line, sizeof(line), "modprobe %s", module);
	ASSERT_EQ(system(line), 0);
}

void ffa_need_ours(void)
{
	world_need();
	if (!modules_are_ours())
		SKIP("the kernel's own bus is tested by what is above it");
}

void ffa_need(void)
{
	ffa_need_ours();
	if (!world_counter(SIM_COUNTER_FFA_PARTITIONS))
		SKIP("the secure world has no FF-A");
}

void ffa_need_own_transport(void)
{
	ffa_need();
	if (ffa_kernel_has_a_transport())
		SKIP("the kernel's own transport has the buffers");
}

bool ffa_has_version(unsigned int minor)
{
	struct sim_smc smc = { .in = { FFA_VERSION_32, FFA_VERSION_MAKE(1, minor) } };

	world_smc(&smc);
	return (uint32_t)smc.out[0] >= FFA_VERSION_MAKE(1, minor);
}

void ffa_need_version(unsigned int minor)
{
	ffa_need();
	if (!ffa_has_version(minor))
		SKIP("FF-A below 1.%u", minor);
}

int ffa_open_client(void)
{
	int fd;

	ffa_need();
	ffa_load("omnitee-ffa-client");
	fd = open("/dev/" FFA_CLIENT_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	return fd;
}

int ffa_send(int fd, unsigned int partition, uint32_t word[5])
{
	struct ffa_client_message arg = { .partition = partition };
	int rc;

	memcpy(arg.word, word, sizeof(arg.word));
	rc = ioctl(fd, FFA_CLIENT_SEND, &arg) ? -errno : 0;
	memcpy(word, arg.word, sizeof(arg.word));
	return rc;
}

int32_t ffa_work(int fd, uint32_t command, uint32_t w1, uint32_t w2, uint32_t w3,
		    uint32_t result[3])
{
	uint32_t word[5] = { command, w1, w2, w3 };

	ASSERT_RC(ffa_send(fd, FFA_WORKER, word), 0);
	if (result)
		memcpy(result, word + 2, 3 * sizeof(*result));
	return (int32_t)word[1];
}

static bool idle;

/* Keeps a CPU busy, as any program may. */
static void *burn(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&idle, __ATOMIC_RELAXED))
		;
	return NULL;
}

void ffa_spin_under_load(uint32_t ms, const char *stall_s)
{
	unsigned int cpus = sysconf(_SC_NPROCESSORS_ONLN), n;
	pthread_t threads[CPUS];
	uint64_t interrupts;
	char before[16];
	int fd;

	ffa_need_own_transport();
	ASSERT_RC(sysfs_read(STALL, before, sizeof(before)), 0);
	fd = ffa_open_client();
	ASSERT_RC(sysfs_write(STALL, stall_s), 0);
	__atomic_store_n(&idle, false, __ATOMIC_RELAXED);
	for (n = 0; n < cpus && n < CPUS; n++)
		ASSERT_EQ(pthread_create(&threads[n], NULL, burn, NULL), 0);
	interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
	EXPECT_EQ(ffa_work(fd, WORKER_CMD_SPIN, ms, 0, 0, NULL), FFA_OK);
	EXPECT_GT(world_counter(SIM_COUNTER_FFA_INTERRUPTS), interrupts);
	__atomic_store_n(&idle, true, __ATOMIC_RELAXED);
	while (n--)
		pthread_join(threads[n], NULL);
	EXPECT_RC(sysfs_write(STALL, before), 0);
	close(fd);
	ffa_unload();
}
