// SPDX-License-Identifier: BSD-2-Clause
/* Each client endpoint has objects of its own. */
#include "storage.h"
#include "compiler.h"
#include "packed.h"
#include "string.h"
#include "ts_storage.h"

/*
 * What a request is about, with @object NULL if there is no such thing. False: it is answered, as
 * 0 is nobody's number.
 */
static bool find(const struct ts_storage *storage, struct ts_call *call, uint64_t uid,
		 struct store_key *key, const struct store_object **object)
{
	if (!uid) {
		ts_refuse(call, TS_PSA_INVALID_ARGUMENT);
		return false;
	}
	*key = (struct store_key){ storage->kind, call->source, uid };
	*object = store_find(storage->store, key);
	return true;
}

static int32_t set(struct ts_storage *storage, struct ts_call *call)
{
	const struct store_object *old;
	struct ts_storage_set request;
	struct store_value value;
	struct ts_reader rest;
	struct store_key key;

	if (!ts_read_fixed(call, &request, sizeof(request), &rest) ||
	    request.data_length > rest.left)
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!find(storage, call, request.uid, &key, &old))
		return TS_RPC_SUCCESS;
	if (request.create_flags & ~TS_STORAGE_FLAGS)
		return ts_refuse(call, TS_PSA_NOT_SUPPORTED);
	if (old && (old->flags & TS_STORAGE_WRITE_ONCE))
		return ts_refuse(call, TS_PSA_NOT_PERMITTED);
	/* It is less than the request's length, which is a 32-bit number. */
	value = (struct store_value){
		.flags = request.create_flags,
		.capacity = (uint32_t)request.data_length,
		.size = (uint32_t)request.data_length,
		.data = rest.at,
	};
	return ts_refuse(call, store_set(storage->store, &key, &value));
}

static int32_t get(struct ts_storage *storage, struct ts_call *call)
{
	const struct store_object *object;
	struct ts_storage_get request;
	struct store_key key;
	uint64_t size;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!find(storage, call, request.uid, &key, &object))
		return TS_RPC_SUCCESS;
	if (!object)
		return ts_refuse(call, TS_PSA_DOES_NOT_EXIST);
	if (request.data_offset > object->size)
		return ts_refuse(call, TS_PSA_INVALID_ARGUMENT);
	size = object->size - request.data_offset;
	if (size > request.data_size)
		size = request.data_size;
	if (size > call->out_room)
		size = call->out_room;
	ts_write(call, object->data + request.data_offset, size);
	return TS_RPC_SUCCESS;
}

/* A request that is nothing but a number. */
static int32_t with_one(struct ts_storage *storage, struct ts_call *call,
			int32_t (*act)(struct store *store, struct ts_call *call,
				       const struct store_key *key,
				       const struct store_object *object))
{
	const struct store_object *object;
	struct ts_storage_uid request;
	struct store_key key;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!find(storage, call, request.uid, &key, &object))
		return TS_RPC_SUCCESS;
	return act(storage->store, call, &key, object);
}

static int32_t get_info(struct store *store, struct ts_call *call, const struct store_key *key,
			const struct store_object *object)
{
	struct ts_storage_info info;

	(void)store;
	(void)key;
	if (!object)
		return ts_refuse(call, TS_PSA_DOES_NOT_EXIST);
	info.capacity = object->capacity;
	info.size = object->size;
	info.flags = object->flags;
	return ts_write(call, &info, sizeof(info)) ? TS_RPC_SUCCESS : TS_RPC_ERROR_RESPONSE_BODY;
}

static int32_t remove_object(struct store *store, struct ts_call *call,
			     const struct store_key *key, const struct store_object *object)
{
	if (object && (object->flags & TS_STORAGE_WRITE_ONCE))
		return ts_refuse(call, TS_PSA_NOT_PERMITTED);
	return ts_refuse(call, store_remove(store, key));
}

