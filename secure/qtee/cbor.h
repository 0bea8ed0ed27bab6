/* SPDX-License-Identifier: BSD-2-Clause */
/* Credentials: a map of CBOR (RFC 8949) with small numbers as keys. */
#ifndef QTEE_CBOR_H
#define QTEE_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct credentials {
	bool has_uid;
	uint64_t uid;
	uint64_t time;		/* milliseconds since 1970, 0: unknown */
};

/**
 * cbor_credentials() - understand credentials
 * @from:	a copy
 * @size:	octets
 * @to:		filled in
 *
 * Integers of every width, text and octets as values, maps of either form; each key once.
 *
 * Return: false if it is anything else, or not all of @from.
 */
bool cbor_credentials(const uint8_t *from, size_t size, struct credentials *to);

#endif /* QTEE_CBOR_H */
