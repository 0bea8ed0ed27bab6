// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a kernel finds that came by kexec. For tests/harness/kexec.sh, which says by OMNITEE_BEFORE
 * how the kernel before this one ended; the driver is not loaded yet.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "kexec.h"
#include "abi/optee_smc.h"
#include "world.h"

static const uint8_t app_hog[] = APP_HOG_UUID;

#define GUEST		5
#define MAX_COOKIES	256
#define SYSLOG_READ_ALL	3
/* Clients that are there when the kernel ends; pieces of memory of one. */
#define IDLE_CLIENTS	4
#define PIECES		3
/* Clients at work; for so long each time; pages that their messages may be in. */
#define BUSY_CLIENTS	6
#define LONG_MS		50
#define MESSAGE_PAGES	3

static void only_after(const char *how)
{
	kexec_only(how);
	ASSERT_MSG(access("/sys/module/optee", F_OK), "the driver is loaded already");
}

static int command(const char *line)
{
	int status = system(line);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool load(const char *parameters)
{
	char line[128];

	if (optee_is_over_ffa())
		command("modprobe -q ffa-module; modprobe omnitee-ffa; modprobe optee-ffa");
	snprintf(line, sizeof(line), "modprobe optee %s 2>/dev/null", parameters);
	command(line);
	return !access("/dev/tee0", F_OK);
}

/* What is there of the kernel before stays. */
static void must_load(const char *parameters)
{
	leave_behind(SIM_COUNTER_SHM_OBJECTS, MAX_COOKIES);
	leave_behind(SIM_COUNTER_SESSIONS, MAX_COOKIES);
	ASSERT(load(parameters));
}

static uint64_t calls(void)
{
	struct sim_control c = { .op = SIM_OP_CALLS };

	ASSERT_RC(world_control(&c), 0);
	return c.ret[0];
}

/* Cookies that the secure world knows; their number. */
static unsigned int cookies(uint64_t list[MAX_COOKIES])
{
	unsigned int n;

	for (n = 0; n < MAX_COOKIES; n++) {
		struct sim_control c = { .op = SIM_OP_SHM, .arg = { n } };

		ASSERT_RC(world_control(&c), 0);
		if (c.status != SMCCC_SUCCESS)
			break;
		list[n] = c.ret[0];
	}
	return n;
}

static bool said(const char *words)
{
	static char text[1 << 20];
	int size = klogctl(SYSLOG_READ_ALL, text, sizeof(text) - 1);

	ASSERT_GE(size, 0);
	text[size] = '\0';
	return strstr(text, words);
}

static void works(void)
{
	struct tee_buf buf;
	struct client echo;

	client_open(&echo, app_echo);
	client_echo(&echo, 7, 8);
	client_alloc(echo.fd, 3 * 4096, &buf);
	memset(buf.va, 0x5a, buf.size);
	tee_free(&buf);
	client_close(&echo);
}

/* As many calls at once as there are secure threads: they wait for each other. */
static void all_threads_work(void)
{
	uint64_t threads = world_counter(SIM_COUNTER_THREADS);
	pid_t pids[64];
	int status;

	world_reset_marks();
	for (uint64_t n = 0; n < threads; n++) {
		pids[n] = fork();
		if (!pids[n]) {
			struct tee_ioctl_param p = VALUE_IN(threads, PATIENCE_MS);
			struct client slow;

			client_open(&slow, app_slow);
			client_invoke(&slow, SLOW_CMD_MEET, &p, 1);
			_exit(0);
		}
	}
	for (uint64_t n = 0; n < threads; n++) {
		ASSERT_EQ(waitpid(pids[n], &status, 0), pids[n]);
		EXPECT_EQ(status, 0);
	}
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED_MAX), threads);
}

static void everything_works(void)
{
	works();
	all_threads_work();
}

TEST(kernel_that_shut_down_leaves_nothing)
{
	only_after("clean");
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	must_load("");
	everything_works();
}

