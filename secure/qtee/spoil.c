// SPDX-License-Identifier: BSD-2-Clause
#include "spoil.h"
#include "guest.h"

static bool taken(struct guest *guest, unsigned int fault, uint32_t *argument)
{
	uint64_t value;

	if (!fault_take(&guest->faults, fault, &value))
		return false;
	*argument = (uint32_t)value;
	return true;
}

/* Where the next message would begin. */
static size_t async_size(const struct qtee_async *async)
{
	size_t size = sizeof(*async) + async->count * sizeof(async->objects[0]);

	return (size + QTEE_ALIGN - 1) & ~(size_t)(QTEE_ALIGN - 1);
}

void spoil_async(struct guest *guest, struct qtee_async *async, size_t room)
{
	size_t size = async->version ? async_size(async) : 0;
	uint32_t argument;

	if (2 * size <= room && size && taken(guest, SIM_FAULT_QTEE_ASYNC_TWICE, &argument))
		memcpy((uint8_t *)async + size, async, size);
	/* The only ones that need no real one. */
	if (room >= size + sizeof(*async) + sizeof(uint32_t) &&
	    taken(guest, SIM_FAULT_QTEE_ASYNC_STRAY, &argument)) {
		struct qtee_async *stray = (struct qtee_async *)((uint8_t *)async + size);

		stray->version = QTEE_ASYNC_VERSION_1_2;
		stray->op = QTEE_ASYNC_OP_RELEASE;
		stray->count = 1;
		stray->objects[0] = argument;
	}
	if (!async->version)
		return;
	if (taken(guest, SIM_FAULT_QTEE_ASYNC_COUNT, &argument))
		async->count = argument;
	if (taken(guest, SIM_FAULT_QTEE_ASYNC_OP, &argument))
		async->op = argument;
	if (taken(guest, SIM_FAULT_QTEE_ASYNC_VERSION, &argument))
		async->version = argument;
}

/* The object that stood there must be NULL, as nobody would give it back. */
static void spoil_object(struct guest *guest, struct qtee_callback *request)
{
	union qtee_arg *objects = &request->args[QTEE_COUNTS_IB(request->counts) +
						 QTEE_COUNTS_OB(request->counts)];
	unsigned int n;

	for (n = 0; n < QTEE_COUNTS_IO(request->counts); n++) {
		uint32_t id;

		if (fault_take_for(&guest->faults, SIM_FAULT_QTEE_CB_IO, n, &id))
			objects[n].o.id = id;
	}
}

void spoil_callback(struct guest *guest, struct qtee_callback *request)
{
	bool buffers = QTEE_COUNTS_IB(request->counts) || QTEE_COUNTS_OB(request->counts);
	uint32_t argument;

	/* The kernel's own objects do not count. */
	if (request->cxt == QTEE_OBJECT_PRIMORDIAL)
		return;
	if (buffers && taken(guest, SIM_FAULT_QTEE_CB_OFFSET, &argument))
		request->args[0].b.offset = argument;
	if (buffers && taken(guest, SIM_FAULT_QTEE_CB_SIZE, &argument))
		request->args[0].b.size = argument;
	spoil_object(guest, request);
	if (taken(guest, SIM_FAULT_QTEE_CB_CXT, &argument))
		request->cxt = argument;
	if (taken(guest, SIM_FAULT_QTEE_CB_OP, &argument))
		request->op = argument;
	if (taken(guest, SIM_FAULT_QTEE_CB_COUNTS, &argument))
		request->counts = argument;
}

void spoil_reply(struct guest *guest, struct qtee_invoke *reply, uint32_t counts)
{
	union qtee_arg *ob = &reply->args[QTEE_COUNTS_IB(counts)];
	uint32_t argument;

	if (!QTEE_COUNTS_OB(counts))
		return;
	if (taken(guest, SIM_FAULT_QTEE_OB_OFFSET, &argument))
		ob->b.offset = argument;
	if (taken(guest, SIM_FAULT_QTEE_OB_SIZE, &argument))
		ob->b.size = argument;
}
