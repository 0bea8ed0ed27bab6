// SPDX-License-Identifier: BSD-2-Clause
#include "waitq.h"
#include "alarm.h"
#include "conversation.h"
#include "guest.h"
#include "plat.h"
#include "qtee_state.h"

/* There is one queue. */
#define QUEUE	0

static void ring(struct alarm *alarm)
{
	struct conversation *conversation = (struct conversation *)
		((uint8_t *)alarm - offsetof(struct conversation, alarm));
	struct qtee *qtee = conversation->qtee;
	uint64_t interrupts = lock_take(&qtee->lock);

	qtee->wakes++;
	lock_release(&qtee->lock, interrupts);
	plat_raise_shared(WAITQ_INTERRUPT);
}

void waitq_sleep(struct conversation *conversation, uint64_t microseconds)
{
	conversation->alarm.ring = ring;
	alarm_set(&conversation->alarm, microseconds);
	conversation_leave(conversation, CONVERSATION_ASLEEP, QTEE_SMC_WAITQ_SLEEP, QUEUE,
			   conversation->thread.index + 1);
}

void waitq_get_ctx(struct qtee *qtee, struct smc_regs *regs)
{
	uint64_t interrupts = lock_take(&qtee->lock);
	unsigned int wakes = qtee->wakes;

	if (wakes)
		qtee->wakes--;
	lock_release(&qtee->lock, interrupts);
	regs->x[0] = QTEE_SMC_OK;
	regs->x[1] = QUEUE;
	regs->x[2] = wakes ? QTEE_WAITQ_WAKE_ONE : 0;
	regs->x[3] = wakes > 1;
}

void waitq_get_info(struct smc_regs *regs)
{
	regs->x[0] = QTEE_SMC_OK;
	regs->x[1] = 1;
	regs->x[2] = WAITQ_INTERRUPT;
}
