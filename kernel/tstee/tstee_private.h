/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trusted Services: one TEE device for each partition that speaks their protocol.
 */
#ifndef TSTEE_PRIVATE_H
#define TSTEE_PRIVATE_H

#include <linux/xarray.h>

#include <abi/ts.h>

#include <omnitee/ffa.h>
#include <omnitee/tee_core.h>

/**
 * struct tstee - a partition and its device
 * @fdev:	partition
 * @teedev:	device
 * @pool:	where its memory comes from
 * @down:	the kernel ends: the partition is not called any more. Set in somebody's turn
 */
struct tstee {
	struct omnitee_ffa_device *fdev;
	struct tee_device *teedev;
	struct tee_shm_pool pool;
	bool down;
};

/**
 * struct tstee_context - a client
 * @sessions:	interface ids of the services it has opened, as values, by session id. So a
 *		session is nothing but its entry: whoever takes that out has closed it, and who
 *		looks it up has a copy
 */
struct tstee_context {
	struct xarray sessions;
};

/**
 * struct tstee_rpc - a message of a client
 * @word:	request; when it has ended, response
 * @ctx:	client, or NULL
 * @shm:	memory that it names, or NULL
 * @teardown:	it must be heard, even of a task that has been killed
 */
struct tstee_rpc {
	u32 word[TS_RPC_WORDS];
	struct tee_context *ctx;
	struct tee_shm *shm;
	bool teardown;
};

/* rpc.c */
int tstee_rpc_init(void);
void tstee_rpc_exit(void);
int tstee_rpc(struct tstee *tstee, struct tstee_rpc *rpc);
int tstee_rpc_in_turn(struct tstee *tstee, struct tstee_rpc *rpc, unsigned int state);

/* memory.c */
extern const struct tee_shm_pool_ops tstee_pool_ops;
u64 tstee_memory_handle(const struct tee_shm *shm);
void tstee_memory_take_back(struct tstee *tstee);

#endif /* TSTEE_PRIVATE_H */
