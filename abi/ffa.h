/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm Firmware Framework for Arm A-profile (FF-A), versions 1.0 to 1.2: function identifiers,
 * registers, error status codes and properties. Descriptors in memory are in ffa_mem.h.
 *
 * Every identifier ends in its calling convention, _32 or _64, so that nothing here has the name
 * of anything in <linux/arm_ffa.h>, of which each kernel has another one.
 *
 * Registers x0 to x17 are arguments and results (SMCCC 1.2). Unused ones are zero. An endpoint
 * pair has the sender in bits 31:16 and the receiver in 15:0; a target (RUN, INTERRUPT, YIELD,
 * ERROR) has the endpoint in 31:16 and its vCPU in 15:0.
 */
#ifndef ABI_FFA_H
#define ABI_FFA_H

#include "types.h"
#include "smccc.h"

#define FFA_ID_32(n)		SMCCC_ID(SMCCC_FAST, 0, SMCCC_OWNER_STANDARD, n)
#define FFA_ID_64(n)		SMCCC_ID(SMCCC_FAST, SMCCC_64, SMCCC_OWNER_STANDARD, n)

/* The numbers that belong to FF-A; those below are PSCI's. */
#define FFA_FIRST_NUMBER	0x60
#define FFA_LAST_NUMBER		0xff
#define FFA_IS_NUMBER(id) \
	(((id) & SMCCC_FUNC_MASK) >= FFA_FIRST_NUMBER && \
	 ((id) & SMCCC_FUNC_MASK) <= FFA_LAST_NUMBER)

