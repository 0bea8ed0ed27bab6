// SPDX-License-Identifier: BSD-2-Clause
/*
 * The machine has no source of random numbers but the seed that it was started with. It is
 * stretched by a hash: the library's generator asks a few times only, at its start and from time
 * to time.
 */
#include "entropy.h"
#include "arch.h"
#include "mbedtls/sha256.h"
#include "plat.h"
#include "string.h"

#define BLOCK	32

/* Used by the crypto partition alone. */
static struct {
	uint8_t seed[PLAT_SEED_SIZE];
	uint64_t count;
	uint64_t time;
} pool;

static bool usable, fixed;

void ts_entropy_init(uint64_t seed)
{
	memset(&pool, 0, sizeof(pool));
	fixed = seed;
	if (fixed)
		memcpy(pool.seed, &seed, sizeof(seed));
	usable = fixed || plat_seed(pool.seed);
}

bool ts_entropy(void *to, size_t size)
{
	uint8_t block[BLOCK], *octets = to;
	size_t part;

	if (!usable)
		return false;
	for (; size; size -= part, octets += part) {
		pool.count++;
		if (!fixed)
			pool.time = arch_ticks();
		if (mbedtls_sha256_ret((const uint8_t *)&pool, sizeof(pool), block, 0))
			return false;
		part = size < BLOCK ? size : BLOCK;
		memcpy(octets, block, part);
	}
	return true;
}
