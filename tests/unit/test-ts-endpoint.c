// SPDX-License-Identifier: BSD-2-Clause
/* The RPC endpoint and the storage services, by the octets of the description. */
#include "ts-memory.h"
#include "trusted-services.h"
#include "compiler.h"
#include "endpoint.h"
#include "storage.h"
#include "string.h"
#include "ts_attestation.h"
#include "ts_crypto.h"
#include "ts_storage.h"
#include "ts_test.h"

#define HANDLE		0x0123456789abcdefULL
#define SHARED_SIZE	8192
#define PAYLOAD_MAX	4096

static struct {
	struct heap heap;
	struct ram_flash ram;
	struct store store;
	struct ts_storage its, ps;
	struct ts_endpoint endpoint;
	uint8_t shared[SHARED_SIZE];
	size_t shared_size;
	bool retrieve_fails, relinquish_fails;
	unsigned int retrieved;
	uint64_t last_handle;
	uint16_t last_source;
} unit;

static void *retrieve(struct ts_endpoint *endpoint, uint16_t source, uint64_t handle, size_t *size)
{
	assert_ptr_equal(endpoint, &unit.endpoint);
	if (unit.retrieve_fails)
		return NULL;
	unit.retrieved++;
	unit.last_handle = handle;
	unit.last_source = source;
	*size = unit.shared_size;
	return unit.shared;
}

static bool relinquish(struct ts_endpoint *endpoint, uint64_t handle)
{
	(void)endpoint;
	(void)handle;
	if (unit.relinquish_fails)
		return false;
	unit.retrieved--;
	return true;
}

static const struct ts_transport transport = { retrieve, relinquish };

static int setup(void **state)
{
	struct flash_area area;

	(void)state;
	memset(&unit, 0, sizeof(unit));
	test_heap_init(&unit.heap, 1 << 20);
	ram_flash_init(&unit.ram);
	area = ram_flash_area(&unit.ram);
	unit.its = (struct ts_storage){ &unit.store, STORE_KIND_ITS, false };
	unit.ps = (struct ts_storage){ &unit.store, STORE_KIND_PS, true };
	unit.shared_size = SHARED_SIZE;
	if (!store_open(&unit.store, &unit.heap, &area) ||
	    !ts_endpoint_init(&unit.endpoint, "unit", &unit.heap, PAYLOAD_MAX))
		return -1;
	unit.endpoint.transport = &transport;
	return !ts_endpoint_add(&unit.endpoint, &ts_service_its, &unit.its) ||
	       !ts_endpoint_add(&unit.endpoint, &ts_service_ps, &unit.ps);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&unit.store);
	heap_free(&unit.heap, unit.endpoint.in);
	heap_free(&unit.heap, unit.endpoint.out);
	test_heap_end(&unit.heap);
	return 0;
}

static void exchange_from(uint16_t source, const uint32_t vector[2][TS_RPC_WORDS])
{
	uint32_t words[TS_RPC_WORDS];

	memcpy(words, vector[0], sizeof(words));
	ts_endpoint_message(&unit.endpoint, source, words);
	assert_memory_equal(words, vector[1], sizeof(words));
}

static void exchange(const uint32_t vector[2][TS_RPC_WORDS])
{
	exchange_from(0, vector);
}

struct answer {
	int32_t rpc;
	int32_t service;
	uint32_t length;
};

/* A call with what is in the shared memory. */
static struct answer call_raw(unsigned int interface, unsigned int opcode, uint32_t length)
{
	uint32_t words[TS_RPC_WORDS] = {
		TS_RPC_MAKE_CONTROL(interface, opcode), (uint32_t)HANDLE,
		(uint32_t)(HANDLE >> 32), length, 0,
	};
	uint32_t control = words[0];

	ts_endpoint_message(&unit.endpoint, 0, words);
	assert_int_equal(words[0], control);
	assert_int_equal(words[4], 0);
	return (struct answer){ (int32_t)words[1], (int32_t)words[2], words[3] };
}

