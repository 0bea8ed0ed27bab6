// SPDX-License-Identifier: BSD-2-Clause
/* The driver's call queue with tasks that are frozen, and while the machine is suspended. */
#include "queue.h"

static void enter_2(void)
{
	enter(2);
}

static void freeze_1(void)
{
	tasks[1].frozen = true;
}

static void thaw_1(void)
{
	tasks[1].frozen = false;
}

static void enter_freezable(unsigned int n)
{
	w[n].user = true;
	current = &tasks[n];
	assert_int_equal(optee_cq_enter(&cq, &w[n], TASK_KILLABLE | TASK_FREEZABLE), 0);
}

static void frozen_waiter_is_passed_over(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(freeze_1);
	fake_when_asleep(enter_2);
	/* For call 2, which came later. */
	fake_when_asleep(leave);
	fake_when_asleep(thaw_1);
	/* Call 2 has ended. */
	fake_when_asleep(leave);
	enter_freezable(1);
	assert_int_equal(tasks[2].wakeups, 1);
	leave();
	all_is_back(1);
}

static void enter_2_behind_1(void)
{
	tasks[1].frozen = false;
	fake_as(&tasks[2], enter_2);
	assert_true(w[1].woken);
}

static void thawed_waiter_has_kept_its_turn(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(freeze_1);
	fake_when_asleep(enter_2_behind_1);
	/* For call 1; then it has ended. */
	fake_when_asleep(leave);
	fake_when_asleep(leave);
	enter_freezable(1);
	leave();
	all_is_back(1);
}

/* Nobody else comes along who would give it to it. */
static void place_that_nobody_took_is_found_after_the_thaw(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(freeze_1);
	fake_when_asleep(leave);
	fake_when_asleep(thaw_1);
	enter_freezable(1);
	assert_int_equal(atomic_read(&cq.free), 0);
	leave();
	all_is_back(1);
}

static void leave_past_1(void)
{
	tasks[1].freezing = true;
	leave();
	assert_false(w[1].woken);
}

static void thaw_at_last(void)
{
	tasks[1].freezing = false;
}

static void place_that_comes_before_it_sleeps_is_found_after_the_thaw(void **state)
{
	begin(1);
	enter(0);
	fake_before_sleep(leave_past_1);
	fake_when_asleep(thaw_at_last);
	enter_freezable(1);
	leave();
	all_is_back(1);
}

static void frozen_refused_call_does_not_stop_the_others(void **state)
{
	begin(2);
	w[0].user = true;
	enter(0);
	refuse(0);
	assert_false(optee_cq_try_enter(&cq, &w[1]));
	w[0].task = &tasks[0];
	tasks[0].frozen = true;
	enter(1);
	leave();
	tasks[0].frozen = false;
	optee_cq_accepted(&cq, &w[0]);
	leave();
	all_is_back(2);
}

static void processes_leave_a_place_to_the_kernel_while_suspended(void **state)
{
	begin(2);
	for (unsigned int n = 0; n < 4; n++)
		w[n].user = n < 3;
	assert_int_equal(optee_cq_suspend(&cq), 0);
	assert_true(optee_cq_try_enter(&cq, &w[0]));
	assert_false(optee_cq_try_enter(&cq, &w[1]));
	assert_true(optee_cq_try_enter(&cq, &w[3]));
	leave();
	optee_cq_resume(&cq);
	assert_true(optee_cq_try_enter(&cq, &w[1]));
	leave();
	leave();
	all_is_back(2);
}

static void resume(void)
{
	optee_cq_resume(&cq);
}

static void process_that_was_held_back_goes_on_after_the_resume(void **state)
{
	begin(1);
	assert_int_equal(optee_cq_suspend(&cq), 0);
	fake_when_asleep(resume);
	enter_freezable(1);
	leave();
	all_is_back(1);
}

static void enter_2_of_the_kernel(void)
{
	enter(2);
	leave();
}

static void kernel_overtakes_processes_that_are_held_back(void **state)
{
	begin(1);
	assert_int_equal(optee_cq_suspend(&cq), 0);
	fake_when_asleep(enter_2_of_the_kernel);
	fake_when_asleep(resume);
	enter_freezable(1);
	assert_int_equal(tasks[2].wakeups, 1);
	leave();
	all_is_back(1);
}

