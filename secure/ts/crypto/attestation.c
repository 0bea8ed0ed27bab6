// SPDX-License-Identifier: BSD-2-Clause
/*
 * Attestation: claims about the secure world as a CBOR map, signed as COSE_Sign1 (RFC 9052)
 * with a P-256 key that is made when it is first needed and kept from then on. It says nothing
 * that anybody should trust: no hardware vouches for the key.
 */
#include "ts-cbor.h"
#include "crypto.h"
#include "packed.h"
#include "plat.h"
#include "string.h"
#include "ts_attestation.h"

#define IAK_ID			1
#define IAK_ALGORITHM		PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGNATURE_SIZE		64
#define PUBLIC_KEY_SIZE		65
#define HASH_SIZE		32
#define CLAIMS_MAX		512
#define PROFILE			"http://arm.com/psa/2.0.0"
/* "Assembly and test": it is not a product. */
#define LIFECYCLE		0x1000

#define COSE_SIGN1		18
/* { 1: -7 }: ES256. */
static const uint8_t protected_header[] = { 0xa1, 0x01, 0x26 };

static mbedtls_svc_key_id_t iak(void)
{
	return mbedtls_svc_key_id_make(TS_CRYPTO_OWNER_SELF, IAK_ID);
}

static void iak_attributes(psa_key_attributes_t *attributes)
{
	*attributes = psa_key_attributes_init();
	psa_set_key_id(attributes, iak());
	psa_set_key_type(attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(attributes, 256);
	psa_set_key_usage_flags(attributes, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_SIGN_MESSAGE);
	psa_set_key_algorithm(attributes, IAK_ALGORITHM);
}

static psa_status_t iak_exists(void)
{
	psa_key_attributes_t attributes = psa_key_attributes_init();
	psa_status_t status = psa_get_key_attributes(iak(), &attributes);

	psa_reset_key_attributes(&attributes);
	return status == PSA_ERROR_INVALID_HANDLE ? PSA_ERROR_DOES_NOT_EXIST : status;
}

static psa_status_t iak_public(uint8_t key[PUBLIC_KEY_SIZE])
{
	psa_status_t status = iak_exists();
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t made;
	size_t length;

	if (status == PSA_ERROR_DOES_NOT_EXIST) {
		iak_attributes(&attributes);
		status = psa_generate_key(&attributes, &made);
	}
	if (status != PSA_SUCCESS)
		return status;
	return psa_export_public_key(iak(), key, PUBLIC_KEY_SIZE, &length);
}

/* The firmware as it runs, without what it changes. */
static psa_status_t measure(uint8_t hash[HASH_SIZE])
{
	size_t size, length;
	const void *image = plat_image(&size);

	return psa_hash_compute(PSA_ALG_SHA_256, image, size, hash, HASH_SIZE, &length);
}

static void write_software(struct cbor *cbor, const uint8_t measurement[HASH_SIZE],
			   const uint8_t signer[HASH_SIZE])
{
	cbor_array(cbor, 1);
	cbor_map(cbor, 4);
	cbor_int(cbor, TS_EAT_SOFTWARE_TYPE);
	cbor_text(cbor, "omnitee");
	cbor_int(cbor, TS_EAT_SOFTWARE_MEASUREMENT);
	cbor_bytes(cbor, measurement, HASH_SIZE);
	cbor_int(cbor, TS_EAT_SOFTWARE_SIGNER);
	cbor_bytes(cbor, signer, HASH_SIZE);
	cbor_int(cbor, TS_EAT_SOFTWARE_DESCRIPTION);
	cbor_text(cbor, "emulated secure world");
}

static psa_status_t write_claims(struct cbor *cbor, uint16_t source, const uint8_t *challenge,
				 size_t challenge_size)
{
	uint8_t key[PUBLIC_KEY_SIZE], hash[HASH_SIZE], instance[1 + HASH_SIZE], seed[PLAT_SEED_SIZE];
	static const uint8_t nobody[HASH_SIZE];
	psa_status_t status;
	size_t length;

	status = iak_public(key);
	if (status == PSA_SUCCESS)
		status = psa_hash_compute(PSA_ALG_SHA_256, key, sizeof(key), instance + 1, HASH_SIZE,
					  &length);
	/* The seed itself is a secret. */
	if (status == PSA_SUCCESS && !plat_seed(seed))
		memset(seed, 0, sizeof(seed));
	if (status == PSA_SUCCESS)
		status = psa_hash_compute(PSA_ALG_SHA_256, seed, sizeof(seed), seed, sizeof(seed),
					  &length);
	if (status == PSA_SUCCESS)
		status = measure(hash);
	if (status != PSA_SUCCESS)
		return status;
	/* It is the hash of a random key. */
	instance[0] = 1;
	cbor_map(cbor, 8);
	cbor_int(cbor, TS_EAT_PROFILE);
	cbor_text(cbor, PROFILE);
	/* Clients of the normal world are negative. */
	cbor_int(cbor, TS_EAT_CLIENT_ID);
	cbor_int(cbor, source & 0x8000 ? source : -1 - (int64_t)source);
	cbor_int(cbor, TS_EAT_LIFECYCLE);
	cbor_int(cbor, LIFECYCLE);
	cbor_int(cbor, TS_EAT_IMPLEMENTATION_ID);
	cbor_bytes(cbor, hash, sizeof(hash));
	cbor_int(cbor, TS_EAT_BOOT_SEED);
	cbor_bytes(cbor, seed, sizeof(seed));
	cbor_int(cbor, TS_EAT_SOFTWARE);
	write_software(cbor, hash, nobody);
	cbor_int(cbor, TS_EAT_CHALLENGE);
	cbor_bytes(cbor, challenge, challenge_size);
	cbor_int(cbor, TS_EAT_INSTANCE_ID);
	cbor_bytes(cbor, instance, sizeof(instance));
	return cbor_fits(cbor) ? PSA_SUCCESS : PSA_ERROR_GENERIC_ERROR;
}

static void write_token(struct cbor *token, const struct cbor *claims, const uint8_t *signature)
{
	cbor_tag(token, COSE_SIGN1);
	cbor_array(token, 4);
	cbor_bytes(token, protected_header, sizeof(protected_header));
	cbor_map(token, 0);
	cbor_bytes(token, claims->at, claims->size);
	cbor_bytes(token, signature, SIGNATURE_SIZE);
}

static psa_status_t sign(struct ts_crypto *crypto, const struct cbor *claims,
			 uint8_t signature[SIGNATURE_SIZE])
{
	struct cbor signed_part = { .room = CLAIMS_MAX + 64 };
	psa_status_t status;
	size_t length;

	signed_part.at = heap_alloc(crypto->heap, signed_part.room);
	if (!signed_part.at)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	cbor_array(&signed_part, 4);
	cbor_text(&signed_part, "Signature1");
	cbor_bytes(&signed_part, protected_header, sizeof(protected_header));
	cbor_bytes(&signed_part, NULL, 0);
	cbor_bytes(&signed_part, claims->at, claims->size);
	status = psa_sign_message(iak(), IAK_ALGORITHM, signed_part.at, signed_part.size, signature,
				  SIGNATURE_SIZE, &length);
	heap_free(crypto->heap, signed_part.at);
	return status;
}

static bool challenge_size_ok(uint32_t size)
{
	return size == 32 || size == 48 || size == 64;
}

/* @token without room: only its size is wanted, and nothing is signed. */
static psa_status_t make_token(struct ts_crypto *crypto, uint16_t source, const uint8_t *challenge,
			       size_t challenge_size, struct cbor *token)
{
	uint8_t signature[SIGNATURE_SIZE] = { 0 };
	struct cbor claims = { .room = CLAIMS_MAX };
	psa_status_t status;

	claims.at = heap_alloc(crypto->heap, CLAIMS_MAX);
	if (!claims.at)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	status = write_claims(&claims, source, challenge, challenge_size);
	if (status == PSA_SUCCESS && token->room)
		status = sign(crypto, &claims, signature);
	if (status == PSA_SUCCESS)
		write_token(token, &claims, signature);
	heap_free(crypto->heap, claims.at);
	return status;
}

static int32_t get_token(struct ts_crypto *crypto, struct ts_call *call)
{
	struct ts_reader reader = { call->in, call->in_size };
	struct cbor token = { .size = 0 };
	struct ts_bytes challenge;
	psa_status_t status;

	if (!ts_read_record(&reader, 1, &challenge))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!challenge_size_ok((uint32_t)challenge.size))
		return ts_refuse(call, TS_PSA_INVALID_ARGUMENT);
	token.at = ts_write_record_begin(call, 1, &token.room);
	if (!token.at || !token.room)
		return TS_RPC_ERROR_RESPONSE_BODY;
	status = make_token(crypto, call->source, challenge.at, challenge.size, &token);
	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	if (!cbor_fits(&token))
		return ts_refuse(call, TS_PSA_BUFFER_TOO_SMALL);
	ts_write_record_end(call, token.size);
	return TS_RPC_SUCCESS;
}

