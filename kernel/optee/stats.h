/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What calls leave behind for those who look on: counters, events, the state that debugfs
 * shows. Each function is a line where something happens.
 *
 * Counters are per CPU, or in the slot of a call, and without a lock. The clock is read only
 * while somebody wants to know how long things take: an event is on, or the histogram.
 */
#ifndef OPTEE_STATS_H
#define OPTEE_STATS_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <abi/optee_smc.h>
#include <trace/optee_trace.h>

#include "optee_private.h"

/* Kinds of calls are message commands; all those that are not known come last. */
#define OPTEE_STATS_KINDS	9
/* Of times in ns, by their logarithm; the last one is for all that is longer. */
#define OPTEE_STATS_BUCKETS	40

enum optee_stat {
	OPTEE_STAT_SWITCHES,		/* world switches, without the last one of each call */
	OPTEE_STAT_INTERRUPTS,		/* that ended with a foreign interrupt */
	OPTEE_STAT_WAITS,		/* calls that waited for a place */
	OPTEE_STAT_REFUSED,		/* times that the secure world had no thread */
	OPTEE_STAT_FAILED,		/* calls that the transport failed */
	OPTEE_STAT_GIVEN_UP,		/* calls given up before they began */
	OPTEE_STAT_HANDED_OVER,		/* calls left to a worker */
	OPTEE_STAT_RPCS,		/* RPC messages */
	OPTEE_STAT_SUPP_REQUESTS,	/* for the supplicant */
	OPTEE_STAT_SUPP_REVOKED,	/* of which revoked */
	OPTEE_STAT_NOTIF_WAITS,		/* waits for a notification */
	OPTEE_STAT_NOTIF_SENDS,		/* notifications posted by secure threads */
	OPTEE_STAT_NOTIF_ASYNC,		/* and those that came with an interrupt */
	OPTEE_STAT_COUNT
};

/**
 * struct optee_stats - what one CPU counted
 * @stat:	by enum optee_stat
 * @calls:	that ended, by kind; invokes are counted in their slots instead
 * @latency:	how many took so long, by kind, while the histogram was on
 */
struct optee_stats {
	u64 stat[OPTEE_STAT_COUNT];
	u64 calls[OPTEE_STATS_KINDS];
	u32 latency[OPTEE_STATS_KINDS][OPTEE_STATS_BUCKETS];
};

DECLARE_STATIC_KEY_FALSE(optee_latency_key);

int optee_stats_init(struct optee *optee);
void optee_stats_destroy(struct optee *optee);
void optee_contexts_add(struct optee *optee, struct optee_context *ctx);
void optee_contexts_del(struct optee *optee, struct optee_context *ctx);
u64 optee_stats_invokes(const struct optee *optee);
void optee_stats_time(struct optee *optee, u32 cmd, u64 ns);

static inline void optee_count(struct optee *optee, enum optee_stat stat)
{
	this_cpu_inc(optee->stats->stat[stat]);
}

static inline u32 optee_stats_kind(u32 cmd)
{
	return min_t(u32, cmd, OPTEE_STATS_KINDS - 1);
}

/* Whose call it is, and what: before anything of it is shown. */
static __always_inline void optee_seen_begin(struct optee_call *call,
					     const struct optee_msg_arg *arg, u32 cmd)
{
	struct optee_call_seen *seen = &call->seen;

	seen->cmd = cmd;
	seen->func = arg->func;
	seen->session = arg->session;
	seen->pid = current->pid;
	memcpy(seen->comm, current->comm, sizeof(seen->comm));
	seen->since = jiffies;
	/* Readers that see it see the rest; see optee_seen_copy() for those that do not. */
	smp_store_release(&seen->serial, ++call->serial);
}

static inline void optee_seen_end(struct optee_call *call)
{
	WRITE_ONCE(call->seen.serial, 0);
	/* Before the rest changes: see optee_seen_copy(). */
	smp_wmb();
}

