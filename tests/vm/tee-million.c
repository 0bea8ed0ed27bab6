// SPDX-License-Identifier: BSD-2-Clause
/* What is done very often: registrations that come and go, with nothing growing. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "meminfo.h"
#include "pinned.h"
#include "world.h"

#define SETTLED		500
#define MAX_USERS	4
#define LOST_KIB	8192

/**
 * struct user - a context that registers memory
 * @count: how often
 * @alone: nobody else does
 */
struct user {
	unsigned long count;
	bool alone;
};

static void *come_and_go(void *arg)
{
	const struct user *user = arg;
	uint8_t *va = aligned_alloc(4096, 8192);
	int fd = client_device();

	memset(va, 0, 8192);
	for (unsigned long i = 0; i < user->count; i++) {
		/* In one page, or across two. */
		struct tee_ioctl_shm_register_data data = {
			.addr = (uintptr_t)va + (i & 1), .length = 4096,
		};
		int shm = ioctl(fd, TEE_IOC_SHM_REGISTER, &data);

		ASSERT_GE(shm, 0);
		/* The lowest free number each time: none was forgotten. */
		if (user->alone)
			ASSERT_EQ(data.id, 1);
		ASSERT_LE(data.id, MAX_USERS);
		ASSERT_EQ(close(shm), 0);
	}
	close(fd);
	free(va);
	return NULL;
}

static void all_come_and_go(unsigned int num, unsigned long count)
{
	struct user user = { count / num, num == 1 };
	pthread_t threads[MAX_USERS];

	for (unsigned int i = 0; i < num; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, come_and_go, &user), 0);
	for (unsigned int i = 0; i < num; i++)
		ASSERT_EQ(pthread_join(threads[i], NULL), 0);
}

static void registrations(unsigned int users, unsigned long count)
{
	uint64_t heap, bytes, objects, pinned, after, end;
	unsigned long kib, left;

	world_need();
	close(client_device());
	all_come_and_go(users, SETTLED);
	heap = world_counter(SIM_COUNTER_HEAP_BYTES);
	bytes = world_counter(SIM_COUNTER_SHM_BYTES);
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	ASSERT_RC(pinned_pages(&pinned), 0);
	kib = memory_free_kib();
	all_come_and_go(users, count);
	EXPECT_EQ(world_counter(SIM_COUNTER_HEAP_BYTES), heap);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_BYTES), bytes);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), objects);
	ASSERT_RC(pinned_pages(&after), 0);
	EXPECT_EQ(after, pinned);
	/* 16 octets lost each time would be twice as much as the other things that go on. */
	end = clock_ms() + PATIENCE_MS;
	while ((left = memory_free_kib()) + LOST_KIB <= kib && clock_ms() < end)
		sleep_ms(100);
	EXPECT_MSG(left + LOST_KIB > kib, "%lu KiB are gone after %lu", kib - left, count);
}

TEST(ten_thousand_registrations_come_and_go)
{
	time_limit(60);
	registrations(1, rounds(10000));
}

/* Fewer, as emulated processors that meet at locks are slow. */
TEST(thousand_registrations_of_four_contexts_come_and_go)
{
	time_limit(120);
	registrations(MAX_USERS, 1000);
}

TEST(million_registrations_come_and_go)
{
	if (!modules_are_ours() || !kernel_is("6.12") || kernel_is_slow())
		SKIP("takes minutes: once is enough, with our modules on 6.12");
	time_limit(600);
	registrations(1, 1000000);
}
