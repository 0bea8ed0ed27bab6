/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine of unit tests: one CPU, a few megabytes of normal world, secure threads
 * by ucontext, time that goes on with each look at it.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include "cpu.h"
#include "smc.h"
#include "world.h"

#define HOST_MEMORY_BASE	0x40000000UL
#define HOST_MEMORY_SIZE	(8UL << 20)

struct host {
	struct world world;
	uint8_t *memory;	/* the normal world's */
	uint8_t *heap;
	uint64_t ticks;
	/* Called where a CPU sleeps, looks for interrupts or waits, may be NULL. */
	void (*on_sleep)(struct host *host);
	/* An interrupt of the normal world comes after so many unmaskings; 0: never. */
	unsigned int interrupt_after;
	/* What the console got, cut off when full. */
	char console[65536];
	size_t console_length;
	unsigned int last_woken;
	/* CPUs with a notification pending, each its own, and how many there were. */
	uint64_t notified;
	unsigned int notifications;
	uint32_t raised[CPU_MAX];	/* software interrupts of the normal world, by CPU */
	unsigned int raised_shared;	/* the last interrupt of plat_raise_shared() */
	uint64_t alarm;		/* what the secure timer is set to, 0: nothing */
	unsigned int last_kicked;
	const char *typed;	/* at the secure console, taken from its front */
	unsigned int cpu;	/* which CPU arch_this_cpu() says it is */
	bool powered_off;
	bool reset;
};

extern struct host host;

/* A fresh world with this configuration; false if it is refused. */
bool host_start(const char *config);
void host_stop(void);

static inline void *host_at(uint64_t address)
{
	return host.memory + (address - HOST_MEMORY_BASE);
}

/* One call with these registers; they are replaced. */
void host_smc(struct smc_regs *regs);

/*
 * Where arch_halt(), power off, reset and CPU_OFF lead to:
 *	if (!setjmp(host_end)) ...
 */
extern jmp_buf host_end;
extern bool host_end_expected;

#endif /* HOST_HOST_H */
