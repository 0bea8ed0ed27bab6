// SPDX-License-Identifier: BSD-2-Clause
/* The partitions with Trusted Services as the normal world meets them: by SMCs of FF-A. */
#include "ffa-nw.h"
#include "trusted-services.h"
#include "ts.h"
#include "ts_storage.h"

#define CONFIG		"ts=on test-partitions=off ts-test=2 ts-future=on"
#define SHARED		(HOST_MEMORY_BASE + 0x100000)
#define PAGES		2u

/* In the order of boot; there is a crypto partition if there is a library for it. */
#ifdef TS_CRYPTO
#define OTHERS		1
#else
#define OTHERS		0
#endif
#define ID_STORAGE	0x8001
#define ID_TEST		(0x8002 + OTHERS)
#define ID_TEST_2	(0x8003 + OTHERS)
#define ID_FUTURE	(0x8004 + OTHERS)

static int setup(void **state)
{
	(void)state;
	if (!host_start(CONFIG))
		return -1;
	ffa_nw_begin(1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	host_stop();
	return 0;
}

/* A message and its answer. */
static void ask(uint16_t id, uint32_t words[TS_RPC_WORDS])
{
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ_32, id, 0 };
	unsigned int n;

	for (n = 0; n < TS_RPC_WORDS; n++)
		x[3 + n] = words[n];
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], (uint64_t)id << 16);
	for (n = 0; n < TS_RPC_WORDS; n++)
		words[n] = (uint32_t)x[3 + n];
}

static int32_t manage(uint16_t id, uint32_t operation, uint64_t handle)
{
	uint32_t words[TS_RPC_WORDS] = {
		0xff0000 | operation, (uint32_t)handle, (uint32_t)(handle >> 32),
	};

	ask(id, words);
	return (int32_t)words[1];
}

static int32_t interface_of(uint16_t id, const uint8_t uuid[TS_UUID_SIZE])
{
	uint32_t words[TS_RPC_WORDS] = { 0xff0003 };

	memcpy(&words[1], uuid, TS_UUID_SIZE);
	ask(id, words);
	return words[1] ? (int32_t)words[1] : (int32_t)words[2];
}

/* Share @ranges pieces of PAGES pages with a partition, as a driver of 1.1 does. */
static uint64_t share(uint16_t id, unsigned int ranges, uint8_t permissions)
{
	struct descriptor_1_1 {
		uint16_t sender, attributes;
		uint32_t flags;
		uint64_t handle, tag;
		uint32_t access_size, access_count, access_offset, reserved[3];
		struct {
			uint16_t receiver;
			uint8_t permissions, flags;
			uint32_t composite;
			uint64_t reserved;
		} access;
		uint32_t page_count, range_count;
		uint64_t composite_reserved;
		struct {
			uint64_t address;
			uint32_t pages, reserved;
		} ranges[2];
	} *descriptor = host_at(FFA_NW_TX);
	uint64_t x[18] = { FFA_MEM_SHARE_32, 96 + 16 * ranges - 16, 96 + 16 * ranges - 16 };
	unsigned int n;

	memset(descriptor, 0, sizeof(*descriptor));
	descriptor->attributes = 0x2f;
	descriptor->access_size = 16;
	descriptor->access_count = 1;
	descriptor->access_offset = 48;
	descriptor->access.receiver = id;
	descriptor->access.permissions = permissions;
	descriptor->access.composite = 64;
	descriptor->page_count = PAGES * ranges;
	descriptor->range_count = ranges;
	for (n = 0; n < ranges; n++) {
		descriptor->ranges[n].address = SHARED + n * 0x10000;
		descriptor->ranges[n].pages = PAGES;
	}
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	return x[2] | x[3] << 32;
}

static int32_t reclaim(uint64_t handle)
{
	return ffa_nw_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32);
}

/* A service call with what lies in the shared memory; RPC status, else the service's. */
static int32_t call(uint16_t id, int32_t interface, uint32_t opcode, uint64_t handle,
		    uint32_t *length)
{
	uint32_t words[TS_RPC_WORDS] = {
		(uint32_t)interface << 16 | opcode, (uint32_t)handle, (uint32_t)(handle >> 32),
		*length,
	};

	ask(id, words);
	*length = words[3];
	return words[1] ? (int32_t)words[1] : (int32_t)words[2];
}

