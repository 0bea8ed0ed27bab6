// SPDX-License-Identifier: BSD-2-Clause
/* The crypto service on the library it is built with, by published vectors. */
#include "ts-memory.h"
#include "compiler.h"
#include "crypto.h"
#include "packed.h"
#include "string.h"
#include "trusted-crypto.h"
#include "ts_attestation.h"
#include "ts_crypto.h"

static struct {
	struct heap heap;
	struct ram_flash ram;
	struct store store;
	struct ts_crypto crypto;
	uint8_t in[4096], out[4096];
	size_t in_size, out_room;
	struct ts_call call;
	uint16_t source;
	bool attestation;	/* the service that is called */
	struct ts_bytes record;
} unit;

/* The same on each run. */
static bool entropy(void *to, size_t size)
{
	static uint32_t state = 4711;
	uint8_t *octets = to;

	while (size--) {
		state = state * 1664525 + 1013904223;
		*octets++ = (uint8_t)(state >> 24);
	}
	return true;
}

static void start(void)
{
	struct flash_area area = ram_flash_area(&unit.ram);

	assert_true(store_open(&unit.store, &unit.heap, &area));
	memset(&unit.crypto, 0, sizeof(unit.crypto));
	unit.crypto.heap = &unit.heap;
	unit.crypto.store = &unit.store;
	unit.crypto.entropy = entropy;
	assert_true(ts_crypto_init(&unit.crypto));
}

static void end(void)
{
	ts_crypto_end(&unit.crypto);
	store_close(&unit.store);
	assert_int_equal(heap_used(&unit.heap), 0);
}

static int setup(void **state)
{
	(void)state;
	memset(&unit, 0, sizeof(unit));
	unit.out_room = 4096;
	test_heap_init(&unit.heap, 1 << 20);
	ram_flash_init(&unit.ram);
	start();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	end();
	test_heap_end(&unit.heap);
	return 0;
}

static void put(const void *from, size_t size)
{
	memcpy(unit.in + unit.in_size, from, size);
	unit.in_size += size;
}

static void put_number(uint32_t value)
{
	put(&value, sizeof(value));
}

static void put_record(uint16_t tag, const void *from, size_t size)
{
	uint8_t header[4] = { (uint8_t)(tag >> 8), (uint8_t)tag, (uint8_t)(size >> 8), (uint8_t)size };

	put(header, sizeof(header));
	put(from, size);
}

/* What was put, as a request; the RPC status. */
static int32_t rpc(uint16_t opcode)
{
	unit.call = (struct ts_call){
		.source = unit.source,
		.opcode = opcode,
		.in = unit.in,
		.in_size = unit.in_size,
		.out = unit.out,
		.out_room = unit.out_room,
	};
	unit.in_size = 0;
	return (unit.attestation ? &ts_service_attestation : &ts_service_crypto)->call(&unit.crypto,
										       &unit.call);
}

/* The service's status; record 1 is in unit.record if there is one. */
static int32_t status(uint16_t opcode)
{
	struct ts_reader reader;

	assert_int_equal(rpc(opcode), TS_RPC_SUCCESS);
	if (unit.call.status)
		assert_int_equal(unit.call.out_size, 0);
	reader = (struct ts_reader){ unit.out, unit.call.out_size };
	if (unit.call.out_size > 4)
		ts_read_record(&reader, 1, &unit.record);
	return unit.call.status;
}

static uint32_t number(uint16_t opcode)
{
	uint32_t value;

	assert_int_equal(status(opcode), 0);
	assert_int_equal(unit.call.out_size, 4);
	memcpy(&value, unit.out, 4);
	return value;
}

#define record_is(octets) do {						\
	assert_int_equal(unit.record.size, sizeof(octets));		\
	assert_memory_equal(unit.record.at, octets, sizeof(octets));	\
} while (0)

static uint32_t hash_begin(uint32_t algorithm)
{
	put_number(algorithm);
	return number(TS_CRYPTO_HASH_SETUP);
}

