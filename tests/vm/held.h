/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that stay in the secure world until they are let go, however long that takes: HOLD of hog,
 * RELEASABLE of slow.
 */
#ifndef HELD_H
#define HELD_H

#include <stdbool.h>
#include <sys/types.h>

/* So long at most: only what fails comes near to it. */
#define HELD_MS		120000

/* Lets go those that are under way in this moment. */
void held_release(void);

/**
 * held_release_all() - let go all, also those that are only about to begin
 * Return: whether no secure thread is in use then
 */
bool held_release_all(void);

/**
 * held_wait() - let go all until a process has ended
 * @pid: child of the calling process
 * Return: its status, as of waitpid(); the case fails if it does not end
 */
int held_wait(pid_t pid);

#endif /* HELD_H */
