/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the call queue share, see call_queue.c. The lock is held in all that they call
 * of each other.
 */
#ifndef OPTEE_CALL_QUEUE_PRIVATE_H
#define OPTEE_CALL_QUEUE_PRIVATE_H

#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/sched/signal.h>

#include "call_queue.h"

/* More places than there can be tasks: stands for an unknown number. */
#define OPTEE_CQ_UNLIMITED	(INT_MAX / 2)

/*
 * A number of threads that was learnt is doubted after so long, while somebody waits: at first, and
 * when it was right again and again.
 */
#define OPTEE_CQ_DOUBT		HZ
#define OPTEE_CQ_LAST_DOUBT	(64 * HZ)

/* In call_queue.c */
void optee_cq_grant(struct optee_call_queue *cq);
void optee_cq_arm(struct optee_call_queue *cq, struct optee_waiter *w, struct list_head *list);
void optee_cq_wake(struct optee_waiter *w);
bool optee_cq_is_frozen(const struct optee_waiter *w);

/* In call_queue_refused.c */
int optee_cq_num_refused(struct optee_call_queue *cq);
bool optee_cq_has_refused(struct optee_call_queue *cq);
void optee_cq_wake_refused(struct optee_call_queue *cq);
void optee_cq_doubt(struct optee_call_queue *cq);

#endif /* OPTEE_CALL_QUEUE_PRIVATE_H */
