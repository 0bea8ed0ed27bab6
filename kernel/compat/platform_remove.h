/* SPDX-License-Identifier: GPL-2.0-only */
/* The remove callback of a platform driver that returns nothing: remove_new until 6.10. */
#ifndef COMPAT_PLATFORM_REMOVE_H
#define COMPAT_PLATFORM_REMOVE_H

#include <linux/version.h>

#if KERNEL_VERSION(6, 11, 0) > LINUX_VERSION_CODE
#define platform_remove_void	remove_new
#else
#define platform_remove_void	remove
#endif

#endif /* COMPAT_PLATFORM_REMOVE_H */
