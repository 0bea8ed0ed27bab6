// SPDX-License-Identifier: BSD-2-Clause
/*
 * The driver's call queue while calls are short: those who are called, and what may happen to them
 * before they look.
 */
#include "queue.h"

#define OVERTAKE	64	/* as in call_queue.c */

/* As many are called as there are places. */
static void leave_two(void)
{
	leave();
	assert_int_equal(tasks[2].wakeups, 0);
	leave();
	assert_int_equal(tasks[2].wakeups, 1);
	assert_int_equal(cq.called, 2);
}

static void who_looks_hands_on_what_is_left(void **state)
{
	begin_short(2);
	enter(0);
	enter(0);
	fake_when_asleep(line_up_2);
	fake_when_asleep(leave_two);
	enter(1);
	assert_true(w[2].woken);
	look_2();
	leave();
	leave();
	all_is_back(2);
}

static void called_between_look_and_sleep(void **state)
{
	begin_short(1);
	enter(0);
	fake_before_sleep(leave);
	enter(1);
	leave();
	all_is_back(1);
}

static void leave_and_kill_1(void)
{
	line_up_2();
	leave();
	assert_true(w[1].called);
	tasks[1].killed = true;
}

static void who_is_killed_after_being_called_leaves_it_to_the_next(void **state)
{
	begin_short(1);
	enter(0);
	fake_before_sleep(leave_and_kill_1);
	current = &tasks[1];
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_KILLABLE), -EINTR);
	assert_true(w[2].woken);
	look_2();
	leave();
	all_is_back(1);
}

static void leave_and_freeze_1(void)
{
	leave();
	assert_true(w[1].called);
	tasks[1].freezing = true;
}

static void thaw_1(void)
{
	assert_true(w[2].woken);
	tasks[1].freezing = false;
}

/* Of a process, which may be frozen. */
static void enter_1_freezable(void)
{
	w[1].user = true;
	current = &tasks[1];
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_KILLABLE | TASK_FREEZABLE), 0);
}

static void who_is_to_be_frozen_leaves_it_to_the_next(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(line_up_2);
	fake_when_asleep(leave_and_freeze_1);
	fake_when_asleep(thaw_1);
	fake_when_asleep(leave);
	enter_1_freezable();
	leave();
	all_is_back(1);
}

static void leave_while_1_is_frozen(void)
{
	tasks[1].frozen = true;
	leave();
	assert_true(w[2].called);
	/* Call 2 comes too late. */
	assert_true(newcomer());
	assert_int_equal(cq.called, 1);
	w[2].counted = false;
	cq.called = 0;
	tasks[1].frozen = false;
}

static void frozen_waiter_does_not_count_as_called(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(line_up_2);
	fake_when_asleep(leave_while_1_is_frozen);
	fake_when_asleep(leave);
	enter_1_freezable();
	end_with_2();
	all_is_back(1);
}

static void leave_beside_a_full_context(void)
{
	leave_n(0);
	assert_false(w[1].called);
	assert_true(w[2].called);
	assert_int_equal(cq.called, 1);
	/* Its share is free now. */
	leave_n(3);
	assert_true(w[1].called);
}

static void context_that_has_its_share_is_not_called(void **state)
{
	unsigned int calls = 0;

	begin_short(2);
	cq.max_per_context = 1;
	w[1].calls = &calls;
	w[3].calls = &calls;
	enter(0);
	enter(3);
	assert_int_equal(calls, 1);
	fake_when_asleep(line_up_2);
	fake_when_asleep(leave_beside_a_full_context);
	enter(1);
	leave_n(1);
	end_with_2();
	all_is_back(2);
}

static void full_context_comes_first_in_the_end(void)
{
	/* Those behind it do not count for it. */
	cq.overtaken.counter = OVERTAKE;
	leave_n(0);
	assert_true(w[2].woken);
	assert_int_equal(atomic_read(&cq.overtaken), OVERTAKE);
	leave_n(3);
	assert_true(w[1].woken);
	assert_int_equal(atomic_read(&cq.overtaken), 0);
}

