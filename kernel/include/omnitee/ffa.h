/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What drivers of FF-A partitions use, in the shape of mainline's <linux/arm_ffa.h>.
 *
 * A header and names of its own, because every kernel has that one: with stubs where there is no
 * transport, with other structures in each version where there is. Where the kernel has a
 * transport, devices of its bus are behind this, else omnitee-ffa is bus and transport itself.
 */
#ifndef OMNITEE_FFA_H
#define OMNITEE_FFA_H

#include <linux/device.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/types.h>
#include <linux/uuid.h>

struct omnitee_ffa_ops;
struct omnitee_ffa_partition;

/**
 * struct omnitee_ffa_device - one protocol (UUID) of one partition
 * @dev:		device, on the bus arm_ffa
 * @id:			endpoint id of the partition
 * @properties:		as the partition manager reports them, FFA_PROPERTY_*
 * @uuid:		protocol
 * @mode_32bit:		direct messages are those of 32 bits
 * @ops:		what can be done with it
 * @partition:		shared by all devices of the partition
 * @driver_data:	of the driver that is bound
 *
 * All of it is there before the driver's probe, and stays until after its remove.
 */
struct omnitee_ffa_device {
	struct device *dev;
	u16 id;
	u32 properties;
	uuid_t uuid;
	bool mode_32bit;
	const struct omnitee_ffa_ops *ops;
	struct omnitee_ffa_partition *partition;
	void *driver_data;
};

struct omnitee_ffa_device_id {
	uuid_t uuid;
};

/**
 * struct omnitee_ffa_driver - driver of a protocol
 * @name:	of the driver
 * @probe:	bind to a device
 * @remove:	unbind
 * @shutdown:	the kernel ends: take back what the next one could not; optional
 * @id_table:	UUIDs, ended by the nil UUID
 * @driver:	for the bus
 * @adapter:	of omnitee-ffa
 */
struct omnitee_ffa_driver {
	const char *name;
	int (*probe)(struct omnitee_ffa_device *fdev);
	void (*remove)(struct omnitee_ffa_device *fdev);
	void (*shutdown)(struct omnitee_ffa_device *fdev);
	const struct omnitee_ffa_device_id *id_table;
	struct device_driver driver;
	void *adapter;
};

int __omnitee_ffa_driver_register(struct omnitee_ffa_driver *drv, struct module *owner,
				  const char *mod_name);
void omnitee_ffa_driver_unregister(struct omnitee_ffa_driver *drv);

#define omnitee_ffa_driver_register(drv) \
	__omnitee_ffa_driver_register(drv, THIS_MODULE, KBUILD_MODNAME)
#define module_omnitee_ffa_driver(drv) \
	module_driver(drv, omnitee_ffa_driver_register, omnitee_ffa_driver_unregister)

/* Payload of a direct message: registers 3 to 7. */
#define OMNITEE_FFA_DIRECT_WORDS	5
/* Of the form with a UUID: x4 to x17. */
#define OMNITEE_FFA_DIRECT2_WORDS	14

/**
 * struct omnitee_ffa_message - a direct message, from its request to its response
 * @data:	payload of the request; when it has ended, of the response
 * @begun:	the partition has taken it, and must be run until it responds
 * @yielded:	it gave way of its own accord, rather than to an interrupt
 * @target:	whom to run, as the partition manager wrote it
 * @pause_us:	for how long it yields
 * @cpu:	where it gave way
 * @bounded:	its sender has other things to do than to wait for ever, see omnitee_ffa_drive()
 *
 * Zeroed but for @data and @bounded by who sends it.
 */
struct omnitee_ffa_message {
	unsigned long data[OMNITEE_FFA_DIRECT_WORDS];
	bool begun;
	bool yielded;
	u32 target;
	u32 pause_us;
	int cpu;
	bool bounded;
};

struct omnitee_ffa_message2 {
	unsigned long data[OMNITEE_FFA_DIRECT2_WORDS];
};

/* For receivers of memory. */
#define OMNITEE_FFA_MEM_RO	BIT(0)
#define OMNITEE_FFA_MEM_RW	BIT(1)

