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

enum tstee_stat {
	TSTEE_STAT_MANAGEMENT,	/* messages to the partition itself: sessions, memory */
	TSTEE_STAT_INVOKE,	/* messages to its services */
	TSTEE_STAT_REFUSED,	/* of both: answered with an RPC status that is an error */
	TSTEE_STAT_FAILED,	/* refused by the partition manager */
	TSTEE_STAT_GIVEN_UP,	/* of clients that were killed before it began */
	TSTEE_STAT_HANDED_OVER,	/* and after that: left to a worker */
	TSTEE_STAT_UNANSWERED,	/* left to whoever comes next */
	TSTEE_STAT_SHARED,	/* objects that the partition manager has not given back */
	TSTEE_STAT_LOST,	/* of these: nobody waits for them any more */
	TSTEE_STAT_COUNT
};

/**
 * struct tstee - a partition and its device
 * @fdev:	partition
 * @teedev:	device
 * @pool:	where its memory comes from
 * @down:	the kernel ends: the partition is not called any more. Set in somebody's turn
 * @stats:	counters, by enum tstee_stat
 */
struct tstee {
	struct omnitee_ffa_device *fdev;
	struct tee_device *teedev;
	struct tee_shm_pool pool;
	bool down;
	atomic_long_t stats[TSTEE_STAT_COUNT];
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
 * @bounded:	not waited for longer than the bus has patience, see omnitee_ffa_drive()
 */
struct tstee_rpc {
	u32 word[TS_RPC_WORDS];
	struct tee_context *ctx;
	struct tee_shm *shm;
	bool teardown;
	bool bounded;
};

static inline void tstee_count(struct tstee *tstee, enum tstee_stat stat)
{
	atomic_long_inc(&tstee->stats[stat]);
}

/* rpc.c */
int tstee_rpc_init(void);
void tstee_rpc_exit(void);
int tstee_rpc(struct tstee *tstee, struct tstee_rpc *rpc);
int tstee_rpc_in_turn(struct tstee *tstee, struct tstee_rpc *rpc, unsigned int state);

/* stats.c */
void tstee_stats_create(struct tstee *tstee);

/* memory.c */
extern const struct tee_shm_pool_ops tstee_pool_ops;
u64 tstee_memory_handle(const struct tee_shm *shm);
void tstee_memory_take_back(struct tstee *tstee);

#endif /* TSTEE_PRIVATE_H */
