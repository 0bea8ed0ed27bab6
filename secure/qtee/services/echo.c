// SPDX-License-Identifier: BSD-2-Clause
/* echo: gives back what it got. */
#include "service.h"
#include "string.h"

static int32_t echo_all(struct call *call)
{
	struct arguments *args = &call->args;
	unsigned int n, buffers = QTEE_COUNTS_IB(args->counts);
	unsigned int objects = QTEE_COUNTS_IO(args->counts);
	int32_t result;

	if (args->counts != QTEE_COUNTS(buffers, buffers, objects, objects))
		return QTEE_INVALID;
	for (n = 0; n < buffers; n++) {
		result = call_write(call, n, args->ib[n].data, args->ib[n].size);
		if (result)
			return result;
	}
	for (n = 0; n < objects; n++)
		call_give(call, n, &args->io[n]);
	return QTEE_OK;
}

static int32_t echo_result(struct call *call)
{
	uint32_t value = 0;
	int32_t result = call_expect(call, QTEE_COUNTS(1, 0, 0, 0));

	if (!result)
		result = call_read(call, 0, &value, sizeof(value));
	return result ? result : (int32_t)value;
}

static int32_t echo_fill(struct call *call)
{
	int32_t result = call_expect(call, QTEE_COUNTS(1, 1, 0, 0));
	struct buffer *ob = &call->args.ob[0];
	uint32_t size = 0, n;

	if (!result)
		result = call_read(call, 0, &size, sizeof(size));
	if (result)
		return result;
	if (size > ob->size)
		return QTEE_SIZE_OUT;
	for (n = 0; n < size; n++)
		ob->data[n] = (uint8_t)n;
	ob->size = size;
	return QTEE_OK;
}

static int32_t echo_invoke(struct call *call)
{
	switch (call->op) {
	case QTEE_ECHO_NOP:
		return call_expect(call, 0);
	case QTEE_ECHO_ALL:
		return echo_all(call);
	case QTEE_ECHO_RESULT:
		return echo_result(call);
	case QTEE_ECHO_FILL:
		return echo_fill(call);
	default:
		return QTEE_INVALID;
	}
}

const struct service service_echo = {
	.name = "echo",
	.uid = QTEE_UID_ECHO,
	.size = sizeof(struct object),
	.invoke = echo_invoke,
};
