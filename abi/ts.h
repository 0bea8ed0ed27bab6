/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Trusted Services: the RPC protocol that secure partitions speak in FF-A direct messages
 * (five 32-bit words), and what their services have in common.
 *
 * Services have formats of their own: ts_storage.h, ts_crypto.h, ts_attestation.h,
 * ts_test.h. All numbers are little-endian, without padding; only records (TLV) are not.
 */
#ifndef ABI_TS_H
#define ABI_TS_H

#include "types.h"

/* UUIDs in printed order, which is also the order in registers and in open session. */
#define TS_UUID_SIZE		16

/* The protocol: what a partition is found by on the FF-A bus. */
#define TS_PROTOCOL_UUID \
	{ 0xbd, 0xcd, 0x76, 0xd7, 0x82, 0x5e, 0x47, 0x51, \
	  0x96, 0x3b, 0x86, 0xd4, 0xf8, 0x49, 0x43, 0xac }

#define TS_ITS_UUID \
	{ 0xdc, 0x1e, 0xef, 0x48, 0xb1, 0x7a, 0x4c, 0xcf, \
	  0xac, 0x8b, 0xdf, 0xcf, 0xf7, 0x71, 0x1b, 0x14 }
#define TS_PS_UUID \
	{ 0x75, 0x1b, 0xf8, 0x01, 0x3d, 0xde, 0x47, 0x68, \
	  0xa5, 0x14, 0x0f, 0x10, 0xae, 0xed, 0x17, 0x90 }
#define TS_CRYPTO_UUID \
	{ 0xd9, 0xdf, 0x52, 0xd5, 0x16, 0xa2, 0x4b, 0xb2, \
	  0x9a, 0xa4, 0xd2, 0x6d, 0x3b, 0x84, 0xe8, 0xc0 }
#define TS_ATTESTATION_UUID \
	{ 0xa1, 0xba, 0xf1, 0x55, 0x88, 0x76, 0x46, 0x95, \
	  0x8f, 0x7c, 0x54, 0x95, 0x5e, 0x8d, 0xb9, 0x74 }
#define TS_TEST_RUNNER_UUID \
	{ 0x33, 0xc7, 0x5b, 0xaf, 0xac, 0x6a, 0x4f, 0xe4, \
	  0x8a, 0xc7, 0xe9, 0x90, 0x9b, 0xee, 0x2d, 0x17 }

#define TS_RPC_VERSION		1

/* The words of a message, data0 to data4. */
#define TS_RPC_WORDS		5
#define TS_RPC_CONTROL		0
/* of the management interface */
#define TS_RPC_HANDLE_LOW	1	/* retrieve and relinquish memory */
#define TS_RPC_HANDLE_HIGH	2
#define TS_RPC_UUID		1	/* service info: words 1 to 4 */
#define TS_RPC_STATUS		1	/* all replies but the version's */
#define TS_RPC_INTERFACE_ID	2	/* reply of service info */
/* of a service's interface, with the handle as above */
#define TS_RPC_LENGTH		3	/* of the request, then of the response */
#define TS_RPC_SERVICE_STATUS	2	/* reply */
#define TS_RPC_CLIENT_ID	4

/* Control word: opcode, interface, and flags that are all zero. */
#define TS_RPC_OPCODE(control)		((control) & 0xffff)
#define TS_RPC_INTERFACE(control)	(((control) >> 16) & 0xff)
#define TS_RPC_FLAGS(control)		((control) >> 24)
#define TS_RPC_MAKE_CONTROL(interface, opcode) \
	((uint32_t)(interface) << 16 | (uint32_t)(opcode))

#define TS_RPC_MANAGEMENT	0xff
#define TS_RPC_OP_VERSION	0	/* replies with the version instead of a status */
#define TS_RPC_OP_RETRIEVE	1
#define TS_RPC_OP_RELINQUISH	2
#define TS_RPC_OP_SERVICE_INFO	3

/* The handle of a call without memory. */
#define TS_RPC_NO_MEMORY	0xffffffffffffffffULL

/* Status of the RPC layer. */
#define TS_RPC_SUCCESS			0
#define TS_RPC_ERROR_INTERNAL		(-1)
#define TS_RPC_ERROR_INVALID_VALUE	(-2)
#define TS_RPC_ERROR_NOT_FOUND		(-3)
#define TS_RPC_ERROR_INVALID_STATE	(-4)
#define TS_RPC_ERROR_TRANSPORT		(-5)
#define TS_RPC_ERROR_REQUEST_BODY	(-6)
#define TS_RPC_ERROR_RESPONSE_BODY	(-7)
#define TS_RPC_ERROR_RESOURCE		(-8)

/* Status of a service: PSA's numbers. */
#define TS_PSA_SUCCESS			0
#define TS_PSA_PROGRAMMER_ERROR		(-129)
#define TS_PSA_CONNECTION_REFUSED	(-130)
#define TS_PSA_CONNECTION_BUSY		(-131)
#define TS_PSA_GENERIC_ERROR		(-132)
#define TS_PSA_NOT_PERMITTED		(-133)
#define TS_PSA_NOT_SUPPORTED		(-134)
#define TS_PSA_INVALID_ARGUMENT		(-135)
#define TS_PSA_INVALID_HANDLE		(-136)
#define TS_PSA_BAD_STATE		(-137)
#define TS_PSA_BUFFER_TOO_SMALL		(-138)
#define TS_PSA_ALREADY_EXISTS		(-139)
#define TS_PSA_DOES_NOT_EXIST		(-140)
#define TS_PSA_INSUFFICIENT_MEMORY	(-141)
#define TS_PSA_INSUFFICIENT_STORAGE	(-142)
#define TS_PSA_INSUFFICIENT_DATA	(-143)
#define TS_PSA_SERVICE_FAILURE		(-144)
#define TS_PSA_COMMUNICATION_FAILURE	(-145)
#define TS_PSA_STORAGE_FAILURE		(-146)
#define TS_PSA_HARDWARE_FAILURE		(-147)
#define TS_PSA_INSUFFICIENT_ENTROPY	(-148)
#define TS_PSA_INVALID_SIGNATURE	(-149)
#define TS_PSA_INVALID_PADDING		(-150)
#define TS_PSA_CORRUPTION_DETECTED	(-151)
#define TS_PSA_DATA_CORRUPT		(-152)
#define TS_PSA_DATA_INVALID		(-153)

/*
 * Records behind the fixed part: tag and length are big-endian 16 bits each, then the value,
 * not aligned. Tags ascend; a missing record counts as an empty one.
 */
#define TS_TLV_HEADER		4
#define TS_TLV_VALUE_MAX	65535

#endif /* ABI_TS_H */
