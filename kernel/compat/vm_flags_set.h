/* SPDX-License-Identifier: GPL-2.0-only */
/* vm_flags_set() came with 6.3, when the flags of a mapping got a guard. */
#ifndef COMPAT_VM_FLAGS_SET_H
#define COMPAT_VM_FLAGS_SET_H

#include <linux/version.h>

#if KERNEL_VERSION(6, 3, 0) > LINUX_VERSION_CODE

#include <linux/mm.h>

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

#endif

#endif /* COMPAT_VM_FLAGS_SET_H */
