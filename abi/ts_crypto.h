/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The crypto service. Records are named in the comments, T1 is the one with tag 1. */
#ifndef ABI_TS_CRYPTO_H
#define ABI_TS_CRYPTO_H

#include "types.h"

#define TS_CRYPTO_GENERATE_KEY		0x101	/* attributes -> id */
#define TS_CRYPTO_DESTROY_KEY		0x102	/* id */
#define TS_CRYPTO_EXPORT_KEY		0x105	/* id -> T1 key */
#define TS_CRYPTO_EXPORT_PUBLIC_KEY	0x106	/* id -> T1 key */
#define TS_CRYPTO_IMPORT_KEY		0x107	/* attributes, T1 key -> id */
#define TS_CRYPTO_SIGN_HASH		0x108	/* key_use, T1 hash -> T1 signature */
#define TS_CRYPTO_VERIFY_HASH		0x109	/* key_use, T1 hash, T2 signature */
#define TS_CRYPTO_ASYMMETRIC_DECRYPT	0x10a	/* key_use, T1 ciphertext, T2 salt -> T1 */
#define TS_CRYPTO_ASYMMETRIC_ENCRYPT	0x10b	/* key_use, T1 plaintext, T2 salt -> T1 */
#define TS_CRYPTO_GENERATE_RANDOM	0x10c	/* size -> T1 octets */
#define TS_CRYPTO_COPY_KEY		0x10d	/* copy_key -> id */
#define TS_CRYPTO_PURGE_KEY		0x10e	/* id */
#define TS_CRYPTO_GET_KEY_ATTRIBUTES	0x10f	/* id -> attributes */
#define TS_CRYPTO_SIGN_MESSAGE		0x110	/* key_use, T1 message -> T1 signature */
#define TS_CRYPTO_VERIFY_MESSAGE	0x111	/* key_use, T1 message, T2 signature */
#define TS_CRYPTO_HASH_SETUP		0x201	/* algorithm -> handle */
#define TS_CRYPTO_HASH_UPDATE		0x202	/* handle, T1 data */
#define TS_CRYPTO_HASH_FINISH		0x203	/* handle -> T1 hash */
#define TS_CRYPTO_HASH_ABORT		0x204	/* handle */
#define TS_CRYPTO_HASH_VERIFY		0x205	/* handle, T1 hash */
#define TS_CRYPTO_HASH_CLONE		0x206	/* handle -> handle */

#define TS_KEY_TYPE_RAW			0x1001
#define TS_KEY_TYPE_HMAC		0x1100
#define TS_KEY_TYPE_AES			0x2400
#define TS_KEY_TYPE_RSA_PUBLIC		0x4001
#define TS_KEY_TYPE_RSA_PAIR		0x7001
#define TS_KEY_TYPE_ECC_PUBLIC(family)	(0x4100 | (family))
#define TS_KEY_TYPE_ECC_PAIR(family)	(0x7100 | (family))
#define TS_ECC_SECP_K1			0x17
#define TS_ECC_SECP_R1			0x12
#define TS_ECC_MONTGOMERY		0x41

#define TS_ALG_SHA_1			0x02000005
#define TS_ALG_SHA_224			0x02000008
#define TS_ALG_SHA_256			0x02000009
#define TS_ALG_SHA_384			0x0200000a
#define TS_ALG_SHA_512			0x0200000b
/* With the lowest octet of the hash. */
#define TS_ALG_RSA_PKCS1V15_SIGN(hash)	(0x06000200 | ((hash) & 0xff))
#define TS_ALG_RSA_PSS(hash)		(0x06000300 | ((hash) & 0xff))
#define TS_ALG_ECDSA(hash)		(0x06000600 | ((hash) & 0xff))
#define TS_ALG_DETERMINISTIC_ECDSA(hash) (0x06000700 | ((hash) & 0xff))

#define TS_KEY_USAGE_EXPORT		0x1
#define TS_KEY_USAGE_COPY		0x2
#define TS_KEY_USAGE_SIGN_MESSAGE	0x400
#define TS_KEY_USAGE_VERIFY_MESSAGE	0x800
#define TS_KEY_USAGE_SIGN_HASH		0x1000
#define TS_KEY_USAGE_VERIFY_HASH	0x2000

#define TS_KEY_VOLATILE			0
#define TS_KEY_PERSISTENT		1
/* Of persistent keys; the client chooses. */
#define TS_KEY_ID_USER_MIN		1
#define TS_KEY_ID_USER_MAX		0x3fffffff

struct ts_key_attributes {
	uint32_t type;
	uint32_t bits;
	uint32_t lifetime;
	uint32_t id;
	uint32_t usage;
	uint32_t algorithm;
} __attribute__((packed));

/* A key's id, a handle, a size, an algorithm: requests and responses of one number. */
struct ts_crypto_number {
	uint32_t value;
} __attribute__((packed));

struct ts_crypto_key_use {
	uint32_t id;
	uint32_t algorithm;
} __attribute__((packed));

struct ts_crypto_copy_key {
	uint32_t id;
	struct ts_key_attributes attributes;
} __attribute__((packed));

ABI_ASSERT_SIZE(struct ts_key_attributes, 24);
ABI_ASSERT_OFFSET(struct ts_key_attributes, algorithm, 20);
ABI_ASSERT_SIZE(struct ts_crypto_copy_key, 28);

#endif /* ABI_TS_CRYPTO_H */
