/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The services of the emulated QTEE that no real one has: UIDs and operations.
 *
 * Arguments are listed in the order of the message (IB, OB, IO, OO). Other counts than listed
 * answer QTEE_INVALID, an IB of another size QTEE_SIZE_IN, an OB too small QTEE_SIZE_OUT, an
 * unknown operation QTEE_INVALID. Each opening of a UID makes an object of its own.
 */
#ifndef ABI_QTEE_SERVICES_H
#define ABI_QTEE_SERVICES_H

#include "qtee.h"

/* echo: gives back what it got. */
#define QTEE_UID_ECHO			0x6f6d0001
#define QTEE_ECHO_NOP			0	/* - */
/* ALL: as many OB as IB and as many OO as IO: OB i = IB i, shrunk to its size; OO i = IO i */
#define QTEE_ECHO_ALL			1
#define QTEE_ECHO_RESULT		2	/* IB u32: answers that result */
#define QTEE_ECHO_FILL			3	/* IB u32 n, OB: n octets 0, 1, 2 ... */

/* counter: begins with 0. */
#define QTEE_UID_COUNTER		0x6f6d0002
#define QTEE_COUNTER_ADD		0	/* IB u32, OB u32: the sum */
#define QTEE_COUNTER_GET		1	/* OB u32 */
#define QTEE_COUNTER_SELF		2	/* OO: the same object once more */
#define QTEE_COUNTER_NEW		3	/* OO: another, which begins with 0 */

/* caller: calls objects of the normal world. */
#define QTEE_UID_CALLER			0x6f6d0003
/*
 * FORWARD: IB 0 u32 op, IO 0 callee: calls op of it with all other arguments and answers as it
 * did. NULL as callee answers QTEE_BADOBJ.
 */
#define QTEE_CALLER_FORWARD		0
/* REPEAT: IB u32 op, u32 times, OB u32: calls that succeeded, IO callee. Ends with a failure. */
#define QTEE_CALLER_REPEAT		1
#define QTEE_CALLER_KEEP		2	/* IO callee, instead of the one kept before */
#define QTEE_CALLER_CALL_KEPT		3	/* IB u32 op */
#define QTEE_CALLER_GIVE_KEPT		4	/* OO callee, which stays kept */
/* UNDER_WAY: OB u32 FORWARDs of this object now, OB u32 the most there were at once */
#define QTEE_CALLER_UNDER_WAY		5
/* AT_RELEASE: IB u32 op, IO callee: once this object is released, calls op and lets it go */
#define QTEE_CALLER_AT_RELEASE		6
/* SELF_FORWARD: as FORWARD, and this object is one more IO, the last */
#define QTEE_CALLER_SELF_FORWARD	7
#define QTEE_CALLER_KEPT_ID		8	/* OB u32: the id by which the kernel passed it */
/* INSIST: IB u32 op, IO callee: calls op of it for ever, whatever it answers */
#define QTEE_CALLER_INSIST		9

/* memory: works on memory objects. */
#define QTEE_UID_MEMORY			0x6f6d0004
/* SUM: IB u64 offset, u64 size, OB u64, IO memory: maps it for the call */
#define QTEE_MEMORY_SUM			0
/* FILL: IB u64 offset, u64 size, u64 octet, IO memory */
#define QTEE_MEMORY_FILL		1
#define QTEE_MEMORY_KEEP		2	/* OB u64 size, IO memory: stays mapped; one at most */
#define QTEE_MEMORY_KEPT_READ		3	/* IB u64 offset, OB octets */
#define QTEE_MEMORY_KEPT_WRITE		4	/* IB u64 offset, IB octets */
#define QTEE_MEMORY_KEPT_DROP		5	/* - */
#define QTEE_MEMORY_KEPT_GIVE		6	/* OO memory, which stays kept */
#define QTEE_MEMORY_INVOKE		7	/* IB u32 op, IO memory: invokes it directly */
#define QTEE_MEMORY_OUT_OF_RANGE	10	/* result: there is no such place */
#define QTEE_MEMORY_NOTHING_KEPT	11	/* result, or there is one already */
#define QTEE_MEMORY_BAD_REGION		12	/* result: MAP_REGION answered nonsense */

/* keeper: keeps objects and releases them asynchronously. */
#define QTEE_UID_KEEPER			0x6f6d0005
#define QTEE_KEEPER_MAX			64
#define QTEE_KEEPER_KEEP		0	/* any IO; QTEE_NOSLOTS beyond QTEE_KEEPER_MAX */
#define QTEE_KEEPER_RELEASE		1	/* IB u32 count: that many, the oldest first */
/* RELEASE_BY_CALL: IB u32 count, IB u32 op, IO callee: released with the request of a call */
#define QTEE_KEEPER_RELEASE_BY_CALL	2
#define QTEE_KEEPER_KEPT		3	/* OB u32 */

/* sleeper: spends time. */
#define QTEE_UID_SLEEPER		0x6f6d0006
#define QTEE_SLEEPER_SLEEP		0	/* IB u32 ms: asks the primordial object */
#define QTEE_SLEEPER_YIELD		1	/* IB u32 times */
#define QTEE_SLEEPER_SPIN		2	/* IB u32 ms: with interrupts of the normal world */
/* HOLD: sleeps 1 ms at a time until SIM_OP_RELEASE, or for IB u32 ms at most */
#define QTEE_SLEEPER_HOLD		3
/* INSIST: IB u32, not looked at: yields for ever, whatever it is answered */
#define QTEE_SLEEPER_INSIST		4
#define QTEE_SLEEPER_AT_RELEASE		5	/* IB u32 ms: SLEEPs once this object is released */

/*
 * liar: says what it is told, whatever that is.
 * RETURN: IB 0 struct qtee_lie, IB 1 octets for the outbound buffer from its start, IB 2 octets
 * to be put over the inbound message from its start; nothing else is written. With a lie that is
 * a callback there is an OB: it gets the outbound buffer as it came back, as far as there is
 * room, and the call ends with the result word that came.
 */
#define QTEE_UID_LIAR			0x6f6d0007
#define QTEE_LIAR_RETURN		0

/* identity: who its environment belongs to; for everybody. */
#define QTEE_UID_IDENTITY		0x6f6d0008
#define QTEE_IDENTITY_GET		0	/* OB struct qtee_identity */
#define QTEE_IDENTITY_NONE		0	/* nobody gave credentials */
#define QTEE_IDENTITY_CREDENTIALS	1
#define QTEE_IDENTITY_KERNEL		2

/* privileged: only for the kernel itself. */
#define QTEE_UID_PRIVILEGED		0x6f6d0009
#define QTEE_PRIVILEGED_NOP		0	/* - */

#ifndef __ASSEMBLER__

struct qtee_identity {
	uint32_t kind;		/* QTEE_IDENTITY_* */
	uint32_t uid;
	uint64_t time;
};

ABI_ASSERT_SIZE(struct qtee_identity, 16);

struct qtee_lie {
	uint64_t status;	/* x0 */
	uint64_t response;	/* x1 */
	uint64_t result;	/* x2 */
};

ABI_ASSERT_SIZE(struct qtee_lie, 24);

#endif /* __ASSEMBLER__ */

#endif /* ABI_QTEE_SERVICES_H */
