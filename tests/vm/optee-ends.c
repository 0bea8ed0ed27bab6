// SPDX-License-Identifier: BSD-2-Clause
/* CPUs, the supplicant, the device and the driver that go while clients are in the middle of it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "clock.h"
#include "crowd.h"
#include "driver.h"
#include "harness.h"
#include "held.h"
#include "power.h"
#include "supplicant.h"
#include "sysfs.h"
#include "unbind.h"
#include "world.h"

#define CLIENTS		10
/* So long nothing happens, if it is not to happen. */
#define QUIET_MS	200
#define ROUNDS		10

static const uint8_t app_sleeper[] = APP_SLEEPER_UUID;
static const uint8_t app_storage[] = APP_STORAGE_UUID;

static uint64_t begin(void)
{
	supp_need();
	time_limit(120);
	return world_counter(SIM_COUNTER_SESSIONS);
}

static void end(uint64_t sessions)
{
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_RPC_MEMORY, 0, PATIENCE_MS));
}

static uint32_t spin(const struct client *c, unsigned int n)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(20 + n, 0), NO_PARAM };
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, SLOW_CMD_SPIN, p, 2, &answer), 0);
	return answer.ret;
}

static uint32_t write_one(const struct client *c, unsigned int n)
{
	return storage_write(c, "one", "contents", 8);
}

/* Whatever comes of it. */
static uint32_t try_to_write(const struct client *c, unsigned int n)
{
	write_one(c, n);
	return TEE_SUCCESS;
}

static int cpu_online(unsigned int cpu, bool online)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	return sysfs_write(path, online ? "1" : "0");
}

static void need_hotplug(void)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP("needs 2 CPUs");
	if (access("/sys/devices/system/cpu/cpu1/online", W_OK))
		SKIP("CPUs cannot be taken away");
}

TEST(cpus_go_and_come_back_while_clients_call)
{
	uint64_t sessions = begin();
	struct crowd *crowd;
	long cpus;

	need_hotplug();
	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	crowd = crowd_start(CLIENTS, app_slow, spin, true);
	crowd_go(crowd);
	for (unsigned int i = 0; i < rounds(ROUNDS); i++) {
		unsigned int cpu = 1 + (cpus > 2 ? i % 2 : 0);

		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
		ASSERT_RC(cpu_online(cpu, false), 0);
		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
		ASSERT_RC(cpu_online(cpu, true), 0);
	}
	crowd_end(crowd, TEE_SUCCESS);
	end(sessions);
}

static uint32_t spin_on_cpu_1(const struct client *c, unsigned int n)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(HELD_MS, 0), VALUE_OUT };
	struct tee_answer answer;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	ASSERT_RC(tee_invoke(c->fd, c->session, SLOW_CMD_RELEASABLE, p, 2, &answer), 0);
	EXPECT_GE(p[1].b, 2);
	return answer.ret;
}

TEST(call_goes_on_elsewhere_when_its_cpu_goes)
{
	uint64_t sessions = begin();
	struct crowd *crowd;

	need_hotplug();
	crowd = crowd_start(1, app_slow, spin_on_cpu_1, false);
	crowd_go(crowd);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, 1, PATIENCE_MS));
	ASSERT_RC(cpu_online(1, false), 0);
	EXPECT(held_release_all());
	crowd_end(crowd, TEE_SUCCESS);
	ASSERT_RC(cpu_online(1, true), 0);
	end(sessions);
}

TEST(supplicant_killed_and_restarted_while_clients_call)
{
	uint64_t sessions = begin();
	struct client storage;
	struct crowd *crowd;
	struct fake *fake;

	if (modules_are_stock())
		SKIP("seen with the packaged driver: the device stays busy for a while after its supplicant was killed");
	crowd = crowd_start(CLIENTS, app_storage, try_to_write, true);
	crowd_go(crowd);
	for (unsigned int i = 0; i < rounds(ROUNDS); i++) {
		fake = fake_start(NULL);
		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS / 2);
		fake_stop(fake);
	}
	/* What was asked of the last one is answered, or asked of this one. */
	fake = fake_start(NULL);
	crowd_end(crowd, TEE_SUCCESS);
	client_open(&storage, app_storage);
	EXPECT_EQ(write_one(&storage, 0), TEE_SUCCESS);
	client_close(&storage);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
	end(sessions);
}

/* Clients that have asked a supplicant that does not listen, are killed, and are gone. */
static struct fake *killed_before_they_are_heard(void)
{
	uint64_t threads = world_counter(SIM_COUNTER_THREADS);
	uint64_t asked = world_counter(SIM_COUNTER_RPC_COMMANDS);
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;
	int status;

