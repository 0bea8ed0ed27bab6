// SPDX-License-Identifier: BSD-2-Clause
/* identity: who the client is. privileged: what only the kernel's own environment opens. */
#include "environment.h"
#include "service.h"

struct identity {
	struct object object;
	struct qtee_identity identity;
};

void identity_set(struct object *object, const struct qtee_identity *identity)
{
	((struct identity *)object)->identity = *identity;
}

static int32_t identity_invoke(struct call *call)
{
	struct identity *identity = (struct identity *)call->object;
	int32_t result;

	if (call->op != QTEE_IDENTITY_GET)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(0, 1, 0, 0));
	if (result)
		return result;
	return call_write(call, 0, &identity->identity, sizeof(identity->identity));
}

const struct service service_identity = {
	.name = "identity",
	.uid = QTEE_UID_IDENTITY,
	.access = SERVICE_FOR_ALL,
	.size = sizeof(struct identity),
	.invoke = identity_invoke,
};

static int32_t privileged_invoke(struct call *call)
{
	return call->op == QTEE_PRIVILEGED_NOP ? call_expect(call, 0) : QTEE_INVALID;
}

const struct service service_privileged = {
	.name = "privileged",
	.uid = QTEE_UID_PRIVILEGED,
	.access = SERVICE_FOR_KERNEL,
	.size = sizeof(struct object),
	.invoke = privileged_invoke,
};
