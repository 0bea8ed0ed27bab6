// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: versions, features, buffers, and which partitions there are. */
#include "ffa-nw.h"
#include "ffa-descriptors.h"

#define NOT_SUPPORTED_32	0xffffffffUL

static void without_partition_manager_the_range_is_unknown(void **state)
{
	unsigned int n;

	(void)state;
	assert_true(host_start(""));
	for (n = 0x60; n < 0x100; n++) {
		assert_int_equal((int32_t)ffa_nw(FFA_ID_32(n)), -1);
		assert_int_equal((int32_t)ffa_nw(FFA_ID_64(n)), -1);
	}
	host_stop();
}

static void psci_is_still_there(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw(0x84000000), 0x10001);
}

static void version_is_the_lower_of_both(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10000), 0x10002);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10001), 0x10002);
	assert_int_equal(host.world.spmc.normal_world.version, 0x10001);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10003), 0x10002);
	assert_int_equal(host.world.spmc.normal_world.version, 0x10002);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x20000), 0x10002);
	assert_int_equal(host.world.spmc.normal_world.version, 0x10002);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x80010002), NOT_SUPPORTED_32);
}

static void version_is_fixed_by_the_first_call(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10001), 0x10002);
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32), FFA_OK);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10001), 0x10002);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10000), NOT_SUPPORTED_32);
	assert_true(ffa_nw_said("version 10000 after calls of 10001"));
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10003), 0x10002);
	assert_int_equal(host.world.spmc.normal_world.version, 0x10001);
}

static void nothing_goes_before_version(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32), FFA_NOT_SUPPORTED);
	assert_true(ffa_nw_said("before VERSION"));
	/* And that has not fixed one. */
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10000), 0x10002);
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32), FFA_OK);
}

static void an_older_partition_manager_has_less(void **state)
{
	(void)state;
	assert_true(host_start("ffa=on ffa-version=1.1"));
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10002), 0x10001);
	assert_int_equal(ffa_nw_status(FFA_FEATURES_32, FFA_PARTITION_INFO_GET_REGS_64),
			 FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status(FFA_FEATURES_32, FFA_NOTIFICATION_BIND_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	host_stop();
	assert_true(host_start("ffa=on ffa-version=1.0"));
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10002), 0x10000);
	assert_int_equal(ffa_nw_status(FFA_FEATURES_32, FFA_NOTIFICATION_BIND_32),
			 FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status(FFA_FEATURES_32, FFA_FEATURE_SRI), FFA_NOT_SUPPORTED);
	host_stop();
}

static void ids_are_told(void **state)
{
	uint64_t x[18] = { FFA_ID_GET_32 };

	(void)state;
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 0);
	memset(x, 0, sizeof(x));
	x[0] = FFA_SPM_ID_GET_32;
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], FFA_ENDPOINT_SPMC);
	memset(x, 0, sizeof(x));
	x[0] = FFA_ID_GET_32;
	assert_int_equal(ffa_sp_status_of(ID_WORKER, x), FFA_OK);
	assert_int_equal(x[2], ID_WORKER);
}

static void features_are_those_that_work(void **state)
{
	static const uint32_t there[] = {
		FFA_ERROR_32, FFA_SUCCESS_32, FFA_SUCCESS_64, FFA_VERSION_32, FFA_RXTX_MAP_32,
		FFA_RXTX_MAP_64, FFA_MEM_SHARE_32, FFA_MEM_SHARE_64, FFA_MEM_LEND_64, FFA_RUN_32,
		FFA_MSG_SEND_DIRECT_REQ2_64, FFA_MSG_SEND_DIRECT_RESP2_64,
		FFA_PARTITION_INFO_GET_REGS_64, FFA_NOTIFICATION_INFO_GET_64, FFA_YIELD_32,
		FFA_MEM_FRAG_TX_32,
	};
	static const uint32_t not_there[] = {
		FFA_MEM_DONATE_32, FFA_MSG_SEND2_32, FFA_MSG_POLL_32, FFA_CONSOLE_LOG_32,
		FFA_RX_ACQUIRE_32, FFA_MEM_RELINQUISH_32, FFA_ID_64(0x63), 0x840000ff, 0x85000063,
		0x80000000, FFA_FEATURE_ME, 4, 0xff,
	};
	uint64_t x[18] = { FFA_FEATURES_32, FFA_RXTX_MAP_64 };
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(there); n++)
		assert_int_equal(ffa_nw_status(FFA_FEATURES_32, there[n]), FFA_OK);
	for (n = 0; n < ARRAY_SIZE(not_there); n++)
		assert_int_equal(ffa_nw_status(FFA_FEATURES_32, not_there[n]),
				 FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 16 << 16);
	x[0] = FFA_FEATURES_32;
	x[1] = FFA_FEATURE_SRI;
	x[2] = 0;
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 8);
	assert_int_equal(ffa_nw_status(FFA_FEATURES_32, FFA_VERSION_32, 1),
			 FFA_INVALID_PARAMETERS);
}

