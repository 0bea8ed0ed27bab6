/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels that end, and those that come after them. The harness boots both and says by
 * OMNITEE_BEFORE which one this is; cases of the others are skipped.
 */
#ifndef KEXEC_H
#define KEXEC_H

#include "harness.h"

/**
 * kexec_only() - skip the case in all kernels but one
 * @when:	as the harness calls it
 */
void kexec_only(const char *when);

/**
 * kexec_begin() - begin what has to be there when the kernel ends
 * @when:	in this kernel only
 *
 * The case may then take as long as the harness does.
 */
void kexec_begin(const char *when);

/** kexec_hold() - tell the harness that it is there, and stay until the kernel ends */
__noreturn void kexec_hold(void);

#endif
