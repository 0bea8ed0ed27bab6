/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that a case kills, and what they and the case both see. */
#ifndef VICTIM_H
#define VICTIM_H

#include <stdbool.h>
#include <sys/types.h>

struct shared {
	unsigned int received;
	unsigned int begun;
};

/* Zeroed; of all processes that are forked from now on. */
struct shared *share(void);
/* Until it is as much as this. */
bool wait_for(const unsigned int *what, unsigned int least);
/* Fails the case if it does not end. */
void kill_and_wait(pid_t pid);
/* Whatever was left: the next client of QTEE is served. */
void qtee_still_works(void);

#endif /* VICTIM_H */
