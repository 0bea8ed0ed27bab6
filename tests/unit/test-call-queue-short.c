// SPDX-License-Identifier: BSD-2-Clause
/* The driver's call queue while calls are short: newcomers may come before sleepers, up to a limit. */
#include "queue.h"

/* As in call_queue.c. */
#define LENGTHY		8
#define OVERTAKE	64
#define IN_VAIN		8

static void calls_are_taken_for_long_at_first(void **state)
{
	begin(1);
	assert_true(cq.lengthy > LENGTHY);
}

static void leave_short(void)
{
	unsigned int before = cq.lengthy;

	leave_n(0);
	assert_int_equal(cq.lengthy, before - 1);
}

static void short_calls_are_noticed_where_somebody_waits(void **state)
{
	begin(1);
	while (cq.lengthy) {
		enter(0);
		fake_when_asleep(leave_short);
		enter(1);
		/* With nobody in the queue it does not matter. */
		leave();
		fake_begin(&tasks[0]);
	}
	all_is_back(1);
}

static void come_back_and_leave(void)
{
	optee_cq_came_back(&cq, &w[0]);
	optee_cq_came_back(&cq, &w[0]);
	leave_n(0);
}

static void two_long_calls_in_a_row_are_noticed(void **state)
{
	begin_short(1);
	for (int i = 1; i <= 2; i++) {
		enter(0);
		fake_when_asleep(come_back_and_leave);
		enter(1);
		assert_int_equal(cq.lengthy, i * LENGTHY);
		leave_n(1);
	}
	/* And no more than that is kept in mind. */
	for (int i = 0; i < 100; i++) {
		w[0].lengthy = false;
		optee_cq_came_back(&cq, &w[0]);
	}
	assert_int_equal(cq.lengthy, 2 * LENGTHY);
	all_is_back(1);
}

static void come_back_one_after_the_other(void)
{
	optee_cq_came_back(&cq, &w[0]);
	leave();
	assert_true(newcomer());
	/* Before it has ended. */
	optee_cq_came_back(&cq, &w[5]);
	hand_over();
}

static void long_call_is_noticed_before_it_ends(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(come_back_one_after_the_other);
	enter(1);
	leave();
	all_is_back(1);
}

/* Call 1 is called, but has not looked yet. */
static void leave_and_look(void)
{
	leave();
	assert_int_equal(atomic_read(&cq.free), 1);
	assert_int_equal(tasks[1].wakeups, 1);
	assert_false(w[1].woken);
	assert_int_equal(tasks[2].wakeups, 0);
}

static void who_leaves_calls_the_first_in_the_queue(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(line_up_2);
	fake_when_asleep(leave_and_look);
	enter(1);
	leave();
	assert_true(w[2].called);
	end_with_2();
	all_is_back(1);
}

static void let_newcomer_come_first(void)
{
	leave();
	assert_true(newcomer());
	assert_false(newcomer());
}

static void newcomer_may_come_first(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(let_newcomer_come_first);
	fake_when_asleep(leave);
	enter(1);
	assert_int_equal(tasks[1].wakeups, 3);
	assert_int_equal(atomic_read(&cq.free), 0);
	leave();
	all_is_back(1);
}

static void overtake_to_the_limit(void)
{
	for (int i = 0; i < OVERTAKE; i++) {
		leave();
		assert_true(newcomer());
	}
	/* Nobody else, whoever leaves: the place is call 1's. */
	leave();
	assert_false(newcomer());
	assert_true(w[1].woken);
}

static void newcomers_come_first_so_often_and_no_more(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(overtake_to_the_limit);
	enter(1);
	/* Who is next may be overtaken again. */
	assert_int_equal(atomic_read(&cq.overtaken), 0);
	leave();
	all_is_back(1);
}

static void who_was_called_in_vain_is_overtaken_less(void **state)
{
	begin_short(1);
	enter(0);
	for (int i = 0; i < OVERTAKE / (IN_VAIN + 1) + 1; i++)
		fake_when_asleep(let_newcomer_come_first);
	fake_when_asleep(hand_over);
	enter(1);
	leave();
	all_is_back(1);
}

static void leave_twice(void)
{
	leave();
	assert_true(newcomer());
	leave();
	/* It has not looked since it was called. */
	assert_int_equal(tasks[1].wakeups, 1);
}

static void who_was_called_is_not_called_again(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(leave_twice);
	enter(1);
	leave();
	all_is_back(1);
}

/* The supplicant may be the one who waits: the newcomer may wait for it. */
static void ask_and_leave(void)
{
	atomic_inc(&cq.asking);
	leave();
	assert_false(newcomer());
	assert_true(w[1].woken);
	cq.asking.counter--;
}

static void nobody_overtakes_while_a_call_waits_for_the_supplicant(void **state)
{
	begin_short(2);
	enter(0);
	enter(0);
	fake_when_asleep(ask_and_leave);
	enter(1);
	leave();
	leave();
	all_is_back(2);
}

/* It is in the queue itself: if a newcomer went first and asked it, neither would ever go on. */
static void nobody_overtakes_the_supplicant(void **state)
{
	begin_short(1);
	the_server = &tasks[1];
	enter(0);
	fake_when_asleep(hand_over);
	enter(1);
	leave();
	/* It is not there any more. */
	enter(0);
	fake_when_asleep(let_newcomer_come_first);
	fake_when_asleep(leave);
	enter(2);
	leave();
	all_is_back(1);
}

static void hand_over_and_resume(void)
{
	hand_over();
	optee_cq_resume(&cq);
}

static void nobody_overtakes_while_suspended(void **state)
{
	begin_short(2);
	assert_int_equal(optee_cq_suspend(&cq), 0);
	enter(0);
	enter(0);
	fake_when_asleep(hand_over_and_resume);
	enter(1);
	leave();
	leave();
	all_is_back(2);
}

static void nobody_overtakes_who_was_refused(void **state)
{
	begin_short(2);
	enter(0);
	refuse(0);
	assert_false(newcomer());
	optee_cq_accepted(&cq, &w[0]);
	assert_true(newcomer());
	leave();
	leave();
	all_is_back(2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_taken_for_long_at_first),
		cmocka_unit_test(short_calls_are_noticed_where_somebody_waits),
		cmocka_unit_test(two_long_calls_in_a_row_are_noticed),
		cmocka_unit_test(long_call_is_noticed_before_it_ends),
		cmocka_unit_test(who_leaves_calls_the_first_in_the_queue),
		cmocka_unit_test(newcomer_may_come_first),
		cmocka_unit_test(newcomers_come_first_so_often_and_no_more),
		cmocka_unit_test(who_was_called_in_vain_is_overtaken_less),
		cmocka_unit_test(who_was_called_is_not_called_again),
		cmocka_unit_test(nobody_overtakes_while_a_call_waits_for_the_supplicant),
		cmocka_unit_test(nobody_overtakes_the_supplicant),
		cmocka_unit_test(nobody_overtakes_while_suspended),
		cmocka_unit_test(nobody_overtakes_who_was_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
