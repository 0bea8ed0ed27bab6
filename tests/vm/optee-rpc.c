// SPDX-License-Identifier: BSD-2-Clause
/* What the kernel does for the secure world in the middle of a call. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "abi/optee_smc.h"
#include "array.h"
#include "asleep.h"
#include "client.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "held.h"
#include "notif.h"
#include "supplicant.h"
#include "world.h"

/* A quarter of static memory, which has 2 MiB here, is the driver's; calls need some of that. */
#define SMALL	(256U << 10)

static const uint8_t app_hog[] = APP_HOG_UUID;
static const uint8_t app_storage[] = APP_STORAGE_UUID;

static const char no_timeouts[] = "the packaged driver of 6.1 knows no timeout of a notification";
static const char page_alloc[] = "the packaged driver believes the size in an RPC";
static const char no_list[] =
	"the packaged driver of 6.1 names its own memory without a page list";
static const char pointers[] = "the packaged driver follows cookies as pointers and would crash";

static void begin(struct client *c, const uint8_t *app)
{
	world_need();
	client_open(c, app);
}

static void end(struct client *c)
{
	client_close(c);
	EXPECT_EQ(world_counter(SIM_COUNTER_RPC_MEMORY), 0);
}

static uint32_t call(const struct client *c, uint32_t command, uint32_t a, uint32_t b)
{
	struct tee_ioctl_param p = VALUE_IN(a, b);
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, command, &p, 1, &answer), 0);
	return answer.ret;
}

static uint32_t alloc(const struct client *hog, uint32_t type, uint32_t size,
		      struct tee_ioctl_param *out)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(type, size), VALUE_OUT };
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(hog->fd, hog->session, HOG_CMD_ALLOC, p, 2, &answer), 0);
	*out = p[1];
	return answer.ret;
}

TEST(time_is_the_kernels)
{
	struct tee_ioctl_param p = VALUE_OUT;
	struct timespec before, after;
	struct client sleeper;

	begin(&sleeper, app_sleeper);
	/* Not time(), which lags behind as long as the CPU that keeps it does. */
	ASSERT_EQ(clock_gettime(CLOCK_REALTIME, &before), 0);
	client_invoke(&sleeper, SLEEPER_CMD_TIME, &p, 1);
	ASSERT_EQ(clock_gettime(CLOCK_REALTIME, &after), 0);
	EXPECT_GE(p.a, (uint32_t)before.tv_sec);
	EXPECT_LE(p.a, (uint32_t)after.tv_sec);
	EXPECT_LE(p.b, 999999999);
	end(&sleeper);
}

TEST(suspend_lasts)
{
	struct client sleeper;
	uint64_t start;

	begin(&sleeper, app_sleeper);
	start = clock_ms();
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SUSPEND, 300, 0), TEE_SUCCESS);
	EXPECT_GE(clock_ms() - start, 290);
	EXPECT_LE(clock_ms() - start, PATIENCE_MS);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SUSPEND, 0, 0), TEE_SUCCESS);
	end(&sleeper);
}

TEST(notification_before_the_wait_is_kept)
{
	struct client sleeper;

	begin(&sleeper, app_sleeper);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, 100, 0), TEE_SUCCESS);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, 100, 0), TEE_SUCCESS);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_WAIT, 100, 0), TEE_SUCCESS);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, 0, 0), TEE_SUCCESS);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_WAIT, 0, 0), TEE_SUCCESS);
	end(&sleeper);
}

/**
 * struct waiter - a wait of a thread
 * @sleeper: session
 * @value: for what
 * @ret: result
 * @tid: the thread, once it runs
 */
struct waiter {
	struct client *sleeper;
	uint32_t value;
	uint32_t ret;
	pid_t tid;
};

static void *wait_thread(void *arg)
{
	struct waiter *w = arg;

	__atomic_store_n(&w->tid, gettid(), __ATOMIC_RELEASE);
	w->ret = call(w->sleeper, SLEEPER_CMD_WAIT, w->value, 0);
	return NULL;
}

/* A wait that is under way: its RPC has been seen, and the kernel has got to it. */
static pthread_t start_wait(struct waiter *w)
{
	uint64_t commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	pthread_t thread;

	ASSERT_EQ(pthread_create(&thread, NULL, wait_thread, w), 0);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
	asleep_wait(__atomic_load_n(&w->tid, __ATOMIC_ACQUIRE), 1);
	return thread;
}

