// SPDX-License-Identifier: BSD-2-Clause
/* The secure console: a PL011 that the normal world cannot reach. */
#include "plat.h"
#include "memmap.h"
#include "virt.h"

#define UART_DR		(SECURE_UART_BASE + 0x00)
#define UART_FR		(SECURE_UART_BASE + 0x18)
#define UART_LCRH	(SECURE_UART_BASE + 0x2c)
#define UART_CR		(SECURE_UART_BASE + 0x30)
#define UART_IMSC	(SECURE_UART_BASE + 0x38)
#define UART_ICR	(SECURE_UART_BASE + 0x44)

#define INT_RX		(1 << 4)
#define INT_RX_TIMEOUT	(1 << 6)
#define FR_RXFE		(1 << 4)

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

void uart_listen(void)
{
	gic_enable_console();
	mmio_write32(UART_IMSC, INT_RX | INT_RX_TIMEOUT);
}

int plat_console_get(void)
{
	if (mmio_read32(UART_FR) & FR_RXFE) {
		/* What comes from now on interrupts again. */
		mmio_write32(UART_ICR, INT_RX | INT_RX_TIMEOUT);
		return mmio_read32(UART_FR) & FR_RXFE ? -1 : (int)(mmio_read32(UART_DR) & 0xff);
	}
	return (int)(mmio_read32(UART_DR) & 0xff);
}