static struct answer call(unsigned int interface, unsigned int opcode, const void *request,
			  uint32_t length)
{
	memcpy(unit.shared, request, length);
	return call_raw(interface, opcode, length);
}

#define OF_ITS	0
#define OF_PS	1
/* Of the answer's fields; service 0 unless the RPC status is. */
#define answers(result, rpc_, service_, length_) do {		\
	struct answer a_ = (result);				\
	assert_int_equal(a_.rpc, rpc_);				\
	assert_int_equal(a_.service, service_);			\
	assert_int_equal(a_.length, length_);			\
} while (0)

static void share(void)
{
	exchange(vector_ts_retrieve);
}

static void constants_are_those_of_the_description(void **state)
{
	static const uint8_t protocol[] = TS_PROTOCOL_UUID;
	static const uint32_t numbers[][2] = {
		{ TS_CRYPTO_GENERATE_KEY, 0x101 }, { TS_CRYPTO_DESTROY_KEY, 0x102 },
		{ TS_CRYPTO_EXPORT_KEY, 0x105 }, { TS_CRYPTO_EXPORT_PUBLIC_KEY, 0x106 },
		{ TS_CRYPTO_IMPORT_KEY, 0x107 }, { TS_CRYPTO_SIGN_HASH, 0x108 },
		{ TS_CRYPTO_VERIFY_HASH, 0x109 }, { TS_CRYPTO_ASYMMETRIC_DECRYPT, 0x10a },
		{ TS_CRYPTO_ASYMMETRIC_ENCRYPT, 0x10b }, { TS_CRYPTO_GENERATE_RANDOM, 0x10c },
		{ TS_CRYPTO_COPY_KEY, 0x10d }, { TS_CRYPTO_PURGE_KEY, 0x10e },
		{ TS_CRYPTO_GET_KEY_ATTRIBUTES, 0x10f }, { TS_CRYPTO_SIGN_MESSAGE, 0x110 },
		{ TS_CRYPTO_VERIFY_MESSAGE, 0x111 }, { TS_CRYPTO_HASH_SETUP, 0x201 },
		{ TS_CRYPTO_HASH_UPDATE, 0x202 }, { TS_CRYPTO_HASH_FINISH, 0x203 },
		{ TS_CRYPTO_HASH_ABORT, 0x204 }, { TS_CRYPTO_HASH_VERIFY, 0x205 },
		{ TS_CRYPTO_HASH_CLONE, 0x206 }, { TS_ALG_SHA_1, 0x02000005 },
		{ TS_ALG_SHA_224, 0x02000008 }, { TS_ALG_SHA_256, 0x02000009 },
		{ TS_ALG_SHA_384, 0x0200000a }, { TS_ALG_SHA_512, 0x0200000b },
		{ TS_ALG_ECDSA(TS_ALG_SHA_256), 0x06000609 },
		{ TS_ALG_DETERMINISTIC_ECDSA(TS_ALG_SHA_512), 0x0600070b },
		{ TS_ALG_RSA_PKCS1V15_SIGN(TS_ALG_SHA_256), 0x06000209 },
		{ TS_ALG_RSA_PSS(TS_ALG_SHA_384), 0x0600030a },
		{ TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1), 0x7112 },
		{ TS_KEY_TYPE_ECC_PUBLIC(TS_ECC_SECP_K1), 0x4117 },
		{ TS_KEY_TYPE_ECC_PAIR(TS_ECC_MONTGOMERY), 0x7141 },
		{ TS_KEY_TYPE_RSA_PAIR, 0x7001 }, { TS_KEY_TYPE_RSA_PUBLIC, 0x4001 },
		{ TS_KEY_TYPE_RAW, 0x1001 }, { TS_KEY_TYPE_HMAC, 0x1100 },
		{ TS_KEY_TYPE_AES, 0x2400 }, { TS_KEY_USAGE_EXPORT, 1 }, { TS_KEY_USAGE_COPY, 2 },
		{ TS_KEY_USAGE_SIGN_MESSAGE, 0x400 }, { TS_KEY_USAGE_VERIFY_MESSAGE, 0x800 },
		{ TS_KEY_USAGE_SIGN_HASH, 0x1000 }, { TS_KEY_USAGE_VERIFY_HASH, 0x2000 },
		{ TS_KEY_ID_USER_MAX, 0x3fffffff }, { TS_ATTESTATION_GET_TOKEN, 0x101 },
		{ TS_ATTESTATION_GET_TOKEN_SIZE, 0x102 }, { TS_ATTESTATION_EXPORT_IAK, 0x103 },
		{ TS_ATTESTATION_IMPORT_IAK, 0x104 }, { TS_ATTESTATION_IAK_EXISTS, 0x105 },
		{ TS_TEST_RUN, 0x101 }, { TS_TEST_LIST, 0x102 },
		{ (uint32_t)TS_EAT_PROFILE, (uint32_t)-75000 },
		{ (uint32_t)TS_EAT_VERIFIER, (uint32_t)-75010 },
	};
	unsigned int n;

	(void)state;
	assert_memory_equal(protocol, vector_ts_protocol, 16);
	assert_memory_equal(protocol, vector_ts_protocol_words, 16);
	for (n = 0; n < ARRAY_SIZE(numbers); n++)
		assert_int_equal(numbers[n][0], numbers[n][1]);
}

