/* SPDX-License-Identifier: BSD-2-Clause */
/* A call of one of our objects: the message, the call, the answer. */
#ifndef QTEE_INVOCATION_H
#define QTEE_INVOCATION_H

#include "arguments.h"

struct conversation;

/* On the conversation's stack; sets its status and x1, x2 of the return. */
void invocation_run(struct conversation *conversation);

#endif /* QTEE_INVOCATION_H */
