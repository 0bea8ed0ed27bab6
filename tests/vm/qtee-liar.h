/* SPDX-License-Identifier: BSD-2-Clause */
/* A QTEE that says what it is told to; see QTEE_UID_LIAR. */
#ifndef QTEE_LIAR_H
#define QTEE_LIAR_H

#include <stdint.h>

#include "qtee.h"

#define LIE_WORDS	64

/**
 * struct lie - what QTEE returns with: of the call, and of the answer of a callback
 */
struct lie {
	struct qtee_lie head;
	uint32_t out[LIE_WORDS];
	unsigned int out_words;
	uint32_t in[LIE_WORDS];
	unsigned int in_words;
};

/* Serves anything and gives nothing: no octets, no objects. */
int32_t liar_serve(struct qtee_server *s, struct qtee_request *r);

/* A client whose objects liar_serve() serves, and the liar. Skips the case without QTEE. */
uint64_t liar_open(struct qtee_client *c);

/* The answer of a call in which QTEE lies; @page: of a callback, the outbound page with its answer. */
int liar_tell(const struct qtee_client *c, uint64_t liar, const struct lie *l, uint32_t *page,
	      int32_t *ret);

/* A callback with this header, and what the driver answered it with. */
int32_t liar_callback(const struct qtee_client *c, uint64_t liar, const uint32_t *words,
		      unsigned int num);

/* The same with what follows the result: object, operation, counts, arguments ... */
#define CALLBACK(c, liar, ...) \
	liar_callback(c, liar, (const uint32_t []){ 0, __VA_ARGS__ }, \
		      1 + sizeof((const uint32_t []){ __VA_ARGS__ }) / 4)

/* QTEE and the driver still understand each other. */
void liar_still_works(const struct qtee_client *c);

#endif /* QTEE_LIAR_H */
