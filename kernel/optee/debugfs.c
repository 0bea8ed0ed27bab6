// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs: counters, the call queue, the supplicant's requests, the histogram of latencies.
 *
 * The files are in the device's folder, which tee.ko removes when the device has no users
 * and before it is freed. One record a line, see docs/visibility.md.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "debugfs_calls.h"
#include "stats.h"

static const char * const optee_kind_names[] = {
	"open", "invoke", "close", "cancel", "register", "unregister", "bottom-half",
	"stop-notif", "other",
};

static const char * const optee_stat_names[] = {
	[OPTEE_STAT_SWITCHES] = "switches",
	[OPTEE_STAT_INTERRUPTS] = "interrupts",
	[OPTEE_STAT_WAITS] = "waits",
	[OPTEE_STAT_REFUSED] = "refused",
	[OPTEE_STAT_FAILED] = "failed",
	[OPTEE_STAT_GIVEN_UP] = "given-up",
	[OPTEE_STAT_HANDED_OVER] = "handed-over",
	[OPTEE_STAT_RPCS] = "rpcs",
	[OPTEE_STAT_SUPP_REQUESTS] = "supplicant-requests",
	[OPTEE_STAT_SUPP_REVOKED] = "supplicant-revoked",
	[OPTEE_STAT_NOTIF_WAITS] = "notification-waits",
	[OPTEE_STAT_NOTIF_SENDS] = "notification-sends",
	[OPTEE_STAT_NOTIF_ASYNC] = "notification-async",
};

static_assert(ARRAY_SIZE(optee_kind_names) == OPTEE_STATS_KINDS);
static_assert(ARRAY_SIZE(optee_stat_names) == OPTEE_STAT_COUNT);

/**
 * optee_kind_name() - what a call is called
 * @cmd:	of its message
 */
const char *optee_kind_name(u32 cmd)
{
	return optee_kind_names[optee_stats_kind(cmd)];
}

static int optee_stats_show(struct seq_file *m, void *unused)
{
	struct optee *optee = m->private;
	unsigned int cpu, n;
	u64 calls = 0;

	for (n = 0; n < OPTEE_STATS_KINDS; n++) {
		u64 sum = 0;

		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu_ptr(optee->stats, cpu)->calls[n]);
		if (n == OPTEE_MSG_CMD_INVOKE_COMMAND)
			sum += optee_stats_invokes(optee);
		seq_printf(m, "call-%s=%llu\n", optee_kind_names[n], sum);
		calls += sum;
	}
	for (n = 0; n < OPTEE_STAT_COUNT; n++) {
		/* Each call ended with one that was not counted for itself. */
		u64 sum = n == OPTEE_STAT_SWITCHES ? calls : 0;

		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu_ptr(optee->stats, cpu)->stat[n]);
		seq_printf(m, "%s=%llu\n", optee_stat_names[n], sum);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(optee_stats);

static int optee_queue_show(struct seq_file *m, void *unused)
{
	struct optee *optee = m->private;
	struct optee_call_queue *cq = &optee->cq;
	int total = READ_ONCE(cq->total);

	/* Where nobody said how many there are, there is no number of free ones, either. */
	seq_printf(m, "threads=%d free=%d kept=%d kept_free=%d waiting=%d\n", total,
		   total ? max(atomic_read(&cq->free), 0) : 0, READ_ONCE(cq->kept_back),
		   READ_ONCE(cq->reserved), atomic_read(&cq->sleepers));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(optee_queue);

static void optee_supplicant_show_list(struct seq_file *m, const struct list_head *list,
				       const char *state)
{
	struct optee_supp_req *req;

	list_for_each_entry(req, list, node)
		seq_printf(m, "id=%llu func=%u state=%s\n", req->id, req->func,
			   req->revoked ? "revoked" : state);
}

static int optee_supplicant_show(struct seq_file *m, void *unused)
{
	struct optee *optee = m->private;
	struct optee_supp *supp = &optee->supp;

	spin_lock(&supp->lock);
	seq_printf(m, "pid=%d\n", supp->ctx ? supp->ctx->pid : 0);
	optee_supplicant_show_list(m, &supp->taken, "taken");
	optee_supplicant_show_list(m, &supp->queued, "queued");
	spin_unlock(&supp->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(optee_supplicant);

static int optee_latency_show(struct seq_file *m, void *unused)
{
	struct optee *optee = m->private;
	unsigned int cpu, kind, bucket;

	seq_printf(m, "on=%d\n", READ_ONCE(optee->latency));
	for (kind = 0; kind < OPTEE_STATS_KINDS; kind++) {
		for (bucket = 0; bucket < OPTEE_STATS_BUCKETS; bucket++) {
			u64 sum = 0;

			for_each_possible_cpu(cpu)
				sum += READ_ONCE(per_cpu_ptr(optee->stats, cpu)->latency[kind][bucket]);
			if (sum)
				seq_printf(m, "call=%s ns=%llu count=%llu\n",
					   optee_kind_names[kind], BIT_ULL(bucket), sum);
		}
	}
	return 0;
}

static int optee_latency_open(struct inode *inode, struct file *file)
{
	return single_open(file, optee_latency_show, inode->i_private);
}

/* A boolean turns it on and off; what was counted stays. */
static ssize_t optee_latency_write(struct file *file, const char __user *buf, size_t size,
				   loff_t *pos)
{
	struct optee *optee = ((struct seq_file *)file->private_data)->private;
	bool on;
	int rc;

	rc = kstrtobool_from_user(buf, size, &on);
	if (rc)
		return rc;

	mutex_lock(&optee->latency_lock);
	if (on && !optee->latency)
		static_branch_inc(&optee_latency_key);
	else if (!on && optee->latency)
		static_branch_dec(&optee_latency_key);
	WRITE_ONCE(optee->latency, on);
	mutex_unlock(&optee->latency_lock);
	return size;
}

static const struct file_operations optee_latency_fops = {
	.owner = THIS_MODULE,
	.open = optee_latency_open,
	.read = seq_read,
	.write = optee_latency_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * optee_debugfs_create() - let people look at a device
 * @optee:	device that is registered
 */
void optee_debugfs_create(struct optee *optee)
{
	struct dentry *dir = optee->teedev->debugfs;

	debugfs_create_file("stats", 0400, dir, optee, &optee_stats_fops);
	debugfs_create_file("queue", 0400, dir, optee, &optee_queue_fops);
	debugfs_create_file("supplicant", 0400, dir, optee, &optee_supplicant_fops);
	debugfs_create_file("latency", 0600, dir, optee, &optee_latency_fops);
	optee_debugfs_create_calls(optee, dir);
}
