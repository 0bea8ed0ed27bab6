/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FF-A calls as registers x0 to x17, typed from the description of the interface. Nothing here may
 * be made from abi/: a constant that is wrong there shall be seen here. What the driver asks in
 * these words the partition manager has to understand, and the other way round.
 */
#ifndef VECTORS_FFA_REGISTERS_H
#define VECTORS_FFA_REGISTERS_H

#include <stdint.h>

#define VECTOR_FFA_REGISTERS	18

struct vector_ffa {
	uint64_t in[VECTOR_FFA_REGISTERS];
	uint64_t out[VECTOR_FFA_REGISTERS];
};

/* Where buffers lie: 4 pages each. */
#define VECTOR_FFA_TX	0x40030000
#define VECTOR_FFA_RX	0x40038000

/* FEATURES of RXTX_MAP: from 4 KiB on, at most 16 pages. */
static const struct vector_ffa vector_ffa_features_rxtx = {
	{ 0x84000064, 0xc4000066 }, { 0x84000061, 0, 0x00100000 },
};

/* First where we write, then where we read; pages of each. */
static const struct vector_ffa vector_ffa_rxtx_map = {
	{ 0xc4000066, 0x40030000, 0x40038000, 4 }, { 0x84000061 },
};

/* Who asks twice is DENIED. */
static const struct vector_ffa vector_ffa_rxtx_map_again = {
	{ 0xc4000066, 0x40030000, 0x40038000, 4 }, { 0x84000060, 0, 0xfffffffa },
};

static const struct vector_ffa vector_ffa_rxtx_unmap = { { 0x84000067 }, { 0x84000061 } };

/* INVALID_PARAMETERS: there are none. */
static const struct vector_ffa vector_ffa_rxtx_unmap_again = {
	{ 0x84000067 }, { 0x84000060, 0, 0xfffffffe },
};

/*
 * Partitions of the emulation: 8001 with two protocols (properties 301), 8002 (001), 8003 (10b), 8004
 * (101), each with one execution context. Index of the last, of the last in this reply, tag,
 * 24 octets; then id, contexts, properties; then 6f6d6e69-7465-4600-8000-00000000000N.
 */
static const struct vector_ffa vector_ffa_info_regs = {
	{ 0xc400008b },
	{
		0xc4000061, 0, 0x0018005b00040004,
		0x0000030100018001, 0x00466574696e6d6f, 0x0100000000000080,
		0x0000030100018001, 0x00466574696e6d6f, 0x0200000000000080,
		0x0000000100018002, 0x00466574696e6d6f, 0x0300000000000080,
		0x0000010b00018003, 0x00466574696e6d6f, 0x0400000000000080,
		0x0000010100018004, 0x00466574696e6d6f, 0x0500000000000080,
	},
};

/* The same from a partition manager that has told all but the last. */
static const struct vector_ffa vector_ffa_info_regs_first_four = {
	{ 0xc400008b },
	{
		0xc4000061, 0, 0x0018005b00030004,
		0x0000030100018001, 0x00466574696e6d6f, 0x0100000000000080,
		0x0000030100018001, 0x00466574696e6d6f, 0x0200000000000080,
		0x0000000100018002, 0x00466574696e6d6f, 0x0300000000000080,
		0x0000010b00018003, 0x00466574696e6d6f, 0x0400000000000080,
	},
};

/* From index 4 on, with the tag. */
static const struct vector_ffa vector_ffa_info_regs_fifth = {
	{ 0xc400008b, 0, 0, 0x005b0004 },
	{
		0xc4000061, 0, 0x0018005b00040004,
		0x0000010100018004, 0x00466574696e6d6f, 0x0500000000000080,
	},
};

/* RETRY: with a tag that is no longer right. */
static const struct vector_ffa vector_ffa_info_regs_changed = {
	{ 0xc400008b, 0, 0, 0x005b0004 }, { 0x84000060, 0, 0xfffffff9 },
};

/* Only 8003's protocol: of it one is told by being answered. */
static const struct vector_ffa vector_ffa_info_regs_uuid = {
	{ 0xc400008b, 0x00466574696e6d6f, 0x0400000000000080 },
	{ 0xc4000061, 0, 0x0018005b00000000, 0x0000010b00018003 },
};

/* bdcd76d7-825e-4751-963b-86d4f84943ac, which nobody has. */
static const struct vector_ffa vector_ffa_info_regs_nobody = {
	{ 0xc400008b, 0x51475e82d776cdbd, 0xac4349f8d4863b96 }, { 0x84000060, 0, 0xfffffffe },
};

/* To the second protocol of 8001, which answers the same words, the last of which says so. */
static const struct vector_ffa vector_ffa_direct2 = {
	{
		0xc400008d, 0x00008001, 0x00466574696e6d6f, 0x0200000000000080,
		0x1111111111111104, 0x1111111111111105, 0x1111111111111106, 0x1111111111111107,
		0x1111111111111108, 0x1111111111111109, 0x111111111111110a, 0x111111111111110b,
		0x111111111111110c, 0x111111111111110d, 0x111111111111110e, 0x111111111111110f,
		0x1111111111111110, 0x1111111111111111,
	},
	{
		0xc400008e, 0x80010000, 0, 0,
		0x1111111111111104, 0x1111111111111105, 0x1111111111111106, 0x1111111111111107,
		0x1111111111111108, 0x1111111111111109, 0x111111111111110a, 0x111111111111110b,
		0x111111111111110c, 0x111111111111110d, 0x111111111111110e, 0x111111111111110f,
		0x1111111111111110, 2,
	},
};

