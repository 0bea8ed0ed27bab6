// SPDX-License-Identifier: BSD-2-Clause
/*
 * The driver's call queue, kernel/optee/call_queue.c itself, with moments that a guest meets
 * once in a million calls.
 */
#include "queue.h"

static void there_are_as_many_places_as_threads(void **state)
{
	begin(2);
	enter(0);
	enter(1);
	assert_false(optee_cq_try_enter(&cq, &w[2]));
	leave();
	assert_true(optee_cq_try_enter(&cq, &w[2]));
	leave();
	leave();
	all_is_back(2);
}

static void who_leaves_hands_the_place_over(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(leave);
	enter(1);
	assert_int_equal(tasks[1].wakeups, 1);
	assert_int_equal(atomic_read(&cq.free), 0);
	leave();
	all_is_back(1);
}

/* The last one leaves after a newcomer has looked, and before it is in the list. */
static void place_that_comes_while_one_lines_up_is_not_missed(void **state)
{
	begin(1);
	enter(0);
	fake_before_lock(leave);
	enter(1);
	leave();
	all_is_back(1);
}

/* Killed, it has given up waiting; then the place comes, before it is out of the list. */
static void place_that_comes_with_a_kill_is_kept(void **state)
{
	begin(1);
	enter(0);
	tasks[1].killed = true;
	fake_after_kill(leave);
	enter(1);
	/* It does not overlook that it has it. */
	assert_int_equal(atomic_read(&cq.free), 0);
	leave();
	all_is_back(1);
}

static void killed_waiter_is_out_of_the_queue(void **state)
{
	begin(1);
	enter(0);
	tasks[1].killed = true;
	current = &tasks[1];
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_KILLABLE), -EINTR);
	leave();
	assert_int_equal(tasks[1].wakeups, 0);
	all_is_back(1);
}

static void kill_does_not_end_every_wait(void **state)
{
	begin(1);
	enter(0);
	tasks[1].killed = true;
	current = &tasks[1];
	fake_when_asleep(leave);
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_UNINTERRUPTIBLE), 0);
	leave();
	all_is_back(1);
}

static void enter_2(void)
{
	enter(2);
}

static void leave_once(void)
{
	leave();
	assert_true(w[1].woken);
	assert_false(w[2].woken);
	assert_int_equal(tasks[2].wakeups, 0);
}

static void first_come_is_first_served(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(enter_2);
	fake_when_asleep(leave_once);
	/* Call 1 has the place now, and leaves. */
	fake_when_asleep(leave);
	enter(1);
	assert_int_equal(tasks[1].wakeups, 1);
	assert_int_equal(tasks[2].wakeups, 1);
	leave();
	all_is_back(1);
}

static void look_in_vain(void)
{
	assert_false(optee_cq_try_enter(&cq, &w[3]));
}

static void nobody_overtakes_who_waits(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(look_in_vain);
	fake_when_asleep(leave);
	enter(1);
	leave();
	all_is_back(1);
}

static void spurious(void)
{
	wake_up_process(&tasks[1]);
}

static void wake_up_without_a_place_is_slept_off(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(spurious);
	fake_when_asleep(spurious);
	fake_when_asleep(leave);
	enter(1);
	assert_int_equal(tasks[1].wakeups, 3);
	leave();
	all_is_back(1);
}

static void leave_in_vain(void)
{
	leave();
	/* The refused call comes first. */
	assert_false(w[2].woken);
	assert_true(w[0].woken);
}

static void accept_0(void)
{
	optee_cq_accepted(&cq, &w[0]);
}

/* What came free while a call was refused is handed over once it is not refused any more. */
static void places_go_on_when_a_refused_call_is_accepted(void **state)
{
	begin(2);
	enter(0);
	enter(1);
	refuse(0);
	fake_when_asleep(leave_in_vain);
	fake_when_asleep(accept_0);
	enter(2);
	assert_int_equal(tasks[2].wakeups, 1);
	leave();
	leave();
	all_is_back(2);
}

static void nobody_is_let_in_while_a_call_is_refused(void **state)
{
	begin(2);
	enter(0);
	refuse(0);
	assert_false(optee_cq_try_enter(&cq, &w[1]));
	fake_when_asleep(accept_0);
	enter(1);
	leave();
	leave();
	all_is_back(2);
}

/* It may have been the call whose end the secure world would have needed. */
static void end_that_a_refused_call_did_not_need_is_passed_on(void **state)
{
	begin(3);
	enter(0);
	enter(1);
	enter(2);
	refuse(0);
	refuse(1);
	leave();
	assert_true(w[0].woken);
	assert_false(w[1].woken);
	optee_cq_accepted(&cq, &w[0]);
	assert_true(w[1].woken);
	optee_cq_accepted(&cq, &w[1]);
	leave();
	leave();
	all_is_back(3);
}

