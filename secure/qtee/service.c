// SPDX-License-Identifier: BSD-2-Clause
#include "service.h"
#include "compiler.h"
#include "string.h"

static const struct service *const services[] = {
	&service_echo, &service_counter, &service_caller, &service_memory, &service_keeper,
	&service_sleeper, &service_liar, &service_identity, &service_privileged,
	&service_versions, &service_diagnostics, &service_loader,
};

const struct service *service_find(uint32_t uid)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(services); n++)
		if (services[n]->uid == uid)
			return services[n];
	return NULL;
}

int32_t call_expect(const struct call *call, uint32_t counts)
{
	return call->args.counts == counts ? QTEE_OK : QTEE_INVALID;
}

int32_t call_read(const struct call *call, unsigned int n, void *to, size_t size)
{
	if (call->args.ib[n].size != size)
		return QTEE_SIZE_IN;
	memcpy(to, call->args.ib[n].data, size);
	return QTEE_OK;
}

int32_t call_write(struct call *call, unsigned int n, const void *from, size_t size)
{
	if (call->args.ob[n].size < size)
		return QTEE_SIZE_OUT;
	memcpy(call->args.ob[n].data, from, size);
	call->args.ob[n].size = (uint32_t)size;
	return QTEE_OK;
}

int32_t call_give_new(struct call *call, unsigned int n, const struct service *service)
{
	call->args.oo[n].local = object_new(call->qtee, service);
	return call->args.oo[n].local ? QTEE_OK : QTEE_KMEM;
}

void call_give(struct call *call, unsigned int n, const struct ref *ref)
{
	call->args.oo[n] = ref_get(call->qtee, ref);
}

struct ref call_self(const struct call *call)
{
	return (struct ref){ .local = call->object };
}
