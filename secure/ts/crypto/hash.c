// SPDX-License-Identifier: BSD-2-Clause
/* Hashes in several calls. A client that dies never aborts its operations: they are reused. */
#include "crypto.h"
#include "packed.h"
#include "string.h"
#include "ts_crypto.h"

static struct ts_hash_operation *find(struct ts_crypto *crypto, uint16_t source, uint32_t handle)
{
	struct ts_hash_operation *operation = crypto->operations;

	for (; operation < crypto->operations + TS_CRYPTO_OPERATIONS; operation++) {
		if (handle && operation->handle == handle && operation->source == source) {
			operation->used = ++crypto->clock;
			return operation;
		}
	}
	return NULL;
}

static void release(struct ts_hash_operation *operation)
{
	psa_hash_abort(&operation->psa);
	memset(operation, 0, sizeof(*operation));
}

/* A free one, or the one that was not used for longest; free either way. */
static struct ts_hash_operation *take(struct ts_crypto *crypto, uint16_t source)
{
	struct ts_hash_operation *operation, *oldest = crypto->operations;

	for (operation = oldest; operation < crypto->operations + TS_CRYPTO_OPERATIONS; operation++)
		if (operation->used < oldest->used)
			oldest = operation;
	if (oldest->handle)
		release(oldest);
	if (!++crypto->last_handle)
		crypto->last_handle = 1;
	oldest->handle = crypto->last_handle;
	oldest->source = source;
	oldest->used = ++crypto->clock;
	return oldest;
}

static int32_t reply_handle(struct ts_call *call, struct ts_hash_operation *operation,
			    psa_status_t status)
{
	struct ts_crypto_number reply = { operation->handle };

	if (status != PSA_SUCCESS) {
		release(operation);
		return ts_refuse(call, status);
	}
	if (ts_write(call, &reply, sizeof(reply)))
		return TS_RPC_SUCCESS;
	/* Nobody would know its handle. */
	release(operation);
	return TS_RPC_ERROR_RESPONSE_BODY;
}

static int32_t setup(struct ts_crypto *crypto, struct ts_call *call, uint32_t algorithm)
{
	struct ts_hash_operation *operation = take(crypto, call->source);

	return reply_handle(call, operation, psa_hash_setup(&operation->psa, algorithm));
}

static int32_t clone(struct ts_crypto *crypto, struct ts_call *call,
		     struct ts_hash_operation *source)
{
	struct ts_hash_operation *target = take(crypto, call->source);

	/* @source was used just now, so it is not the one that had to go. */
	return reply_handle(call, target, psa_hash_clone(&source->psa, &target->psa));
}

static int32_t update(struct ts_call *call, struct ts_hash_operation *operation,
		      struct ts_reader *rest)
{
	struct ts_bytes data;

	if (!ts_read_record(rest, 1, &data))
		return TS_RPC_ERROR_REQUEST_BODY;
	return ts_refuse(call, psa_hash_update(&operation->psa, data.at, data.size));
}

static int32_t finish(struct ts_call *call, struct ts_hash_operation *operation)
{
	psa_status_t status;
	size_t room, length;
	uint8_t *to;

	to = ts_write_record_begin(call, 1, &room);
	if (!to)
		return TS_RPC_ERROR_RESPONSE_BODY;
	status = psa_hash_finish(&operation->psa, to, room, &length);
	release(operation);
	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	ts_write_record_end(call, length);
	return TS_RPC_SUCCESS;
}

static int32_t verify(struct ts_call *call, struct ts_hash_operation *operation,
		      struct ts_reader *rest)
{
	struct ts_bytes hash;
	psa_status_t status;

	if (!ts_read_record(rest, 1, &hash))
		return TS_RPC_ERROR_REQUEST_BODY;
	status = psa_hash_verify(&operation->psa, hash.at, hash.size);
	release(operation);
	return ts_refuse(call, status);
}

int32_t ts_crypto_hash(struct ts_crypto *crypto, struct ts_call *call)
{
	struct ts_hash_operation *operation;
	struct ts_crypto_number number;
	struct ts_reader rest;

	if (!ts_read_fixed(call, &number, sizeof(number), &rest))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (call->opcode == TS_CRYPTO_HASH_SETUP)
		return setup(crypto, call, number.value);
	operation = find(crypto, call->source, number.value);
	if (!operation)
		return ts_refuse(call, TS_PSA_BAD_STATE);
	switch (call->opcode) {
	case TS_CRYPTO_HASH_UPDATE:
		return update(call, operation, &rest);
	case TS_CRYPTO_HASH_FINISH:
		return finish(call, operation);
	case TS_CRYPTO_HASH_VERIFY:
		return verify(call, operation, &rest);
	case TS_CRYPTO_HASH_CLONE:
		return clone(crypto, call, operation);
	default:
		release(operation);
		return TS_RPC_SUCCESS;
	}
}