static void hash_more(uint32_t handle, const char *text)
{
	put_number(handle);
	put_record(1, text, strlen(text));
	assert_int_equal(status(TS_CRYPTO_HASH_UPDATE), 0);
}

static int32_t hash_end(uint32_t handle)
{
	put_number(handle);
	return status(TS_CRYPTO_HASH_FINISH);
}

static void hashes_are_the_published_ones(void **state)
{
	static const struct {
		uint32_t algorithm;
		const uint8_t *hash;
		size_t size;
	} vectors[] = {
		{ TS_ALG_SHA_1, vector_abc_sha1, sizeof(vector_abc_sha1) },
		{ TS_ALG_SHA_224, vector_abc_sha224, sizeof(vector_abc_sha224) },
		{ TS_ALG_SHA_256, vector_abc_sha256, sizeof(vector_abc_sha256) },
		{ TS_ALG_SHA_384, vector_abc_sha384, sizeof(vector_abc_sha384) },
		{ TS_ALG_SHA_512, vector_abc_sha512, sizeof(vector_abc_sha512) },
	};
	uint32_t handle;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(vectors); n++) {
		handle = hash_begin(vectors[n].algorithm);
		hash_more(handle, "a");
		hash_more(handle, "");
		hash_more(handle, "bc");
		assert_int_equal(hash_end(handle), 0);
		assert_int_equal(unit.record.size, vectors[n].size);
		assert_memory_equal(unit.record.at, vectors[n].hash, vectors[n].size);
	}
}

static void hash_operations_are_their_clients(void **state)
{
	uint32_t handle = hash_begin(TS_ALG_SHA_256), copy, n;

	(void)state;
	hash_more(handle, "ab");
	unit.source = 1;
	assert_int_equal(hash_end(handle), TS_PSA_BAD_STATE);
	unit.source = 0;
	put_number(handle);
	copy = number(TS_CRYPTO_HASH_CLONE);
	assert_int_not_equal(copy, handle);
	hash_more(handle, "x");
	hash_more(copy, "c");
	assert_int_equal(hash_end(copy), 0);
	record_is(vector_abc_sha256);
	assert_int_equal(hash_end(copy), TS_PSA_BAD_STATE);
	put_number(handle);
	assert_int_equal(status(TS_CRYPTO_HASH_ABORT), 0);
	assert_int_equal(hash_end(handle), TS_PSA_BAD_STATE);
	handle = hash_begin(TS_ALG_SHA_256);
	hash_more(handle, "abc");
	put_number(handle);
	put_record(1, vector_abc_sha256, 32);
	assert_int_equal(status(TS_CRYPTO_HASH_VERIFY), 0);
	handle = hash_begin(TS_ALG_SHA_256);
	put_number(handle);
	put_record(1, vector_abc_sha256, 32);
	assert_int_equal(status(TS_CRYPTO_HASH_VERIFY), TS_PSA_INVALID_SIGNATURE);
	put_number(0x02000099);
	assert_int_equal(status(TS_CRYPTO_HASH_SETUP), TS_PSA_NOT_SUPPORTED);
	/* Those that clients left behind make room. */
	handle = hash_begin(TS_ALG_SHA_256);
	hash_more(handle, "abc");
	for (n = 1; n < TS_CRYPTO_OPERATIONS; n++)
		hash_begin(TS_ALG_SHA_1);
	hash_more(handle, "");
	hash_begin(TS_ALG_SHA_1);
	assert_int_equal(hash_end(handle), 0);
	record_is(vector_abc_sha256);
}

static void put_attributes(uint32_t type, uint32_t bits, uint32_t lifetime, uint32_t id,
			   uint32_t usage, uint32_t algorithm)
{
	struct ts_key_attributes attributes = { type, bits, lifetime, id, usage, algorithm };

	put(&attributes, sizeof(attributes));
}

#define SIGNS	(TS_KEY_USAGE_SIGN_HASH | TS_KEY_USAGE_VERIFY_HASH | \
		 TS_KEY_USAGE_SIGN_MESSAGE | TS_KEY_USAGE_VERIFY_MESSAGE)

