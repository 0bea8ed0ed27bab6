/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests and responses: a fixed part, then records. Every length is checked here. */
#ifndef TS_PACKED_H
#define TS_PACKED_H

#include <stdbool.h>
#include "ts-service.h"

/* What is left of a request. */
struct ts_reader {
	const uint8_t *at;
	size_t left;
};

struct ts_bytes {
	const uint8_t *at;
	size_t size;
};

/* The fixed part of a request; false if it is shorter. */
bool ts_read_fixed(const struct ts_call *call, void *to, size_t size, struct ts_reader *rest);

/**
 * ts_read_record() - find the next record with a tag
 * @reader:	where to look; is moved behind the record, or to the first with a higher tag
 * @tag:	of it; lower ones are skipped
 * @value:	receives it, of size 0 if there is no such record
 *
 * Return: false if a record is cut off.
 */
bool ts_read_record(struct ts_reader *reader, uint16_t tag, struct ts_bytes *value);

/* Append to the response; false if there is no room, and then nothing was. */
bool ts_write(struct ts_call *call, const void *from, size_t size);
bool ts_write_record(struct ts_call *call, uint16_t tag, const void *from, size_t size);

/**
 * ts_write_record_begin() - a record whose value is made in place
 * @call:	call
 * @tag:	of it
 * @room:	receives how long the value may be
 *
 * Return: where the value goes, for ts_write_record_end(), or NULL.
 */
uint8_t *ts_write_record_begin(struct ts_call *call, uint16_t tag, size_t *room);
void ts_write_record_end(struct ts_call *call, size_t size);

/* End a call with a service's error: there is no response then. */
int32_t ts_refuse(struct ts_call *call, int32_t status);

#endif /* TS_PACKED_H */
