/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the kernel as they should not be, where a fault was ordered. */
#ifndef QTEE_SPOIL_H
#define QTEE_SPOIL_H

#include <stddef.h>
#include "qtee.h"

struct conversation;
struct guest;

void spoil_async(struct guest *guest, struct qtee_async *async, size_t room);
void spoil_callback(struct guest *guest, struct qtee_callback *request);
void spoil_reply(struct guest *guest, struct qtee_invoke *reply, uint32_t counts);

#endif /* QTEE_SPOIL_H */