static uint32_t import_p256(uint32_t lifetime, uint32_t id, uint32_t usage)
{
	put_attributes(TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1), 256, lifetime, id, usage,
		       TS_ALG_DETERMINISTIC_ECDSA(TS_ALG_SHA_256));
	put_record(1, vector_p256_private, 32);
	return number(TS_CRYPTO_IMPORT_KEY);
}

static void put_use(uint32_t key, uint32_t algorithm)
{
	put_number(key);
	put_number(algorithm);
}

static void signature_is_the_published_one(void **state)
{
	const uint32_t algorithm = TS_ALG_DETERMINISTIC_ECDSA(TS_ALG_SHA_256);
	uint8_t wrong[64];
	uint32_t key;

	(void)state;
	key = import_p256(TS_KEY_VOLATILE, 0, SIGNS);
	put_use(key, algorithm);
	put_record(1, "sample", 6);
	assert_int_equal(status(TS_CRYPTO_SIGN_MESSAGE), 0);
	record_is(vector_p256_signature);
	put_use(key, algorithm);
	put_record(1, "sample", 6);
	put_record(2, vector_p256_signature, 64);
	assert_int_equal(status(TS_CRYPTO_VERIFY_MESSAGE), 0);
	memcpy(wrong, vector_p256_signature, 64);
	wrong[63] ^= 1;
	put_use(key, algorithm);
	put_record(1, "sample", 6);
	put_record(2, wrong, 64);
	assert_int_equal(status(TS_CRYPTO_VERIFY_MESSAGE), TS_PSA_INVALID_SIGNATURE);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_EXPORT_PUBLIC_KEY), 0);
	record_is(vector_p256_public);
	/* Not with another algorithm, and the private part stays. */
	put_use(key, TS_ALG_ECDSA(TS_ALG_SHA_512));
	put_record(1, "sample", 6);
	assert_int_equal(status(TS_CRYPTO_SIGN_MESSAGE), TS_PSA_NOT_PERMITTED);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_EXPORT_KEY), TS_PSA_NOT_PERMITTED);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_DESTROY_KEY), 0);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_DESTROY_KEY), TS_PSA_INVALID_HANDLE);
}

static void keys_are_made_and_told_apart_by_client(void **state)
{
	struct ts_key_attributes attributes;
	uint32_t key, other;

	(void)state;
	put_attributes(TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1), 256, TS_KEY_VOLATILE, 0,
		       SIGNS | TS_KEY_USAGE_EXPORT | TS_KEY_USAGE_COPY, TS_ALG_ECDSA(TS_ALG_SHA_256));
	key = number(TS_CRYPTO_GENERATE_KEY);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_GET_KEY_ATTRIBUTES), 0);
	assert_int_equal(unit.call.out_size, sizeof(attributes));
	memcpy(&attributes, unit.out, sizeof(attributes));
	assert_int_equal(attributes.type, 0x7112);
	assert_int_equal(attributes.bits, 256);
	assert_int_equal(attributes.lifetime, 0);
	assert_int_equal(attributes.algorithm, 0x06000609);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_EXPORT_KEY), 0);
	assert_int_equal(unit.record.size, 32);
	unit.source = 1;
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_EXPORT_KEY), TS_PSA_INVALID_HANDLE);
	unit.source = 0;
	put_number(key);
	put_attributes(TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1), 256, TS_KEY_VOLATILE, 0,
		       TS_KEY_USAGE_VERIFY_HASH, TS_ALG_ECDSA(TS_ALG_SHA_256));
	other = number(TS_CRYPTO_COPY_KEY);
	put_use(other, TS_ALG_ECDSA(TS_ALG_SHA_256));
	put_record(1, vector_abc_sha256, 32);
	assert_int_equal(status(TS_CRYPTO_SIGN_HASH), TS_PSA_NOT_PERMITTED);
	put_use(key, TS_ALG_ECDSA(TS_ALG_SHA_256));
	put_record(1, vector_abc_sha256, 32);
	assert_int_equal(status(TS_CRYPTO_SIGN_HASH), 0);
	assert_int_equal(unit.record.size, 64);
	memcpy(unit.out + 1000, unit.record.at, 64);
	put_use(other, TS_ALG_ECDSA(TS_ALG_SHA_256));
	put_record(1, vector_abc_sha256, 32);
	put_record(2, unit.out + 1000, 64);
	assert_int_equal(status(TS_CRYPTO_VERIFY_HASH), 0);
	put_attributes(0x17112, 256, 0, 0, 0, 0);
	assert_int_equal(status(TS_CRYPTO_GENERATE_KEY), TS_PSA_NOT_SUPPORTED);
}

