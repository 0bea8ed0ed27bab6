// SPDX-License-Identifier: BSD-2-Clause
/* Modules that are removed: not while somebody uses them, and again and again when nobody does. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "ffa.h"
#include "harness.h"
#include "klog.h"
#include "meminfo.h"
#include "reload.h"
#include "world.h"

#define CYCLES		100
#define LOST_KIB	4096
#define RACES		20
#define RESTLESS	2

/* What other programs may have left: clients in the kernel, drivers of other TEEs. */
static void remove_other_users(void)
{
	DIR *holders = opendir("/sys/module/tee/holders");
	struct dirent *d;

	ASSERT(holders);
	while ((d = readdir(holders)))
		if (d->d_name[0] != '.' && strcmp(d->d_name, "optee") &&
		    strcmp(d->d_name, "optee_ffa"))
			EXPECT_RC(module_remove_soon(d->d_name), 0);
	closedir(holders);
}

static void begin(void)
{
	world_need();
	remove_other_users();
	close(client_device());
}

static void need_ours(void)
{
	begin();
	if (modules_are_stock())
		SKIP("the packaged drivers are removed while this is in use, and wait for ever");
}

static void used_and_removed(void)
{
	ASSERT_RC(module_remove_soon("optee"), 0);
	EXPECT_EQ(access(TEE_DEVICE, F_OK), -1);
	modules_insert();
}

TEST(module_is_not_removed_while_a_context_is_open)
{
	struct client echo;

	begin();
	client_open(&echo, app_echo);
	EXPECT_RC(module_remove("optee"), -EWOULDBLOCK);
	EXPECT_RC(module_remove("tee"), -EWOULDBLOCK);
	client_echo(&echo, 1, 2);
	client_close(&echo);
	used_and_removed();
}

TEST(module_is_not_removed_while_a_supplicant_is_there)
{
	int fd;

	begin();
	if (modules_are_stock())
		SKIP("the packaged driver goes on listing devices for the supplicant while it is removed");
	fd = open("/dev/teepriv0", O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_RC(module_remove("optee"), -EWOULDBLOCK);
	close(fd);
	used_and_removed();
}

TEST(module_is_not_removed_while_memory_has_a_descriptor)
{
	struct tee_buf alloc, reg;
	int fd;

	need_ours();
	fd = client_device();
	client_alloc(fd, 4096, &alloc);
	client_register(fd, aligned_alloc(4096, 8192), 8192, &reg);
	close(fd);
	EXPECT_RC(module_remove("optee"), -EWOULDBLOCK);
	tee_free(&alloc);
	EXPECT_RC(module_remove("optee"), -EWOULDBLOCK);
	tee_free(&reg);
	used_and_removed();
}

TEST(module_is_not_removed_while_memory_is_mapped)
{
	struct tee_buf buf;
	int fd;

	need_ours();
	fd = client_device();
	client_alloc(fd, 4096, &buf);
	close(fd);
	close(buf.fd);
	EXPECT_RC(module_remove("optee"), -EWOULDBLOCK);
	EXPECT_RC(module_remove("tee"), -EWOULDBLOCK);
	buf.va[0] = 1;
	munmap(buf.va, 4096);
	used_and_removed();
}

TEST(module_is_not_removed_while_the_call_of_a_killed_client_runs)
{
	pid_t pid;
	int rc;

	need_ours();
	pid = fork();
	if (!pid) {
		struct tee_ioctl_param p[2] = { VALUE_IN(1500, 0), NO_PARAM };
		struct tee_answer answer;
		struct client slow;

		client_open(&slow, app_slow);
		/* Again, for who looks in the moment after one. */
		for (;;)
			tee_invoke(slow.fd, slow.session, SLOW_CMD_SPIN, p, 2, &answer);
	}
	ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, 1, PATIENCE_MS));
	sleep_ms(50);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	rc = module_remove("optee");
	/* Refused, unless the call was over already. */
	if (world_counter(SIM_COUNTER_THREADS_USED))
		EXPECT_RC(rc, -EWOULDBLOCK);
	if (rc)
		used_and_removed();
	else
		modules_insert();
	/* The call has ended; but the new driver makes calls of its own. */
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
}

static void use(int i)
{
	static uint8_t memory[8192];
	struct tee_buf alloc, reg;
	struct client echo;

	client_open(&echo, app_echo);
	client_echo(&echo, i, ~i);
	client_alloc(echo.fd, 5000, &alloc);
	client_register(echo.fd, memory + 1, 5000, &reg);
	/* Not all of it is tidied up by the client. */
	if (i & 1)
		tee_free(&alloc);
	else
		munmap(alloc.va, alloc.size), close(alloc.fd);
	close(reg.fd);
	if (i & 2)
		client_close(&echo);
	else
		close(echo.fd);
}

/* What is left there without the driver: of cases that made the secure world misbehave. */
struct rest {
	uint64_t sessions, shm_objects, shm_bytes, threads, rpc_memory, heap;
};

