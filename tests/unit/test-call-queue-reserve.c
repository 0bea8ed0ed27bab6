// SPDX-License-Identifier: BSD-2-Clause
/* The driver's call queue with places that are kept back, and with shares of contexts. */
#include "queue.h"

#include <string.h>

static struct optee_reservation mine, other;

static void begin_reserving(unsigned int threads)
{
	begin(threads);
	memset(&mine, 0, sizeof(mine));
	memset(&other, 0, sizeof(other));
}

static void reserved_places_stay_free(void **state)
{
	begin_reserving(3);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	enter(0);
	enter(1);
	assert_false(optee_cq_try_enter(&cq, &w[2]));
	w[2].reservation = &mine;
	assert_true(optee_cq_try_enter(&cq, &w[2]));
	assert_true(w[2].kept);
	leave();
	leave();
	leave_n(2);
	assert_true(optee_cq_unreserve(&cq, &mine));
	assert_false(optee_cq_unreserve(&cq, &mine));
	all_is_back(3);
}

static void one_place_stays_for_ordinary_calls(void **state)
{
	begin_reserving(3);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	assert_int_equal(optee_cq_reserve(&cq, &other, false), 0);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), -EINVAL);
	assert_true(optee_cq_try_enter(&cq, &w[0]));
	assert_false(optee_cq_try_enter(&cq, &w[1]));
	leave();
	assert_true(optee_cq_unreserve(&cq, &other));
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	assert_true(optee_cq_unreserve(&cq, &mine));
	assert_true(optee_cq_unreserve(&cq, &mine));
	begin_reserving(1);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), -EINVAL);
	all_is_back(1);
}

static void unknown_number_of_threads_keeps_nothing_back(void **state)
{
	begin_reserving(0);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), -EINVAL);
	/* Unless the secure world does so. */
	assert_int_equal(optee_cq_reserve(&cq, &mine, true), 0);
	enter(0);
	enter(1);
	enter(2);
	refuse(2);
	/* Two have a thread, and one more is there. */
	assert_int_equal(cq.total, 3);
	w[3].reservation = &mine;
	assert_true(optee_cq_try_enter(&cq, &w[3]));
	leave_n(3);
	optee_cq_accepted(&cq, &w[2]);
	leave();
	leave();
	leave();
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(3);
}

static void leave_kept(void)
{
	leave_n(1);
	assert_true(w[3].woken);
	assert_true(w[3].kept);
	assert_false(w[2].woken);
}

static void enter_entitled(void)
{
	w[3].reservation = &mine;
	enter(3);
	leave_n(3);
	leave();
}

/* One call more than reservations waits in the line, and takes what comes first. */
static void call_too_many_waits_like_others(void **state)
{
	begin_reserving(2);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	enter(0);
	w[1].reservation = &mine;
	enter(1);
	fake_when_asleep(enter_entitled);
	fake_when_asleep(leave_kept);
	enter(2);
	leave();
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(2);
}

static void leave_to_the_first(void)
{
	leave();
	assert_true(w[2].woken);
	assert_false(w[3].woken);
	leave_n(1);
	assert_true(w[3].kept);
}

static void enter_entitled_later(void)
{
	w[3].reservation = &mine;
	enter(3);
	leave_n(3);
}

static void ordinary_place_goes_to_the_first_in_line(void **state)
{
	begin_reserving(2);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	enter(0);
	w[1].reservation = &mine;
	enter(1);
	fake_when_asleep(enter_entitled_later);
	fake_when_asleep(leave_to_the_first);
	enter(2);
	leave();
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(2);
}

static void leave_to_the_entitled(void)
{
	leave();
	assert_true(w[2].woken);
	assert_true(w[2].kept);
	assert_false(w[1].woken);
	leave();
}

static void enter_2_entitled(void)
{
	w[2].reservation = &mine;
	enter(2);
	leave_n(2);
}

