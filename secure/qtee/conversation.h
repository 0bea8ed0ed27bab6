/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conversations: a call of one of our objects, from INVOKE to its final return, with all the
 * calls of the kernel's objects between. Each has a stack of its own, on which it stays while
 * the kernel works for it; many may be suspended at once. CB_RSP names one by its outbound
 * buffer, a call that was interrupted by x6.
 */
#ifndef QTEE_CONVERSATION_H
#define QTEE_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>
#include "alarm.h"
#include "object.h"
#include "qtee.h"
#include "smc.h"
#include "thread.h"

enum conversation_state {
	CONVERSATION_FREE,
	CONVERSATION_RUNNING,
	CONVERSATION_CALLBACK,		/* until CB_RSP */
	CONVERSATION_INTERRUPTED,	/* until x0 = 1 */
	CONVERSATION_ASLEEP,		/* until WAITQ_RESUME */
};

struct conversation {
	struct thread thread;	/* only what a CPU needs to know of who runs on it */
	struct qtee *qtee;
	unsigned int state;	/* qtee's lock */
	uint64_t regs[6];	/* x0 to x5 of the call it is in */

	/* Memory of the normal world, checked; it may change at any time. */
	uint64_t inbound_address;
	uint64_t outbound_address;
	uint64_t inbound_size;
	uint8_t *inbound;
	uint8_t *outbound;

	/* The conversation's own while it runs. */
	unsigned int next_state;	/* once it is off the CPU */
	uint64_t out[3];		/* x0 to x2 */
	uint64_t status;		/* x0 to x2 of its end */
	uint64_t response;
	uint64_t result;
	bool abandoned;		/* the kernel was told that it is over */
	bool lied;			/* the end was told already, and falsely */
	bool release_by_call;	/* the next call takes releases along */
	struct remote *releases;	/* qtee's lock */
	struct alarm alarm;		/* that ends its sleep */
	uint8_t answer[QTEE_OUTBOUND_SIZE];	/* of the last call: a copy */
};

bool conversations_init(struct qtee *qtee, unsigned int count);

/* INVOKE; the addresses are checked. */
void conversation_start(struct qtee *qtee, struct smc_regs *regs);
/* CB_RSP, x0 = 1, WAITQ_RESUME. */
void conversation_answer(struct qtee *qtee, struct smc_regs *regs);
void conversation_resume(struct qtee *qtee, struct smc_regs *regs);
void conversation_wake(struct qtee *qtee, struct smc_regs *regs);

/* What the kernel has left: goes on as if it had been told of an end. How many have not ended. */
unsigned int conversations_end(struct qtee *qtee);

/**
 * conversation_leave() - leave the CPU until the kernel calls again
 * @conversation:	the running one
 * @state:		which return it waits for
 * @x0:			status
 * @x1:			response type
 * @x2:			result
 */
void conversation_leave(struct conversation *conversation, unsigned int state, uint64_t x0,
			uint64_t x1, uint64_t x2);

/* On the beginning of each SMC: leaves as often as faults have it interrupted or asleep. */
void conversation_tarry(struct conversation *conversation);

#endif /* QTEE_CONVERSATION_H */