static void two_ends_wake_two_refused_calls(void **state)
{
	begin(4);
	for (unsigned int n = 0; n < 4; n++)
		enter(n);
	refuse(0);
	refuse(1);
	leave();
	leave();
	assert_true(w[0].woken);
	assert_true(w[1].woken);
	optee_cq_accepted(&cq, &w[0]);
	optee_cq_accepted(&cq, &w[1]);
	leave();
	leave();
	all_is_back(4);
}

static void refused_call_asks_at_once_and_then_less_and_less(void **state)
{
	static const long want[] = { 1, 2, 4, 8, 16, 32, 64, 64, 64 };
	long ms[32];

	begin(1);
	enter(0);
	for (unsigned int i = 0; i < 10; i++)
		refuse(0);
	assert_int_equal(fake_sleeps(ms, 32), 9);
	for (unsigned int i = 0; i < 9; i++)
		assert_int_equal(ms[i], want[i]);
	optee_cq_accepted(&cq, &w[0]);
	leave();
	all_is_back(1);
}

static void end_of_another_call_ends_the_pause(void **state)
{
	long ms[32];

	begin(2);
	enter(0);
	enter(1);
	refuse(0);
	fake_when_asleep(leave);
	refuse(0);
	assert_int_equal(tasks[0].wakeups, 1);
	/* Once: the next pause is one again. */
	refuse(0);
	assert_int_equal(fake_sleeps(ms, 32), 2);
	optee_cq_accepted(&cq, &w[0]);
	leave();
	all_is_back(2);
}

/* Nobody sleeps between two pauses; the end of a call then counts for the next one. */
static void end_between_two_pauses_is_not_missed(void **state)
{
	long ms[32];

	begin(2);
	enter(0);
	enter(1);
	refuse(0);
	refuse(0);
	leave();
	assert_int_equal(tasks[0].wakeups, 0);
	refuse(0);
	/* The second one did not sleep. */
	assert_int_equal(fake_sleeps(ms, 32), 1);
	optee_cq_accepted(&cq, &w[0]);
	leave();
	all_is_back(2);
}

static void killed_refused_call_gives_up_and_its_place(void **state)
{
	begin(2);
	enter(0);
	enter(1);
	refuse(0);
	tasks[0].killed = true;
	current = &tasks[0];
	assert_int_equal(optee_cq_refused(&cq, &w[0], TASK_KILLABLE), -EINTR);
	optee_cq_accepted(&cq, &w[0]);
	leave();
	leave();
	all_is_back(2);
}

static void acceptance_of_a_call_that_was_not_refused_is_nothing(void **state)
{
	begin(1);
	enter(0);
	optee_cq_accepted(&cq, &w[0]);
	assert_int_equal(atomic_read(&cq.free), 0);
	leave();
	all_is_back(1);
}

/* Calls 0 to 3 have a place: nobody knows how many threads there are. */
static void begin_unknown(void)
{
	begin(0);
	for (unsigned int n = 0; n < 4; n++)
		enter(n);
}

static void number_of_threads_is_learnt_from_a_refusal(void **state)
{
	begin_unknown();
	refuse(3);
	assert_int_equal(cq.total, 3);
	/* Three have a thread, the fourth a place without one. */
	leave();
	optee_cq_accepted(&cq, &w[3]);
	leave();
	leave();
	leave();
	all_is_back(3);
}

/* The third one had not come to the secure world yet when the fourth was refused. */
static void number_that_was_learnt_too_high_is_lowered(void **state)
{
	begin_unknown();
	refuse(3);
	refuse(2);
	/* The fourth asks again, and may be inside by now. */
	assert_int_equal(cq.total, 3);
	w[3].task = &tasks[3];
	refuse(2);
	w[3].task = NULL;
	/* It slept, as the third one does. */
	assert_int_equal(cq.total, 2);
	leave();
	leave();
	optee_cq_accepted(&cq, &w[2]);
	optee_cq_accepted(&cq, &w[3]);
	leave();
	leave();
	all_is_back(2);
}

static struct optee_reservation mine;

/* There were three threads in use when the fourth was refused; then one was left. */
static void number_that_was_learnt_too_low_is_doubted(void **state)
{
	begin_unknown();
	leave();
	refuse(3);
	assert_int_equal(cq.total, 2);
	optee_cq_accepted(&cq, &w[3]);
	leave();
	assert_int_equal(atomic_read(&cq.free), 0);
	/* Nobody leaves, but it does not wait for ever. */
	enter(4);
	assert_int_equal(cq.total, 3);
	leave();
	leave();
	leave();
	all_is_back(3);
}

/* Three threads are known of, and in use; a fourth call, 4, is let in to see if there is one more. */
static void begin_in_doubt(void)
{
	begin_unknown();
	refuse(3);
	assert_int_equal(cq.total, 3);
	leave();
	optee_cq_accepted(&cq, &w[3]);
	enter(4);
	assert_int_equal(cq.total, 4);
}

