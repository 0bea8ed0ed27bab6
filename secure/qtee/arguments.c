// SPDX-License-Identifier: BSD-2-Clause
#include "arguments.h"

const char *arguments_check(uint32_t counts, const union qtee_arg *args, size_t head, uint64_t size)
{
	uint64_t end = align8(arguments_end(counts, head));
	unsigned int n;

	if (end > size)
		return "its arguments do not fit";
	for (n = 0; n < counts_buffers(counts); n++) {
		uint64_t offset = args[n].b.offset;

		if (offset % QTEE_ALIGN)
			return "a payload is not aligned";
		if (offset < end)
			return "a payload lies in what is before it";
		end = offset + args[n].b.size;
		if (end > size)
			return "a payload ends behind the buffer";
		end = align8(end);
	}
	return NULL;
}
