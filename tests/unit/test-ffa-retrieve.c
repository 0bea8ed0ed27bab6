// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: what a partition may ask for of memory that it was given, and what it gets. */
#include "ffa-nw.h"
#include "ffa-descriptors.h"

#define PAGES		(HOST_MEMORY_BASE + 0x400000)

/* Memory for the worker (1.2), or the peer (1.1): three pages in two ranges, as the vectors. */
static uint64_t give(uint16_t id, uint8_t permissions, bool lend)
{
	uint64_t x[18] = {
		lend ? FFA_MEM_LEND_64 : FFA_MEM_SHARE_64, sizeof(vector_ffa_share_v1_2),
		sizeof(vector_ffa_share_v1_2),
	};
	uint8_t *tx = host_at(FFA_NW_TX);

	memcpy(tx, vector_ffa_share_v1_2, sizeof(vector_ffa_share_v1_2));
	memcpy(tx + 48, &id, 2);
	tx[50] = permissions;
	if (lend)
		tx[2] = 0;
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	return FFA_HANDLE(x[2], x[3]);
}

static int32_t reclaim(uint64_t handle)
{
	return ffa_nw_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32);
}

static struct endpoint *endpoint(uint16_t id)
{
	return &spmc_partition(&host.world.spmc, id)->endpoint;
}

static uint8_t *tx_of(uint16_t id)
{
	return (uint8_t *)endpoint(id)->buffers.tx;
}

/* In TX of the worker. */
static void make(uint64_t handle)
{
	struct ffa_mem_transaction_desc head = {
		.handle = handle,
		.tag = 0x1122334455667788,
		.endpoint_size = 32,
		.endpoint_count = 1,
		.endpoint_offset = 48,
	};
	struct ffa_endpoint_mem_access_desc entry = { .receiver = ID_WORKER };

	memcpy(tx_of(ID_WORKER), &head, sizeof(head));
	memcpy(tx_of(ID_WORKER) + 48, &entry, sizeof(entry));
}

static int32_t retrieve(void)
{
	return ffa_sp_status(ID_WORKER, FFA_MEM_RETRIEVE_REQ_32, 80, 80);
}

static int32_t relinquish(uint16_t id, uint64_t handle, uint32_t flags)
{
	struct ffa_mem_relinquish_desc descriptor = {
		.handle = handle,
		.flags = flags,
		.endpoint_count = 1,
	};

	memcpy(tx_of(id), &descriptor, sizeof(descriptor));
	memcpy(tx_of(id) + sizeof(descriptor), &id, sizeof(id));
	return ffa_sp_status(id, FFA_MEM_RELINQUISH_32);
}

static int32_t release(uint16_t id)
{
	return ffa_sp_status(id, FFA_RX_RELEASE_32);
}

