/* SPDX-License-Identifier: GPL-2.0-only */
/* The name of a symbol namespace became a string in 6.13. */
#ifndef COMPAT_MODULE_IMPORT_NS_H
#define COMPAT_MODULE_IMPORT_NS_H

#include <linux/version.h>
#include <linux/module.h>

#if KERNEL_VERSION(6, 13, 0) > LINUX_VERSION_CODE
#define OMNITEE_IMPORT_NS	MODULE_IMPORT_NS(OMNITEE)
#else
#define OMNITEE_IMPORT_NS	MODULE_IMPORT_NS("OMNITEE")
#endif

#endif /* COMPAT_MODULE_IMPORT_NS_H */
