// SPDX-License-Identifier: BSD-2-Clause
/* Devices of Trusted Services, used as their client library libts does, and as it never would. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/ts_attestation.h"
#include "abi/ts_storage.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "ts.h"
#include "world.h"

/* What libts asks for. */
#define LIBTS_MEMORY		8192
#define UID_OF_TESTS		0x6f6d6e69ULL
#define CALLERS			6

static int32_t storage(int fd, uint32_t session, uint32_t opcode, int id, uint64_t *length)
{
	int32_t status = 0;

	ASSERT_RC(ts_call(fd, session, opcode, id, length, &status), 0);
	return status;
}

TEST(value_is_stored_as_libts_does_it)
{
	static const char text[] = "kept in the secure world";
	struct ts_storage_set set = { .uid = UID_OF_TESTS, .data_length = sizeof(text) };
	struct ts_storage_get get = { .uid = UID_OF_TESTS, .data_size = sizeof(text) };
	struct ts_storage_uid uid = { .uid = UID_OF_TESTS };
	uint32_t session;
	uint64_t length;
	uint8_t *va;
	int fd, id;

	fd = ts_find_service(ts_its, &session);
	EXPECT_GT(session, 0);
	va = ts_memory(fd, LIBTS_MEMORY, &id);

	memcpy(va, &set, sizeof(set));
	memcpy(va + sizeof(set), text, sizeof(text));
	length = sizeof(set) + sizeof(text);
	EXPECT_EQ(storage(fd, session, TS_STORAGE_SET, id, &length), TS_PSA_SUCCESS);
	EXPECT_EQ(length, 0);

	memset(va, 0, LIBTS_MEMORY);
	memcpy(va, &get, sizeof(get));
	length = sizeof(get);
	EXPECT_EQ(storage(fd, session, TS_STORAGE_GET, id, &length), TS_PSA_SUCCESS);
	EXPECT_EQ(length, sizeof(text));
	EXPECT(!memcmp(va, text, sizeof(text)));

	memcpy(va, &uid, sizeof(uid));
	length = sizeof(uid);
	EXPECT_EQ(storage(fd, session, TS_STORAGE_REMOVE, id, &length), TS_PSA_SUCCESS);
	/* The service's own word, not the driver's. */
	memcpy(va, &uid, sizeof(uid));
	length = sizeof(uid);
	EXPECT_EQ(storage(fd, session, TS_STORAGE_REMOVE, id, &length), TS_PSA_DOES_NOT_EXIST);

	/* In this order. */
	munmap(va, LIBTS_MEMORY);
	EXPECT_RC(tee_close_session(fd, session), 0);
	close(fd);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

TEST(unknown_service_is_no_device)
{
	static const uint8_t nobody[TS_UUID_SIZE] = { 1, 2, 3 };
	int fd = ts_any_device();
	uint32_t session;

	EXPECT_RC(ts_open_service(fd, nobody, &session), -ENODEV);
	close(fd);
	ts_unload();
}

TEST(sessions_begin_at_one_and_are_closed_once)
{
	uint32_t session, second;
	int fd, other;

	fd = ts_find_service(ts_its, &session);
	EXPECT_EQ(session, 1);
	EXPECT_RC(ts_open_service(fd, ts_its, &second), 0);
	EXPECT_NE(second, session);
	EXPECT_RC(tee_close_session(fd, 0), -EINVAL);
	EXPECT_RC(tee_close_session(fd, session), 0);
	EXPECT_RC(tee_close_session(fd, session), -EINVAL);
	EXPECT_RC(tee_close_session(fd, 0xffffffff), -EINVAL);
	/* Another connection has none of these. */
	other = ts_find_service(ts_its, &session);
	EXPECT_RC(tee_close_session(other, second), second == session ? 0 : -EINVAL);
	close(other);
	close(fd);
	ts_unload();
}

/* The upper half of the function is nobody's: mainline has always cut it off. */
TEST(only_one_value_that_names_ones_own_memory_is_a_call)
{
	struct tee_ioctl_param two[2] = { VALUE_INOUT(0, 0), VALUE_INOUT(0, 0) };
	struct tee_answer answer;
	uint32_t session;
	uint64_t length;
	int fd, id;
	uint8_t *va;

	fd = ts_find_service(ts_its, &session);
	va = ts_memory(fd, LIBTS_MEMORY, &id);
	const struct tee_ioctl_param bad[] = {
		VALUE_IN(id, 0), VALUE_OUT, NO_PARAM, MEMREF(INOUT, id, 0, 0),
		VALUE_INOUT(id, LIBTS_MEMORY + 1), VALUE_INOUT(id, 1ULL << 32),
		VALUE_INOUT(id, (1ULL << 32) + 4), VALUE_INOUT(id + (1ULL << 32), 4),
		VALUE_INOUT(id + 1, 4), VALUE_INOUT(-1, 4), VALUE_INOUT(0, 4),
	};

	EXPECT_RC(tee_invoke(fd, session, TS_STORAGE_GET_SUPPORT, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_invoke(fd, session, TS_STORAGE_GET_SUPPORT, two, 2, &answer), -EINVAL);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct tee_ioctl_param param = bad[i];

		EXPECT_MSG(tee_invoke(fd, session, TS_STORAGE_GET_SUPPORT, &param, 1, &answer) ==
			   -EINVAL, "parameter %u was not refused", i);
	}
	length = 0;
	EXPECT_EQ(storage(fd, session, 0xabcd0000 | TS_STORAGE_GET_SUPPORT, id, &length),
		  TS_PSA_SUCCESS);
	EXPECT_EQ(length, sizeof(struct ts_storage_support));
	munmap(va, LIBTS_MEMORY);
	close(fd);
	ts_unload();
}

/* Wherever it would be: the service answers with nothing but its status. */
TEST(response_without_memory_has_no_length)
{
	static const uint8_t attestation[TS_UUID_SIZE] = TS_ATTESTATION_UUID;
	static const uint32_t lengths[] = { 1, 0x80000000, 0xffffffff };
	uint32_t session;
	uint64_t length;
	int32_t status;
	int fd;

	fd = ts_find_service(attestation, &session);
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		/* Word 3 of the response. */
		world_fault(SIM_FAULT_FFA_ANSWER, 1, 3ULL << 32 | lengths[i]);
		length = 0;
		EXPECT_RC(ts_call(fd, session, TS_ATTESTATION_IAK_EXISTS, 0, &length, &status),
			  -EPROTO);
	}
	length = 0;
	EXPECT_RC(ts_call(fd, session, TS_ATTESTATION_IAK_EXISTS, 0, &length, &status), 0);
	EXPECT_EQ(length, 0);
	/* Somebody may have asked for a token before. */
	EXPECT(status == TS_PSA_SUCCESS || status == TS_PSA_DOES_NOT_EXIST);
	close(fd);
	ts_unload();
}