static int32_t create(struct ts_storage *storage, struct ts_call *call)
{
	const struct store_object *old;
	struct ts_storage_create request;
	struct store_value value;
	struct store_key key;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!storage->extended)
		return ts_refuse(call, TS_PSA_NOT_SUPPORTED);
	if (!find(storage, call, request.uid, &key, &old))
		return TS_RPC_SUCCESS;
	if (request.create_flags & (~TS_STORAGE_FLAGS | TS_STORAGE_WRITE_ONCE))
		return ts_refuse(call, TS_PSA_NOT_SUPPORTED);
	if (old)
		return ts_refuse(call, TS_PSA_ALREADY_EXISTS);
	if (request.capacity > STORE_OBJECT_MAX)
		return ts_refuse(call, TS_PSA_INSUFFICIENT_STORAGE);
	value = (struct store_value){
		.flags = request.create_flags,
		.capacity = (uint32_t)request.capacity,
	};
	return ts_refuse(call, store_set(storage->store, &key, &value));
}

/* The part that is given, in the old contents. */
static int32_t merge(struct store *store, const struct store_key *key,
		     const struct store_object *old, size_t offset, const uint8_t *part,
		     size_t length)
{
	size_t size = offset + length > old->size ? offset + length : old->size;
	uint8_t *data = heap_alloc(store->heap, size);
	struct store_value value = {
		.flags = old->flags,
		.capacity = old->capacity,
		.size = (uint32_t)size,
		.data = data,
	};
	int32_t status;

	if (!data)
		return TS_PSA_INSUFFICIENT_MEMORY;
	memcpy(data, old->data, old->size);
	memcpy(data + offset, part, length);
	status = store_set(store, key, &value);
	heap_free(store->heap, data);
	return status;
}

static int32_t set_extended(struct ts_storage *storage, struct ts_call *call)
{
	struct ts_storage_set_extended request;
	const struct store_object *old;
	struct ts_reader rest;
	struct store_key key;

	if (!ts_read_fixed(call, &request, sizeof(request), &rest) ||
	    request.data_length > rest.left)
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!storage->extended)
		return ts_refuse(call, TS_PSA_NOT_SUPPORTED);
	if (!find(storage, call, request.uid, &key, &old))
		return TS_RPC_SUCCESS;
	if (!old)
		return ts_refuse(call, TS_PSA_DOES_NOT_EXIST);
	if (old->flags & TS_STORAGE_WRITE_ONCE)
		return ts_refuse(call, TS_PSA_NOT_PERMITTED);
	if (request.data_offset > old->size ||
	    request.data_length > old->capacity - request.data_offset)
		return ts_refuse(call, TS_PSA_INVALID_ARGUMENT);
	if (!request.data_length)
		return TS_RPC_SUCCESS;
	return ts_refuse(call, merge(storage->store, &key, old, request.data_offset, rest.at,
				     request.data_length));
}

static int32_t get_support(struct ts_storage *storage, struct ts_call *call)
{
	struct ts_storage_support support = {
		storage->extended ? TS_STORAGE_SUPPORT_SET_EXTENDED : 0
	};

	return ts_write(call, &support, sizeof(support)) ? TS_RPC_SUCCESS :
							   TS_RPC_ERROR_RESPONSE_BODY;
}

static int32_t storage_call(void *state, struct ts_call *call)
{
	switch (call->opcode) {
	case TS_STORAGE_SET:
		return set(state, call);
	case TS_STORAGE_GET:
		return get(state, call);
	case TS_STORAGE_GET_INFO:
		return with_one(state, call, get_info);
	case TS_STORAGE_REMOVE:
		return with_one(state, call, remove_object);
	case TS_STORAGE_CREATE:
		return create(state, call);
	case TS_STORAGE_SET_EXTENDED:
		return set_extended(state, call);
	case TS_STORAGE_GET_SUPPORT:
		return get_support(state, call);
	default:
		return TS_RPC_ERROR_INVALID_VALUE;
	}
}

const struct ts_service ts_service_its = {
	.name = "internal-trusted-storage",
	.uuid = TS_ITS_UUID,
	.call = storage_call,
};

const struct ts_service ts_service_ps = {
	.name = "protected-storage",
	.uuid = TS_PS_UUID,
	.call = storage_call,
};
