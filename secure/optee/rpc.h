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

struct rpc_message {
	struct optee_msg_arg arg;
	struct optee_msg_param params[MESSAGE_RPC_PARAMS];
};

/**
 * rpc_exchange() - have the normal world execute a message
 * @message:	the call that this is a part of
 * @rpc:	cmd, num_params and that many params; replaced by what comes back
 *
 * Everything that comes back is a copy, and unchecked; as many params are copied as
 * were sent, whatever num_params says then.
 *
 * Return: false without a page for the message, and @rpc is as it was.
 */
bool rpc_exchange(struct message *message, struct rpc_message *rpc);

/**
 * rpc_command() - the same for commands that leave count and types as they are
 * @message:	the call that this is a part of
 * @command:	OPTEE_RPC_CMD_*
 * @params:	parameters, replaced by what comes back
 * @count:	at most MESSAGE_RPC_PARAMS
 *
 * Values and sizes are still to be checked by the caller.
 *
 * Return: the other side's result; OUT_OF_MEMORY without a page for the message;
 * COMMUNICATION if the answer has another shape.
 */
uint32_t rpc_command(struct message *message, uint32_t command,
		     struct optee_msg_param *params, unsigned int count);

/* The fault of that name: a message that nobody needs. */
void rpc_inject(struct message *message, uint64_t argument);

/* At the end of each call: give back the thread's page unless it is to be kept. */
void rpc_finish(struct guest *guest, struct thread *thread);

#endif /* OPTEE_RPC_H */
