// SPDX-License-Identifier: BSD-2-Clause
/* Clients that are frozen, in every state a call can be in, and the whole machine with them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "crowd.h"
#include "harness.h"
#include "held.h"
#include "klog.h"
#include "look.h"
#include "notif.h"
#include "power.h"
#include "supplicant.h"
#include "sysfs.h"
#include "world.h"

#define CLIENTS		10
#define THREADS_MAX	16
/* So long nothing happens, if it is not to happen. */
#define QUIET_MS	200
/* A notification that nobody else uses. */
#define VALUE		23

static const uint8_t app_storage[] = APP_STORAGE_UUID;
static const uint8_t app_hog[] = APP_HOG_UUID;

static const char stock_queue[] = "the packaged driver's wait for a thread does not freeze";

static const char stock_supplicant[] =
	"the packaged driver's wait for the supplicant does not freeze";

/* @need: what the case cannot do without, asked for before anything waits or is held. */
static uint64_t begin(void (*need)(void))
{
	supp_need();
	need();
	time_limit(120);
	ASSERT_LE(world_counter(SIM_COUNTER_THREADS), THREADS_MAX);
	return world_counter(SIM_COUNTER_SESSIONS);
}

static void end(uint64_t sessions)
{
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_RPC_MEMORY, 0, PATIENCE_MS));
}

static uint32_t value(const struct client *c, uint32_t command, uint32_t a, uint32_t b)
{
	struct tee_ioctl_param p = VALUE_IN(a, b);
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, command, &p, 1, &answer), 0);
	return answer.ret;
}

static uint32_t write_one(const struct client *c, unsigned int n)
{
	char name[16];

	snprintf(name, sizeof(name), "client-%u", n);
	return storage_write(c, name, "contents", 8);
}

/* The supplicant as kill -STOP, or a control group, leaves it. */
static void stop_supplicant(struct fake *fake)
{
	int status;

	ASSERT_EQ(kill(fake->pid, SIGSTOP), 0);
	ASSERT_EQ(waitpid(fake->pid, &status, WUNTRACED), fake->pid);
	ASSERT(WIFSTOPPED(status));
}

/*
 * All ordinary secure threads wait for the supplicant, the other clients for a secure thread. So
 * many threads are kept back.
 */
static struct crowd *all_wait_for_the_supplicant(unsigned int reserved)
{
	uint64_t threads = world_counter(SIM_COUNTER_THREADS) - reserved;
	uint64_t asked = world_counter(SIM_COUNTER_RPC_COMMANDS);
	struct crowd *crowd = crowd_start(CLIENTS + threads, app_storage, write_one, false);

	crowd_go(crowd);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, asked + threads, PATIENCE_MS));
	sleep_ms(QUIET_MS);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads);
	EXPECT_EQ(crowd_calls(crowd), 0);
	return crowd;
}

TEST(frozen_with_ten_clients_that_wait_on_a_stopped_supplicant)
{
	uint64_t sessions = begin(power_need);
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;

	stop_supplicant(fake);
	crowd = all_wait_for_the_supplicant(0);
	EXPECT_RC(power_freeze(), 0);
	EXPECT_EQ(crowd_calls(crowd), 0);
	ASSERT_EQ(kill(fake->pid, SIGCONT), 0);
	crowd_end(crowd, TEE_SUCCESS);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
	end(sessions);
}

TEST(suspended_with_ten_clients_that_wait_on_a_stopped_supplicant)
{
	uint64_t sessions = begin(power_need_clock);
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;

	stop_supplicant(fake);
	crowd = all_wait_for_the_supplicant(0);
	EXPECT_RC(power_suspend(), 0);
	ASSERT_EQ(kill(fake->pid, SIGCONT), 0);
	crowd_end(crowd, TEE_SUCCESS);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
	end(sessions);
}

TEST(frozen_with_clients_that_wait_for_a_supplicant_to_come)
{
	uint64_t sessions = begin(power_need);
	struct crowd *crowd = all_wait_for_the_supplicant(0);
	struct fake *fake;

	EXPECT_RC(power_freeze(), 0);
	EXPECT_EQ(crowd_calls(crowd), 0);
	fake = fake_start(NULL);
	crowd_end(crowd, TEE_SUCCESS);
	fake_stop(fake);
	end(sessions);
}

