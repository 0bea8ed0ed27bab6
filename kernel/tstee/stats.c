// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/tee/DEVICE/stats: a counter a line, name=value.
 *
 * How often a partition gave way, and was busy, is the bus's to say: omnitee-ffa/partitions.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "tstee_private.h"

static const char * const tstee_stat_names[] = {
	[TSTEE_STAT_MANAGEMENT] = "management",
	[TSTEE_STAT_INVOKE] = "invoke",
	[TSTEE_STAT_REFUSED] = "refused",
	[TSTEE_STAT_FAILED] = "failed",
	[TSTEE_STAT_GIVEN_UP] = "given-up",
	[TSTEE_STAT_HANDED_OVER] = "handed-over",
	[TSTEE_STAT_UNANSWERED] = "unanswered",
	[TSTEE_STAT_SHARED] = "shared",
	[TSTEE_STAT_LOST] = "lost",
};

static_assert(ARRAY_SIZE(tstee_stat_names) == TSTEE_STAT_COUNT);

static int tstee_stats_show(struct seq_file *m, void *unused)
{
	struct tstee *tstee = m->private;
	unsigned int n;

	for (n = 0; n < TSTEE_STAT_COUNT; n++)
		seq_printf(m, "%s=%ld\n", tstee_stat_names[n],
			   atomic_long_read(&tstee->stats[n]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tstee_stats);

/**
 * tstee_stats_create() - let people look at a device's counters
 * @tstee:	device, registered. The file goes with the device's folder
 */
void tstee_stats_create(struct tstee *tstee)
{
	debugfs_create_file("stats", 0400, tstee->teedev->debugfs, tstee, &tstee_stats_fops);
}
