/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The partition manager (SPMC) as it sees itself. The normal world and each partition are
 * endpoints: their calls go through the same functions, and what one may do follows from its id,
 * its version and its state.
 *
 * One lock guards everything here but what is set once at boot. It is a leaf but for the heap, the
 * interrupt controller and the console: nothing of a partition runs under it.
 */
#ifndef SPMC_SPMC_H
#define SPMC_SPMC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config.h"
#include "counters.h"
#include "ffa.h"
#include "heap.h"
#include "lock.h"
#include "log.h"
#include "notification.h"
#include "nsmem.h"
#include "partition.h"
#include "smc.h"
#include "thread.h"

#define SPMC_PARTITIONS_MAX	CONFIG_PARTITIONS_MAX
#define SPMC_REGISTERS		18	/* x0 to x17 */
/* Of RX and TX, in units of 4 KiB. */
#define SPMC_BUFFER_MAX		16
/* Octets of a memory transaction descriptor. */
#define SPMC_DESCRIPTOR_MAX	(1U << 20)
#define SPMC_RECEIVERS_MAX	8
/* Requests to one partition that are deferred at a time. */
#define SPMC_DEFERRED_MAX	8

struct share;

struct buffers {
	bool mapped;
	bool rx_full;		/* the caller's until RX_RELEASE */
	const void *tx;
	void *rx;
	size_t size;		/* of each */
};

struct endpoint {
	uint16_t id;
	bool locked;		/* the version is: another call was made since */
	uint32_t version;	/* negotiated; 0: not yet */
	struct buffers buffers;
	struct share *incoming;	/* what it is sending, fragment by fragment */
	/* What it is being sent: the next offset, and the one before; handle 0: nothing. */
	struct {
		uint8_t *data;
		size_t size;
		size_t position;
		size_t previous;
		uint64_t handle;
	} outgoing;
	struct notifications notifications;
};

enum partition_state {
	PARTITION_WAITING,
	PARTITION_RUNNING,
	PARTITION_PREEMPTED,	/* by an interrupt of the normal world */
	PARTITION_YIELDED,
	PARTITION_BLOCKED,	/* its request to another one is under way */
	PARTITION_ABORTED,
};

/* Why a partition left its CPU. Written by itself, with interrupts masked. */
enum partition_exit {
	PARTITION_EXIT_ANSWER,	/* or, after RUN, it has nothing more to do */
	PARTITION_EXIT_PREEMPTED,
	PARTITION_EXIT_YIELD,
	PARTITION_EXIT_REQUEST,
	PARTITION_EXIT_ABORT,
};

/* One that answers at once, and was kept from it: an execution context of its own, for a test. */
struct deferred {
	bool taken;
	unsigned int cpu;		/* where it came */
	uint32_t request;		/* its function */
	struct partition_message message;
};

struct partition {
	struct endpoint endpoint;
	const struct partition_description *about;
	void *data;
	struct spmc *spmc;
	struct thread thread;

	/* The lock's. */
	enum partition_state state;
	unsigned int cpu;		/* where it left last */
	struct deferred deferred[SPMC_DEFERRED_MAX];

	/* Whoever runs it, from the time it is RUNNING to the time it is WAITING. */
	struct partition *caller;	/* NULL: the normal world */
	uint32_t request;		/* function of the request, or RUN */
	struct partition_message message;
	enum partition_exit exit;
	uint64_t timeout;		/* of EXIT_YIELD, nanoseconds */
	/* Of EXIT_REQUEST: to whom, what, and what became of it. */
	uint16_t target;
	struct partition_message *out;
	int32_t out_status;
};

struct spmc {
	struct lock lock;
	bool present;			/* set at boot, as the next eight */
	unsigned int cpu_count;
	uint32_t version;		/* the newest offered */
	struct guest *guest;		/* whose counters and faults */
	struct nsmem memory;		/* of the normal world */
	struct heap heap;
	unsigned int partition_count;
	struct partition *partitions[SPMC_PARTITIONS_MAX];

	struct endpoint normal_world;
	bool sri_delayed;		/* until the normal world goes on */
	struct share *shares;
	uint64_t next_handle;
	/* A bit for each page of the normal world that is shared or lent. */
	uint8_t *pages;
};