static const uint8_t its[] = TS_ITS_UUID, ps[] = TS_PS_UUID, runner[] = TS_TEST_RUNNER_UUID;

static int32_t order(uint16_t id, uint64_t handle, const char *name)
{
	uint32_t length = 4 + (uint32_t)strlen(name);
	uint8_t *at = host_at(SHARED);

	memcpy(at, "\0\1\0", 3);
	at[3] = (uint8_t)strlen(name);
	memcpy(at + 4, name, strlen(name));
	return call(id, interface_of(id, runner), 0x101, handle, &length);
}

static void each_partition_says_what_it_is(void **state)
{
	uint16_t id;

	(void)state;
	for (id = ID_STORAGE; id < ID_FUTURE; id++)
		assert_int_equal(manage(id, 0, 0), 1);
	assert_int_equal(manage(ID_FUTURE, 0, 0), 2);
	assert_int_equal(interface_of(ID_STORAGE, its), 0);
	assert_int_equal(interface_of(ID_STORAGE, ps), 1);
	assert_int_equal(interface_of(ID_STORAGE, runner), TS_RPC_ERROR_NOT_FOUND);
	/* The same service in two others. */
	assert_int_equal(interface_of(ID_TEST, its), 1);
	assert_int_equal(interface_of(ID_TEST_2, its), 1);
	assert_int_equal(interface_of(ID_TEST, ps), TS_RPC_ERROR_NOT_FOUND);
}

static void value_is_stored_through_shared_memory(void **state)
{
	uint64_t handle = share(ID_STORAGE, 1, 2), test;
	uint32_t length = sizeof(vector_ts_set);

	(void)state;
	assert_int_equal(call(ID_STORAGE, 0, 0x100, handle, &length), TS_RPC_ERROR_NOT_FOUND);
	assert_int_equal(manage(ID_STORAGE, 1, handle), 0);
	memcpy(host_at(SHARED), vector_ts_set, length = sizeof(vector_ts_set));
	assert_int_equal(call(ID_STORAGE, 0, 0x100, handle, &length), 0);
	memcpy(host_at(SHARED), vector_ts_get, length = sizeof(vector_ts_get));
	assert_int_equal(call(ID_STORAGE, 0, 0x101, handle, &length), 0);
	assert_int_equal(length, 5);
	assert_memory_equal(host_at(SHARED), "hello", 5);
	/* The other partition has objects of its own. */
	assert_int_equal(manage(ID_STORAGE, 2, handle), 0);
	assert_int_equal(reclaim(handle), FFA_OK);
	test = share(ID_TEST, 1, 2);
	assert_int_equal(manage(ID_TEST, 1, test), 0);
	memcpy(host_at(SHARED), vector_ts_get, length = sizeof(vector_ts_get));
	assert_int_equal(call(ID_TEST, 1, 0x101, test, &length), TS_PSA_DOES_NOT_EXIST);
	assert_int_equal(reclaim(test), FFA_DENIED);
	assert_int_equal(manage(ID_STORAGE, 2, handle), TS_RPC_ERROR_NOT_FOUND);
	assert_int_equal(manage(ID_STORAGE, 1, handle), TS_RPC_ERROR_TRANSPORT);
	assert_int_equal(manage(ID_TEST, 2, test), 0);
	assert_int_equal(reclaim(test), FFA_OK);
}

static void unsuitable_memory_is_given_back(void **state)
{
	uint64_t two = share(ID_STORAGE, 2, 2), constant;

	(void)state;
	assert_int_equal(manage(ID_STORAGE, 1, two), TS_RPC_ERROR_TRANSPORT);
	assert_true(ffa_nw_said("more than one range"));
	assert_int_equal(reclaim(two), FFA_OK);
	constant = share(ID_STORAGE, 1, 1);
	assert_int_equal(manage(ID_STORAGE, 1, constant), TS_RPC_ERROR_TRANSPORT);
	assert_true(ffa_nw_said("read-only"));
	assert_int_equal(reclaim(constant), FFA_OK);
}

