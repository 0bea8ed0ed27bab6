/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The assembly routine that issues an SMC with every register holding a known value.
 */
#ifndef SIM_SMC_H
#define SIM_SMC_H

/* Offsets in struct sim_regs, for assembly. */
#define SIM_REGS_X		0
#define SIM_REGS_V		256
#define SIM_REGS_SIZE		768

#ifndef __ASSEMBLER__

#include <linux/build_bug.h>
#include <linux/types.h>

/**
 * struct sim_regs - the registers that an SMC takes and gives
 * @x: x0 to x30; the last element only pads
 * @v: v0 to v31, lower half first
 */
struct sim_regs {
	u64 x[32];
	u64 v[32][2];
};

static_assert(offsetof(struct sim_regs, x) == SIM_REGS_X);
static_assert(offsetof(struct sim_regs, v) == SIM_REGS_V);
static_assert(sizeof(struct sim_regs) == SIM_REGS_SIZE);

/*
 * Loads all registers from @regs, issues SMC #0, stores all registers to @regs.
 * Interrupts must be masked: x18 and the frame pointer hold patterns meanwhile. The
 * caller owns the vector registers (kernel_neon_begin()).
 */
asmlinkage void sim_smc_all_regs(struct sim_regs *regs);

#endif /* __ASSEMBLER__ */

#endif /* SIM_SMC_H */
