// SPDX-License-Identifier: BSD-2-Clause
/* Diagnostics: how much memory there is. */
#include "guest.h"
#include "service.h"

#define HEAP_INFO	0

struct heap_info {
	uint32_t total;
	uint32_t used;
	uint32_t free;
	uint32_t overhead;
	uint32_t wasted;
	uint32_t largest_free;
};

static int32_t diagnostics_invoke(struct call *call)
{
	struct heap_info info = { .total = 8U << 20 };
	int32_t result;

	if (call->op != HEAP_INFO)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(0, 1, 0, 0));
	if (result)
		return result;
	info.used = (uint32_t)heap_used(&call->qtee->guest->heap);
	info.free = info.total - info.used;
	info.largest_free = info.free;
	return call_write(call, 0, &info, sizeof(info));
}

const struct service service_diagnostics = {
	.name = "diagnostics",
	.uid = QTEE_UID_DIAGNOSTICS,
	.size = sizeof(struct object),
	.invoke = diagnostics_invoke,
};