/* One call, arguments first, then results; registers are cut to what the convention passes. */
struct ffa_call {
	struct spmc *spmc;
	struct endpoint *caller;
	uint64_t x[SPMC_REGISTERS];
};

/**
 * spmc_init() - make the partition manager and its partitions
 * @spmc: zeroed
 * @guest: whose heap it takes its own from
 * @config: says what there is
 * @memory: of the normal world
 * @heap_size: octets that it may take for its own heap
 *
 * Return: false without memory.
 */
bool spmc_init(struct spmc *spmc, struct guest *guest, const struct config *config,
	       const struct nsmem *memory, size_t heap_size);

/* An SMC of the normal world with a number from FFA_FIRST_NUMBER on. */
void spmc_smc(struct spmc *spmc, struct smc_regs *regs);
/* A call of an endpoint; also for partitions, which have no SMCs. */
void spmc_call(struct spmc *spmc, struct endpoint *caller, uint64_t x[SPMC_REGISTERS]);
/* Whether a function may be called by this one; for FEATURES. */
bool spmc_has_function(struct spmc *spmc, const struct endpoint *caller, uint32_t id);

/* The answers. Each overwrites all registers: nothing of one world leaks into another. */
void ffa_success(struct ffa_call *call, uint64_t x2, uint64_t x3);
void ffa_error(struct ffa_call *call, int32_t status);
void ffa_reply(struct ffa_call *call, uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3);

/* Refuse a call, count that and say why; the caller's doing, so limited. */
#define ffa_refuse(call, status, format, ...) do {					\
	counter_add((call)->spmc->guest, SIM_COUNTER_FFA_REFUSALS, 1);			\
	log_limited("ffa: %x refused: " format, (call)->caller->id, ##__VA_ARGS__);	\
	ffa_error(call, status);							\
} while (0)

/* Whether it is the normal world. */
static inline bool endpoint_is_normal(const struct endpoint *endpoint)
{
	return !(endpoint->id & FFA_ENDPOINT_SECURE);
}

/* Of 1.1 or newer, and so on. */
static inline bool endpoint_speaks(const struct endpoint *endpoint, unsigned int minor)
{
	return endpoint->version >= FFA_VERSION_MAKE(1, minor);
}

/* A broken partition is made anew and waits for requests; false if it is not broken. For tests. */
bool spmc_mend(struct spmc *spmc, uint64_t id);

struct partition *spmc_partition(struct spmc *spmc, uint16_t id);
/* The normal world or a partition; NULL if there is none with this id. */
struct endpoint *spmc_endpoint(struct spmc *spmc, uint16_t id);
/* Index of the UUID in the partition's list, or -1. */
int partition_find_uuid(const struct partition *partition, const uint8_t uuid[16]);
/* UUIDs in two or four registers. */
void ffa_uuid_from_64(uint8_t uuid[16], uint64_t low, uint64_t high);
bool ffa_uuid_is_nil(const uint8_t uuid[16]);

/* version.c */
void ffa_version(struct ffa_call *call);
void ffa_features(struct ffa_call *call);
void ffa_id_get(struct ffa_call *call);
void ffa_spm_id_get(struct ffa_call *call);

/* buffer.c */
void ffa_rxtx_map(struct ffa_call *call);
void ffa_rxtx_unmap(struct ffa_call *call);
void ffa_rx_release(struct ffa_call *call);
/* Boot: the partition's own. */
bool buffers_init(struct spmc *spmc, struct endpoint *endpoint);

/* info.c */
void ffa_partition_info_get(struct ffa_call *call);
void ffa_partition_info_get_regs(struct ffa_call *call);

/* direct.c */
void ffa_msg_send_direct_req(struct ffa_call *call);
void ffa_msg_send_direct_req2(struct ffa_call *call);
void ffa_run(struct ffa_call *call);

/* share.c, retrieve.c */
void ffa_mem_share(struct ffa_call *call);
void ffa_mem_frag_tx(struct ffa_call *call);
void ffa_mem_reclaim(struct ffa_call *call);
void ffa_mem_retrieve_req(struct ffa_call *call);
void ffa_mem_frag_rx(struct ffa_call *call);
void ffa_mem_relinquish(struct ffa_call *call);

/* console_log.c */
void ffa_console_log(struct ffa_call *call);

#endif /* SPMC_SPMC_H */
