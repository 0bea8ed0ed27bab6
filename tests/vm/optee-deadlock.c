// SPDX-License-Identifier: BSD-2-Clause
/*
 * Secure threads that wait for storage, which waits for a regulator, which waits for a secure
 * thread. The supplicant of these cases switches the regulator on before it answers.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "kernel-client.h"
#include "supplicant.h"
#include "world.h"

#define SYSLOG_READ_ALL	3
#define CLIENTS		16

static const uint8_t app_storage[] = APP_STORAGE_UUID;
static const uint8_t app_service[] = APP_SYSTEM_SERVICE_UUID;

/**
 * struct regulator - the driver that the supplicant's storage depends on; shared
 * @fd: client in the kernel
 * @session: of the system service
 * @busy: wait until so many secure threads are held, once
 * @on: so many requests find it switched on already
 * @opened: storage clients that have a session
 * @enabled: how often it was switched on
 */
static struct regulator {
	int fd;
	uint32_t session;
	uint64_t busy;
	unsigned int on;
	unsigned int opened;
	unsigned int enabled;
} *regulator;

static uint64_t threads;

/*
 * So many secure threads are in use, and by calls that wait: what a client calls before it stores
 * something has one, too, for a moment.
 */
static bool threads_are_held(uint64_t count)
{
	uint64_t until = clock_ms() + PATIENCE_MS;
	unsigned int times = 0;

	while (times < 10 && clock_ms() < until) {
		sleep_ms(5);
		if (world_counter(SIM_COUNTER_THREADS_USED) == count &&
		    !world_counter(SIM_COUNTER_THREADS_RUNNING))
			times++;
		else
			times = 0;
	}
	return times == 10;
}

static bool switch_on_first(struct supp_request *req, uint32_t *ret)
{
	uint64_t number = 3;
	uint32_t answer;

	if (req->func != OPTEE_RPC_CMD_FS)
		return true;
	if (regulator->on) {
		regulator->on--;
		return true;
	}
	prctl(PR_SET_NAME, "mmc-supplicant");
	if (regulator->busy)
		ASSERT(threads_are_held(regulator->busy));
	regulator->busy = 0;
	ASSERT_RC(kernel_invoke(regulator->fd, regulator->session, SYSTEM_SERVICE_CMD_ENABLE, 2,
				&number, &answer), 0);
	ASSERT_EQ(answer, TEE_SUCCESS);
	__atomic_add_fetch(&regulator->enabled, 1, __ATOMIC_RELEASE);
	number = 3;
	ASSERT_RC(kernel_invoke(regulator->fd, regulator->session, SYSTEM_SERVICE_CMD_DISABLE, 2,
				&number, &answer), 0);
	return true;
}