static void who_is_first_is_overtaken_no_more_if_others_are_let_in(void **state)
{
	unsigned int calls = 0;

	begin_short(2);
	cq.max_per_context = 1;
	w[1].calls = &calls;
	w[3].calls = &calls;
	enter(0);
	enter(3);
	fake_when_asleep(line_up_2);
	fake_when_asleep(full_context_comes_first_in_the_end);
	enter(1);
	leave_n(1);
	leave();
	all_is_back(2);
}

static void freeze_1_while_it_looks(void)
{
	tasks[1].freezing = true;
}

static void leave_and_wait_for_the_look(void)
{
	leave();
	fake_before_lock(freeze_1_while_it_looks);
}

static void who_looks_has_its_turn_even_if_it_is_to_be_frozen(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(leave_and_wait_for_the_look);
	enter_1_freezable();
	leave();
	all_is_back(1);
}

static void leave_to_the_entitled(void)
{
	leave();
	assert_true(w[1].woken);
	assert_true(w[1].kept);
}

/* It was kept back while all were in use: the first end pays. */
static void place_that_is_kept_back_is_handed_over_all_the_same(void **state)
{
	struct optee_reservation r = { 0 };

	begin_short(2);
	enter(0);
	enter(0);
	assert_int_equal(optee_cq_reserve(&cq, &r, false), 0);
	w[1].reservation = &r;
	INIT_LIST_HEAD(&w[1].entitled_node);
	fake_when_asleep(leave_to_the_entitled);
	enter(1);
	leave_n(1);
	leave();
	assert_true(optee_cq_unreserve(&cq, &r));
	all_is_back(2);
}

/* Who is called takes his time, and one of the places in use is to be kept back. */
static void leave_past_the_called(void)
{
	leave();
	assert_true(w[1].called);
	assert_true(newcomer());
	assert_int_equal(optee_cq_reserve(&cq, w[2].reservation, false), 0);
	list_add_tail(&w[2].entitled_node, &cq.entitled);
	line_up_2();
	leave();
	assert_true(w[2].woken);
	assert_true(w[2].kept);
}

static void entitled_call_does_not_wait_for_who_is_called(void **state)
{
	struct optee_reservation r = { 0 };

	begin_short(2);
	enter(0);
	enter(0);
	w[2].reservation = &r;
	fake_when_asleep(leave_past_the_called);
	fake_when_asleep(leave);
	enter(1);
	leave();
	leave_n(2);
	assert_true(optee_cq_unreserve(&cq, &r));
	all_is_back(2);
}

static void freeze_1_late(void)
{
	tasks[1].freezing = true;
}

static void leave_and_freeze_1_late(void)
{
	leave();
	fake_before_freeze(freeze_1_late);
}

/* It is not frozen with a place that it was called for: it has looked before. */
static void who_is_called_is_not_frozen_before_it_has_looked(void **state)
{
	begin_short(1);
	enter(0);
	fake_when_asleep(line_up_2);
	fake_when_asleep(leave_and_freeze_1_late);
	enter_1_freezable();
	leave();
	end_with_2();
	all_is_back(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_looks_hands_on_what_is_left),
		cmocka_unit_test(called_between_look_and_sleep),
		cmocka_unit_test(who_is_killed_after_being_called_leaves_it_to_the_next),
		cmocka_unit_test(who_is_to_be_frozen_leaves_it_to_the_next),
		cmocka_unit_test(frozen_waiter_does_not_count_as_called),
		cmocka_unit_test(context_that_has_its_share_is_not_called),
		cmocka_unit_test(who_is_first_is_overtaken_no_more_if_others_are_let_in),
		cmocka_unit_test(who_looks_has_its_turn_even_if_it_is_to_be_frozen),
		cmocka_unit_test(entitled_call_does_not_wait_for_who_is_called),
		cmocka_unit_test(who_is_called_is_not_frozen_before_it_has_looked),
		cmocka_unit_test(place_that_is_kept_back_is_handed_over_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
