// SPDX-License-Identifier: BSD-2-Clause
/*
 * storage: objects by name in files of the supplicant, see abi/apps.h.
 *
 * A file is a header and the contents. It is written under another name and then renamed,
 * so that an object is the old one or the new one, whatever happens in between. Whoever
 * has the files can still roll them back or forge them: the checksum is against accidents
 * and nonsense only.
 */
#include "app.h"
#include "apps.h"
#include "compiler.h"
#include "guest.h"
#include "rpc_fs.h"
#include "string.h"
#include "tee_result.h"

#define MAGIC		0x65726f7473746d6fULL	/* "omtstore" */
#define DIRECTORY	"omnitee"
#define OBJECT_SIZE_MAX	(16UL << 20)
/* A directory that never ends is the supplicant's joke. */
#define NAMES_MAX	10000

struct header {
	uint64_t magic;
	uint64_t size;
	uint64_t checksum;	/* of name and contents */
};

/* One command; on the guest's heap because it is too large for a stack. */
struct work {
	struct rpc_fs fs;
	uint32_t handle;
	char name[STORAGE_NAME_MAX + 1];
	char path[RPC_FS_NAME_SIZE];
	char new_path[RPC_FS_NAME_SIZE];
	struct header header;
	uint8_t chunk[RPC_FS_CHUNK];
};

/* FNV-1a. */
static uint64_t checksum(uint64_t sum, const void *data, uint64_t size)
{
	const uint8_t *octets = data;

	while (size--)
		sum = (sum ^ *octets++) * 0x100000001b3ULL;
	return sum;
}

static uint64_t checksum_name(const char *name)
{
	return checksum(0xcbf29ce484222325ULL, name, strlen(name) + 1);
}