static void begin(void)
{
	supp_need();
	time_limit(90);
	threads = world_counter(SIM_COUNTER_THREADS);
	ASSERT_LE(threads, CLIENTS - 1);
	regulator = mmap(NULL, sizeof(*regulator), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(regulator != MAP_FAILED);
	regulator->fd = kernel_client();
	regulator->session = kernel_session(regulator->fd, app_service);
}

static void end(struct fake *fake)
{
	fake_stop(fake);
	close(regulator->fd);
	kernel_client_unload();
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
}

/* Clients that store something, all at the same time: a session needs a secure thread, too. */
static void store(pid_t *pids, uint64_t count)
{
	uint64_t until = clock_ms() + PATIENCE_MS;

	__atomic_store_n(&regulator->opened, 0, __ATOMIC_RELEASE);
	for (uint64_t i = 0; i < count; i++) {
		struct client storage;

		pids[i] = fork();
		ASSERT_GE(pids[i], 0);
		if (pids[i])
			continue;
		prctl(PR_SET_NAME, "storage-client");
		client_open(&storage, app_storage);
		__atomic_add_fetch(&regulator->opened, 1, __ATOMIC_RELEASE);
		while (__atomic_load_n(&regulator->opened, __ATOMIC_ACQUIRE) < count &&
		       clock_ms() < until)
			sleep_ms(5);
		_exit(storage_write(&storage, "object", "contents", 8) != TEE_SUCCESS);
	}
}

/* How often the kernel reported a deadlock; its last words. */
static unsigned int reports(char *last, size_t size)
{
	static char text[1 << 20];
	int length = klogctl(SYSLOG_READ_ALL, text, sizeof(text) - 1);
	unsigned int count = 0;

	ASSERT_GE(length, 0);
	text[length] = '\0';
	for (char *at = text; (at = strstr(at, "deadlock: ")); at++) {
		count++;
		if (last) {
			memset(last, 0, size);
			memcpy(last, at, strcspn(at, "\n") < size ? strcspn(at, "\n") : size - 1);
		}
	}
	return count;
}

static unsigned int wait_for_report(unsigned int before, char *last, size_t size)
{
	uint64_t until = clock_ms() + PATIENCE_MS;
	unsigned int count;

	while ((count = reports(last, size)) == before && clock_ms() < until)
		sleep_ms(20);
	return count - before;
}

static void all_stored(pid_t *pids, uint64_t count)
{
	int status;

	for (uint64_t i = 0; i < count; i++) {
		ASSERT_EQ(waitpid(pids[i], &status, 0), pids[i]);
		EXPECT_EQ(status, 0);
	}
}

/* The first client that the report names; the last one of @pids then. */
static void kill_one_of(pid_t *pids, const char *line)
{
	pid_t victim = atoi(strstr(line, "FS of storage-client[") + strlen("FS of storage-client["));
	int status;

	for (uint64_t i = 0; i < threads; i++) {
		if (pids[i] != victim)
			continue;
		pids[i] = pids[threads - 1];
		pids[threads - 1] = victim;
	}
	ASSERT_EQ(pids[threads - 1], victim);
	ASSERT_EQ(kill(victim, SIGKILL), 0);
	ASSERT_EQ(waitpid(victim, &status, 0), victim);
}

TEST(circle_of_waits_is_reported_once_with_both_sides)
{
	unsigned int before = reports(NULL, 0);
	pid_t pids[CLIENTS];
	struct fake *fake;
	char line[512];

	if (modules_are_stock())
		SKIP("the packaged drivers do not notice");
	begin();
	regulator->busy = threads;
	fake = fake_start(switch_on_first);
	store(pids, threads);
	EXPECT_EQ(wait_for_report(before, line, sizeof(line)), 1);
	/* Who holds the threads, in which requests, and who waits for them. */
	ASSERT_MSG(strstr(line, "FS of storage-client["), "%s", line);
	EXPECT_MSG(strstr(line, "for mmc-supplicant["), "%s", line);
	EXPECT_EQ(regulator->enabled, 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads);
	/* It is what it says: nothing moves, and nothing more is said. */
	sleep_ms(500);
	EXPECT_EQ(regulator->enabled, 0);
	EXPECT_EQ(reports(NULL, 0), before + 1);

	/* Somebody gives up; all others go on. */
	kill_one_of(pids, line);
	all_stored(pids, threads - 1);
	EXPECT_GE(regulator->enabled, threads - 1);
	end(fake);
}

/* The call of the killed one would tidy up after itself, which takes more requests. */
TEST(call_of_a_killed_client_does_not_keep_the_circle_closed)
{
	unsigned int before = reports(NULL, 0);
	pid_t pids[CLIENTS];
	struct fake *fake;
	char line[512];

	if (modules_are_stock())
		SKIP("the packaged drivers do not notice");
	begin();
	regulator->busy = threads;
	regulator->on = threads;
	fake = fake_start(switch_on_first);
	store(pids, threads);
	ASSERT_EQ(wait_for_report(before, line, sizeof(line)), 1);
	EXPECT_EQ(regulator->enabled, 0);
	kill_one_of(pids, line);
	all_stored(pids, threads - 1);
	EXPECT_EQ(reports(NULL, 0), before + 1);
	end(fake);
}

TEST(waits_that_will_end_are_not_reported)
{
	unsigned int before = reports(NULL, 0);
	pid_t pids[CLIENTS];
	struct client echo;
	struct fake *fake;

	if (modules_are_stock())
		SKIP("the packaged drivers do not notice");
	begin();
	client_open(&echo, app_echo);
	/* All threads wait for the supplicant, and others for threads; it will answer. */
	fake = fake_start(NULL);
	ASSERT_EQ(kill(fake->pid, SIGSTOP), 0);
	ASSERT_EQ(waitpid(fake->pid, NULL, WUNTRACED), fake->pid);
	store(pids, threads + 1);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	sleep_ms(500);
	EXPECT_EQ(reports(NULL, 0), before);
	kill(fake->pid, SIGCONT);
	all_stored(pids, threads + 1);
	client_echo(&echo, 1, 2);
	client_close(&echo);
	EXPECT_EQ(reports(NULL, 0), before);
	end(fake);
}

/*
 * Where a place is kept back, it matters how many there are. Over FF-A nobody tells the driver, and
 * what it has learnt may be one more or less.
 */
static void begin_with_number(void)
{
	char parameter[32];

	supp_need();
	snprintf(parameter, sizeof(parameter), "thread_count=%u",
		 (unsigned int)world_counter(SIM_COUNTER_THREADS));
	if (optee_is_over_ffa())
		driver_reload(parameter);
	begin();
}

static void end_with_number(struct fake *fake)
{
	end(fake);
	if (optee_is_over_ffa())
		driver_reload("");
}

TEST(storage_that_needs_a_regulator_goes_on_with_a_reservation)
{
	unsigned int before = reports(NULL, 0);
	pid_t pids[CLIENTS];
	struct fake *fake;

	if (modules_are_stock())
		SKIP("the packaged drivers have no system contexts");
	begin_with_number();
	ASSERT_RC(kernel_request(regulator->fd), 0);
	regulator->busy = threads - 1;
	fake = fake_start(switch_on_first);
	store(pids, threads);
	all_stored(pids, threads);
	EXPECT_GE(regulator->enabled, threads);
	EXPECT_EQ(reports(NULL, 0), before);
	end_with_number(fake);
}

TEST(storage_that_needs_a_regulator_goes_on_with_a_system_session)
{
	pid_t pids[CLIENTS];
	struct fake *fake;

	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("the packaged driver of 6.1 has no system sessions");
	begin_with_number();
	ASSERT_RC(kernel_system_session(regulator->fd, regulator->session), 0);
	regulator->busy = threads - 1;
	fake = fake_start(switch_on_first);
	store(pids, threads);
	all_stored(pids, threads);
	EXPECT_GE(regulator->enabled, threads);
	end_with_number(fake);
}