static void messages_are_answered_word_for_word(void **state)
{
	(void)state;
	exchange(vector_ts_version);
	exchange(vector_ts_service_info);
	exchange(vector_ts_service_unknown);
	exchange(vector_ts_unknown_operation);
	exchange(vector_ts_retrieve);
	assert_true(unit.last_handle == HANDLE);
	memcpy(unit.shared, vector_ts_set, sizeof(vector_ts_set));
	exchange(vector_ts_call_set);
	memcpy(unit.shared, vector_ts_get, sizeof(vector_ts_get));
	exchange(vector_ts_call_get);
	assert_memory_equal(unit.shared, "hello", 5);
	/* Behind the response the request is as it was. */
	assert_memory_equal(unit.shared + 5, vector_ts_get + 5, sizeof(vector_ts_get) - 5);
	memcpy(unit.shared, vector_ts_uid, sizeof(vector_ts_uid));
	answers(call_raw(OF_PS, TS_STORAGE_GET_INFO, 8), 0, 0, 20);
	assert_memory_equal(unit.shared, vector_ts_info, sizeof(vector_ts_info));
	answers(call(OF_PS, TS_STORAGE_REMOVE, vector_ts_uid, 8), 0, 0, 0);
	memcpy(unit.shared, vector_ts_uid, sizeof(vector_ts_uid));
	exchange(vector_ts_call_remove_absent);
	exchange(vector_ts_call_no_memory);
	answers(call(OF_PS, TS_STORAGE_CREATE, vector_ts_create, 20), 0, 0, 0);
	answers(call(OF_PS, TS_STORAGE_SET_EXTENDED, vector_ts_set_extended, 27), 0, 0, 0);
	answers(call(OF_PS, TS_STORAGE_GET, vector_ts_get, 24), 0, 0, 3);
	assert_memory_equal(unit.shared, "abc", 3);
	answers(call_raw(OF_PS, TS_STORAGE_GET_SUPPORT, 0), 0, 0, 4);
	assert_memory_equal(unit.shared, vector_ts_support, 4);
	exchange(vector_ts_relinquish);
	assert_int_equal(unit.retrieved, 0);
}

static void message_of_64_bits_is_refused(void **state)
{
	uint64_t words[TS_RPC_WORDS] = { 0x00ff0000, 9, 9, 9, 9 };
	static const uint64_t want[TS_RPC_WORDS] = { 0x00ff0000, 0xfffffffe, 0, 0, 0 };

	(void)state;
	ts_endpoint_refuse_64(words);
	assert_memory_equal(words, want, sizeof(want));
}

