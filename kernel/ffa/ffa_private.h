/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside omnitee-ffa: bus, transport, partitions.
 *
 * Locks, outer before inner: ffa_partitions_lock; struct ffa: tx_lock, rx_lock; the lock of a
 * partition's queue. None of them is held while a partition runs.
 */
#ifndef FFA_PRIVATE_H
#define FFA_PRIVATE_H

#include <linux/arm-smccc.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <omnitee/ffa.h>

extern unsigned int ffa_patience_ms;

/*
 * How long those try to begin who cannot be killed, while somebody else has the partition, and
 * after how long a message is reported, once. Module parameter; in jiffies.
 */
static inline unsigned long ffa_patience(void)
{
	return msecs_to_jiffies(READ_ONCE(ffa_patience_ms));
}

/**
 * struct omnitee_ffa_partition - a partition, for all devices of it
 * @node:	in the list of partitions
 * @users:	devices; under ffa_partitions_lock
 * @id:		endpoint id
 * @exclusive:	it takes one message at a time: callers queue
 * @lock:	guards @busy and @waiters
 * @busy:	somebody sends it a message
 * @waiters:	who waits for that, struct ffa_waiter, first come first served
 * @left:	message that its sender did not wait for, if it has begun; its who has the turn
 * @messages:	counters for debugfs
 * @interrupts:	times it gave way to an interrupt
 * @yields:	times it gave way of its own accord
 * @busy_replies: times it was in somebody else's hands
 * @resumed_here: times it was run where it had given way
 * @resumed_elsewhere: times it was run on another CPU
 * @waits:	messages that had to wait for others
 * @late:	messages that were reported
 */
struct omnitee_ffa_partition {
	struct list_head node;
	unsigned int users;
	u16 id;
	bool exclusive;
	spinlock_t lock;	/* busy, waiters */
	bool busy;
	struct list_head waiters;
	struct omnitee_ffa_message left;
	atomic_long_t messages;
	atomic_long_t interrupts;
	atomic_long_t yields;
	atomic_long_t busy_replies;
	atomic_long_t resumed_here;
	atomic_long_t resumed_elsewhere;
	atomic_long_t waits;
	atomic_long_t late;
};

struct omnitee_ffa_partition *ffa_partition_get(u16 id);
void ffa_partition_put(struct omnitee_ffa_partition *partition);

int ffa_debugfs_init(void);
void ffa_debugfs_exit(void);
extern struct list_head ffa_partitions;
extern struct mutex ffa_partitions_lock;

/* What is behind the bus: the kernel's own bus and transport, or bus.c and transport.c. */
int ffa_backend_init(void);
void ffa_backend_exit(void);

#endif /* FFA_PRIVATE_H */
