// SPDX-License-Identifier: BSD-2-Clause
#include "param.h"
#include "ffa_mem.h"
#include "guest.h"
#include "string.h"
#include "tee_result.h"

#define ATTR_CACHE	((uint64_t)OPTEE_MSG_ATTR_CACHE_MASK << OPTEE_MSG_ATTR_CACHE_SHIFT)

static uint32_t temporary_in(struct message *message, const struct optee_msg_param *param,
			     struct app_param *to)
{
	struct guest *guest = message->guest;
	uint64_t address = param->u.tmem.buf_ptr;
	uint64_t size = param->u.tmem.size;

	/* NULL, whatever its size. */
	if (!address)
		return TEE_SUCCESS;
	to->memref.size = size;
	to->memref.room = size;
	if (param->attr & OPTEE_MSG_ATTR_NONCONTIG)
		return shm_from_page_list(guest, address, size, &to->memref.shm);
	if (!nsmem_contains(&guest->static_shm, address, size)) {
		refused(guest, "temporary memory %lx, %lx octets: not in a known area",
			(unsigned long)address, (unsigned long)size);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	return shm_from_range(guest, address, size, &to->memref.shm);
}

static uint32_t registered_in(struct message *message, const struct optee_msg_param *param,
			      struct app_param *to)
{
	struct guest *guest = message->guest;
	struct shm *shm = shm_get(guest, param->u.rmem.shm_ref);

	if (!shm) {
		refused(guest, "registered memory: cookie %lx is unknown",
			(unsigned long)param->u.rmem.shm_ref);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	if (!shm_contains(shm, param->u.rmem.offs, param->u.rmem.size)) {
		refused(guest, "registered memory: %lx + %lx is beyond the object's %lx octets",
			(unsigned long)param->u.rmem.offs, (unsigned long)param->u.rmem.size,
			(unsigned long)shm->size);
		shm_put(guest, shm);
		return TEE_ERROR_SECURITY;
	}
	to->memref.shm = shm;
	to->memref.offset = param->u.rmem.offs;
	to->memref.size = param->u.rmem.size;
	to->memref.room = param->u.rmem.size;
	return TEE_SUCCESS;
}

/* By an FF-A handle, with the offset of the data in the first page apart. */
static uint32_t shared_in(struct message *message, const struct optee_msg_param *param,
			  struct app_param *to)
{
	uint64_t offset = (param->u.fmem.offs_low | (uint64_t)param->u.fmem.offs_high << 32) +
			  param->u.fmem.internal_offs;
	struct guest *guest = message->guest;
	struct shm *shm;

	if (param->u.fmem.global_id == FFA_HANDLE_INVALID && !param->u.fmem.size)
		return TEE_SUCCESS;
	shm = optee_ffa_shm(guest, param->u.fmem.global_id);
	if (!shm)
		return TEE_ERROR_BAD_PARAMETERS;
	if (param->u.fmem.internal_offs >= OPTEE_MSG_PAGE_SIZE ||
	    !shm_contains(shm, offset, param->u.fmem.size)) {
		refused(guest, "shared memory: %lx + %lx is beyond %lx octets",
			(unsigned long)offset, (unsigned long)param->u.fmem.size,
			(unsigned long)shm->size);
		shm_put(guest, shm);
		return TEE_ERROR_SECURITY;
	}
	to->memref.shm = shm;
	to->memref.offset = offset;
	to->memref.size = param->u.fmem.size;
	to->memref.room = param->u.fmem.size;
	return TEE_SUCCESS;
}

static uint32_t param_in(struct message *message, const struct optee_msg_param *param,
			 struct app_param *to)
{
	uint64_t type = param->attr & OPTEE_MSG_ATTR_TYPE_MASK;

