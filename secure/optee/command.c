// SPDX-License-Identifier: BSD-2-Clause
/* The commands of a message. */
#include "entry.h"
#include "guest.h"
#include "load.h"
#include "message.h"
#include "optee_smc.h"
#include "param.h"
#include "rpc.h"
#include "string.h"
#include "tee_result.h"

#define ATTR_META_INPUT	(OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META)
#define ATTR_PAGE_LIST	(OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG)
#define OPEN_META	2

static void set_result(struct message *message, uint32_t ret, uint32_t origin)
{
	message->ret = ret;
	message->ret_origin = origin;
}

/* RPCs that nobody needs, before the call ends. */
static void inject_rpcs(struct message *message)
{
	struct guest *guest = message->guest;
	struct rpc_page page;
	uint64_t argument;

	if (fault_take(&guest->faults, SIM_FAULT_RPC_UNKNOWN, &argument))
		thread_rpc(message->thread, argument, 0, 0);
	if (fault_take(&guest->faults, SIM_FAULT_RPC_ALLOC_FREE, &argument) &&
	    rpc_alloc(guest, message->thread, argument, &page))
		rpc_free(message->thread, page.cookie);
	if (fault_take(&guest->faults, SIM_FAULT_RPC_BAD_FREE, &argument))
		rpc_free(message->thread, argument);
	if (fault_take(&guest->faults, SIM_FAULT_RPC_INJECT, &argument))
		rpc_inject(message, argument);
}

/* Spoil the reply to an open or invoke whose first user parameter is number @first. */
static void inject_reply(struct message *message, unsigned int first,
			 const struct app_param *params)
{
	struct faults *faults = &message->guest->faults;
	uint64_t argument;

	if (params[0].type != APP_NONE &&
	    fault_take(faults, SIM_FAULT_REPLY_ATTR, &argument)) {
		message->params[first].attr ^= argument;
		message_write_param(message, first, 0, sizeof(message->params[0].attr));
	}
	if (params[0].type >= APP_MEMREF_INPUT &&
	    fault_take(faults, SIM_FAULT_REPLY_SIZE, &argument)) {
		message->params[first].u.rmem.size = argument;
		message_write_param(message, first,
				    offsetof(struct optee_msg_param, u.rmem.size),
				    offsetof(struct optee_msg_param, u.rmem.shm_ref));
	}
	if (fault_take(faults, SIM_FAULT_REPLY_NUM_PARAMS, &argument))
		message_write_num_params(message, (uint32_t)argument);
}

static void reply(struct message *message, unsigned int first, const struct app_param *params)
{
	inject_rpcs(message);
	params_out(message, first, params);
	inject_reply(message, first, params);
}

/* An application that is not built in. */
static uint32_t open_unknown(struct message *message)
{
	const uint8_t *uuid = message->params[0].u.octets;

	if (!load_wanted(message->guest, uuid))
		return TEE_ERROR_ITEM_NOT_FOUND;
	return load_app(message, uuid);
}

static int find_app(const uint8_t uuid[16])
{
	unsigned int n;

	for (n = 0; n < app_count; n++)
		if (!memcmp(apps[n]->uuid, uuid, 16))
			return (int)n;
	return -1;
}

/* Who the client is, as far as the normal world may say so. */
static uint32_t set_identity(struct session *session, const struct optee_msg_param *param)
{
	uint64_t login = param->u.value.c;

	switch (login) {
	case OPTEE_MSG_LOGIN_PUBLIC:
	case OPTEE_MSG_LOGIN_REE_KERNEL:
		break;
	case OPTEE_MSG_LOGIN_USER:
	case OPTEE_MSG_LOGIN_GROUP:
	case OPTEE_MSG_LOGIN_APPLICATION:
	case OPTEE_MSG_LOGIN_APPLICATION_USER:
	case OPTEE_MSG_LOGIN_APPLICATION_GROUP:
		memcpy(session->client, param->u.octets, sizeof(session->client));
		break;
	default:
		return TEE_ERROR_BAD_PARAMETERS;
	}
	session->login = (uint32_t)login;
	return TEE_SUCCESS;
}

/* The end of a call of an application; what the client is told. */
static uint32_t answer(struct app_call *call, unsigned int first, uint32_t ret)
{
	struct message *message = call->message;

	/* Nothing of an application that panicked goes out, also not of its other calls. */
	if (session_dead(call->guest, call->session)) {
		set_result(message, TEE_ERROR_TARGET_DEAD, TEE_ORIGIN_TEE);
		return TEE_ERROR_TARGET_DEAD;
	}
	set_result(message, ret, TEE_ORIGIN_TRUSTED_APP);
	reply(message, first, call->params);
	return ret;
}