static int32_t get_token_size(struct ts_crypto *crypto, struct ts_call *call)
{
	static const uint8_t challenge[TS_ATTESTATION_CHALLENGE_MAX];
	struct cbor token = { .room = 0 };
	uint32_t number;
	psa_status_t status;

	if (!ts_read_fixed(call, &number, sizeof(number), NULL))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!challenge_size_ok(number))
		return ts_refuse(call, TS_PSA_INVALID_ARGUMENT);
	status = make_token(crypto, call->source, challenge, number, &token);
	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	number = (uint32_t)token.size;
	return ts_write(call, &number, sizeof(number)) ? TS_RPC_SUCCESS :
							 TS_RPC_ERROR_RESPONSE_BODY;
}

static int32_t export_iak(struct ts_call *call)
{
	uint8_t key[PUBLIC_KEY_SIZE];
	psa_status_t status = iak_public(key);

	if (status != PSA_SUCCESS)
		return ts_refuse(call, status);
	return ts_write_record(call, 1, key, sizeof(key)) ? TS_RPC_SUCCESS :
							    TS_RPC_ERROR_RESPONSE_BODY;
}

static int32_t import_iak(struct ts_call *call)
{
	struct ts_reader reader = { call->in, call->in_size };
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t made;
	psa_status_t status;
	struct ts_bytes key;

	if (!ts_read_record(&reader, 1, &key))
		return TS_RPC_ERROR_REQUEST_BODY;
	/* It is put in once, when the machine is made. */
	status = iak_exists();
	if (status != PSA_ERROR_DOES_NOT_EXIST)
		return ts_refuse(call, status == PSA_SUCCESS ? PSA_ERROR_NOT_PERMITTED : status);
	iak_attributes(&attributes);
	return ts_refuse(call, psa_import_key(&attributes, key.at, key.size, &made));
}

static int32_t attestation_call(void *state, struct ts_call *call)
{
	switch (call->opcode) {
	case TS_ATTESTATION_GET_TOKEN:
		return get_token(state, call);
	case TS_ATTESTATION_GET_TOKEN_SIZE:
		return get_token_size(state, call);
	case TS_ATTESTATION_EXPORT_IAK:
		return export_iak(call);
	case TS_ATTESTATION_IMPORT_IAK:
		return import_iak(call);
	case TS_ATTESTATION_IAK_EXISTS:
		return ts_refuse(call, iak_exists());
	default:
		return TS_RPC_ERROR_INVALID_VALUE;
	}
}

const struct ts_service ts_service_attestation = {
	.name = "attestation",
	.uuid = TS_ATTESTATION_UUID,
	.call = attestation_call,
};
