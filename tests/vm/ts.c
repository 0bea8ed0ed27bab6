// SPDX-License-Identifier: BSD-2-Clause
#include "ts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "harness.h"
#include "look.h"
#include "reload.h"
#include "sysfs.h"
#include "world.h"

const uint8_t ts_its[TS_UUID_SIZE] = TS_ITS_UUID;
const uint8_t ts_runner[TS_UUID_SIZE] = TS_TEST_RUNNER_UUID;

void ts_load(void)
{
	world_need();
	if (!modules_are_ours())
		SKIP("no packaged kernel has a driver of Trusted Services");
	if (!world_counter(SIM_COUNTER_FFA_PARTITIONS))
		SKIP("the secure world has no FF-A");
	/* Another program's, if one of its cases was left out half-way. */
	module_remove_soon("omnitee_ffa_client");
	if (kernel_is("newest"))
		ASSERT_GE(system("modprobe -q ffa-module"), 0);
	ASSERT_EQ(system("modprobe arm-tstee"), 0);
}

/* Nothing of a case may be left in the partition manager, and tee.ko is for others to remove. */
void ts_unload(void)
{
	ASSERT_RC(module_remove_soon("arm_tstee"), 0);
	ASSERT_RC(module_remove_soon("omnitee_ffa"), 0);
}

int ts_device(unsigned int n, uint32_t *endpoint)
{
	struct tee_ioctl_version_data version;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/tee%u", n);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, TEE_IOC_VERSION, &version) || version.impl_id != TEE_IMPL_ID_TSTEE) {
		close(fd);
		return -ENODEV;
	}
	EXPECT_EQ(version.gen_caps, 0);
	EXPECT_EQ(version.impl_caps >> 16, 0);
	EXPECT(version.impl_caps & 0x8000);
	*endpoint = version.impl_caps & 0xffff;
	return fd;
}

int ts_any_device(void)
{
	uint32_t endpoint;

	ts_load();
	for (unsigned int n = 0; n < TS_DEVICES; n++) {
		int fd = ts_device(n, &endpoint);

		if (fd >= 0)
			return fd;
	}
	ts_unload();
	SKIP("no partition speaks the protocol of Trusted Services");
}

int ts_open_service(int fd, const uint8_t *uuid, uint32_t *session)
{
	struct tee_open o = { };
	struct tee_answer answer;
	int rc;

	memcpy(o.uuid, uuid, sizeof(o.uuid));
	rc = tee_open_session(fd, &o, NULL, 0, &answer);
	if (!rc)
		EXPECT_EQ(answer.ret, 0);
	*session = o.session;
	return rc;
}

int ts_find_service_again(const uint8_t *uuid, uint32_t *session)
{
	uint32_t endpoint;

	for (unsigned int n = 0; n < TS_DEVICES; n++) {
		int fd = ts_device(n, &endpoint);

		if (fd < 0)
			continue;
		if (!ts_open_service(fd, uuid, session))
			return fd;
		close(fd);
	}
	return -ENODEV;
}

int ts_find_service(const uint8_t *uuid, uint32_t *session)
{
	int fd;

	close(ts_any_device());
	fd = ts_find_service_again(uuid, session);
	if (fd >= 0)
		return fd;
	ts_unload();
	SKIP("no partition has the service");
}

uint8_t *ts_memory(int fd, uint64_t size, int *id)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size };
	int shm = ioctl(fd, TEE_IOC_SHM_ALLOC, &data);
	uint8_t *va;

	ASSERT_GE(shm, 0);
	ASSERT_GE(data.size, size);
	ASSERT_GT(data.id, 0);
	va = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, shm, 0);
	ASSERT(va != MAP_FAILED);
	close(shm);
	*id = data.id;
	return va;
}

int ts_call(int fd, uint32_t session, uint32_t opcode, int id, uint64_t *length,
		int32_t *status)
{
	struct tee_ioctl_param param = VALUE_INOUT(id, *length);
	struct tee_answer answer;
	int rc = tee_invoke(fd, session, opcode, &param, 1, &answer);

	if (!rc) {
		*length = param.a;
		*status = (int32_t)answer.ret;
	}
	return rc;
}

int ts_run_test(int fd, uint32_t session, const struct tee_buf *buf, const char *name)
{
	uint64_t length = 4 + strlen(name);
	int32_t status = 0;
	int rc;

	buf->va[0] = 0;
	buf->va[1] = 1;
	buf->va[2] = 0;
	buf->va[3] = strlen(name);
	memcpy(buf->va + 4, name, strlen(name));
	rc = ts_call(fd, session, TS_TEST_RUN, buf->id, &length, &status);
	if (!rc)
		EXPECT_EQ(status, TS_TEST_STATUS_OK);
	return rc;
}

int64_t ts_stat(int fd, const char *key)
{
	char name[64], path[64], text[1024];
	ssize_t size;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	size = readlink(path, name, sizeof(name) - 1);
	ASSERT_GT(size, 0);
	name[size] = '\0';
	snprintf(path, sizeof(path), "/sys/kernel/debug/tee/%.32s/stats", strrchr(name, '/') + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	size = read(fd, text, sizeof(text) - 1);
	ASSERT_GT(size, 0);
	text[size] = '\0';
	close(fd);
	return look_number(text, key);
}

void ts_patience(unsigned int ms)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", ms);
	ASSERT_RC(sysfs_write("/sys/module/omnitee_ffa/parameters/patience_ms", text), 0);
}

void ts_client_open(struct ts_client *c, const uint8_t *uuid)
{
	c->fd = ts_find_service(uuid, &c->session);
	ASSERT_RC(tee_alloc(c->fd, TS_MEMORY, &c->buf), 0);
}

void ts_client_close(struct ts_client *c)
{
	tee_free(&c->buf);
	EXPECT_RC(tee_close_session(c->fd, c->session), 0);
	close(c->fd);
}
