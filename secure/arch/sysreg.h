/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers of arm64 and their bits, as far as EL3 touches them. */
#ifndef ARCH_SYSREG_H
#define ARCH_SYSREG_H

#define SCR_NS			(1 << 0)
#define SCR_FIQ			(1 << 2)
#define SCR_RES1		(3 << 4)
#define SCR_HCE			(1 << 8)
#define SCR_RW			(1 << 10)
#define SCR_APK			(1 << 16)
#define SCR_API			(1 << 17)
#define SCR_ATA			(1 << 26)
#define SCR_FGTEN		(1 << 27)
#define SCR_ECVEN		(1 << 28)
#define SCR_HXEN		(1UL << 38)
#define SCR_ENTP2		(1UL << 41)

#define SCTLR_RES1		0x30c50830
#define SCTLR_EL1_RES1		0x30d00800
#define SCTLR_M			(1 << 0)
#define SCTLR_C			(1 << 2)
#define SCTLR_SA		(1 << 3)
#define SCTLR_I			(1 << 12)
#define SCTLR_WXN		(1 << 19)

#define TCR_RES1		((1U << 31) | (1 << 23))
#define TCR_PS_40		(2 << 16)
#define TCR_SH_INNER		(3 << 12)
#define TCR_ORGN_WBWA		(1 << 10)
#define TCR_IRGN_WBWA		(1 << 8)
#define TCR_T0SZ(bits)		(64 - (bits))

#define CPTR_EZ			(1 << 8)
#define CPTR_ESM		(1 << 12)
#define CPTR_EL2_RES1		0x33ff
#define MDCR_SDD		(1 << 16)

#define SPSR_EL2H_MASKED	0x3c9
#define DAIF_F			(1 << 6)

#define ESR_EC(esr)		(((esr) >> 26) & 0x3f)
#define ESR_EC_SMC32		0x13
#define ESR_EC_SMC64		0x17

#define MPIDR_AFFINITY		0xff00ffffffUL

/* GICv3 CPU interface; the assembler knows them by number only. */
#define ICC_PMR_EL1		S3_0_C4_C6_0
#define ICC_IAR0_EL1		S3_0_C12_C8_0
#define ICC_EOIR0_EL1		S3_0_C12_C8_1
#define ICC_HPPIR0_EL1		S3_0_C12_C8_2
#define ICC_BPR0_EL1		S3_0_C12_C8_3
#define ICC_SGI0R_EL1		S3_0_C12_C11_7
#define ICC_SRE_EL1		S3_0_C12_C12_5
#define ICC_IGRPEN0_EL1		S3_0_C12_C12_6
#define ICC_SRE_EL2		S3_4_C12_C9_5
#define ICC_SRE_EL3		S3_6_C12_C12_5
#define ICC_IGRPEN1_EL3		S3_6_C12_C12_7
#define CNTPS_CTL_EL1		S3_7_C14_C2_1
#define CNTPS_CVAL_EL1		S3_7_C14_C2_2
#define CNTPS_ENABLE		1
#define ZCR_EL3			S3_6_C1_C2_0
#define SMCR_EL3		S3_6_C1_C2_6
#define ID_AA64SMFR0_EL1	S3_0_C0_C4_5

#ifndef __ASSEMBLER__

#include <stdint.h>

#define SYSREG_STRING2(x)	#x
#define SYSREG_STRING(x)	SYSREG_STRING2(x)

#define sysreg_read(reg) ({					\
	uint64_t sysreg_value;							\
										\
	__asm__ volatile("mrs %0, " SYSREG_STRING(reg) : "=r"(sysreg_value));	\
	sysreg_value;								\
})

#define sysreg_write(reg, value) ({						\
	__asm__ volatile("msr " SYSREG_STRING(reg) ", %0"			\
			 : : "r"((uint64_t)(value)) : "memory");		\
})

static inline void isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

/* Everything before it has been seen by everybody. */
static inline void barrier_all(void)
{
	__asm__ volatile("dsb sy" : : : "memory");
}

#endif /* __ASSEMBLER__ */

#endif /* ARCH_SYSREG_H */