/* Memory for the messages of RPCs, which the secure world may keep, is this kernel's. */
TEST(kernel_that_shut_down_has_nothing_kept_for_it)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_DISABLE_SHM_CACHE } };
	static uint64_t list[MAX_COOKIES];

	only_after("kept-clean");
	EXPECT_EQ(cookies(list), 0);
	world_smc(&smc);
	EXPECT_EQ((uint32_t)smc.out[0], OPTEE_SMC_RETURN_ENOTAVAIL);
	must_load("");
	everything_works();
}

/* It had clients, and one of its secure threads waits for it still. */
TEST(what_a_dead_kernel_registered_names_nothing_here)
{
	static uint64_t old[MAX_COOKIES], now[MAX_COOKIES];
	unsigned int num_old, num_now;
	struct client echo;
	char line[80];

	only_after("unclean");
	EXPECT_GE(world_counter(SIM_COUNTER_SESSIONS), 1);
	EXPECT_GE(world_counter(SIM_COUNTER_THREADS_USED), 1);
	num_old = cookies(old);
	ASSERT_GE(num_old, 2);
	must_load("");
	works();

	/* None of them is used again ... */
	num_now = cookies(now);
	ASSERT_GT(num_now, num_old);
	for (unsigned int i = 0; i < num_now - num_old; i++)
		for (unsigned int j = 0; j < num_old; j++)
			EXPECT_NE(now[i], old[j]);
	/* ... nor known, should the secure world come back with it. */
	client_open(&echo, app_echo);
	for (unsigned int j = 0; j < num_old && j < 8; j++) {
		world_fault(SIM_FAULT_RPC_BAD_FREE, 1, old[j]);
		client_echo(&echo, 1, 2);
		snprintf(line, sizeof(line), "RPC frees unknown memory 0x%llx",
			 (unsigned long long)old[j]);
		EXPECT_MSG(said(line), "not said: %s", line);
	}
	client_close(&echo);
}

TEST(memory_that_was_kept_for_a_dead_kernel_is_not_freed_here)
{
	only_after("kept");
	must_load("");
	works();
	/* The old kernel's cookies come back from DISABLE_SHM_CACHE and mean nothing. */
	EXPECT(!said("unknown memory"));
	all_threads_work();
}

/* All its secure threads were in calls that did not end. */
TEST(kernel_whose_clients_hold_all_threads_shuts_down)
{
	only_after("busy");
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), world_counter(SIM_COUNTER_THREADS));
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), world_counter(SIM_COUNTER_THREADS));
	/* No thread will ever be free: the driver says so, and does not wait for one. */
	EXPECT(!load(""));
	EXPECT(said("all secure threads are held by calls of a kernel that is gone"));
}

static void next_guest_is_free(const char *parameters)
{
	struct sim_control c = { .op = SIM_OP_GUEST, .arg = { GUEST } };

	ASSERT_RC(world_control(&c), 0);
	EXPECT_GE(world_counter(SIM_COUNTER_SESSIONS), 1);
	EXPECT_GE(world_counter(SIM_COUNTER_THREADS_USED), 1);
	must_load(parameters);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 0);
	everything_works();
}

TEST(guest_of_a_dead_kernel_gives_its_threads_back)
{
	only_after("unclean-guest");
	next_guest_is_free("guest_id=5");
}

TEST(kdump_kernel_with_an_id_works)
{
	only_after("crashed-guest");
	next_guest_is_free("guest_id=5");
}

TEST(kdump_kernel_without_an_id_leaves_the_secure_world_alone)
{
	uint64_t before;

	only_after("crashed");
	before = calls();
	EXPECT(!load(""));
	EXPECT_EQ(calls(), before);
}

TEST(guest_of_a_kernel_that_shut_down_is_gone)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_GET_THREAD_COUNT, [7] = GUEST } };

	only_after("clean-guest");
	world_smc(&smc);
	EXPECT_EQ((uint32_t)smc.out[0], OPTEE_SMC_RETURN_ENOTAVAIL);
	must_load("guest_id=5");
	works();
}

