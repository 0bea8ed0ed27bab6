/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work of several CPUs, done when its queue is flushed: one that waits already is not queued once
 * more. Nothing happens at the same time, so a semaphore is only counted.
 */
#ifndef FAKE_WORK_H
#define FAKE_WORK_H

#include "fake-ffa.h"

#define __percpu
#define nr_cpu_ids		4U
#define cpu_possible(cpu)	((cpu) < nr_cpu_ids)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++)
#define alloc_percpu(type)	kcalloc(nr_cpu_ids, sizeof(type), GFP_KERNEL)
#define free_percpu(p)		free(p)
#define per_cpu_ptr(p, cpu)	((p) + (cpu))

struct work_struct {
	void (*fn)(struct work_struct *work);
	struct work_struct *next;
	int cpu;
	bool waits;
};

struct workqueue_struct {
	struct work_struct *first;
};

/* Where the work runs that is being done. */
extern int fake_work_cpu;

#define INIT_WORK(work, function)	(*(work) = (struct work_struct){ .fn = (function) })

static inline struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags,
						       int max_active)
{
	(void)name;
	(void)flags;
	(void)max_active;
	return kzalloc(sizeof(struct workqueue_struct), GFP_KERNEL);
}

bool queue_work_on(int cpu, struct workqueue_struct *queue, struct work_struct *work);
void flush_workqueue(struct workqueue_struct *queue);
void destroy_workqueue(struct workqueue_struct *queue);

struct rw_semaphore {
	int readers;
	bool written;
};

#define init_rwsem(sem)		(*(sem) = (struct rw_semaphore){ .readers = 0 })
#define down_read(sem)		((void)(sem)->readers++)
#define up_read(sem)		((void)(sem)->readers--)
#define down_write(sem)		((void)((sem)->written = true))
#define up_write(sem)		((void)((sem)->written = false))

#endif /* FAKE_WORK_H */
