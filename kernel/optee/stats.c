// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters and the histogram of latencies.
 */
#include <linux/log2.h>

#include "stats.h"

/* Devices whose histogram is on. */
DEFINE_STATIC_KEY_FALSE(optee_latency_key);

/**
 * optee_stats_init() - counters for a device
 * @optee:	device
 *
 * Return: 0 or -ENOMEM
 */
int optee_stats_init(struct optee *optee)
{
	mutex_init(&optee->latency_lock);
	mutex_init(&optee->contexts_lock);
	INIT_LIST_HEAD(&optee->contexts);
	optee->stats = alloc_percpu(struct optee_stats);
	return optee->stats ? 0 : -ENOMEM;
}

void optee_stats_destroy(struct optee *optee)
{
	if (optee->latency)
		static_branch_dec(&optee_latency_key);
	free_percpu(optee->stats);
	mutex_destroy(&optee->contexts_lock);
	mutex_destroy(&optee->latency_lock);
}

void optee_contexts_add(struct optee *optee, struct optee_context *ctx)
{
	mutex_lock(&optee->contexts_lock);
	list_add_tail(&ctx->node, &optee->contexts);
	mutex_unlock(&optee->contexts_lock);
}

void optee_contexts_del(struct optee *optee, struct optee_context *ctx)
{
	mutex_lock(&optee->contexts_lock);
	list_del(&ctx->node);
	mutex_unlock(&optee->contexts_lock);
}

/**
 * optee_stats_time() - count how long a call took
 * @optee:	device
 * @cmd:	of its message
 * @ns:		nanoseconds
 */
void optee_stats_time(struct optee *optee, u32 cmd, u64 ns)
{
	unsigned int bucket = min_t(unsigned int, ns ? ilog2(ns) : 0, OPTEE_STATS_BUCKETS - 1);

	/* The key is for all devices. */
	if (READ_ONCE(optee->latency))
		this_cpu_inc(optee->stats->latency[optee_stats_kind(cmd)][bucket]);
}