static void message_of_64_bits_is_refused(void **state)
{
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ_64, ID_STORAGE, 0, 0xff0000 };

	(void)state;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_64);
	assert_int_equal(x[3], 0xff0000);
	assert_int_equal(x[4], 0xfffffffe);
	assert_int_equal(x[5] | x[6] | x[7], 0);
}

static void partition_behaves_badly_when_told(void **state)
{
	uint64_t handle = share(ID_TEST, 1, 2);
	uint64_t x[18];

	(void)state;
	assert_int_equal(manage(ID_TEST, 1, handle), 0);
	assert_int_equal(order(ID_TEST, handle, "spin:1"), 0);
	assert_int_equal(order(ID_TEST, handle, "hold:1"), 0);
	assert_int_equal(manage(ID_TEST, 2, handle), TS_RPC_ERROR_TRANSPORT);
	assert_int_equal(reclaim(handle), FFA_DENIED);
	assert_int_equal(order(ID_TEST, handle, "hold:0"), 0);
	/* It yields once: RUN brings the answer. */
	memcpy(host_at(SHARED), "\0\1\0\5yield", 9);
	memset(x, 0, sizeof(x));
	x[0] = FFA_MSG_SEND_DIRECT_REQ_32;
	x[1] = ID_TEST;
	x[3] = 0x101;
	x[4] = (uint32_t)handle;
	x[5] = handle >> 32;
	x[6] = 9;
	assert_int_equal(ffa_nw_smc(x), FFA_YIELD_32);
	assert_int_equal(x[1], (uint64_t)ID_TEST << 16);
	memset(x + 2, 0, sizeof(x) - 16);
	x[0] = FFA_RUN_32;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[4] | x[5], 0);
	/* And crashes: from then on nobody is there. */
	memcpy(host_at(SHARED), "\0\1\0\5crash", 9);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_TEST, 0, 0x101,
				       (uint32_t)handle, handle >> 32, 9), FFA_ABORTED);
	assert_true(ffa_nw_said("its test runner was told so"));
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_TEST, 0, 0xff0000),
			 FFA_ABORTED);
	assert_int_equal(manage(ID_TEST_2, 0, 0), 1);
}

/* As often as one likes: nothing adds up. */
static void partition_that_crashed_is_made_anew(void **state)
{
	uint64_t before = 0, handle;
	unsigned int n;

	(void)state;
	for (n = 0; n < 20; n++) {
		handle = share(ID_TEST, 1, 2);
		assert_int_equal(manage(ID_TEST, 1, handle), 0);
		assert_int_equal(order(ID_TEST, handle, "hold:1"), 0);
		memcpy(host_at(SHARED), "\0\1\0\5crash", 9);
		assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_TEST, 0, 0x101,
					       (uint32_t)handle, handle >> 32, 9), FFA_ABORTED);
		/* Whom it was shared with is gone. */
		assert_int_equal(reclaim(handle), FFA_OK);
		assert_true(spmc_mend(&host.world.spmc, ID_TEST));
		assert_false(spmc_mend(&host.world.spmc, ID_TEST));
		assert_int_equal(interface_of(ID_TEST, its), 1);
		if (!before)
			before = heap_used(&host.world.spmc.heap);
		assert_int_equal(heap_used(&host.world.spmc.heap), before);
	}
	handle = share(ID_TEST, 1, 2);
	assert_int_equal(manage(ID_TEST, 1, handle), 0);
	assert_int_equal(manage(ID_TEST, 2, handle), 0);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void switched_off_there_are_none(void **state)
{
	(void)state;
	assert_true(host_start("ffa=on test-partitions=off"));
	assert_int_equal(host.world.spmc.partition_count, 0);
	host_stop();
	assert_true(host_start("ts-test=2"));
	assert_int_equal((int32_t)ffa_nw(FFA_VERSION_32, 0x10002), FFA_NOT_SUPPORTED);
	host_stop();
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(each_partition_says_what_it_is),
		CASE(value_is_stored_through_shared_memory),
		CASE(unsuitable_memory_is_given_back),
		CASE(message_of_64_bits_is_refused),
		CASE(partition_behaves_badly_when_told),
		CASE(partition_that_crashed_is_made_anew),
		cmocka_unit_test(switched_off_there_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
