/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trusted Services messages, requests and responses, typed from the description of the
 * protocol. Nothing here may be made from abi/: a constant that is wrong there shall be
 * seen here.
 */
#ifndef VECTORS_TS_H
#define VECTORS_TS_H

#include <stdint.h>

/* bdcd76d7-825e-4751-963b-86d4f84943ac, as octets and as registers w1 to w4. */
static const uint8_t vector_ts_protocol[16] = {
	0xbd, 0xcd, 0x76, 0xd7, 0x82, 0x5e, 0x47, 0x51,
	0x96, 0x3b, 0x86, 0xd4, 0xf8, 0x49, 0x43, 0xac,
};

static const uint32_t vector_ts_protocol_words[4] = {
	0xd776cdbd, 0x51475e82, 0xd4863b96, 0xac4349f8,
};

/* Messages and replies, five words each. */
static const uint32_t vector_ts_version[2][5] = {
	{ 0x00ff0000, 0, 0, 0, 0 },
	{ 0x00ff0000, 1, 0, 0, 0 },
};

static const uint32_t vector_ts_retrieve[2][5] = {
	{ 0x00ff0001, 0x89abcdef, 0x01234567, 0, 0 },
	{ 0x00ff0001, 0, 0, 0, 0 },
};

static const uint32_t vector_ts_relinquish[2][5] = {
	{ 0x00ff0002, 0x89abcdef, 0x01234567, 0, 0 },
	{ 0x00ff0002, 0, 0, 0, 0 },
};

/* Protected storage, 751bf801-3dde-4768-a514-0f10aeed1790: interface 1 of its partition. */
static const uint32_t vector_ts_service_info[2][5] = {
	{ 0x00ff0003, 0x01f81b75, 0x6847de3d, 0x100f14a5, 0x9017edae },
	{ 0x00ff0003, 0, 1, 0, 0 },
};

/* A service that there is not: -3. */
static const uint32_t vector_ts_service_unknown[2][5] = {
	{ 0x00ff0003, 1, 2, 3, 4 },
	{ 0x00ff0003, 0xfffffffd, 0, 0, 0 },
};

static const uint32_t vector_ts_unknown_operation[2][5] = {
	{ 0x00ff0004, 1, 2, 3, 4 },
	{ 0x00ff0004, 0xfffffffe, 0, 0, 0 },
};

/* SET of interface 1 with a request of 25 octets, and its reply. */
static const uint32_t vector_ts_call_set[2][5] = {
	{ 0x00010100, 0x89abcdef, 0x01234567, 25, 0 },
	{ 0x00010100, 0, 0, 0, 0 },
};

/* GET of 24 octets, which brings 5. */
static const uint32_t vector_ts_call_get[2][5] = {
	{ 0x00010101, 0x89abcdef, 0x01234567, 24, 0 },
	{ 0x00010101, 0, 0, 5, 0 },
};

/* REMOVE of what is not there: RPC status 0, service status -140. */
static const uint32_t vector_ts_call_remove_absent[2][5] = {
	{ 0x00010103, 0x89abcdef, 0x01234567, 8, 0 },
	{ 0x00010103, 0, 0xffffff74, 0, 0 },
};

/* GET_SUPPORT without memory: no room for the answer, -7. */
static const uint32_t vector_ts_call_no_memory[2][5] = {
	{ 0x00010106, 0xffffffff, 0xffffffff, 0, 0 },
	{ 0x00010106, 0xfffffff9, 0, 0, 0 },
};

/* uid 0x1122334455667788, 5 octets, no confidentiality: "hello". */
static const uint8_t vector_ts_set[25] = {
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
	0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x02, 0x00, 0x00, 0x00,
	'h', 'e', 'l', 'l', 'o',
};

/* From offset 0, up to 4096 octets. */
static const uint8_t vector_ts_get[24] = {
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

/* GET_INFO and REMOVE. */
static const uint8_t vector_ts_uid[8] = {
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
};

/* Of the object after vector_ts_set: capacity 5, size 5, flags 2. */
static const uint8_t vector_ts_info[20] = {
	0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x02, 0x00, 0x00, 0x00,
};

/* The same uid, capacity 64, no flags. */
static const uint8_t vector_ts_create[20] = {
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
	0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00,
};

/* From offset 0, 3 octets: "abc". */
static const uint8_t vector_ts_set_extended[27] = {
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	'a', 'b', 'c',
};

/* SET_EXTENDED is supported. */
static const uint8_t vector_ts_support[4] = { 0x01, 0x00, 0x00, 0x00 };

#endif /* VECTORS_TS_H */
