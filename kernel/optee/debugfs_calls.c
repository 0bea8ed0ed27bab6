// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs: calls that are under way, with those who wait to begin; sessions.
 *
 * Call objects are memory that stays as long as the device, so that all of them can be looked
 * at without a lock: a serial number tells whether what was copied belongs together. Nothing
 * that a call points at is touched.
 */
#include <linux/debugfs.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>

#include "debugfs_calls.h"
#include "session.h"
#include "stats.h"

/* Return: false if no call is there, or another one by now */
static bool optee_seen_copy(const struct optee_call *call, struct optee_call_seen *seen)
{
	/* With what came before it, see optee_seen_begin(). */
	u64 serial = smp_load_acquire(&call->seen.serial);

	if (!serial)
		return false;
	/* It may change meanwhile; then the serial number does, too. */
	*seen = data_race(call->seen);
	/* If anything of another call was copied, its end, or the last one's, is seen now. */
	smp_rmb();
	return READ_ONCE(call->seen.serial) == serial;
}

static const char *optee_call_state(const struct optee_call *call,
				    const struct optee_call_seen *seen)
{
	if (!READ_ONCE(call->has_place))
		return "queued";
	if (READ_ONCE(call->waiter.refused))
		return "refused";
	if (seen->request)
		return "supplicant";
	if (seen->rpc != OPTEE_SEEN_NO_RPC)
		return "rpc";
	return "secure";
}

static void optee_threads_show_call(struct seq_file *m, const struct optee_call *call)
{
	struct optee_call_seen seen;
	const char *state;
	int worker;

	if (!optee_seen_copy(call, &seen))
		return;
	state = optee_call_state(call, &seen);
	worker = READ_ONCE(call->handed_over);
	/* All of it is of one call if the call is still there. */
	smp_rmb();
	if (READ_ONCE(call->seen.serial) != seen.serial)
		return;

	seq_printf(m, "pid=%d call=%s session=%u command=%u state=%s", seen.pid,
		   optee_kind_name(seen.cmd), seen.session, seen.func, state);
	if (seen.rpc != OPTEE_SEEN_NO_RPC)
		seq_printf(m, " rpc=%u", seen.rpc);
	if (seen.request)
		seq_printf(m, " request=%llu", seen.request);
	seq_printf(m, " worker=%d ms=%u comm=%*pE\n", worker,
		   jiffies_to_msecs(jiffies - seen.since),
		   (int)strnlen(seen.comm, sizeof(seen.comm)), seen.comm);
}

static void optee_threads_show_cache(struct seq_file *m, const struct optee_msg_cache *cache)
{
	struct optee_msg_page *page;
	unsigned int n;

	/* Pages are only ever added, and complete when they are. */
	list_for_each_entry_lockless(page, &cache->pages, node)
		for (n = 0; n < page->num_slots; n++)
			optee_threads_show_call(m, page->calls + n);
}

static int optee_threads_show(struct seq_file *m, void *unused)
{
	struct optee *optee = m->private;

	optee_threads_show_cache(m, &optee->msgs);
	optee_threads_show_cache(m, &optee->private_msgs);
	optee_threads_show_cache(m, &optee->system_msgs);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(optee_threads);

static void optee_sessions_show_context(struct seq_file *m, struct optee_context *ctx)
{
	const struct tee_context *owner = ctx->ctx;
	struct optee_session *session;
	unsigned int n;

	rcu_read_lock();
	for (n = 0; n < OPTEE_SESSION_BUCKETS; n++)
		hlist_for_each_entry_rcu(session, &ctx->sessions[n], node)
			seq_printf(m, "id=%u uuid=%pUb system=%d pid=%d kernel=%d comm=%*pE\n",
				   session->id, &session->uuid, READ_ONCE(session->system),
				   owner->pid, owner->in_kernel,
				   (int)strnlen(owner->comm, sizeof(owner->comm)), owner->comm);
	rcu_read_unlock();
}

static int optee_sessions_show(struct seq_file *m, void *unused)
{
	struct optee *optee = m->private;
	struct optee_context *ctx;

	mutex_lock(&optee->contexts_lock);
	list_for_each_entry(ctx, &optee->contexts, node)
		optee_sessions_show_context(m, ctx);
	mutex_unlock(&optee->contexts_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(optee_sessions);

void optee_debugfs_create_calls(struct optee *optee, struct dentry *dir)
{
	debugfs_create_file("threads", 0400, dir, optee, &optee_threads_fops);
	debugfs_create_file("sessions", 0400, dir, optee, &optee_sessions_fops);
}
