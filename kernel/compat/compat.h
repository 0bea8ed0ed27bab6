/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before every source file. The modules are written against the newest
 * mainline kernel; what an older one lacks or declares otherwise is supplied here,
 * one file per API, so that no other file asks for the version.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include "fence.h"
#include "bus_type.h"
#include "class_create.h"
#include "module_import_ns.h"
#include "platform_remove.h"
#include "user_access.h"
#include "vm_flags_set.h"

#endif /* COMPAT_H */
