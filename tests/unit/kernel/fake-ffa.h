/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernel/ffa needs of a kernel besides. */
#ifndef FAKE_FFA_H
#define FAKE_FFA_H

#include <stdlib.h>
#include <string.h>

#include "fake-kernel.h"

#define BIT(n)			(1UL << (n))
#define GFP_KERNEL		0
#define kfree(p)		free(p)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max_t(type, a, b)	({ type a_ = (a), b_ = (b); a_ > b_ ? a_ : b_; })
#define lower_32_bits(n)	((u32)(n))
#define jiffies_to_msecs(n)	((unsigned int)(n))
/* There is nobody to read it. */
#define dev_warn(dev, ...)	((void)(dev))

static inline void *kzalloc(size_t size, unsigned int gfp)
{
	(void)gfp;
	return calloc(1, size);
}

static inline void *kcalloc(size_t count, size_t size, unsigned int gfp)
{
	(void)gfp;
	return calloc(count, size);
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

static inline bool uuid_is_null(const uuid_t *uuid)
{
	static const uuid_t null;

	return !memcmp(uuid, &null, sizeof(null));
}

static inline void import_uuid(uuid_t *to, const u8 *from)
{
	memcpy(to, from, sizeof(*to));
}

struct arm_smccc_1_2_regs {
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16,
		      a17;
};

struct device {
	int unused;
};

struct module;
struct platform_device;
struct scatterlist;

struct device_driver {
	const char *name;
};

#endif /* FAKE_FFA_H */