#define FFA_ERROR_32				FFA_ID_32(0x60)
#define FFA_SUCCESS_32				FFA_ID_32(0x61)
#define FFA_SUCCESS_64				FFA_ID_64(0x61)
#define FFA_INTERRUPT_32			FFA_ID_32(0x62)
#define FFA_VERSION_32				FFA_ID_32(0x63)
#define FFA_FEATURES_32				FFA_ID_32(0x64)
#define FFA_RX_RELEASE_32			FFA_ID_32(0x65)
#define FFA_RXTX_MAP_32				FFA_ID_32(0x66)
#define FFA_RXTX_MAP_64				FFA_ID_64(0x66)
#define FFA_RXTX_UNMAP_32			FFA_ID_32(0x67)
#define FFA_PARTITION_INFO_GET_32		FFA_ID_32(0x68)
#define FFA_ID_GET_32				FFA_ID_32(0x69)
#define FFA_MSG_POLL_32				FFA_ID_32(0x6a)	/* 1.0 only */
#define FFA_MSG_WAIT_32				FFA_ID_32(0x6b)
#define FFA_YIELD_32				FFA_ID_32(0x6c)
#define FFA_RUN_32				FFA_ID_32(0x6d)
#define FFA_MSG_SEND_32				FFA_ID_32(0x6e)	/* 1.0 only */
#define FFA_MSG_SEND_DIRECT_REQ_32		FFA_ID_32(0x6f)
#define FFA_MSG_SEND_DIRECT_REQ_64		FFA_ID_64(0x6f)
#define FFA_MSG_SEND_DIRECT_RESP_32		FFA_ID_32(0x70)
#define FFA_MSG_SEND_DIRECT_RESP_64		FFA_ID_64(0x70)
#define FFA_MEM_DONATE_32			FFA_ID_32(0x71)
#define FFA_MEM_DONATE_64			FFA_ID_64(0x71)
#define FFA_MEM_LEND_32				FFA_ID_32(0x72)
#define FFA_MEM_LEND_64				FFA_ID_64(0x72)
#define FFA_MEM_SHARE_32			FFA_ID_32(0x73)
#define FFA_MEM_SHARE_64			FFA_ID_64(0x73)
#define FFA_MEM_RETRIEVE_REQ_32			FFA_ID_32(0x74)
#define FFA_MEM_RETRIEVE_REQ_64			FFA_ID_64(0x74)
#define FFA_MEM_RETRIEVE_RESP_32		FFA_ID_32(0x75)
#define FFA_MEM_RELINQUISH_32			FFA_ID_32(0x76)
#define FFA_MEM_RECLAIM_32			FFA_ID_32(0x77)
#define FFA_MEM_OP_PAUSE_32			FFA_ID_32(0x78)
#define FFA_MEM_OP_RESUME_32			FFA_ID_32(0x79)
#define FFA_MEM_FRAG_RX_32			FFA_ID_32(0x7a)
#define FFA_MEM_FRAG_TX_32			FFA_ID_32(0x7b)
#define FFA_NORMAL_WORLD_RESUME_32		FFA_ID_32(0x7c)
/* From 1.1 on. */
#define FFA_NOTIFICATION_BITMAP_CREATE_32	FFA_ID_32(0x7d)
#define FFA_NOTIFICATION_BITMAP_DESTROY_32	FFA_ID_32(0x7e)
#define FFA_NOTIFICATION_BIND_32		FFA_ID_32(0x7f)
#define FFA_NOTIFICATION_UNBIND_32		FFA_ID_32(0x80)
#define FFA_NOTIFICATION_SET_32			FFA_ID_32(0x81)
#define FFA_NOTIFICATION_GET_32			FFA_ID_32(0x82)
#define FFA_NOTIFICATION_INFO_GET_32		FFA_ID_32(0x83)
#define FFA_NOTIFICATION_INFO_GET_64		FFA_ID_64(0x83)
#define FFA_RX_ACQUIRE_32			FFA_ID_32(0x84)
#define FFA_SPM_ID_GET_32			FFA_ID_32(0x85)
#define FFA_MSG_SEND2_32			FFA_ID_32(0x86)
#define FFA_SECONDARY_EP_REGISTER_64		FFA_ID_64(0x87)
#define FFA_MEM_PERM_GET_32			FFA_ID_32(0x88)
#define FFA_MEM_PERM_GET_64			FFA_ID_64(0x88)
#define FFA_MEM_PERM_SET_32			FFA_ID_32(0x89)
#define FFA_MEM_PERM_SET_64			FFA_ID_64(0x89)
#define FFA_CONSOLE_LOG_32			FFA_ID_32(0x8a)
#define FFA_CONSOLE_LOG_64			FFA_ID_64(0x8a)
/* From 1.2 on. */
#define FFA_PARTITION_INFO_GET_REGS_64		FFA_ID_64(0x8b)
#define FFA_EL3_INTR_HANDLE_32			FFA_ID_32(0x8c)
#define FFA_MSG_SEND_DIRECT_REQ2_64		FFA_ID_64(0x8d)
#define FFA_MSG_SEND_DIRECT_RESP2_64		FFA_ID_64(0x8e)

/* Error status codes: w2 of FFA_ERROR, signed, 32 bits: the upper half of x2 is zero. */
#define FFA_OK				0
#define FFA_NOT_SUPPORTED		(-1)
#define FFA_INVALID_PARAMETERS		(-2)
#define FFA_NO_MEMORY			(-3)
#define FFA_BUSY			(-4)
#define FFA_INTERRUPTED			(-5)
#define FFA_DENIED			(-6)
#define FFA_RETRY			(-7)
#define FFA_ABORTED			(-8)
#define FFA_NO_DATA			(-9)	/* 1.1 */
#define FFA_NOT_READY			(-10)	/* 1.2 */

/*
 * FFA_VERSION: w1 = version asked for. w0 = version answered, or FFA_NOT_SUPPORTED as 32 bits:
 * this call alone has no FFA_SUCCESS.
 */
#define FFA_VERSION_MAKE(major, minor)	((uint32_t)(major) << 16 | (minor))
#define FFA_VERSION_MAJOR(version)	((version) >> 16 & 0x7fff)
#define FFA_VERSION_MINOR(version)	((version) & 0xffff)
#define FFA_VERSION_RESERVED		0x80000000

