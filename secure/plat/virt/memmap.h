/* SPDX-License-Identifier: BSD-2-Clause */
/* Where things are on QEMU's virt machine with secure=on. */
#ifndef PLAT_VIRT_MEMMAP_H
#define PLAT_VIRT_MEMMAP_H

/* Of the flash at 0: behind the image, for data. */
#define FLASH_STORE_BASE	0x00400000UL
#define FLASH_STORE_SIZE	0x00200000UL
#define DEVICES_BASE		0x08000000UL
#define DEVICES_END		0x0e000000UL
#define GICD_BASE		0x08000000UL
#define GICR_BASE		0x080a0000UL
#define FW_CFG_BASE		0x09020000UL
#define SECURE_UART_BASE	0x09040000UL
#define SECURE_GPIO_BASE	0x090b0000UL
#define SECURE_RAM_BASE		0x0e000000UL
#define SECURE_RAM_SIZE		0x01000000UL
#define NORMAL_RAM_BASE		0x40000000UL

/* Put there before the machine starts. */
#define NORMAL_IMAGE		0x40200000UL
#define NORMAL_DEVICE_TREE	0x4f000000UL

#endif /* PLAT_VIRT_MEMMAP_H */