static void the_answer_is_in_the_layout_of_1_2(void **state)
{
	uint64_t handle = give(ID_WORKER, FFA_MEM_PERMISSION_RW, false);
	uint64_t x[18] = { FFA_MEM_RETRIEVE_REQ_32, 80, 80 };
	uint8_t expected[sizeof(vector_ffa_share_v1_2)];

	(void)state;
	memcpy(expected, vector_ffa_share_v1_2, sizeof(expected));
	expected[2] = 0x6f;			/* the normal world's */
	expected[4] = 0x08;			/* shared */
	memcpy(expected + 8, &handle, 8);
	expected[50] = 0x06;			/* RW, never executable */
	make(handle);
	assert_int_equal(ffa_sp_status_of(ID_WORKER, x), FFA_OK);
	assert_int_equal(x[0], FFA_MEM_RETRIEVE_RESP_32);
	assert_int_equal(x[1], sizeof(expected));
	assert_int_equal(x[2], sizeof(expected));
	assert_int_equal(x[3] | x[4], 0);
	expected[48] = ID_WORKER & 0xff;
	assert_memory_equal(endpoint(ID_WORKER)->buffers.rx, expected, sizeof(expected));
	assert_int_equal(((uint8_t *)endpoint(ID_WORKER)->buffers.rx)[sizeof(expected)], 0);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void the_answer_is_in_the_layout_of_1_1(void **state)
{
	uint64_t handle = give(ID_PEER, FFA_MEM_PERMISSION_RO, true);
	uint64_t x[18] = { FFA_MEM_RETRIEVE_REQ_32, 64, 64 };
	uint8_t expected[sizeof(vector_ffa_share_v1_1)];

	(void)state;
	memcpy(expected, vector_ffa_share_v1_1, sizeof(expected));
	memset(expected + 2, 0, 6);
	memcpy(expected + 8, &handle, 8);
	expected[48] = ID_PEER & 0xff;
	expected[50] = 0;
	memset(expected + 52, 0, 4);
	memcpy(tx_of(ID_PEER), expected, 64);
	assert_int_equal(ffa_sp_status_of(ID_PEER, x), FFA_OK);
	assert_int_equal(x[1], sizeof(expected));
	expected[2] = 0x6f;
	expected[4] = 0x10;			/* lent */
	expected[50] = 0x05;			/* RO */
	expected[52] = 0x40;
	assert_memory_equal(endpoint(ID_PEER)->buffers.rx, expected, sizeof(expected));
	assert_int_equal(release(ID_PEER), FFA_OK);
	assert_int_equal(relinquish(ID_PEER, handle, FFA_MEM_FLAG_ZERO), FFA_DENIED);
	assert_int_equal(relinquish(ID_PEER, handle, 0), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void requests_are_checked(void **state)
{
	static const struct {
		size_t offset;
		uint8_t size;
		uint64_t value;
		int32_t status;
	} bad[] = {
		{ 0, 2, ID_PEER, FFA_INVALID_PARAMETERS },	/* owner */
		{ 2, 2, 0x6f, FFA_INVALID_PARAMETERS },		/* attributes */
		{ 2, 2, 0x2b, FFA_INVALID_PARAMETERS },
		{ 4, 4, 0x10, FFA_INVALID_PARAMETERS },		/* lent */
		{ 4, 4, 0x400, FFA_INVALID_PARAMETERS },	/* bypass: it is alone */
		{ 4, 4, 0x2, FFA_INVALID_PARAMETERS },
		{ 4, 4, 0x220, FFA_INVALID_PARAMETERS },
		{ 4, 4, 0x1, FFA_DENIED },			/* not zeroed */
		{ 8, 8, 0, FFA_INVALID_PARAMETERS },		/* handle */
		{ 8, 8, FFA_HANDLE_INVALID, FFA_INVALID_PARAMETERS },
		{ 16, 8, 0, FFA_INVALID_PARAMETERS },		/* tag */
		{ 24, 4, 16, FFA_INVALID_PARAMETERS },
		{ 28, 4, 0, FFA_INVALID_PARAMETERS },
		{ 28, 4, 2, FFA_INVALID_PARAMETERS },
		{ 28, 4, 0x08000001, FFA_INVALID_PARAMETERS },
		{ 32, 4, 64, FFA_INVALID_PARAMETERS },
		{ 36, 4, 1, FFA_INVALID_PARAMETERS },
		{ 48, 2, ID_PEER, FFA_INVALID_PARAMETERS },	/* receiver */
		{ 50, 1, 0x03, FFA_DENIED },			/* permissions */
		{ 50, 1, 0x08, FFA_DENIED },
		{ 50, 1, 0x0c, FFA_DENIED },
		{ 50, 1, 0x10, FFA_INVALID_PARAMETERS },
		{ 51, 1, 1, FFA_INVALID_PARAMETERS },		/* not its own */
		{ 52, 4, 80, FFA_INVALID_PARAMETERS },		/* where to map it */
		{ 72, 8, 1, FFA_INVALID_PARAMETERS },
	};
	uint64_t handle = give(ID_WORKER, FFA_MEM_PERMISSION_RW, false);
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		make(handle);
		memcpy(tx_of(ID_WORKER) + bad[n].offset, &bad[n].value, bad[n].size);
		if (retrieve() != bad[n].status)
			fail_msg("%zu: %lx", bad[n].offset, (unsigned long)bad[n].value);
	}
	make(handle);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_RETRIEVE_REQ_32, 80, 64),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_RETRIEVE_REQ_32, 96, 96),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_RETRIEVE_REQ_32, 79, 79),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_RETRIEVE_REQ_32, 8192, 8192),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_RETRIEVE_REQ_64, 80, 80, PAGES),
			 FFA_DENIED);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_RETRIEVED), 0);
	/* Nor may it be the normal world. */
	assert_int_equal(ffa_nw_status(FFA_MEM_RETRIEVE_REQ_32, 80, 80), FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status(FFA_MEM_RELINQUISH_32), FFA_NOT_SUPPORTED);
	assert_int_equal(retrieve(), FFA_OK);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(retrieve(), FFA_DENIED);
	assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void less_may_be_asked_for(void **state)
{
	uint64_t handle = give(ID_WORKER, FFA_MEM_PERMISSION_RW, false);
	uint64_t other;

	(void)state;
	make(handle);
	tx_of(ID_WORKER)[50] = FFA_MEM_PERMISSION_RO | FFA_MEM_PERMISSION_NX;
	assert_int_equal(retrieve(), FFA_OK);
	assert_int_equal(((uint8_t *)endpoint(ID_WORKER)->buffers.rx)[50], 0x05);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(relinquish(ID_WORKER, handle, FFA_MEM_FLAG_ZERO), FFA_DENIED);
	assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
	/* But not more. */
	other = give(ID_WORKER, FFA_MEM_PERMISSION_RO, false);
	make(other);
	tx_of(ID_WORKER)[50] = FFA_MEM_PERMISSION_RW;
	assert_int_equal(retrieve(), FFA_DENIED);
	assert_int_equal(reclaim(other), FFA_OK);
}

