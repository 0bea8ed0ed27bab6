/* SPDX-License-Identifier: BSD-2-Clause */
/* Client processes that begin when they are told, each with a session of its own. */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "client.h"

#define CROWD_MAX	64

/**
 * struct crowd - clients, shared with their processes
 * @count: of them
 * @pid: their processes
 * @ready: how many have a session
 * @go: they may begin
 * @stop: for bodies that repeat themselves
 * @calls: how many calls of each have ended
 * @result: of each one's last call: TEE_*
 */
struct crowd {
	unsigned int count;
	pid_t pid[CROWD_MAX];
	unsigned int ready;
	bool go;
	bool stop;
	unsigned int calls[CROWD_MAX];
	uint32_t result[CROWD_MAX];
};

/* What a client does; returns the result. It is called once, or until stop if @repeat. */
typedef uint32_t (*crowd_body)(const struct client *c, unsigned int n);

/* Each has a session of @app when this returns. */
struct crowd *crowd_start(unsigned int count, const uint8_t *app, crowd_body body, bool repeat);
void crowd_go(struct crowd *crowd);
/* Waits until so many calls of all have ended. */
void crowd_wait_calls(const struct crowd *crowd, unsigned int calls);
unsigned int crowd_calls(const struct crowd *crowd);
/* Ends what repeats itself; waits for all; each one's last result must be this. */
void crowd_end(struct crowd *crowd, uint32_t result);
/* The same for those that end by themselves in the middle of it. */
void crowd_wait_gone(struct crowd *crowd);
/* Kills all, and waits for them. */
void crowd_kill(struct crowd *crowd);

#endif /* CROWD_H */