static void malformed_calls_are_refused(void **state)
{
	uint32_t flags[2][5] = { { 0x01ff0000, 0, 0, 0, 0 }, { 0x01ff0000, 0xfffffffe, 0, 0, 0 } };

	(void)state;
	exchange(flags);
	/* No memory of that handle yet. */
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0), TS_RPC_ERROR_NOT_FOUND, 0, 0);
	share();
	answers(call_raw(2, TS_STORAGE_GET_SUPPORT, 0), TS_RPC_ERROR_INVALID_VALUE, 0, 0);
	answers(call_raw(0xfe, TS_STORAGE_GET_SUPPORT, 0), TS_RPC_ERROR_INVALID_VALUE, 0, 0);
	answers(call_raw(OF_ITS, 0xff, 0), TS_RPC_ERROR_INVALID_VALUE, 0, 0);
	answers(call_raw(OF_ITS, 0x107, 0), TS_RPC_ERROR_INVALID_VALUE, 0, 0);
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, PAYLOAD_MAX), 0, 0, 4);
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, SHARED_SIZE), TS_RPC_ERROR_RESOURCE, 0, 0);
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, SHARED_SIZE + 1),
		TS_RPC_ERROR_INVALID_VALUE, 0, 0);
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0xffffffff), TS_RPC_ERROR_INVALID_VALUE, 0, 0);
	/* One octet short of what each needs. */
	answers(call(OF_PS, TS_STORAGE_SET, vector_ts_set, 24), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	answers(call(OF_PS, TS_STORAGE_SET, vector_ts_set, 19), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	answers(call(OF_PS, TS_STORAGE_GET, vector_ts_get, 23), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	answers(call(OF_PS, TS_STORAGE_GET_INFO, vector_ts_uid, 7), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	answers(call(OF_PS, TS_STORAGE_REMOVE, vector_ts_uid, 0), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	answers(call(OF_PS, TS_STORAGE_CREATE, vector_ts_create, 19), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	answers(call(OF_PS, TS_STORAGE_SET_EXTENDED, vector_ts_set_extended, 26),
		TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	/* A data_length that overflows when something is added. */
	memcpy(unit.shared, vector_ts_set, sizeof(vector_ts_set));
	memset(unit.shared + 8, 0xff, 8);
	answers(call_raw(OF_PS, TS_STORAGE_SET, 25), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	memcpy(unit.shared, vector_ts_set_extended, 27);
	memset(unit.shared + 16, 0xff, 8);
	answers(call_raw(OF_PS, TS_STORAGE_SET_EXTENDED, 27), TS_RPC_ERROR_REQUEST_BODY, 0, 0);
	assert_null(unit.store.objects);
}

static void memory_has_an_owner_and_the_table_an_end(void **state)
{
	uint32_t words[TS_RPC_WORDS];
	unsigned int n;

	(void)state;
	share();
	/* The same again, and another's. */
	memcpy(words, vector_ts_retrieve[0], sizeof(words));
	ts_endpoint_message(&unit.endpoint, 0, words);
	assert_int_equal((int32_t)words[1], TS_RPC_ERROR_TRANSPORT);
	memcpy(words, vector_ts_relinquish[0], sizeof(words));
	ts_endpoint_message(&unit.endpoint, 5, words);
	assert_int_equal((int32_t)words[1], TS_RPC_ERROR_NOT_FOUND);
	memcpy(words, vector_ts_call_get[0], sizeof(words));
	ts_endpoint_message(&unit.endpoint, 5, words);
	assert_int_equal((int32_t)words[1], TS_RPC_ERROR_NOT_FOUND);
	unit.relinquish_fails = true;
	memcpy(words, vector_ts_relinquish[0], sizeof(words));
	ts_endpoint_message(&unit.endpoint, 0, words);
	assert_int_equal((int32_t)words[1], TS_RPC_ERROR_TRANSPORT);
	/* It is still ours. */
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0), 0, 0, 4);
	unit.relinquish_fails = false;
	for (n = 1; n <= TS_MEMORIES_MAX; n++) {
		uint32_t next[TS_RPC_WORDS] = { 0x00ff0001, n, 0, 0, 0 };

		ts_endpoint_message(&unit.endpoint, 0, next);
		assert_int_equal((int32_t)next[1],
				 n < TS_MEMORIES_MAX ? 0 : TS_RPC_ERROR_NOT_FOUND);
	}
	exchange(vector_ts_relinquish);
	unit.retrieve_fails = true;
	memcpy(words, vector_ts_retrieve[0], sizeof(words));
	ts_endpoint_message(&unit.endpoint, 0, words);
	assert_int_equal((int32_t)words[1], TS_RPC_ERROR_TRANSPORT);
	unit.retrieve_fails = false;
	exchange(vector_ts_retrieve);
}

static bool starts;

static bool start(struct ts_endpoint *endpoint)
{
	(void)endpoint;
	return starts;
}

static void calls_wait_for_the_start(void **state)
{
	(void)state;
	unit.endpoint.start = start;
	share();
	exchange(vector_ts_service_info);
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0), TS_RPC_ERROR_INTERNAL, 0, 0);
	starts = true;
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0), 0, 0, 4);
	/* Once. */
	starts = false;
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0), 0, 0, 4);
}

