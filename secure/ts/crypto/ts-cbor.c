// SPDX-License-Identifier: BSD-2-Clause
#include "ts-cbor.h"
#include "string.h"

enum major {
	MAJOR_UNSIGNED,
	MAJOR_NEGATIVE,
	MAJOR_BYTES,
	MAJOR_TEXT,
	MAJOR_ARRAY,
	MAJOR_MAP,
	MAJOR_TAG,
};

static void put(struct cbor *cbor, const void *from, size_t size)
{
	if (cbor->size <= cbor->room && size && size <= cbor->room - cbor->size)
		memcpy(cbor->at + cbor->size, from, size);
	cbor->size += size;
}

static void put_head(struct cbor *cbor, enum major major, uint64_t value)
{
	unsigned int octets = 0, n;
	uint8_t head[9];

	if (value > UINT32_MAX)
		octets = 8;
	else if (value > UINT16_MAX)
		octets = 4;
	else if (value > UINT8_MAX)
		octets = 2;
	else if (value > 23)
		octets = 1;
	/* 24 to 27: the value is in the next 1, 2, 4 or 8 octets. */
	head[0] = (uint8_t)(major << 5 | (octets ? 24U + (unsigned int)__builtin_ctz(octets) : value));
	for (n = 0; n < octets; n++)
		head[1 + n] = (uint8_t)(value >> (8 * (octets - 1 - n)));
	put(cbor, head, 1 + octets);
}

void cbor_int(struct cbor *cbor, int64_t value)
{
	if (value < 0)
		put_head(cbor, MAJOR_NEGATIVE, (uint64_t)-(value + 1));
	else
		put_head(cbor, MAJOR_UNSIGNED, (uint64_t)value);
}

void cbor_bytes(struct cbor *cbor, const void *bytes, size_t size)
{
	put_head(cbor, MAJOR_BYTES, size);
	put(cbor, bytes, size);
}

void cbor_text(struct cbor *cbor, const char *text)
{
	put_head(cbor, MAJOR_TEXT, strlen(text));
	put(cbor, text, strlen(text));
}

void cbor_array(struct cbor *cbor, size_t count)
{
	put_head(cbor, MAJOR_ARRAY, count);
}

void cbor_map(struct cbor *cbor, size_t count)
{
	put_head(cbor, MAJOR_MAP, count);
}

void cbor_tag(struct cbor *cbor, uint64_t tag)
{
	put_head(cbor, MAJOR_TAG, tag);
}