static void suspend_waits_for_a_place(void **state)
{
	begin(1);
	w[0].user = true;
	enter(0);
	current = &tasks[1];
	fake_when_asleep(leave);
	assert_int_equal(optee_cq_suspend(&cq), 0);
	assert_int_equal(atomic_read(&cq.free), 1);
	optee_cq_resume(&cq);
	all_is_back(1);
}

static void kernel_does_not_wait_for_ever_while_suspended(void **state)
{
	long ms[2];

	begin(1);
	enter(0);
	current = &tasks[1];
	assert_int_equal(optee_cq_suspend(&cq), -EBUSY);
	w[2].bounded = true;
	assert_int_equal(optee_cq_enter(&cq, &w[2], TASK_UNINTERRUPTIBLE), -EBUSY);
	assert_int_equal(fake_sleeps(ms, 2), 2);
	assert_int_equal(ms[1], OPTEE_SUSPEND_PATIENCE);
	optee_cq_resume(&cq);
	leave();
	all_is_back(1);
}

static void suspend_in_vain(void)
{
	assert_int_equal(optee_cq_suspend(&cq), -EBUSY);
}

static void suspend_as_3(void)
{
	fake_as(&tasks[3], suspend_in_vain);
}

static void kernel_that_waits_already_gives_up_when_suspended(void **state)
{
	begin(1);
	enter(0);
	fake_when_asleep(suspend_as_3);
	current = &tasks[1];
	w[1].bounded = true;
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_UNINTERRUPTIBLE), -EBUSY);
	optee_cq_resume(&cq);
	leave();
	all_is_back(1);
}

static void resume_and_suspend_nothing(void)
{
	optee_cq_resume(&cq);
	wake_up_process(&tasks[1]);
}

/* What it may wait has to do with the suspend; it does not go on counting when that is over. */
static void kernel_has_all_the_time_again_after_a_resume(void **state)
{
	long ms[3];

	begin(1);
	enter(0);
	cq.suspending = true;
	fake_when_asleep(resume_and_suspend_nothing);
	fake_when_asleep(leave);
	current = &tasks[1];
	w[1].bounded = true;
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_UNINTERRUPTIBLE), 0);
	assert_int_equal(fake_sleeps(ms, 3), 2);
	assert_int_equal(ms[0], OPTEE_SUSPEND_PATIENCE);
	assert_int_equal(ms[1], -1);
	leave();
	all_is_back(1);
}

static void leave_and_freeze_1(void)
{
	leave();
	tasks[1].frozen = true;
}

/* It is about to freeze, but runs: nobody would tell it of the place that it passed over. */
static void task_does_not_pass_over_itself(void **state)
{
	begin(1);
	enter(0);
	w[1].user = true;
	current = &tasks[1];
	fake_before_lock(leave_and_freeze_1);
	assert_int_equal(optee_cq_enter(&cq, &w[1], TASK_KILLABLE | TASK_FREEZABLE), 0);
	leave();
	all_is_back(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frozen_waiter_is_passed_over),
		cmocka_unit_test(thawed_waiter_has_kept_its_turn),
		cmocka_unit_test(place_that_nobody_took_is_found_after_the_thaw),
		cmocka_unit_test(place_that_comes_before_it_sleeps_is_found_after_the_thaw),
		cmocka_unit_test(frozen_refused_call_does_not_stop_the_others),
		cmocka_unit_test(processes_leave_a_place_to_the_kernel_while_suspended),
		cmocka_unit_test(process_that_was_held_back_goes_on_after_the_resume),
		cmocka_unit_test(kernel_overtakes_processes_that_are_held_back),
		cmocka_unit_test(suspend_waits_for_a_place),
		cmocka_unit_test(kernel_does_not_wait_for_ever_while_suspended),
		cmocka_unit_test(kernel_that_waits_already_gives_up_when_suspended),
		cmocka_unit_test(kernel_has_all_the_time_again_after_a_resume),
		cmocka_unit_test(task_does_not_pass_over_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
