// SPDX-License-Identifier: BSD-2-Clause
#include "queue.h"

#include <string.h>

struct optee_call_queue cq;
struct task_struct tasks[CALLS];
struct optee_waiter w[CALLS];

struct task_struct *the_server;

static struct optee_waiter anybody;

void optee_wait_graph_check(struct optee_call_queue *queue)
{
	assert_true(queue->lock.held);
}

bool optee_wait_graph_is_server(struct optee_call_queue *queue)
{
	assert_true(queue->lock.held);
	return current == the_server;
}

void begin(unsigned int threads)
{
	static const char *const names[CALLS] = { "call 0", "call 1", "call 2", "call 3", "call 4",
						  "call 5" };

	the_server = NULL;
	memset(tasks, 0, sizeof(tasks));
	memset(w, 0, sizeof(w));
	for (unsigned int i = 0; i < CALLS; i++)
		tasks[i].name = names[i];
	fake_begin(&tasks[0]);
	optee_cq_init(&cq, threads);
}

void all_is_back(int threads)
{
	assert_int_equal(atomic_read(&cq.free), threads);
	assert_int_equal(atomic_read(&cq.sleepers), 0);
	assert_true(list_empty(&cq.waiting));
	assert_true(list_empty(&cq.entitled));
	assert_true(list_empty(&cq.refused));
	assert_int_equal(cq.called, 0);
	assert_int_equal(cq.servers, 0);
	assert_int_equal(cq.kept_back, 0);
	assert_int_equal(cq.reserved, 0);
	assert_false(cq.lock.held);
}

void enter(unsigned int n)
{
	struct task_struct *me = current;

	current = &tasks[n];
	assert_int_equal(optee_cq_enter(&cq, &w[n], TASK_KILLABLE), 0);
	current = me;
}

void refuse(unsigned int n)
{
	struct task_struct *me = current;

	current = &tasks[n];
	assert_int_equal(optee_cq_refused(&cq, &w[n], TASK_KILLABLE), 0);
	current = me;
}

void leave(void)
{
	optee_cq_leave(&cq, &anybody);
}

void leave_n(unsigned int n)
{
	optee_cq_leave(&cq, &w[n]);
}

void begin_short(unsigned int threads)
{
	begin(threads);
	cq.lengthy = 0;
}

bool newcomer(void)
{
	return optee_cq_try_enter(&cq, &w[5]);
}

void hand_over(void)
{
	leave();
	assert_true(w[1].woken);
	assert_false(newcomer());
}

void line_up_2(void)
{
	w[2].task = &tasks[2];
	list_add_tail(&w[2].node, &cq.waiting);
	atomic_inc(&cq.sleepers);
}

void look_2(void)
{
	if (w[2].counted)
		cq.called--;
	w[2].counted = false;
	optee_cq_resume(&cq);
	assert_true(w[2].woken);
}

void end_with_2(void)
{
	if (!atomic_read(&cq.free))
		leave();
	assert_true(w[2].called);
	look_2();
	leave();
}
