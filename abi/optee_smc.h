/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * OP-TEE over SMC: function identifiers, registers and return codes.
 *
 * Register use, common to all calls: a0 holds the function id, a7 the client id
 * that a hypervisor (or a guest that announced itself) puts there, 0 otherwise.
 * 64-bit quantities travel as two registers, upper half first.
 */
#ifndef ABI_OPTEE_SMC_H
#define ABI_OPTEE_SMC_H

#include "smccc.h"

#define OPTEE_SMC_FAST(func) \
	SMCCC_ID(SMCCC_FAST, 0, SMCCC_OWNER_TRUSTED_OS, func)
#define OPTEE_SMC_YIELDING(func) \
	SMCCC_ID(0, 0, SMCCC_OWNER_TRUSTED_OS, func)
#define OPTEE_SMC_API(func) \
	SMCCC_ID(SMCCC_FAST, 0, SMCCC_OWNER_TRUSTED_OS_API, func)

/* Owner 63: who is there. */
#define OPTEE_SMC_CALLS_COUNT		OPTEE_SMC_API(0xff00)
#define OPTEE_SMC_CALLS_UID		OPTEE_SMC_API(0xff01)
#define OPTEE_SMC_CALLS_REVISION	OPTEE_SMC_API(0xff03)

/* a0..a3 of CALLS_UID: 384fb3e0-e7f8-11e3-af63-0002a5d5c51b */
#define OPTEE_MSG_UID_0			0x384fb3e0
#define OPTEE_MSG_UID_1			0xe7f811e3
#define OPTEE_MSG_UID_2			0xaf630002
#define OPTEE_MSG_UID_3			0xa5d5c51b
#define OPTEE_MSG_REVISION_MAJOR	2
#define OPTEE_MSG_REVISION_MINOR	0

/* Owner 50, fast calls: run to completion, use no secure thread. */
#define OPTEE_SMC_GET_OS_UUID		OPTEE_SMC_FAST(0)
#define OPTEE_SMC_GET_OS_REVISION	OPTEE_SMC_FAST(1)
#define OPTEE_SMC_GET_SHM_CONFIG	OPTEE_SMC_FAST(7)
#define OPTEE_SMC_L2CC_MUTEX		OPTEE_SMC_FAST(8)
#define OPTEE_SMC_EXCHANGE_CAPABILITIES	OPTEE_SMC_FAST(9)
#define OPTEE_SMC_DISABLE_SHM_CACHE	OPTEE_SMC_FAST(10)
#define OPTEE_SMC_ENABLE_SHM_CACHE	OPTEE_SMC_FAST(11)
#define OPTEE_SMC_BOOT_SECONDARY	OPTEE_SMC_FAST(12)
#define OPTEE_SMC_VM_CREATED		OPTEE_SMC_FAST(13)
#define OPTEE_SMC_VM_DESTROYED		OPTEE_SMC_FAST(14)
#define OPTEE_SMC_GET_THREAD_COUNT	OPTEE_SMC_FAST(15)
#define OPTEE_SMC_ENABLE_ASYNC_NOTIF	OPTEE_SMC_FAST(16)
#define OPTEE_SMC_GET_ASYNC_NOTIF_VALUE	OPTEE_SMC_FAST(17)
#define OPTEE_SMC_GET_PROTMEM_CONFIG	OPTEE_SMC_FAST(20)

/* a0..a3 of GET_OS_UUID: 486178e0-e7f8-11e3-bc5e-0002a5d5c51b */
#define OPTEE_OS_UUID_0			0x486178e0
#define OPTEE_OS_UUID_1			0xe7f811e3
#define OPTEE_OS_UUID_2			0xbc5e0002
#define OPTEE_OS_UUID_3			0xa5d5c51b

/* GET_SHM_CONFIG, a3. */
#define OPTEE_SMC_SHM_CACHED		1