/* Nobody may count on the one more: neither who keeps a place back, nor ordinary calls then. */
static void number_in_doubt_is_not_promised(void **state)
{
	begin_in_doubt();
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	assert_int_equal(cq.total, 3);
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), 0);
	/* One always stays for ordinary calls. */
	assert_int_equal(optee_cq_reserve(&cq, &mine, false), -EINVAL);
	for (unsigned int n = 0; n < 4; n++)
		leave();
	assert_int_equal(atomic_read(&cq.free), 1);
	assert_true(optee_cq_unreserve(&cq, &mine));
	assert_true(optee_cq_unreserve(&cq, &mine));
	all_is_back(3);
}

/* Rightly: what it was learnt to be it is again. */
static void number_that_was_doubted_wrongly_is_learnt_again(void **state)
{
	begin_in_doubt();
	refuse(4);
	assert_int_equal(cq.total, 3);
	leave();
	optee_cq_accepted(&cq, &w[4]);
	leave();
	leave();
	leave();
	all_is_back(3);
}

/* Somebody leaves between the refusal and its being noticed: that says nothing about the number. */
static void number_that_was_doubted_wrongly_is_not_lowered(void **state)
{
	begin_in_doubt();
	fake_before_lock(leave);
	refuse(4);
	assert_int_equal(cq.total, 3);
	/* Nor is it doubted again as soon. */
	assert_int_equal(cq.doubt, 2 * HZ);
	optee_cq_accepted(&cq, &w[4]);
	leave();
	leave();
	leave();
	all_is_back(3);
}

/* It may be learnt while it sleeps, and too low. */
static void waiter_from_before_the_number_was_known_has_a_limit(void **state)
{
	long ms[32];

	begin(0);
	enter(0);
	current = &tasks[0];
	assert_int_equal(optee_cq_deferred(&cq, &w[0], TASK_KILLABLE), 0);
	fake_when_asleep(accept_0);
	enter(1);
	assert_int_equal(fake_sleeps(ms, 32), 1);
	assert_int_equal(ms[0], HZ);
	leave();
	leave();
}

static void number_that_was_told_is_not_lowered(void **state)
{
	begin(3);
	for (unsigned int n = 0; n < 3; n++)
		enter(n);
	refuse(2);
	assert_int_equal(cq.total, 3);
	optee_cq_accepted(&cq, &w[2]);
	leave();
	leave();
	leave();
	all_is_back(3);
}

static void call_that_did_not_come_through_teaches_nothing(void **state)
{
	begin(0);
	for (unsigned int n = 0; n < 3; n++)
		enter(n);
	current = &tasks[2];
	assert_int_equal(optee_cq_deferred(&cq, &w[2], TASK_KILLABLE), 0);
	assert_int_equal(cq.total, 0);
	optee_cq_accepted(&cq, &w[2]);
	leave();
	leave();
	leave();
}

static void lonely_refused_call_teaches_nothing(void **state)
{
	begin(0);
	enter(0);
	refuse(0);
	assert_int_equal(cq.total, 0);
	optee_cq_accepted(&cq, &w[0]);
	enter(1);
	enter(2);
	leave();
	leave();
	leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_as_many_places_as_threads),
		cmocka_unit_test(who_leaves_hands_the_place_over),
		cmocka_unit_test(place_that_comes_while_one_lines_up_is_not_missed),
		cmocka_unit_test(place_that_comes_with_a_kill_is_kept),
		cmocka_unit_test(killed_waiter_is_out_of_the_queue),
		cmocka_unit_test(kill_does_not_end_every_wait),
		cmocka_unit_test(first_come_is_first_served),
		cmocka_unit_test(nobody_overtakes_who_waits),
		cmocka_unit_test(wake_up_without_a_place_is_slept_off),
		cmocka_unit_test(places_go_on_when_a_refused_call_is_accepted),
		cmocka_unit_test(nobody_is_let_in_while_a_call_is_refused),
		cmocka_unit_test(end_that_a_refused_call_did_not_need_is_passed_on),
		cmocka_unit_test(two_ends_wake_two_refused_calls),
		cmocka_unit_test(refused_call_asks_at_once_and_then_less_and_less),
		cmocka_unit_test(end_of_another_call_ends_the_pause),
		cmocka_unit_test(end_between_two_pauses_is_not_missed),
		cmocka_unit_test(killed_refused_call_gives_up_and_its_place),
		cmocka_unit_test(acceptance_of_a_call_that_was_not_refused_is_nothing),
		cmocka_unit_test(number_of_threads_is_learnt_from_a_refusal),
		cmocka_unit_test(number_that_was_learnt_too_high_is_lowered),
		cmocka_unit_test(number_that_was_learnt_too_low_is_doubted),
		cmocka_unit_test(number_in_doubt_is_not_promised),
		cmocka_unit_test(number_that_was_doubted_wrongly_is_learnt_again),
		cmocka_unit_test(number_that_was_doubted_wrongly_is_not_lowered),
		cmocka_unit_test(waiter_from_before_the_number_was_known_has_a_limit),
		cmocka_unit_test(number_that_was_told_is_not_lowered),
		cmocka_unit_test(call_that_did_not_come_through_teaches_nothing),
		cmocka_unit_test(lonely_refused_call_teaches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
