/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More FF-A calls as registers, typed from the description of the interface as those of
 * ffa-registers.h are: versions, ids, lists in RX, messages, memory. The partition is the
 * emulation's worker, 8003; its commands are 0 (nothing), 1 (work for so many ms), 2 (yield so
 * often, for so many ns).
 */
#ifndef VECTORS_FFA_CALLS_H
#define VECTORS_FFA_CALLS_H

#include "ffa-registers.h"

/* The answer is a version, and no SUCCESS. */
static const struct vector_ffa vector_ffa_version_1_2 = {
	{ 0x84000063, 0x00010002 }, { 0x00010002 },
};

/* To who asks for more than there is. */
static const struct vector_ffa vector_ffa_version_1_2_of_1_1 = {
	{ 0x84000063, 0x00010002 }, { 0x00010001 },
};

static const struct vector_ffa vector_ffa_version_1_1 = {
	{ 0x84000063, 0x00010001 }, { 0x00010001 },
};

/* Bit 31 must be zero: -1 in 32 bits. */
static const struct vector_ffa vector_ffa_version_bit_31 = {
	{ 0x84000063, 0x80010002 }, { 0xffffffff },
};

static const struct vector_ffa vector_ffa_id_get = { { 0x84000069 }, { 0x84000061, 0, 0 } };

/* The same to a partition. */
static const struct vector_ffa vector_ffa_id_get_8003 = {
	{ 0x84000069 }, { 0x84000061, 0, 0x8003 },
};

static const struct vector_ffa vector_ffa_spm_id_get = { { 0x84000085 }, { 0x84000061, 0, 0x8000 } };

/* Whether descriptors may lie elsewhere than in TX: no. */
static const struct vector_ffa vector_ffa_features_share = {
	{ 0x84000064, 0xc4000073 }, { 0x84000061 },
};

static const struct vector_ffa vector_ffa_features_info_regs = {
	{ 0x84000064, 0xc400008b }, { 0x84000061 },
};

/* The interrupts of notifications: 2 is that of the scheduler, 1 the one of each CPU. */
static const struct vector_ffa vector_ffa_features_sri = { { 0x84000064, 2 }, { 0x84000061, 0, 8 } };
static const struct vector_ffa vector_ffa_features_npi = { { 0x84000064, 1 }, { 0x84000061, 0, 9 } };

/* All of them: to 1.1 a partition once; count, octets of each. */
static const struct vector_ffa vector_ffa_info_get_of_1_1 = {
	{ 0x84000068 }, { 0x84000061, 0, 4, 24 },
};

/* 1.0 knows one size, and does not tell it. 6f6d6e69-7465-4600-8000-000000000004. */
static const struct vector_ffa vector_ffa_info_get_uuid_of_1_0 = {
	{ 0x84000068, 0x696e6d6f, 0x00466574, 0x00000080, 0x04000000 }, { 0x84000061, 0, 1, 0 },
};

static const struct vector_ffa vector_ffa_info_get_uuid = {
	{ 0x84000068, 0x696e6d6f, 0x00466574, 0x00000080, 0x04000000 }, { 0x84000061, 0, 1, 24 },
};

/* Only the number: RX stays with the partition manager. */
static const struct vector_ffa vector_ffa_info_count = {
	{ 0x84000068, 0, 0, 0, 0, 1 }, { 0x84000061, 0, 5 },
};

static const struct vector_ffa vector_ffa_rx_release = { { 0x84000065 }, { 0x84000061 } };

/* DENIED: it is not full. */
static const struct vector_ffa vector_ffa_rx_release_again = {
	{ 0x84000065 }, { 0x84000060, 0, 0xfffffffa },
};

/* From 0 to 8003, and back. */
static const struct vector_ffa vector_ffa_direct_32 = {
	{ 0x8400006f, 0x00008003, 0, 0, 0x11111114, 0x11111115, 0x11111116, 0x11111117 },
	{ 0x84000070, 0x80030000, 0, 0, 0, 0x11111115, 0x11111116, 0x11111117 },
};

static const struct vector_ffa vector_ffa_direct_64 = {
	{
		0xc400006f, 0x00008003, 0, 0, 0x2222222211111114, 0x2222222211111115,
		0x2222222211111116, 0x2222222211111117,
	},
	{
		0xc4000070, 0x80030000, 0, 0, 0, 0x2222222211111115, 0x2222222211111116,
		0x2222222211111117,
	},
};

