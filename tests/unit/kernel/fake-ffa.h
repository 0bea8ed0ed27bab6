/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernel/ffa needs of a kernel besides. */
#ifndef FAKE_FFA_H
#define FAKE_FFA_H

#include <stdlib.h>

#include "fake-kernel.h"

#define BIT(n)			(1UL << (n))
#define EXPORT_SYMBOL_GPL(name)	extern __typeof__(name) name
#define GFP_KERNEL		0
#define kzalloc(size, gfp)	calloc(1, size)
#define kfree(p)		free(p)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define jiffies_to_msecs(n)	((unsigned int)(n))
#define task_pid_nr(task)	0
/* There is nobody to read it. */
#define dev_warn(dev, ...)	((void)(dev))

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
