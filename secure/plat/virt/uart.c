// SPDX-License-Identifier: BSD-2-Clause
/* The secure console: a PL011 that the normal world cannot reach. */
#include "plat.h"
#include "memmap.h"
#include "virt.h"

#define UART_DR		(SECURE_UART_BASE + 0x00)
#define UART_FR		(SECURE_UART_BASE + 0x18)
#define UART_LCRH	(SECURE_UART_BASE + 0x2c)
#define UART_CR		(SECURE_UART_BASE + 0x30)

#define FR_TXFF		(1 << 5)
#define LCRH_8_BITS	(3 << 5)
#define LCRH_FIFO	(1 << 4)
#define CR_ENABLE	(1 << 0)
#define CR_TX		(1 << 8)
#define CR_RX		(1 << 9)

void uart_init(void)
{
	mmio_write32(UART_LCRH, LCRH_8_BITS | LCRH_FIFO);
	mmio_write32(UART_CR, CR_ENABLE | CR_TX | CR_RX);
}

void plat_console_put(char c)
{
	while (mmio_read32(UART_FR) & FR_TXFF)
		;
	mmio_write32(UART_DR, (uint8_t)c);
}
