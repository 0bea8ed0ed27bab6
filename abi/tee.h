/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * User-space interface of the TEE subsystem: /dev/teeN and /dev/teeprivN.
 * The layout is newest mainline's on every kernel.
 */
#ifndef ABI_TEE_H
#define ABI_TEE_H

#include "types.h"

#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define TEE_IOC_MAGIC			0xa4
#define TEE_IOC_BASE			0

/* Largest argument of the calls that take struct tee_ioctl_buf_data, bytes. */
#define TEE_MAX_ARG_SIZE		4096

/* gen_caps */
#define TEE_GEN_CAP_GP			(1 << 0)	/* GlobalPlatform client API */
#define TEE_GEN_CAP_PRIVILEGED		(1 << 1)	/* supplicant device */
#define TEE_GEN_CAP_REG_MEM		(1 << 2)	/* SHM_REGISTER works */
#define TEE_GEN_CAP_MEMREF_NULL		(1 << 3)	/* NULL memory references */
#define TEE_GEN_CAP_OBJREF		(1 << 4)	/* object references */

#define TEE_MEMREF_NULL			((uint64_t)-1)
#define TEE_OBJREF_NULL			((uint64_t)-1)

/* Flags of an object reference of QTEE: whose object it is. */
#define TEE_QTEE_OBJREF_TEE		(1 << 0)	/* QTEE's */
#define TEE_QTEE_OBJREF_USER		(1 << 1)	/* a process's, the id is of its choice */
#define TEE_QTEE_OBJREF_MEM		(1 << 2)	/* shared memory, by the id of SHM_ALLOC */

#define TEE_IMPL_ID_OPTEE		1
#define TEE_IMPL_ID_AMDTEE		2
#define TEE_IMPL_ID_TSTEE		3
#define TEE_IMPL_ID_QTEE		4

/* impl_caps of OP-TEE */
#define TEE_OPTEE_CAP_TZ		(1 << 0)

struct tee_ioctl_version_data {
	uint32_t impl_id;
	uint32_t impl_caps;
	uint32_t gen_caps;
};

struct tee_ioctl_shm_alloc_data {
	uint64_t size;		/* bytes; out: the real size */
	uint32_t flags;		/* 0 */
	int32_t id;		/* out */
};

struct tee_ioctl_shm_register_data {
	uint64_t addr;		/* user address */
	uint64_t length;	/* bytes; out: as registered */
	uint32_t flags;		/* 0 */
	int32_t id;		/* out */
};

struct tee_ioctl_shm_register_fd_data {
	int64_t fd;		/* of a dma-buf */
	uint64_t size;		/* out, bytes */
	uint32_t flags;		/* 0 */
	int32_t id;		/* out */
};

struct tee_ioctl_buf_data {
	uint64_t buf_ptr;	/* user address of the argument */
	uint64_t buf_len;	/* bytes, exactly the size of the argument */
};

/* attr, bits 7:0 */
#define TEE_IOCTL_PARAM_ATTR_TYPE_NONE		0
#define TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT	1
#define TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT	2
#define TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT	3
#define TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT	5
#define TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT	6
#define TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT	7
#define TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT	8
#define TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT	9
#define TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INOUT	10
#define TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT	11
#define TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT	12
#define TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT	13
#define TEE_IOCTL_PARAM_ATTR_TYPE_MASK		0xff
#define TEE_IOCTL_PARAM_ATTR_META		0x100
#define TEE_IOCTL_PARAM_ATTR_MASK \
	(TEE_IOCTL_PARAM_ATTR_TYPE_MASK | TEE_IOCTL_PARAM_ATTR_META)

/*
 * value: a, b, c as they are. memref: a offset, b size (bytes), c shm id or
 * TEE_MEMREF_NULL. ubuf: a user address, b size. objref: a id, b flags.
 */
struct tee_ioctl_param {
	uint64_t attr;
	uint64_t a;
	uint64_t b;
	uint64_t c;
};

#define TEE_IOCTL_UUID_LEN			16

#define TEE_IOCTL_LOGIN_PUBLIC			0
#define TEE_IOCTL_LOGIN_USER			1
#define TEE_IOCTL_LOGIN_GROUP			2
#define TEE_IOCTL_LOGIN_APPLICATION		4
#define TEE_IOCTL_LOGIN_USER_APPLICATION	5
#define TEE_IOCTL_LOGIN_GROUP_APPLICATION	6
/* Logins of this range, both ends included, are for clients in the kernel. */
#define TEE_IOCTL_LOGIN_REE_KERNEL_MIN		0x80000000
#define TEE_IOCTL_LOGIN_REE_KERNEL_MAX		0xbfffffff
#define TEE_IOCTL_LOGIN_REE_KERNEL		0x80000000

