// SPDX-License-Identifier: BSD-2-Clause
/*
 * QTEE has the kernel sleep: as long as it says, up to a limit, whoever it is that waits. Time is compared
 * downwards only; what does not end is known by limits that are far from what is to be.
 */
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "world.h"

#define CALLEE		77
#define SHORT_MS	300
/* QTEE asks for more than the driver grants at a time. */
#define LONG_MS		600000
#define SLEEP_MAX_MS	10000
#define TRIES		4

/*
 * By the clock of ticks, as those are what the kernel sleeps for: where they come late it is behind the
 * time, and catches up in a sleep.
 */
static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static uint64_t ms_since(uint64_t begin_us)
{
	return (now_us() - begin_us) / 1000;
}

static uint64_t sleeper_open(struct qtee_client *c)
{
	qtee_client_open(c, NULL, 1);
	return qtee_service(c, QTEE_UID_SLEEPER);
}

/* How long that took. */
static uint64_t sleep_in_qtee(const struct qtee_client *c, uint64_t sleeper, uint32_t ms)
{
	struct tee_ioctl_param p = UBUF_IN(&ms, sizeof(ms));
	uint64_t begin = now_us();

	EXPECT_EQ(qtee_must_invoke(c->fd, sleeper, QTEE_SLEEPER_SLEEP, &p, 1), 0);
	return ms_since(begin);
}

TEST(client_sleeps_as_long_as_qtee_says)
{
	struct qtee_client c;
	uint64_t sleeper = sleeper_open(&c);

	EXPECT_GE(sleep_in_qtee(&c, sleeper, SHORT_MS), SHORT_MS);
	EXPECT_GE(sleep_in_qtee(&c, sleeper, 1), 1);
	qtee_client_close(&c);
}

TEST(client_sleeps_ten_seconds_at_a_time_at_most)
{
	struct qtee_client c;
	uint64_t sleeper, ms;

	if (modules_are_stock())
		SKIP("it sleeps on in the packaged driver");
	time_limit((SLEEP_MAX_MS + PATIENCE_MS) / 1000);
	sleeper = sleeper_open(&c);
	ms = sleep_in_qtee(&c, sleeper, LONG_MS);
	EXPECT_GE(ms, SLEEP_MAX_MS);
	EXPECT_LE(ms, LONG_MS - 1);
	qtee_client_close(&c);
}

/* QTEE sleeps in the release of an object, which a worker makes. */
static void release_a_sleeper(const struct qtee_client *c, uint32_t ms)
{
	struct tee_ioctl_param p = UBUF_IN(&ms, sizeof(ms));
	uint64_t sleeper = qtee_service(c, QTEE_UID_SLEEPER);

	ASSERT_EQ(qtee_must_invoke(c->fd, sleeper, QTEE_SLEEPER_AT_RELEASE, &p, 1), 0);
	qtee_release(c->fd, sleeper);
}

static void release_another(const struct qtee_client *c)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	uint64_t caller = qtee_service(c, QTEE_UID_CALLER);

	ASSERT_EQ(qtee_must_invoke(c->fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_release(c->fd, caller);
}

TEST(worker_sleeps_for_a_release_as_long_and_makes_others_meanwhile)
{
	uint64_t ms = SLEEP_MAX_MS, objects;
	struct qtee_client c;

	if (modules_are_stock())
		SKIP("all releases wait for it in the packaged driver");
	world_need();
	time_limit(2 * TRIES * SLEEP_MAX_MS / 1000 + PATIENCE_MS / 1000);
	qtee_client_open(&c, NULL, 1);
	objects = world_counter(SIM_COUNTER_QTEE_OBJECTS);
	/* On a machine that stood still it may look as if they had waited, but not each time. */
	for (unsigned int tries = 1; tries <= TRIES && ms >= SLEEP_MAX_MS; tries++) {
		uint64_t begin = now_us();

		release_a_sleeper(&c, LONG_MS);
		release_another(&c);
		EXPECT(qtee_wait_releases(&c.server, tries));
		ms = ms_since(begin);
		/* The sleeper itself is there until its release has ended. */
		EXPECT(world_wait(SIM_COUNTER_QTEE_OBJECTS, objects, PATIENCE_MS));
		EXPECT_GE(ms_since(begin), SLEEP_MAX_MS);
	}
	EXPECT_LE(ms, SLEEP_MAX_MS - 1);
	qtee_client_close(&c);
}
