/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * OP-TEE messages: the structures that a yielding call and an RPC point at.
 * They lie in memory that both worlds can write: read every field once.
 */
#ifndef ABI_OPTEE_MSG_H
#define ABI_OPTEE_MSG_H

#include "types.h"

/* attr, bits 7:0. RMEM and FMEM (FF-A) share their numbers. */
#define OPTEE_MSG_ATTR_TYPE_NONE		0x0
#define OPTEE_MSG_ATTR_TYPE_VALUE_INPUT		0x1
#define OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT	0x2
#define OPTEE_MSG_ATTR_TYPE_VALUE_INOUT		0x3
#define OPTEE_MSG_ATTR_TYPE_RMEM_INPUT		0x5
#define OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT		0x6
#define OPTEE_MSG_ATTR_TYPE_RMEM_INOUT		0x7
#define OPTEE_MSG_ATTR_TYPE_FMEM_INPUT		OPTEE_MSG_ATTR_TYPE_RMEM_INPUT
#define OPTEE_MSG_ATTR_TYPE_FMEM_OUTPUT		OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT
#define OPTEE_MSG_ATTR_TYPE_FMEM_INOUT		OPTEE_MSG_ATTR_TYPE_RMEM_INOUT
#define OPTEE_MSG_ATTR_TYPE_TMEM_INPUT		0x9
#define OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT		0xa
#define OPTEE_MSG_ATTR_TYPE_TMEM_INOUT		0xb
#define OPTEE_MSG_ATTR_TYPE_MASK		0xff
/* The parameter is for the trusted OS, not for the application. */
#define OPTEE_MSG_ATTR_META			(1 << 8)
/* tmem.buf_ptr points at a page list, see below. */
#define OPTEE_MSG_ATTR_NONCONTIG		(1 << 9)
#define OPTEE_MSG_ATTR_CACHE_SHIFT		16
#define OPTEE_MSG_ATTR_CACHE_MASK		0x7
#define OPTEE_MSG_ATTR_CACHE_PREDEFINED		0

/*
 * Page list: pages of 4 KiB whatever the page size of the normal world, each with
 * 511 physical addresses and the address of the next list page. buf_ptr is the
 * address of the first list page plus the offset of the data in its first page.
 * The next pointer is followed only while entries remain.
 */
#define OPTEE_MSG_PAGE_SIZE			4096
#define OPTEE_MSG_PAGES_PER_LIST		511

struct optee_msg_param_tmem {
	uint64_t buf_ptr;	/* physical address */
	uint64_t size;		/* bytes */
	uint64_t shm_ref;	/* cookie of the normal world */
};

struct optee_msg_param_rmem {
	uint64_t offs;		/* bytes into the registered object */
	uint64_t size;		/* bytes */
	uint64_t shm_ref;	/* cookie of the normal world */
};

struct optee_msg_param_fmem {
	uint32_t offs_low;
	uint16_t offs_high;
	uint16_t internal_offs;	/* offset of the data in its first page */
	uint64_t size;		/* bytes */
	uint64_t global_id;	/* FF-A memory handle */
};

#define OPTEE_MSG_FMEM_INVALID_GLOBAL_ID	0xffffffffffffffffULL

struct optee_msg_param_value {
	uint64_t a;
	uint64_t b;
	uint64_t c;
};

struct optee_msg_param {
	uint64_t attr;
	union {
		struct optee_msg_param_tmem tmem;
		struct optee_msg_param_rmem rmem;
		struct optee_msg_param_fmem fmem;
		struct optee_msg_param_value value;
		uint8_t octets[24];
	} u;
};

ABI_ASSERT_SIZE(struct optee_msg_param, 32);

struct optee_msg_arg {
	uint32_t cmd;
	uint32_t func;
	uint32_t session;
	uint32_t cancel_id;
	uint32_t pad;
	uint32_t ret;
	uint32_t ret_origin;
	uint32_t num_params;
	struct optee_msg_param params[];
};

ABI_ASSERT_SIZE(struct optee_msg_arg, 32);
ABI_ASSERT_OFFSET(struct optee_msg_arg, ret_origin, 24);

#define OPTEE_MSG_MAX_NUM_PARAMS		127
#define OPTEE_MSG_ARG_SIZE(num_params) \
	(sizeof(struct optee_msg_arg) + sizeof(struct optee_msg_param) * (num_params))

/* optee_msg_arg.cmd of a call */
#define OPTEE_MSG_CMD_OPEN_SESSION		0
#define OPTEE_MSG_CMD_INVOKE_COMMAND		1
#define OPTEE_MSG_CMD_CLOSE_SESSION		2
#define OPTEE_MSG_CMD_CANCEL			3
#define OPTEE_MSG_CMD_REGISTER_SHM		4
#define OPTEE_MSG_CMD_UNREGISTER_SHM		5
#define OPTEE_MSG_CMD_DO_BOTTOM_HALF		6
#define OPTEE_MSG_CMD_STOP_ASYNC_NOTIF		7
#define OPTEE_MSG_CMD_LEND_PROTMEM		8
#define OPTEE_MSG_CMD_RECLAIM_PROTMEM		9
#define OPTEE_MSG_CMD_GET_PROTMEM_CONFIG	10
#define OPTEE_MSG_CMD_ASSIGN_PROTMEM		11

/* Login methods, param 1 of OPEN_SESSION, value.c. */
#define OPTEE_MSG_LOGIN_PUBLIC			0x00000000
#define OPTEE_MSG_LOGIN_USER			0x00000001
#define OPTEE_MSG_LOGIN_GROUP			0x00000002
#define OPTEE_MSG_LOGIN_APPLICATION		0x00000004
#define OPTEE_MSG_LOGIN_APPLICATION_USER	0x00000005
#define OPTEE_MSG_LOGIN_APPLICATION_GROUP	0x00000006
#define OPTEE_MSG_LOGIN_REE_KERNEL		0x80000000

/* GP's TA parameters; a message carries them after the META ones. */
#define OPTEE_MSG_MAX_TA_PARAMS			4

#endif /* ABI_OPTEE_MSG_H */
