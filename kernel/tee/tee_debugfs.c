// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs: /sys/kernel/debug/tee/DEVICE, with what every driver has: contexts and memory.
 *
 * One record a line, "key=value" each, a name last. docs/visibility.md describes them.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "tee_private.h"

static int tee_contexts_show(struct seq_file *m, void *unused)
{
	struct tee_device *teedev = m->private;
	struct tee_context *ctx;

	mutex_lock(&teedev->mutex);
	list_for_each_entry(ctx, &teedev->contexts, node) {
		long allocated = atomic_long_read(&ctx->shm_allocated_bytes);
		/* Not read at once: one may be ahead of the other. */
		long registered = max(atomic_long_read(&ctx->shm_bytes) - allocated, 0L);

		seq_printf(m, "pid=%d kernel=%d allocated=%d allocated_bytes=%ld registered=%d registered_bytes=%ld comm=%*pE\n",
			   ctx->pid, ctx->in_kernel, atomic_read(&ctx->shm_allocated), allocated,
			   atomic_read(&ctx->shm_registered), registered,
			   (int)strnlen(ctx->comm, sizeof(ctx->comm)), ctx->comm);
	}
	mutex_unlock(&teedev->mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tee_contexts);

/* Objects that have an id: those of user space. */
static int tee_shm_show(struct seq_file *m, void *unused)
{
	struct tee_device *teedev = m->private;
	unsigned long id = 0;
	struct tee_shm *shm;

	for (;;) {
		char comm[TASK_COMM_LEN];
		u64 cookie, size;
		bool pooled;
		pid_t pid;

		/* An object that is in the table has not been put for the last time. */
		xa_lock(&teedev->shms);
		shm = xa_find(&teedev->shms, &id, INT_MAX, XA_PRESENT);
		if (shm) {
			pooled = shm->flags & TEE_SHM_POOL;
			size = shm->size;
			cookie = shm->sec_world_id;
			pid = shm->ctx->pid;
			memcpy(comm, shm->ctx->comm, sizeof(comm));
		}
		xa_unlock(&teedev->shms);
		if (!shm)
			return 0;

		seq_printf(m, "id=%lu kind=%s size=%llu cookie=%x:%x pid=%d comm=%*pE\n", id,
			   pooled ? "allocated" : "registered", size, upper_32_bits(cookie),
			   lower_32_bits(cookie), pid, (int)strnlen(comm, sizeof(comm)), comm);
		id++;
	}
}
DEFINE_SHOW_ATTRIBUTE(tee_shm);

static struct dentry *tee_debugfs_root;

void tee_debugfs_init(void)
{
	tee_debugfs_root = debugfs_create_dir("tee", NULL);
}

void tee_debugfs_exit(void)
{
	debugfs_remove(tee_debugfs_root);
}

/**
 * tee_debugfs_add() - make the folder of a device
 * @teedev:	device that is being registered
 *
 * If there is no debugfs, there is no folder, and nobody minds.
 */
void tee_debugfs_add(struct tee_device *teedev)
{
	teedev->debugfs = debugfs_create_dir(teedev->name, tee_debugfs_root);
	debugfs_create_file("contexts", 0400, teedev->debugfs, teedev, &tee_contexts_fops);
	debugfs_create_file("shm", 0400, teedev->debugfs, teedev, &tee_shm_fops);
}

/**
 * tee_debugfs_remove() - remove it, with what the driver put into it
 * @teedev:	device without users
 *
 * Returns when nobody reads; files that are still open are empty from then on.
 */
void tee_debugfs_remove(struct tee_device *teedev)
{
	debugfs_remove(teedev->debugfs);
	teedev->debugfs = NULL;
}