TEST(notification_wakes_its_waiter)
{
	struct client sleeper;
	struct waiter w = { .sleeper = &sleeper, .value = 101, .ret = 1 };
	pthread_t thread;

	begin(&sleeper, app_sleeper);
	thread = start_wait(&w);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, 102, 0), TEE_SUCCESS);
	sleep_ms(50);
	EXPECT_EQ(w.ret, 1);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, 101, 0), TEE_SUCCESS);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(w.ret, TEE_SUCCESS);
	/* What nobody waited for is still there. */
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_WAIT, 102, 0), TEE_SUCCESS);
	end(&sleeper);
}

TEST(second_waiter_is_refused)
{
	struct client sleeper;
	struct waiter w = { .sleeper = &sleeper, .value = 103, .ret = 1 };
	pthread_t thread;

	begin(&sleeper, app_sleeper);
	thread = start_wait(&w);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_WAIT, 103, 0), TEE_ERROR_BAD_PARAMETERS);
	EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, 103, 0), TEE_SUCCESS);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(w.ret, TEE_SUCCESS);
	end(&sleeper);
}

TEST(notification_value_has_a_limit)
{
	static const uint32_t bad[] = { 1000, 0x80000000, UINT32_MAX };
	struct client sleeper;

	begin(&sleeper, app_sleeper);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(call(&sleeper, SLEEPER_CMD_SEND, bad[i], 0), TEE_ERROR_BAD_PARAMETERS);
		EXPECT_EQ(call(&sleeper, SLEEPER_CMD_WAIT, bad[i], 0), TEE_ERROR_BAD_PARAMETERS);
	}
	end(&sleeper);
}

/*
 * Milliseconds that are taken for jiffies take too long each time, and a machine that is busy with
 * something else only at times.
 */
TEST(notification_wait_times_out)
{
	unsigned int tries = modules_are_ours() ? 5 : 1;
	struct client sleeper;
	uint64_t start, took;

	begin(&sleeper, app_sleeper);
	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("%s", no_timeouts);
	do {
		start = clock_ms();
		EXPECT_EQ(call(&sleeper, SLEEPER_CMD_WAIT, 104, 400), TEE_ERROR_TIMEOUT);
		took = clock_ms() - start;
		EXPECT_GE(took, 390);
	} while (took > 1500 && --tries);
	EXPECT_LE(took, 1500);
	end(&sleeper);
}

TEST(kernel_memory_is_lent)
{
	static const uint32_t sizes[] = { 1, 512, 4096, 4097, 65536, SMALL, 1 << 20 };
	struct tee_ioctl_param out;
	struct client hog;

	begin(&hog, app_hog);
	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("%s", no_list);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (sizes[i] > SMALL && !client_can_register(hog.fd)) {
			EXPECT_EQ(alloc(&hog, OPTEE_RPC_SHM_TYPE_KERNEL, sizes[i], &out),
				  TEE_ERROR_OUT_OF_MEMORY);
			continue;
		}
		ASSERT_EQ(alloc(&hog, OPTEE_RPC_SHM_TYPE_KERNEL, sizes[i], &out), TEE_SUCCESS);
		EXPECT_GE(out.a, sizes[i]);
	}
	end(&hog);
}

/* For the messages of RPCs, where those do not go with the calls' own. */
TEST(memory_that_was_kept_is_given_back_with_the_driver)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_DISABLE_SHM_CACHE } };
	struct client hog;

	begin(&hog, app_hog);
	if (optee_is_over_ffa())
		SKIP("nothing is kept over FF-A");
	/* Nobody lets it go. */
	EXPECT_EQ(call(&hog, HOG_CMD_HOLD, 1, 0), TEE_ERROR_TIMEOUT);
	end(&hog);
	ASSERT_RC(driver_unbind(), 0);
	world_smc(&smc);
	EXPECT_EQ((uint32_t)smc.out[0], OPTEE_SMC_RETURN_ENOTAVAIL);
	ASSERT_RC(driver_bind(), 0);
	driver_wait_for_node();
}

TEST(supplicants_memory_is_lent)
{
	static const uint32_t sizes[] = { 1, 4096, 4097, 65536, 1 << 20 };
	struct tee_ioctl_param out;
	struct client hog;
	struct fake *fake;

	begin(&hog, app_hog);
	fake = fake_start(NULL);
	/* Nobody but the cases calls from now on. */
	supp_settle();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		ASSERT_EQ(alloc(&hog, OPTEE_RPC_SHM_TYPE_APPL, sizes[i], &out), TEE_SUCCESS);
		EXPECT_GE(out.a, sizes[i]);
	}
	end(&hog);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
}

