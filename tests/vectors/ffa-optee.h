/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of OP-TEE over FF-A as registers, typed from the description of the interface: it is
 * partition 8005, w3 is the call, w4 to w7 its arguments, w3 to w7 its results. The message that
 * yielding calls name lies in memory with the handle 0f4d0000fffffff8.
 */
#ifndef VECTORS_FFA_OPTEE_H
#define VECTORS_FFA_OPTEE_H

#include "ffa-registers.h"

/* Version 1.0. */
static const struct vector_ffa vector_ffa_optee_api_version = {
	{ 0x8400006f, 0x00008005, 0, 0 }, { 0x84000070, 0x80050000, 0, 1, 0 },
};

/* The emulation says that it is 4.10. */
static const struct vector_ffa vector_ffa_optee_os_version = {
	{ 0x8400006f, 0x00008005, 0, 1 }, { 0x84000070, 0x80050000, 0, 4, 10 },
};

/* Done; 4 parameters of RPCs; the message of RPCs lies behind, notifications; 299 is the highest. */
static const struct vector_ffa vector_ffa_optee_capabilities = {
	{ 0x8400006f, 0x00008005, 0, 2 }, { 0x84000070, 0x80050000, 0, 0, 4, 3, 299 },
};

/* UNREGISTER_SHM: low half first. BUSY while a call uses it. */
static const struct vector_ffa vector_ffa_optee_unregister = {
	{ 0x8400006f, 0x00008005, 0, 3, 0xfffffff8, 0x0f4d0000 },
	{ 0x84000070, 0x80050000, 0, 0 },
};

static const struct vector_ffa vector_ffa_optee_unregister_busy = {
	{ 0x8400006f, 0x00008005, 0, 3, 0xfffffff8, 0x0f4d0000 },
	{ 0x84000070, 0x80050000, 0, 0xffff000d },
};

/* BAD_PARAMETERS: no call has this number. */
static const struct vector_ffa vector_ffa_optee_unknown = {
	{ 0x8400006f, 0x00008005, 0, 4 }, { 0x84000070, 0x80050000, 0, 0xffff0006 },
};

/* ENABLE_ASYNC_NOTIF: the bottom half is told by notification 5. */
static const struct vector_ffa vector_ffa_optee_enable_notif = {
	{ 0x8400006f, 0x00008005, 0, 5, 5 }, { 0x84000070, 0x80050000, 0, 0 },
};

static const struct vector_ffa vector_ffa_optee_enable_none = {
	{ 0x8400006f, 0x00008005, 0, 5, 64 }, { 0x84000070, 0x80050000, 0, 0xffff0006 },
};

/* YIELDING_CALL_WITH_ARG: handle, then where the message lies: at its beginning. Done. */
static const struct vector_ffa vector_ffa_optee_call = {
	{ 0x8400006f, 0x00008005, 0, 0x80000000, 0xfffffff8, 0x0f4d0000, 0 },
	{ 0x84000070, 0x80050000, 0, 0, 0 },
};

/* At 8192, where there is none. */
static const struct vector_ffa vector_ffa_optee_call_beyond = {
	{ 0x8400006f, 0x00008005, 0, 0x80000000, 0xfffffff8, 0x0f4d0000, 8192 },
	{ 0x84000070, 0x80050000, 0, 0xffff0006 },
};

/* Interrupted: w4 says so, w7 is what it is resumed by: thread 0. */
static const struct vector_ffa vector_ffa_optee_call_interrupted = {
	{ 0x8400006f, 0x00008005, 0, 0x80000000, 0xfffffff8, 0x0f4d0000, 0 },
	{ 0x84000070, 0x80050000, 0, 0, 2, 0, 0, 0 },
};

static const struct vector_ffa vector_ffa_optee_resume = {
	{ 0x8400006f, 0x00008005, 0, 0x80000001, 0, 0, 0, 0 },
	{ 0x84000070, 0x80050000, 0, 0, 0 },
};

/* Nobody waits for that. */
static const struct vector_ffa vector_ffa_optee_resume_none = {
	{ 0x8400006f, 0x00008005, 0, 0x80000001, 0, 0, 0, 0 },
	{ 0x84000070, 0x80050000, 0, 0xffff0006 },
};

/* BUSY: no thread is free. */
static const struct vector_ffa vector_ffa_optee_no_thread = {
	{ 0x8400006f, 0x00008005, 0, 0x80000000, 0xfffffff8, 0x0f4d0000, 0 },
	{ 0x84000070, 0x80050000, 0, 0xffff000d },
};

#endif /* VECTORS_FFA_OPTEE_H */
