// SPDX-License-Identifier: BSD-2-Clause
/* Asynchronous notifications: the secure world interrupts, the driver fetches values. */
#include <unistd.h>

#include "abi/optee_smc.h"
#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "klog.h"
#include "notif.h"
#include "raw.h"
#include "world.h"

/* Far from those that other programs use. */
#define VALUE		17

TEST(driver_listens)
{
	notif_need();
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 1);
	EXPECT_EQ(notif_pending_values(), 0);
}

TEST(interrupt_wakes_the_waiter_of_its_value)
{
	struct notif_waiter w, other;

	notif_need();
	notif_wait_start(&w, VALUE);
	notif_wait_start(&other, VALUE + 1);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	EXPECT(!notif_wait_has_ended(&other));
	notif_raise(0, VALUE + 1);
	EXPECT_EQ(notif_wait_end(&other), TEE_SUCCESS);
}

TEST(interrupt_before_the_wait_is_kept)
{
	struct notif_waiter w;

	notif_need();
	notif_raise(0, VALUE);
	notif_settle();
	notif_wait_start_kept(&w, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(smallest_and_largest_value_arrive)
{
	static const unsigned int values[] = { 1, 63 };
	struct notif_waiter w;

	notif_need();
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		notif_wait_start(&w, values[i]);
		notif_raise(0, values[i]);
		EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	}
}

TEST(values_of_one_interrupt_are_all_fetched)
{
	struct notif_waiter w[3];

	notif_need();
	for (unsigned int i = 0; i < ARRAY_SIZE(w); i++)
		notif_wait_start(&w[i], VALUE + 7 * i);
	for (unsigned int i = 0; i < ARRAY_SIZE(w) - 1; i++)
		notif_raise(SIM_NOTIFY_NO_INTERRUPT, VALUE + 7 * i);
	sleep_ms(100);
	for (unsigned int i = 0; i < ARRAY_SIZE(w); i++)
		EXPECT(!notif_wait_has_ended(&w[i]));
	notif_raise(0, VALUE + 7 * (ARRAY_SIZE(w) - 1));
	for (unsigned int i = 0; i < ARRAY_SIZE(w); i++)
		EXPECT_EQ(notif_wait_end(&w[i]), TEE_SUCCESS);
	EXPECT_EQ(notif_pending_values(), 0);
}

TEST(lost_interrupt_is_made_up_for_by_the_next)
{
	struct notif_waiter w;

	notif_need();
	notif_wait_start(&w, VALUE);
	world_fault(SIM_FAULT_NOTIF_LOST, 1, 0);
	notif_raise(0, VALUE);
	sleep_ms(100);
	EXPECT(!notif_wait_has_ended(&w));
	notif_raise(0, VALUE + 1);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	/* Nobody has waited for it. */
	notif_wait_start_kept(&w, VALUE + 1);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(spurious_interrupt_is_harmless)
{
	uint64_t nothing, unhandled;
	struct notif_waiter w;

	notif_need_own_interrupt();
	nothing = world_counter(SIM_COUNTER_NOTIF_NOTHING);
	unhandled = notif_unhandled();
	notif_wait_start(&w, VALUE);
	for (int i = 0; i < 200; i++)
		notif_raise(SIM_NOTIFY_NO_VALUE, 0);
	EXPECT(world_wait_min(SIM_COUNTER_NOTIF_NOTHING, nothing + 1, PATIENCE_MS));
	EXPECT(!notif_wait_has_ended(&w));
	/* Lines with 99,900 of them among 100,000 are disabled. */
	EXPECT_EQ(notif_unhandled(), unhandled);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(bottom_half_is_a_yielding_call)
{
	uint64_t halves, calls;

	notif_need();
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	calls = world_counter(SIM_COUNTER_YIELDING_CALLS);
	notif_raise(0, 0);
	EXPECT(world_wait_min(SIM_COUNTER_BOTTOM_HALVES, halves + 1, PATIENCE_MS));
	EXPECT_GE(world_counter(SIM_COUNTER_YIELDING_CALLS), calls + 1);
	sleep_ms(50);
	EXPECT_EQ(world_counter(SIM_COUNTER_BOTTOM_HALVES), halves + 1);
}

TEST(bottom_half_waits_for_a_secure_thread)
{
	uint64_t halves, threads;
	struct notif_waiter w[8], now;
	unsigned int n;

	notif_need_own_interrupt();
	threads = world_counter(SIM_COUNTER_THREADS);
	ASSERT_LE(threads, ARRAY_SIZE(w));
	for (n = 0; n < threads; n++)
		notif_wait_start(&w[n], VALUE + n);
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	notif_raise(0, 0);
	notif_settle();
	sleep_ms(200);
	EXPECT_EQ(world_counter(SIM_COUNTER_BOTTOM_HALVES), halves);
	/* Values need no thread to arrive. */
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w[0]), TEE_SUCCESS);
	EXPECT(world_wait_min(SIM_COUNTER_BOTTOM_HALVES, halves + 1, PATIENCE_MS));
	for (n = 1; n < threads; n++) {
		notif_raise(0, VALUE + n);
		EXPECT_EQ(notif_wait_end(&w[n]), TEE_SUCCESS);
	}
	notif_wait_start(&now, VALUE);
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&now), TEE_SUCCESS);
}