	if (param->attr & (OPTEE_MSG_ATTR_META | ATTR_CACHE)) {
		refused(message->guest, "parameter attribute %lx", (unsigned long)param->attr);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	switch (type) {
	case OPTEE_MSG_ATTR_TYPE_NONE:
		return TEE_SUCCESS;
	case OPTEE_MSG_ATTR_TYPE_VALUE_INPUT:
	case OPTEE_MSG_ATTR_TYPE_VALUE_INOUT:
		to->value.a = (uint32_t)param->u.value.a;
		to->value.b = (uint32_t)param->u.value.b;
		to->type = (unsigned int)type;
		return TEE_SUCCESS;
	case OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT:
		to->type = (unsigned int)type;
		return TEE_SUCCESS;
	case OPTEE_MSG_ATTR_TYPE_RMEM_INPUT:
	case OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT:
	case OPTEE_MSG_ATTR_TYPE_RMEM_INOUT:
		to->type = (unsigned int)(type - OPTEE_MSG_ATTR_TYPE_RMEM_INPUT +
					  APP_MEMREF_INPUT);
		return message->guest->ffa ? shared_in(message, param, to) :
			registered_in(message, param, to);
	case OPTEE_MSG_ATTR_TYPE_TMEM_INPUT:
	case OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT:
	case OPTEE_MSG_ATTR_TYPE_TMEM_INOUT:
		to->type = (unsigned int)(type - OPTEE_MSG_ATTR_TYPE_TMEM_INPUT +
					  APP_MEMREF_INPUT);
		if (message->guest->ffa) {
			refused(message->guest, "temporary memory, over FF-A");
			to->type = APP_NONE;
			return TEE_ERROR_BAD_PARAMETERS;
		}
		return temporary_in(message, param, to);
	default:
		refused(message->guest, "parameter type %lx", (unsigned long)type);
		return TEE_ERROR_BAD_PARAMETERS;
	}
}

uint32_t params_in(struct message *message, unsigned int first,
		   struct app_param params[APP_PARAMS])
{
	uint32_t count = message->arg.num_params - first;
	uint32_t ret;
	unsigned int n;

	memset(params, 0, APP_PARAMS * sizeof(*params));
	if (message->arg.num_params < first || count > APP_PARAMS) {
		refused(message->guest, "%u parameters", message->arg.num_params);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	for (n = 0; n < count; n++) {
		ret = param_in(message, &message->params[first + n], &params[n]);
		if (ret != TEE_SUCCESS) {
			params_release(message->guest, params);
			return ret;
		}
	}
	return TEE_SUCCESS;
}

bool param_has_leftovers(const struct optee_msg_param *param)
{
	switch (param->attr & OPTEE_MSG_ATTR_TYPE_MASK) {
	case OPTEE_MSG_ATTR_TYPE_NONE:
	case OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT:
		return param->u.value.a || param->u.value.b || param->u.value.c;
	default:
		return false;
	}
}

#define PARAM_FIELD(field)	offsetof(struct optee_msg_param, u.field)

void params_out(struct message *message, unsigned int first,
		const struct app_param params[APP_PARAMS])
{
	unsigned int n;

	for (n = 0; n < APP_PARAMS; n++) {
		struct optee_msg_param *param = &message->params[first + n];

		switch (params[n].type) {
		case APP_VALUE_OUTPUT:
		case APP_VALUE_INOUT:
			param->u.value.a = params[n].value.a;
			param->u.value.b = params[n].value.b;
			message_write_param(message, first + n, PARAM_FIELD(value.a),
					    PARAM_FIELD(value.c));
			break;
		case APP_MEMREF_OUTPUT:
		case APP_MEMREF_INOUT:
			/* The size is at the same place in all kinds. */
			param->u.rmem.size = params[n].memref.size;
			message_write_param(message, first + n, PARAM_FIELD(rmem.size),
					    PARAM_FIELD(rmem.shm_ref));
			break;
		default:
			break;
		}
	}
}

void params_release(struct guest *guest, struct app_param params[APP_PARAMS])
{
	unsigned int n;

	for (n = 0; n < APP_PARAMS; n++) {
		if (params[n].type < APP_MEMREF_INPUT)
			continue;
		shm_put(guest, params[n].memref.shm);
		params[n].memref.shm = NULL;
	}
}
