// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters and the histogram of latencies.
 */
#include <linux/log2.h>
#include <linux/rculist.h>

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

static u64 optee_stats_cache_invokes(const struct optee_msg_cache *cache)
{
	struct optee_msg_page *page;
	unsigned int n;
	u64 sum = 0;

	/* Pages are only ever added, and complete when they are. */
	list_for_each_entry_lockless(page, &cache->pages, node)
		for (n = 0; n < page->num_slots; n++)
			sum += READ_ONCE(page->calls[n].invokes);
	return sum;
}

/**
 * optee_stats_invokes() - how many invokes have ended
 * @optee:	device
 */
u64 optee_stats_invokes(const struct optee *optee)
{
	return optee_stats_cache_invokes(&optee->msgs) +
	       optee_stats_cache_invokes(&optee->private_msgs) +
	       optee_stats_cache_invokes(&optee->system_msgs);
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
