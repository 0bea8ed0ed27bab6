/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * QTEE: object calls by SMC and messages in shared memory (smcinvoke).
 *
 * Whatever is marked IB, OB, IO or OO is an input buffer, output buffer, input object or output
 * object as the caller of an object sees it; they stand in this order in every message.
 */
#ifndef ABI_QTEE_H
#define ABI_QTEE_H

#include "types.h"
#include "smccc.h"

/*
 * Calls of the trusted OS, by 64-bit and by 32-bit callers. x1 = arginfo, x2..x5 = arguments,
 * x6 = 0 or what the last return had there, x7 = 0.
 */
#define QTEE_SMC64(func)	SMCCC_ID(0, SMCCC_64, SMCCC_OWNER_TRUSTED_OS, func)
#define QTEE_SMC32(func)	SMCCC_ID(0, 0, SMCCC_OWNER_TRUSTED_OS, func)
#define QTEE_FUNC_INVOKE_LEGACY	0x0600
#define QTEE_FUNC_CB_RSP	0x0601
#define QTEE_FUNC_INVOKE	0x0602

/* INVOKE: x2 = inbound address, x3 = its size, x4 = outbound address, x5 = its size */
#define QTEE_SMC_INVOKE		QTEE_SMC64(QTEE_FUNC_INVOKE)
#define QTEE_INVOKE_ARGINFO	0x224
/* CB_RSP: x2 = outbound address, x3 = its size; it alone says which call is answered */
#define QTEE_SMC_CB_RSP		QTEE_SMC64(QTEE_FUNC_CB_RSP)
#define QTEE_CB_RSP_ARGINFO	0x22

/* x0 of a return. INTERRUPTED: the same registers again with x0 = 1 and x6 as returned. */
#define QTEE_SMC_OK			0
#define QTEE_SMC_INTERRUPTED		1
/* x1 = wait queue, x2 = call context for WAITQ_RESUME */
#define QTEE_SMC_WAITQ_SLEEP		2
#define QTEE_SMC_ERROR			(-1)	/* also: there is no QTEE */
#define QTEE_SMC_EINVAL_ADDRESS		(-2)
#define QTEE_SMC_EINVAL_ARGUMENT	(-3)
#define QTEE_SMC_EOPNOTSUPP		(-4)
#define QTEE_SMC_ENOMEM			(-5)
#define QTEE_SMC_BUSY			(-12)

/* x1 of a return: what the outbound buffer has; x2 = QTEE_* result if there is no callback. */
#define QTEE_RESPONSE_FINAL		0
#define QTEE_RESPONSE_CALLBACK		3

/* Calls of the silicon provider, 64-bit and 32-bit forms, fast or yielding. */
#define QTEE_SIP_FAST(func)		SMCCC_ID(SMCCC_FAST, SMCCC_64, SMCCC_OWNER_SIP, func)
#define QTEE_SIP_FAST32(func)		SMCCC_ID(SMCCC_FAST, 0, SMCCC_OWNER_SIP, func)
#define QTEE_SIP(func)			SMCCC_ID(0, SMCCC_64, SMCCC_OWNER_SIP, func)
#define QTEE_SIP32(func)		SMCCC_ID(0, 0, SMCCC_OWNER_SIP, func)
#define QTEE_SIP_FUNC_IS_CALL_AVAIL	0x0601	/* fast; x2 = function; x1 = 1: it is there */
#define QTEE_SIP_FUNC_WAITQ_RESUME	0x2402	/* x2 = call context; returns as the call would */
#define QTEE_SIP_FUNC_WAITQ_GET_CTX	0x2403	/* fast; x1 = queue, x2 = flags, x3 = more pending */
#define QTEE_SIP_FUNC_WAITQ_GET_INFO	0x2404	/* fast; x1 = queues, x2 = interrupt */
#define QTEE_SIP_FUNC_BRIDGE_ENABLE	0x0c1c
#define QTEE_SIP_FUNC_BRIDGE_DELETE	0x0c1d	/* x2 = handle */
/*
 * x2 = address | permissions of the normal world, x3 = address | those of the secure world,
 * x4 = size | number of VMs << 9, x5 = VM; x1 = QTEE_BRIDGE_*, x2 = handle
 */
