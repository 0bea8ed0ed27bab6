// SPDX-License-Identifier: BSD-2-Clause
/* Power off and reset: two lines of a PL061 that only the secure world reaches. */
#include "plat.h"
#include "arch.h"
#include "el3.h"
#include "memmap.h"
#include "virt.h"

#define GPIO_DATA(mask)	(SECURE_GPIO_BASE + ((mask) << 2))
#define GPIO_DIR	(SECURE_GPIO_BASE + 0x400)
#define LINE_POWER_OFF	(1UL << 0)
#define LINE_RESET	(1UL << 1)

static void __noreturn raise_line(uint64_t line)
{
	mmio_write32(GPIO_DATA(line), 0);
	mmio_write32(GPIO_DIR, (uint32_t)line);
	mmio_write32(GPIO_DATA(line), (uint32_t)line);
	arch_halt();
}

void plat_power_off(void)
{
	raise_line(LINE_POWER_OFF);
}

void plat_reset(void)
{
	/* RAM keeps its contents: the next boot must not find the CPUs released. */
	el3_hold_secondaries();
	raise_line(LINE_RESET);
}
