/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The partitions of the emulated secure world that are there for tests: UUIDs and requests.
 *
 * Word 0 of a direct request is the command, the others are arguments; the answer has the command,
 * then a status FFA_* in word 1 as 32 bits, then results. A 64-bit handle or bitmap is two words,
 * low half first.
 */
#ifndef ABI_TEST_PARTITIONS_H
#define ABI_TEST_PARTITIONS_H

#define PARTITION_UUID(n) \
	{ 0x6f, 0x6d, 0x6e, 0x69, 0x74, 0x65, 0x46, 0x00, \
	  0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, (n) }

/*
 * echo: answers each request with its own words; of a request with a UUID, the last word is which of
 * the two it was, 1 or 2. 6f6d6e69-7465-4600-8000-000000000001, -000000000002
 */
#define PARTITION_ECHO_UUID	PARTITION_UUID(1)
#define PARTITION_ECHO_2_UUID	PARTITION_UUID(2)

/* old: as echo, in FF-A 1.0 and 32 bits. -000000000003 */
#define PARTITION_OLD_UUID	PARTITION_UUID(3)

/* worker: does what it is told. -000000000004; a second one, peer: -000000000005 */
#define PARTITION_WORKER_UUID	PARTITION_UUID(4)
#define PARTITION_PEER_UUID	PARTITION_UUID(5)

/* NOP */
#define WORKER_CMD_NOP		0
/* SPIN: word 1 = milliseconds. Word 2 = how often it was interrupted meanwhile. */
#define WORKER_CMD_SPIN		1
/* YIELD: word 1 = how often, word 2 = nanoseconds that it asks for each time. */
#define WORKER_CMD_YIELD	2
/* ABORT: it is broken from then on; the control channel mends it. */
#define WORKER_CMD_ABORT	3
/*
 * RETRIEVE: words 1, 2 = handle of memory of the sender, words 3, 4 = tag. Word 2 = pages, 3 =
 * ranges, 4 = 1: writable. It holds up to WORKER_MEMORIES.
 */
#define WORKER_CMD_RETRIEVE	4
/* RELINQUISH: words 1, 2 = handle. */
#define WORKER_CMD_RELINQUISH	5
/* SUM: words 1, 2 = handle. Word 2 = sum of all octets, 32 bits. */
#define WORKER_CMD_SUM		6
/* FILL: words 1, 2 = handle, word 3 = octet to fill it with. */
#define WORKER_CMD_FILL		7
/* NOTIFY: words 1, 2 = bitmap, word 3 = flags as in w2 of NOTIFICATION_SET. To the sender. */
#define WORKER_CMD_NOTIFY	8
/* ASK: word 1 = receiver, word 2 = its command, words 3, 4 = its words 1, 2. Word 2 = its word 2. */
#define WORKER_CMD_ASK		9
/* BIND: words 1, 2 = bitmap, word 3 = 0: bind to the sender of this request, 1: unbind. */
#define WORKER_CMD_BIND		10
/* NOTIFIED: words 2, 3 = what the normal world had set when it was last given time (RUN). */
#define WORKER_CMD_NOTIFIED	11
/* PRINT: a line on the console, from word 1 on: up to 16 characters. */
#define WORKER_CMD_PRINT	12
/* FEATURES: asks FFA_FEATURES about word 1, a function or a feature. Word 2 = w2. */
#define WORKER_CMD_FEATURES	13

#define WORKER_MEMORIES		8

#endif /* ABI_TEST_PARTITIONS_H */
