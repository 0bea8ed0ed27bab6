// SPDX-License-Identifier: BSD-2-Clause
/* liar: says what it is told. */
#include "guest.h"
#include "service.h"
#include "string.h"

static int32_t tell_callback(struct call *call, const struct qtee_lie *lie)
{
	struct conversation *conversation = call->conversation;
	struct buffer *ob = &call->args.ob[0];
	uint32_t result;

	conversation_leave(conversation, CONVERSATION_CALLBACK, lie->status, lie->response,
			   lie->result);
	if (conversation->abandoned)
		return QTEE_DEFUNCT;
	conversation_tarry(conversation);
	memcpy(conversation->answer, conversation->outbound, QTEE_OUTBOUND_SIZE);
	if (ob->size > QTEE_OUTBOUND_SIZE)
		ob->size = QTEE_OUTBOUND_SIZE;
	memcpy(ob->data, conversation->answer, ob->size);
	memcpy(&result, conversation->answer, sizeof(result));
	return (int32_t)result;
}

static int32_t tell(struct call *call)
{
	struct conversation *conversation = call->conversation;
	const struct buffer *out = &call->args.ib[1], *in = &call->args.ib[2];
	struct qtee_lie lie = { };
	bool asks;
	int32_t result = call_read(call, 0, &lie, sizeof(lie));

	if (result)
		return result;
	asks = lie.status == QTEE_SMC_OK && lie.response == QTEE_RESPONSE_CALLBACK;
	result = call_expect(call, QTEE_COUNTS(3, asks ? 1 : 0, 0, 0));
	if (!result && out->size > QTEE_OUTBOUND_SIZE)
		result = QTEE_SIZE_IN;
	if (result)
		return result;
	memset(conversation->outbound, 0, QTEE_OUTBOUND_SIZE);
	memcpy(conversation->outbound, out->data, out->size);
	/* It may lie over itself. */
	memmove(conversation->inbound, in->data, in->size);
	if (asks)
		return tell_callback(call, &lie);
	conversation->lied = true;
	conversation->status = lie.status;
	conversation->response = lie.response;
	conversation->result = lie.result;
	return QTEE_OK;
}

static int32_t liar_invoke(struct call *call)
{
	return call->op == QTEE_LIAR_RETURN ? tell(call) : QTEE_INVALID;
}

const struct service service_liar = {
	.name = "liar",
	.uid = QTEE_UID_LIAR,
	.size = sizeof(struct object),
	.invoke = liar_invoke,
};
