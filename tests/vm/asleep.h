/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks that have nothing to do but wait. */
#ifndef ASLEEP_H
#define ASLEEP_H

#include <sys/types.h>

/**
 * asleep_wait() - wait until a task sleeps, interruptibly or not
 * @tid: process or thread
 * @looks: it sleeps so many times in a row that somebody looks, milliseconds apart; more than one
 *         if it may sleep on its way, too
 *
 * The case fails if that does not happen.
 */
void asleep_wait(pid_t tid, unsigned int looks);

#endif /* ASLEEP_H */