static void persistent_key_outlives_a_power_cycle(void **state)
{
	uint32_t lost;

	(void)state;
	assert_int_equal(import_p256(TS_KEY_PERSISTENT, 17, SIGNS), 17);
	lost = import_p256(TS_KEY_VOLATILE, 0, SIGNS);
	put_attributes(TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1), 256, TS_KEY_PERSISTENT, 17, SIGNS,
		       TS_ALG_ECDSA(TS_ALG_SHA_256));
	assert_int_equal(status(TS_CRYPTO_GENERATE_KEY), TS_PSA_ALREADY_EXISTS);
	end();
	start();
	put_number(17);
	assert_int_equal(status(TS_CRYPTO_EXPORT_PUBLIC_KEY), 0);
	record_is(vector_p256_public);
	put_number(lost);
	assert_int_equal(status(TS_CRYPTO_EXPORT_PUBLIC_KEY), TS_PSA_INVALID_HANDLE);
	put_number(17);
	assert_int_equal(status(TS_CRYPTO_DESTROY_KEY), 0);
	end();
	start();
	put_number(17);
	assert_int_equal(status(TS_CRYPTO_EXPORT_PUBLIC_KEY), TS_PSA_INVALID_HANDLE);
}

static void random_octets_fill_the_room_and_no_more(void **state)
{
	uint8_t first[32];

	(void)state;
	put_number(32);
	assert_int_equal(status(TS_CRYPTO_GENERATE_RANDOM), 0);
	assert_int_equal(unit.record.size, 32);
	memcpy(first, unit.record.at, 32);
	put_number(32);
	assert_int_equal(status(TS_CRYPTO_GENERATE_RANDOM), 0);
	assert_memory_not_equal(first, unit.record.at, 32);
	put_number(4092);
	assert_int_equal(status(TS_CRYPTO_GENERATE_RANDOM), 0);
	assert_int_equal(unit.call.out_size, 4096);
	put_number(4093);
	assert_int_equal(rpc(TS_CRYPTO_GENERATE_RANDOM), TS_RPC_ERROR_RESPONSE_BODY);
	put_number(0xffffffff);
	assert_int_equal(rpc(TS_CRYPTO_GENERATE_RANDOM), TS_RPC_ERROR_RESPONSE_BODY);
}

