// SPDX-License-Identifier: BSD-2-Clause
/* memory: works on memory objects. */
#include "callback.h"
#include "guest.h"
#include "mapping.h"
#include "service.h"
#include "string.h"

struct memory {
	struct object object;
	struct mapped kept;	/* qtee's lock */
	bool busy;		/* qtee's lock; somebody else works with it */
};

static int32_t map(struct call *call, struct mapped *mapped)
{
	int32_t result = mapping_make(call->conversation, &call->args.io[0], mapped);

	return result == QTEE_MEM ? QTEE_MEMORY_BAD_REGION : result;
}

/* The first two IB: where. */
static int32_t read_range(struct call *call, uint64_t range[2])
{
	int32_t result = call_read(call, 0, &range[0], sizeof(range[0]));

	return result ? result : call_read(call, 1, &range[1], sizeof(range[1]));
}

static int32_t sum(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(2, 1, 1, 0));
	struct mapped mapped = { };
	uint64_t range[2], value = 0, n;

	if (!result)
		result = read_range(call, range);
	if (!result)
		result = map(call, &mapped);
	if (result)
		return result;
	if (mapping_has(&mapped, range[0], range[1]))
		for (n = 0; n < range[1]; n++)
			value += mapped.data[range[0] + n];
	else
		result = QTEE_MEMORY_OUT_OF_RANGE;
	mapping_end(call->conversation, &mapped);
	return result ? result : call_write(call, 0, &value, sizeof(value));
}

static int32_t fill(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(3, 0, 1, 0));
	struct mapped mapped = { };
	uint64_t range[2], octet = 0;

	if (!result)
		result = read_range(call, range);
	if (!result)
		result = call_read(call, 2, &octet, sizeof(octet));
	if (!result)
		result = map(call, &mapped);
	if (result)
		return result;
	if (mapping_has(&mapped, range[0], range[1]))
		memset(mapped.data + range[0], (int)octet, range[1]);
	else
		result = QTEE_MEMORY_OUT_OF_RANGE;
	mapping_end(call->conversation, &mapped);
	return result;
}

/* What is kept, for one caller at a time; it is put back by give_back(). */
static int32_t borrow(struct call *call, struct mapped *mapped)
{
	struct memory *memory = (struct memory *)call->object;
	uint64_t interrupts = lock_take(&call->qtee->lock);
	int32_t result = memory->busy ? QTEE_BUSY : QTEE_OK;

	if (!result) {
		memory->busy = true;
		*mapped = memory->kept;
	}
	lock_release(&call->qtee->lock, interrupts);
	return result;
}

static void give_back(struct call *call, const struct mapped *mapped)
{
	struct memory *memory = (struct memory *)call->object;
	uint64_t interrupts = lock_take(&call->qtee->lock);

	memory->kept = *mapped;
	memory->busy = false;
	lock_release(&call->qtee->lock, interrupts);
}

static int32_t keep(struct call *call, struct mapped *mapped)
{
	int32_t result = call_expect(call, QTEE_COUNTS(0, 1, 1, 0));

	if (result)
		return result;
	if (mapped->data)
		return QTEE_MEMORY_NOTHING_KEPT;
	if (call->args.ob[0].size < sizeof(mapped->size))
		return QTEE_SIZE_OUT;
	result = map(call, mapped);
	return result ? result : call_write(call, 0, &mapped->size, sizeof(mapped->size));
}

static int32_t kept_read(struct call *call, struct mapped *mapped)
{
	int32_t result = call_expect(call, QTEE_COUNTS(1, 1, 0, 0));
	uint64_t offset = 0;

	if (!result)
		result = call_read(call, 0, &offset, sizeof(offset));
	if (result)
		return result;
	if (!mapping_has(mapped, offset, call->args.ob[0].size))
		return QTEE_MEMORY_OUT_OF_RANGE;
	return call_write(call, 0, mapped->data + offset, call->args.ob[0].size);
}

static int32_t kept_write(struct call *call, struct mapped *mapped)
{
	int32_t result = call_expect(call, QTEE_COUNTS(2, 0, 0, 0));
	const struct buffer *from = &call->args.ib[1];
	uint64_t offset = 0;

	if (!result)
		result = call_read(call, 0, &offset, sizeof(offset));
	if (result)
		return result;
	if (!mapping_has(mapped, offset, from->size))
		return QTEE_MEMORY_OUT_OF_RANGE;
	memcpy(mapped->data + offset, from->data, from->size);
	return QTEE_OK;
}

static int32_t work(struct call *call, struct mapped *mapped)
{
	int32_t result;

	if (call->op == QTEE_MEMORY_KEEP)
		return keep(call, mapped);
	if (!mapped->data)
		return QTEE_MEMORY_NOTHING_KEPT;
	switch (call->op) {
	case QTEE_MEMORY_KEPT_READ:
		return kept_read(call, mapped);
	case QTEE_MEMORY_KEPT_WRITE:
		return kept_write(call, mapped);
	case QTEE_MEMORY_KEPT_DROP:
		result = call_expect(call, 0);
		if (!result)
			mapping_end(call->conversation, mapped);
		return result;
	default:
		result = call_expect(call, QTEE_COUNTS(0, 0, 0, 1));
		if (!result)
			call_give(call, 0, &mapped->region);
		return result;
	}
}

static int32_t memory_invoke(struct call *call)
{
	struct mapped mapped;
	uint32_t op = 0;
	int32_t result;

	switch (call->op) {
	case QTEE_MEMORY_SUM:
		return sum(call);
	case QTEE_MEMORY_FILL:
		return fill(call);
	case QTEE_MEMORY_KEEP:
	case QTEE_MEMORY_KEPT_READ:
	case QTEE_MEMORY_KEPT_WRITE:
	case QTEE_MEMORY_KEPT_DROP:
	case QTEE_MEMORY_KEPT_GIVE:
		result = borrow(call, &mapped);
		if (result)
			return result;
		result = work(call, &mapped);
		give_back(call, &mapped);
		return result;
	case QTEE_MEMORY_INVOKE:
		result = call_expect(call, QTEE_COUNTS(1, 0, 1, 0));
		if (!result)
			result = call_read(call, 0, &op, sizeof(op));
		return result ? result :
		       callback_plain(call->conversation, &call->args.io[0], op);
	default:
		return QTEE_INVALID;
	}
}

static void memory_release(struct conversation *conversation, struct object *object)
{
	mapping_end(conversation, &((struct memory *)object)->kept);
}

const struct service service_memory = {
	.name = "memory",
	.uid = QTEE_UID_MEMORY,
	.size = sizeof(struct memory),
	.invoke = memory_invoke,
	.release = memory_release,
};
