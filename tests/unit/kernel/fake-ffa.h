/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernel/ffa needs of a kernel besides. */
#ifndef FAKE_FFA_H
#define FAKE_FFA_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fake-kernel.h"

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define U32_MAX			UINT32_MAX
#define NSEC_PER_USEC		1000
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof(*(array)))
#define GFP_KERNEL		0
#define kfree(p)		free(p)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max_t(type, a, b)	({ type a_ = (a), b_ = (b); a_ > b_ ? a_ : b_; })
#define max(a, b)		((a) > (b) ? (a) : (b))
#define clamp_t(type, n, low, high) \
	({ type n_ = (n), l_ = (low), h_ = (high); n_ < l_ ? l_ : n_ > h_ ? h_ : n_; })
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define time_before(a, b)	time_after(b, a)
#define msleep(ms)		((void)(jiffies += (ms)))
#define jiffies_to_msecs(n)	((unsigned int)(n))
/* There is nobody to read it. */
#define dev_err(dev, ...)	((void)(dev))
#define dev_warn(dev, ...)	((void)(dev))
#define dev_info(dev, ...)	((void)(dev))

static inline bool fake_allocation_fails(void)
{
	return fake_failing_allocation && !--fake_failing_allocation;
}

static inline void *kcalloc(size_t count, size_t size, unsigned int gfp)
{
	(void)gfp;
	return fake_allocation_fails() ? NULL : calloc(count, size);
}

static inline void *kzalloc(size_t size, unsigned int gfp)
{
	return kcalloc(1, size, gfp);
}

static inline int task_pid_nr(const struct task_struct *task)
{
	(void)task;
	return 0;
}

typedef struct {
	u8 b[16];
} uuid_t;

static const uuid_t uuid_null;

static inline bool uuid_is_null(const uuid_t *uuid)
{
	return !memcmp(uuid, &uuid_null, sizeof(uuid_null));
}

static inline bool uuid_equal(const uuid_t *a, const uuid_t *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline void import_uuid(uuid_t *to, const u8 *from)
{
	memcpy(to, from, sizeof(*to));
}

struct arm_smccc_1_2_regs {
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16,
		      a17;
};

/* The instructions: none is executed. */
#define ARM_SMCCC_VERSION_1_2	0x10002

enum arm_smccc_conduit {
	SMCCC_CONDUIT_NONE,
	SMCCC_CONDUIT_SMC,
	SMCCC_CONDUIT_HVC,
};

u32 arm_smccc_get_version(void);
enum arm_smccc_conduit arm_smccc_1_1_get_conduit(void);
void arm_smccc_1_2_smc(const struct arm_smccc_1_2_regs *in, struct arm_smccc_1_2_regs *out);
void arm_smccc_1_2_hvc(const struct arm_smccc_1_2_regs *in, struct arm_smccc_1_2_regs *out);

/* Of the driver model, more only where fake-device.h has it. */
struct device_driver;
struct attribute_group;

struct device {
	struct device *parent;
	const struct bus_type *bus;
	struct device_driver *driver;
	void (*release)(struct device *dev);
	char name[32];
	int references;
	bool added;
};

struct platform_device {
	struct device dev;
	void *drvdata;
	void *managed;
};

struct module;

struct device_driver {
	const char *name;
	const struct bus_type *bus;
	struct module *owner;
	const char *mod_name;
	bool suppress_bind_attrs;
};

/* A range of memory. */
struct scatterlist {
	u64 phys;
	unsigned int length;
	struct scatterlist *next;
};

#define sg_next(sg)		((sg)->next)
#define sg_phys(sg)		((sg)->phys)

#endif /* FAKE_FFA_H */
