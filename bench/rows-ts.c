// SPDX-License-Identifier: BSD-2-Clause
/* Trusted Services: calls of a storage service. */
#include "rows.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/ts.h"
#include "abi/ts_storage.h"
#include "tee.h"

#define PAGE	4096
#define NOBODY	0x6f6d6e69ULL

static const uint8_t storage[] = TS_ITS_UUID;

static int fd;
static uint32_t session;
static union request request;
static struct shm shms[BATCH_MAX];
static size_t memory_size;
static uint8_t *memory;

/* The first partition that has the service, and a session with it. */
static void begin_device(const struct row *row)
{
	unsigned int n;

	for (n = 0;; n++) {
		fd = tee_open_nth(n, TEE_IMPL_ID_TSTEE);
		if (fd < 0 && errno != ENODEV)
			die("/dev/tee%u: %s", n, strerror(errno));
		if (fd < 0)
			continue;
		tee_prepare_open(&request, storage);
		if (tee_try_open_session(fd, &request) == 0)
			break;
		close(fd);
	}
	session = request.open.session;
	memory_size = row->size;
}

static void end_device(void)
{
	tee_close_session(fd, session);
	close(fd);
}

/* Each is told how much of the memory is used, and says how much it used itself. */
static void invoke_service(uint32_t func, uint64_t id, uint64_t length, int32_t status)
{
	tee_prepare_invoke(&request, session, func, 1);
	request.invoke.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	request.invoke.params[0].a = id;
	request.invoke.params[0].b = length;
	if ((int32_t)tee_invoke_result(fd, &request) != status)
		die("invoke: status %d", (int32_t)request.invoke.ret);
}

/* Nothing of that name is stored: the service has next to nothing to do. */
static void op_invoke(unsigned int n)
{
	static const struct ts_storage_uid uid = { .uid = NOBODY };

	memcpy(memory, &uid, sizeof(uid));
	invoke_service(TS_STORAGE_REMOVE, shms[0].id, sizeof(uid), TS_PSA_DOES_NOT_EXIST);
}

static void op_allocate(unsigned int n)
{
	shms[n] = tee_allocate(fd, memory_size);
}

static void undo_allocate(unsigned int n)
{
	close(shms[n].fd);
}

static void begin_invoke(const struct row *row)
{
	begin_device(row);
	op_allocate(0);
	memory = mmap(NULL, memory_size, PROT_READ | PROT_WRITE, MAP_SHARED, shms[0].fd, 0);
	if (memory == MAP_FAILED)
		die("memory: %s", strerror(errno));
	memset(memory, 0, memory_size);
}

static void end_invoke(void)
{
	munmap(memory, memory_size);
	close(shms[0].fd);
	end_device();
}

static void op_open_close(unsigned int n)
{
	tee_prepare_open(&request, storage);
	if (tee_open_session(fd, &request) != TEE_SUCCESS)
		die("open session: result %x", request.open.ret);
	tee_close_session(fd, request.open.session);
}

const struct row ts_rows[] = {
	{ "invoke", .begin = begin_invoke, .op = op_invoke, .end = end_invoke, .batch = 32,
	  .size = PAGE },
	{ "open and close session", .begin = begin_device, .op = op_open_close,
	  .end = end_device, .batch = 32 },
	{ "share 4 KiB", "take back 4 KiB", begin_device, op_allocate, undo_allocate,
	  end_device, 16, PAGE, false, NULL },
	{ "share 64 KiB", "take back 64 KiB", begin_device, op_allocate, undo_allocate,
	  end_device, 4, 16 * PAGE, false, NULL },
	{ }
};
