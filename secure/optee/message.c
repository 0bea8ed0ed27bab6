// SPDX-License-Identifier: BSD-2-Clause
#include "message.h"
#include "guest.h"
#include "optee_smc.h"
#include "string.h"

/* The largest message with the largest RPC message behind it. */
#define ROOM_MAX	(OPTEE_MSG_ARG_SIZE(OPTEE_MSG_MAX_NUM_PARAMS) + \
			 OPTEE_MSG_ARG_SIZE(MESSAGE_RPC_PARAMS))

uint64_t message_room(const struct guest *guest, uint64_t address)
{
	const struct nsmem *fixed = &guest->static_shm;
	uint64_t room;

	if (nsmem_contains(fixed, address, 1)) {
		room = fixed->base + fixed->size - address;
		return room < ROOM_MAX ? room : ROOM_MAX;
	}
	if ((address & (OPTEE_MSG_PAGE_SIZE - 1)) ||
	    !nsmem_contains(&guest->memory, address, OPTEE_MSG_PAGE_SIZE))
		return 0;
	return OPTEE_MSG_PAGE_SIZE;
}

static uint32_t bad_address(struct message *message, uint64_t offset, const char *what)
{
	refused(message->guest, "message at offset %lx: %s", (unsigned long)offset, what);
	return OPTEE_SMC_RETURN_EBADADDR;
}

uint32_t message_read(struct message *message, struct shm *shm, uint64_t offset)
{
	struct optee_msg_arg *arg = &message->arg;
	uint32_t copied;
	uint64_t size;

	if ((shm->offset + offset) & 7)
		return bad_address(message, offset, "not aligned to 8 octets");
	if (!shm_contains(shm, offset, sizeof(*arg)))
		return bad_address(message, offset, "outside its memory");
	shm_read(shm, offset, arg, sizeof(*arg));
	if (arg->num_params > OPTEE_MSG_MAX_NUM_PARAMS)
		return bad_address(message, offset, "more than 127 parameters");
	size = OPTEE_MSG_ARG_SIZE(arg->num_params);
	if (message->rpc_behind)
		size += OPTEE_MSG_ARG_SIZE(MESSAGE_RPC_PARAMS);
	if (!shm_contains(shm, offset, size))
		return bad_address(message, offset, "crosses the end of its memory");

	copied = arg->num_params;
	if (copied > MESSAGE_PARAMS_MAX)
		copied = MESSAGE_PARAMS_MAX;
	memset(message->params, 0, sizeof(message->params));
	shm_read(shm, offset + sizeof(*arg), message->params,
		 copied * sizeof(message->params[0]));
	message->shm = shm;
	message->offset = offset;
	return OPTEE_SMC_RETURN_OK;
}

static void write_field(struct message *message, size_t offset, uint32_t value)
{
	shm_write(message->shm, message->offset + offset, &value, sizeof(value));
}

void message_write_result(struct message *message)
{
	write_field(message, offsetof(struct optee_msg_arg, ret), message->ret);
	write_field(message, offsetof(struct optee_msg_arg, ret_origin), message->ret_origin);
}

void message_write_session(struct message *message, uint32_t session)
{
	write_field(message, offsetof(struct optee_msg_arg, session), session);
}

void message_write_num_params(struct message *message, uint32_t num_params)
{
	write_field(message, offsetof(struct optee_msg_arg, num_params), num_params);
}

void message_write_param(struct message *message, unsigned int index, size_t start, size_t end)
{
	const uint8_t *param = (const uint8_t *)&message->params[index];
	uint64_t offset = message->offset + sizeof(message->arg) +
			  index * sizeof(message->params[0]);

	shm_write(message->shm, offset + start, param + start, end - start);
}