static void have_idle_clients(void)
{
	static _Alignas(4096) uint8_t memory[IDLE_CLIENTS * 8192];
	static struct client echo[IDLE_CLIENTS];
	struct tee_buf bufs[2];

	for (int n = 0; n < IDLE_CLIENTS; n++) {
		client_open(&echo[n], app_echo);
		client_alloc(echo[n].fd, 3 * 4096, &bufs[0]);
		client_register(echo[n].fd, memory + n * 8192, 5000, &bufs[1]);
		for (uint32_t i = 0; i < 3; i++)
			client_echo(&echo[n], n, i);
	}
}

/* For the kernel that ends: its clients have made calls and may make more, and have memory. */
TEST(clients_are_idle_when_the_kernel_ends)
{
	kexec_begin("idle");
	have_idle_clients();
	kexec_hold();
}

static void *be_at_work(void *arg)
{
	struct tee_ioctl_param p = VALUE_IN(LONG_MS, 0);
	struct client *hog = arg;
	struct tee_answer answer;

	for (;;)
		tee_invoke(hog->fd, hog->session, HOG_CMD_HOLD, &p, 1, &answer);
	return NULL;
}

/* For the kernel that ends: more want a secure thread than there are, all the time. */
TEST(clients_are_at_work_when_the_kernel_ends)
{
	static struct client hog[BUSY_CLIENTS];
	pthread_t thread;

	kexec_begin("load");
	have_idle_clients();
	for (int n = 0; n < BUSY_CLIENTS; n++) {
		client_open(&hog[n], app_hog);
		ASSERT_EQ(pthread_create(&thread, NULL, be_at_work, &hog[n]), 0);
	}
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, world_counter(SIM_COUNTER_THREADS), PATIENCE_MS));
	kexec_hold();
}

/* All of it is the next kernel's, and so are the pages of their messages. */
TEST(kernel_that_shut_down_under_idle_clients_leaves_nothing)
{
	only_after("idle");
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 0);
	must_load("");
	everything_works();
}

/* The page of its message, and nothing of the others. */
TEST(kernel_that_shut_down_beside_a_call_leaves_what_that_uses)
{
	only_after("beside");
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 1);
	must_load("");
	works();
}

/* Each call of the driver waits for its turn. Of those at work sessions may stay, and messages. */
TEST(kernel_that_shut_down_under_load_leaves_what_calls_use)
{
	only_after("load");
	EXPECT_LE(world_counter(SIM_COUNTER_SHM_OBJECTS), MESSAGE_PAGES);
	EXPECT_LE(world_counter(SIM_COUNTER_SESSIONS), BUSY_CLIENTS);
}

/* For the kernel that ends: it has memory of clients, in which no call is under way. */
TEST(memory_is_held_over_ffa_when_the_kernel_ends)
{
	/* A piece takes two pages, of which no other has a part: they would be shared together. */
	static _Alignas(4096) uint8_t memory[PIECES * 8192];
	struct tee_buf bufs[2 * PIECES];
	struct client echo;

	kexec_begin("held");
	client_open(&echo, app_echo);
	for (int n = 0; n < PIECES; n++) {
		client_alloc(echo.fd, 3 * 4096, &bufs[n]);
		client_register(echo.fd, memory + n * 8192, 5000, &bufs[PIECES + n]);
	}
	kexec_hold();
}

/* Its pages are the next kernel's, which may share them itself. */
TEST(kernel_over_ffa_that_shut_down_leaves_no_memory)
{
	only_after("ffa");
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BITMAPS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 0);
	leave_behind(SIM_COUNTER_FFA_SHARES, MAX_COOKIES);
	leave_behind(SIM_COUNTER_FFA_RETRIEVED, MAX_COOKIES);
	must_load("");
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 1);
	everything_works();
}