struct tee_ioctl_open_session_arg {
	uint8_t uuid[TEE_IOCTL_UUID_LEN];	/* octets in RFC 4122 order */
	uint8_t clnt_uuid[TEE_IOCTL_UUID_LEN];	/* GROUP login: gid in the first 4 */
	uint32_t clnt_login;
	uint32_t cancel_id;
	uint32_t session;	/* out */
	uint32_t ret;		/* out, TEE_* */
	uint32_t ret_origin;	/* out, TEE_ORIGIN_* */
	uint32_t num_params;
	struct tee_ioctl_param params[];
};

struct tee_ioctl_invoke_arg {
	uint32_t func;
	uint32_t session;
	uint32_t cancel_id;
	uint32_t ret;		/* out */
	uint32_t ret_origin;	/* out */
	uint32_t num_params;
	struct tee_ioctl_param params[];
};

struct tee_ioctl_cancel_arg {
	uint32_t cancel_id;
	uint32_t session;
};

struct tee_ioctl_close_session_arg {
	uint32_t session;
};

/* The tags of the next two are historical spellings. */
struct tee_iocl_supp_recv_arg {
	uint32_t func;		/* out */
	uint32_t num_params;	/* in: room, out: used */
	struct tee_ioctl_param params[];
};

struct tee_iocl_supp_send_arg {
	uint32_t ret;
	uint32_t num_params;
	struct tee_ioctl_param params[];
};

struct tee_ioctl_object_invoke_arg {
	uint64_t id;		/* object, or TEE_OBJREF_NULL for the root */
	uint32_t op;
	uint32_t ret;		/* out */
	uint32_t num_params;
	uint32_t pad;
	struct tee_ioctl_param params[];
};

ABI_ASSERT_SIZE(struct tee_ioctl_version_data, 12);
ABI_ASSERT_SIZE(struct tee_ioctl_shm_alloc_data, 16);
ABI_ASSERT_SIZE(struct tee_ioctl_shm_register_data, 24);
ABI_ASSERT_SIZE(struct tee_ioctl_shm_register_fd_data, 24);
ABI_ASSERT_SIZE(struct tee_ioctl_buf_data, 16);
ABI_ASSERT_SIZE(struct tee_ioctl_param, 32);
ABI_ASSERT_SIZE(struct tee_ioctl_open_session_arg, 56);
ABI_ASSERT_SIZE(struct tee_ioctl_invoke_arg, 24);
ABI_ASSERT_SIZE(struct tee_ioctl_cancel_arg, 8);
ABI_ASSERT_SIZE(struct tee_ioctl_close_session_arg, 4);
ABI_ASSERT_SIZE(struct tee_iocl_supp_recv_arg, 8);
ABI_ASSERT_SIZE(struct tee_iocl_supp_send_arg, 8);
ABI_ASSERT_SIZE(struct tee_ioctl_object_invoke_arg, 24);

/* The direction bits are historical; the numbers are the interface. */
#define TEE_IOC_VERSION		_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 0, \
				     struct tee_ioctl_version_data)
#define TEE_IOC_SHM_ALLOC	_IOWR(TEE_IOC_MAGIC, TEE_IOC_BASE + 1, \
				      struct tee_ioctl_shm_alloc_data)
#define TEE_IOC_OPEN_SESSION	_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 2, \
				     struct tee_ioctl_buf_data)
#define TEE_IOC_INVOKE		_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 3, \
				     struct tee_ioctl_buf_data)
#define TEE_IOC_CANCEL		_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 4, \
				     struct tee_ioctl_cancel_arg)
#define TEE_IOC_CLOSE_SESSION	_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 5, \
				     struct tee_ioctl_close_session_arg)
#define TEE_IOC_SUPPL_RECV	_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 6, \
				     struct tee_ioctl_buf_data)
#define TEE_IOC_SUPPL_SEND	_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 7, \
				     struct tee_ioctl_buf_data)
#define TEE_IOC_SHM_REGISTER_FD	_IOWR(TEE_IOC_MAGIC, TEE_IOC_BASE + 8, \
				      struct tee_ioctl_shm_register_fd_data)
#define TEE_IOC_SHM_REGISTER	_IOWR(TEE_IOC_MAGIC, TEE_IOC_BASE + 9, \
				      struct tee_ioctl_shm_register_data)
#define TEE_IOC_OBJECT_INVOKE	_IOR(TEE_IOC_MAGIC, TEE_IOC_BASE + 10, \
				     struct tee_ioctl_buf_data)

#endif /* ABI_TEE_H */
