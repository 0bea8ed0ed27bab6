// SPDX-License-Identifier: BSD-2-Clause
/* Entropy of the secure world in /dev/hwrng, and what becomes of a secure world that has none. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/apps.h"
#include "abi/tee_result.h"
#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "reload.h"
#include "sysfs.h"
#include "world.h"

#define MODULE		"optee_rng"
#define NAME		"optee-rng"
#define ALIAS		"tee:ab7a617c-b8e7-4d8f-8301-d09b61036b64"
#define AVAILABLE	"/sys/class/misc/hw_random/rng_available"
#define CURRENT		"/sys/class/misc/hw_random/rng_current"

/* Whole fills of the kernel's own buffer, whatever size that has. */
#define CHUNK		4096
#define SMALL_CHUNK	512
/* A task of the kernel reads, too: what shall strike us strikes as often as it takes. */
#define ALWAYS		1000000

static const char believes[] = "the packaged driver believes the size and writes beyond the buffer";

/* As udev does; what an earlier case left has been removed. */
static void insert(void)
{
	world_need();
	close(client_device());
	module_remove_soon(MODULE);
	if (system("modprobe -q " ALIAS)) {
		if (modules_are_stock())
			SKIP("the guest does not have the kernel's own " NAME);
		FAIL("nothing was loaded for " ALIAS);
	}
}

static int open_generator(int flags)
{
	int fd = open("/dev/hwrng", O_RDONLY | O_CLOEXEC | flags);

	ASSERT_GE(fd, 0);
	return fd;
}

static long take(int fd, void *data, size_t size)
{
	ssize_t got = read(fd, data, size);

	return got < 0 ? -errno : got;
}

/* What the kernel has in its buffer is from other times. */
static void drain(void)
{
	int fd = open_generator(O_NONBLOCK);
	uint8_t data[CHUNK];
	long got;

	world_fault(SIM_FAULT_RNG_SIZE, ALWAYS, 0);
	while ((got = take(fd, data, sizeof(data))) > 0)
		continue;
	EXPECT_RC(got, -EAGAIN);
	world_faults_off();
	close(fd);
}

static void begin(void)
{
	insert();
	ASSERT(sysfs_has(AVAILABLE, NAME));
	ASSERT_RC(sysfs_write(CURRENT, NAME), 0);
	ASSERT(sysfs_has(CURRENT, NAME));
	drain();
}

static void end(void)
{
	world_faults_off();
	EXPECT_RC(module_remove_soon(MODULE), 0);
	EXPECT(!sysfs_has(AVAILABLE, NAME));
}

#define GAMMA	0x9e3779b97f4a7c15ULL

/* Its inverse modulo 2^64: each step doubles the bits that are right. */
static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

static uint64_t unshift(uint64_t x, unsigned int shift)
{
	uint64_t out = x;

	for (unsigned int i = 0; i < 64 / shift; i++)
		out = x ^ out >> shift;
	return out;
}

/* Which of the generator's numbers it is: they are splitmix64's. */
static uint64_t position(const uint8_t *octets)
{
	uint64_t x;

	memcpy(&x, octets, sizeof(x));
	x = unshift(x, 31) * inverse(0x94d049bb133111ebULL);
	x = unshift(x, 27) * inverse(0xbf58476d1ce4e5b9ULL);
	return unshift(x, 30) * inverse(GAMMA);
}

/* Numbers of the generator in their order, some of which others may have got. */
static void is_entropy(const uint8_t *data, size_t size)
{
	for (size_t at = 8; at < size; at += 8) {
		uint64_t step = position(data + at) - position(data + at - 8);

		ASSERT_MSG(step >= 1 && step <= 10000, "octet %zu of %zu is not of the generator",
			   at, size);
	}
}

static void reads(int fd, size_t size)
{
	uint8_t data[CHUNK] = { };

	ASSERT_EQ(take(fd, data, size), (long)size);
	is_entropy(data, size);
}

/* As if nothing had been. */
static void still_works(void)
{
	int fd = open_generator(0);

	world_faults_off();
	drain();
	reads(fd, SMALL_CHUNK);
	close(fd);
}

TEST(some_and_many_bytes_are_read)
{
	static const size_t sizes[] = { 1, 7, 63, 64, 65, 1000, 4095 };
	static uint8_t many[65536];
	int fd;

	begin();
	fd = open_generator(0);
	reads(fd, CHUNK);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		EXPECT_EQ(take(fd, many, sizes[i]), (long)sizes[i]);
	drain();
	ASSERT_EQ(take(fd, many, sizeof(many)), (long)sizeof(many));
	is_entropy(many, sizeof(many));
	close(fd);
	end();
}

/* What lies in the memory behind the octets given is not entropy. */
TEST(short_answers_are_put_together)
{
	static const uint64_t sizes[] = { 8, 32 };

	begin();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		int fd = open_generator(0);

		world_fault(SIM_FAULT_RNG_SIZE, ALWAYS, sizes[i]);
		reads(fd, SMALL_CHUNK);
		close(fd);
		fd = open_generator(O_NONBLOCK);
		reads(fd, SMALL_CHUNK);
		close(fd);
		world_faults_off();
		drain();
	}
	end();
}

