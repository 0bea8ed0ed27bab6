/* SPDX-License-Identifier: BSD-2-Clause */
/* Cases that serve objects themselves, and threads that have QTEE call these. */
#ifndef QTEE_ASKER_H
#define QTEE_ASKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "qtee.h"

/* The object that is called, by the process's own number of it. */
#define QTEE_ASKED	77

/**
 * struct qtee_asker - a thread that has QTEE call an object of this process
 * @thread: it
 * @tid: its number, once it runs
 * @fd: file
 * @caller: object of QTEE that calls
 * @op: operation
 * @object: that is called
 * @in: octets for it, or NULL
 * @in_size: how many
 * @out: room for octets of its, or NULL
 * @out_size: how many; afterwards as many as came
 * @passed: object of QTEE for it, or NULL
 * @wants_object: it is to give an object
 * @rc: 0 or a negative error number
 * @ret: its result
 */
struct qtee_asker {
	pthread_t thread;
	pid_t tid;
	int fd;
	uint64_t caller;
	uint32_t op;
	uint64_t object;
	const void *in;
	size_t in_size;
	void *out;
	size_t out_size;
	const uint64_t *passed;
	bool wants_object;
	int rc;
	int32_t ret;
};

/* Asks; in this thread, or in one of its own. One call at a time for each caller. */
void qtee_asker_ask(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op);
void qtee_asker_start(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op);
/* The same, and its request is in the queue when this returns. */
void qtee_asker_start_queued(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op);
/* The result; the call must not fail. */
int32_t qtee_asker_end(struct qtee_asker *a);

/* A file whose objects nobody serves but the case, with callers. */
void qtee_callers_open(struct qtee_client *c, uint64_t *callers, unsigned int num);
/* The same, and what comes first is not the release of its credentials. */
void qtee_callers_open_quiet(struct qtee_client *c, uint64_t *callers, unsigned int num);
/* The next request; releases are left out. */
void qtee_next_call(int fd, struct qtee_request *r);

#endif /* QTEE_ASKER_H */
