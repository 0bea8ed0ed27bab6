/* SPDX-License-Identifier: BSD-2-Clause */
/* The normal world's answers to RPCs, for unit tests. */
#ifndef UNIT_NW_RPC_H
#define UNIT_NW_RPC_H

#include "nw.h"
#include "optee_rpc.h"

/* Memory that SHM_ALLOC hands out: its pages are every other one from here. */
#define NW_LENT		(HOST_MEMORY_BASE + 0x600000)
#define NW_LENT_COOKIE	0xc00c1e0000000001ULL
#define NW_LENT_MAX	(1 << 20)

/*
 * Executes a message; sets ret, and may do to the rest whatever it likes. NULL: every
 * command answers NOT_SUPPORTED.
 */
typedef void (*nw_rpc_fn)(struct optee_msg_arg *rpc);

/* Set by tests, see nw_rpc_reset(). */
struct nw_rpc {
	nw_rpc_fn serve;
	bool no_page;		/* ALLOC is answered with nothing */
	unsigned int commands;	/* RPCs with a message, so far */
	unsigned int frees;	/* SHM_FREE, so far */
	uint64_t freed;		/* cookie of the last one */
	uint64_t pages;		/* ALLOC less FREE */
};

extern struct nw_rpc nw_rpc;

void nw_rpc_reset(nw_rpc_fn serve);

/* A call with the message at NW_MESSAGE and all its RPCs; the result of the message. */
uint32_t nw_rpc_run(void);

/* SHM_ALLOC and SHM_FREE as they should be; false if it is neither. */
bool nw_rpc_memory(struct optee_msg_arg *rpc);
/* Where an octet of the memory lent last is. */
uint8_t *nw_lent(uint64_t offset);

/* Open with any UUID; the session or 0. */
uint32_t nw_rpc_open(const uint8_t uuid[16], uint32_t *ret);

#endif /* UNIT_NW_RPC_H */
