/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One SMC with x0..x30 and v0..v31 under control. Only sp keeps its meaning across it:
 * it is banked, and EL3 has its own.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>

#include "sim-smc.h"

/* Frame: x19..x30 saved, the address of the structure, x0 after the call. */
#define FRAME_SAVED	0
#define FRAME_REGS	96
#define FRAME_X0	104
#define FRAME_SIZE	112

SYM_FUNC_START(sim_smc_all_regs)
	sub	sp, sp, #FRAME_SIZE
	stp	x19, x20, [sp, #FRAME_SAVED + 0]
	stp	x21, x22, [sp, #FRAME_SAVED + 16]
	stp	x23, x24, [sp, #FRAME_SAVED + 32]
	stp	x25, x26, [sp, #FRAME_SAVED + 48]
	stp	x27, x28, [sp, #FRAME_SAVED + 64]
	stp	x29, x30, [sp, #FRAME_SAVED + 80]
	/* The platform register belongs to the kernel; keep it beside x0. */
	str	x0, [sp, #FRAME_REGS]
	str	x18, [x0, #SIM_REGS_X + 31 * 8]

	ldp	q0, q1, [x0, #SIM_REGS_V + 0]
	ldp	q2, q3, [x0, #SIM_REGS_V + 32]
	ldp	q4, q5, [x0, #SIM_REGS_V + 64]
	ldp	q6, q7, [x0, #SIM_REGS_V + 96]
	ldp	q8, q9, [x0, #SIM_REGS_V + 128]
	ldp	q10, q11, [x0, #SIM_REGS_V + 160]
	ldp	q12, q13, [x0, #SIM_REGS_V + 192]
	ldp	q14, q15, [x0, #SIM_REGS_V + 224]
	ldp	q16, q17, [x0, #SIM_REGS_V + 256]
	ldp	q18, q19, [x0, #SIM_REGS_V + 288]
	ldp	q20, q21, [x0, #SIM_REGS_V + 320]
	ldp	q22, q23, [x0, #SIM_REGS_V + 352]
	ldp	q24, q25, [x0, #SIM_REGS_V + 384]
	ldp	q26, q27, [x0, #SIM_REGS_V + 416]
	ldp	q28, q29, [x0, #SIM_REGS_V + 448]
	ldp	q30, q31, [x0, #SIM_REGS_V + 480]

	ldp	x2, x3, [x0, #SIM_REGS_X + 16]
	ldp	x4, x5, [x0, #SIM_REGS_X + 32]
	ldp	x6, x7, [x0, #SIM_REGS_X + 48]
	ldp	x8, x9, [x0, #SIM_REGS_X + 64]
	ldp	x10, x11, [x0, #SIM_REGS_X + 80]
	ldp	x12, x13, [x0, #SIM_REGS_X + 96]
	ldp	x14, x15, [x0, #SIM_REGS_X + 112]
	ldp	x16, x17, [x0, #SIM_REGS_X + 128]
	ldp	x18, x19, [x0, #SIM_REGS_X + 144]
	ldp	x20, x21, [x0, #SIM_REGS_X + 160]
	ldp	x22, x23, [x0, #SIM_REGS_X + 176]
	ldp	x24, x25, [x0, #SIM_REGS_X + 192]
	ldp	x26, x27, [x0, #SIM_REGS_X + 208]
	ldp	x28, x29, [x0, #SIM_REGS_X + 224]
	ldr	x30, [x0, #SIM_REGS_X + 30 * 8]
	ldr	x1, [x0, #SIM_REGS_X + 8]
	ldr	x0, [x0, #SIM_REGS_X]

	smc	#0

	str	x0, [sp, #FRAME_X0]
	ldr	x0, [sp, #FRAME_REGS]
	str	x1, [x0, #SIM_REGS_X + 8]
	stp	x2, x3, [x0, #SIM_REGS_X + 16]
	stp	x4, x5, [x0, #SIM_REGS_X + 32]
	stp	x6, x7, [x0, #SIM_REGS_X + 48]
	stp	x8, x9, [x0, #SIM_REGS_X + 64]
	stp	x10, x11, [x0, #SIM_REGS_X + 80]
	stp	x12, x13, [x0, #SIM_REGS_X + 96]
	stp	x14, x15, [x0, #SIM_REGS_X + 112]
	stp	x16, x17, [x0, #SIM_REGS_X + 128]
	stp	x18, x19, [x0, #SIM_REGS_X + 144]
	stp	x20, x21, [x0, #SIM_REGS_X + 160]
	stp	x22, x23, [x0, #SIM_REGS_X + 176]
	stp	x24, x25, [x0, #SIM_REGS_X + 192]
	stp	x26, x27, [x0, #SIM_REGS_X + 208]
	stp	x28, x29, [x0, #SIM_REGS_X + 224]
	str	x30, [x0, #SIM_REGS_X + 30 * 8]
	ldr	x1, [sp, #FRAME_X0]
	str	x1, [x0, #SIM_REGS_X]

	stp	q0, q1, [x0, #SIM_REGS_V + 0]
	stp	q2, q3, [x0, #SIM_REGS_V + 32]
	stp	q4, q5, [x0, #SIM_REGS_V + 64]
	stp	q6, q7, [x0, #SIM_REGS_V + 96]
	stp	q8, q9, [x0, #SIM_REGS_V + 128]
	stp	q10, q11, [x0, #SIM_REGS_V + 160]
	stp	q12, q13, [x0, #SIM_REGS_V + 192]
	stp	q14, q15, [x0, #SIM_REGS_V + 224]
	stp	q16, q17, [x0, #SIM_REGS_V + 256]
	stp	q18, q19, [x0, #SIM_REGS_V + 288]
	stp	q20, q21, [x0, #SIM_REGS_V + 320]
	stp	q22, q23, [x0, #SIM_REGS_V + 352]
	stp	q24, q25, [x0, #SIM_REGS_V + 384]
	stp	q26, q27, [x0, #SIM_REGS_V + 416]
	stp	q28, q29, [x0, #SIM_REGS_V + 448]
	stp	q30, q31, [x0, #SIM_REGS_V + 480]

	ldr	x18, [x0, #SIM_REGS_X + 31 * 8]
	ldp	x19, x20, [sp, #FRAME_SAVED + 0]
	ldp	x21, x22, [sp, #FRAME_SAVED + 16]
	ldp	x23, x24, [sp, #FRAME_SAVED + 32]
	ldp	x25, x26, [sp, #FRAME_SAVED + 48]
	ldp	x27, x28, [sp, #FRAME_SAVED + 64]
	ldp	x29, x30, [sp, #FRAME_SAVED + 80]
	add	sp, sp, #FRAME_SIZE
	ret
SYM_FUNC_END(sim_smc_all_regs)