/* Endpoint ids. Those of secure endpoints have bit 15. */
#define FFA_ENDPOINT_NORMAL_WORLD	0x0000	/* hypervisor, or the kernel without one */
#define FFA_ENDPOINT_SPMC		0x8000
#define FFA_ENDPOINT_SECURE		0x8000

#define FFA_PAIR(sender, receiver)	((uint32_t)(sender) << 16 | (receiver))
#define FFA_PAIR_SENDER(pair)		((uint16_t)((pair) >> 16))
#define FFA_PAIR_RECEIVER(pair)		((uint16_t)(pair))

/* FFA_FEATURES: w1 = function id, or one of these; w2 = input properties. */
#define FFA_FEATURE_NPI			1	/* notification pending interrupt, INTID in w2 */
#define FFA_FEATURE_SRI			2	/* schedule receiver interrupt, INTID in w2 */
#define FFA_FEATURE_ME			3	/* managed exit interrupt */

/* Of RXTX_MAP, w2: minimum size and alignment; 1.2: maximum in units of 4 KiB, 0: none. */
#define FFA_RXTX_MIN_MASK		3
#define FFA_RXTX_MIN_4K			0
#define FFA_RXTX_MIN_64K		1
#define FFA_RXTX_MIN_16K		2
#define FFA_RXTX_MAX_SHIFT		16
/* Of MEM_DONATE, LEND, SHARE, RETRIEVE_REQ, w2: the descriptor may lie outside of TX. */
#define FFA_MEM_FEATURE_DYNAMIC_BUFFER	(1 << 0)
/* Of MEM_RETRIEVE_REQ: the NS bit is understood (w2 of the call) or reported (w2 of the reply). */
#define FFA_RETRIEVE_FEATURE_NS		(1 << 1)

/* RXTX_MAP: x1 = caller's TX, x2 = caller's RX, w3 = units of 4 KiB of each. */
#define FFA_RXTX_UNIT			4096
#define FFA_RXTX_UNITS_MASK		0x3f

/* PARTITION_INFO_GET: w1..w4 = UUID, w5 = flags; w2 = count, w3 = size of a descriptor. */
#define FFA_PARTITION_COUNT_ONLY	(1 << 0)	/* 1.1 */

/* Properties of a partition. */
#define FFA_PROPERTY_DIRECT_REQ_RECV	(1 << 0)
#define FFA_PROPERTY_DIRECT_REQ_SEND	(1 << 1)
#define FFA_PROPERTY_INDIRECT		(1 << 2)
/* 1.1 */
#define FFA_PROPERTY_NOTIFICATION_RECV	(1 << 3)
#define FFA_PROPERTY_ID_TYPE_SHIFT	4
#define FFA_PROPERTY_ID_TYPE_MASK	(3 << 4)
#define FFA_PROPERTY_VM_CREATED		(1 << 6)
#define FFA_PROPERTY_VM_DESTROYED	(1 << 7)
#define FFA_PROPERTY_AARCH64		(1 << 8)
/* 1.2 */
#define FFA_PROPERTY_DIRECT_REQ2_RECV	(1 << 9)
#define FFA_PROPERTY_DIRECT_REQ2_SEND	(1 << 10)

#define FFA_PROPERTIES_1_0		0x007
#define FFA_PROPERTIES_1_1		0x1ff
#define FFA_PROPERTIES_1_2		0x7ff

/*
 * PARTITION_INFO_GET_REGS: x1, x2 = UUID, x3 = start index | tag << 16.
 * SUCCESS_64: x2 = last index | index of the last one here << 16 | tag << 32 | size << 48,
 * descriptors from x3 on, as in memory.
 */
#define FFA_INFO_REGS_START(x3)		((uint16_t)(x3))
#define FFA_INFO_REGS_TAG(x3)		((uint16_t)((x3) >> 16))
#define FFA_INFO_REGS_REPLY(last, current, tag, size) \
	((uint64_t)(last) | (uint64_t)(current) << 16 | (uint64_t)(tag) << 32 | \
	 (uint64_t)(size) << 48)
