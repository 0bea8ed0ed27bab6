/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the kernel's objects, and messages to it that want no answer. */
#ifndef QTEE_CALLBACK_H
#define QTEE_CALLBACK_H

#include "arguments.h"

struct conversation;

/**
 * callback() - call an object of the kernel
 * @conversation:	running; is suspended until the answer
 * @callee:		the object
 * @op:			operation
 * @args:		IB and IO stay the caller's; OB and OO are filled in if the result is
 *			QTEE_OK: each OB shrinks to what came, OO are references of the caller's
 *
 * The kernel gets a reference on each object of ours, whatever becomes of the call. Where an OB
 * has no data, it is set to the copy in the conversation, which is valid until the next call.
 *
 * Return: the kernel's result, or QTEE_BADOBJ (no such callee), QTEE_MAXDATA (too large),
 * QTEE_DEFUNCT (the call is over for the kernel), QTEE_ERROR (a malformed answer).
 */
int32_t callback(struct conversation *conversation, const struct ref *callee, uint32_t op,
		 struct arguments *args);

/* One without arguments. */
int32_t callback_plain(struct conversation *conversation, const struct ref *callee, uint32_t op);

/* Ask the kernel to map a memory object; QTEE_MEM if it does not give normal memory. */
int32_t callback_map(struct conversation *conversation, const struct ref *memory,
		     struct qtee_map_region *region, struct ref *mapping);
int32_t callback_yield(struct conversation *conversation);
int32_t callback_sleep(struct conversation *conversation, uint32_t milliseconds);

/* Messages to release what is to be, into @size octets; zeroes where there is nothing. */
void releases_write(struct conversation *conversation, uint8_t *area, size_t size, bool all);

#endif /* QTEE_CALLBACK_H */
