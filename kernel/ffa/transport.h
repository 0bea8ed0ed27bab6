/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Our own bus and transport, for kernels that have none.
 */
#ifndef FFA_TRANSPORT_H
#define FFA_TRANSPORT_H

#include <linux/platform_device.h>

#include <abi/ffa.h>
#include <abi/ffa_mem.h>

#include "ffa_private.h"

typedef struct arm_smccc_1_2_regs ffa_regs;

/* Register x0 and so on. */
static inline unsigned long *ffa_reg(ffa_regs *regs, unsigned int n)
{
	return (unsigned long *)regs + n;
}

struct ffa_notify;

/**
 * struct ffa - the transport
 * @pdev:		parent of all devices
 * @smc:		instruction by which the partition manager is called
 * @version:		negotiated, FFA_VERSION_MAKE()
 * @id:			our endpoint id
 * @buffer_size:	of @rx and of @tx, bytes
 * @buffer_pages:	of the pages that hold each of them, bytes
 * @rx:			where the partition manager writes
 * @tx:			where we write
 * @mapped:		the partition manager knows both
 * @rx_lock:		who asks for something that comes in @rx
 * @tx_lock:		who has something in @tx, for the whole sequence of fragments
 * @mem_64bit:		memory is shared by calls of 64 bits
 * @info_regs:		partitions are reported in registers
 * @notify:		notifications, NULL if there are none
 */
struct ffa {
	struct platform_device *pdev;
	void (*smc)(const ffa_regs *in, ffa_regs *out);
	u32 version;
	u16 id;
	size_t buffer_size;
	size_t buffer_pages;
	void *rx;
	void *tx;
	bool mapped;
	struct mutex rx_lock;	/* who waits for something in rx */
	struct mutex tx_lock;	/* who has something in tx */
	bool mem_64bit;
	bool info_regs;
	struct ffa_notify *notify;
};

/**
 * struct ffa_bus_device - a device of our bus
 * @fdev:	for its driver
 * @dev:	on the bus
 * @number:	in its name
 * @ffa:	transport
 */
struct ffa_bus_device {
	struct omnitee_ffa_device fdev;
	struct device dev;
	int number;
	struct ffa *ffa;
};

static inline struct ffa *to_ffa(struct omnitee_ffa_device *fdev)
{
	return container_of(fdev, struct ffa_bus_device, fdev)->ffa;
}

/* What a partition manager says of a partition. */
struct ffa_partition_info {
	u16 id;
	u16 exec_contexts;
	u32 properties;
	uuid_t uuid;
};

static inline bool ffa_version_is_at_least(const struct ffa *ffa, u16 major, u16 minor)
{
	return ffa->version >= FFA_VERSION_MAKE(major, minor);
}

/* smc.c */
int ffa_conduit(struct ffa *ffa);
int ffa_status_to_errno(s32 status);
int ffa_reply_error(const ffa_regs *reply);
int ffa_call(struct ffa *ffa, const ffa_regs *in, ffa_regs *out);
int ffa_negotiate(struct ffa *ffa);
int ffa_feature(struct ffa *ffa, u32 what, u32 *properties);

/* rxtx.c */
int ffa_buffers_map(struct ffa *ffa);
void ffa_buffers_unmap(struct ffa *ffa);
void ffa_rx_release(struct ffa *ffa);

/* partition_info.c */
int ffa_partitions_read(struct ffa *ffa, const uuid_t *uuid, struct ffa_partition_info **infos);

/* message.c, memory.c, notify.c */
extern const struct omnitee_ffa_msg_ops ffa_msg_ops;
extern const struct omnitee_ffa_mem_ops ffa_mem_ops;
extern const struct omnitee_ffa_notifier_ops ffa_notifier_ops;

/* notify.c */
void ffa_notify_init(struct ffa *ffa);
void ffa_notify_exit(struct ffa *ffa);

/* bus.c */
int ffa_bus_init(void);
void ffa_bus_exit(void);
int ffa_device_add(struct ffa *ffa, const struct ffa_partition_info *info);
void ffa_devices_remove(void);

/* transport.c */
void ffa_driver_added(const struct omnitee_ffa_driver *drv);

#endif /* FFA_TRANSPORT_H */