#define QTEE_SIP_FUNC_BRIDGE_CREATE	0x0c1e

#define QTEE_WAITQ_WAKE_ONE		(1 << 0)
#define QTEE_BRIDGE_NOT_SUPPORTED	4
#define QTEE_BRIDGE_VMS_SHIFT		9
#define QTEE_BRIDGE_VM_HLOS		3
#define QTEE_PERM_EXEC			1
#define QTEE_PERM_WRITE			2
#define QTEE_PERM_READ			4
#define QTEE_PERM_RW			6

/* Objects. Others with bit 31 clear are QTEE's, those with bit 31 set the kernel's. */
#define QTEE_OBJECT_NULL		0
#define QTEE_OBJECT_ROOT		1
#define QTEE_OBJECT_KERNEL		0x80000000
#define QTEE_OBJECT_PRIMORDIAL		0x80000000	/* never released */
#define QTEE_OBJECT_KERNEL_FIRST	0x80000001
#define QTEE_OBJECT_KERNEL_LAST		0xffffffff

/* Operations: the upper 16 bits are the transport's. */
#define QTEE_OP_METHOD_MASK		0x0000ffff
#define QTEE_OP_USER_MAX		0x3fff
#define QTEE_OP_RETAIN			0xfffe
#define QTEE_OP_RELEASE			0xffff

/* Four bits a kind. */
#define QTEE_ARGS_MAX			15
#define QTEE_COUNTS(ib, ob, io, oo)	((ib) | (ob) << 4 | (io) << 8 | (oo) << 12)
#define QTEE_COUNTS_IB(counts)		((counts) & 15)
#define QTEE_COUNTS_OB(counts)		((counts) >> 4 & 15)
#define QTEE_COUNTS_IO(counts)		((counts) >> 8 & 15)
#define QTEE_COUNTS_OO(counts)		((counts) >> 12 & 15)
#define QTEE_COUNTS_RESERVED		0xffff0000

/* Payloads follow the arguments, each at a multiple of this, all IB before all OB. */
#define QTEE_ALIGN			8
#define QTEE_INBOUND_MAX		(4UL << 20)
#define QTEE_OUTBOUND_SIZE		4096

/* Results; those from 10 on belong to the interface of the object. */
#define QTEE_OK				0
#define QTEE_ERROR			1
#define QTEE_INVALID			2
#define QTEE_SIZE_IN			3
#define QTEE_SIZE_OUT			4
#define QTEE_MEM			5
#define QTEE_USERBASE			10
#define QTEE_DEFUNCT			(-90)
#define QTEE_ABORT			(-91)
#define QTEE_BADOBJ			(-92)
#define QTEE_NOSLOTS			(-93)
#define QTEE_MAXARGS			(-94)
#define QTEE_MAXDATA			(-95)
#define QTEE_UNAVAIL			(-96)
#define QTEE_KMEM			(-97)
#define QTEE_REMOTE			(-98)
#define QTEE_BUSY			(-99)
#define QTEE_AUTH			(-100)
#define QTEE_REPLAY			(-101)
#define QTEE_MAXREPLAY			(-102)
#define QTEE_TIMEOUT			(-103)

/* Messages of QTEE that wait for no answer; behind a callback's payloads, or at offset 0. */
#define QTEE_ASYNC_VERSION_1_0		0x00010000
#define QTEE_ASYNC_VERSION_1_1		0x00010001
#define QTEE_ASYNC_VERSION_1_2		0x00010002
#define QTEE_ASYNC_MAJOR(version)	((version) >> 16)
#define QTEE_ASYNC_MAJOR_1		1
#define QTEE_ASYNC_OP_RELEASE		0xffff

/* Root object and client environments. */
#define QTEE_OP_ENV_OPEN		0	/* IB u32 UID, OO service */
#define QTEE_OP_ROOT_REGISTER_LEGACY	1	/* IB credentials, OO environment */
#define QTEE_OP_ROOT_REGISTER		2	/* IO credentials, OO environment */
#define QTEE_OP_ROOT_REGISTER_WHITELIST	3	/* IB UIDs, IO credentials, OO environment */
#define QTEE_OP_ROOT_NOTIFY_DOMAIN	4	/* not for user space */
#define QTEE_OP_ROOT_REGISTER_CREDENTIALS 5	/* as 2; without credentials: the kernel itself */
#define QTEE_OP_ROOT_LOAD_CMNLIB	6
#define QTEE_OP_ROOT_CONFIG_TA_REGION	7
#define QTEE_OP_ROOT_ADCI_ACCEPT	8	/* not for user space */
#define QTEE_OP_ROOT_ADCI_SHUTDOWN	9	/* not for user space */