/* For endpoint 0 with 4 virtual CPUs. */
static const struct vector_ffa vector_ffa_bitmap_create = {
	{ 0x8400007d, 0, 4 }, { 0x84000061 },
};

static const struct vector_ffa vector_ffa_bitmap_create_again = {
	{ 0x8400007d, 0, 4 }, { 0x84000060, 0, 0xfffffffa },
};

static const struct vector_ffa vector_ffa_bitmap_destroy = { { 0x8400007e }, { 0x84000061 } };

/* DENIED: something is bound. */
static const struct vector_ffa vector_ffa_bitmap_destroy_bound = {
	{ 0x8400007e }, { 0x84000060, 0, 0xfffffffa },
};

/* Who sets it, then for whom; flags; which, low half first: 63 for all CPUs, 1 for each. */
static const struct vector_ffa vector_ffa_bind = {
	{ 0x8400007f, 0x80030000, 0, 0, 0x80000000 }, { 0x84000061 },
};

static const struct vector_ffa vector_ffa_bind_per_vcpu = {
	{ 0x8400007f, 0x80030000, 1, 2, 0 }, { 0x84000061 },
};

static const struct vector_ffa vector_ffa_bind_again = {
	{ 0x8400007f, 0x80030000, 0, 0, 0x80000000 }, { 0x84000060, 0, 0xfffffffa },
};

static const struct vector_ffa vector_ffa_unbind = {
	{ 0x84000080, 0x80030000, 0, 0, 0x80000000 }, { 0x84000061 },
};

/* DENIED: it is set. */
static const struct vector_ffa vector_ffa_unbind_pending = {
	{ 0x84000080, 0x80030000, 0, 0, 0x80000000 }, { 0x84000060, 0, 0xfffffffa },
};

/* Without the flag. */
static const struct vector_ffa vector_ffa_unbind_per_vcpu = {
	{ 0x84000080, 0x80030000, 0, 2, 0 }, { 0x84000061 },
};

/* Who sets it, then for whom, as in BIND: now that is the partition. 34; then 3 for a virtual CPU. */
static const struct vector_ffa vector_ffa_set = {
	{ 0x84000081, 0x00008003, 0, 0, 4 }, { 0x84000061 },
};

static const struct vector_ffa vector_ffa_set_per_vcpu = {
	{ 0x84000081, 0x00008003, 0x00000001, 8, 0 }, { 0x84000061 },
};

/* INVALID_PARAMETERS: that partition has no virtual CPU 5. */
static const struct vector_ffa vector_ffa_set_no_such_vcpu = {
	{ 0x84000081, 0x00008003, 0x00050001, 8, 0 }, { 0x84000060, 0, 0xfffffffe },
};

/*
 * Pending: 63 for endpoint 0, 1 for its virtual CPUs 1 and 3, 34 for 8003, 3 for its virtual CPU 0. Four
 * lists, of one, three, one and two ids: 0; 0, 1, 3; 8003; 8003, 0.
 */
static const struct vector_ffa vector_ffa_info_get_64 = {
	{ 0xc4000083 }, { 0xc4000061, 0, 0x48200, 0x0003000100000000, 0x0000000080038003 },
};

static const struct vector_ffa vector_ffa_info_get_32 = {
	{ 0x84000083 }, { 0x84000061, 0, 0x48200, 0x00000000, 0x00030001, 0x80038003 },
};

/* NO_DATA: all of it has been told. */
static const struct vector_ffa vector_ffa_info_get_nothing = {
	{ 0xc4000083 }, { 0x84000060, 0, 0xfffffff7 },
};

/* Virtual CPU, then who asks; what secure partitions have set. 63, for all, comes to the first. */
static const struct vector_ffa vector_ffa_get_0 = {
	{ 0x84000082, 0x00000000, 1 }, { 0x84000061, 0, 0, 0x80000000 },
};

static const struct vector_ffa vector_ffa_get_1 = {
	{ 0x84000082, 0x00010000, 1 }, { 0x84000061, 0, 2, 0 },
};

static const struct vector_ffa vector_ffa_get_3 = {
	{ 0x84000082, 0x00030000, 1 }, { 0x84000061, 0, 2, 0 },
};

static const struct vector_ffa vector_ffa_get_nothing[] = {
	{ { 0x84000082, 0x00000000, 1 }, { 0x84000061 } },
	{ { 0x84000082, 0x00010000, 1 }, { 0x84000061 } },
	{ { 0x84000082, 0x00020000, 1 }, { 0x84000061 } },
	{ { 0x84000082, 0x00030000, 1 }, { 0x84000061 } },
};

#endif /* VECTORS_FFA_REGISTERS_H */