static bool open_app(struct message *message, struct session *session)
{
	struct app_call call = {
		.guest = message->guest,
		.thread = message->thread,
		.message = message,
		.session = session,
		.state = session->instance->state,
	};
	uint32_t ret;

	ret = params_in(message, OPEN_META, call.params);
	if (ret != TEE_SUCCESS) {
		set_result(message, ret, TEE_ORIGIN_TEE);
		return false;
	}
	ret = session->app->open ? session->app->open(&call) : TEE_SUCCESS;
	ret = answer(&call, OPEN_META, ret);
	params_release(message->guest, call.params);
	return ret == TEE_SUCCESS;
}

static void open_session(struct message *message)
{
	struct guest *guest = message->guest;
	struct session *session;
	uint32_t id = 0, ret;
	uint64_t argument;
	int app;

	if (message->arg.num_params < OPEN_META ||
	    message->params[0].attr != ATTR_META_INPUT ||
	    message->params[1].attr != ATTR_META_INPUT) {
		refused(guest, "OPEN_SESSION: no application or client is named");
		set_result(message, TEE_ERROR_BAD_PARAMETERS, TEE_ORIGIN_TEE);
		goto out;
	}
	app = find_app(message->params[0].u.octets);
	if (app < 0) {
		set_result(message, open_unknown(message), TEE_ORIGIN_TEE);
		goto out;
	}
	ret = session_new(guest, (unsigned int)app, &session);
	if (ret != TEE_SUCCESS) {
		set_result(message, ret, TEE_ORIGIN_TEE);
		goto out;
	}
	ret = set_identity(session, &message->params[1]);
	if (ret != TEE_SUCCESS) {
		refused(guest, "OPEN_SESSION: login %lx",
			(unsigned long)message->params[1].u.value.c);
		set_result(message, ret, TEE_ORIGIN_TEE);
		goto discard;
	}
	if (!open_app(message, session))
		goto discard;
	id = session_publish(guest, session);
	if (fault_take(&guest->faults, SIM_FAULT_REPLY_SESSION, &argument))
		id = (uint32_t)argument;
	goto out;
discard:
	session_discard(guest, session);
out:
	message_write_session(message, id);
}

static void invoke_command(struct message *message)
{
	struct guest *guest = message->guest;
	struct app_call call = {
		.guest = guest,
		.thread = message->thread,
		.message = message,
	};
	uint32_t ret;

	call.session = session_begin(guest, message->arg.session);
	if (!call.session) {
		refused(guest, "INVOKE_COMMAND: session %u is unknown", message->arg.session);
		set_result(message, TEE_ERROR_BAD_PARAMETERS, TEE_ORIGIN_TEE);
		return;
	}
	if (session_dead(guest, call.session)) {
		set_result(message, TEE_ERROR_TARGET_DEAD, TEE_ORIGIN_TEE);
		goto out;
	}
	call.state = call.session->instance->state;
	ret = params_in(message, 0, call.params);
	if (ret != TEE_SUCCESS) {
		set_result(message, ret, TEE_ORIGIN_TEE);
	} else {
		ret = call.session->app->invoke(&call, message->arg.func);
		answer(&call, 0, ret);
		params_release(guest, call.params);
	}
out:
	session_end(guest, call.session);
}

static uint32_t close_session(struct message *message)
{
	if (message->arg.num_params)
		return TEE_ERROR_BAD_PARAMETERS;
	if (!session_close(message->guest, message->arg.session)) {
		refused(message->guest, "CLOSE_SESSION: session %u is unknown",
			message->arg.session);
		return TEE_ERROR_ITEM_NOT_FOUND;
	}
	return TEE_SUCCESS;
}