static void unused_registers_are_zero(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32, 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32, 0, 0, 0, 0, 0, 0, 1),
			 FFA_INVALID_PARAMETERS);
	/* A 32-bit call has no upper halves. */
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32, 1ULL << 32), FFA_OK);
	assert_int_equal(ffa_nw_status(0x8400007e + 0x40000000), FFA_NOT_SUPPORTED);
}

static void buffers_are_checked(void **state)
{
	static const uint64_t bad[][3] = {
		{ FFA_NW_TX, FFA_NW_RX, 0 },
		{ FFA_NW_TX, FFA_NW_RX, 17 },
		{ FFA_NW_TX, FFA_NW_RX, 0x41 },
		{ FFA_NW_TX, FFA_NW_TX, 1 },
		{ FFA_NW_TX, FFA_NW_TX + 0x1000, 2 },
		{ FFA_NW_TX + 0x800, FFA_NW_RX, 1 },
		{ FFA_NW_TX, FFA_NW_RX + 1, 1 },
		{ 0, FFA_NW_RX, 1 },
		{ FFA_NW_TX, 0, 1 },
		{ HOST_MEMORY_BASE - 0x1000, FFA_NW_RX, 1 },
		{ FFA_NW_TX, HOST_MEMORY_BASE + HOST_MEMORY_SIZE, 1 },
		{ FFA_NW_TX, HOST_MEMORY_BASE + HOST_MEMORY_SIZE - 0x1000, 2 },
		{ FFA_NW_TX, 0xfffffffffffff000, 1 },
	};
	unsigned int n;

	(void)state;
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10002), 0x10002);
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, bad[n][0], bad[n][1], bad[n][2]),
				 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_32, FFA_NW_TX, FFA_NW_RX, 2), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, FFA_NW_TX, FFA_NW_RX, 2), FFA_DENIED);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32, 0x10000), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, FFA_NW_TX, FFA_NW_RX, 1), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BUFFERS), 0);
}

/* Count, size; RX is the caller's then. */
static void info_is(uint64_t count, uint64_t size)
{
	uint64_t x[18] = { FFA_PARTITION_INFO_GET_32 };

	memset(host_at(FFA_NW_RX), 0xff, 4096);
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], count);
	assert_int_equal(x[3], size);
}

static void partitions_are_listed_in_1_2(void **state)
{
	const struct ffa_partition_info_desc *info = host_at(FFA_NW_RX);
	static const uint8_t uuids[][16] = {
		PARTITION_ECHO_UUID, PARTITION_ECHO_2_UUID, PARTITION_OLD_UUID,
		PARTITION_WORKER_UUID, PARTITION_PEER_UUID,
	};
	static const uint16_t ids[] = { ID_ECHO, ID_ECHO, ID_OLD, ID_WORKER, ID_PEER };
	unsigned int n;

	(void)state;
	info_is(5, 24);
	for (n = 0; n < 5; n++) {
		assert_int_equal(info[n].id, ids[n]);
		assert_int_equal(info[n].exec_contexts, 1);
		assert_memory_equal(info[n].uuid, uuids[n], 16);
	}
	assert_int_equal(info[0].properties, 0x301);
	assert_int_equal(info[2].properties, 0x001);
	assert_int_equal(info[3].properties, 0x10b);
	/* What was not filled is zero. */
	assert_int_equal(((uint8_t *)host_at(FFA_NW_RX))[5 * 24], 0);
	assert_int_equal(((uint8_t *)host_at(FFA_NW_RX))[4095], 0);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32), FFA_BUSY);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32, 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_DENIED);
}

static void older_callers_get_one_entry_a_partition(void **state)
{
	const struct ffa_partition_info_desc *info = host_at(FFA_NW_RX);

	(void)state;
	info_is(4, 24);
	assert_int_equal(info[0].id, ID_ECHO);
	assert_int_equal(info[0].properties, 0x101);
	assert_int_equal(info[1].id, ID_OLD);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_OK);
}

static void partitions_are_listed_in_1_0(void **state)
{
	const struct ffa_partition_info_desc_v1_0 *info = host_at(FFA_NW_RX);

	(void)state;
	info_is(4, 0);
	assert_int_equal(info[2].id, ID_WORKER);
	assert_int_equal(info[2].properties, 3);
	assert_int_equal(info[4].id, 0);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_OK);
	/* Flags came with 1.1. */
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 1),
			 FFA_INVALID_PARAMETERS);
}

static void a_uuid_selects(void **state)
{
	const struct ffa_partition_info_desc *info = host_at(FFA_NW_RX);
	static const uint8_t uuid[] = PARTITION_ECHO_2_UUID;
	static const uint8_t nil[16];
	uint64_t x[18] = { FFA_PARTITION_INFO_GET_32 };
	uint32_t w[4];
	unsigned int n;

	(void)state;
	memcpy(w, uuid, 16);
	for (n = 0; n < 4; n++)
		x[1 + n] = w[n];
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 1);
	assert_int_equal(info->id, ID_ECHO);
	assert_memory_equal(info->uuid, nil, 16);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_OK);
	/* A failure does not take RX. */
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32, w[0], w[1], w[2], 1),
			 FFA_INVALID_PARAMETERS);
	assert_true(ffa_nw_said("is unknown"));
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_DENIED);
}

