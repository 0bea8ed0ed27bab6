// SPDX-License-Identifier: BSD-2-Clause
#include "rpc_fs.h"
#include "guest.h"
#include "optee_rpc.h"
#include "rpc.h"
#include "string.h"
#include "tee_result.h"

/* Where things lie in the memory. */
#define NAME_OFFSET		0
#define OTHER_NAME_OFFSET	RPC_FS_NAME_SIZE
#define DATA_OFFSET		(2 * RPC_FS_NAME_SIZE)
#define MEMORY_SIZE		(DATA_OFFSET + RPC_FS_CHUNK)

/* The supplicant's are ints. */
#define HANDLE_MAX		0x7fffffff

uint32_t rpc_fs_begin(struct rpc_fs *fs, struct message *message)
{
	fs->message = message;
	return rpc_memory_alloc(message, OPTEE_RPC_SHM_TYPE_APPL, MEMORY_SIZE, &fs->memory);
}

void rpc_fs_end(struct rpc_fs *fs)
{
	rpc_memory_free(fs->message, &fs->memory);
}

static struct optee_msg_param operation(uint64_t a, uint64_t b, uint64_t c)
{
	return (struct optee_msg_param){
		.attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT,
		.u.value = { .a = a, .b = b, .c = c },
	};
}

static struct optee_msg_param name_param(struct rpc_fs *fs, uint64_t offset, const char *name)
{
	uint64_t size = strlen(name) + 1;

	shm_write(fs->memory.shm, offset, name, size);
	return rpc_memory_param(&fs->memory, OPTEE_MSG_ATTR_TYPE_RMEM_INPUT, offset, size);
}

static uint32_t run(struct rpc_fs *fs, struct optee_msg_param *params, unsigned int count)
{
	return rpc_command(fs->message, OPTEE_RPC_CMD_FS, params, count);
}

static uint32_t nonsense(struct rpc_fs *fs, const char *what, uint64_t value)
{
	refused(fs->message->guest, "file operation: %s %lx", what, (unsigned long)value);
	return TEE_ERROR_COMMUNICATION;
}

static uint32_t open_file(struct rpc_fs *fs, uint64_t how, const char *name, uint32_t *handle)
{
	struct optee_msg_param params[3] = {
		operation(how, 0, 0),
		name_param(fs, NAME_OFFSET, name),
		{ .attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT },
	};
	uint32_t ret = run(fs, params, 3);

	if (ret != TEE_SUCCESS)
		return ret;
	if (params[2].u.value.a > HANDLE_MAX)
		return nonsense(fs, "handle", params[2].u.value.a);
	*handle = (uint32_t)params[2].u.value.a;
	return TEE_SUCCESS;
}

static uint32_t close_file(struct rpc_fs *fs, uint64_t how, uint32_t handle)
{
	struct optee_msg_param param = operation(how, handle, 0);

	return run(fs, &param, 1);
}

uint32_t rpc_fs_open(struct rpc_fs *fs, const char *name, uint32_t *handle)
{
	return open_file(fs, OPTEE_RPC_FS_OPEN, name, handle);
}

uint32_t rpc_fs_create(struct rpc_fs *fs, const char *name, uint32_t *handle)
{
	return open_file(fs, OPTEE_RPC_FS_CREATE, name, handle);
}

uint32_t rpc_fs_open_directory(struct rpc_fs *fs, const char *name, uint32_t *handle)
{
	return open_file(fs, OPTEE_RPC_FS_OPENDIR, name, handle);
}

uint32_t rpc_fs_close(struct rpc_fs *fs, uint32_t handle)
{
	return close_file(fs, OPTEE_RPC_FS_CLOSE, handle);
}

uint32_t rpc_fs_close_directory(struct rpc_fs *fs, uint32_t handle)
{
	return close_file(fs, OPTEE_RPC_FS_CLOSEDIR, handle);
}

uint32_t rpc_fs_read(struct rpc_fs *fs, uint32_t handle, uint64_t offset, void *to,
		     uint64_t *size)
{
	struct optee_msg_param params[2] = {
		operation(OPTEE_RPC_FS_READ, handle, offset),
		rpc_memory_param(&fs->memory, OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT, DATA_OFFSET, *size),
	};
	uint32_t ret = run(fs, params, 2);

	if (ret != TEE_SUCCESS)
		return ret;
	if (params[1].u.rmem.size > *size)
		return nonsense(fs, "read", params[1].u.rmem.size);
	*size = params[1].u.rmem.size;
	shm_read(fs->memory.shm, DATA_OFFSET, to, *size);
	return TEE_SUCCESS;
}

uint32_t rpc_fs_write(struct rpc_fs *fs, uint32_t handle, uint64_t offset, const void *from,
		      uint64_t size)
{
	struct optee_msg_param params[2] = {
		operation(OPTEE_RPC_FS_WRITE, handle, offset),
		rpc_memory_param(&fs->memory, OPTEE_MSG_ATTR_TYPE_RMEM_INPUT, DATA_OFFSET, size),
	};

	shm_write(fs->memory.shm, DATA_OFFSET, from, size);
	return run(fs, params, 2);
}

uint32_t rpc_fs_remove(struct rpc_fs *fs, const char *name)
{
	struct optee_msg_param params[2] = {
		operation(OPTEE_RPC_FS_REMOVE, 0, 0),
		name_param(fs, NAME_OFFSET, name),
	};

	return run(fs, params, 2);
}

uint32_t rpc_fs_rename(struct rpc_fs *fs, const char *from, const char *to)
{
	struct optee_msg_param params[3] = {
		operation(OPTEE_RPC_FS_RENAME, 1, 0),
		name_param(fs, NAME_OFFSET, from),
		name_param(fs, OTHER_NAME_OFFSET, to),
	};

	return run(fs, params, 3);
}

uint32_t rpc_fs_read_directory(struct rpc_fs *fs, uint32_t handle, char name[RPC_FS_NAME_SIZE])
{
	struct optee_msg_param params[2] = {
		operation(OPTEE_RPC_FS_READDIR, handle, 0),
		rpc_memory_param(&fs->memory, OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT, DATA_OFFSET,
				 RPC_FS_NAME_SIZE),
	};
	uint32_t ret = run(fs, params, 2);
	uint64_t size;

	if (ret != TEE_SUCCESS)
		return ret;
	size = params[1].u.rmem.size;
	if (!size || size > RPC_FS_NAME_SIZE)
		return nonsense(fs, "name of length", size);
	shm_read(fs->memory.shm, DATA_OFFSET, name, size);
	if (name[size - 1])
		return nonsense(fs, "name without an end, octet", (uint8_t)name[size - 1]);
	return TEE_SUCCESS;
}