TEST(storm_of_10000_loses_nothing)
{
	struct client echo;
	struct notif_waiter w;
	uint64_t posted;

	time_limit(120);
	notif_need();
	posted = world_counter(SIM_COUNTER_NOTIF_POSTED);
	client_open(&echo, app_echo);
	notif_wait_start(&w, VALUE);
	notif_storm(0, VALUE + 1, 10000, 50);
	/* Meanwhile others get on with their work. */
	for (int i = 0; i < 50; i++)
		client_echo(&echo, i, i + 1);
	EXPECT(world_wait(SIM_COUNTER_NOTIF_STORM_LEFT, 0, 100000));
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_POSTED), posted + 10000);
	notif_settle();
	EXPECT(!notif_wait_has_ended(&w));
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	notif_wait_start_kept(&w, VALUE + 1);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	client_close(&echo);
}

TEST(storm_of_bottom_halves_does_not_starve_callers)
{
	struct client echo;
	uint64_t halves;

	time_limit(120);
	notif_need();
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	client_open(&echo, app_echo);
	notif_storm(0, 0, 2000, 200);
	for (int i = 0; i < 50; i++)
		client_echo(&echo, i, i + 1);
	EXPECT(world_wait(SIM_COUNTER_NOTIF_STORM_LEFT, 0, 100000));
	notif_settle();
	EXPECT(world_wait_min(SIM_COUNTER_BOTTOM_HALVES, halves + 1, PATIENCE_MS));
	client_close(&echo);
}

/* The limit is what the secure world announces, not the 255 of one that announces none. */
TEST(largest_value_is_the_announced_one)
{
	struct client sleeper;
	uint64_t max;

	notif_need();
	max = notif_max_value();
	ASSERT_NE(max, SLEEPER_VALUE_MAX);
	client_open(&sleeper, app_sleeper);
	EXPECT_EQ(notif_call(&sleeper, SLEEPER_CMD_SEND, max, 0), TEE_SUCCESS);
	EXPECT_EQ(notif_call(&sleeper, SLEEPER_CMD_WAIT, max, 0), TEE_SUCCESS);
	EXPECT_EQ(notif_call(&sleeper, SLEEPER_CMD_SEND, max + 1, 0), TEE_ERROR_BAD_PARAMETERS);
	EXPECT_EQ(notif_call(&sleeper, SLEEPER_CMD_WAIT, max + 1, 0), TEE_ERROR_BAD_PARAMETERS);
	client_close(&sleeper);
}

TEST(values_out_of_range_are_ignored)
{
	static const uint32_t bad[] = { 1000, 0xffff, 0x10000, 0x80000000, UINT32_MAX };
	struct notif_waiter w;
	int log;

	notif_need_own_interrupt();
	log = klog_open();
	ASSERT_GE(log, 0);
	notif_wait_start(&w, VALUE);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		uint64_t nothing = world_counter(SIM_COUNTER_NOTIF_NOTHING);

		world_fault(SIM_FAULT_NOTIF_VALUE, 1, bad[i]);
		notif_raise(SIM_NOTIFY_NO_VALUE, 0);
		/* Fetched, dealt with, and the next one asked for. */
		ASSERT(world_wait_min(SIM_COUNTER_NOTIF_NOTHING, nothing + 2, PATIENCE_MS));
	}
	EXPECT(!notif_wait_has_ended(&w));
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	/* The first of them; many in a short time are not all said. */
	EXPECT(modules_are_stock() || klog_count(log, "notification 1000 is out of range") == 1);
	close(log);
}

TEST(values_without_end_do_not_stop_the_cpu)
{
	struct notif_waiter w;
	uint64_t start;

	notif_need_own_interrupt();
	if (modules_are_stock())
		SKIP("the packaged driver fetches in the interrupt until the secure world has had enough");
	notif_wait_start(&w, VALUE);
	world_fault(SIM_FAULT_NOTIF_VALUE, ~0ULL, VALUE + 1);
	notif_raise(0, VALUE + 1);
	start = clock_ms();
	while (clock_ms() < start + 500)
		sleep_ms(5);
	world_faults_off();
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(failing_fetch_is_not_a_value)
{
	struct notif_waiter w;
	int log;

	notif_need_own_interrupt();
	log = klog_open();
	ASSERT_GE(log, 0);
	notif_wait_start(&w, VALUE);
	world_fault(SIM_FAULT_NOTIF_STATUS, 1, OPTEE_SMC_RETURN_ENOTAVAIL);
	notif_raise(0, VALUE);
	notif_settle();
	EXPECT(!notif_wait_has_ended(&w));
	notif_raise(0, VALUE);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	EXPECT(modules_are_stock() || klog_count(log, "cannot be fetched: 0x7") == 1);
	close(log);
}
