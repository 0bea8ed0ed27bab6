/* SPDX-License-Identifier: BSD-2-Clause */
/* What the crypto partition takes of Mbed TLS 2.28: PSA keys and operations, nothing of TLS. */
#ifndef TS_MBEDTLS_CONFIG_H
#define TS_MBEDTLS_CONFIG_H

/* No operating system beneath: its memory is the partition's heap, its entropy the platform's. */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PLATFORM_CALLOC_MACRO	ts_mbedtls_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO	ts_mbedtls_free
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO	ts_mbedtls_snprintf
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_ENTROPY_C
#define MBEDTLS_ENTROPY_HARDWARE_ALT
#define MBEDTLS_CTR_DRBG_C
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_NO_UDBL_DIVISION

/* Keys: by client and number, those that persist through psa_its_set() and its like. */
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_STORAGE_C
#define MBEDTLS_PSA_CRYPTO_KEY_ID_ENCODES_OWNER

#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA224_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_MD_C

#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_CIPHER_C
#define MBEDTLS_CIPHER_MODE_CBC
#define MBEDTLS_CIPHER_MODE_CTR
#define MBEDTLS_CIPHER_PADDING_PKCS7
#define MBEDTLS_CMAC_C
#define MBEDTLS_CCM_C
#define MBEDTLS_GCM_C

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_OID_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PK_WRITE_C
#define MBEDTLS_RSA_C
#define MBEDTLS_GENPRIME
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21
#define MBEDTLS_ECP_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECDSA_DETERMINISTIC
#define MBEDTLS_HMAC_DRBG_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_SECP521R1_ENABLED
#define MBEDTLS_ECP_DP_SECP256K1_ENABLED
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM

/* The longest key is an RSA one; the stack of a partition is small. */
#define MBEDTLS_MPI_MAX_SIZE		512
#define MBEDTLS_PSA_KEY_SLOT_COUNT	32

#ifndef __ASSEMBLER__
#include <stddef.h>
void *ts_mbedtls_calloc(size_t count, size_t size);
void ts_mbedtls_free(void *memory);
int ts_mbedtls_snprintf(char *to, size_t size, const char *format, ...);
#endif

#include "mbedtls/check_config.h"

#endif /* TS_MBEDTLS_CONFIG_H */
