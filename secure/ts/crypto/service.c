// SPDX-License-Identifier: BSD-2-Clause
/* The crypto service: requests become calls of the library, which judges them. */
#include "compiler.h"
#include "crypto.h"
#include "packed.h"
#include "string.h"
#include "ts_crypto.h"

static mbedtls_svc_key_id_t key_of(const struct ts_call *call, uint32_t id)
{
	return mbedtls_svc_key_id_make(call->source, id);
}

/* The client's keys are its own, whatever it says. */
static int32_t read_attributes(const struct ts_call *call, const struct ts_key_attributes *from,
			       psa_key_attributes_t *to)
{
	*to = psa_key_attributes_init();
	if (from->type > UINT16_MAX || from->bits > PSA_MAX_KEY_BITS)
		return PSA_ERROR_NOT_SUPPORTED;
	psa_set_key_type(to, (psa_key_type_t)from->type);
	psa_set_key_bits(to, from->bits);
	psa_set_key_usage_flags(to, from->usage);
	psa_set_key_algorithm(to, from->algorithm);
	/* The number makes a key persistent, unless it is told otherwise. */
	if (from->lifetime == TS_KEY_VOLATILE)
		mbedtls_set_key_owner_id(to, call->source);
	else
		psa_set_key_id(to, key_of(call, from->id));
	psa_set_key_lifetime(to, from->lifetime);
	return PSA_SUCCESS;
}

/* A key was made, or was not. */
static int32_t reply_key(struct ts_call *call, psa_status_t status, mbedtls_svc_key_id_t key)
{
	struct ts_crypto_number reply = { MBEDTLS_SVC_KEY_ID_GET_KEY_ID(key) };

	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	if (ts_write(call, &reply, sizeof(reply)))
		return TS_RPC_SUCCESS;
	/* Nobody would know of it. */
	psa_destroy_key(key);
	return TS_RPC_ERROR_RESPONSE_BODY;
}

static int32_t make_key(struct ts_call *call)
{
	mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
	struct ts_key_attributes request;
	psa_key_attributes_t attributes;
	struct ts_reader rest;
	struct ts_bytes data;
	psa_status_t status;

	if (!ts_read_fixed(call, &request, sizeof(request), &rest) ||
	    !ts_read_record(&rest, 1, &data))
		return TS_RPC_ERROR_REQUEST_BODY;
	status = read_attributes(call, &request, &attributes);
	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	if (call->opcode == TS_CRYPTO_GENERATE_KEY)
		status = psa_generate_key(&attributes, &key);
	else
		status = psa_import_key(&attributes, data.at, data.size, &key);
	return reply_key(call, status, key);
}

static int32_t copy_key(struct ts_call *call)
{
	mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
	struct ts_crypto_copy_key request;
	struct ts_key_attributes wanted;
	psa_key_attributes_t attributes;
	psa_status_t status;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	memcpy(&wanted, &request.attributes, sizeof(wanted));
	status = read_attributes(call, &wanted, &attributes);
	if (status == PSA_SUCCESS)
		status = psa_copy_key(key_of(call, request.id), &attributes, &key);
	return reply_key(call, status, key);
}

static int32_t end_key(struct ts_call *call)
{
	struct ts_crypto_number request;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	return ts_refuse(call, call->opcode == TS_CRYPTO_DESTROY_KEY ?
			 psa_destroy_key(key_of(call, request.value)) :
			 psa_purge_key(key_of(call, request.value)));
}

/* The value of record 1 was made in place, or was not. */
static int32_t reply_record(struct ts_call *call, psa_status_t status, size_t length)
{
	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	ts_write_record_end(call, length);
	return TS_RPC_SUCCESS;
}

static int32_t export_key(struct ts_call *call)
{
	struct ts_crypto_number request;
	mbedtls_svc_key_id_t key;
	psa_status_t status;
	size_t room, length;
	uint8_t *to;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	to = ts_write_record_begin(call, 1, &room);
	if (!to)
		return TS_RPC_ERROR_RESPONSE_BODY;
	key = key_of(call, request.value);
	if (call->opcode == TS_CRYPTO_EXPORT_KEY)
		status = psa_export_key(key, to, room, &length);
	else
		status = psa_export_public_key(key, to, room, &length);
	return reply_record(call, status, length);
}

static int32_t get_attributes(struct ts_call *call)
{
	psa_key_attributes_t attributes = psa_key_attributes_init();
	struct ts_key_attributes reply;
	struct ts_crypto_number request;
	psa_status_t status;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	status = psa_get_key_attributes(key_of(call, request.value), &attributes);
	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	reply.type = psa_get_key_type(&attributes);
	reply.bits = (uint32_t)psa_get_key_bits(&attributes);
	reply.lifetime = psa_get_key_lifetime(&attributes);
	reply.id = MBEDTLS_SVC_KEY_ID_GET_KEY_ID(psa_get_key_id(&attributes));
	reply.usage = psa_get_key_usage_flags(&attributes);
	reply.algorithm = psa_get_key_algorithm(&attributes);
	psa_reset_key_attributes(&attributes);
	return ts_write(call, &reply, sizeof(reply)) ? TS_RPC_SUCCESS : TS_RPC_ERROR_RESPONSE_BODY;
}

