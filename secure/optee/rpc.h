/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to the normal world in the middle of a call. */
#ifndef OPTEE_RPC_H
#define OPTEE_RPC_H

#include <stdbool.h>
#include <stdint.h>
#include "message.h"
#include "thread.h"

/* A page for an RPC message; false if the normal world gave none that is usable. */
bool rpc_alloc(struct guest *guest, struct thread *thread, uint64_t size,
	       struct rpc_page *page);
void rpc_free(struct thread *thread, uint64_t cookie);

/**
 * rpc_command() - have the normal world execute a command
 * @message:	the call that this is a part of
 * @command:	OPTEE_RPC_CMD_*
 * @params:	parameters, replaced by what comes back
 * @count:	at most MESSAGE_RPC_PARAMS
 *
 * What comes back is a copy, but is to be checked by the caller like everything else.
 *
 * Return: the other side's result; OUT_OF_MEMORY without a page for the message.
 */
uint32_t rpc_command(struct message *message, uint32_t command,
		     struct optee_msg_param *params, unsigned int count);

/* At the end of each call: give back the thread's page unless it is to be kept. */
void rpc_finish(struct guest *guest, struct thread *thread);

#endif /* OPTEE_RPC_H */
