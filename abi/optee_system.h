/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Secure threads that OP-TEE keeps back for system services: an extension, not part of OP-TEE.
 *
 * PRIVATE is in a range that OP-TEE does not use: functions 0x6d00 to 0x6dff of its own owner.
 * It is there if UID answers with the UUID below; an OP-TEE without it answers
 * UNKNOWN_FUNCTION, and nothing else of the range may be called then. A change of what follows
 * is another UUID. All but the system calls are fast calls, use no thread and never wait.
 *
 * A reservation belongs to the guest in a7 and to a cookie that the normal world chooses, not
 * 0; several with the same cookie add up. At least one thread stays for ordinary calls.
 * VM_DESTROYED ends all of the guest's.
 */
#ifndef ABI_OPTEE_SYSTEM_H
#define ABI_OPTEE_SYSTEM_H

#include "optee_smc.h"

/* a0..a3 = UUID b1a5b1d2-0c4e-4f0a-9e3c-6f6d6e697465 */
#define OPTEE_SYSTEM_UID		OPTEE_SMC_FAST(0x6d00)
#define OPTEE_SYSTEM_UID_0		0xb1a5b1d2
#define OPTEE_SYSTEM_UID_1		0x0c4e4f0a
#define OPTEE_SYSTEM_UID_2		0x9e3c6f6d
#define OPTEE_SYSTEM_UID_3		0x6e697465

/*
 * RESERVE: a1:a2 = cookie. Keeps one thread more back. OK; ETHREAD_LIMIT: too few threads,
 * not now or ever as long as others keep theirs; ENOTAVAIL: cookie 0.
 */
#define OPTEE_SYSTEM_RESERVE		OPTEE_SMC_FAST(0x6d01)
/* RELEASE: a1:a2 = cookie. OK; ENOTAVAIL: nothing is kept back for it. */
#define OPTEE_SYSTEM_RELEASE		OPTEE_SMC_FAST(0x6d02)
/* RELEASE_ALL: all of the guest's, those of an earlier kernel too. OK */
#define OPTEE_SYSTEM_RELEASE_ALL	OPTEE_SMC_FAST(0x6d03)

/*
 * System calls: CALL_WITH_ARG, CALL_WITH_RPC_ARG and CALL_WITH_REGD_ARG with this in the
 * function number and the cookie in a4:a5. One runs on a thread that is kept back for the
 * cookie if one is left, else on any, like an ordinary call; also with an unknown cookie.
 */
#define OPTEE_SYSTEM_CALL		0x6d00
#define OPTEE_SYSTEM_CALL_WITH_ARG	(OPTEE_SMC_CALL_WITH_ARG | OPTEE_SYSTEM_CALL)
#define OPTEE_SYSTEM_CALL_WITH_RPC_ARG	(OPTEE_SMC_CALL_WITH_RPC_ARG | OPTEE_SYSTEM_CALL)
#define OPTEE_SYSTEM_CALL_WITH_REGD_ARG	(OPTEE_SMC_CALL_WITH_REGD_ARG | OPTEE_SYSTEM_CALL)

/*
 * V2: the numbers of a proposal of 2023 ("tee: system invocation", version 2), which mainline
 * assigned otherwise: capability bit 7 is RPMB_PROBE there, function 20 GET_PROTMEM_CONFIG (a
 * fast call, so the whole identifiers differ). A secure world that knows nothing of it takes a
 * thread for each and answers EBADCMD. So they are only used where both sides were told to.
 * There is no cookie. RESERVE and RELEASE look like yielding calls, but return at once.
 */
#define OPTEE_SYSTEM_V2_CAP			(1 << 7)
#define OPTEE_SYSTEM_V2_CALL_WITH_REGD_ARG	OPTEE_SMC_YIELDING(20)
#define OPTEE_SYSTEM_V2_RESERVE			OPTEE_SMC_YIELDING(21)
#define OPTEE_SYSTEM_V2_RELEASE			OPTEE_SMC_YIELDING(22)

#endif /* ABI_OPTEE_SYSTEM_H */
