/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Control of the emulated secure world. Only tests use it; no driver knows of it.
 *
 * Two interfaces: SMCs of the OEM owner, answered by the secure world, and ioctls of
 * /dev/omnitee-sim (tests/kernel), which pass them on and issue SMCs of any kind.
 */
#ifndef ABI_SIM_H
#define ABI_SIM_H

#include "types.h"
#include "smccc.h"

/* UID: a0..a3 = 6f6d6e69 7465652d 73696d00 <revision>; UNKNOWN elsewhere. */
#define SIM_SMC_UID		SMCCC_ID(SMCCC_FAST, 0, SMCCC_OWNER_OEM, 0xff01)
#define SIM_UID_0		0x6f6d6e69
#define SIM_UID_1		0x7465652d
#define SIM_UID_2		0x73696d00
#define SIM_REVISION		1

/*
 * CONTROL: x1 = SIM_OP_*, x2..x4 = arguments.
 * Returns x0 = SMCCC_SUCCESS, SMCCC_NOT_SUPPORTED (unknown operation) or
 * SMCCC_INVALID_PARAMETER; x1..x3 = results.
 */
#define SIM_SMC_CONTROL		SMCCC_ID(SMCCC_FAST, SMCCC_64, SMCCC_OWNER_OEM, 1)

/* COUNTER: x2 = SIM_COUNTER_*; x1 = value */
#define SIM_OP_COUNTER		1
/* RESET_MARKS: every high-water mark falls to the present value */
#define SIM_OP_RESET_MARKS	2
/* THREAD: x2 = index; x1 = SIM_THREAD_*, x2 = CPU it runs or last ran on, x3 = a0 of its RPC */
#define SIM_OP_THREAD		3
/* FAULT: x2 = SIM_FAULT_*, x3 = how many times (0 ends it), x4 = argument */
#define SIM_OP_FAULT		4
/* FAULTS_OFF: ends every fault */
#define SIM_OP_FAULTS_OFF	5
/* RELEASE: ends every HOLD of the application hog, and RELEASABLE of slow, that is under way */
#define SIM_OP_RELEASE		6
/* SHM: x2 = index; x1 = cookie of a registered object, newest first, x2 = its size */
#define SIM_OP_SHM		7
/*
 * GUEST: x2 = id of the guest whom all operations concern from now on. 0, and as long as
 * that one is not there: the oldest guest, or guest 0 without virtualisation.
 */
#define SIM_OP_GUEST		8
/*
 * CALL: x2 = number of a call to the trusted OS, from 0 on; x1 = its function id, x2 = its
 * a7. The last SIM_CALLS_KEPT are kept; yielding calls only with virtualisation.
 */
#define SIM_OP_CALL		9
#define SIM_CALLS_KEPT		512
/* CALLS: x1 = how many there were */
#define SIM_OP_CALLS		10
/*
 * NOTIFY: an asynchronous notification. x2 = SIM_NOTIFY_*, x3 = value 0..63, x4 = CPU that the
 * interrupt is for if each has its own, or SIM_NOTIFY_HERE
 */
#define SIM_OP_NOTIFY		32
/* STORM: x2 = SIM_NOTIFY_*, x3 = value, x4 = microseconds between << 32 | how many */
#define SIM_OP_STORM		33

#define SIM_NOTIFY_HERE		(~0ULL)
#define SIM_NOTIFY_NO_INTERRUPT	(1 << 0)	/* it is lost */
#define SIM_NOTIFY_NO_VALUE	(1 << 1)	/* it is spurious */
#define SIM_NOTIFY_AT_CPU_OFF	(1 << 2)	/* when that CPU is on its way down */
#define SIM_NOTIFY_ALL		7ULL

/* MEND: x2 = id of a partition that is broken; it waits for requests again */
#define SIM_OP_FFA_MEND		96

/*
 * QTEE_END: calls of QTEE that the kernel will not go on with come to their end. x1 = how many
 * have not yet, as an interrupt came.
 */
#define SIM_OP_QTEE_END		112

/* SYSTEM: x2 = SIM_SYSTEM_*, how threads are kept back from now on; ends all reservations */
#define SIM_OP_SYSTEM		48

/*
 * LOG: the secure console as text. x2 = address of contiguous memory of the normal world,
 * x3 = its size, at most SIM_READ_MAX, x4 = octets since boot that the reader has had.
 * x1 = octets given, x2 = what to ask with next, x3 = octets that are not kept any more.
 */
