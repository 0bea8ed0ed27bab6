/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libomnitee: an open QTEE. */
#ifndef QTEE_PRIVATE_H
#define QTEE_PRIVATE_H

#include <pthread.h>
#include <stdbool.h>

#include "abi/qtee.h"
#include "abi/tee.h"
#include "omnitee-qtee.h"

/* A callback may call QTEE, which calls back, and so on: so deep. */
#define QTEE_THREADS	4
#define QTEE_EXPORTS	64
/* The number of the object with the credentials, which is there from the beginning. */
#define QTEE_CREDENTIALS_EXPORT	QTEE_EXPORTS

/* An exported object; @call is NULL where there is none. */
struct qtee_export {
	omnitee_call call;
	omnitee_gone gone;
	void *data;
};

/**
 * struct omnitee_qtee - an open device
 * @fd: it
 * @threads: serve callbacks
 * @num_threads: how many
 * @lock: guards what follows
 * @exports: objects of this process; the number of each is its place
 * @busy: operations that are being served, and invocations
 * @closing: objects are defunct
 * @idle: signalled when @busy becomes 0
 */
struct omnitee_qtee {
	int fd;
	pthread_t threads[QTEE_THREADS];
	unsigned int num_threads;
	pthread_mutex_t lock;
	struct qtee_export exports[QTEE_EXPORTS + 1];
	unsigned int busy;
	bool closing;
	pthread_cond_t idle;
};

/* One ioctl with a frame: 0 or a negative error number. */
int qtee_ioctl(int fd, unsigned long cmd, void *arg, size_t size);

/* qtee-serve.c */
void qtee_busy(struct omnitee_qtee *qtee);
void qtee_not_busy(struct omnitee_qtee *qtee);
int qtee_serve_start(struct omnitee_qtee *qtee);
void qtee_serve_stop(struct omnitee_qtee *qtee);

/* qtee-credentials.c */
int32_t qtee_credentials_call(void *data, uint32_t op, struct omnitee_arg *args,
			      unsigned int num_args);

#endif /* QTEE_PRIVATE_H */