static void service_is_offered_once(void **state)
{
	struct ts_service services[TS_INTERFACES_MAX];
	unsigned int n;

	(void)state;
	assert_false(ts_endpoint_add(&unit.endpoint, &ts_service_its, &unit.ps));
	assert_int_equal(unit.endpoint.interface_count, 2);
	for (n = 0; n < TS_INTERFACES_MAX; n++) {
		services[n] = ts_service_its;
		services[n].uuid[0] = (uint8_t)n;
		assert_int_equal(ts_endpoint_add(&unit.endpoint, &services[n], &unit.its),
				 n < TS_INTERFACES_MAX - 2);
	}
}

static struct answer set(unsigned int interface, uint64_t uid, uint32_t flags, const void *data,
			 uint32_t size)
{
	struct ts_storage_set request = { uid, size, flags };

	memcpy(unit.shared, &request, sizeof(request));
	memcpy(unit.shared + sizeof(request), data, size);
	return call_raw(interface, TS_STORAGE_SET, sizeof(request) + size);
}

static struct answer get(unsigned int interface, uint64_t uid, uint64_t offset, uint64_t size)
{
	struct ts_storage_get request = { uid, offset, size };

	return call(interface, TS_STORAGE_GET, &request, sizeof(request));
}

static void storage_refuses_what_psa_refuses(void **state)
{
	uint64_t zero = 0, once = 7;

	(void)state;
	share();
	answers(set(OF_ITS, 0, 0, "x", 1), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(get(OF_ITS, 0, 0, 1), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(call(OF_ITS, TS_STORAGE_GET_INFO, &zero, 8), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(call(OF_ITS, TS_STORAGE_REMOVE, &zero, 8), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(set(OF_ITS, 7, 8, "x", 1), 0, TS_PSA_NOT_SUPPORTED, 0);
	answers(get(OF_ITS, 7, 0, 1), 0, TS_PSA_DOES_NOT_EXIST, 0);
	answers(call(OF_ITS, TS_STORAGE_GET_INFO, &once, 8), 0, TS_PSA_DOES_NOT_EXIST, 0);
	answers(set(OF_ITS, 7, TS_STORAGE_WRITE_ONCE, "first", 5), 0, 0, 0);
	answers(set(OF_ITS, 7, 0, "second", 6), 0, TS_PSA_NOT_PERMITTED, 0);
	answers(call(OF_ITS, TS_STORAGE_REMOVE, &once, 8), 0, TS_PSA_NOT_PERMITTED, 0);
	answers(get(OF_ITS, 7, 0, 100), 0, 0, 5);
	assert_memory_equal(unit.shared, "first", 5);
	answers(get(OF_ITS, 7, 5, 100), 0, 0, 0);
	answers(get(OF_ITS, 7, 6, 100), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(get(OF_ITS, 7, ~0ULL, ~0ULL), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(get(OF_ITS, 7, 2, 2), 0, 0, 2);
	assert_memory_equal(unit.shared, "rs", 2);
	/* The other service knows nothing of it. */
	answers(get(OF_PS, 7, 0, 100), 0, TS_PSA_DOES_NOT_EXIST, 0);
	answers(call(OF_ITS, TS_STORAGE_CREATE, vector_ts_create, 20), 0, TS_PSA_NOT_SUPPORTED, 0);
	answers(call(OF_ITS, TS_STORAGE_SET_EXTENDED, vector_ts_set_extended, 27), 0,
		TS_PSA_NOT_SUPPORTED, 0);
	answers(call_raw(OF_ITS, TS_STORAGE_GET_SUPPORT, 0), 0, 0, 4);
	assert_int_equal(unit.shared[0], 0);
}

static struct answer create(uint64_t uid, uint64_t capacity, uint32_t flags)
{
	struct ts_storage_create request = { uid, capacity, flags };

	return call(OF_PS, TS_STORAGE_CREATE, &request, sizeof(request));
}

static struct answer extend(uint64_t uid, uint64_t offset, const char *data)
{
	struct ts_storage_set_extended request = { uid, offset, strlen(data) };

	memcpy(unit.shared, &request, sizeof(request));
	memcpy(unit.shared + sizeof(request), data, strlen(data));
	return call_raw(OF_PS, TS_STORAGE_SET_EXTENDED, (uint32_t)(sizeof(request) + strlen(data)));
}

static void created_objects_grow_without_gaps(void **state)
{
	(void)state;
	share();
	answers(create(0, 8, 0), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(create(1, 8, TS_STORAGE_WRITE_ONCE), 0, TS_PSA_NOT_SUPPORTED, 0);
	answers(create(1, 8, 16), 0, TS_PSA_NOT_SUPPORTED, 0);
	answers(create(1, 1ULL << 32, 0), 0, TS_PSA_INSUFFICIENT_STORAGE, 0);
	answers(create(1, 8, 0), 0, 0, 0);
	answers(create(1, 8, 0), 0, TS_PSA_ALREADY_EXISTS, 0);
	answers(extend(2, 0, "a"), 0, TS_PSA_DOES_NOT_EXIST, 0);
	answers(extend(1, 1, "a"), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(extend(1, 0, "abcd"), 0, 0, 0);
	answers(extend(1, 4, "efgh"), 0, 0, 0);
	answers(extend(1, 8, "i"), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(extend(1, 7, "hi"), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(extend(1, ~0ULL, "a"), 0, TS_PSA_INVALID_ARGUMENT, 0);
	answers(extend(1, 2, "CD"), 0, 0, 0);
	answers(get(OF_PS, 1, 0, 100), 0, 0, 8);
	assert_memory_equal(unit.shared, "abCDefgh", 8);
	answers(set(OF_PS, 3, TS_STORAGE_WRITE_ONCE, "x", 1), 0, 0, 0);
	answers(extend(3, 0, "y"), 0, TS_PSA_NOT_PERMITTED, 0);
}

static void answers_do_not_exceed_the_memory(void **state)
{
	uint8_t data[64];

	(void)state;
	share();
	memset(data, 7, sizeof(data));
	answers(set(OF_ITS, 1, 0, data, sizeof(data)), 0, 0, 0);
	exchange(vector_ts_relinquish);
	unit.shared_size = 24;
	share();
	answers(get(OF_ITS, 1, 0, 100), 0, 0, 24);
	exchange(vector_ts_relinquish);
	unit.shared_size = 19;
	share();
	answers(call(OF_ITS, TS_STORAGE_GET_INFO, "\1\0\0\0\0\0\0", 8), TS_RPC_ERROR_RESPONSE_BODY,
		0, 0);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(constants_are_those_of_the_description),
		CASE(messages_are_answered_word_for_word),
		CASE(message_of_64_bits_is_refused),
		CASE(malformed_calls_are_refused),
		CASE(memory_has_an_owner_and_the_table_an_end),
		CASE(calls_wait_for_the_start),
		CASE(service_is_offered_once),
		CASE(storage_refuses_what_psa_refuses),
		CASE(created_objects_grow_without_gaps),
		CASE(answers_do_not_exceed_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