/* Owner 50, yielding calls: use a secure thread, may return an RPC. */
#define OPTEE_SMC_RETURN_FROM_RPC	OPTEE_SMC_YIELDING(3)
#define OPTEE_SMC_CALL_WITH_ARG		OPTEE_SMC_YIELDING(4)
#define OPTEE_SMC_CALL_WITH_RPC_ARG	OPTEE_SMC_YIELDING(18)
#define OPTEE_SMC_CALL_WITH_REGD_ARG	OPTEE_SMC_YIELDING(19)

/* EXCHANGE_CAPABILITIES: a1 in. Any other bit is refused with ENOTAVAIL. */
#define OPTEE_SMC_NSEC_CAP_UNIPROCESSOR		(1 << 0)

/* EXCHANGE_CAPABILITIES: a1 out. */
#define OPTEE_SMC_SEC_CAP_HAVE_RESERVED_SHM	(1 << 0)
#define OPTEE_SMC_SEC_CAP_UNREGISTERED_SHM	(1 << 1)
#define OPTEE_SMC_SEC_CAP_DYNAMIC_SHM		(1 << 2)
#define OPTEE_SMC_SEC_CAP_VIRTUALIZATION	(1 << 3)
#define OPTEE_SMC_SEC_CAP_MEMREF_NULL		(1 << 4)
#define OPTEE_SMC_SEC_CAP_ASYNC_NOTIF		(1 << 5)
#define OPTEE_SMC_SEC_CAP_RPC_ARG		(1 << 6)
#define OPTEE_SMC_SEC_CAP_RPMB_PROBE		(1 << 7)
#define OPTEE_SMC_SEC_CAP_PROTMEM		(1 << 8)
#define OPTEE_SMC_SEC_CAP_DYNAMIC_PROTMEM	(1 << 9)
/* EXCHANGE_CAPABILITIES: a3 out, number of parameters of the RPC message. */
#define OPTEE_SMC_SEC_CAP_RPC_PARAMS_MASK	0xff

/* GET_ASYNC_NOTIF_VALUE: a2 out. */
#define OPTEE_SMC_ASYNC_NOTIF_VALID		(1 << 0)
#define OPTEE_SMC_ASYNC_NOTIF_PENDING		(1 << 1)

/* Return codes in a0. */
#define OPTEE_SMC_RETURN_OK			0x0
#define OPTEE_SMC_RETURN_ETHREAD_LIMIT		0x1
#define OPTEE_SMC_RETURN_EBUSY			0x2
#define OPTEE_SMC_RETURN_ERESUME		0x3
#define OPTEE_SMC_RETURN_EBADADDR		0x4
#define OPTEE_SMC_RETURN_EBADCMD		0x5
#define OPTEE_SMC_RETURN_ENOMEM			0x6
#define OPTEE_SMC_RETURN_ENOTAVAIL		0x7
#define OPTEE_SMC_RETURN_UNKNOWN_FUNCTION	0xffffffff

/*
 * RPC returns of a yielding call: a0 as below, a1 and a2 arguments, a3 the resume
 * information that RETURN_FROM_RPC hands back unchanged in a3.
 */
#define OPTEE_SMC_RPC_PREFIX			0xffff0000
#define OPTEE_SMC_RPC_PREFIX_MASK		0xffff0000
#define OPTEE_SMC_RPC_ALLOC			0xffff0000
#define OPTEE_SMC_RPC_FREE			0xffff0002
#define OPTEE_SMC_RPC_FOREIGN_INTR		0xffff0004
#define OPTEE_SMC_RPC_CMD			0xffff0005
#define OPTEE_SMC_IS_RPC(a0) \
	(((a0) & OPTEE_SMC_RPC_PREFIX_MASK) == OPTEE_SMC_RPC_PREFIX && \
	 (a0) != OPTEE_SMC_RETURN_UNKNOWN_FUNCTION)

#endif /* ABI_OPTEE_SMC_H */
