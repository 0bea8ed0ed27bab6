// SPDX-License-Identifier: BSD-2-Clause
#include "fake-kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MAX_STEPS	32

struct task_struct *current;
int fake_failing_allocation;
/* Does what happens at a certain moment of the running task. */
static struct task_struct elsewhere = { .name = "somebody else" };
unsigned long jiffies;

static fake_step steps[MAX_STEPS];
static unsigned int num_steps, next_step;
static fake_step before_lock, before_sleep, before_freeze, after_kill;
static long sleeps[MAX_STEPS];
static unsigned int num_sleeps;

void fake_list_del(struct list_head *node)
{
	assert_false(list_empty(node));
	assert_ptr_equal(node->prev->next, node);
	assert_ptr_equal(node->next->prev, node);
	node->prev->next = node->next;
	node->next->prev = node->prev;
	INIT_LIST_HEAD(node);
}

void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

void spin_lock(spinlock_t *lock)
{
	fake_step step = before_lock;

	before_lock = NULL;
	if (step)
		step();
	assert_false(lock->held);
	lock->held = true;
}

void spin_unlock(spinlock_t *lock)
{
	assert_true(lock->held);
	lock->held = false;
}

void fake_assert_held(const spinlock_t *lock)
{
	assert_true(lock->held);
}

void fake_mutex_lock(spinlock_t *lock)
{
	if (current)
		assert_int_equal(current->state, TASK_RUNNING);
	spin_lock(lock);
}

void fake_set_state(unsigned int state)
{
	fake_step step = before_sleep;

	current->state = state;
	before_sleep = NULL;
	if (step)
		fake_as(&elsewhere, step);
}

void wake_up_process(struct task_struct *task)
{
	task->runnable = true;
	task->wakeups++;
}

bool freezing(struct task_struct *task)
{
	return task->frozen || task->freezing;
}

/* Who runs is not frozen, but may be from here on until a step thaws it. */
bool try_to_freeze(void)
{
	struct task_struct *me = current;
	fake_step step = before_freeze;
	bool froze;

	before_freeze = NULL;
	if (step)
		step();
	froze = me->freezing;
	assert_false(me->frozen);
	while (me->freezing) {
		if (next_step == num_steps)
			fail_msg("%s is frozen for ever", me->name);
		steps[next_step++]();
		current = me;
	}
	return froze;
}

bool signal_pending_state(unsigned int state, struct task_struct *task)
{
	fake_step step = after_kill;

	if ((state & ~TASK_FREEZABLE) != TASK_KILLABLE || !task->killed)
		return false;
	after_kill = NULL;
	if (step)
		fake_as(&elsewhere, step);
	return true;
}

long schedule_timeout(long timeout)
{
	struct task_struct *me = current;

	assert_in_range(num_sleeps, 0, MAX_STEPS - 1);
	sleeps[num_sleeps++] = timeout == MAX_SCHEDULE_TIMEOUT ? -1 : timeout;
	if (timeout != MAX_SCHEDULE_TIMEOUT)
		jiffies += (unsigned long)timeout;
	me->runnable = false;
	me->state = TASK_RUNNING;
	while (!me->runnable || me->frozen) {
		if (next_step == num_steps) {
			if (timeout == MAX_SCHEDULE_TIMEOUT)
				fail_msg("%s sleeps for ever", me->name);
			return 0;
		}
		steps[next_step++]();
		current = me;
	}
	return timeout;
}

void fake_begin(struct task_struct *task)
{
	num_steps = 0;
	next_step = 0;
	num_sleeps = 0;
	before_lock = NULL;
	before_sleep = NULL;
	before_freeze = NULL;
	after_kill = NULL;
	current = task;
}

void fake_when_asleep(fake_step step)
{
	assert_in_range(num_steps, 0, MAX_STEPS - 1);
	steps[num_steps++] = step;
}

void fake_before_lock(fake_step step)
{
	before_lock = step;
}

void fake_before_sleep(fake_step step)
{
	before_sleep = step;
}

void fake_before_freeze(fake_step step)
{
	before_freeze = step;
}

void fake_after_kill(fake_step step)
{
	after_kill = step;
}

void fake_as(struct task_struct *task, fake_step step)
{
	struct task_struct *me = current;

	current = task;
	step();
	current = me;
}

unsigned int fake_sleeps(long *ms, unsigned int room)
{
	memcpy(ms, sleeps, (num_sleeps < room ? num_sleeps : room) * sizeof(*ms));
	return num_sleeps;
}
