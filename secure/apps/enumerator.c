// SPDX-License-Identifier: BSD-2-Clause
/* enumerator: which applications are devices of the normal world, see abi/apps.h. */
#include "app.h"
#include "apps.h"
#include "compiler.h"
#include "guest.h"
#include "tee_result.h"

#define UUID_SIZE	16

static const struct app *const devices[] = { &app_rng };
static const struct app *const devices_supp[] = { &app_storage };

static uint32_t list(struct app_call *call, const struct app *const *from, unsigned int count)
{
	struct app_memref *out = &call->params[0].memref;
	unsigned int times = 1, n;

	if (fault_take(&call->guest->faults, SIM_FAULT_DEVICES_TWICE, NULL))
		times = 2;
	out->size = (uint64_t)count * times * UUID_SIZE;
	if (out->size > out->room)
		return TEE_ERROR_SHORT_BUFFER;
	for (n = 0; n < count * times; n++)
		memref_write(out, (uint64_t)n * UUID_SIZE, from[n % count]->uuid, UUID_SIZE);
	if (out->shm)
		fault_take(&call->guest->faults, SIM_FAULT_DEVICES_SIZE, &out->size);
	return TEE_SUCCESS;
}

static uint32_t enumerator_invoke(struct app_call *call, uint32_t command)
{
	if (command > ENUMERATOR_CMD_DEVICES_RPMB)
		return TEE_ERROR_NOT_SUPPORTED;
	if (!app_types_are(call, APP_MEMREF_OUTPUT, APP_NONE, APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	switch (command) {
	case ENUMERATOR_CMD_DEVICES:
		return list(call, devices, ARRAY_SIZE(devices));
	case ENUMERATOR_CMD_DEVICES_SUPP:
		return list(call, devices_supp, ARRAY_SIZE(devices_supp));
	default:
		return list(call, NULL, 0);
	}
}

const struct app app_enumerator = {
	.name = "enumerator",
	.uuid = APP_ENUMERATOR_UUID,
	.invoke = enumerator_invoke,
};
