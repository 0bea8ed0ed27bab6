/* SPDX-License-Identifier: BSD-2-Clause */
/* Where Mbed TLS keeps persistent keys: crypto/keys.c has these functions. */
#ifndef TS_MBEDTLS_PSA_ITS_H
#define TS_MBEDTLS_PSA_ITS_H

#include <stddef.h>
#include <stdint.h>
#include "psa/crypto_types.h"

typedef uint32_t psa_storage_create_flags_t;
typedef uint64_t psa_storage_uid_t;

struct psa_storage_info_t {
	uint32_t size;
	psa_storage_create_flags_t flags;
};

psa_status_t psa_its_set(psa_storage_uid_t uid, uint32_t length, const void *data,
			 psa_storage_create_flags_t flags);
psa_status_t psa_its_get(psa_storage_uid_t uid, uint32_t offset, uint32_t length, void *data,
			 size_t *got);
psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *info);
psa_status_t psa_its_remove(psa_storage_uid_t uid);

#endif /* TS_MBEDTLS_PSA_ITS_H */
