/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing CBOR (RFC 8949), in its shortest form. */
#ifndef TS_CRYPTO_CBOR_H
#define TS_CRYPTO_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cbor {
	uint8_t *at;
	size_t room;
	size_t size;		/* what was written, or would have been with more room */
};

static inline bool cbor_fits(const struct cbor *cbor)
{
	return cbor->size <= cbor->room;
}

void cbor_int(struct cbor *cbor, int64_t value);
void cbor_bytes(struct cbor *cbor, const void *bytes, size_t size);
void cbor_text(struct cbor *cbor, const char *text);
/* So many items follow; of a map, twice as many. */
void cbor_array(struct cbor *cbor, size_t count);
void cbor_map(struct cbor *cbor, size_t count);
void cbor_tag(struct cbor *cbor, uint64_t tag);

#endif /* TS_CRYPTO_CBOR_H */
