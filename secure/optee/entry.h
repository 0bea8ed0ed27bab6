/* SPDX-License-Identifier: BSD-2-Clause */
/* OP-TEE's calls (owners trusted OS and trusted OS API). */
#ifndef OPTEE_ENTRY_H
#define OPTEE_ENTRY_H

#include "smc.h"

struct guest;
struct message;
struct thread;
struct world;

void optee_entry(struct guest *guest, struct smc_regs *regs);
/* With virtualisation: the caller is in x7. */
void optee_entry_guest(struct world *world, struct smc_regs *regs);

/* Answered on the CPU's stack. */
void optee_fast_call(struct guest *guest, struct smc_regs *regs);
/* Answered on a thread. */
void optee_yielding_call(struct thread *thread);

/**
 * optee_command() - do what a message asks for
 * @message:	checked and copied
 *
 * Return: OPTEE_SMC_RETURN_OK, and the result stands in the message, or
 * OPTEE_SMC_RETURN_EBADCMD, and it is untouched.
 */
uint32_t optee_command(struct message *message);

#endif /* OPTEE_ENTRY_H */
