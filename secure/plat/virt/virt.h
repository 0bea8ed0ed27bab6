/* SPDX-License-Identifier: BSD-2-Clause */
/* The devices of QEMU's virt machine, among themselves. */
#ifndef PLAT_VIRT_VIRT_H
#define PLAT_VIRT_VIRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "compiler.h"

static inline uint8_t mmio_read8(uint64_t address)
{
	return READ_ONCE(*(uint8_t *)address);
}

static inline void mmio_write8(uint64_t address, uint8_t value)
{
	WRITE_ONCE(*(uint8_t *)address, value);
}

static inline void mmio_write16(uint64_t address, uint16_t value)
{
	WRITE_ONCE(*(uint16_t *)address, value);
}

static inline uint32_t mmio_read32(uint64_t address)
{
	return READ_ONCE(*(uint32_t *)address);
}

static inline void mmio_write32(uint64_t address, uint32_t value)
{
	WRITE_ONCE(*(uint32_t *)address, value);
}

static inline void mmio_write64(uint64_t address, uint64_t value)
{
	WRITE_ONCE(*(uint64_t *)address, value);
}

static inline uint64_t mmio_read64(uint64_t address)
{
	return READ_ONCE(*(uint64_t *)address);
}

void uart_init(void);

/* Once, on the first CPU. */
void gic_init_distributor(void);
/* On each CPU, with its index known. */
void gic_init_cpu(unsigned int index);
/* Which interrupt plat_notify() raises: number as in a device tree. */
void gic_set_notify(bool per_cpu, unsigned int number);
/* Interrupts of the secure console. */
void gic_enable_console(void);
void uart_listen(void);

/**
 * fw_cfg_file() - read what was given with -fw_cfg name=...
 * @name:	name
 * @to:		receives the contents
 * @size:	its size
 *
 * Return: length, larger than @size if it did not fit, 0 if there is no such file.
 */
size_t fw_cfg_file(const char *name, void *to, size_t size);
unsigned int fw_cfg_cpu_count(void);

/* Where the normal world's RAM ends, 0 if QEMU's device tree was not found. */
uint64_t fdt_ram_end(void);
/* Keep the seed for random numbers that QEMU left in that tree, for plat_seed(). */
void fdt_keep_seed(void);

#endif /* PLAT_VIRT_VIRT_H */