TEST(answer_that_says_more_than_was_asked_for_is_cut)
{
	static const uint64_t sizes[] = { 65, 4097, 1ULL << 31, 1ULL << 32, UINT64_MAX };
	int fd;

	begin();
	if (modules_are_stock()) {
		end();
		SKIP("%s", believes);
	}
	fd = open_generator(0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		world_fault(SIM_FAULT_RNG_SIZE, ALWAYS, sizes[i]);
		reads(fd, SMALL_CHUNK);
		world_faults_off();
	}
	close(fd);
	still_works();
	end();
}

TEST(reader_who_does_not_wait_is_told_that_there_is_nothing)
{
	uint8_t data[8];
	int fd;

	begin();
	fd = open_generator(O_NONBLOCK);
	world_fault(SIM_FAULT_RNG_SIZE, ALWAYS, 0);
	EXPECT_RC(take(fd, data, sizeof(data)), -EAGAIN);
	close(fd);
	still_works();
	end();
}

TEST(reader_who_waits_for_nothing_can_be_killed)
{
	uint64_t calls;
	pid_t pid;
	int fd;

	begin();
	fd = open_generator(0);
	world_fault(SIM_FAULT_RNG_SIZE, ALWAYS, 0);
	calls = world_counter(SIM_COUNTER_YIELDING_CALLS);
	pid = fork();
	if (!pid) {
		uint8_t octet;

		take(fd, &octet, 1);
		_exit(0);
	}
	ASSERT_GT(pid, 0);
	EXPECT(world_wait_min(SIM_COUNTER_YIELDING_CALLS, calls + 3, PATIENCE_MS));
	EXPECT_EQ(waitpid(pid, NULL, WNOHANG), 0);
	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	close(fd);
	still_works();
	end();
}

TEST(reader_is_told_of_an_error)
{
	static const uint32_t results[] = { RNG_ERROR_HEALTH, TEE_ERROR_GENERIC,
					    TEE_ERROR_TARGET_DEAD, UINT32_MAX };
	uint8_t data[8];

	begin();
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		int fd = open_generator(O_NONBLOCK);

		world_fault(SIM_FAULT_RNG_RESULT, ALWAYS, results[i]);
		/* To the packaged driver, whose readers would wait, an error is nothing yet. */
		EXPECT_RC(take(fd, data, sizeof(data)), modules_are_stock() ? -EAGAIN : -EIO);
		close(fd);
		if (modules_are_stock())
			continue;
		fd = open_generator(0);
		EXPECT_RC(take(fd, data, sizeof(data)), -EIO);
		close(fd);
	}
	still_works();
	end();
}

/* The kernel's own reader may have met the faults in our place, but not each time. */
TEST(what_came_before_an_error_is_not_lost)
{
	uint8_t data[SMALL_CHUNK];
	bool whole = false;
	int fd;

	begin();
	fd = open_generator(0);
	for (int i = 0; i < 5 && !whole; i++) {
		drain();
		world_fault(SIM_FAULT_RNG_SIZE, 1, 16);
		world_fault(SIM_FAULT_RNG_RESULT, 1, TEE_ERROR_GENERIC);
		whole = take(fd, data, sizeof(data)) == sizeof(data);
		world_faults_off();
	}
	EXPECT(whole);
	is_entropy(data, sizeof(data));
	close(fd);
	still_works();
	end();
}

/* Nothing of it stays, neither there nor here. */
TEST(generator_that_says_nothing_of_itself_is_none)
{
	uint64_t sessions, objects;

	/* What the first one needs for good is there. */
	begin();
	end();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	world_fault(SIM_FAULT_RNG_RESULT, 1, TEE_ERROR_GENERIC);
	insert();
	EXPECT(!sysfs_has(AVAILABLE, NAME));
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), sessions);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), objects);
	end();
	begin();
	still_works();
	end();
}

static bool stop;

static void *read_on(void *arg)
{
	unsigned long *octets = arg;
	uint8_t data[256];
	int fd = open_generator(0);

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		long got = take(fd, data, sizeof(data));

		EXPECT_MSG(got > 0 || got == -ENODEV, "read() is %s", result_name(got));
		if (got > 0)
			__atomic_fetch_add(octets, got, __ATOMIC_RELAXED);
		else
			sleep_ms(1);
	}
	close(fd);
	return NULL;
}

TEST(generator_goes_while_it_is_read)
{
	unsigned long octets = 0;
	pthread_t thread;

	begin();
	ASSERT_EQ(pthread_create(&thread, NULL, read_on, &octets), 0);
	for (int i = 0; i < 5; i++) {
		unsigned long before = __atomic_load_n(&octets, __ATOMIC_RELAXED);

		for (int ms = 0; ms < PATIENCE_MS; ms++) {
			if (__atomic_load_n(&octets, __ATOMIC_RELAXED) >= before + 1024)
				break;
			sleep_ms(1);
		}
		EXPECT_GE(__atomic_load_n(&octets, __ATOMIC_RELAXED), before + 1024);
		EXPECT_RC(module_remove_soon(MODULE), 0);
		insert();
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	end();
}
