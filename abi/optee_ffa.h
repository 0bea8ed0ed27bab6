/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * OP-TEE over FF-A: 32-bit direct requests; w3 is the call, w4 to w7 its arguments, and its results
 * from w3 on. Memory is named by the FF-A handle with which it was shared, low half first.
 */
#ifndef ABI_OPTEE_FFA_H
#define ABI_OPTEE_FFA_H

#include "ffa.h"

/* 486178e0-e7f8-11e3-bc5e-0002a5d5c51b */
#define OPTEE_FFA_UUID \
	{ 0x48, 0x61, 0x78, 0xe0, 0xe7, 0xf8, 0x11, 0xe3, \
	  0xbc, 0x5e, 0x00, 0x02, 0xa5, 0xd5, 0xc5, 0x1b }

#define OPTEE_FFA_YIELDING		0x80000000

/* w3 = 1, w4 = 0 */
#define OPTEE_FFA_GET_API_VERSION	0
#define OPTEE_FFA_VERSION_MAJOR		1
#define OPTEE_FFA_VERSION_MINOR		0
/* w3 = major, w4 = minor, w5 = build id */
#define OPTEE_FFA_GET_OS_VERSION	1
/* w3 = 0, w4 = parameters of the RPC message, w5 = capabilities, w6 = highest notification */
#define OPTEE_FFA_EXCHANGE_CAPABILITIES	2
#define OPTEE_FFA_SEC_CAP_ARG_OFFSET	(1 << 0)
#define OPTEE_FFA_SEC_CAP_ASYNC_NOTIF	(1 << 1)
#define OPTEE_FFA_SEC_CAP_RPMB_PROBE	(1 << 2)
#define OPTEE_FFA_SEC_CAP_PROTMEM	(1 << 3)
/* w4, w5 = handle; w3 = result */
#define OPTEE_FFA_UNREGISTER_SHM	3
/* w4 = notification for the bottom half; w3 = result */
#define OPTEE_FFA_ENABLE_ASYNC_NOTIF	5

/* w4, w5 = handle, w6 = offset of the message; the RPC message lies behind it */
#define OPTEE_FFA_YIELDING_CALL_WITH_ARG	OPTEE_FFA_YIELDING
/* w7 = resume information */
#define OPTEE_FFA_YIELDING_CALL_RESUME	(OPTEE_FFA_YIELDING | 1)
/* Both: w3 = TEE_*; w4 = one of these; w7 = resume information */
#define OPTEE_FFA_RETURN_DONE		0
#define OPTEE_FFA_RETURN_RPC_CMD	1
#define OPTEE_FFA_RETURN_INTERRUPT	2

#endif /* ABI_OPTEE_FFA_H */