static struct rest rest_now(void)
{
	return (struct rest){
		.sessions = world_counter(SIM_COUNTER_SESSIONS),
		.shm_objects = world_counter(SIM_COUNTER_SHM_OBJECTS),
		.shm_bytes = world_counter(SIM_COUNTER_SHM_BYTES),
		.threads = world_counter(SIM_COUNTER_THREADS_USED),
		.rpc_memory = world_counter(SIM_COUNTER_RPC_MEMORY),
		.heap = world_counter(SIM_COUNTER_HEAP_BYTES),
	};
}

/*
 * There is as much as before, but for what else goes on: a few hundred KiB. A kernel that looks for
 * mistakes keeps what was freed, and finds itself what was not.
 */
static void memory_comes_back(unsigned long kib)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	unsigned long now;

	if (kernel_is_slow())
		return;
	/* Some of it is freed later. */
	while ((now = memory_available_kib()) + LOST_KIB < kib && clock_ms() < end)
		sleep_ms(100);
	EXPECT_MSG(now + LOST_KIB >= kib, "%lu KiB are gone", kib - now);
}

/*
 * No removal leaves anything in the secure world, nor much memory with the kernel. The packaged
 * modules are tried less often.
 */
TEST(modules_come_and_go_a_hundred_times)
{
	unsigned int times = rounds(modules_are_ours() ? CYCLES : CYCLES / 5);
	unsigned long kib = 0;
	struct rest before, now;

	begin();
	time_limit(180);
	ASSERT_RC(module_remove_soon("optee"), 0);
	before = rest_now();
	EXPECT_EQ(before.threads, 0);
	EXPECT_EQ(before.rpc_memory, 0);
	modules_insert();
	for (unsigned int i = 0; i < times; i++) {
		use(i);
		ASSERT_RC(module_remove_soon("optee"), 0);
		/* The first ones leave caches that are used again. */
		if (i == times / 4)
			kib = memory_available_kib();
		if (i % 4 == 3)
			ASSERT_RC(module_remove_soon("tee"), 0);
		now = rest_now();
		EXPECT_EQ(now.sessions, before.sessions);
		EXPECT_EQ(now.shm_objects, before.shm_objects);
		EXPECT_EQ(now.shm_bytes, before.shm_bytes);
		EXPECT_EQ(now.threads, 0);
		EXPECT_EQ(now.rpc_memory, 0);
		EXPECT_EQ(now.heap, before.heap);
		if (i == times - 1)
			memory_comes_back(kib);
		modules_insert();
	}
	use(0);
}

static bool stop;

/* Opens, calls and closes, whether the device is there or not. */
static void *restless(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		struct tee_open o = { .uuid = APP_ECHO_UUID };
		int fd = open(TEE_DEVICE, O_RDWR | O_CLOEXEC);
		struct tee_answer answer;
		struct tee_buf buf;

		if (fd < 0) {
			sleep_ms(1);
			continue;
		}
		if (!tee_open_session(fd, &o, NULL, 0, &answer) && !answer.ret) {
			tee_invoke(fd, o.session, ECHO_CMD_NOP, NULL, 0, &answer);
			if (!tee_alloc(fd, 4096, &buf))
				tee_free(&buf);
		}
		close(fd);
		/* A moment in which it can be removed. */
		sleep_ms(3 * (uintptr_t)arg);
	}
	return NULL;
}

TEST(modules_come_and_go_under_restless_clients)
{
	uint64_t end = clock_ms() + 2 * PATIENCE_MS;
	unsigned int removed = 0;
	pthread_t threads[RESTLESS];

	need_ours();
	time_limit(120);
	for (uintptr_t i = 0; i < RESTLESS; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, restless, (void *)(i + 1)), 0);
	for (int i = 0; (i < 1000 || !removed) && removed < rounds(RACES) && clock_ms() < end; i++) {
		if (!module_remove("optee")) {
			removed++;
			module_remove("tee");
			modules_insert();
		}
		sleep_ms(7);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	for (int i = 0; i < RESTLESS; i++)
		pthread_join(threads[i], NULL);
	/* The last try may have removed one of several. */
	modules_insert();
	EXPECT_GT(removed, 0);
	use(0);
}

/* Whatever depends on it: without a partition manager there just is nothing. */
TEST(modules_of_ffa_load_where_there_is_none)
{
	int log;

	ffa_need_ours();
	if (world_counter(SIM_COUNTER_FFA_PARTITIONS))
		SKIP("the secure world has FF-A");
	log = klog_open();
	ffa_load("omnitee-ffa");
	EXPECT(access("/sys/bus/arm_ffa/devices/arm-ffa-1", F_OK));
	/* It is nobody's mistake. The kernel's own module says what it finds. */
	if (!ffa_kernel_has_a_transport())
		EXPECT_EQ(klog_count(log, "arm-ffa"), 0);
	close(log);
	ffa_load("arm-tstee");
	EXPECT_EQ(access("/sys/module/arm_tstee", F_OK), 0);
	ffa_unload();
}
