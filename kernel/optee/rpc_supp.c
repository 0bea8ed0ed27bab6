// SPDX-License-Identifier: GPL-2.0-only
/*
 * RPCs that the supplicant answers, and memory that it lends to the secure world.
 */
#include <linux/overflow.h>

#include <abi/optee_rpc.h>
#include <abi/tee_result.h>

#include "optee_private.h"

/**
 * struct optee_rpc_request - an RPC on its way to the supplicant, on the stack
 * @req:	request
 * @num_mems:	entries of @mems
 * @mems:	memory that it names, with references
 */
struct optee_rpc_request {
	struct optee_supp_req *req;
	u32 num_mems;
	struct optee_rpc_memory *mems[OPTEE_MAX_PARAMS];
};

/*
 * Memory in a parameter has to be the supplicant's: it knows no other by an id. The request
 * is for the one whose memory it is, or for nobody.
 */
static u32 optee_rpc_memref(struct optee *optee, struct optee_rpc_request *r,
			    struct tee_param_memref *memref, u64 cookie, u64 offs, u64 size,
			    bool is_address)
{
	struct optee_rpc_memory *mem;
	phys_addr_t pa;
	u64 end;

	memref->size = size;
	if (!cookie)
		return TEE_SUCCESS;

	mem = optee_rpc_memory_get(optee, cookie);
	if (!mem)
		return TEE_ERROR_BAD_PARAMETERS;
	r->mems[r->num_mems++] = mem;
	if (!mem->shm)
		return TEE_ERROR_BAD_PARAMETERS;

	if (is_address) {
		if (tee_shm_get_pa(mem->shm, 0, &pa) || offs < pa)
			return TEE_ERROR_BAD_PARAMETERS;
		offs -= pa;
	}
	if (check_add_overflow(offs, size, &end) || end > mem->size)
		return TEE_ERROR_BAD_PARAMETERS;
	memref->shm = mem->shm;
	memref->shm_offs = offs;

	if (r->req->generation && r->req->generation != mem->generation)
		return TEE_ERROR_COMMUNICATION;
	r->req->generation = mem->generation;
	return TEE_SUCCESS;
}

static u32 optee_rpc_param(struct optee *optee, struct optee_rpc_request *r,
			   struct tee_param *param, const struct optee_msg_param *msg)
{
	u64 attr = READ_ONCE(msg->attr);
	u64 cookie, offs;

	switch (attr) {
	case OPTEE_MSG_ATTR_TYPE_NONE:
		return TEE_SUCCESS;
	case OPTEE_MSG_ATTR_TYPE_VALUE_INPUT:
	case OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT:
	case OPTEE_MSG_ATTR_TYPE_VALUE_INOUT:
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT + attr -
			      OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
		param->u.value.a = READ_ONCE(msg->u.value.a);
		param->u.value.b = READ_ONCE(msg->u.value.b);
		param->u.value.c = READ_ONCE(msg->u.value.c);
		return TEE_SUCCESS;
	case OPTEE_MSG_ATTR_TYPE_TMEM_INPUT:
	case OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT:
	case OPTEE_MSG_ATTR_TYPE_TMEM_INOUT:
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT + attr -
			      OPTEE_MSG_ATTR_TYPE_TMEM_INPUT;
		return optee_rpc_memref(optee, r, &param->u.memref,
					READ_ONCE(msg->u.tmem.shm_ref),
					READ_ONCE(msg->u.tmem.buf_ptr),
					READ_ONCE(msg->u.tmem.size), true);
	case OPTEE_MSG_ATTR_TYPE_RMEM_INPUT:
	case OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT:
	case OPTEE_MSG_ATTR_TYPE_RMEM_INOUT:
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT + attr -
			      OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
		if (!optee->ops->read_memref(msg, &cookie, &offs))
			return TEE_ERROR_BAD_PARAMETERS;
		return optee_rpc_memref(optee, r, &param->u.memref, cookie, offs,
					READ_ONCE(msg->u.rmem.size), false);
	default:
		return TEE_ERROR_BAD_PARAMETERS;
	}
}

/* Of the types that were read, whatever the message says by now. */
static void optee_rpc_results(struct optee_msg_arg *arg, const struct optee_supp_req *req,
			      const u64 *attrs)
{
	u32 n;

	for (n = 0; n < req->num_params; n++) {
		const struct tee_param *param = req->params + n;
		struct optee_msg_param *msg = arg->params + n;

		switch (attrs[n]) {
		case OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT:
		case OPTEE_MSG_ATTR_TYPE_VALUE_INOUT:
			msg->u.value.a = param->u.value.a;
			msg->u.value.b = param->u.value.b;
			msg->u.value.c = param->u.value.c;
			break;
		case OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT:
		case OPTEE_MSG_ATTR_TYPE_TMEM_INOUT:
			msg->u.tmem.size = param->u.memref.size;
			break;
		case OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT:
		case OPTEE_MSG_ATTR_TYPE_RMEM_INOUT:
			msg->u.rmem.size = param->u.memref.size;
			break;
		default:
			break;
		}
	}
}

