// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory that is shared with partitions when a kernel ends, and what they keep for the next boot. For
 * tests/harness/kexec-ts.sh, which says by OMNITEE_BEFORE which kernel this is.
 */
#include <string.h>

#include "abi/ts_storage.h"
#include "harness.h"
#include "kexec.h"
#include "ts.h"
#include "world.h"

#define FOR_EVER	(1ULL << 40)
#define PIECES		3
#define UID_OF_OBJECT	0x7073ULL

static const uint8_t ts_ps[TS_UUID_SIZE] = TS_PS_UUID;
static const char object[] = "kept over a reboot, and protected";

/* The service's own status; its response has so many octets. */
static int32_t storage(const struct ts_client *c, uint32_t opcode, uint64_t request,
		       uint64_t response)
{
	uint64_t length = request;
	int32_t status = 0;

	ASSERT_RC(ts_call(c->fd, c->session, opcode, c->buf.id, &length, &status), 0);
	EXPECT_EQ(length, response);
	return status;
}

static void hold_memory(struct ts_client *c)
{
	struct tee_buf bufs[PIECES];

	ts_client_open(c, ts_its);
	for (int n = 0; n < PIECES; n++)
		ASSERT_RC(tee_alloc(c->fd, TS_MEMORY, &bufs[n]), 0);
}

TEST(memory_is_held_when_the_kernel_ends)
{
	struct ts_client c;

	kexec_begin("held");
	hold_memory(&c);
	kexec_hold();
}

TEST(memory_is_held_by_a_partition_that_does_not_answer)
{
	struct ts_client c;

	kexec_begin("silent");
	hold_memory(&c);
	ts_patience(500);
	world_fault(SIM_FAULT_FFA_YIELD, FOR_EVER, 0);
	kexec_hold();
}

/* The first kernel took it back; but its transport ended without a word. */
TEST(kernel_that_comes_next_finds_no_memory_and_replaces_the_buffers)
{
	struct ts_client c;

	kexec_only("next");
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_RETRIEVED), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	ts_client_open(&c, ts_runner);
	EXPECT_RC(ts_run_test(c.fd, c.session, &c.buf, "time"), 0);
	ts_client_close(&c);
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_BUFFERS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

/* Protected Storage in the secure world's flash: the machine is switched off in between. */
TEST(object_is_put_into_protected_storage)
{
	struct ts_storage_create create = { .uid = UID_OF_OBJECT, .capacity = 2 * sizeof(object) };
	struct ts_storage_set_extended set = { .uid = UID_OF_OBJECT, .data_length = sizeof(object) };
	struct ts_client c;

	kexec_only("store");
	ts_client_open(&c, ts_ps);
	memcpy(c.buf.va, &create, sizeof(create));
	EXPECT_EQ(storage(&c, TS_STORAGE_CREATE, sizeof(create), 0), TS_PSA_SUCCESS);
	for (unsigned int n = 0; n < 2; n++) {
		set.data_offset = n * sizeof(object);
		memcpy(c.buf.va, &set, sizeof(set));
		memcpy(c.buf.va + sizeof(set), object, sizeof(object));
		EXPECT_EQ(storage(&c, TS_STORAGE_SET_EXTENDED, sizeof(set) + sizeof(object), 0),
			  TS_PSA_SUCCESS);
	}
	ts_client_close(&c);
	ts_unload();
}

TEST(object_is_in_protected_storage_at_the_next_boot)
{
	struct ts_storage_get get = { .uid = UID_OF_OBJECT, .data_size = TS_MEMORY };
	struct ts_storage_uid uid = { .uid = UID_OF_OBJECT };
	struct ts_storage_info info;
	struct ts_client c;

	kexec_only("read");
	ts_client_open(&c, ts_ps);
	memcpy(c.buf.va, &uid, sizeof(uid));
	EXPECT_EQ(storage(&c, TS_STORAGE_GET_INFO, sizeof(uid), sizeof(info)), TS_PSA_SUCCESS);
	memcpy(&info, c.buf.va, sizeof(info));
	EXPECT_EQ(info.capacity, 2 * sizeof(object));
	EXPECT_EQ(info.size, 2 * sizeof(object));
	memcpy(c.buf.va, &get, sizeof(get));
	EXPECT_EQ(storage(&c, TS_STORAGE_GET, sizeof(get), 2 * sizeof(object)), TS_PSA_SUCCESS);
	EXPECT(!memcmp(c.buf.va, object, sizeof(object)));
	EXPECT(!memcmp(c.buf.va + sizeof(object), object, sizeof(object)));
	memcpy(c.buf.va, &uid, sizeof(uid));
	EXPECT_EQ(storage(&c, TS_STORAGE_REMOVE, sizeof(uid), 0), TS_PSA_SUCCESS);
	memcpy(c.buf.va, &uid, sizeof(uid));
	EXPECT_EQ(storage(&c, TS_STORAGE_REMOVE, sizeof(uid), 0), TS_PSA_DOES_NOT_EXIST);
	ts_client_close(&c);
	ts_unload();
}