struct omnitee_ffa_mem_receiver {
	u16 id;
	u8 permissions;
};

/**
 * struct omnitee_ffa_mem_args - memory to be shared or lent
 * @receivers:		with whom
 * @num_receivers:	how many
 * @sg:			memory: whole pages
 * @flags:		FFA_MEM_FLAG_*
 * @tag:		passed on to the receivers
 * @handle:		by which it is known from now on; out
 */
struct omnitee_ffa_mem_args {
	const struct omnitee_ffa_mem_receiver *receivers;
	unsigned int num_receivers;
	struct scatterlist *sg;
	u32 flags;
	u64 tag;
	u64 handle;
};

/**
 * struct omnitee_ffa_msg_ops - direct messages
 * @mode_32bit_set:	use those of 32 bits from now on
 * @step:		begin a message, or go on with it. 0: it has ended. -EINPROGRESS: the
 *			partition gave way, do it again. -EBUSY, -EAGAIN: it is in somebody's hands,
 *			try again later. Otherwise the message has ended without a response
 * @send2:		the form with a UUID, to its end; -EOPNOTSUPP below version 1.2
 */
struct omnitee_ffa_msg_ops {
	void (*mode_32bit_set)(struct omnitee_ffa_device *fdev);
	int (*step)(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg);
	int (*send2)(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message2 *msg);
};

/**
 * struct omnitee_ffa_mem_ops - memory transactions
 * @share:	the receivers may use it, too
 * @lend:	only the receivers may use it
 * @reclaim:	take it back; -EACCES as long as a receiver has it. If this fails the memory must
 *		never be used again
 */
struct omnitee_ffa_mem_ops {
	int (*share)(struct omnitee_ffa_device *fdev, struct omnitee_ffa_mem_args *args);
	int (*lend)(struct omnitee_ffa_device *fdev, struct omnitee_ffa_mem_args *args);
	int (*reclaim)(struct omnitee_ffa_device *fdev, u64 handle, u32 flags);
};

/* Called in process context, on the CPU that a notification is for if it is for one. */
typedef void (*omnitee_ffa_notifier_fn)(int notify_id, void *data);

/**
 * struct omnitee_ffa_notifier_ops - notifications; -EOPNOTSUPP where there are none
 * @request:	call @fn for each notification of this number, 0 to 63, by the partition
 * @relinquish:	the opposite; when it returns, @fn is not running either. Not from @fn
 * @send:	notify the partition
 */
struct omnitee_ffa_notifier_ops {
	int (*request)(struct omnitee_ffa_device *fdev, bool per_vcpu, omnitee_ffa_notifier_fn fn,
		       void *data, int notify_id);
	int (*relinquish)(struct omnitee_ffa_device *fdev, int notify_id);
	int (*send)(struct omnitee_ffa_device *fdev, int notify_id, bool per_vcpu, u16 vcpu);
};

struct omnitee_ffa_info_ops {
	u32 (*version_get)(struct omnitee_ffa_device *fdev);
};

struct omnitee_ffa_ops {
	const struct omnitee_ffa_info_ops *info_ops;
	const struct omnitee_ffa_msg_ops *msg_ops;
	const struct omnitee_ffa_mem_ops *mem_ops;
	const struct omnitee_ffa_notifier_ops *notifier_ops;
};

static inline void omnitee_ffa_set_drvdata(struct omnitee_ffa_device *fdev, void *data)
{
	fdev->driver_data = data;
}

static inline void *omnitee_ffa_get_drvdata(struct omnitee_ffa_device *fdev)
{
	return fdev->driver_data;
}

void omnitee_ffa_set_exclusive(struct omnitee_ffa_device *fdev);
bool omnitee_ffa_try_enter(struct omnitee_ffa_device *fdev);
int omnitee_ffa_enter(struct omnitee_ffa_device *fdev, unsigned int state);
void omnitee_ffa_leave(struct omnitee_ffa_device *fdev);
int omnitee_ffa_drive(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg,
		      unsigned int state);
int omnitee_ffa_send(struct omnitee_ffa_device *fdev, struct omnitee_ffa_message *msg);

#endif /* OMNITEE_FFA_H */