/* What it asked for once does not become what it was given. */
static void who_asked_for_less_may_ask_for_all_the_next_time(void **state)
{
	uint64_t handle = give(ID_WORKER, FFA_MEM_PERMISSION_RW, false);
	static const uint8_t answers[] = { 0x05, 0x06 };
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(answers); n++) {
		make(handle);
		tx_of(ID_WORKER)[50] = n ? FFA_MEM_PERMISSION_RW : FFA_MEM_PERMISSION_RO;
		assert_int_equal(retrieve(), FFA_OK);
		assert_int_equal(((uint8_t *)endpoint(ID_WORKER)->buffers.rx)[50], answers[n]);
		assert_int_equal(release(ID_WORKER), FFA_OK);
		assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_OK);
	}
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void rx_must_be_free(void **state)
{
	uint64_t handle = give(ID_WORKER, FFA_MEM_PERMISSION_RW, false);

	(void)state;
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_PARTITION_INFO_GET_32), FFA_OK);
	make(handle);
	assert_int_equal(retrieve(), FFA_BUSY);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_RETRIEVED), 0);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void giving_up_is_checked(void **state)
{
	static const struct {
		size_t offset;
		uint8_t size;
		uint64_t value;
	} bad[] = {
		{ 0, 8, 1 }, { 8, 4, 2 }, { 8, 4, 4 }, { 8, 4, 0x80000000 }, { 12, 4, 0 },
		{ 12, 4, 2 }, { 12, 4, 0xffffffff }, { 16, 2, ID_PEER }, { 16, 2, 0 },
	};
	struct ffa_mem_relinquish_desc descriptor = { .endpoint_count = 1 };
	uint64_t handle = give(ID_WORKER, FFA_MEM_PERMISSION_RW, false);
	const uint16_t id = ID_WORKER;
	unsigned int n;

	(void)state;
	assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_DENIED);
	make(handle);
	assert_int_equal(retrieve(), FFA_OK);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(relinquish(ID_PEER, handle, 0), FFA_INVALID_PARAMETERS);
	descriptor.handle = handle;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		memcpy(tx_of(id), &descriptor, sizeof(descriptor));
		memcpy(tx_of(id) + sizeof(descriptor), &id, sizeof(id));
		memcpy(tx_of(id) + bad[n].offset, &bad[n].value, bad[n].size);
		assert_int_equal(ffa_sp_status(id, FFA_MEM_RELINQUISH_32),
				 FFA_INVALID_PARAMETERS);
	}
	memset(host_at(PAGES), 5, 0x1000);
	assert_int_equal(relinquish(ID_WORKER, handle, FFA_MEM_FLAG_ZERO), FFA_OK);
	assert_int_equal(*(uint8_t *)host_at(PAGES), 0);
	assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_DENIED);
	assert_int_equal(reclaim(handle), FFA_OK);
}

