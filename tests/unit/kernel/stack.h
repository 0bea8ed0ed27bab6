/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FF-A: the driver's bus and transport as they are, from their beginning to their end, over the
 * emulated partition manager, and a driver for the partition "worker".
 */
#ifndef STACK_H
#define STACK_H

#include "ffa-nw.h"
/* The secure world has these, too. */
#undef READ_ONCE
#undef WRITE_ONCE
#undef ARRAY_SIZE
#define ffa_rx_release	driver_rx_release
#include "notify.h"
#include "fake-device.h"

/* Devices of partitions that are there for tests. */
#define STACK_DEVICES	5
/* Interrupts of notifications. */
#define STACK_SRI	8
#define STACK_NPI	9
/* Of a function's id. */
#define STACK_NUMBER(id)	((id) & 0xff)

/* What becomes of each answer, NULL for nothing. */
extern void (*stack_spoil)(const ffa_regs *in, ffa_regs *out);
/* How often each function was called, by number. */
extern unsigned int stack_calls[256];
/* What was asked and answered; the test sets the number back. */
#define STACK_LOG	48

struct stack_exchange {
	ffa_regs in, out;
};

extern struct stack_exchange stack_log[STACK_LOG];
extern unsigned int stack_logged;
/* Where TX lies. */
#define STACK_TX	(HOST_MEMORY_BASE + 0x100000)
/* Pages that are never used again. */
extern unsigned int stack_pages_lost;
/* The device that the driver is bound to. */
extern struct omnitee_ffa_device *stack_worker;
extern struct omnitee_ffa_driver stack_driver;

/* For cmocka; the other half is ffa_nw_teardown(). */
int stack_setup(void **state);
/* Bus, devices, driver; the partition answers. */
void stack_load(void);
void stack_unload(void);
/* Without the driver. */
void stack_exit(void);
void stack_nothing_is_left(void);
int stack_register(struct omnitee_ffa_driver *drv);
/* Sends the worker a command. Return: an errno, or the partition's status */
int stack_ask(struct omnitee_ffa_device *fdev, u32 command);

#endif /* STACK_H */
