/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bus types and the arguments of their callbacks became const in steps: uevent in 6.3,
 * struct bus_type in 6.4 to 6.9, match in 6.11. Use these words where mainline says const.
 */
#ifndef COMPAT_BUS_TYPE_H
#define COMPAT_BUS_TYPE_H

#include <linux/device.h>
#include <linux/version.h>

#if KERNEL_VERSION(6, 3, 0) > LINUX_VERSION_CODE
#define bus_uevent_const
#else
#define bus_uevent_const	const
#endif

/* As devices point at it. */
#define bus_type_or_const	typeof(*((struct device *)NULL)->bus)

#if KERNEL_VERSION(6, 11, 0) > LINUX_VERSION_CODE
#define bus_match_const
#else
#define bus_match_const		const
#endif

#endif /* COMPAT_BUS_TYPE_H */
