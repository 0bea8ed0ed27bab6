// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/omnitee-ffa/partitions: a line for each partition, of name=value.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "ffa_private.h"

static struct dentry *ffa_debugfs;

static int partitions_show(struct seq_file *seq, void *data)
{
	struct omnitee_ffa_partition *partition;

	mutex_lock(&ffa_partitions_lock);
	list_for_each_entry(partition, &ffa_partitions, node) {
		seq_printf(seq, "id=%04x messages=%ld waits=%ld busy=%ld interrupts=%ld yields=%ld",
			   partition->id, atomic_long_read(&partition->messages),
			   atomic_long_read(&partition->waits),
			   atomic_long_read(&partition->busy_replies),
			   atomic_long_read(&partition->interrupts),
			   atomic_long_read(&partition->yields));
		seq_printf(seq, " resumed-here=%ld resumed-elsewhere=%ld late=%ld\n",
			   atomic_long_read(&partition->resumed_here),
			   atomic_long_read(&partition->resumed_elsewhere),
			   atomic_long_read(&partition->late));
	}
	mutex_unlock(&ffa_partitions_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(partitions);

int ffa_debugfs_init(void)
{
	ffa_debugfs = debugfs_create_dir("omnitee-ffa", NULL);
	debugfs_create_file("partitions", 0400, ffa_debugfs, NULL, &partitions_fops);
	return 0;
}

void ffa_debugfs_exit(void)
{
	debugfs_remove_recursive(ffa_debugfs);
}
