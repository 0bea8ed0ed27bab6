/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TS_CRYPTO_ENTROPY_H
#define TS_CRYPTO_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From then on the numbers are those of @seed, each boot the same; 0: the platform's seed. */
void ts_entropy_init(uint64_t seed);
/* For struct ts_crypto; false if the platform has no seed. */
bool ts_entropy(void *to, size_t size);

#endif /* TS_CRYPTO_ENTROPY_H */
