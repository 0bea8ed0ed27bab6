/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the supplicant. Nothing that it says is more than a claim. */
#ifndef OPTEE_RPC_FS_H
#define OPTEE_RPC_FS_H

#include <stdbool.h>
#include <stdint.h>
#include "rpc_memory.h"

/* With the terminator. */
#define RPC_FS_NAME_SIZE	256
/* At most so much is read or written at once. */
#define RPC_FS_CHUNK		4096

/* One user of the files, within one call. */
struct rpc_fs {
	struct message *message;
	struct rpc_memory memory;	/* two names, then data */
};

/* Memory for the requests; rpc_fs_end() is due on success. */
uint32_t rpc_fs_begin(struct rpc_fs *fs, struct message *message);
void rpc_fs_end(struct rpc_fs *fs);

/*
 * Each returns the supplicant's result, TEE_ERROR_COMMUNICATION if its answer cannot be,
 * or what rpc_command() says. Names are terminated and shorter than RPC_FS_NAME_SIZE.
 */
uint32_t rpc_fs_open(struct rpc_fs *fs, const char *name, uint32_t *handle);
/* An old one is emptied. */
uint32_t rpc_fs_create(struct rpc_fs *fs, const char *name, uint32_t *handle);
uint32_t rpc_fs_close(struct rpc_fs *fs, uint32_t handle);
/* @size in: wanted, at most RPC_FS_CHUNK; out: what there was, less only at the end. */
uint32_t rpc_fs_read(struct rpc_fs *fs, uint32_t handle, uint64_t offset, void *to,
		     uint64_t *size);
/* @size: at most RPC_FS_CHUNK */
uint32_t rpc_fs_write(struct rpc_fs *fs, uint32_t handle, uint64_t offset, const void *from,
		      uint64_t size);
uint32_t rpc_fs_remove(struct rpc_fs *fs, const char *name);
/* Over an old one, too. */
uint32_t rpc_fs_rename(struct rpc_fs *fs, const char *from, const char *to);

uint32_t rpc_fs_open_directory(struct rpc_fs *fs, const char *name, uint32_t *handle);
uint32_t rpc_fs_close_directory(struct rpc_fs *fs, uint32_t handle);
/* The next name, terminated; TEE_ERROR_ITEM_NOT_FOUND at the end. */
uint32_t rpc_fs_read_directory(struct rpc_fs *fs, uint32_t handle,
			       char name[RPC_FS_NAME_SIZE]);

#endif /* OPTEE_RPC_FS_H */