static void every_cut_off_request_is_refused(void **state)
{
	static const struct {
		uint16_t opcode;
		uint16_t fixed;
	} requests[] = {
		{ 0x101, 24 }, { 0x102, 4 }, { 0x105, 4 }, { 0x106, 4 }, { 0x107, 24 }, { 0x108, 8 },
		{ 0x109, 8 }, { 0x10a, 8 }, { 0x10b, 8 }, { 0x10c, 4 }, { 0x10d, 28 }, { 0x10e, 4 },
		{ 0x10f, 4 }, { 0x110, 8 }, { 0x111, 8 }, { 0x201, 4 }, { 0x202, 4 }, { 0x203, 4 },
		{ 0x204, 4 }, { 0x205, 4 }, { 0x206, 4 },
	};
	uint8_t zeros[32] = { 0 };
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(requests); n++) {
		put(zeros, requests[n].fixed - 1u);
		assert_int_equal(rpc(requests[n].opcode), TS_RPC_ERROR_REQUEST_BODY);
		/* The fixed part alone is an error of the service, not of the RPC. */
		put(zeros, requests[n].fixed);
		assert_int_equal(rpc(requests[n].opcode), TS_RPC_SUCCESS);
	}
	/* Records that say more than there is. */
	put_use(1, 0);
	put("\0\1\0\5abcd", 8);
	assert_int_equal(rpc(TS_CRYPTO_SIGN_HASH), TS_RPC_ERROR_REQUEST_BODY);
	put_use(1, 0);
	put("\0\1\0", 3);
	assert_int_equal(rpc(TS_CRYPTO_VERIFY_HASH), TS_RPC_ERROR_REQUEST_BODY);
	assert_int_equal(rpc(0x100), TS_RPC_ERROR_INVALID_VALUE);
	assert_int_equal(rpc(0x103), TS_RPC_ERROR_INVALID_VALUE);
	assert_int_equal(rpc(0x207), TS_RPC_ERROR_INVALID_VALUE);
	/* Without memory nothing can be answered, and nothing is left behind. */
	unit.out_room = 0;
	put_number(TS_ALG_SHA_256);
	assert_int_equal(rpc(TS_CRYPTO_HASH_SETUP), TS_RPC_ERROR_RESPONSE_BODY);
	put_attributes(TS_KEY_TYPE_RAW, 128, 0, 0, 0, 0);
	assert_int_equal(rpc(TS_CRYPTO_GENERATE_KEY), TS_RPC_ERROR_RESPONSE_BODY);
}

/* A CBOR byte string of at least 24 octets; what is behind it. */
static const uint8_t *take_bytes(const uint8_t *at, struct ts_bytes *bytes)
{
	if (*at == 0x58) {
		*bytes = (struct ts_bytes){ at + 2, at[1] };
	} else {
		assert_int_equal(*at, 0x59);
		*bytes = (struct ts_bytes){ at + 3, (size_t)(at[1] << 8 | at[2]) };
	}
	return bytes->at + bytes->size;
}

/* By hand: tag 18, four items, { 1: -7 }, no map; then the claims and the signature. */
static const uint8_t token_start[] = { 0xd2, 0x84, 0x43, 0xa1, 0x01, 0x26, 0xa0 };
/* "Signature1", the header, no external data; the claims follow as they are in the token. */
static const uint8_t signed_start[] = {
	0x84, 0x6a, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1', 0x43, 0xa1, 0x01, 0x26, 0x40,
};
/* Eight claims; -75000 is 74999 = 0x000124f7 in four octets. */
static const uint8_t claims_start[] = {
	0xa8, 0x3a, 0x00, 0x01, 0x24, 0xf7, 0x78, 24, 'h', 't', 't', 'p', ':', '/', '/',
	'a', 'r', 'm', '.', 'c', 'o', 'm', '/', 'p', 's', 'a', '/', '2', '.', '0', '.', '0',
	/* -75001: -1, the normal world. -75002: 0x1000 */
	0x3a, 0x00, 0x01, 0x24, 0xf8, 0x20, 0x3a, 0x00, 0x01, 0x24, 0xf9, 0x19, 0x10, 0x00,
};

static uint32_t import_public(const uint8_t *key)
{
	unit.attestation = false;
	put_attributes(TS_KEY_TYPE_ECC_PUBLIC(TS_ECC_SECP_R1), 256, TS_KEY_VOLATILE, 0, SIGNS,
		       TS_ALG_ECDSA(TS_ALG_SHA_256));
	put_record(1, key, 65);
	return number(TS_CRYPTO_IMPORT_KEY);
}

