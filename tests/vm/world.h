/* SPDX-License-Identifier: BSD-2-Clause */
/* The emulated secure world, seen through /dev/omnitee-sim. */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/sim.h"

/**
 * world_present() - is the emulated secure world there, and its control device?
 * The device stays open for the life of the process, across fork() and setuid().
 */
bool world_present(void);

/**
 * world_need() - skip the case if the control device is missing
 */
void world_need(void);

/**
 * world_counter() - value of a counter
 * @counter: SIM_COUNTER_*
 * Return: its value; the case fails if the secure world does not know it
 */
uint64_t world_counter(unsigned int counter);

/**
 * world_read_counter() - the same without failing
 * @counter: SIM_COUNTER_*
 * @value: result
 * Return: 0 or a negative error number
 */
int world_read_counter(unsigned int counter, uint64_t *value);

/**
 * world_reserved() - how many threads the secure world should keep back
 * @count: kept back by the driver
 * Return: as many, or 0 if it is not told: over FF-A
 */
uint64_t world_reserved(uint64_t count);

/* OP-TEE is virtualised: what it keeps, and how it misbehaves, is a guest's, and goes with it. */
bool world_has_guests(void);

void world_reset_marks(void);

/**
 * world_fault() - let the secure world misbehave
 * @fault: SIM_FAULT_*
 * @count: how many times
 * @arg: its argument
 */
void world_fault(unsigned int fault, uint64_t count, uint64_t arg);

/**
 * world_memory() - what counts the memory that clients share
 * Return: SIM_COUNTER_*: what the secure world, or the partition manager knows
 */
unsigned int world_memory(void);

/**
 * world_refuse_memory() - let the next piece of memory that a client shares be refused
 * Return: what the driver makes of it, a negative error number
 */
int world_refuse_memory(void);

/**
 * world_keep_memory() - let the next piece of memory that is taken back not be given back
 */
void world_keep_memory(void);

/* Ends all faults; does not fail, the harness calls it around each case. */
void world_faults_off(void);

/**
 * world_thread() - state of a secure thread
 * @index: its number
 * @cpu: filled with the CPU it runs or last ran on; may be NULL
 * Return: SIM_THREAD_*
 */
unsigned int world_thread(unsigned int index, unsigned int *cpu);

/**
 * world_wait() - wait until a counter has a value
 * @counter: SIM_COUNTER_*
 * @value: wanted
 * @ms: how long at most
 * Return: whether it came to that
 */
bool world_wait(unsigned int counter, uint64_t value, unsigned int ms);
/* The same for "at least". */
bool world_wait_min(unsigned int counter, uint64_t value, unsigned int ms);

/**
 * world_computes() - is a call, the only one, past its beginning, and in its application?
 * @interrupts: SIM_COUNTER_INTERRUPTS before it was made
 *
 * It may meet an interrupt before it has come far, but not one after the other.
 */
bool world_computes(uint64_t interrupts);

/**
 * world_control() - any operation of the control channel
 * @c: as for SIM_IOC_CONTROL
 * Return: 0 or a negative error number; c->status is the secure world's verdict
 */
int world_control(struct sim_control *c);

/**
 * world_smc() - one SMC; fails the case if the device refuses
 * @smc: registers
 */
void world_smc(struct sim_smc *smc);

/**
 * struct shared_pages - contiguous memory that the secure world can be told about
 * @fd: file that owns it
 * @va: mapping
 * @phys: physical address
 * @size: bytes
 */
struct shared_pages {
	int fd;
	uint8_t *va;
	uint64_t phys;
	uint64_t size;
};

/**
 * world_pages() - get such memory, zeroed; it lives until world_pages_put() or exit
 * @p: result
 * @size: bytes
 */
void world_pages(struct shared_pages *p, uint64_t size);
void world_pages_put(struct shared_pages *p);

#endif /* WORLD_H */