/* All are in use when one is kept back: the first that is given back is it. */
static void reservation_in_the_rush_gets_the_next_place(void **state)
{
	begin_reserving(2);
	enter(0);
	enter(3);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	assert_int_equal(atomic_read(&cq.free), -1);
	fake_when_asleep(enter_2_entitled);
	fake_when_asleep(leave_to_the_entitled);
	enter(1);
	leave();
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(2);
}

static void released_while_used_is_an_ordinary_call(void **state)
{
	begin_reserving(2);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	w[0].reservation = &mine;
	enter(0);
	assert_true(optee_cq_unreserve(&cq, &mine));
	assert_true(optee_cq_try_enter(&cq, &w[1]));
	assert_false(optee_cq_try_enter(&cq, &w[2]));
	leave();
	leave_n(0);
	all_is_back(2);

	/* Reserved again before it ends, it is what it was. */
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	enter(0);
	assert_true(optee_cq_unreserve(&cq, &mine));
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	assert_int_equal(atomic_read(&cq.free), 1);
	assert_int_equal(cq.reserved, 0);
	leave_n(0);
	assert_int_equal(cq.reserved, 1);
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(2);
}

static void refused_calls_do_not_stop_the_entitled(void **state)
{
	begin_reserving(3);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	enter(0);
	enter(1);
	refuse(1);
	w[2].reservation = &mine;
	assert_true(optee_cq_try_enter(&cq, &w[2]));
	refuse(2);
	/* It was refused last, and comes first. */
	leave();
	assert_true(w[2].woken);
	assert_false(w[1].woken);
	optee_cq_accepted(&cq, &w[2]);
	leave_n(2);
	optee_cq_accepted(&cq, &w[1]);
	leave();
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(3);
}

static void refuse_1(void)
{
	refuse(1);
	assert_true(w[2].woken);
	assert_true(w[2].kept);
}

/* Whether the place is free depends on a call that has not asked for its thread yet. */
static void refusal_of_another_lets_the_entitled_in(void **state)
{
	begin_reserving(2);
	enter(0);
	enter(1);
	assert_int_equal(optee_cq_reserve(&cq, &mine, true), 0);
	fake_when_asleep(refuse_1);
	w[2].reservation = &mine;
	enter(2);
	leave_n(2);
	optee_cq_accepted(&cq, &w[1]);
	leave();
	leave();
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(2);
}

static unsigned int calls_a, calls_b;

static void leave_a(void)
{
	assert_int_equal(calls_a, 2);
	leave_n(0);
	assert_true(w[2].woken);
}

static void others_are_served(void)
{
	w[3].calls = &calls_b;
	assert_int_equal(optee_cq_enter(&cq, &w[3], TASK_KILLABLE), 0);
	leave_n(3);
}

static void context_with_its_share_waits_while_others_go_on(void **state)
{
	begin_reserving(4);
	calls_a = 0;
	calls_b = 0;
	cq.max_per_context = 2;
	for (unsigned int n = 0; n < 3; n++)
		w[n].calls = &calls_a;
	enter(0);
	enter(1);
	fake_when_asleep(others_are_served);
	fake_when_asleep(leave_a);
	enter(2);
	leave_n(1);
	leave_n(2);
	assert_int_equal(calls_a, 0);
	assert_int_equal(calls_b, 0);
	all_is_back(4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reserved_places_stay_free),
		cmocka_unit_test(one_place_stays_for_ordinary_calls),
		cmocka_unit_test(unknown_number_of_threads_keeps_nothing_back),
		cmocka_unit_test(call_too_many_waits_like_others),
		cmocka_unit_test(ordinary_place_goes_to_the_first_in_line),
		cmocka_unit_test(reservation_in_the_rush_gets_the_next_place),
		cmocka_unit_test(released_while_used_is_an_ordinary_call),
		cmocka_unit_test(refused_calls_do_not_stop_the_entitled),
		cmocka_unit_test(refusal_of_another_lets_the_entitled_in),
		cmocka_unit_test(context_with_its_share_waits_while_others_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