#define SIM_OP_LOG		64
/* EVENTS: x2 = 1: record events of the secure world from now on, 0: do not */
#define SIM_OP_EVENTS		65
/* READ_EVENTS: as LOG, in struct sim_event, not octets */
#define SIM_OP_READ_EVENTS	66
/* TICKS: x1 = the clock of events now, x2 = its ticks per second */
#define SIM_OP_TICKS		67
#define SIM_READ_MAX		65536

/* Kinds of events, with what a, b and c are. */
#define SIM_EVENT_CALL		1	/* a thread is started: a = function */
#define SIM_EVENT_RESUME	2	/* goes on after an RPC or an interrupt */
#define SIM_EVENT_LEAVE		3	/* leaves the CPU: a = a0 of the return, b = 1: it ended */
#define SIM_EVENT_COMMAND	4	/* a message is understood: a = command, b = session, c = func */
#define SIM_EVENT_RESULT	5	/* its end: a = ret, b = ret_origin */
#define SIM_EVENT_RPC		6	/* an RPC with a message: a = command */
/* Of QTEE; thread is the number of the call. */
#define SIM_EVENT_QTEE_CALL	16	/* a call is begun */
#define SIM_EVENT_QTEE_RESUME	17	/* goes on after a callback, an interrupt or a sleep */
#define SIM_EVENT_QTEE_LEAVE	18	/* leaves the CPU: a = x0 of the return, b = 1: it ended */
#define SIM_EVENT_QTEE_INVOKE	19	/* its message is understood: a = object, b = op, c = counts */
#define SIM_EVENT_QTEE_RESULT	20	/* its end: a = result */
#define SIM_EVENT_QTEE_CALLBACK	21	/* of the kernel's: a = object, b = op, c = counts */
#define SIM_EVENT_QTEE_ANSWER	22	/* to that: a = result */