	ASSERT_EQ(kill(fake->pid, SIGSTOP), 0);
	/* Until it has stopped it might still be given a request. */
	ASSERT_EQ(waitpid(fake->pid, &status, WUNTRACED), fake->pid);
	ASSERT(WIFSTOPPED(status));
	crowd = crowd_start(threads + 2, app_storage, write_one, false);
	crowd_go(crowd);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, asked + threads, PATIENCE_MS));
	sleep_ms(QUIET_MS);
	crowd_kill(crowd);
	return fake;
}

TEST(supplicant_goes_on_after_clients_were_killed_before_it_had_their_requests)
{
	uint64_t sessions = begin();
	struct client storage;
	struct fake *fake;

	client_open(&storage, app_storage);
	fake = killed_before_they_are_heard();
	ASSERT_EQ(kill(fake->pid, SIGCONT), 0);
	EXPECT_EQ(write_one(&storage, 0), TEE_SUCCESS);
	EXPECT_EQ(fake->sends_failed, 0);
	client_close(&storage);
	fake_stop(fake);
	end(sessions);
}

TEST(supplicant_killed_after_clients_were_killed_before_it_had_their_requests)
{
	uint64_t sessions = begin();

	fake_stop(killed_before_they_are_heard());
	/* Without any help of another one. */
	end(sessions);
}

/* At any moment: before, while and after the supplicant has a request. */
TEST(clients_killed_at_any_moment_of_their_requests)
{
	uint64_t sessions = begin();
	struct client storage;
	struct fake *fake;

	if (modules_are_stock())
		SKIP("seen with the packaged driver: out of memory for RPCs after the kills");
	fake = fake_start(NULL);
	client_open(&storage, app_storage);
	for (int i = 0; i < 3 * ROUNDS; i++) {
		unsigned int requests = __atomic_load_n(&fake->requests, __ATOMIC_ACQUIRE);
		struct crowd *crowd = crowd_start(2, app_storage, try_to_write, true);
		uint64_t limit = clock_ms() + PATIENCE_MS;

		crowd_go(crowd);
		/* So many requests into their work, a write has about a dozen. */
		while (__atomic_load_n(&fake->requests, __ATOMIC_ACQUIRE) < requests + i)
			ASSERT_MSG(clock_ms() < limit, "no requests");
		crowd_kill(crowd);
	}
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	EXPECT_EQ(write_one(&storage, 0), TEE_SUCCESS);
	if (modules_are_ours())
		EXPECT_EQ(fake->sends_failed, 0);
	client_close(&storage);
	fake_stop(fake);
	end(sessions);
}

TEST(supplicant_frozen_in_its_control_group_is_waited_for)
{
	uint64_t sessions = begin();
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;

	group_make();
	group_add(fake->pid);
	crowd = crowd_start(CLIENTS, app_storage, write_one, true);
	crowd_go(crowd);
	for (unsigned int i = 0; i < rounds(ROUNDS); i++) {
		uint64_t end = clock_ms() + scaled(PATIENCE_MS);
		unsigned int calls;

		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
		group_freeze();
		/* Those whose last request was answered come through, and nobody else. */
		do {
			ASSERT_MSG(clock_ms() < end, "calls go on without the supplicant");
			calls = crowd_calls(crowd);
			sleep_ms(QUIET_MS);
		} while (crowd_calls(crowd) != calls);
		group_thaw();
	}
	crowd_end(crowd, TEE_SUCCESS);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
	end(sessions);
}

static pid_t unbind_it(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/unbind", driver_folder());
	return unbind(path, driver_device(), TEE_DEVICE);
}

/* Nothing of the driver is left in the secure world, nor anything of its clients. */
static void nothing_is_left(void)
{
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_RPC_MEMORY), 0);
}

static void end_of_device(pid_t unbinding)
{
	int status;

	ASSERT_EQ(waitpid(unbinding, &status, 0), unbinding);
	EXPECT_EQ(status, 0);
	nothing_is_left();
	ASSERT_RC(driver_bind(), 0);
	bound_again(TEE_DEVICE);
}

/* What a client sees of its device when that goes, is nothing to complain about. */
static uint32_t open_loadable(const struct client *c, unsigned int n)
{
	struct tee_open o = { .uuid = APP_LOADABLE_UUID(0) };
	struct tee_answer answer = { };
	int rc = tee_open_session(c->fd, &o, NULL, 0, &answer);

	EXPECT_MSG(rc == -ENODEV || (!rc && answer.ret), "%s, %x", result_name(rc), answer.ret);
	harness_end();
}

static uint32_t spin_until_it_goes(const struct client *c, unsigned int n)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(20 + n, 0), NO_PARAM };
	struct tee_answer answer;
	int rc = tee_invoke(c->fd, c->session, SLOW_CMD_SPIN, p, 2, &answer);

	if (!rc)
		return answer.ret;
	EXPECT_RC(rc, -ENODEV);
	harness_end();
}

