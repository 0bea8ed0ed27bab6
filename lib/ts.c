// SPDX-License-Identifier: BSD-2-Clause
#include "omnitee-ts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/tee.h"

#ifndef TEE_IMPL_ID_TSTEE
#define TEE_IMPL_ID_TSTEE	3
#endif

struct omnitee_ts {
	int fd;
	uint32_t session;
	uint8_t *memory;
	size_t size;
	uint64_t memory_id;
};

static struct omnitee_ts_result failed(enum omnitee_ts_level level, int code)
{
	return (struct omnitee_ts_result){ .level = level, .code = code };
}

/* Descriptor of a device of ours, or a negative error number. */
static int open_device(unsigned int number, uint16_t *endpoint)
{
	struct tee_ioctl_version_data version;
	char path[32];
	int fd, rc;

	snprintf(path, sizeof(path), "/dev/tee%u", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = ioctl(fd, TEE_IOC_VERSION, &version) ? -errno : 0;
	if (!rc && version.impl_id != TEE_IMPL_ID_TSTEE)
		rc = -ENODEV;
	if (rc) {
		close(fd);
		return rc;
	}
	*endpoint = (uint16_t)version.impl_caps;
	return fd;
}

unsigned int omnitee_ts_devices(struct omnitee_ts_device devices[OMNITEE_TS_DEVICES_MAX])
{
	unsigned int number, count = 0;
	uint16_t endpoint;
	int fd;

	for (number = 0; number < OMNITEE_TS_DEVICES_MAX; number++) {
		fd = open_device(number, &endpoint);
		if (fd < 0)
			continue;
		close(fd);
		devices[count++] = (struct omnitee_ts_device){ number, endpoint };
	}
	return count;
}

static int open_session(int fd, const uint8_t *uuid, uint32_t *session)
{
	struct tee_ioctl_open_session_arg arg = { .clnt_login = TEE_IOCTL_LOGIN_PUBLIC };
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)&arg,
		.buf_len = sizeof(arg),
	};

	memcpy(arg.uuid, uuid, OMNITEE_TS_UUID_SIZE);
	if (ioctl(fd, TEE_IOC_OPEN_SESSION, &buf))
		return -errno;
	*session = arg.session;
	return 0;
}

static void close_session(int fd, uint32_t session)
{
	struct tee_ioctl_close_session_arg arg = { session };

	ioctl(fd, TEE_IOC_CLOSE_SESSION, &arg);
}

static int share_memory(struct omnitee_ts *ts, size_t size)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size };
	int fd = ioctl(ts->fd, TEE_IOC_SHM_ALLOC, &data), rc = 0;

	if (fd < 0)
		return -errno;
	ts->memory = mmap(NULL, data.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ts->memory == MAP_FAILED)
		rc = -errno;
	/* The mapping keeps it. */
	close(fd);
	ts->size = data.size;
	ts->memory_id = (uint64_t)data.id;
	return rc;
}

struct omnitee_ts *omnitee_ts_open_on(unsigned int number,
				      const uint8_t uuid[OMNITEE_TS_UUID_SIZE], size_t memory,
				      struct omnitee_ts_result *result)
{
	struct omnitee_ts *ts = calloc(1, sizeof(*ts));
	uint16_t endpoint;
	int rc = -ENOMEM;

	if (!ts)
		goto fail;
	ts->fd = open_device(number, &endpoint);
	rc = ts->fd;
	if (rc < 0)
		goto free;
	rc = open_session(ts->fd, uuid, &ts->session);
	if (rc)
		goto close;
	rc = memory ? share_memory(ts, memory) : 0;
	if (rc)
		goto end_session;
	*result = failed(OMNITEE_TS_DONE, 0);
	return ts;

end_session:
	close_session(ts->fd, ts->session);
close:
	close(ts->fd);
free:
	free(ts);
fail:
	*result = failed(OMNITEE_TS_TRANSPORT, -rc);
	return NULL;
}

struct omnitee_ts *omnitee_ts_open(const uint8_t uuid[OMNITEE_TS_UUID_SIZE], size_t memory,
				   struct omnitee_ts_result *result)
{
	struct omnitee_ts_result reason = failed(OMNITEE_TS_TRANSPORT, ENODEV);
	struct omnitee_ts *ts;
	unsigned int number;

	for (number = 0; number < OMNITEE_TS_DEVICES_MAX; number++) {
		ts = omnitee_ts_open_on(number, uuid, memory, result);
		if (ts)
			return ts;
		/* What a device said that may have it is worth more than that others are none. */
		if (result->code != ENODEV && result->code != ENOENT && result->code != ENXIO)
			reason = *result;
	}
	*result = reason;
	return NULL;
}

void omnitee_ts_close(struct omnitee_ts *ts)
{
	if (!ts)
		return;
	/* Memory first: it is the partition's to give back. */
	if (ts->memory)
		munmap(ts->memory, ts->size);
	close_session(ts->fd, ts->session);
	close(ts->fd);
	free(ts);
}

void *omnitee_ts_memory(const struct omnitee_ts *ts, size_t *size)
{
	*size = ts->size;
	return ts->memory;
}

struct omnitee_ts_result omnitee_ts_call(struct omnitee_ts *ts, uint16_t opcode, size_t length)
{
	union {
		struct tee_ioctl_invoke_arg arg;
		uint8_t room[sizeof(struct tee_ioctl_invoke_arg) +
			     sizeof(struct tee_ioctl_param)];
	} call = { .arg = { .func = opcode, .session = ts->session, .num_params = 1 } };
	struct tee_ioctl_param *param = call.arg.params;
	struct tee_ioctl_buf_data buf = {
		.buf_ptr = (uintptr_t)&call,
		.buf_len = sizeof(call.room),
	};

	if (length > ts->size)
		return failed(OMNITEE_TS_TRANSPORT, EINVAL);
	param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	param->a = ts->memory_id;
	param->b = length;
	/* What we gave is right, so EINVAL is the partition's: drivers have no other for it. */
	if (ioctl(ts->fd, TEE_IOC_INVOKE, &buf))
		return failed(errno == EINVAL ? OMNITEE_TS_RPC : OMNITEE_TS_TRANSPORT, errno);
	if (call.arg.ret)
		return failed(OMNITEE_TS_SERVICE, (int)call.arg.ret);
	if (ts->memory && param->a > ts->size)
		return failed(OMNITEE_TS_TRANSPORT, EPROTO);
	return (struct omnitee_ts_result){
		.level = OMNITEE_TS_DONE,
		.length = ts->memory ? (size_t)param->a : 0,
	};
}
