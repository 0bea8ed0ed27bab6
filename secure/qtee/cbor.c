// SPDX-License-Identifier: BSD-2-Clause
#include "cbor.h"
#include "qtee.h"
#include "string.h"

#define TYPE_UINT	0
#define TYPE_OCTETS	2
#define TYPE_TEXT	3
#define TYPE_MAP	5
#define INDEFINITE	31
#define BREAK		0xff

struct reader {
	const uint8_t *at;
	size_t left;
};

/* The head of an item; @indefinite: NULL where that may not be. */
static bool read_head(struct reader *reader, unsigned int *type, uint64_t *value,
		      bool *indefinite)
{
	unsigned int info, octets, n;

	if (!reader->left)
		return false;
	*type = *reader->at >> 5;
	info = *reader->at & 31;
	reader->at++;
	reader->left--;
	if (info == INDEFINITE && indefinite) {
		*indefinite = true;
		return true;
	}
	if (info > 27)
		return false;
	*value = info;
	if (info < 24)
		return true;
	octets = 1U << (info - 24);
	if (octets > reader->left)
		return false;
	*value = 0;
	for (n = 0; n < octets; n++)
		*value = *value << 8 | reader->at[n];
	reader->at += octets;
	reader->left -= octets;
	return true;
}

static bool read_value(struct reader *reader, uint64_t key, struct credentials *to)
{
	unsigned int type;
	uint64_t value;

	if (!read_head(reader, &type, &value, NULL))
		return false;
	switch (type) {
	case TYPE_UINT:
		if (key == QTEE_CREDENTIALS_UID) {
			to->has_uid = true;
			to->uid = value;
		} else if (key == QTEE_CREDENTIALS_TIME) {
			to->time = value;
		}
		return true;
	case TYPE_OCTETS:
	case TYPE_TEXT:
		if (key == QTEE_CREDENTIALS_UID || key == QTEE_CREDENTIALS_TIME ||
		    value > reader->left)
			return false;
		reader->at += value;
		reader->left -= value;
		return true;
	default:
		return false;
	}
}

bool cbor_credentials(const uint8_t *from, size_t size, struct credentials *to)
{
	struct reader reader = { from, size };
	bool indefinite = false;
	uint64_t pairs = 0, seen = 0, key;
	unsigned int type;

	memset(to, 0, sizeof(*to));
	if (!read_head(&reader, &type, &pairs, &indefinite) || type != TYPE_MAP)
		return false;
	while (indefinite || pairs--) {
		if (indefinite && reader.left && *reader.at == BREAK) {
			reader.left--;
			break;
		}
		if (!read_head(&reader, &type, &key, NULL) || type != TYPE_UINT || key > 63 ||
		    (seen & 1ULL << key) || !read_value(&reader, key, to))
			return false;
		seen |= 1ULL << key;
	}
	return !reader.left;
}