static uint32_t cancel(struct message *message)
{
	if (message->arg.num_params)
		return TEE_ERROR_BAD_PARAMETERS;
	if (!session_cancel(message->guest, message->arg.session)) {
		refused(message->guest, "CANCEL: session %u is unknown", message->arg.session);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	return TEE_SUCCESS;
}

static uint32_t register_shm(struct message *message)
{
	const struct optee_msg_param *param = &message->params[0];
	struct guest *guest = message->guest;
	struct shm *shm;
	uint64_t argument;
	uint32_t ret;

	if (message->arg.num_params != 1 || param->attr != ATTR_PAGE_LIST) {
		refused(guest, "REGISTER_SHM: %u parameters, attribute %lx",
			message->arg.num_params, (unsigned long)param->attr);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	if (!guest->dynamic_shm) {
		refused(guest, "REGISTER_SHM: there is no dynamic memory");
		return TEE_ERROR_BAD_PARAMETERS;
	}
	if (fault_take(&guest->faults, SIM_FAULT_REGISTER_REFUSED, &argument))
		return (uint32_t)argument;
	ret = shm_from_page_list(guest, param->u.tmem.buf_ptr, param->u.tmem.size, &shm);
	if (ret == TEE_SUCCESS)
		shm_register(guest, shm, param->u.tmem.shm_ref);
	return ret;
}

static uint32_t unregister_shm(struct message *message)
{
	const struct optee_msg_param *param = &message->params[0];
	struct guest *guest = message->guest;
	uint64_t argument;

	if (message->arg.num_params != 1 || param->attr != OPTEE_MSG_ATTR_TYPE_RMEM_INPUT) {
		refused(guest, "UNREGISTER_SHM: %u parameters, attribute %lx",
			message->arg.num_params, (unsigned long)param->attr);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	if (fault_take(&guest->faults, SIM_FAULT_UNREGISTER_REFUSED, &argument))
		return (uint32_t)argument;
	return shm_unregister(guest, message->thread, param->u.rmem.shm_ref, message->shm);
}

/* Commands of a feature that is off are unknown. */
static uint32_t command_of(const struct message *message)
{
	uint32_t cmd = message->arg.cmd;

	/* Memory comes by FF-A then. */
	if (message->guest->ffa &&
	    (cmd == OPTEE_MSG_CMD_REGISTER_SHM || cmd == OPTEE_MSG_CMD_UNREGISTER_SHM))
		return ~0U;
	if (!message->guest->notif.offered &&
	    (cmd == OPTEE_MSG_CMD_DO_BOTTOM_HALF || cmd == OPTEE_MSG_CMD_STOP_ASYNC_NOTIF))
		return ~0U;
	return cmd;
}

/*
 * Drivers clear a message before they fill it in: what is in fields that this one does not
 * use is of another client's. Nothing is refused for it.
 */
static bool has_leftovers(const struct message *message)
{
	const struct optee_msg_arg *arg = &message->arg;
	uint32_t any = arg->pad | arg->ret | arg->ret_origin;
	unsigned int n;

	if (arg->cmd != OPTEE_MSG_CMD_INVOKE_COMMAND)
		any |= arg->func;
	if (arg->cmd == OPTEE_MSG_CMD_OPEN_SESSION || arg->cmd == OPTEE_MSG_CMD_REGISTER_SHM ||
	    arg->cmd == OPTEE_MSG_CMD_UNREGISTER_SHM)
		any |= arg->session;
	for (n = 0; n < arg->num_params && n < MESSAGE_PARAMS_MAX; n++)
		if (param_has_leftovers(&message->params[n]))
			return true;
	return any;
}

uint32_t optee_command(struct message *message)
{
	if (has_leftovers(message))
		counter_add(message->guest, SIM_COUNTER_LEFTOVERS, 1);
	switch (command_of(message)) {
	case OPTEE_MSG_CMD_OPEN_SESSION:
		open_session(message);
		break;
	case OPTEE_MSG_CMD_INVOKE_COMMAND:
		invoke_command(message);
		break;
	case OPTEE_MSG_CMD_CLOSE_SESSION:
		set_result(message, close_session(message), TEE_ORIGIN_TEE);
		break;
	case OPTEE_MSG_CMD_CANCEL:
		set_result(message, cancel(message), TEE_ORIGIN_TEE);
		break;
	case OPTEE_MSG_CMD_REGISTER_SHM:
		set_result(message, register_shm(message), TEE_ORIGIN_TEE);
		break;
	case OPTEE_MSG_CMD_UNREGISTER_SHM:
		set_result(message, unregister_shm(message), TEE_ORIGIN_TEE);
		break;
	case OPTEE_MSG_CMD_DO_BOTTOM_HALF:
		set_result(message, notif_bottom_half(message), TEE_ORIGIN_TEE);
		break;
	case OPTEE_MSG_CMD_STOP_ASYNC_NOTIF:
		set_result(message, notif_stop(message), TEE_ORIGIN_TEE);
		break;
	default:
		refused(message->guest, "message command %u is unknown", message->arg.cmd);
		return OPTEE_SMC_RETURN_EBADCMD;
	}
	message_write_result(message);
	return OPTEE_SMC_RETURN_OK;
}
