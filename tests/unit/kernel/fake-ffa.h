/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernel/ffa needs of a kernel besides. */
#ifndef FAKE_FFA_H
#define FAKE_FFA_H

#include <stdlib.h>

#include "fake-kernel.h"

#define BIT(n)			(1UL << (n))
#define GFP_KERNEL		0
#define kfree(p)		free(p)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define jiffies_to_msecs(n)	((unsigned int)(n))
/* There is nobody to read it. */
#define dev_warn(dev, ...)	((void)(dev))

static inline void *kzalloc(size_t size, unsigned int gfp)
{
	(void)gfp;
	return calloc(1, size);
}

static inline int task_pid_nr(const struct task_struct *task)
{
	(void)task;
	return 0;
}

struct mutex {
	int unused;
};

#define DEFINE_MUTEX(name)	struct mutex name
#define mutex_lock(mutex)	((void)(mutex))
#define mutex_unlock(mutex)	((void)(mutex))

typedef struct {
	u8 b[16];
} uuid_t;

struct device;
struct module;
struct scatterlist;

struct device_driver {
	const char *name;
};

#endif /* FAKE_FFA_H */
