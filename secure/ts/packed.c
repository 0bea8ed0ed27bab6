// SPDX-License-Identifier: BSD-2-Clause
#include "packed.h"
#include "string.h"

static uint16_t big_endian(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put_header(uint8_t *at, uint16_t tag, size_t size)
{
	at[0] = (uint8_t)(tag >> 8);
	at[1] = (uint8_t)tag;
	at[2] = (uint8_t)(size >> 8);
	at[3] = (uint8_t)size;
}

bool ts_read_fixed(const struct ts_call *call, void *to, size_t size, struct ts_reader *rest)
{
	if (call->in_size < size)
		return false;
	memcpy(to, call->in, size);
	if (rest) {
		rest->at = call->in + size;
		rest->left = call->in_size - size;
	}
	return true;
}

bool ts_read_record(struct ts_reader *reader, uint16_t tag, struct ts_bytes *value)
{
	value->at = NULL;
	value->size = 0;
	while (reader->left) {
		uint16_t this_tag;
		size_t size;

		if (reader->left < TS_TLV_HEADER)
			return false;
		this_tag = big_endian(reader->at);
		size = big_endian(reader->at + 2);
		if (size > reader->left - TS_TLV_HEADER)
			return false;
		if (this_tag > tag)
			return true;
		if (this_tag == tag) {
			value->at = reader->at + TS_TLV_HEADER;
			value->size = size;
		}
		reader->at += TS_TLV_HEADER + size;
		reader->left -= TS_TLV_HEADER + size;
		if (this_tag == tag)
			return true;
	}
	return true;
}

bool ts_write(struct ts_call *call, const void *from, size_t size)
{
	if (size > call->out_room - call->out_size)
		return false;
	if (size)
		memcpy(call->out + call->out_size, from, size);
	call->out_size += size;
	return true;
}

uint8_t *ts_write_record_begin(struct ts_call *call, uint16_t tag, size_t *room)
{
	size_t left = call->out_room - call->out_size;
	uint8_t *at = call->out + call->out_size;

	if (left < TS_TLV_HEADER)
		return NULL;
	put_header(at, tag, 0);
	left -= TS_TLV_HEADER;
	*room = left < TS_TLV_VALUE_MAX ? left : TS_TLV_VALUE_MAX;
	return at + TS_TLV_HEADER;
}

void ts_write_record_end(struct ts_call *call, size_t size)
{
	uint8_t *at = call->out + call->out_size;

	put_header(at, big_endian(at), size);
	call->out_size += TS_TLV_HEADER + size;
}

bool ts_write_record(struct ts_call *call, uint16_t tag, const void *from, size_t size)
{
	size_t room;
	uint8_t *to = ts_write_record_begin(call, tag, &room);

	if (!to || size > room)
		return false;
	if (size)
		memcpy(to, from, size);
	ts_write_record_end(call, size);
	return true;
}

int32_t ts_refuse(struct ts_call *call, int32_t status)
{
	call->status = status;
	call->out_size = 0;
	return TS_RPC_SUCCESS;
}
