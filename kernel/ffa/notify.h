/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications: the bitmap (notify.c), and the interrupts that say that there is something in it
 * (notify_irq.c).
 */
#ifndef FFA_NOTIFY_H
#define FFA_NOTIFY_H

#include <linux/rwsem.h>
#include <linux/workqueue.h>

#include "transport.h"

#define FFA_NOTIFICATIONS	64

/**
 * struct ffa_notifier - who is told of a notification
 * @fdev:	of whose partition, NULL for none
 * @fn:		function
 * @data:	for it
 */
struct ffa_notifier {
	struct omnitee_ffa_device *fdev;
	omnitee_ffa_notifier_fn fn;
	void *data;
};

/**
 * struct ffa_notify_cpu - of one CPU
 * @notify:	all of them
 * @cpu:	its number, and that of our vCPU
 * @schedule:	asks who has notifications
 * @fetch:	fetches those of this CPU
 */
struct ffa_notify_cpu {
	struct ffa_notify *notify;
	unsigned int cpu;
	struct work_struct schedule;
	struct work_struct fetch;
};

/**
 * struct ffa_notify - notifications
 * @ffa:	transport
 * @cpus:	what interrupts are given
 * @workers:	run the works of CPUs
 * @sri:	schedule receiver interrupt
 * @npi:	notification pending interrupt, 0 if there is none
 * @online:	hotplug state that enables them
 * @adopted:	the bitmap is an earlier kernel's, with what it had bound
 * @info:	function that asks for who has notifications
 * @change:	held while something is bound or unbound
 * @call:	read while notifiers are called, written while they change
 * @notifier:	by number
 */
struct ffa_notify {
	struct ffa *ffa;
	struct ffa_notify_cpu __percpu *cpus;
	struct workqueue_struct *workers;
	int sri;
	int npi;
	int online;
	bool adopted;
	u32 info;
	struct mutex change;		/* bind and unbind */
	struct rw_semaphore call;	/* notifiers */
	struct ffa_notifier notifier[FFA_NOTIFICATIONS];
};

/* notify_irq.c */
int ffa_notify_irq_init(struct ffa_notify *notify);
void ffa_notify_irq_exit(struct ffa_notify *notify);

#endif /* FFA_NOTIFY_H */