#define SIM_COUNTER_THREADS		0	/* secure threads, as configured */
#define SIM_COUNTER_THREADS_USED	1	/* not free: running or suspended */
#define SIM_COUNTER_THREADS_USED_MAX	2	/* high-water mark */
#define SIM_COUNTER_THREADS_RUNNING	3	/* on a CPU now */
#define SIM_COUNTER_THREADS_RUNNING_MAX	4	/* high-water mark */
#define SIM_COUNTER_THREAD_LIMITS	5	/* calls refused with ETHREAD_LIMIT */
#define SIM_COUNTER_YIELDING_CALLS	6	/* yielding calls begun */
#define SIM_COUNTER_RPC_RETURNS		7	/* returns with an RPC, interrupts included */
#define SIM_COUNTER_INTERRUPTS		8	/* of these: foreign interrupts */
#define SIM_COUNTER_MIGRATIONS		9	/* threads resumed on another CPU */
#define SIM_COUNTER_SESSIONS		10	/* open now */
#define SIM_COUNTER_SESSIONS_OPENED	11	/* ever */
#define SIM_COUNTER_SHM_OBJECTS		12	/* registered now */
#define SIM_COUNTER_SHM_BYTES		13	/* registered now */
#define SIM_COUNTER_HEAP_BYTES		14	/* secure heap in use now */
#define SIM_COUNTER_SMCS		15	/* SMCs taken, all owners but ours */
#define SIM_COUNTER_REFUSALS		16	/* calls refused as malformed, with a line */
#define SIM_COUNTER_RPC_COMMANDS	17	/* RPCs with a message */
#define SIM_COUNTER_RPC_RESULT		18	/* ret of the last one that came back */
#define SIM_COUNTER_RPC_MEMORY		19	/* objects of SHM_ALLOC held now */
#define SIM_COUNTER_TICKS		20	/* of CNTPCT, spent in calls of OP-TEE, FF-A, QTEE */
#define SIM_COUNTER_LEFTOVERS		21	/* messages with more than 0 where nothing belongs */
#define SIM_COUNTER_NOTIF_ENABLED	32	/* 1: the normal world listens */
#define SIM_COUNTER_NOTIF_POSTED	33	/* values posted */
#define SIM_COUNTER_NOTIF_INTERRUPTS	34	/* raised for them */
#define SIM_COUNTER_NOTIF_FETCHED	35	/* values that the normal world took */
#define SIM_COUNTER_NOTIF_NOTHING	36	/* times it came and there was none */
#define SIM_COUNTER_NOTIF_MOVED		37	/* interrupts moved from a CPU that went down */
#define SIM_COUNTER_NOTIF_STORM_LEFT	38	/* notifications of a storm still to come */
#define SIM_COUNTER_NOTIF_PENDING	39	/* values posted and not fetched */
#define SIM_COUNTER_BOTTOM_HALVES	40	/* DO_BOTTOM_HALF calls */
#define SIM_COUNTER_THREADS_RESERVED	48	/* kept back for system calls */
#define SIM_COUNTER_FFA_PARTITIONS	64
#define SIM_COUNTER_FFA_CALLS		65	/* of the normal world */
#define SIM_COUNTER_FFA_REFUSALS	66	/* calls refused, with a line */
#define SIM_COUNTER_FFA_BUFFERS		67	/* 1: RX and TX of the normal world are mapped */
#define SIM_COUNTER_FFA_SHARES		68	/* memory that is shared or lent, or on its way */
#define SIM_COUNTER_FFA_RETRIEVED	69	/* of these, how often by a partition */
#define SIM_COUNTER_FFA_BITMAPS		70	/* 1: the normal world's notifications are there */
#define SIM_COUNTER_FFA_REQUESTS	71	/* direct requests of the normal world begun */
#define SIM_COUNTER_FFA_BUSY		72	/* and those answered with BUSY */
#define SIM_COUNTER_FFA_INTERRUPTS	73	/* partitions suspended by an interrupt */
#define SIM_COUNTER_FFA_YIELDS		74	/* that suspended themselves */
#define SIM_COUNTER_FFA_RUNS_HERE	75	/* resumed on the same CPU */
#define SIM_COUNTER_FFA_RUNS_ELSEWHERE	76	/* and on another one */
#define SIM_COUNTER_FFA_NOTIFICATIONS	77	/* sets of them */
#define SIM_COUNTER_QTEE_OBJECTS	96	/* QTEE: objects of its own, without the root */
#define SIM_COUNTER_QTEE_EXPORTED	97	/* references that the kernel holds on them */
#define SIM_COUNTER_QTEE_REMOTES	98	/* objects of the kernel, until it is told */
#define SIM_COUNTER_QTEE_RELEASES	99	/* told so far */
#define SIM_COUNTER_QTEE_MAPPINGS	100	/* memory objects mapped now */
#define SIM_COUNTER_QTEE_CONVERSATIONS	101	/* calls under way, suspended or not */
#define SIM_COUNTER_QTEE_CONVERSATIONS_MAX 102	/* high-water mark */
#define SIM_COUNTER_QTEE_INVOCATIONS	103	/* calls begun */
#define SIM_COUNTER_QTEE_CALLBACKS	104	/* calls of the kernel's objects */
#define SIM_COUNTER_QTEE_INTERRUPTED	105	/* returns with INTERRUPTED */
#define SIM_COUNTER_QTEE_BRIDGES	106	/* there now */
#define SIM_COUNTER_QTEE_STRAY_RELEASES	107	/* by the kernel, of what it does not hold */
#define SIM_COUNTER_COUNT		108

/* By which numbers of abi/optee_system.h, as the configuration sysctx= */
#define SIM_SYSTEM_OFF			0
#define SIM_SYSTEM_PRIVATE		1
#define SIM_SYSTEM_V2			2

#define SIM_THREAD_FREE			0
#define SIM_THREAD_RUNNING		1
#define SIM_THREAD_SUSPENDED		2

