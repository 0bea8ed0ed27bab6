/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and algorithms are Mbed TLS's, through its PSA interface. That library has one state
 * for the whole image, so there is one crypto partition: nothing else may call it.
 */
#ifndef TS_CRYPTO_H
#define TS_CRYPTO_H

#include <stdbool.h>
#include "psa/crypto.h"
#include "ts-service.h"
#include "storage.h"

/* Hash operations under way. With more, the one that nobody used for longest is lost. */
#define TS_CRYPTO_OPERATIONS	16

struct ts_hash_operation {
	uint32_t handle;	/* 0: free */
	uint16_t source;	/* whose */
	uint64_t used;		/* when, by ts_crypto.clock */
	psa_hash_operation_t psa;
};

/* State of ts_service_crypto, and of ts_service_attestation. */
struct ts_crypto {
	struct heap *heap;	/* the library's memory */
	struct store *store;	/* of persistent keys */
	/* Octets that nobody can guess. */
	bool (*entropy)(void *to, size_t size);
	uint64_t clock;		/* counts uses of operations */
	uint32_t last_handle;
	struct ts_hash_operation operations[TS_CRYPTO_OPERATIONS];
};

/* Owners of keys are the client endpoints, which have 16 bits, and the partition itself. */
#define TS_CRYPTO_OWNER_SELF	0x10000

/* Start the library; heap, store and entropy are set. False if it does not start. */
bool ts_crypto_init(struct ts_crypto *crypto);
/* All volatile keys are gone. For tests. */
void ts_crypto_end(struct ts_crypto *crypto);

/* hash.c: the opcodes from TS_CRYPTO_HASH_SETUP on. */
int32_t ts_crypto_hash(struct ts_crypto *crypto, struct ts_call *call);

#endif /* TS_CRYPTO_H */
