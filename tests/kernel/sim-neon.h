/* SPDX-License-Identifier: GPL-2.0-only */
/* Since 6.19 who uses the vector registers in the kernel brings the room to save them in. */
#ifndef SIM_NEON_H
#define SIM_NEON_H

#include <linux/version.h>

#include <asm/neon.h>

#if KERNEL_VERSION(6, 19, 0) > LINUX_VERSION_CODE
struct sim_neon {
};

#define sim_neon_begin(neon)	((void)(neon), kernel_neon_begin())
#define sim_neon_end(neon)	((void)(neon), kernel_neon_end())
#else
struct sim_neon {
	struct user_fpsimd_state saved;
};

#define sim_neon_begin(neon)	kernel_neon_begin(&(neon)->saved)
#define sim_neon_end(neon)	kernel_neon_end(&(neon)->saved)
#endif

#endif /* SIM_NEON_H */
