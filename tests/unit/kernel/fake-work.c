// SPDX-License-Identifier: BSD-2-Clause
#include "fake-work.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

int fake_work_cpu;

bool queue_work_on(int cpu, struct workqueue_struct *queue, struct work_struct *work)
{
	struct work_struct **last = &queue->first;

	assert_non_null(work->fn);
	if (work->waits)
		return false;
	while (*last)
		last = &(*last)->next;
	*last = work;
	work->next = NULL;
	work->cpu = cpu;
	work->waits = true;
	return true;
}

void flush_workqueue(struct workqueue_struct *queue)
{
	struct work_struct *work;

	while ((work = queue->first)) {
		queue->first = work->next;
		work->waits = false;
		fake_work_cpu = work->cpu;
		work->fn(work);
	}
	fake_work_cpu = 0;
}

void destroy_workqueue(struct workqueue_struct *queue)
{
	flush_workqueue(queue);
	free(queue);
}