#define FFA_INFO_REGS_LAST(x2)		((uint16_t)(x2))
#define FFA_INFO_REGS_CURRENT(x2)	((uint16_t)((x2) >> 16))
#define FFA_INFO_REGS_REPLY_TAG(x2)	((uint16_t)((x2) >> 32))
#define FFA_INFO_REGS_SIZE(x2)		((uint16_t)((x2) >> 48))
#define FFA_INFO_REGS_FIRST		3	/* x3 */
#define FFA_INFO_REGS_MAX		15	/* x3 to x17 */

/*
 * Direct messages. REQ, RESP: w1 = pair, w2 = flags, payload in registers 3 to 7.
 * REQ2: x2, x3 = UUID; RESP2: zero; payload in x4 to x17.
 */
#define FFA_DIRECT_FIRST		3
#define FFA_DIRECT_WORDS		5
#define FFA_DIRECT2_FIRST		4
#define FFA_DIRECT2_WORDS		14
#define FFA_DIRECT_FRAMEWORK		0x80000000
#define FFA_DIRECT_FRAMEWORK_TYPE	0xff

#define FFA_FRAMEWORK_PSCI		0
#define FFA_FRAMEWORK_VM_CREATED_REQ	4
#define FFA_FRAMEWORK_VM_CREATED_RESP	5
#define FFA_FRAMEWORK_VM_DESTROYED_REQ	6
#define FFA_FRAMEWORK_VM_DESTROYED_RESP	7

/* MSG_WAIT: w2 */
#define FFA_MSG_WAIT_RETAIN_RX		(1 << 0)	/* 1.2 */

/* MEM_RECLAIM: w1, w2 = handle, w3 = flags. */
#define FFA_RECLAIM_ZERO		(1 << 0)
#define FFA_RECLAIM_TIME_SLICE		(1 << 1)

#define FFA_HANDLE(low, high)		((uint64_t)(uint32_t)(low) | (uint64_t)(high) << 32)
#define FFA_HANDLE_INVALID		0xffffffffffffffffULL
#define FFA_HANDLE_HYPERVISOR		0x8000000000000000ULL

/* NOTIFICATION_BIND, SET: w2 */
#define FFA_NOTIFICATION_PER_VCPU	(1 << 0)
#define FFA_NOTIFICATION_DELAY_SRI	(1 << 1)	/* SET, secure callers only */
#define FFA_NOTIFICATION_VCPU_SHIFT	16		/* SET */
/* NOTIFICATION_GET: w1 = vCPU << 16 | receiver, w2 = which ones */
#define FFA_NOTIFICATION_GET_SP		(1 << 0)
#define FFA_NOTIFICATION_GET_VM		(1 << 1)
#define FFA_NOTIFICATION_GET_SPM	(1 << 2)
#define FFA_NOTIFICATION_GET_HYP	(1 << 3)
/*
 * NOTIFICATION_INFO_GET, reply in w2/x2: more are pending, number of lists, and from
 * bit 12 on, two bits for each list, how many ids it has besides its first. Ids of 16 bits
 * from register 3 on. A list is a partition and the vCPUs it concerns; a partition alone: it
 * has a global notification.
 */
#define FFA_INFO_MORE			(1 << 0)
#define FFA_INFO_LISTS_SHIFT		7
#define FFA_INFO_LISTS_MASK		0x1f
#define FFA_INFO_LIST_SHIFT(n)		(12 + 2 * (n))
#define FFA_INFO_LIST_MASK		3
#define FFA_INFO_IDS_32			10
#define FFA_INFO_IDS_64			20

/* CONSOLE_LOG: w1 = characters, then these from register 2 on. */
#define FFA_CONSOLE_MAX_32		24
#define FFA_CONSOLE_MAX_64		48
#define FFA_CONSOLE_MAX_64_1_2		128

#endif /* ABI_FFA_H */
