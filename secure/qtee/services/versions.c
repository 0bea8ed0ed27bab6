// SPDX-License-Identifier: BSD-2-Clause
/* The versions of what a QTEE consists of. */
#include "service.h"

/* What this one pretends to be. */
#define VERSION		QTEE_VERSION(5, 2, 0)
#define NO_SUCH_FEATURE	10

static int32_t versions_invoke(struct call *call)
{
	uint32_t feature = 0, version = VERSION;
	int32_t result;

	if (call->op != QTEE_OP_GET_VERSION)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(1, 1, 0, 0));
	if (!result)
		result = call_read(call, 0, &feature, sizeof(feature));
	if (result)
		return result;
	if (feature != QTEE_FEATURE_QTEE)
		return NO_SUCH_FEATURE;
	return call_write(call, 0, &version, sizeof(version));
}

const struct service service_versions = {
	.name = "versions",
	.uid = QTEE_UID_FEATURE_VERSIONS,
	.access = SERVICE_FOR_ALL,
	.size = sizeof(struct object),
	.invoke = versions_invoke,
};