static bool allowed(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

static bool name_ok(const char *name, uint64_t length)
{
	uint64_t n;

	if (!length || length > STORAGE_NAME_MAX || name[0] == '.')
		return false;
	for (n = 0; n < length; n++)
		if (!allowed(name[n]))
			return false;
	return true;
}

static void append(char *path, const char *text)
{
	memcpy(path + strlen(path), text, strlen(text) + 1);
}

/* Names of clients do not begin with a dot. Each thread has a file of its own. */
static void make_paths(struct work *work, unsigned int thread)
{
	char prefix[] = "/.00-";

	prefix[2] = (char)('0' + thread / 10 % 10);
	prefix[3] = (char)('0' + thread % 10);
	append(work->path, DIRECTORY "/");
	append(work->path, work->name);
	append(work->new_path, DIRECTORY);
	append(work->new_path, prefix);
	append(work->new_path, work->name);
}

static uint32_t begin(struct app_call *call, struct work **result)
{
	const struct app_memref *name = &call->params[0].memref;
	struct work *work = heap_alloc(&call->guest->heap, sizeof(*work));
	uint32_t ret = TEE_ERROR_BAD_PARAMETERS;

	if (!work)
		return TEE_ERROR_OUT_OF_MEMORY;
	if (call->params[0].type == APP_MEMREF_INPUT) {
		if (name->size > STORAGE_NAME_MAX)
			goto free;
		memref_read(name, 0, work->name, name->size);
		if (!name_ok(work->name, name->size))
			goto free;
		make_paths(work, call->thread->index);
	}
	ret = rpc_fs_begin(&work->fs, call->message);
	if (ret != TEE_SUCCESS)
		goto free;
	*result = work;
	return TEE_SUCCESS;
free:
	heap_free(&call->guest->heap, work);
	return ret;
}

static void end(struct app_call *call, struct work *work)
{
	rpc_fs_end(&work->fs);
	heap_free(&call->guest->heap, work);
}

static uint32_t write_contents(struct work *work, const struct app_memref *from)
{
	uint64_t offset = 0, length;
	uint32_t ret;

	work->header.magic = MAGIC;
	work->header.size = from->size;
	work->header.checksum = checksum_name(work->name);
	for (; offset < from->size; offset += length) {
		length = from->size - offset;
		if (length > RPC_FS_CHUNK)
			length = RPC_FS_CHUNK;
		/* The client may change it meanwhile; what counts is this copy. */
		memref_read(from, offset, work->chunk, length);
		work->header.checksum = checksum(work->header.checksum, work->chunk, length);
		ret = rpc_fs_write(&work->fs, work->handle, sizeof(work->header) + offset,
				   work->chunk, length);
		if (ret != TEE_SUCCESS)
			return ret;
	}
	return rpc_fs_write(&work->fs, work->handle, 0, &work->header, sizeof(work->header));
}

static uint32_t write_object(struct app_call *call, struct work *work)
{
	const struct app_memref *from = &call->params[1].memref;
	uint32_t ret, closed;

	if (from->size > OBJECT_SIZE_MAX)
		return TEE_ERROR_STORAGE_NO_SPACE;
	ret = rpc_fs_create(&work->fs, work->new_path, &work->handle);
	if (ret != TEE_SUCCESS)
		return ret;
	ret = write_contents(work, from);
	closed = rpc_fs_close(&work->fs, work->handle);
	if (ret == TEE_SUCCESS)
		ret = closed;
	if (ret == TEE_SUCCESS)
		ret = rpc_fs_rename(&work->fs, work->new_path, work->path);
	if (ret != TEE_SUCCESS)
		rpc_fs_remove(&work->fs, work->new_path);
	return ret;
}

static uint32_t read_exactly(struct work *work, uint64_t offset, void *to, uint64_t size)
{
	uint64_t got = size;
	uint32_t ret = rpc_fs_read(&work->fs, work->handle, offset, to, &got);

	if (ret != TEE_SUCCESS)
		return ret;
	return got == size ? TEE_SUCCESS : TEE_ERROR_CORRUPT_OBJECT;
}

static uint32_t read_header(struct work *work)
{
	uint32_t ret = read_exactly(work, 0, &work->header, sizeof(work->header));

	if (ret != TEE_SUCCESS)
		return ret;
	if (work->header.magic != MAGIC || work->header.size > OBJECT_SIZE_MAX)
		return TEE_ERROR_CORRUPT_OBJECT;
	return TEE_SUCCESS;
}

static uint32_t read_contents(struct work *work, struct app_memref *to)
{
	uint64_t sum = checksum_name(work->name);
	uint64_t offset, length;
	uint32_t ret;

	to->size = work->header.size;
	if (to->size > to->room)
		return TEE_ERROR_SHORT_BUFFER;
	for (offset = 0; offset < to->size; offset += length) {
		length = to->size - offset;
		if (length > RPC_FS_CHUNK)
			length = RPC_FS_CHUNK;
		ret = read_exactly(work, sizeof(work->header) + offset, work->chunk, length);
		if (ret != TEE_SUCCESS)
			goto bad;
		sum = checksum(sum, work->chunk, length);
		memref_write(to, offset, work->chunk, length);
	}
	ret = TEE_ERROR_CORRUPT_OBJECT;
	if (sum == work->header.checksum)
		return TEE_SUCCESS;
bad:
	to->size = 0;
	return ret;
}

/* READ and EXISTS. */
static uint32_t look(struct app_call *call, struct work *work, bool read)
{
	uint32_t ret, closed;

	ret = rpc_fs_open(&work->fs, work->path, &work->handle);
	if (ret != TEE_SUCCESS)
		return ret;
	ret = read_header(work);
	if (ret == TEE_SUCCESS && read)
		ret = read_contents(work, &call->params[1].memref);
	closed = rpc_fs_close(&work->fs, work->handle);
	return ret == TEE_SUCCESS ? closed : ret;
}

static uint32_t exists(struct app_call *call, struct work *work)
{
	uint32_t ret = look(call, work, false);

	call->params[1].value.a = ret == TEE_SUCCESS;
	call->params[1].value.b = (uint32_t)work->header.size;
	return ret == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : ret;
}

static uint32_t list_names(struct work *work, struct app_memref *to)
{
	uint64_t size = 0, length;
	unsigned int count;
	uint32_t ret;

	for (count = 0; count < NAMES_MAX; count++) {
		ret = rpc_fs_read_directory(&work->fs, work->handle, work->path);
		if (ret == TEE_ERROR_ITEM_NOT_FOUND) {
			to->size = size;
			return size > to->room ? TEE_ERROR_SHORT_BUFFER : TEE_SUCCESS;
		}
		if (ret != TEE_SUCCESS)
			return ret;
		length = strlen(work->path);
		if (!name_ok(work->path, length))
			continue;
		if (size + length + 1 <= to->room)
			memref_write(to, size, work->path, length + 1);
		size += length + 1;
	}
	return TEE_ERROR_COMMUNICATION;
}

static uint32_t list(struct app_call *call, struct work *work)
{
	struct app_memref *to = &call->params[0].memref;
	uint32_t ret, closed;

	ret = rpc_fs_open_directory(&work->fs, DIRECTORY, &work->handle);
	if (ret == TEE_ERROR_ITEM_NOT_FOUND) {
		to->size = 0;
		return TEE_SUCCESS;
	}
	if (ret != TEE_SUCCESS)
		return ret;
	ret = list_names(work, to);
	closed = rpc_fs_close_directory(&work->fs, work->handle);
	return ret == TEE_SUCCESS ? closed : ret;
}

static const struct command {
	unsigned int types[2];
} commands[] = {
	[STORAGE_CMD_WRITE] = { { APP_MEMREF_INPUT, APP_MEMREF_INPUT } },
	[STORAGE_CMD_READ] = { { APP_MEMREF_INPUT, APP_MEMREF_OUTPUT } },
	[STORAGE_CMD_REMOVE] = { { APP_MEMREF_INPUT, APP_NONE } },
	[STORAGE_CMD_EXISTS] = { { APP_MEMREF_INPUT, APP_VALUE_OUTPUT } },
	[STORAGE_CMD_LIST] = { { APP_MEMREF_OUTPUT, APP_NONE } },
};

static uint32_t storage_invoke(struct app_call *call, uint32_t command)
{
	struct work *work;
	uint32_t ret;

	if (command >= ARRAY_SIZE(commands))
		return TEE_ERROR_NOT_SUPPORTED;
	if (!app_types_are(call, commands[command].types[0], commands[command].types[1],
			   APP_NONE, APP_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	ret = begin(call, &work);
	if (ret != TEE_SUCCESS)
		return ret;
	switch (command) {
	case STORAGE_CMD_WRITE:
		ret = write_object(call, work);
		break;
	case STORAGE_CMD_READ:
		ret = look(call, work, true);
		break;
	case STORAGE_CMD_REMOVE:
		ret = rpc_fs_remove(&work->fs, work->path);
		break;
	case STORAGE_CMD_EXISTS:
		ret = exists(call, work);
		break;
	default:
		ret = list(call, work);
	}
	end(call, work);
	return ret;
}

const struct app app_storage = {
	.name = "storage",
	.uuid = APP_STORAGE_UUID,
	.invoke = storage_invoke,
};
