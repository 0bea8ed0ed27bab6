/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asynchronous notifications: values that wait here until the normal world fetches them, and
 * the interrupt that tells it to.
 */
#ifndef OPTEE_NOTIF_H
#define OPTEE_NOTIF_H

#include <stdbool.h>
#include <stdint.h>
#include "alarm.h"
#include "lock.h"

struct config;
struct cpu;
struct guest;
struct message;
struct smc_regs;

/* Value that asks for a DO_BOTTOM_HALF call. */
#define NOTIF_BOTTOM_HALF	0
/* Those below come with the interrupt; those from here on are for secure threads alone. */
#define NOTIF_ASYNC_COUNT	64
/* On this value the secure thread with that index waits for what is its own affair. */
#define NOTIF_OF_THREAD(index)	(NOTIF_ASYNC_COUNT + (index))
/* Behind the threads' values come those that applications are told by their clients. */
#define NOTIF_VALUE_MAX		299

struct notif {
	struct lock lock;
	bool offered;
	/* Under the lock. */
	bool enabled;
	uint64_t pending;	/* a bit for each value */
	/* The control channel's, see abi/sim.h. */
	struct {
		bool armed;
		unsigned int cpu;
		uint64_t flags;
		unsigned int value;
	} at_cpu_off;
	struct {
		struct alarm alarm;
		struct guest *guest;
		uint64_t flags;
		unsigned int value;
		uint32_t left;
		uint32_t microseconds;
	} storm;
};

void notif_init(struct guest *guest, const struct config *config);

/**
 * notif_post() - tell the normal world
 * @guest:	whom
 * @value:	below NOTIF_ASYNC_COUNT; a value that is pending already stays so
 *
 * From any context, interrupts included. Before the normal world asked for it, the value is
 * kept and there is no interrupt.
 */
void notif_post(struct guest *guest, unsigned int value);

/* Whether anybody would come for a bottom half. */
bool notif_enabled(struct guest *guest);

/* How many values wait to be fetched. */
unsigned int notif_pending(struct guest *guest);

/* The fast calls. */
void notif_enable(struct guest *guest, struct smc_regs *regs);
void notif_get_value(struct guest *guest, struct smc_regs *regs);

/* The message commands, on a thread; ret, which only counts if this is offered. */
uint32_t notif_bottom_half(struct message *message);
uint32_t notif_stop(struct message *message);

/* @cpu goes down, under PSCI's lock; @heir stays. NULL if it is the last one. */
void notif_cpu_off(struct guest *guest, struct cpu *cpu, struct cpu *heir);

/* The control channel: SIM_OP_NOTIFY and SIM_OP_STORM. False for bad arguments. */
bool notif_sim_notify(struct guest *guest, uint64_t flags, uint64_t value, uint64_t cpu);
bool notif_sim_storm(struct guest *guest, uint64_t flags, uint64_t value, uint32_t count,
		     uint32_t microseconds);

#endif /* OPTEE_NOTIF_H */