/* Does anybody want to know of each call, or how long it takes? */
static __always_inline bool optee_call_is_watched(void)
{
	return static_branch_unlikely(&optee_latency_key) || trace_optee_call_begin_enabled() ||
	       trace_optee_call_end_enabled();
}

/* Return: the time if anybody wants to know how long the call takes, else 0 */
static inline u64 optee_call_begin(struct optee_call *call)
{
	trace_optee_call_begin(call);
	if (static_branch_unlikely(&optee_latency_key) || trace_optee_call_end_enabled())
		return ktime_get_ns();
	return 0;
}

/* It has ended, with an answer or without. */
static __always_inline void optee_call_count(struct optee *optee, struct optee_call *call, u32 cmd)
{
	/* A slot has one owner at a time and stays: that makes the cheapest counter there is. */
	if (cmd == OPTEE_MSG_CMD_INVOKE_COMMAND)
		WRITE_ONCE(call->invokes, call->invokes + 1);
	else
		this_cpu_inc(optee->stats->calls[optee_stats_kind(cmd)]);
	if (unlikely(call->status))
		optee_count(optee, OPTEE_STAT_FAILED);
}

static inline void optee_call_done(struct optee_call *call, u32 cmd, u64 begin)
{
	optee_call_count(call->optee, call, cmd);
	/* How long the worker took says nothing about the call. */
	if (static_branch_unlikely(&optee_latency_key) && begin && !call->handed_over)
		optee_stats_time(call->optee, cmd, ktime_get_ns() - begin);
	optee_seen_end(call);
	trace_optee_call_end(call, 0, begin);
}

/* A task leaves it. */
static inline void optee_call_left(struct optee_call *call, int error, u64 begin)
{
	trace_optee_call_end(call, error, begin);
}

/* The task was killed, or would not wait, and nobody goes on with the call. */
static inline void optee_call_given_up(struct optee_call *call)
{
	optee_count(call->optee, OPTEE_STAT_GIVEN_UP);
	optee_seen_end(call);
}

static inline u64 optee_rpc_begin(struct optee_call *call, u32 cmd)
{
	WRITE_ONCE(call->seen.rpc, cmd);
	optee_count(call->optee, OPTEE_STAT_RPCS);
	trace_optee_rpc_begin(call, cmd);
	return trace_optee_rpc_end_enabled() ? ktime_get_ns() : 0;
}

static inline void optee_rpc_end(struct optee_call *call, u32 cmd, int error, u32 result, u64 begin)
{
	WRITE_ONCE(call->seen.rpc, OPTEE_SEEN_NO_RPC);
	trace_optee_rpc_end(call, cmd, error, result, begin);
}

static inline void optee_notif_wait_begin(struct optee_call *call, u64 value, u64 timeout_ms)
{
	optee_count(call->optee, OPTEE_STAT_NOTIF_WAITS);
	trace_optee_notif_wait_begin(call->optee, value, timeout_ms);
}

static inline void optee_notif_sent(struct optee_call *call, u64 value, u32 result)
{
	optee_count(call->optee, OPTEE_STAT_NOTIF_SENDS);
	trace_optee_notif_send(call->optee, value, result);
}

/* Context: any. */
static inline void optee_notif_fetched(struct optee *optee, u32 value)
{
	optee_count(optee, OPTEE_STAT_NOTIF_ASYNC);
	trace_optee_notif_async(optee, value);
}

/* Under the supplicant's lock, both. */
static inline void optee_supp_request_begin(struct optee_call *call,
					    const struct optee_supp_req *req)
{
	WRITE_ONCE(call->seen.request, req->id);
	optee_count(call->optee, OPTEE_STAT_SUPP_REQUESTS);
	trace_optee_supp_queued(req);
}

static inline void optee_supp_request_end(struct optee_call *call,
					  const struct optee_supp_req *req)
{
	WRITE_ONCE(call->seen.request, 0);
	if (req->state != OPTEE_SUPP_REQ_ANSWERED)
		optee_count(call->optee, OPTEE_STAT_SUPP_REVOKED);
}

#endif /* OPTEE_STATS_H */
