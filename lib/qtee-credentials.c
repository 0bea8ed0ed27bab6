// SPDX-License-Identifier: BSD-2-Clause
/* Who the client is: an object that QTEE reads, with a map of user id and time in CBOR. */
#include <endian.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "qtee-private.h"

#define IO_OUT_OF_BOUNDS	10

#define CBOR_MAP_OF_2	0xa2
#define CBOR_U32	0x1a
#define CBOR_U64	0x1b

/* A map, two keys of an octet, and what they name with an octet for the width of each. */
#define UID_AT		3
#define TIME_AT		9
#define CREDENTIALS	17

/* {1: uid, 6: milliseconds since the epoch} */
static void credentials_now(uint8_t out[CREDENTIALS])
{
	uint32_t uid = htobe32(getuid());
	struct timespec ts;
	uint64_t ms;

	clock_gettime(CLOCK_REALTIME, &ts);
	ms = htobe64(ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000);
	out[0] = CBOR_MAP_OF_2;
	out[UID_AT - 2] = QTEE_CREDENTIALS_UID;
	out[UID_AT - 1] = CBOR_U32;
	memcpy(out + UID_AT, &uid, sizeof(uid));
	out[TIME_AT - 2] = QTEE_CREDENTIALS_TIME;
	out[TIME_AT - 1] = CBOR_U64;
	memcpy(out + TIME_AT, &ms, sizeof(ms));
}

int32_t qtee_credentials_call(void *data, uint32_t op, struct omnitee_arg *args,
			      unsigned int num_args)
{
	uint64_t length = CREDENTIALS;
	uint8_t now[CREDENTIALS];
	uint64_t offset;

	credentials_now(now);
	if (op == QTEE_OP_IO_LENGTH && num_args == 1 && args[0].kind == OMNITEE_OUT &&
	    args[0].size == sizeof(length)) {
		memcpy(args[0].data, &length, sizeof(length));
		return QTEE_OK;
	}
	if (op != QTEE_OP_IO_READ || num_args != 2 || args[0].kind != OMNITEE_IN ||
	    args[1].kind != OMNITEE_OUT || args[0].size != sizeof(offset))
		return QTEE_INVALID;
	memcpy(&offset, args[0].data, sizeof(offset));
	if (offset > length)
		return IO_OUT_OF_BOUNDS;
	if (args[1].size > length - offset)
		args[1].size = length - offset;
	memcpy(args[1].data, now + offset, args[1].size);
	return QTEE_OK;
}
