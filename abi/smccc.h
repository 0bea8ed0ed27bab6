/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SMC Calling Convention: function identifiers (Arm DEN0028, chapters 2, 6, 7).
 * Plain preprocessor text, so that assembly may include it.
 */
#ifndef ABI_SMCCC_H
#define ABI_SMCCC_H

#define SMCCC_FAST		0x80000000
#define SMCCC_64		0x40000000
#define SMCCC_OWNER_SHIFT	24
#define SMCCC_OWNER_MASK	0x3f
#define SMCCC_FUNC_MASK		0xffff

#define SMCCC_ID(fast, conv, owner, func) \
	((fast) | (conv) | ((owner) << SMCCC_OWNER_SHIFT) | (func))
#define SMCCC_OWNER(id)		(((id) >> SMCCC_OWNER_SHIFT) & SMCCC_OWNER_MASK)
#define SMCCC_IS_FAST(id)	(((id) & SMCCC_FAST) != 0)

#define SMCCC_OWNER_ARCH	0
#define SMCCC_OWNER_CPU		1
#define SMCCC_OWNER_SIP		2
#define SMCCC_OWNER_OEM		3
#define SMCCC_OWNER_STANDARD	4
#define SMCCC_OWNER_TRUSTED_OS	50
#define SMCCC_OWNER_TRUSTED_OS_API 63

/* Results of calls that follow the convention's own numbering. */
#define SMCCC_SUCCESS			0
#define SMCCC_NOT_SUPPORTED		(-1)
#define SMCCC_NOT_REQUIRED		(-2)
#define SMCCC_INVALID_PARAMETER		(-3)
#define SMCCC_UNKNOWN_FUNCTION		0xffffffff

/* Arm architecture calls. */
#define SMCCC_VERSION			0x80000000
#define SMCCC_ARCH_FEATURES		0x80000001
#define SMCCC_VERSION_1_2		0x10002

#endif /* ABI_SMCCC_H */