static void counting_leaves_rx_alone(void **state)
{
	uint64_t x[18] = { FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, FFA_PARTITION_COUNT_ONLY };

	(void)state;
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 5);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 2),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 1), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32), FFA_BUSY);
}

/* As if there were more partitions than fit. */
static void list_that_does_not_fit_is_not_begun(void **state)
{
	struct buffers *buffers = &host.world.spmc.normal_world.buffers;
	const size_t size = buffers->size;
	uint64_t x[18] = { FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, FFA_PARTITION_COUNT_ONLY };
	uint8_t rx[4096];

	(void)state;
	memset(host_at(FFA_NW_RX), 0xff, sizeof(rx));
	memset(rx, 0xff, sizeof(rx));
	buffers->size = 5 * 24 - 1;
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32), FFA_NO_MEMORY);
	assert_memory_equal(host_at(FFA_NW_RX), rx, sizeof(rx));
	/* Counting takes no room, and RX was not taken. */
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 5);
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_DENIED);
	/* A full one is BUSY, whether it would have been large enough or not. */
	buffers->size = size;
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32), FFA_OK);
	buffers->size = 5 * 24 - 1;
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_32), FFA_BUSY);
	buffers->size = size;
	assert_int_equal(ffa_nw_status(FFA_RX_RELEASE_32), FFA_OK);
}

static void partitions_are_listed_in_registers(void **state)
{
	struct ffa_partition_info_desc entries[5];
	uint64_t x[18] = { FFA_PARTITION_INFO_GET_REGS_64 };
	static const uint8_t peer[] = PARTITION_PEER_UUID;
	uint64_t tag;

	(void)state;
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_64);
	assert_int_equal(FFA_INFO_REGS_LAST(x[2]), 4);
	assert_int_equal(FFA_INFO_REGS_CURRENT(x[2]), 4);
	assert_int_equal(FFA_INFO_REGS_SIZE(x[2]), 24);
	tag = FFA_INFO_REGS_REPLY_TAG(x[2]);
	memcpy(entries, &x[3], sizeof(entries));
	assert_int_equal(entries[4].id, ID_PEER);
	assert_memory_equal(entries[4].uuid, peer, 16);

	memset(x, 0, sizeof(x));
	x[0] = FFA_PARTITION_INFO_GET_REGS_64;
	x[3] = 4 | tag << 16;
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_64);
	assert_int_equal(FFA_INFO_REGS_CURRENT(x[2]), 4);
	memcpy(entries, &x[3], sizeof(*entries));
	assert_int_equal(entries[0].id, ID_PEER);
	assert_int_equal(x[6], 0);

	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, 5 | tag << 16),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, 1 | (tag + 1) << 16),
			 FFA_RETRY);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, tag << 16),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_REGS_64, 1, 2, 0),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_PARTITION_INFO_GET_REGS_64, vector_ffa_uuid_64[0],
				       vector_ffa_uuid_64[1]), FFA_INVALID_PARAMETERS);
}

static void there_may_be_no_partition(void **state)
{
	uint64_t x[18] = { FFA_PARTITION_INFO_GET_32 };

	(void)state;
	assert_true(host_start("ffa=on test-partitions=off"));
	ffa_nw_begin(2);
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 0);
	host_stop();
}

static void a_test_orders_an_error(void **state)
{
	(void)state;
	fault_set(&host.world.guest.faults, SIM_FAULT_FFA_ERROR, 1,
		  0x69ULL << 32 | (uint32_t)FFA_ABORTED);
	assert_int_equal(ffa_nw_status(FFA_SPM_ID_GET_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32), FFA_ABORTED);
	assert_int_equal(ffa_nw_status(FFA_ID_GET_32), FFA_OK);
	fault_set(&host.world.guest.faults, SIM_FAULT_FFA_VERSION, 1, 0x20000);
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10002), 0x20000);
}

#define plain(test)	cmocka_unit_test_setup_teardown(test, ffa_nw_setup_plain, ffa_nw_teardown)
#define ready(test)	cmocka_unit_test_setup_teardown(test, ffa_nw_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_partition_manager_the_range_is_unknown),
		plain(psci_is_still_there),
		plain(version_is_the_lower_of_both),
		plain(version_is_fixed_by_the_first_call),
		plain(nothing_goes_before_version),
		cmocka_unit_test(an_older_partition_manager_has_less),
		ready(ids_are_told),
		ready(features_are_those_that_work),
		ready(unused_registers_are_zero),
		plain(buffers_are_checked),
		ready(partitions_are_listed_in_1_2),
		cmocka_unit_test_setup_teardown(older_callers_get_one_entry_a_partition,
						ffa_nw_setup_1_1, ffa_nw_teardown),
		cmocka_unit_test_setup_teardown(partitions_are_listed_in_1_0, ffa_nw_setup_1_0,
						ffa_nw_teardown),
		ready(a_uuid_selects),
		ready(counting_leaves_rx_alone),
		ready(list_that_does_not_fit_is_not_begun),
		ready(partitions_are_listed_in_registers),
		cmocka_unit_test(there_may_be_no_partition),
		ready(a_test_orders_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