TEST(memory_of_other_types_is_refused)
{
	static const uint32_t types[] = { OPTEE_RPC_SHM_TYPE_GLOBAL, 3, UINT32_MAX };
	struct tee_ioctl_param out;
	struct client hog;

	begin(&hog, app_hog);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		EXPECT_EQ(alloc(&hog, types[i], 4096, &out), TEE_ERROR_BAD_PARAMETERS);
	end(&hog);
}

TEST(memory_of_absurd_sizes_is_refused_quietly)
{
	static const uint64_t sizes[] = { 0, 1ULL << 30, 1ULL << 40, 1ULL << 63, UINT64_MAX };
	struct tee_ioctl_param out;
	struct client hog;

	begin(&hog, app_hog);
	if (modules_are_stock())
		SKIP("%s", page_alloc);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		world_fault(SIM_FAULT_RPC_SHM_SIZE, 1, sizes[i]);
		EXPECT_NE(alloc(&hog, OPTEE_RPC_SHM_TYPE_KERNEL, 4096, &out), TEE_SUCCESS);
	}
	ASSERT_EQ(alloc(&hog, OPTEE_RPC_SHM_TYPE_KERNEL, 4096, &out), TEE_SUCCESS);
	end(&hog);
}

TEST(free_of_a_foreign_cookie_is_ignored)
{
	static const uint64_t cookies[] = { 0, 1, 4096, 0xffff000012345678, UINT64_MAX };
	struct tee_ioctl_param out;
	struct client hog;

	begin(&hog, app_hog);
	if (modules_are_stock())
		SKIP("%s", pointers);
	/* Memory that is shared by somebody else is so until the device goes. */
	leave_behind(SIM_COUNTER_FFA_SHARES, ARRAY_SIZE(cookies));
	for (size_t i = 0; i < ARRAY_SIZE(cookies); i++) {
		world_fault(SIM_FAULT_RPC_SHM_COOKIE, 1, cookies[i]);
		/* That object stays the kernel's until the call ends, or for good. */
		EXPECT_EQ(alloc(&hog, OPTEE_RPC_SHM_TYPE_KERNEL, 4096, &out), TEE_SUCCESS);
		EXPECT_NE(world_counter(SIM_COUNTER_RPC_RESULT), TEE_SUCCESS);
	}
	ASSERT_EQ(alloc(&hog, OPTEE_RPC_SHM_TYPE_KERNEL, 4096, &out), TEE_SUCCESS);
	end(&hog);
}

/* Commands with other parameters than they have: refused, and the call goes on. */
TEST(commands_of_the_wrong_shape_are_refused)
{
	static const uint32_t commands[] = {
		OPTEE_RPC_CMD_GET_TIME, OPTEE_RPC_CMD_NOTIFICATION, OPTEE_RPC_CMD_SUSPEND,
		OPTEE_RPC_CMD_SHM_ALLOC, OPTEE_RPC_CMD_SHM_FREE,
	};
	struct client echo;

	begin(&echo, app_echo);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		for (uint64_t count = 0; count <= 4; count++) {
			world_fault(SIM_FAULT_RPC_INJECT, 1, count << 32 | commands[i]);
			client_echo(&echo, i, count);
			EXPECT_MSG(world_counter(SIM_COUNTER_RPC_RESULT) ==
				   TEE_ERROR_BAD_PARAMETERS, "command %u with %u parameters: %x",
				   commands[i], (unsigned int)count,
				   (unsigned int)world_counter(SIM_COUNTER_RPC_RESULT));
		}
	}
	end(&echo);
}

TEST(counts_beyond_the_message_are_refused)
{
	static const uint32_t counts[] = { 0, 2, 4, 5, 127, 128, UINT32_MAX };
	struct client sleeper;

	begin(&sleeper, app_sleeper);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct tee_ioctl_param p = VALUE_OUT;
		struct tee_answer answer;

		world_fault(SIM_FAULT_RPC_NUM_PARAMS, 1, counts[i]);
		ASSERT_RC(tee_invoke(sleeper.fd, sleeper.session, SLEEPER_CMD_TIME, &p, 1,
				     &answer), 0);
		EXPECT_NE(answer.ret, TEE_SUCCESS);
		EXPECT_NE(world_counter(SIM_COUNTER_RPC_RESULT), TEE_SUCCESS);
	}
	end(&sleeper);
}

