/* SPDX-License-Identifier: BSD-2-Clause */
/* A call queue with calls and their tasks, for tests of the driver's call queue. */
#ifndef QUEUE_H
#define QUEUE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "call_queue.h"
#include "fake-kernel.h"

#define CALLS	6

extern struct optee_call_queue cq;
/* Call n is made by task n and waits by w[n]. */
extern struct task_struct tasks[CALLS];
extern struct optee_waiter w[CALLS];
/* Calls that have a place may wait for this task; NULL: there is none. */
extern struct task_struct *the_server;

/* An empty queue; task 0 runs. */
void begin(unsigned int threads);
/* The rest of a case: places and lists are as in the beginning. */
void all_is_back(int threads);
/* Call n begins, as its task; it must get a place. */
void enter(unsigned int n);
/* Call n, which has a place, got no secure thread. */
void refuse(unsigned int n);
/* Any ordinary call ends. */
void leave(void);
/* This call ends. */
void leave_n(unsigned int n);


/* As begin(), after calls that were short. */
void begin_short(unsigned int threads);
/* Does call 5 get a place at once? */
bool newcomer(void);
/* An ordinary call ends, and call 1 has its place. */
void hand_over(void);
/* Call 2 is asleep in the queue, behind those that are there. */
void line_up_2(void);
/* Call 2 looks, as its task would, and has got a place. */
void look_2(void);
/* The place is free, or somebody's; call 2, which was called, gets it, and ends. */
void end_with_2(void);

#endif /* QUEUE_H */
