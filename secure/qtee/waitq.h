/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wait queue: a call that cannot go on is left to sleep in the kernel, which is told by an
 * interrupt that it may be resumed. Only faults have calls sleep here.
 */
#ifndef QTEE_WAITQ_H
#define QTEE_WAITQ_H

#include <stdint.h>

struct conversation;
struct qtee;
struct smc_regs;

/* As a GIC numbers it; QEMU's virt machine leaves it free. */
#define WAITQ_INTERRUPT		220

/* Leave the CPU; the kernel is told to come back so many microseconds later. */
void waitq_sleep(struct conversation *conversation, uint64_t microseconds);

void waitq_get_ctx(struct qtee *qtee, struct smc_regs *regs);
void waitq_get_info(struct smc_regs *regs);

#endif /* QTEE_WAITQ_H */