/* Yields once, for 1000 ns, low half first. */
static const struct vector_ffa vector_ffa_direct_yields = {
	{ 0x8400006f, 0x00008003, 0, 2, 1, 1000 }, { 0x8400006c, 0x80030000, 1000 },
};

/* Who is run is in the upper half. */
static const struct vector_ffa vector_ffa_run_after_yield = {
	{ 0x8400006d, 0x80030000 }, { 0x84000070, 0x80030000, 0, 2, 0, 1000 },
};

static const struct vector_ffa vector_ffa_direct_interrupted = {
	{ 0x8400006f, 0x00008003, 0, 1, 1 }, { 0x84000062, 0x80030000 },
};

static const struct vector_ffa vector_ffa_run_after_interrupt = {
	{ 0x8400006d, 0x80030000 }, { 0x84000070, 0x80030000, 0, 1, 0, 1 },
};

/* BUSY: it is suspended. */
static const struct vector_ffa vector_ffa_direct_busy = {
	{ 0x8400006f, 0x00008003 }, { 0x84000060, 0, 0xfffffffc },
};

/* MSG_WAIT: it had nothing to do. */
static const struct vector_ffa vector_ffa_run_idle = {
	{ 0x8400006d, 0x80030000 }, { 0x8400006b },
};

/*
 * Two ranges, 96 + 2 * 16 octets, all of them in TX. The emulation's handles begin with
 * 0f4d0000fffffff8.
 */
static const struct vector_ffa vector_ffa_share = {
	{ 0xc4000073, 128, 128 }, { 0x84000061, 0, 0xfffffff8, 0x0f4d0000 },
};

/* The next one is lent. */
static const struct vector_ffa vector_ffa_lend = {
	{ 0xc4000072, 128, 128 }, { 0x84000061, 0, 0xfffffff9, 0x0f4d0000 },
};

static const struct vector_ffa vector_ffa_reclaim = {
	{ 0x84000077, 0xfffffff8, 0x0f4d0000 }, { 0x84000061 },
};

static const struct vector_ffa vector_ffa_reclaim_lent = {
	{ 0x84000077, 0xfffffff9, 0x0f4d0000 }, { 0x84000061 },
};

/* INVALID_PARAMETERS: there is none of that name any more. */
static const struct vector_ffa vector_ffa_reclaim_again = {
	{ 0x84000077, 0xfffffff8, 0x0f4d0000 }, { 0x84000060, 0, 0xfffffffe },
};

/*
 * 1100 ranges through a TX of four pages: 96 + 1100 * 16 octets, the first 16384 at once. Asked for
 * is what comes next.
 */
static const struct vector_ffa vector_ffa_share_many[] = {
	{ { 0xc4000073, 17696, 16384 }, { 0x8400007a, 0xfffffff8, 0x0f4d0000, 16384 } },
	{ { 0x8400007b, 0xfffffff8, 0x0f4d0000, 1312 }, { 0x84000061, 0, 0xfffffff8, 0x0f4d0000 } },
};

/* Of a partition: its request has 80 octets, what it gets 128. */
static const struct vector_ffa vector_ffa_retrieve = {
	{ 0x84000074, 80, 80 }, { 0x84000075, 128, 128 },
};

/* Of 286 ranges, through an RX of one page: then from 4096 on, what is left. */
static const struct vector_ffa vector_ffa_retrieve_many = {
	{ 0x84000074, 80, 80 }, { 0x84000075, 4672, 4096 },
};

static const struct vector_ffa vector_ffa_retrieve_rest = {
	{ 0x8400007a, 0xfffffff8, 0x0f4d0000, 4096 }, { 0x8400007b, 0xfffffff8, 0x0f4d0000, 576 },
};

static const struct vector_ffa vector_ffa_relinquish_call = { { 0x84000076 }, { 0x84000061 } };

/* "hello": five characters, the first in the lowest octet. */
static const struct vector_ffa vector_ffa_console_log = {
	{ 0x8400008a, 5, 0x6c6c6568, 0x6f }, { 0x84000061 },
};

/* NOT_SUPPORTED: not for the normal world. */
static const struct vector_ffa vector_ffa_console_log_refused = {
	{ 0x8400008a, 5, 0x6c6c6568, 0x6f }, { 0x84000060, 0, 0xffffffff },
};

#endif /* VECTORS_FFA_CALLS_H */