#define QTEE_ENV_NOT_FOUND		10
#define QTEE_ENV_PRIVILEGE		11
#define QTEE_ENV_NOT_SUPPORTED		12

/* Credentials, an object of the client: a CBOR map. */
#define QTEE_OP_IO_LENGTH		0	/* OB u64 */
#define QTEE_OP_IO_READ			1	/* IB u64 offset, OB data */
#define QTEE_OP_IO_WRITE		2	/* IB u64 offset, IB data */
#define QTEE_CREDENTIALS_UID		1
#define QTEE_CREDENTIALS_FLAGS		2
#define QTEE_CREDENTIALS_NAME		3
#define QTEE_CREDENTIALS_CERTIFICATE	4
#define QTEE_CREDENTIALS_PERMISSIONS	5
#define QTEE_CREDENTIALS_TIME		6

/* Primordial object. */
#define QTEE_OP_MAP_REGION		0	/* IO memory object, OB struct, OO mapping */
#define QTEE_OP_YIELD			1
#define QTEE_OP_SLEEP			2	/* IB u32 milliseconds */

/* Services that real ones have, too. */
#define QTEE_UID_LOADER			3
#define QTEE_UID_DIAGNOSTICS		143
#define QTEE_UID_GP_CLIENT		409
#define QTEE_UID_FEATURE_VERSIONS	2033

/* FEATURE_VERSIONS: IB u32 feature, OB u32 version */
#define QTEE_OP_GET_VERSION		0
#define QTEE_FEATURE_QTEE		10
#define QTEE_VERSION(major, minor, patch) ((major) << 22 | (minor) << 12 | (patch))
#define QTEE_VERSION_MAJOR(version)	((version) >> 22 & 0xff)
#define QTEE_VERSION_MINOR(version)	((version) >> 12 & 0xff)
#define QTEE_VERSION_PATCH(version)	((version) & 0xfff)

#ifndef __ASSEMBLER__

union qtee_arg {
	struct {
		uint32_t offset;	/* from the start of the whole buffer */
		uint32_t size;
	} b;
	struct {
		uint32_t id;
		uint32_t unused;
	} o;
};

/* Inbound: a call of an object of QTEE. The answer is written over it. */
struct qtee_invoke {
	uint32_t cxt;			/* object */
	uint32_t op;
	uint32_t counts;
	union qtee_arg args[];
};

/* Outbound: a call of an object of the kernel. */
struct qtee_callback {
	uint32_t result;		/* written by the kernel */
	uint32_t cxt;
	uint32_t op;
	uint32_t counts;
	union qtee_arg args[];
};

struct qtee_async {
	uint32_t version;		/* 0: there are no more */
	uint32_t op;
	uint32_t count;
	uint32_t objects[];
};

/* OB of MAP_REGION, not padded at its end. */
struct qtee_map_region {
	uint64_t address;
	uint64_t size;
	uint32_t permissions;
} __attribute__((packed));

ABI_ASSERT_SIZE(union qtee_arg, 8);
ABI_ASSERT_SIZE(struct qtee_invoke, 12);
ABI_ASSERT_OFFSET(struct qtee_invoke, counts, 8);
ABI_ASSERT_OFFSET(struct qtee_invoke, args, 12);
ABI_ASSERT_SIZE(struct qtee_callback, 16);
ABI_ASSERT_OFFSET(struct qtee_callback, counts, 12);
ABI_ASSERT_OFFSET(struct qtee_callback, args, 16);
ABI_ASSERT_SIZE(struct qtee_async, 12);
ABI_ASSERT_SIZE(struct qtee_map_region, 20);
ABI_ASSERT_OFFSET(struct qtee_map_region, permissions, 16);

#endif /* __ASSEMBLER__ */

#endif /* ABI_QTEE_H */
