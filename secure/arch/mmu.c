// SPDX-License-Identifier: BSD-2-Clause
/*
 * Translation at EL3: identity, 4 KiB granule, 39 bits. Secure RAM page by page, with
 * code read-only and everything else not executable; the normal world's RAM as such
 * (NS), cached like there. What is not mapped cannot be reached even by mistake.
 */
#include "el3.h"
#include <stdbool.h>
#include "memmap.h"
#include "string.h"
#include "sysreg.h"

#define ENTRIES		512
#define SIZE_1G		(1UL << 30)
#define SIZE_2M		(1UL << 21)

#define DESC_BLOCK	1UL
#define DESC_TABLE	3UL
#define DESC_PAGE	3UL
#define DESC_DEVICE	(0UL << 2)
#define DESC_NORMAL	(1UL << 2)
#define DESC_NS		(1UL << 5)
#define DESC_RO		(1UL << 7)
#define DESC_RES1	(1UL << 6)	/* AP[1] */
#define DESC_INNER	(3UL << 8)
#define DESC_AF		(1UL << 10)
#define DESC_XN		(1UL << 54)

#define MAIR		0xff00UL	/* 0: device nGnRnE, 1: write-back */

#define DEVICE		(DESC_AF | DESC_RES1 | DESC_DEVICE | DESC_XN)
#define MEMORY		(DESC_AF | DESC_RES1 | DESC_NORMAL | DESC_INNER)

#define SECURE_TABLES	(SECURE_RAM_SIZE / SIZE_2M)

typedef uint64_t table_t[ENTRIES];

static table_t level1 __aligned(4096);
static table_t level2_low __aligned(4096);
/* The last gigabyte of the normal world's memory may be a part of one. */
static table_t level2_high __aligned(4096);
static table_t level3_secure[SECURE_TABLES] __aligned(4096);

static uint64_t secure_attributes(uint64_t page)
{
	if (page < (uint64_t)__image_start)
		return MEMORY | DESC_XN;
	if (page < (uint64_t)__text_end)
		return MEMORY | DESC_RO;
	if (page < (uint64_t)__rodata_end)
		return MEMORY | DESC_RO | DESC_XN;
	return MEMORY | DESC_XN;
}

void mmu_init_tables(void)
{
	uint64_t address;
	unsigned int n;

	level1[0] = (uint64_t)level2_low | DESC_TABLE;
	for (address = FLASH_STORE_BASE; address < FLASH_STORE_BASE + FLASH_STORE_SIZE;
	     address += SIZE_2M)
		level2_low[address / SIZE_2M] = address | DEVICE | DESC_BLOCK;
	for (address = DEVICES_BASE; address < DEVICES_END; address += SIZE_2M)
		level2_low[address / SIZE_2M] = address | DEVICE | DESC_BLOCK;
	for (n = 0; n < SECURE_TABLES; n++)
		level2_low[SECURE_RAM_BASE / SIZE_2M + n] =
			(uint64_t)level3_secure[n] | DESC_TABLE;
	for (n = 0; n < SECURE_TABLES * ENTRIES; n++) {
		address = SECURE_RAM_BASE + n * EL3_PAGE_SIZE;
		level3_secure[n / ENTRIES][n % ENTRIES] =
			address | secure_attributes(address) | DESC_PAGE;
	}
	barrier_all();
}

void mmu_enable(void)
{
	sysreg_write(mair_el3, MAIR);
	sysreg_write(tcr_el3, TCR_RES1 | TCR_PS_40 | TCR_SH_INNER | TCR_ORGN_WBWA |
		     TCR_IRGN_WBWA | TCR_T0SZ(39));
	sysreg_write(ttbr0_el3, level1);
	barrier_all();
	__asm__ volatile("tlbi alle3" : : : "memory");
	barrier_all();
	isb();
	sysreg_write(sctlr_el3, SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_SA | SCTLR_WXN);
	isb();
}

void mmu_map_normal_world(uint64_t base, uint64_t size)
{
	uint64_t address = base, end = base + size;

	for (; end - address >= SIZE_1G; address += SIZE_1G)
		level1[address / SIZE_1G] = address | MEMORY | DESC_NS | DESC_XN | DESC_BLOCK;
	if (address < end) {
		level1[address / SIZE_1G] = (uint64_t)level2_high | DESC_TABLE;
		for (; address < end; address += SIZE_2M)
			level2_high[(address / SIZE_2M) % ENTRIES] =
				address | MEMORY | DESC_NS | DESC_XN | DESC_BLOCK;
	}
	barrier_all();
	isb();
}

void mmu_unmap_secure_page(void *page)
{
	uint64_t n = ((uint64_t)page - SECURE_RAM_BASE) / EL3_PAGE_SIZE;

	level3_secure[n / ENTRIES][n % ENTRIES] = 0;
	barrier_all();
	__asm__ volatile("tlbi alle3is" : : : "memory");
	barrier_all();
	isb();
}