TEST(clients_killed_after_they_were_frozen_leave_nothing)
{
	uint64_t sessions = begin(power_need);
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;

	stop_supplicant(fake);
	crowd = all_wait_for_the_supplicant(0);
	EXPECT_RC(power_freeze(), 0);
	crowd_kill(crowd);
	fake_stop(fake);
	end(sessions);
}

/*
 * The folder of all objects: Debian's supplicant removes an empty one while another thread of it
 * makes a file there.
 */
static void make_folder(void)
{
	struct client storage;

	client_open(&storage, app_storage);
	EXPECT_EQ(write_one(&storage, CROWD_MAX), TEE_SUCCESS);
	client_close(&storage);
}

/* Whatever the moment: in the secure world, on the way, in the supplicant. */
TEST(storage_goes_on_after_many_freezes)
{
	uint64_t sessions = begin(power_need);
	struct crowd *crowd;
	pid_t supplicant;

	if (modules_are_stock())
		SKIP("%s", stock_supplicant);
	supplicant = supplicant_start();
	make_folder();
	crowd = crowd_start(CLIENTS, app_storage, write_one, true);
	crowd_go(crowd);
	for (unsigned int i = 0; i < rounds(8); i++) {
		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
		EXPECT_RC(power_freeze(), 0);
	}
	crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
	crowd_end(crowd, TEE_SUCCESS);
	supplicant_stop(supplicant);
	end(sessions);
}

static uint32_t spin(const struct client *c, unsigned int n)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(50 + n, 0), NO_PARAM };
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, SLOW_CMD_SPIN, p, 2, &answer), 0);
	return answer.ret;
}

TEST(clients_go_on_in_the_secure_world_after_many_freezes)
{
	uint64_t sessions = begin(power_need);
	struct crowd *crowd = crowd_start(CLIENTS, app_slow, spin, true);

	crowd_go(crowd);
	for (int i = 0; i < 8; i++) {
		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
		EXPECT_RC(power_freeze(), 0);
	}
	crowd_end(crowd, TEE_SUCCESS);
	end(sessions);
}

static uint32_t sleep_in_the_kernel(const struct client *c, unsigned int n)
{
	if (n & 1)
		return value(c, SLEEPER_CMD_WAIT, n, 0);
	return value(c, SLEEPER_CMD_SUSPEND, 2000, 0);
}

TEST(frozen_with_secure_threads_asleep_in_the_kernel)
{
	uint64_t sessions = begin(power_need);
	uint64_t asked = world_counter(SIM_COUNTER_RPC_COMMANDS);
	struct client sleeper;
	struct crowd *crowd;

	if (world_counter(SIM_COUNTER_THREADS) < 3)
		SKIP("needs 3 secure threads");
	client_open(&sleeper, app_sleeper);
	crowd = crowd_start(2, app_sleeper, sleep_in_the_kernel, false);
	crowd_go(crowd);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, asked + 2, PATIENCE_MS));
	EXPECT_RC(power_freeze(), 0);
	EXPECT_EQ(value(&sleeper, SLEEPER_CMD_SEND, 1, 0), TEE_SUCCESS);
	crowd_end(crowd, TEE_SUCCESS);
	client_close(&sleeper);
	end(sessions);
}

static uint32_t hold(const struct client *c, unsigned int n)
{
	return value(c, HOG_CMD_HOLD, 60000, 0);
}

/* Each has a thread, and is so far that held_release() concerns it: it sleeps in the kernel. */
static void wait_until_held(const struct crowd *crowd)
{
	char key[32], line[512];

	for (unsigned int n = 0; n < crowd->count; n++) {
		snprintf(key, sizeof(key), "pid=%d call=invoke ", crowd->pid[n]);
		ASSERT(look_wait("threads", key, "state=rpc", line));
	}
}

/* So many secure threads are held until held_release(). */
static struct crowd *holders(uint64_t count)
{
	struct crowd *crowd = crowd_start(count, app_hog, hold, false);