/* There is no room for what it would answer, and no operation of the other number. */
TEST(what_the_partition_cannot_decode_is_invalid)
{
	uint32_t session;
	uint64_t length;
	int32_t status;
	uint8_t *va;
	int fd, id;

	fd = ts_find_service(ts_its, &session);
	length = 0;
	EXPECT_RC(ts_call(fd, session, TS_STORAGE_GET_SUPPORT, 0, &length, &status), -EINVAL);
	va = ts_memory(fd, LIBTS_MEMORY, &id);
	length = 0;
	EXPECT_RC(ts_call(fd, session, 0x7fff, id, &length, &status), -EINVAL);
	length = sizeof(struct ts_storage_get) - 1;
	EXPECT_RC(ts_call(fd, session, TS_STORAGE_GET, id, &length, &status), -EINVAL);
	EXPECT_RC(ts_call(fd, session + 1, TS_STORAGE_GET, id, &length, &status), -EINVAL);
	munmap(va, LIBTS_MEMORY);
	close(fd);
	ts_unload();
}

TEST(memory_cannot_be_registered)
{
	uint8_t *va = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tee_ioctl_shm_register_data data = { .addr = (uintptr_t)va, .length = 4096 };
	int fd = ts_any_device();

	EXPECT_RC(ioctl(fd, TEE_IOC_SHM_REGISTER, &data) < 0 ? -errno : 0, -EOPNOTSUPP);
	close(fd);
	ts_unload();
}

