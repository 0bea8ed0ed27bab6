// SPDX-License-Identifier: BSD-2-Clause
/* abi/ffa.h and abi/ffa_mem.h against numbers and octets typed from the description. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include "ffa.h"
#include "ffa_mem.h"
#include <cmocka.h>
#include "compiler.h"
#include "ffa-descriptors.h"

static void function_numbers_are_right(void **state)
{
	static const uint32_t ids[][2] = {
		{ FFA_ERROR_32, 0x84000060 },
		{ FFA_SUCCESS_32, 0x84000061 },
		{ FFA_SUCCESS_64, 0xc4000061 },
		{ FFA_INTERRUPT_32, 0x84000062 },
		{ FFA_VERSION_32, 0x84000063 },
		{ FFA_FEATURES_32, 0x84000064 },
		{ FFA_RX_RELEASE_32, 0x84000065 },
		{ FFA_RXTX_MAP_32, 0x84000066 },
		{ FFA_RXTX_MAP_64, 0xc4000066 },
		{ FFA_RXTX_UNMAP_32, 0x84000067 },
		{ FFA_PARTITION_INFO_GET_32, 0x84000068 },
		{ FFA_ID_GET_32, 0x84000069 },
		{ FFA_MSG_POLL_32, 0x8400006a },
		{ FFA_MSG_WAIT_32, 0x8400006b },
		{ FFA_YIELD_32, 0x8400006c },
		{ FFA_RUN_32, 0x8400006d },
		{ FFA_MSG_SEND_32, 0x8400006e },
		{ FFA_MSG_SEND_DIRECT_REQ_32, 0x8400006f },
		{ FFA_MSG_SEND_DIRECT_REQ_64, 0xc400006f },
		{ FFA_MSG_SEND_DIRECT_RESP_32, 0x84000070 },
		{ FFA_MSG_SEND_DIRECT_RESP_64, 0xc4000070 },
		{ FFA_MEM_DONATE_32, 0x84000071 },
		{ FFA_MEM_DONATE_64, 0xc4000071 },
		{ FFA_MEM_LEND_32, 0x84000072 },
		{ FFA_MEM_LEND_64, 0xc4000072 },
		{ FFA_MEM_SHARE_32, 0x84000073 },
		{ FFA_MEM_SHARE_64, 0xc4000073 },
		{ FFA_MEM_RETRIEVE_REQ_32, 0x84000074 },
		{ FFA_MEM_RETRIEVE_REQ_64, 0xc4000074 },
		{ FFA_MEM_RETRIEVE_RESP_32, 0x84000075 },
		{ FFA_MEM_RELINQUISH_32, 0x84000076 },
		{ FFA_MEM_RECLAIM_32, 0x84000077 },
		{ FFA_MEM_OP_PAUSE_32, 0x84000078 },
		{ FFA_MEM_OP_RESUME_32, 0x84000079 },
		{ FFA_MEM_FRAG_RX_32, 0x8400007a },
		{ FFA_MEM_FRAG_TX_32, 0x8400007b },
		{ FFA_NORMAL_WORLD_RESUME_32, 0x8400007c },
		{ FFA_NOTIFICATION_BITMAP_CREATE_32, 0x8400007d },
		{ FFA_NOTIFICATION_BITMAP_DESTROY_32, 0x8400007e },
		{ FFA_NOTIFICATION_BIND_32, 0x8400007f },
		{ FFA_NOTIFICATION_UNBIND_32, 0x84000080 },
		{ FFA_NOTIFICATION_SET_32, 0x84000081 },
		{ FFA_NOTIFICATION_GET_32, 0x84000082 },
		{ FFA_NOTIFICATION_INFO_GET_32, 0x84000083 },
		{ FFA_NOTIFICATION_INFO_GET_64, 0xc4000083 },
		{ FFA_RX_ACQUIRE_32, 0x84000084 },
		{ FFA_SPM_ID_GET_32, 0x84000085 },
		{ FFA_MSG_SEND2_32, 0x84000086 },
		{ FFA_SECONDARY_EP_REGISTER_64, 0xc4000087 },
		{ FFA_MEM_PERM_GET_32, 0x84000088 },
		{ FFA_MEM_PERM_GET_64, 0xc4000088 },
		{ FFA_MEM_PERM_SET_32, 0x84000089 },
		{ FFA_MEM_PERM_SET_64, 0xc4000089 },
		{ FFA_CONSOLE_LOG_32, 0x8400008a },
		{ FFA_CONSOLE_LOG_64, 0xc400008a },
		{ FFA_PARTITION_INFO_GET_REGS_64, 0xc400008b },
		{ FFA_EL3_INTR_HANDLE_32, 0x8400008c },
		{ FFA_MSG_SEND_DIRECT_REQ2_64, 0xc400008d },
		{ FFA_MSG_SEND_DIRECT_RESP2_64, 0xc400008e },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(ids); n++)
		assert_int_equal(ids[n][0], ids[n][1]);
}

static void status_codes_and_flags_are_right(void **state)
{
	static const uint64_t numbers[][2] = {
		{ (uint32_t)FFA_NOT_SUPPORTED, 0xffffffff },
		{ (uint32_t)FFA_INVALID_PARAMETERS, 0xfffffffe },
		{ (uint32_t)FFA_NO_MEMORY, 0xfffffffd },
		{ (uint32_t)FFA_BUSY, 0xfffffffc },
		{ (uint32_t)FFA_INTERRUPTED, 0xfffffffb },
		{ (uint32_t)FFA_DENIED, 0xfffffffa },
		{ (uint32_t)FFA_RETRY, 0xfffffff9 },
		{ (uint32_t)FFA_ABORTED, 0xfffffff8 },
		{ (uint32_t)FFA_NO_DATA, 0xfffffff7 },
		{ (uint32_t)FFA_NOT_READY, 0xfffffff6 },
		{ FFA_VERSION_MAKE(1, 2), 0x10002 },
		{ FFA_VERSION_MAJOR(0x7fff0003), 0x7fff },
		{ FFA_VERSION_MINOR(0x7fff0003), 3 },
		{ FFA_PAIR(0x8001, 0x8002), 0x80018002 },
		{ FFA_PAIR_SENDER(0x80018002), 0x8001 },
		{ FFA_PAIR_RECEIVER(0x80018002), 0x8002 },
		{ FFA_HANDLE(0x89abcdef, 0x80000001), 0x8000000189abcdef },
		{ FFA_PROPERTY_DIRECT_REQ_RECV, 1 },
		{ FFA_PROPERTY_NOTIFICATION_RECV, 8 },
		{ FFA_PROPERTY_AARCH64, 0x100 },
		{ FFA_PROPERTY_DIRECT_REQ2_RECV, 0x200 },
		{ FFA_PROPERTY_DIRECT_REQ2_SEND, 0x400 },
		{ FFA_INFO_REGS_REPLY(7, 4, 0xabc, 24), 0x00180abc00040007 },
		{ FFA_INFO_REGS_LAST(0x00180abc00040007), 7 },
		{ FFA_INFO_REGS_CURRENT(0x00180abc00040007), 4 },
		{ FFA_INFO_REGS_REPLY_TAG(0x00180abc00040007), 0xabc },
		{ FFA_INFO_REGS_SIZE(0x00180abc00040007), 24 },
		{ FFA_FEATURE_NPI, 1 },
		{ FFA_FEATURE_SRI, 2 },
		{ FFA_MEM_ATTR_USUAL, FFA_MEM_ATTR_NORMAL | FFA_MEM_ATTR_WRITE_BACK |
		  FFA_MEM_ATTR_INNER },
		{ FFA_MEM_FLAG_TYPE_SHARE, 8 },
		{ FFA_MEM_FLAG_TYPE_LEND, 16 },
		{ FFA_MEM_FLAG_TYPE_DONATE, 24 },
		{ FFA_MEM_FLAG_ALIGN_VALID, 0x200 },
		{ FFA_MEM_FLAG_BYPASS, 0x400 },
		{ FFA_INFO_LIST_SHIFT(1), 14 },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(numbers); n++)
		assert_int_equal(numbers[n][0], numbers[n][1]);
}

static void uuids_are_loaded_as_octets(void **state)
{
	(void)state;
	assert_memory_equal(vector_ffa_uuid, vector_ffa_uuid_32, 16);
	assert_memory_equal(vector_ffa_uuid, vector_ffa_uuid_64, 16);
}

static void partitions_are_described(void **state)
{
	struct ffa_partition_info_desc info;

	(void)state;
	assert_int_equal(sizeof(vector_ffa_info), sizeof(info));
	memcpy(&info, vector_ffa_info, sizeof(info));
	assert_int_equal(info.id, 0x8003);
	assert_int_equal(info.exec_contexts, 1);
	assert_int_equal(info.properties, FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_AARCH64);
	assert_memory_equal(info.uuid, vector_ffa_uuid, 16);
	assert_int_equal(sizeof(vector_ffa_info_v1_0), sizeof(struct ffa_partition_info_desc_v1_0));
	info.properties &= FFA_PROPERTIES_1_0;
	assert_memory_equal(vector_ffa_info_v1_0, &info, sizeof(vector_ffa_info_v1_0));
}

static void composite_is_right(const uint8_t *at)
{
	struct ffa_composite_mem_desc composite;
	struct ffa_mem_range_desc range;

	memcpy(&composite, at, sizeof(composite));
	assert_int_equal(composite.page_count, 3);
	assert_int_equal(composite.range_count, 2);
	memcpy(&range, at + sizeof(composite) + sizeof(range), sizeof(range));
	assert_int_equal(range.address, 0x40600000);
	assert_int_equal(range.page_count, 2);
}

static void memory_of_1_0_is_described(void **state)
{
	struct ffa_mem_transaction_desc_v1_0 region;
	struct ffa_endpoint_mem_access_desc_v1_0 endpoint;

	(void)state;
	memcpy(&region, vector_ffa_share_v1_0, sizeof(region));
	assert_int_equal(sizeof(vector_ffa_share_v1_0), 64 + 2 * 16);
	assert_int_equal(region.attributes, FFA_MEM_ATTR_USUAL);
	assert_int_equal(region.tag, 0x1122334455667788);
	assert_int_equal(region.endpoint_count, 1);
	memcpy(&endpoint, vector_ffa_share_v1_0 + sizeof(region), sizeof(endpoint));
	assert_int_equal(endpoint.receiver, 0x8003);
	assert_int_equal(endpoint.permissions, FFA_MEM_PERMISSION_RW);
	assert_int_equal(endpoint.composite_offset, sizeof(region) + sizeof(endpoint));
	composite_is_right(vector_ffa_share_v1_0 + endpoint.composite_offset);
}

static void memory_of_later_versions_is_described(const uint8_t *octets, size_t endpoint_size)
{
	struct ffa_mem_transaction_desc region;
	struct ffa_endpoint_mem_access_desc_v1_0 endpoint;

	memcpy(&region, octets, sizeof(region));
	assert_int_equal(region.attributes, FFA_MEM_ATTR_USUAL);
	assert_int_equal(region.tag, 0x1122334455667788);
	assert_int_equal(region.endpoint_count, 1);
	assert_int_equal(region.endpoint_size, endpoint_size);
	assert_int_equal(region.endpoint_offset, sizeof(region));
	memcpy(&endpoint, octets + sizeof(region), sizeof(endpoint));
	assert_int_equal(endpoint.receiver, 0x8003);
	assert_int_equal(endpoint.composite_offset, sizeof(region) + endpoint_size);
	composite_is_right(octets + endpoint.composite_offset);
}

static void memory_of_1_1_and_1_2_is_described(void **state)
{
	(void)state;
	assert_int_equal(sizeof(vector_ffa_share_v1_1), 80 + 2 * 16);
	assert_int_equal(sizeof(vector_ffa_share_v1_2), 96 + 2 * 16);
	memory_of_later_versions_is_described(vector_ffa_share_v1_1,
					      sizeof(struct ffa_endpoint_mem_access_desc_v1_0));
	memory_of_later_versions_is_described(vector_ffa_share_v1_2,
					      sizeof(struct ffa_endpoint_mem_access_desc));
}

static void relinquishing_is_described(void **state)
{
	struct ffa_mem_relinquish_desc relinquish;

	(void)state;
	memcpy(&relinquish, vector_ffa_relinquish, sizeof(relinquish));
	assert_int_equal(relinquish.handle, 0x1234567890abcdef);
	assert_int_equal(relinquish.endpoint_count, 1);
	assert_int_equal(sizeof(vector_ffa_relinquish), sizeof(relinquish) + 2);
}

static void indirect_messages_have_a_header(void **state)
{
	struct ffa_partition_msg_header_v1_1 old;
	struct ffa_partition_msg_header header;

	(void)state;
	memcpy(&old, vector_ffa_message_v1_1, sizeof(old));
	assert_int_equal(old.payload_offset, sizeof(old));
	assert_int_equal(old.receiver, 0x8003);
	assert_int_equal(old.sender, 0);
	assert_int_equal(old.size, 4);
	memcpy(&header, vector_ffa_message_v1_2, sizeof(header));
	assert_int_equal(header.payload_offset, sizeof(header));
	assert_int_equal(header.receiver, 0x8003);
	assert_memory_equal(header.uuid, vector_ffa_uuid, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(function_numbers_are_right),
		cmocka_unit_test(status_codes_and_flags_are_right),
		cmocka_unit_test(uuids_are_loaded_as_octets),
		cmocka_unit_test(partitions_are_described),
		cmocka_unit_test(memory_of_1_0_is_described),
		cmocka_unit_test(memory_of_1_1_and_1_2_is_described),
		cmocka_unit_test(relinquishing_is_described),
		cmocka_unit_test(indirect_messages_have_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