	crowd_go(crowd);
	wait_until_held(crowd);
	return crowd;
}

static uint32_t echo(const struct client *c, unsigned int n)
{
	client_echo(c, n, ~n);
	return TEE_SUCCESS;
}

/* Clients in the queue, all of them behind those who are there already. */
static void let_wait(struct crowd *crowd)
{
	int64_t waiting = look("queue", "waiting") + crowd->count;
	uint64_t end = clock_ms() + PATIENCE_MS;

	crowd_go(crowd);
	while (look("queue", "waiting") < waiting) {
		ASSERT_MSG(clock_ms() < end, "%u clients do not all wait", crowd->count);
		sleep_ms(2);
	}
	EXPECT_EQ(crowd_calls(crowd), 0);
}

static void freeze_group(const struct crowd *crowd)
{
	group_make();
	for (unsigned int n = 0; n < crowd->count; n++)
		group_add(crowd->pid[n]);
	group_freeze();
}

TEST(frozen_clients_in_the_queue_are_passed_over)
{
	uint64_t sessions = begin(group_make), threads = world_counter(SIM_COUNTER_THREADS);
	struct crowd *held, *frozen, *others;

	if (modules_are_stock())
		SKIP("%s", stock_queue);
	frozen = crowd_start(threads + 2, app_echo, echo, false);
	others = crowd_start(CLIENTS, app_echo, echo, false);
	held = holders(threads);
	let_wait(frozen);
	let_wait(others);
	freeze_group(frozen);

	/* More of them than there are places, and they came first. */
	held_release();
	crowd_end(held, TEE_SUCCESS);
	crowd_end(others, TEE_SUCCESS);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	EXPECT_EQ(crowd_calls(frozen), 0);
	group_thaw();
	crowd_end(frozen, TEE_SUCCESS);
	end(sessions);
}

TEST(client_in_the_queue_keeps_its_turn_when_it_was_frozen)
{
	uint64_t sessions = begin(group_make), threads = world_counter(SIM_COUNTER_THREADS);
	struct crowd *held, *asking, *first, *second;

	if (modules_are_stock())
		SKIP("%s", stock_queue);
	if (threads < 2)
		SKIP("needs 2 secure threads");
	asking = crowd_start(1, app_storage, write_one, false);
	first = crowd_start(1, app_hog, hold, false);
	second = crowd_start(1, app_hog, hold, false);
	held = holders(threads - 1);
	crowd_go(asking);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads, PATIENCE_MS));
	let_wait(first);
	let_wait(second);
	freeze_group(first);
	group_thaw();

	/* A place for one of them. */
	crowd_kill(asking);
	wait_until_held(first);
	held_release();
	crowd_end(held, TEE_SUCCESS);
	crowd_wait_calls(first, 1);
	EXPECT_EQ(crowd_calls(second), 0);
	wait_until_held(second);
	held_release();
	crowd_end(first, TEE_SUCCESS);
	crowd_end(second, TEE_SUCCESS);
	end(sessions);
}

TEST(client_frozen_alone_does_not_disturb_the_others)
{
	uint64_t sessions = begin(group_make);
	struct fake *fake = fake_start(NULL);
	struct crowd *frozen, *others;

	if (modules_are_stock())
		SKIP("%s", stock_supplicant);
	if (world_counter(SIM_COUNTER_THREADS) < 2)
		SKIP("needs 2 secure threads");
	frozen = crowd_start(1, app_storage, write_one, true);
	others = crowd_start(CLIENTS, app_storage, write_one, true);
	crowd_go(frozen);
	crowd_go(others);
	for (unsigned int i = 0; i < rounds(10); i++) {
		crowd_wait_calls(frozen, crowd_calls(frozen) + 1);
		freeze_group(frozen);
		crowd_wait_calls(others, crowd_calls(others) + CLIENTS);
		group_thaw();
	}
	crowd_end(others, TEE_SUCCESS);
	crowd_end(frozen, TEE_SUCCESS);
	fake_stop(fake);
	end(sessions);
}