/* The next calls, as many as asked for: */
#define SIM_FAULT_THREAD_LIMIT		1	/* yielding call: ETHREAD_LIMIT */
#define SIM_FAULT_CALL_STATUS		2	/* message call: final a0 = argument */
#define SIM_FAULT_REPLY_ATTR		3	/* reply: attr of user param 0 xor argument */
#define SIM_FAULT_REPLY_NUM_PARAMS	4	/* reply: num_params = argument */
#define SIM_FAULT_REPLY_SIZE		5	/* reply: memref size of user param 0 = argument */
#define SIM_FAULT_REPLY_SESSION		6	/* reply of open: session = argument */
#define SIM_FAULT_RPC_UNKNOWN		7	/* an RPC with a0 = argument before the call ends */
#define SIM_FAULT_RPC_ALLOC_FREE	8	/* RPC ALLOC of argument bytes, then FREE of it */
#define SIM_FAULT_RPC_BAD_FREE		9	/* RPC FREE of cookie = argument */
#define SIM_FAULT_REGISTER_REFUSED	10	/* REGISTER_SHM: ret = argument */
#define SIM_FAULT_UNREGISTER_REFUSED	11	/* UNREGISTER_SHM: ret = argument, object stays */
/* In the next RPC message that it applies to: */
#define SIM_FAULT_RPC_COMMAND		12	/* command = argument */
#define SIM_FAULT_RPC_NUM_PARAMS	13	/* num_params = argument */
#define SIM_FAULT_RPC_ATTR		14	/* attr of parameter 0 xor argument */
#define SIM_FAULT_RPC_MEMREF_SIZE	15	/* size of the first memref = argument */
#define SIM_FAULT_RPC_MEMREF_OFFSET	16	/* offset (address) of the first memref = argument */
#define SIM_FAULT_RPC_MEMREF_COOKIE	17	/* cookie of the first memref = argument */
#define SIM_FAULT_RPC_SHM_SIZE		18	/* SHM_ALLOC: size = argument */
#define SIM_FAULT_RPC_SHM_TYPE		19	/* SHM_ALLOC, SHM_FREE: type = argument */
#define SIM_FAULT_RPC_SHM_COOKIE	20	/* SHM_FREE: cookie = argument; the object is lost */
#define SIM_FAULT_RPC_PLACE		21	/* the message's cookie in a1:a2 = argument */
/*
 * Before the next call ends: an RPC message with command = the argument's low 32 bits and
 * num_params = the upper 32 (at most 4), each VALUE_INOUT of zeroes.
 */
#define SIM_FAULT_RPC_INJECT		22
#define SIM_FAULT_DEVICES_SIZE		23	/* enumerator, list given: size = argument */
#define SIM_FAULT_DEVICES_TWICE		24	/* enumerator: each device is listed twice */
#define SIM_FAULT_UPPER_HALVES		25	/* return: upper halves of x0..x3 = argument */
#define SIM_FAULT_NOTIF_LOST		32	/* a notification's interrupt is not raised */
#define SIM_FAULT_NOTIF_VALUE		33	/* value fetched = argument, and more are pending */
#define SIM_FAULT_NOTIF_STATUS		34	/* fetching a value: a0 = argument */
#define SIM_FAULT_RNG_STUCK		35	/* sample of the generator = argument */
#define SIM_FAULT_RNG_SIZE		36	/* generator: size of the entropy given = argument */
#define SIM_FAULT_RNG_RESULT		37	/* generator, where 36 does not strike: ret = argument */
#define SIM_FAULT_NOTIF_ENABLE		38	/* ENABLE_ASYNC_NOTIF: a0 = argument, none enabled */
#define SIM_FAULT_SHM_CACHE		39	/* DISABLE_SHM_CACHE: a0 = argument, and nothing happens */
#define SIM_FAULT_THREAD_COUNT_HIDDEN	48	/* GET_THREAD_COUNT is unknown */
/* FF-A: function number (0x63...) in the upper half: w2 of the error in the lower one */
#define SIM_FAULT_FFA_ERROR		64
#define SIM_FAULT_FFA_VERSION		65	/* w0 of VERSION = argument */
#define SIM_FAULT_FFA_NOTIFICATION_LOST	66	/* its interrupt is not raised */
/* Direct response without a UUID: its word n, 0 to 4, in the upper half = the lower one */
#define SIM_FAULT_FFA_ANSWER		67
#define SIM_FAULT_FFA_YIELD		68	/* direct request: the partition yields first */
/*
 * Direct request to a partition that answers at once, first word in the upper half: INTERRUPT comes
 * first or, if the lower half is not 0, YIELD for so many nanoseconds
 */
