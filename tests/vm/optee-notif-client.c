// SPDX-License-Identifier: BSD-2-Clause
/* Clients in the kernel are told of notifications (tests/kernel/ours/notif-client.c). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "array.h"
#include "clock.h"
#include "harness.h"
#include "notif.h"
#include "world.h"

#define NOTIF_DEVICE	"/dev/omnitee-notif"
#define VALUE		29

static void begin(void)
{
	notif_need();
	if (!modules_are_ours())
		SKIP("the packaged driver tells no client of notifications");
	ASSERT_EQ(system("modprobe omnitee-notif"), 0);
}

static int open_client(void)
{
	int fd = open(NOTIF_DEVICE, O_RDWR | O_CLOEXEC);

	ASSERT_GE(fd, 0);
	return fd;
}

/* 0 or a negative error number */
static int listen_to(int fd, uint64_t value)
{
	char text[24];
	int length = snprintf(text, sizeof(text), "%llu", (unsigned long long)value);

	return write(fd, text, length) == length ? 0 : -errno;
}

static int open_listener(uint64_t value)
{
	int fd = open_client();

	ASSERT_RC(listen_to(fd, value), 0);
	return fd;
}

static unsigned int calls(int fd)
{
	char text[24] = "";

	ASSERT_GT(read(fd, text, sizeof(text) - 1), 0);
	return strtoul(text, NULL, 10);
}

static bool called(int fd, unsigned int at_least)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (calls(fd) < at_least) {
		if (clock_ms() > end)
			return false;
		sleep_ms(2);
	}
	return true;
}

TEST(client_is_told_of_its_value_and_no_other)
{
	int fd, other;

	begin();
	fd = open_listener(VALUE);
	other = open_listener(VALUE + 1);
	for (unsigned int i = 1; i <= 5; i++) {
		notif_raise(0, VALUE);
		EXPECT(called(fd, i));
		EXPECT_EQ(calls(fd), i);
	}
	EXPECT_EQ(calls(other), 0);
	close(fd);
	close(other);
}

TEST(client_is_told_of_what_came_before_it)
{
	int fd;

	begin();
	notif_raise(0, VALUE);
	notif_settle();
	fd = open_listener(VALUE);
	EXPECT(called(fd, 1));
	close(fd);
	/* Once. */
	fd = open_listener(VALUE);
	sleep_ms(50);
	EXPECT_EQ(calls(fd), 0);
	close(fd);
}

TEST(value_has_one_client)
{
	int fd, second;

	begin();
	fd = open_listener(VALUE);
	second = open_client();
	EXPECT_RC(listen_to(second, VALUE), -EBUSY);
	close(fd);
	EXPECT_RC(listen_to(second, VALUE), 0);
	notif_raise(0, VALUE);
	EXPECT(called(second, 1));
	close(second);
}

TEST(values_that_are_not_for_clients_are_refused)
{
	uint64_t bad[] = { 0, 0, 0x7fffffff, 0xffffffff };
	int fd;

	begin();
	bad[1] = notif_max_value() + 1;
	fd = open_client();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_RC(listen_to(fd, bad[i]), -EINVAL);
	EXPECT_RC(listen_to(fd, notif_max_value()), 0);
	close(fd);
}

TEST(client_that_has_gone_leaves_its_value_to_others)
{
	struct notif_waiter w;

	begin();
	close(open_listener(VALUE));
	notif_wait_start(&w, VALUE);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(clients_come_and_go_in_a_storm)
{
	struct notif_waiter w;

	time_limit(60);
	begin();
	notif_storm(0, VALUE, 4000, 100);
	for (int i = 0; i < 300; i++)
		close(open_listener(VALUE));
	EXPECT(world_wait(SIM_COUNTER_NOTIF_STORM_LEFT, 0, 50000));
	notif_settle();
	notif_wait_start(&w, VALUE);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}