/* The driver of tests/kernel that needs the secure world when its device is suspended. */
static int suspender_open(void)
{
	int fd;

	if (modules_are_stock())
		SKIP("the driver that suspends is for our modules");
	ASSERT_EQ(system("modprobe omnitee-suspender"), 0);
	fd = open("/dev/omnitee-suspender", O_RDWR | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	return fd;
}

/* What came of its last call, of so many. */
static int suspender_result(int fd, unsigned int calls, unsigned int *ret)
{
	char text[48] = "";
	unsigned int n;
	int rc, fields;

	ASSERT_GT(pread(fd, text, sizeof(text) - 1, 0), 0);
	fields = sscanf(text, "%u %d %u", &n, &rc, ret);
	ASSERT_EQ(fields, 3);
	EXPECT_EQ(n, calls);
	return rc;
}

static void suspender_end(int fd)
{
	close(fd);
	EXPECT_EQ(system("rmmod omnitee-suspender"), 0);
}

TEST(driver_can_call_the_secure_world_to_suspend)
{
	uint64_t sessions = begin(power_need_devices), threads = world_counter(SIM_COUNTER_THREADS);
	int fd = suspender_open();
	unsigned int ret, good = 0, tries = kernel_is_slow() ? 5 : 10;
	pid_t supplicant = supplicant_start();
	struct crowd *crowd;
	int rc;

	make_folder();
	crowd = crowd_start(CLIENTS + threads, app_storage, write_one, true);
	crowd_go(crowd);
	for (unsigned int i = 1; i <= tries && good < 5; i++) {
		crowd_wait_calls(crowd, crowd_calls(crowd) + CLIENTS);
		EXPECT_RC(power_suspend_devices(), 0);
		rc = suspender_result(fd, i, &ret);
		/*
		 * A place is left to the kernel if any call ends within the time that it has before
		 * its client is frozen. Where a call takes longer, none may, nor does any while
		 * this machine stands still.
		 */
		if (rc == -EBUSY)
			continue;
		EXPECT_RC(rc, 0);
		EXPECT_EQ(ret, TEE_SUCCESS);
		good++;
	}
	if (!kernel_is_slow())
		EXPECT_EQ(good, 5);
	crowd_end(crowd, TEE_SUCCESS);
	supplicant_stop(supplicant);
	suspender_end(fd);
	end(sessions);
}

TEST(driver_does_not_wait_for_threads_that_frozen_clients_hold)
{
	uint64_t sessions = begin(power_need_devices);
	int fd = suspender_open();
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;
	unsigned int ret;

	stop_supplicant(fake);
	crowd = all_wait_for_the_supplicant(0);
	EXPECT_RC(power_suspend_devices(), 0);
	EXPECT_RC(suspender_result(fd, 1, &ret), -EBUSY);
	ASSERT_EQ(kill(fake->pid, SIGCONT), 0);
	crowd_end(crowd, TEE_SUCCESS);
	fake_stop(fake);
	/* Once, and no longer. */
	EXPECT_RC(power_suspend_devices(), 0);
	EXPECT_RC(suspender_result(fd, 2, &ret), 0);
	suspender_end(fd);
	end(sessions);
}

TEST(driver_does_not_wait_for_a_frozen_supplicant)
{
	uint64_t sessions = begin(power_need_devices);
	int fd = suspender_open();
	struct fake *fake = fake_start(NULL);
	unsigned int ret;

	ASSERT_EQ(write(fd, "load", 4), 4);
	EXPECT_RC(power_suspend_devices(), 0);
	EXPECT_RC(suspender_result(fd, 1, &ret), 0);
	EXPECT_NE(ret, TEE_SUCCESS);
	/* What the secure world was told of the file that it wanted. */
	EXPECT_EQ(world_counter(SIM_COUNTER_RPC_RESULT), TEE_ERROR_COMMUNICATION);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
	suspender_end(fd);
	end(sessions);
}

TEST(driver_with_a_reservation_can_leave_to_suspend)
{
	uint64_t sessions = begin(power_need_devices), with_crowd;
	int fd = suspender_open();
	struct fake *fake = fake_start(NULL);
	struct crowd *crowd;
	unsigned int ret;

	ASSERT_EQ(write(fd, "system", 6), 6);
	ASSERT_EQ(write(fd, "leave", 5), 5);
	ASSERT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), world_reserved(1));
	stop_supplicant(fake);
	crowd = all_wait_for_the_supplicant(1);
	with_crowd = world_counter(SIM_COUNTER_SESSIONS);
	EXPECT_RC(power_suspend_devices(), 0);
	EXPECT_RC(suspender_result(fd, 1, &ret), 0);
	/* Nobody had to wait for the others, and nothing is left to a later time. */
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), with_crowd - 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RESERVED), 0);
	ASSERT_EQ(kill(fake->pid, SIGCONT), 0);
	crowd_end(crowd, TEE_SUCCESS);
	fake_stop(fake);
	suspender_end(fd);
	end(sessions);
}

