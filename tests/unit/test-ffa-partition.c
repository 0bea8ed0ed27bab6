// SPDX-License-Identifier: BSD-2-Clause
/* Whose turn it is to send a partition a message, and how one is taken to its end. */
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include "ffa_private.h"
#include <cmocka.h>

#define MAX_REPLIES	8

/* What the partition manager answers, and how long that takes. */
struct reply {
	int rc;
	unsigned int times;
	unsigned long ms;
};

static struct task_struct tasks[2];
static struct omnitee_ffa_device fdev;
static const struct reply *replies;
static unsigned int given;

static int step(struct omnitee_ffa_device *dev, struct omnitee_ffa_message *msg)
{
	int rc = replies->rc;

	(void)dev;
	jiffies += replies->ms;
	if (rc != -EBUSY && rc != -EAGAIN)
		msg->begun = rc == -EINPROGRESS;
	if (++given == replies->times) {
		replies++;
		given = 0;
	}
	return rc;
}

static const struct omnitee_ffa_msg_ops msg_ops = { .step = step };
static const struct omnitee_ffa_ops ops = { .msg_ops = &msg_ops };

static int begin(void **state)
{
	(void)state;
	memset(tasks, 0, sizeof(tasks));
	tasks[0].name = "task 0";
	tasks[1].name = "task 1";
	fake_begin(&tasks[0]);
	given = 0;
	memset(&fdev, 0, sizeof(fdev));
	fdev.ops = &ops;
	fdev.partition = ffa_partition_get(0x8001);
	omnitee_ffa_set_exclusive(&fdev);
	return 0;
}

static int end(void **state)
{
	(void)state;
	assert_false(fdev.partition->busy);
	assert_true(list_empty(&fdev.partition->waiters));
	ffa_partition_put(fdev.partition);
	assert_true(list_empty(&ffa_partitions));
	return 0;
}

static int drive(const struct reply *script, unsigned int state)
{
	struct omnitee_ffa_message msg = { .begun = false };

	replies = script;
	return omnitee_ffa_drive(&fdev, &msg, state);
}

static void leave(void)
{
	omnitee_ffa_leave(&fdev);
}

static void freeze_1(void)
{
	tasks[1].frozen = true;
}

static void thaw_1(void)
{
	tasks[1].frozen = false;
}

static void turn_is_handed_on(void **state)
{
	(void)state;
	assert_int_equal(omnitee_ffa_enter(&fdev, TASK_KILLABLE), 0);
	current = &tasks[1];
	fake_when_asleep(leave);
	assert_int_equal(omnitee_ffa_enter(&fdev, TASK_KILLABLE), 0);
	assert_false(omnitee_ffa_try_enter(&fdev));
	leave();
}

/* Thawing alone wakes nobody who was not woken meanwhile. */
static void waiter_that_was_passed_over_goes_on_when_it_thaws(void **state)
{
	(void)state;
	assert_int_equal(omnitee_ffa_enter(&fdev, TASK_KILLABLE), 0);
	current = &tasks[1];
	fake_when_asleep(freeze_1);
	fake_when_asleep(leave);
	fake_when_asleep(thaw_1);
	assert_int_equal(omnitee_ffa_enter(&fdev, TASK_KILLABLE | TASK_FREEZABLE), 0);
	leave();
}

static void partition_in_other_hands_is_given_up_by_the_kernel_only(void **state)
{
	static const struct reply busy[] = { { -EBUSY, 12, 1000 }, { 0, 1, 0 } };

	(void)state;
	assert_int_equal(drive(busy, TASK_UNINTERRUPTIBLE), -EBUSY);
	given = 0;
	assert_int_equal(drive(busy, TASK_KILLABLE), 0);
}

/* Nobody else could: the partition would never answer anybody again. */
static void message_that_has_begun_is_not_given_up(void **state)
{
	static const struct reply late[] = {
		{ -EINPROGRESS, 3, 5000 }, { -EBUSY, 12, 1000 }, { -EINPROGRESS, 1, 0 },
		{ 0, 1, 0 },
	};

	(void)state;
	assert_int_equal(drive(late, TASK_UNINTERRUPTIBLE), 0);
}

static int drive_bounded(const struct reply *script, struct omnitee_ffa_message *msg)
{
	*msg = (struct omnitee_ffa_message){ .bounded = true };
	replies = script;
	return omnitee_ffa_drive(&fdev, msg, TASK_UNINTERRUPTIBLE);
}

static void who_has_other_things_to_do_leaves_a_message_to_the_next_one(void **state)
{
	static const struct reply never[] = { { -EINPROGRESS, 20, 1000 } };
	static const struct reply busy[] = { { -EBUSY, 20, 1000 } };
	/* The end of the one that was left, then one's own. */
	static const struct reply both[] = { { -EINPROGRESS, 2, 1000 }, { 0, 2, 0 } };
	struct omnitee_ffa_message msg;

	(void)state;
	assert_int_equal(drive_bounded(never, &msg), -ETIMEDOUT);
	assert_false(msg.begun);
	assert_true(fdev.partition->left.begun);
	given = 0;
	/* Whoever comes with as little time leaves it, too, and has not begun. */
	assert_int_equal(drive_bounded(busy, &msg), -ETIMEDOUT);
	assert_true(fdev.partition->left.begun);
	given = 0;
	/* A client that is killed meanwhile has nothing to leave to anybody. */
	current->killed = true;
	assert_int_equal(drive(both, TASK_KILLABLE), -EINTR);
	current->killed = false;
	assert_true(fdev.partition->left.begun);
	assert_int_equal(drive(replies, TASK_KILLABLE), 0);
	assert_false(fdev.partition->left.begun);
	assert_ptr_equal(replies, both + 2);
	assert_int_equal(atomic_long_read(&fdev.partition->late), 2);
}

static void partition_that_ends_what_was_left_by_an_error_is_free(void **state)
{
	static const struct reply never[] = { { -EINPROGRESS, 20, 1000 } };
	static const struct reply broken[] = { { -ECANCELED, 1, 0 }, { 0, 1, 0 } };
	struct omnitee_ffa_message msg;

	(void)state;
	assert_int_equal(drive_bounded(never, &msg), -ETIMEDOUT);
	given = 0;
	assert_int_equal(drive(broken, TASK_KILLABLE), 0);
	assert_false(fdev.partition->left.begun);
}

/* A task without a signal would take these for "do it again". */
static void errors_of_signals_are_nobodys(void **state)
{
	static const struct reply interrupted[] = { { -EINTR, 1, 0 } };
	static const struct reply again[] = { { -EAGAIN, 5, 10 }, { 0, 1, 0 } };

	(void)state;
	assert_int_equal(drive(interrupted, TASK_KILLABLE), -EIO);
	given = 0;
	assert_int_equal(drive(again, TASK_KILLABLE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(turn_is_handed_on, begin, end),
		cmocka_unit_test_setup_teardown(waiter_that_was_passed_over_goes_on_when_it_thaws,
						begin, end),
		cmocka_unit_test_setup_teardown(
			partition_in_other_hands_is_given_up_by_the_kernel_only, begin, end),
		cmocka_unit_test_setup_teardown(message_that_has_begun_is_not_given_up, begin, end),
		cmocka_unit_test_setup_teardown(
			who_has_other_things_to_do_leaves_a_message_to_the_next_one, begin, end),
		cmocka_unit_test_setup_teardown(
			partition_that_ends_what_was_left_by_an_error_is_free, begin, end),
		cmocka_unit_test_setup_teardown(errors_of_signals_are_nobodys, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
