// SPDX-License-Identifier: BSD-2-Clause
/* The crypto service's answers, compared with published ones, by way of the driver. */
#include <string.h>
#include <unistd.h>

#include "abi/ts_crypto.h"
#include "abi/ts_storage.h"
#include "array.h"
#include "harness.h"
#include "tests/vectors/trusted-crypto.h"
#include "ts.h"
#include "world.h"

static const uint8_t ts_crypto[TS_UUID_SIZE] = TS_CRYPTO_UUID;

/* A record at @at of the request. Return: where the next one is */
static uint64_t record(const struct ts_client *c, uint64_t at, uint8_t tag, const void *octets,
		       size_t size)
{
	uint8_t *va = c->buf.va + at;

	va[0] = 0;
	va[1] = tag;
	va[2] = size >> 8;
	va[3] = size;
	memcpy(va + 4, octets, size);
	return at + 4 + size;
}

/* Return: of the service; *@length: of the request, then of the response */
static int32_t ask(const struct ts_client *c, uint32_t opcode, uint64_t *length)
{
	int32_t status = 0;

	ASSERT_RC(ts_call(c->fd, c->session, opcode, c->buf.id, length, &status), 0);
	return status;
}

/* A request that is one number, with or without a record; its response is a number, too. */
static uint32_t number(const struct ts_client *c, uint32_t opcode, uint32_t value)
{
	uint64_t length = 4;
	uint32_t answer = 0;

	memcpy(c->buf.va, &value, 4);
	ASSERT_EQ(ask(c, opcode, &length), TS_PSA_SUCCESS);
	if (length) {
		ASSERT_EQ(length, 4);
		memcpy(&answer, c->buf.va, 4);
	}
	return answer;
}

/* The response is one record, and nothing but it. */
static void expect_record(const struct ts_client *c, uint64_t length, const void *want, size_t size)
{
	const uint8_t *va = c->buf.va;

	ASSERT_EQ(length, 4 + size);
	EXPECT_EQ(va[0] << 8 | va[1], 1);
	EXPECT_EQ(va[2] << 8 | va[3], size);
	EXPECT(!memcmp(va + 4, want, size));
}

TEST(hashes_are_the_published_ones)
{
	static const struct {
		uint32_t algorithm;
		const uint8_t *want;
		size_t size;
	} hashes[] = {
		{ TS_ALG_SHA_1, vector_abc_sha1, sizeof(vector_abc_sha1) },
		{ TS_ALG_SHA_224, vector_abc_sha224, sizeof(vector_abc_sha224) },
		{ TS_ALG_SHA_256, vector_abc_sha256, sizeof(vector_abc_sha256) },
		{ TS_ALG_SHA_384, vector_abc_sha384, sizeof(vector_abc_sha384) },
		{ TS_ALG_SHA_512, vector_abc_sha512, sizeof(vector_abc_sha512) },
	};
	struct ts_client c;
	uint64_t length;

	ts_client_open(&c, ts_crypto);
	for (unsigned int n = 0; n < ARRAY_SIZE(hashes); n++) {
		uint32_t handle = number(&c, TS_CRYPTO_HASH_SETUP, hashes[n].algorithm);

		/* In two pieces. */
		memcpy(c.buf.va, &handle, 4);
		length = record(&c, 4, 1, "a", 1);
		EXPECT_EQ(ask(&c, TS_CRYPTO_HASH_UPDATE, &length), TS_PSA_SUCCESS);
		memcpy(c.buf.va, &handle, 4);
		length = record(&c, 4, 1, "bc", 2);
		EXPECT_EQ(ask(&c, TS_CRYPTO_HASH_UPDATE, &length), TS_PSA_SUCCESS);
		memcpy(c.buf.va, &handle, 4);
		length = 4;
		EXPECT_EQ(ask(&c, TS_CRYPTO_HASH_FINISH, &length), TS_PSA_SUCCESS);
		expect_record(&c, length, hashes[n].want, hashes[n].size);
	}
	ts_client_close(&c);
	ts_unload();
}

/* RFC 6979, A.2.5: a signature without a random number is the same for everybody. */
TEST(key_and_signature_are_the_published_ones)
{
	const struct ts_key_attributes attributes = {
		.type = TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1), .bits = 256,
		.usage = TS_KEY_USAGE_SIGN_MESSAGE | TS_KEY_USAGE_VERIFY_MESSAGE,
		.algorithm = TS_ALG_DETERMINISTIC_ECDSA(TS_ALG_SHA_256),
	};
	struct ts_crypto_key_use use = { .algorithm = attributes.algorithm };
	struct ts_client c;
	uint64_t length;

	ts_client_open(&c, ts_crypto);
	memcpy(c.buf.va, &attributes, sizeof(attributes));
	length = record(&c, sizeof(attributes), 1, vector_p256_private, sizeof(vector_p256_private));
	ASSERT_EQ(ask(&c, TS_CRYPTO_IMPORT_KEY, &length), TS_PSA_SUCCESS);
	ASSERT_EQ(length, 4);
	memcpy(&use.id, c.buf.va, 4);

	memcpy(c.buf.va, &use.id, 4);
	length = 4;
	EXPECT_EQ(ask(&c, TS_CRYPTO_EXPORT_PUBLIC_KEY, &length), TS_PSA_SUCCESS);
	expect_record(&c, length, vector_p256_public, sizeof(vector_p256_public));

	memcpy(c.buf.va, &use, sizeof(use));
	length = record(&c, sizeof(use), 1, "sample", 6);
	EXPECT_EQ(ask(&c, TS_CRYPTO_SIGN_MESSAGE, &length), TS_PSA_SUCCESS);
	expect_record(&c, length, vector_p256_signature, sizeof(vector_p256_signature));

	for (unsigned int n = 0; n < 2; n++) {
		memcpy(c.buf.va, &use, sizeof(use));
		length = record(&c, sizeof(use), 1, n ? "simple" : "sample", 6);
		length = record(&c, length, 2, vector_p256_signature, sizeof(vector_p256_signature));
		EXPECT_EQ(ask(&c, TS_CRYPTO_VERIFY_MESSAGE, &length),
			  n ? TS_PSA_INVALID_SIGNATURE : TS_PSA_SUCCESS);
		EXPECT_EQ(length, 0);
	}
	number(&c, TS_CRYPTO_DESTROY_KEY, use.id);
	ts_client_close(&c);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}
