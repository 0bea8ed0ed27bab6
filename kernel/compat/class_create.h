/* SPDX-License-Identifier: GPL-2.0-only */
/* class_create() lost its owner in 6.4. */
#ifndef COMPAT_CLASS_CREATE_H
#define COMPAT_CLASS_CREATE_H

#include <linux/version.h>

#if KERNEL_VERSION(6, 4, 0) > LINUX_VERSION_CODE

#include <linux/device.h>
#include <linux/module.h>

static inline struct class *compat_class_create(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name) compat_class_create(name)

#endif

#endif /* COMPAT_CLASS_CREATE_H */
