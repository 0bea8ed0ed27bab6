/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OPTEE_DEBUGFS_CALLS_H
#define OPTEE_DEBUGFS_CALLS_H

#include <linux/types.h>

struct dentry;
struct optee;

void optee_debugfs_create_calls(struct optee *optee, struct dentry *dir);

/* debugfs.c */
const char *optee_kind_name(u32 cmd);

#endif /* OPTEE_DEBUGFS_CALLS_H */
