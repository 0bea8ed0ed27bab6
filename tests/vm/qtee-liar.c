// SPDX-License-Identifier: BSD-2-Clause
/* A QTEE that says what it is told to. */
#include "qtee-liar.h"

#include <string.h>

#include "harness.h"

int32_t liar_serve(struct qtee_server *s, struct qtee_request *r)
{
	for (unsigned int i = 0; i < r->num; i++) {
		if (r->params[i].attr == TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT)
			r->params[i].b = 0;
		else if (r->params[i].attr == TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT)
			r->params[i].a = TEE_OBJREF_NULL;
	}
	return 0;
}

uint64_t liar_open(struct qtee_client *c)
{
	qtee_client_open(c, liar_serve, 1);
	return qtee_service(c, QTEE_UID_LIAR);
}

int liar_tell(const struct qtee_client *c, uint64_t liar, const struct lie *l, uint32_t *page,
	      int32_t *ret)
{
	struct tee_ioctl_param p[] = {
		UBUF_IN(&l->head, sizeof(l->head)), UBUF_IN(l->out, l->out_words * 4),
		UBUF_IN(l->in, l->in_words * 4), UBUF_OUT(page, LIE_WORDS * 4),
	};

	return qtee_invoke(c->fd, liar, QTEE_LIAR_RETURN, p, page ? 4 : 3, ret);
}

int32_t liar_callback(const struct qtee_client *c, uint64_t liar, const uint32_t *words,
		      unsigned int num)
{
	struct lie l = { .head = { .response = QTEE_RESPONSE_CALLBACK }, .out_words = num };
	uint32_t page[LIE_WORDS] = { 0 };
	int32_t ret = 0;

	memcpy(l.out, words, num * 4);
	EXPECT_RC(liar_tell(c, liar, &l, page, &ret), 0);
	return ret;
}

void liar_still_works(const struct qtee_client *c)
{
	uint64_t echo = qtee_service(c, QTEE_UID_ECHO);

	EXPECT_EQ(qtee_must_invoke(c->fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
}
