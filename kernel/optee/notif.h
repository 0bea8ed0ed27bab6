/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications: between secure threads (notif.c), and those that come with an interrupt, with
 * what they lead to (notif_async.c) and how they come (notif_irq.c).
 */
#ifndef OPTEE_NOTIF_H
#define OPTEE_NOTIF_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct optee;
struct optee_call;
struct tee_client_notif;
struct tee_context;

/**
 * struct optee_notif - values that secure threads wait for and post
 * @lock:	guards the rest; taken with interrupts off, in interrupts too
 * @max:	largest value, constant
 * @gone:	the device is being removed
 * @posted:	bitmap of those that nobody waited for
 * @waiters:	of struct optee_notif_waiter, one for a value
 * @clients:	of struct tee_client_notif, one for a value; members leave under @call_mutex, too
 * @call_mutex:	held while they are called
 */
struct optee_notif {
	raw_spinlock_t lock;	/* guards the rest */
	u32 max;
	bool gone;
	unsigned long *posted;
	struct list_head waiters;
	struct list_head clients;
	struct mutex call_mutex;	/* held while clients are called */
};

void optee_notif_init(struct optee_notif *notif);
int optee_notif_set_max(struct optee_notif *notif, u32 max);
void optee_notif_destroy(struct optee_notif *notif);
int optee_notif_wait(struct optee_call *call, u64 value, u64 timeout_ms, u32 *ret);
void optee_notif_pause(struct optee_call *call, u64 ms);
u32 optee_notif_send(struct optee_notif *notif, u64 value);
void optee_notif_stop(struct optee_notif *notif);

/* Value that asks for OPTEE_MSG_CMD_DO_BOTTOM_HALF. */
#define OPTEE_NOTIF_DO_BOTTOM_HALF	0

/**
 * struct optee_notif_pcpu - what a per-CPU interrupt is given
 * @optee:	device
 */
struct optee_notif_pcpu {
	struct optee *optee;
};

/**
 * struct optee_async - the way of asynchronous notifications into this kernel
 * @irq:	interrupt, 0 if there is none: all notifications are synchronous then
 * @pcpu:	for @irq if each CPU has its own, else NULL
 * @online:	hotplug state that enables it on a CPU
 * @online_node: this device there
 * @dead:	hotplug state that looks after what a CPU left
 * @dead_node:	this device there
 * @workers:	run the following; not a queue of calls, so that none of those is in the way
 * @bottom_half: has the secure world do what it could not do in its interrupt
 * @clients:	calls drivers that wait for values
 * @drain:	fetches values, should there be more than an interrupt may bother with
 */
struct optee_async {
	int irq;
	struct optee_notif_pcpu __percpu *pcpu;
	int online;
	struct hlist_node online_node;
	int dead;
	struct hlist_node dead_node;
	struct workqueue_struct *workers;
	struct work_struct bottom_half;
	struct work_struct clients;
	struct work_struct drain;
};

int optee_async_init(struct optee *optee);
void optee_async_destroy(struct optee *optee);
void optee_async_value(struct optee *optee, u32 value);
u32 optee_notif_post(struct optee *optee, u64 value);
int optee_stop_async_notif(struct optee *optee, unsigned int flags);
void optee_async_shutdown(struct optee *optee);
int optee_notif_register(struct tee_context *ctx, struct tee_client_notif *client);
void optee_notif_unregister(struct tee_context *ctx, struct tee_client_notif *client);
int optee_smc_notif_init_irq(struct optee *optee, int irq);
void optee_smc_notif_uninit_irq(struct optee *optee);

#endif /* OPTEE_NOTIF_H */