/* Where calls have room for the message, nobody looks at its cookie. */
TEST(message_in_a_bad_place_harms_nobody)
{
	static const uint64_t cookies[] = { 0, 1, 4096, 0xffff000012345678, UINT64_MAX };
	struct tee_ioctl_param p = VALUE_OUT;
	struct client sleeper;

	begin(&sleeper, app_sleeper);
	if (modules_are_stock())
		SKIP("%s", pointers);
	for (size_t i = 0; i < ARRAY_SIZE(cookies); i++) {
		struct tee_answer answer;

		world_fault(SIM_FAULT_RPC_PLACE, 1, cookies[i]);
		ASSERT_RC(tee_invoke(sleeper.fd, sleeper.session, SLEEPER_CMD_TIME, &p, 1,
				     &answer), 0);
	}
	client_invoke(&sleeper, SLEEPER_CMD_TIME, &p, 1);
	end(&sleeper);
}

TEST(unknown_command_is_the_supplicants)
{
	static const uint32_t commands[] = { 8, 13, 20, 25, 1000, UINT32_MAX };
	struct client echo;
	struct fake *fake;

	begin(&echo, app_echo);
	fake = fake_start(NULL);
	supp_settle();
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		world_fault(SIM_FAULT_RPC_INJECT, 1, 1ULL << 32 | commands[i]);
		client_echo(&echo, 1, 2);
		EXPECT_EQ(world_counter(SIM_COUNTER_RPC_RESULT), TEE_ERROR_NOT_SUPPORTED);
		EXPECT_EQ(fake->func, commands[i]);
	}
	fake_stop(fake);
	end(&echo);
}

static const uint32_t for_hardware[] = {
	OPTEE_RPC_CMD_I2C_TRANSFER, OPTEE_RPC_CMD_RPMB_PROBE_RESET, OPTEE_RPC_CMD_RPMB_PROBE_NEXT,
	OPTEE_RPC_CMD_RPMB_FRAMES,
};

/*
 * No supplicant is there, and none is waited for: whatever the parameters, the kernel says that it
 * does not do this.
 */
TEST(hardware_of_the_kernel_is_not_lent)
{
	struct client echo;

	begin(&echo, app_echo);
	if (modules_are_stock())
		SKIP("the packaged driver transfers, or asks the supplicant, who is not there");
	for (size_t i = 0; i < ARRAY_SIZE(for_hardware); i++) {
		for (uint64_t count = 0; count <= 4; count++) {
			world_fault(SIM_FAULT_RPC_INJECT, 1, count << 32 | for_hardware[i]);
			client_echo(&echo, i, count);
			EXPECT_MSG(world_counter(SIM_COUNTER_RPC_RESULT) == TEE_ERROR_NOT_SUPPORTED,
				   "command %u with %u parameters: %x", for_hardware[i],
				   (unsigned int)count,
				   (unsigned int)world_counter(SIM_COUNTER_RPC_RESULT));
		}
	}
	end(&echo);
}

/*
 * With a supplicant, packaged drivers ask that about the RPMB, of which Debian's kernels have none
 * of their own; to I2C the parameters are wrong. Ours asks nobody.
 */
TEST(hardware_of_the_kernel_is_not_the_supplicants)
{
	struct client echo;
	struct fake *fake;

	begin(&echo, app_echo);
	fake = fake_start(NULL);
	supp_settle();
	for (size_t i = 0; i < ARRAY_SIZE(for_hardware); i++) {
		bool i2c = for_hardware[i] == OPTEE_RPC_CMD_I2C_TRANSFER;
		unsigned int before = fake->requests;

		world_fault(SIM_FAULT_RPC_INJECT, 1, 1ULL << 32 | for_hardware[i]);
		client_echo(&echo, 1, 2);
		EXPECT_EQ(world_counter(SIM_COUNTER_RPC_RESULT),
			  modules_are_stock() && i2c ? TEE_ERROR_BAD_PARAMETERS :
						       TEE_ERROR_NOT_SUPPORTED);
		EXPECT_EQ(fake->requests, before + (modules_are_stock() && !i2c));
		if (modules_are_stock() && !i2c)
			EXPECT_EQ(fake->func, for_hardware[i]);
	}
	fake_stop(fake);
	end(&echo);
}