#define SIM_FAULT_FFA_DEFER		69
/* QTEE. What concerns a message strikes the next that it applies to. */
#define SIM_FAULT_QTEE_INTERRUPTED	96	/* x0 = INTERRUPTED */
#define SIM_FAULT_QTEE_BUSY		97	/* x0 = BUSY */
#define SIM_FAULT_QTEE_STATUS		98	/* INVOKE: x0 = argument, and nothing happens */
#define SIM_FAULT_QTEE_CB_STATUS	99	/* CB_RSP: x0 = argument; that call is over */
#define SIM_FAULT_QTEE_RESPONSE		100	/* final return: x1 = argument */
#define SIM_FAULT_QTEE_RESULT		101	/* final return: x2 = argument */
#define SIM_FAULT_QTEE_OB_SIZE		102	/* final return: size of OB 0 = argument */
#define SIM_FAULT_QTEE_OB_OFFSET	103	/* final return: offset of OB 0 = argument */
#define SIM_FAULT_QTEE_OO		104	/* final return: id of an OO = argument */
#define SIM_FAULT_QTEE_OUTBOUND_LEFT	105	/* final return: the last request stays there */
#define SIM_FAULT_QTEE_CB_CXT		106	/* request: object = argument */
#define SIM_FAULT_QTEE_CB_OP		107	/* request: operation = argument */
#define SIM_FAULT_QTEE_CB_COUNTS	108	/* request: counts = argument */
#define SIM_FAULT_QTEE_CB_OFFSET	109	/* request: offset of buffer 0 = argument */
#define SIM_FAULT_QTEE_CB_SIZE		110	/* request: size of buffer 0 = argument */
#define SIM_FAULT_QTEE_ASYNC_VERSION	111	/* release: version = argument */
#define SIM_FAULT_QTEE_ASYNC_OP		112	/* release: operation = argument */
#define SIM_FAULT_QTEE_ASYNC_COUNT	113	/* release: count = argument */
#define SIM_FAULT_QTEE_ASYNC_TWICE	114	/* release: all objects twice */
#define SIM_FAULT_QTEE_ASYNC_STRAY	115	/* a release of object = argument */
#define SIM_FAULT_QTEE_WAITQ		116	/* x0 = WAITQ_SLEEP, woken after argument us */
#define SIM_FAULT_QTEE_CB_KEPT		117	/* as CB_STATUS, and the page is in use once more */
#define SIM_FAULT_QTEE_CB_BUSY		118	/* CB_RSP: x0 = BUSY */
/* Request: id of an IO = argument; which IO stands in the upper half. */
#define SIM_FAULT_QTEE_CB_IO		119
#define SIM_FAULT_COUNT			120

#ifndef __ASSEMBLER__

/* One event. Events of one CPU are in order; number counts all since boot. */
struct sim_event {
	uint64_t ticks;
	uint32_t number;
	uint16_t kind;		/* SIM_EVENT_* */
	uint16_t cpu;
	uint32_t thread;	/* index of the secure thread */
	uint32_t a;
	uint32_t b;
	uint32_t c;
};

ABI_ASSERT_SIZE(struct sim_event, 32);

#define SIM_DEVICE			"omnitee-sim"

/* SIM_IOC_CONTROL: one SIM_SMC_CONTROL. Fails with ENODEV without an emulated world. */
struct sim_control {
	uint64_t op;
	uint64_t arg[3];
	int64_t status;		/* out: x0 */
	uint64_t ret[3];	/* out: x1..x3 */
};

/*
 * SIM_IOC_SMC: one SMC with these registers. With SIM_SMC_CHECK_REGS, x8..x30 and
 * v0..v31 hold patterns across it, and x4..x7 are compared too; changed has a bit for
 * each register that came back different: 0..30 x0..x30 (x4 up), 32..63 v0..v31.
 * Without it the SMC is issued up to 255 more times, for those who count what one takes.
 */
#define SIM_SMC_CHECK_REGS		(1 << 0)
#define SIM_SMC_MORE(times)		((uint64_t)(times) << 8)
#define SIM_SMC_MORE_OF(flags)		((flags) >> 8 & 0xff)

struct sim_smc {
	uint64_t in[8];
	uint64_t out[8];
	uint64_t flags;
	uint64_t changed;	/* out */
	uint64_t cpu;		/* out: CPU that issued it */
};

/*
 * SIM_IOC_PAGES: gives the file contiguous zeroed memory of the normal world, which it
 * may map with mmap at offset 0, and uncached at SIM_PAGES_UNCACHED; released with the file.
 * Once per file, else EBUSY.
 */
#define SIM_PAGES_UNCACHED		(1 << 30)

struct sim_pages {
	uint64_t size;		/* bytes, in: wanted, out: got (whole pages, at most 4 MiB) */
	uint64_t phys;		/* out: physical address */
};

ABI_ASSERT_SIZE(struct sim_control, 64);
ABI_ASSERT_SIZE(struct sim_smc, 152);
ABI_ASSERT_SIZE(struct sim_pages, 16);

#define SIM_IOC_CONTROL			_IOWR('S', 0x01, struct sim_control)
#define SIM_IOC_SMC			_IOWR('S', 0x02, struct sim_smc)
#define SIM_IOC_PAGES			_IOWR('S', 0x03, struct sim_pages)

#endif /* __ASSEMBLER__ */

#endif /* ABI_SIM_H */