static void need_unbinding(void)
{
	begin();
	if (modules_are_stock())
		SKIP("the packaged drivers go on as before until all files are closed");
}

TEST(device_removed_with_clients_that_wait_for_a_supplicant_or_a_thread)
{
	uint64_t threads, asked;
	struct crowd *crowd;
	pid_t pid;

	need_unbinding();
	threads = world_counter(SIM_COUNTER_THREADS);
	asked = world_counter(SIM_COUNTER_RPC_COMMANDS);
	crowd = crowd_start(CLIENTS + threads, app_echo, open_loadable, false);
	crowd_go(crowd);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, asked + threads, PATIENCE_MS));
	sleep_ms(QUIET_MS);
	pid = unbind_it();
	/* Nobody kills them: they are told, and end of their own accord. */
	crowd_wait_gone(crowd);
	end_of_device(pid);
}

static uint32_t sleep_for_long(const struct client *c, unsigned int n)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(600 * 1000, 0), NO_PARAM };
	struct tee_answer answer;

	tee_invoke(c->fd, c->session, SLEEPER_CMD_SUSPEND, p, 2, &answer);
	harness_end();
}

TEST(device_removed_while_secure_threads_sleep)
{
	struct crowd *crowd;
	uint64_t threads;
	pid_t pid;

	need_unbinding();
	threads = world_counter(SIM_COUNTER_THREADS);
	crowd = crowd_start(threads, app_sleeper, sleep_for_long, false);
	crowd_go(crowd);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	sleep_ms(QUIET_MS);
	pid = unbind_it();
	crowd_wait_gone(crowd);
	end_of_device(pid);
}

TEST(device_removed_while_its_clients_are_killed)
{
	need_unbinding();
	for (unsigned int i = 0; i < rounds(ROUNDS); i++) {
		struct crowd *crowd = crowd_start(CLIENTS, app_slow, spin_until_it_goes, true);
		pid_t pid;

		crowd_go(crowd);
		crowd_wait_calls(crowd, 1);
		pid = unbind_it();
		crowd_kill(crowd);
		end_of_device(pid);
	}
}

static uint32_t wait_to_be_killed(const struct client *c, unsigned int n)
{
	pause();
	return TEE_SUCCESS;
}

/* The last ones to go, all at once: the device must outlive each. */
TEST(device_removed_while_all_users_leave_at_once)
{
	need_unbinding();
	for (unsigned int i = 0; i < rounds(2 * ROUNDS); i++) {
		struct crowd *crowd = crowd_start(32, app_echo, wait_to_be_killed, false);
		pid_t pid;

		crowd_go(crowd);
		pid = unbind_it();
		crowd_kill(crowd);
		end_of_device(pid);
	}
}

static int unload(void)
{
	return syscall(SYS_delete_module, driver_module(), O_NONBLOCK) ? -errno : 0;
}

/* As soon as the workers are through with the calls of its last users, or before. */
static int unload_soon(void)
{
	uint64_t limit = clock_ms() + PATIENCE_MS;
	int rc;

	while ((rc = unload()) == -EAGAIN && clock_ms() < limit)
		sleep_ms(1);
	return rc;
}

static void load(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execlp("modprobe", "modprobe", driver_module(), (char *)NULL);
		_exit(127);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT_EQ(status, 0);
	bound_again(TEE_DEVICE);
}

static void need_unloading(void)
{
	begin();
	if (modules_are_stock())
		SKIP("the packaged driver's module may go while its calls are under way");
}

TEST(driver_stays_while_it_has_clients)
{
	struct client echo;
	struct tee_buf buf;

	need_unloading();
	client_open(&echo, app_echo);
	client_alloc(echo.fd, 4096, &buf);
	EXPECT_RC(unload(), -EAGAIN);
	client_echo(&echo, 1, 2);
	client_close(&echo);
	/* Memory that outlives its context counts, too. */
	EXPECT_RC(unload(), -EAGAIN);
	buf.va[0] = 1;
	tee_free(&buf);
	ASSERT_RC(unload_soon(), 0);
	nothing_is_left();
	load();
	client_open(&echo, app_echo);
	client_echo(&echo, 3, 4);
	client_close(&echo);
}

TEST(driver_unloaded_after_its_clients_were_killed_leaves_nothing)
{
	need_unloading();
	for (unsigned int i = 0; i < rounds(ROUNDS); i++) {
		struct crowd *crowd = crowd_start(CLIENTS, app_slow, spin, true);

		crowd_go(crowd);
		crowd_wait_calls(crowd, 1);
		crowd_kill(crowd);
		ASSERT_RC(unload_soon(), 0);
		nothing_is_left();
		load();
	}
}