static void token_is_signed_by_the_key_that_is_exported(void **state)
{
	uint8_t challenge[32], public_key[65], message[512], token[1024];
	struct ts_bytes claims, signature;
	const uint8_t *at;
	uint32_t size, key;

	(void)state;
	memset(challenge, 0xc4, sizeof(challenge));
	unit.attestation = true;
	assert_int_equal(status(TS_ATTESTATION_IAK_EXISTS), TS_PSA_DOES_NOT_EXIST);
	put_number(32);
	size = number(TS_ATTESTATION_GET_TOKEN_SIZE);
	put_record(1, challenge, 32);
	assert_int_equal(status(TS_ATTESTATION_GET_TOKEN), 0);
	assert_int_equal(unit.record.size, size);
	memcpy(token, unit.record.at, size);
	assert_memory_equal(token, token_start, sizeof(token_start));
	at = take_bytes(token + sizeof(token_start), &claims);
	assert_int_equal(take_bytes(at, &signature) - token, size);
	assert_int_equal(signature.size, 64);
	assert_memory_equal(claims.at, claims_start, sizeof(claims_start));

	assert_int_equal(status(TS_ATTESTATION_IAK_EXISTS), 0);
	assert_int_equal(status(TS_ATTESTATION_EXPORT_IAK), 0);
	assert_int_equal(unit.record.size, 65);
	memcpy(public_key, unit.record.at, 65);
	key = import_public(public_key);
	memcpy(message, signed_start, sizeof(signed_start));
	/* With its head of three octets. */
	memcpy(message + sizeof(signed_start), claims.at - 3, claims.size + 3);
	put_use(key, TS_ALG_ECDSA(TS_ALG_SHA_256));
	put_record(1, message, sizeof(signed_start) + claims.size + 3);
	put_record(2, signature.at, signature.size);
	assert_int_equal(status(TS_CRYPTO_VERIFY_MESSAGE), 0);
	/* A client cannot use the key. */
	put_use(1, TS_ALG_ECDSA(TS_ALG_SHA_256));
	put_record(1, "mine", 4);
	assert_int_equal(status(TS_CRYPTO_SIGN_MESSAGE), TS_PSA_INVALID_HANDLE);
	put_number(key);
	assert_int_equal(status(TS_CRYPTO_DESTROY_KEY), 0);

	/* It is the same one after a power cycle, and no other can be put in its place. */
	end();
	start();
	unit.attestation = true;
	assert_int_equal(status(TS_ATTESTATION_EXPORT_IAK), 0);
	assert_memory_equal(unit.record.at, public_key, 65);
	put_record(1, vector_p256_private, 32);
	assert_int_equal(status(TS_ATTESTATION_IMPORT_IAK), TS_PSA_NOT_PERMITTED);
}

static void attestation_refuses_other_challenges(void **state)
{
	uint8_t challenge[65] = { 0 };
	uint32_t size;

	(void)state;
	unit.attestation = true;
	for (size = 0; size <= 65; size++) {
		int32_t want = size == 32 || size == 48 || size == 64 ? 0 : TS_PSA_INVALID_ARGUMENT;

		put_record(1, challenge, size);
		assert_int_equal(status(TS_ATTESTATION_GET_TOKEN), want);
		put_number(size);
		assert_int_equal(status(TS_ATTESTATION_GET_TOKEN_SIZE), want);
	}
	put_number(0xffffffff);
	assert_int_equal(status(TS_ATTESTATION_GET_TOKEN_SIZE), TS_PSA_INVALID_ARGUMENT);
	put(challenge, 3);
	assert_int_equal(rpc(TS_ATTESTATION_GET_TOKEN_SIZE), TS_RPC_ERROR_REQUEST_BODY);
	put("\0\1\0\40abc", 7);
	assert_int_equal(rpc(TS_ATTESTATION_GET_TOKEN), TS_RPC_ERROR_REQUEST_BODY);
	assert_int_equal(rpc(0x100), TS_RPC_ERROR_INVALID_VALUE);
	assert_int_equal(rpc(0x106), TS_RPC_ERROR_INVALID_VALUE);
	unit.out_room = 100;
	put_record(1, challenge, 32);
	assert_int_equal(status(TS_ATTESTATION_GET_TOKEN), TS_PSA_BUFFER_TOO_SMALL);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(hashes_are_the_published_ones),
		CASE(hash_operations_are_their_clients),
		CASE(signature_is_the_published_one),
		CASE(keys_are_made_and_told_apart_by_client),
		CASE(persistent_key_outlives_a_power_cycle),
		CASE(random_octets_fill_the_room_and_no_more),
		CASE(every_cut_off_request_is_refused),
		CASE(token_is_signed_by_the_key_that_is_exported),
		CASE(attestation_refuses_other_challenges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