/* As many as there are slots in the partition, and more. */
TEST(memory_that_the_partition_refuses_is_not_shared)
{
	uint64_t shares;
	int fd = ts_any_device(), count = 0;
	struct tee_buf bufs[64];

	shares = world_counter(SIM_COUNTER_FFA_SHARES);
	while (count < (int)ARRAY_SIZE(bufs) && !tee_alloc(fd, 4096, &bufs[count]))
		count++;
	EXPECT_GT(count, 0);
	EXPECT_LE(count, (int)ARRAY_SIZE(bufs) - 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares + count);
	while (count)
		tee_free(&bufs[--count]);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), shares);
	close(fd);
	ts_unload();
}

TEST(partition_manager_that_is_busy_is_asked_again_for_memory)
{
	static const int32_t statuses[] = { FFA_BUSY, FFA_RETRY };
	struct tee_buf buf;
	int fd = ts_any_device();

	for (unsigned int i = 0; i < ARRAY_SIZE(statuses); i++) {
		/* MEM_SHARE, then MEM_RECLAIM. */
		world_fault(SIM_FAULT_FFA_ERROR, 3, 0x73ULL << 32 | (uint32_t)statuses[i]);
		EXPECT_RC(tee_alloc(fd, 4096, &buf), 0);
		world_fault(SIM_FAULT_FFA_ERROR, 3, 0x77ULL << 32 | (uint32_t)statuses[i]);
		tee_free(&buf);
	}
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	close(fd);
	ts_unload();
}

static void *caller(void *arg)
{
	struct tee_buf buf;
	uint32_t session;
	int fd = *(int *)arg;

	EXPECT_RC(ts_open_service(fd, ts_its, &session), 0);
	ASSERT_RC(tee_alloc(fd, 4096, &buf), 0);
	for (int i = 0; i < 50; i++) {
		uint64_t length = 0;

		EXPECT_EQ(storage(fd, session, TS_STORAGE_GET_SUPPORT, buf.id, &length),
			  TS_PSA_SUCCESS);
	}
	tee_free(&buf);
	EXPECT_RC(tee_close_session(fd, session), 0);
	return NULL;
}

TEST(clients_at_the_same_time_are_never_told_that_it_is_busy)
{
	uint64_t busy = 0;
	pthread_t threads[CALLERS];
	uint32_t session;
	int fd;

	fd = ts_find_service(ts_its, &session);
	busy = world_counter(SIM_COUNTER_FFA_BUSY);
	for (int i = 0; i < CALLERS; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, caller, &fd), 0);
	for (int i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUSY), busy);
	close(fd);
	ts_unload();
}

/* Whatever they were at: nothing is left when their references are gone. */
TEST(clients_killed_at_any_moment_leave_nothing)
{
	uint32_t session;
	int fd;

	fd = ts_find_service(ts_its, &session);
	close(fd);
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (!pid) {
			for (;;) {
				/* A modprobe of its own would live on, and load what is unloaded. */
				fd = ts_find_service_again(ts_its, &session);
				ASSERT_GE(fd, 0);
				caller(&fd);
				close(fd);
			}
		}
		sleep_ms(5 + 3 * i);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	EXPECT(world_wait(SIM_COUNTER_FFA_SHARES, 0, PATIENCE_MS));
	ts_unload();
}
