/* SPDX-License-Identifier: BSD-2-Clause */
/* Mbed TLS wants the errors of whoever keeps its keys; they are its own. */
#ifndef TS_MBEDTLS_PSA_ERROR_H
#define TS_MBEDTLS_PSA_ERROR_H

#include "psa/crypto_types.h"
#include "psa/crypto_values.h"

#endif /* TS_MBEDTLS_PSA_ERROR_H */
