/* SPDX-License-Identifier: BSD-2-Clause */
/* A message and its private copy. */
#ifndef OPTEE_MESSAGE_H
#define OPTEE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include "optee_msg.h"
#include "shm.h"

struct guest;
struct thread;

/* Parameters that any command takes: two for the trusted OS, four for the application. */
#define MESSAGE_PARAMS_MAX	6
/* Room for parameters that an RPC message has, announced with the capabilities. */
#define MESSAGE_RPC_PARAMS	4

struct message {
	struct guest *guest;
	struct thread *thread;

	/* Where it lies. */
	struct shm *shm;
	uint64_t offset;
	/* The RPC message lies behind it, else it has to be asked for. */
	bool rpc_behind;

	/* Read once; num_params may be larger than what was copied. */
	struct optee_msg_arg arg;
	struct optee_msg_param params[MESSAGE_PARAMS_MAX];

	/* To be written back. */
	uint32_t ret;
	uint32_t ret_origin;
};

/**
 * message_room() - whether a message may lie at an address
 * @guest:	whose memory
 * @address:	of the message; it need not be aligned enough for one
 *
 * Return: octets that there are for it, 0 if it may not lie there.
 */
uint64_t message_room(const struct guest *guest, uint64_t address);

/**
 * message_read() - check and copy a message
 * @message:	guest, thread and rpc_behind are set
 * @shm:	memory that it lies in
 * @offset:	octets into it
 *
 * Return: OPTEE_SMC_RETURN_OK or OPTEE_SMC_RETURN_EBADADDR.
 */
uint32_t message_read(struct message *message, struct shm *shm, uint64_t offset);

/* Write back the result. */
void message_write_result(struct message *message);
void message_write_session(struct message *message, uint32_t session);
void message_write_num_params(struct message *message, uint32_t num_params);
/* Write back octets @start to @end of a parameter from the copy. */
void message_write_param(struct message *message, unsigned int index, size_t start, size_t end);

#endif /* OPTEE_MESSAGE_H */