/* A file operation of storage whose first memref is spoilt. */
static void storage_fails(const struct client *storage, unsigned int fault, uint64_t argument)
{
	uint32_t ret;

	world_fault(fault, 1, argument);
	ret = storage_write(storage, "object", "contents", 8);
	world_faults_off();
	EXPECT_MSG(ret, "fault %u with %llx was not noticed", fault,
		   (unsigned long long)argument);
}

TEST(memref_beyond_its_memory_is_refused)
{
	static const uint64_t sizes[] = { 1 << 20, 1ULL << 32, 1ULL << 63, UINT64_MAX };
	struct client storage;
	struct fake *fake;

	begin(&storage, app_storage);
	fake = fake_start(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		storage_fails(&storage, SIM_FAULT_RPC_MEMREF_SIZE, sizes[i]);
		storage_fails(&storage, SIM_FAULT_RPC_MEMREF_OFFSET, sizes[i]);
	}
	if (!modules_are_stock())
		EXPECT_EQ(fake->beyond, 0);
	EXPECT_EQ(storage_write(&storage, "object", "contents", 8), TEE_SUCCESS);
	fake_stop(fake);
	end(&storage);
}

TEST(memref_with_a_foreign_cookie_is_refused)
{
	static const uint64_t cookies[] = { 1, 4096, 0xffff000012345678, UINT64_MAX };
	struct client storage;
	struct fake *fake;

	begin(&storage, app_storage);
	if (modules_are_stock())
		SKIP("%s", pointers);
	fake = fake_start(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(cookies); i++)
		/* Which says that there is no memory, over FF-A. */
		if (!optee_is_over_ffa() || cookies[i] != UINT64_MAX)
			storage_fails(&storage, SIM_FAULT_RPC_MEMREF_COOKIE, cookies[i]);
	EXPECT_EQ(storage_write(&storage, "object", "contents", 8), TEE_SUCCESS);
	fake_stop(fake);
	end(&storage);
}

/* Calls that are not held any more. */
static unsigned int released;

static void *hold_thread(void *arg)
{
	EXPECT_EQ(call(arg, HOG_CMD_HOLD, 2 * PATIENCE_MS, 0), TEE_SUCCESS);
	__atomic_add_fetch(&released, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void *echo_thread(void *arg)
{
	client_echo(arg, 1, 2);
	return NULL;
}

TEST(calls_wait_while_all_threads_are_held)
{
	uint64_t threads, calls;
	pthread_t held[64], waiting;
	struct client hog, echo;

	begin(&hog, app_hog);
	client_open(&echo, app_echo);
	threads = world_counter(SIM_COUNTER_THREADS);
	for (uint64_t i = 0; i < threads; i++)
		ASSERT_EQ(pthread_create(&held[i], NULL, hold_thread, &hog), 0);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	calls = world_counter(SIM_COUNTER_YIELDING_CALLS);
	ASSERT_EQ(pthread_create(&waiting, NULL, echo_thread, &echo), 0);
	sleep_ms(200);
	EXPECT_EQ(world_counter(SIM_COUNTER_YIELDING_CALLS), calls);
	/* Who has a thread may begin to hold it only now. */
	while (__atomic_load_n(&released, __ATOMIC_ACQUIRE) < threads) {
		held_release();
		sleep_ms(5);
	}
	for (uint64_t i = 0; i < threads; i++)
		ASSERT_EQ(pthread_join(held[i], NULL), 0);
	ASSERT_EQ(pthread_join(waiting, NULL), 0);
	client_close(&echo);
	end(&hog);
}

TEST(client_killed_while_it_suspends_leaves_nothing)
{
	uint64_t start;
	pid_t pid;

	supp_need();
	for (int i = 0; i < 5; i++) {
		uint64_t commands = world_counter(SIM_COUNTER_RPC_COMMANDS);

		pid = fork();
		if (!pid) {
			struct client sleeper;

			client_open(&sleeper, app_sleeper);
			call(&sleeper, SLEEPER_CMD_SUSPEND, 2 * PATIENCE_MS, 0);
			_exit(0);
		}
		ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
		sleep_ms(20);
		start = clock_ms();
		kill(pid, SIGKILL);
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
		EXPECT_LE(clock_ms() - start, PATIENCE_MS);
		EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	}
}