TEST(bottom_half_that_waits_for_a_thread_keeps_nobody_awake)
{
	uint64_t sessions = begin(power_need_devices), halves;
	struct crowd *held;

	notif_need();
	if (modules_are_stock())
		SKIP("the packaged driver's bottom half is a task that does not freeze");
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	held = holders(world_counter(SIM_COUNTER_THREADS));
	notif_raise(0, 0);
	notif_settle();
	EXPECT_RC(power_freeze(), 0);
	EXPECT_RC(power_suspend_devices(), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_BOTTOM_HALVES), halves);
	held_release();
	crowd_end(held, TEE_SUCCESS);
	EXPECT(world_wait_min(SIM_COUNTER_BOTTOM_HALVES, halves + 1, PATIENCE_MS));
	end(sessions);
}

TEST(values_and_bottom_halves_that_come_in_a_suspend_are_made_up_for)
{
	uint64_t sessions = begin(power_need_devices), halves;
	struct notif_waiter w;

	notif_need();
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	notif_storm(0, 0, 10, 200000);
	EXPECT_RC(power_suspend_interrupts(), 0);
	EXPECT(world_wait(SIM_COUNTER_NOTIF_STORM_LEFT, 0, PATIENCE_MS));
	notif_settle();
	EXPECT(world_wait_min(SIM_COUNTER_BOTTOM_HALVES, halves + 1, PATIENCE_MS));
	notif_storm(0, VALUE, 1, 500000);
	EXPECT_RC(power_suspend_interrupts(), 0);
	EXPECT(world_wait(SIM_COUNTER_NOTIF_STORM_LEFT, 0, PATIENCE_MS));
	notif_wait_start_kept(&w, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	end(sessions);
}

TEST(hibernation_is_refused_with_a_line)
{
	struct client echoer;
	int fd, log;

	world_need();
	if (modules_are_stock())
		SKIP("the packaged driver lets sessions and memory of the image go stale");
	client_open(&echoer, app_echo);
	if (!sysfs_has("/sys/power/state", "disk"))
		SKIP("the kernel does not hibernate");
	log = klog_open();
	ASSERT_GE(log, 0);
	EXPECT_RC(sysfs_write("/sys/power/state", "disk"), -EBUSY);
	EXPECT_EQ(klog_count(log, "no hibernation: the secure world would not know the image"), 1);
	close(log);
	/* As programs do that write the image themselves. */
	fd = open("/dev/snapshot", O_RDONLY);
	EXPECT(fd < 0 && (errno == EBUSY || errno == ENOENT));
	client_echo(&echoer, 1, 2);
	client_close(&echoer);
}

/* It is told that an image is about to be read back, and then that there is none. */
TEST(image_that_is_not_restored_leaves_sessions_and_memory)
{
	struct client echoer;
	struct tee_buf buf;
	int fd;

	world_need();
	client_open(&echoer, app_echo);
	client_alloc(echoer.fd, 4096, &buf);
	fd = open("/dev/snapshot", O_WRONLY);
	if (fd < 0 && errno == ENOENT)
		SKIP("the kernel does not hibernate");
	EXPECT_GE(fd, 0);
	close(fd);
	client_echo(&echoer, 1, 2);
	tee_free(&buf);
	client_alloc(echoer.fd, 4096, &buf);
	tee_free(&buf);
	client_close(&echoer);
}