/**
 * optee_rpc_forward() - pass an RPC on to the supplicant
 * @call:	call that is suspended in it
 * @arg:	message, shared; the output parameters go into it
 * @cmd:	its command
 * @num_params:	its parameters, which are there
 *
 * Return: result for the secure world
 */
u32 optee_rpc_forward(struct optee_call *call, struct optee_msg_arg *arg, u32 cmd,
		      u32 num_params)
{
	struct optee_rpc_request r = { };
	u64 attrs[OPTEE_MAX_PARAMS];
	u32 ret = TEE_SUCCESS;
	u32 n;

	/* No request is defined with so many, and no supplicant has room for them. */
	if (num_params > OPTEE_MAX_PARAMS)
		return TEE_ERROR_BAD_PARAMETERS;
	r.req = optee_supp_req_alloc(cmd, num_params);
	if (!r.req)
		return TEE_ERROR_OUT_OF_MEMORY;

	for (n = 0; n < num_params && ret == TEE_SUCCESS; n++) {
		struct optee_msg_param msg;

		/* The types of the results have to be those of the request. */
		memcpy(&msg, arg->params + n, sizeof(msg));
		barrier();
		attrs[n] = msg.attr;
		ret = optee_rpc_param(call->optee, &r, r.req->params + n, &msg);
	}
	if (ret == TEE_SUCCESS) {
		ret = optee_supp_ask(call, r.req);
		/* What was not answered holds what was asked. */
		optee_rpc_results(arg, r.req, attrs);
	}

	for (n = 0; n < r.num_mems; n++)
		optee_rpc_memory_put(call->optee, r.mems[n]);
	optee_supp_req_put(r.req);
	return ret;
}

/* Have the supplicant free what nobody in the kernel holds any more. */
static void optee_rpc_supp_release(struct optee_call *call, int id, u64 generation)
{
	struct optee_supp_req *req = optee_supp_req_alloc(OPTEE_RPC_CMD_SHM_FREE, 1);

	/* It stays allocated in the supplicant, no harm beyond that. */
	if (!req)
		return;
	req->generation = generation;
	req->params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	req->params[0].u.value.a = OPTEE_RPC_SHM_TYPE_APPL;
	req->params[0].u.value.b = id;
	optee_supp_ask(call, req);
	optee_supp_req_put(req);
}

/**
 * optee_rpc_supp_alloc() - get memory from the supplicant
 * @call:	call that is suspended in the RPC
 * @size:	bytes
 * @align:	of the first one, a power of 2, or 0
 * @mem:	memory with a reference for the caller, out
 *
 * Return: result for the secure world
 */
u32 optee_rpc_supp_alloc(struct optee_call *call, u64 size, u64 align,
			 struct optee_rpc_memory **mem)
{
	struct optee_supp_req *req;
	struct tee_shm *shm;
	int id;
	u32 ret;

	req = optee_supp_req_alloc(OPTEE_RPC_CMD_SHM_ALLOC, 1);
	if (!req)
		return TEE_ERROR_OUT_OF_MEMORY;
	req->params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	req->params[0].u.value.a = OPTEE_RPC_SHM_TYPE_APPL;
	req->params[0].u.value.b = size;
	ret = optee_supp_ask(call, req);
	if (ret != TEE_SUCCESS)
		goto out;

	shm = req->shm;
	if (shm->size >= size && !(align && shm->offset & (align - 1))) {
		*mem = optee_rpc_memory_of_supp(call->optee, shm, req->generation);
		if (*mem)
			goto out;
	}
	ret = TEE_ERROR_OUT_OF_MEMORY;
	id = shm->id;
	tee_shm_put_later(shm);
	optee_rpc_supp_release(call, id, req->generation);
out:
	optee_supp_req_put(req);
	return ret;
}

/**
 * optee_rpc_supp_free() - give memory back to the supplicant
 * @call:	call that is suspended in the RPC
 * @cookie:	anything
 *
 * The kernel's reference goes first, so that the supplicant, which is waiting already, drops
 * the last one. If it is another supplicant by now, it is not told.
 *
 * Return: result for the secure world
 */
u32 optee_rpc_supp_free(struct optee_call *call, u64 cookie)
{
	struct optee_rpc_memory *mem = optee_rpc_memory_take(call->optee, cookie, true);
	u64 generation;
	int id;

	if (!mem)
		return TEE_ERROR_BAD_PARAMETERS;
	id = mem->shm->id;
	generation = mem->generation;
	optee_rpc_memory_put(call->optee, mem);
	optee_rpc_supp_release(call, id, generation);
	return TEE_SUCCESS;
}
