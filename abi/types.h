/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fixed-width types for the wire formats in this folder. They are included
 * by the kernel modules, by the secure world (freestanding) and by user space.
 */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stddef.h>
#include <stdint.h>
#endif

/* Little-endian arm64 on both sides: no conversion is ever made. */
#define ABI_ASSERT_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), #type " has the wrong size")
#define ABI_ASSERT_OFFSET(type, member, offset) \
	_Static_assert(__builtin_offsetof(type, member) == (offset), \
		       #type "." #member " is misplaced")

#endif /* ABI_TYPES_H */
