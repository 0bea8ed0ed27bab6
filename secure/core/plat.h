/* SPDX-License-Identifier: BSD-2-Clause */
/* What the portable core needs of a machine: plat/virt at EL3, host/ for unit tests. */
#ifndef CORE_PLAT_H
#define CORE_PLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "compiler.h"

void plat_console_put(char c);
/* What was typed, an octet, or -1; the console interrupts when there is something. */
int plat_console_get(void);

/* Normal-world memory at a physical address that was checked, see core/nsmem.h. */
void *plat_normal_world(uint64_t address);

/* Wake a CPU that sleeps in plat_cpu_sleep(). */
void plat_cpu_wake(unsigned int index);
/* Sleep until woken or any interrupt is pending; interrupts stay masked. */
void plat_cpu_sleep(void);
/* No interrupt of the normal world shall wake this CPU until it is started again. */
void plat_cpu_off(void);
/* Flash for data, or NULL. Not before the other CPUs have left their reset code. */
struct flash;
struct flash *plat_flash(void);

#define PLAT_SEED_SIZE	32
/* Octets that nobody can guess, the same until the next boot; false if there are none. */
bool plat_seed(uint8_t to[PLAT_SEED_SIZE]);
/* The part of the firmware that never changes, for measuring it. */
const void *plat_image(size_t *size);

void __noreturn plat_power_off(void);
void __noreturn plat_reset(void);

/* Index of the CPU with this affinity, or -1. */
int plat_cpu_index(uint64_t mpidr);

/* The interrupt that notifies the normal world, on this CPU if each has its own. */
void plat_notify(unsigned int cpu);
/* A CPU goes down: what is pending there, and what is routed there, becomes @heir's. */
bool plat_notify_move(unsigned int cpu, unsigned int heir);

/* A software interrupt of the normal world on a CPU, and what becomes of it when that goes down. */
void plat_raise(unsigned int cpu, unsigned int interrupt);
void plat_raise_move(unsigned int cpu, unsigned int heir, unsigned int interrupt);
/* A shared interrupt of the normal world, as the GIC numbers it. */
void plat_raise_shared(unsigned int interrupt);

/* This CPU's secure timer: interrupt at that time, or none. */
void plat_alarm_program(uint64_t ticks);
void plat_alarm_stop(void);
/* Have another CPU call alarm_interrupt(). */
void plat_alarm_kick(unsigned int cpu);

enum plat_interrupt {
	PLAT_INTERRUPT_NONE,
	PLAT_INTERRUPT_SECURE,	/* was handled here */
	PLAT_INTERRUPT_FOREIGN,	/* the normal world's, still pending */
};

/* What is pending on this CPU; one of ours is dealt with. */
enum plat_interrupt plat_interrupt(void);

#endif /* CORE_PLAT_H */