/* A key's id, an algorithm, and two records. */
static bool read_key_use(struct ts_call *call, struct ts_crypto_key_use *use,
			 struct ts_bytes *first, struct ts_bytes *second)
{
	struct ts_reader rest;

	return ts_read_fixed(call, use, sizeof(*use), &rest) && ts_read_record(&rest, 1, first) &&
	       ts_read_record(&rest, 2, second);
}

/* One record in, one out. */
static int32_t sign(struct ts_call *call)
{
	struct ts_bytes input, salt;
	struct ts_crypto_key_use use;
	mbedtls_svc_key_id_t key;
	psa_status_t status;
	size_t room, length;
	uint8_t *to;

	if (!read_key_use(call, &use, &input, &salt))
		return TS_RPC_ERROR_REQUEST_BODY;
	to = ts_write_record_begin(call, 1, &room);
	if (!to)
		return TS_RPC_ERROR_RESPONSE_BODY;
	key = key_of(call, use.id);
	switch (call->opcode) {
	case TS_CRYPTO_SIGN_HASH:
		status = psa_sign_hash(key, use.algorithm, input.at, input.size, to, room, &length);
		break;
	case TS_CRYPTO_SIGN_MESSAGE:
		status = psa_sign_message(key, use.algorithm, input.at, input.size, to, room,
					  &length);
		break;
	case TS_CRYPTO_ASYMMETRIC_ENCRYPT:
		status = psa_asymmetric_encrypt(key, use.algorithm, input.at, input.size, salt.at,
						salt.size, to, room, &length);
		break;
	default:
		status = psa_asymmetric_decrypt(key, use.algorithm, input.at, input.size, salt.at,
						salt.size, to, room, &length);
	}
	return reply_record(call, status, length);
}

static int32_t verify(struct ts_call *call)
{
	struct ts_bytes input, signature;
	struct ts_crypto_key_use use;
	mbedtls_svc_key_id_t key;

	if (!read_key_use(call, &use, &input, &signature))
		return TS_RPC_ERROR_REQUEST_BODY;
	key = key_of(call, use.id);
	if (call->opcode == TS_CRYPTO_VERIFY_HASH)
		return ts_refuse(call, psa_verify_hash(key, use.algorithm, input.at, input.size,
						       signature.at, signature.size));
	return ts_refuse(call, psa_verify_message(key, use.algorithm, input.at, input.size,
						  signature.at, signature.size));
}

static int32_t generate_random(struct ts_call *call)
{
	struct ts_crypto_number request;
	psa_status_t status;
	size_t room;
	uint8_t *to;

	if (!ts_read_fixed(call, &request, sizeof(request), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	to = ts_write_record_begin(call, 1, &room);
	if (!to || request.value > room)
		return TS_RPC_ERROR_RESPONSE_BODY;
	status = psa_generate_random(to, request.value);
	return reply_record(call, status, request.value);
}

static int32_t crypto_call(void *state, struct ts_call *call)
{
	switch (call->opcode) {
	case TS_CRYPTO_GENERATE_KEY:
	case TS_CRYPTO_IMPORT_KEY:
		return make_key(call);
	case TS_CRYPTO_DESTROY_KEY:
	case TS_CRYPTO_PURGE_KEY:
		return end_key(call);
	case TS_CRYPTO_EXPORT_KEY:
	case TS_CRYPTO_EXPORT_PUBLIC_KEY:
		return export_key(call);
	case TS_CRYPTO_SIGN_HASH:
	case TS_CRYPTO_SIGN_MESSAGE:
	case TS_CRYPTO_ASYMMETRIC_ENCRYPT:
	case TS_CRYPTO_ASYMMETRIC_DECRYPT:
		return sign(call);
	case TS_CRYPTO_VERIFY_HASH:
	case TS_CRYPTO_VERIFY_MESSAGE:
		return verify(call);
	case TS_CRYPTO_GENERATE_RANDOM:
		return generate_random(call);
	case TS_CRYPTO_COPY_KEY:
		return copy_key(call);
	case TS_CRYPTO_GET_KEY_ATTRIBUTES:
		return get_attributes(call);
	case TS_CRYPTO_HASH_SETUP:
	case TS_CRYPTO_HASH_UPDATE:
	case TS_CRYPTO_HASH_FINISH:
	case TS_CRYPTO_HASH_ABORT:
	case TS_CRYPTO_HASH_VERIFY:
	case TS_CRYPTO_HASH_CLONE:
		return ts_crypto_hash(state, call);
	default:
		return TS_RPC_ERROR_INVALID_VALUE;
	}
}

const struct ts_service ts_service_crypto = {
	.name = "crypto",
	.uuid = TS_CRYPTO_UUID,
	.call = crypto_call,
};
