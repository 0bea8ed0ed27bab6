/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernels that were not tested are refused at build time, not in the field. */
#ifndef COMPAT_FENCE_H
#define COMPAT_FENCE_H

#include <linux/version.h>

#ifndef OMNITEE_ANY_KERNEL
#if KERNEL_VERSION(6, 1, 0) > LINUX_VERSION_CODE
#error "omnitee needs Linux 6.1 or newer (make OMNITEE_ANY_KERNEL=1 tries nevertheless)"
#elif KERNEL_VERSION(7, 3, 0) <= LINUX_VERSION_CODE
#error "omnitee is tested up to Linux 7.2 (make OMNITEE_ANY_KERNEL=1 tries nevertheless)"
#endif
#endif

#endif /* COMPAT_FENCE_H */