/* So many ranges that the partition's page cannot hold the answer. */
static uint64_t give_many(unsigned int ranges)
{
	struct ffa_mem_range_desc *range = (void *)((uint8_t *)host_at(FFA_NW_TX) + 96);
	uint64_t x[18] = { FFA_MEM_SHARE_64, 96 + 16 * ranges, 96 + 16 * ranges };
	uint8_t *tx = host_at(FFA_NW_TX);
	unsigned int n;

	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, FFA_NW_TX, FFA_NW_RX, 2), FFA_OK);
	memcpy(tx, vector_ffa_share_v1_2, 96);
	memcpy(tx + 80, &ranges, 4);
	memcpy(tx + 84, &ranges, 4);
	for (n = 0; n < ranges; n++)
		range[n] = (struct ffa_mem_range_desc) {
			.address = PAGES + n * 0x2000,
			.page_count = 1,
		};
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	return FFA_HANDLE(x[2], x[3]);
}

static void the_answer_comes_in_fragments(void **state)
{
	uint64_t handle = give_many(300);
	uint64_t x[18] = { FFA_MEM_RETRIEVE_REQ_32, 80, 80 };
	const struct ffa_mem_range_desc *range = endpoint(ID_WORKER)->buffers.rx;
	uint64_t low = (uint32_t)handle, high = handle >> 32;

	(void)state;
	make(handle);
	assert_int_equal(ffa_sp_status_of(ID_WORKER, x), FFA_OK);
	assert_int_equal(x[1], 96 + 300 * 16);
	assert_int_equal(x[2], 4096);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 4096),
			 FFA_DENIED);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 4080),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 4896),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low + 1, high, 4096),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 4096, 1 << 16),
			 FFA_INVALID_PARAMETERS);
	/* Once more from the start, then on. */
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 0), FFA_OK);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	memset(x, 0, sizeof(x));
	x[0] = FFA_MEM_FRAG_RX_32;
	x[1] = low;
	x[2] = high;
	x[3] = 4096;
	assert_int_equal(ffa_sp_status_of(ID_WORKER, x), FFA_OK);
	assert_int_equal(x[0], FFA_MEM_FRAG_TX_32);
	assert_int_equal(FFA_HANDLE(x[1], x[2]), handle);
	assert_int_equal(x[3], 800);
	assert_int_equal(range[49].address, PAGES + 299 * 0x2000);
	assert_int_equal(range[50].address, 0);
	assert_int_equal(release(ID_WORKER), FFA_OK);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 4896),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(relinquish(ID_WORKER, handle, 0), FFA_OK);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_MEM_FRAG_RX_32, low, high, 4096),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(reclaim(handle), FFA_OK);
}

#define ready(test)	cmocka_unit_test_setup_teardown(test, ffa_nw_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ready(the_answer_is_in_the_layout_of_1_2),
		ready(the_answer_is_in_the_layout_of_1_1),
		ready(requests_are_checked),
		ready(less_may_be_asked_for),
		ready(who_asked_for_less_may_ask_for_all_the_next_time),
		ready(rx_must_be_free),
		ready(giving_up_is_checked),
		ready(the_answer_comes_in_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
