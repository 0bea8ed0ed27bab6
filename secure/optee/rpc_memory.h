/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that the normal world lends in the middle of a call. */
#ifndef OPTEE_RPC_MEMORY_H
#define OPTEE_RPC_MEMORY_H

#include <stdbool.h>
#include <stdint.h>
#include "optee_msg.h"
#include "shm.h"

struct message;

/* The call's, until it gives it back; its contents stay in the hands of the normal world. */
struct rpc_memory {
	struct shm *shm;	/* its cookie is set, but it is in no table */
	uint32_t type;		/* OPTEE_RPC_SHM_TYPE_* */
	uint64_t address;	/* of memory in a row; 0: there was a page list, or a handle */
	bool ffa;		/* that is a handle */
};

/**
 * rpc_memory_alloc() - ask for memory
 * @message:	the call that this is a part of
 * @type:	OPTEE_RPC_SHM_TYPE_APPL (the supplicant's) or _KERNEL
 * @size:	octets
 * @memory:	receives at least as much; rpc_memory_free() is due
 *
 * An answer that is not exactly as it should be is given back at once.
 *
 * Return: TEE_SUCCESS, or the other side's error, or TEE_ERROR_OUT_OF_MEMORY.
 */
uint32_t rpc_memory_alloc(struct message *message, uint32_t type, uint64_t size,
			  struct rpc_memory *memory);
void rpc_memory_free(struct message *message, struct rpc_memory *memory);

/* A memref to octets of it: @attr OPTEE_MSG_ATTR_TYPE_RMEM_INPUT, _OUTPUT or _INOUT. */
struct optee_msg_param rpc_memory_param(const struct rpc_memory *memory, uint64_t attr,
					uint64_t offset, uint64_t size);
/* The NULL memref of the same attributes. */
struct optee_msg_param rpc_null_param(const struct message *message, uint64_t attr);

#endif /* OPTEE_RPC_MEMORY_H */
