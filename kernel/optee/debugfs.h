/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OPTEE_DEBUGFS_H
#define OPTEE_DEBUGFS_H

struct optee;

void optee_debugfs_create(struct optee *optee);

#endif /* OPTEE_DEBUGFS_H */
