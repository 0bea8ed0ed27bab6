/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* OP-TEE remote procedure calls: optee_msg_arg.cmd of an RPC message. */
#ifndef ABI_OPTEE_RPC_H
#define ABI_OPTEE_RPC_H

/* For the supplicant. */
#define OPTEE_RPC_CMD_LOAD_TA			0
#define OPTEE_RPC_CMD_RPMB			1
#define OPTEE_RPC_CMD_FS			2
#define OPTEE_RPC_CMD_GPROF			9
#define OPTEE_RPC_CMD_SOCKET			10
#define OPTEE_RPC_CMD_FTRACE			11
#define OPTEE_RPC_CMD_PLUGIN			12

/* For the kernel. */
#define OPTEE_RPC_CMD_GET_TIME			3
#define OPTEE_RPC_CMD_NOTIFICATION		4
#define OPTEE_RPC_CMD_SUSPEND			5
#define OPTEE_RPC_CMD_SHM_ALLOC			6
#define OPTEE_RPC_CMD_SHM_FREE			7
#define OPTEE_RPC_CMD_I2C_TRANSFER		21
#define OPTEE_RPC_CMD_RPMB_PROBE_RESET		22
#define OPTEE_RPC_CMD_RPMB_PROBE_NEXT		23
#define OPTEE_RPC_CMD_RPMB_FRAMES		24

/* NOTIFICATION, value.a. */
#define OPTEE_RPC_NOTIFICATION_WAIT		0
#define OPTEE_RPC_NOTIFICATION_SEND		1

/* SHM_ALLOC and SHM_FREE, value.a. */
#define OPTEE_RPC_SHM_TYPE_APPL			0
#define OPTEE_RPC_SHM_TYPE_KERNEL		1
#define OPTEE_RPC_SHM_TYPE_GLOBAL		2

/* FS, value.a of parameter 0. */
#define OPTEE_RPC_FS_OPEN			0
#define OPTEE_RPC_FS_CREATE			1
#define OPTEE_RPC_FS_CLOSE			2
#define OPTEE_RPC_FS_READ			3
#define OPTEE_RPC_FS_WRITE			4
#define OPTEE_RPC_FS_TRUNCATE			5
#define OPTEE_RPC_FS_REMOVE			6
#define OPTEE_RPC_FS_RENAME			7
#define OPTEE_RPC_FS_OPENDIR			8
#define OPTEE_RPC_FS_CLOSEDIR			9
#define OPTEE_RPC_FS_READDIR			10

#endif /* ABI_OPTEE_RPC_H */
