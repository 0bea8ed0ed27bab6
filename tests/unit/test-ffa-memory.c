// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: memory that is shared, lent, retrieved and reclaimed, and descriptors that are no good. */
#include "ffa-nw.h"
#include "ffa-descriptors.h"
#include "share.h"

#define PAGES		(HOST_MEMORY_BASE + 0x200000)
#define TAG		0x1122334455667788ULL
#define TX		((uint8_t *)host_at(FFA_NW_TX))

/* Of the descriptor that share_12() makes. */
#define HEAD		((struct ffa_mem_transaction_desc *)TX)
#define ENDPOINT	((struct ffa_endpoint_mem_access_desc *)(TX + 48))
#define COMPOSITE	((struct ffa_composite_mem_desc *)(TX + 80))
#define RANGE(n)	((struct ffa_mem_range_desc *)(TX + 96) + (n))
#define SIZE(ranges)	(96 + 16 * (ranges))

/* In TX: a descriptor of 1.2 for @id, @ranges ranges of one page with a page between them. */
static size_t make(uint16_t id, unsigned int ranges)
{
	unsigned int n;

	memset(TX, 0, 4096);
	HEAD->attributes = FFA_MEM_ATTR_USUAL;
	HEAD->tag = TAG;
	HEAD->endpoint_size = 32;
	HEAD->endpoint_count = 1;
	HEAD->endpoint_offset = 48;
	ENDPOINT->receiver = id;
	ENDPOINT->permissions = FFA_MEM_PERMISSION_RW;
	ENDPOINT->composite_offset = 80;
	COMPOSITE->page_count = ranges;
	COMPOSITE->range_count = ranges;
	for (n = 0; n < ranges; n++) {
		RANGE(n)->address = PAGES + n * 0x2000;
		RANGE(n)->page_count = 1;
	}
	return SIZE(ranges);
}

static int32_t call(uint32_t id, size_t size)
{
	return ffa_nw_status(id, size, size);
}

/* Shared; its handle. */
static uint64_t share(uint32_t id, size_t size)
{
	uint64_t x[18] = { id, size, size };

	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	return FFA_HANDLE(x[2], x[3]);
}

static int32_t reclaim(uint64_t handle)
{
	return ffa_nw_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32);
}

static int32_t work(uint16_t id, uint32_t command, uint64_t handle, uint32_t w[5])
{
	w[0] = command;
	w[1] = (uint32_t)handle;
	w[2] = (uint32_t)(handle >> 32);
	if (command == WORKER_CMD_RETRIEVE) {
		w[3] = (uint32_t)TAG;
		w[4] = (uint32_t)(TAG >> 32);
	}
	return ffa_nw_work(id, w);
}

static void shared_memory_is_used_and_reclaimed(void **state)
{
	uint64_t handle, other;
	uint32_t w[5];

	(void)state;
	memset(host_at(PAGES), 1, 0x6000);
	handle = share(FFA_MEM_SHARE_64, make(ID_WORKER, 2));
	assert_int_not_equal(handle, 0);
	assert_int_equal(handle >> 63, 0);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 1);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(w[2], 2);
	assert_int_equal(w[3], 2);
	assert_int_equal(w[4], 1);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_RETRIEVED), 1);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_SUM, handle, w), FFA_OK);
	assert_int_equal(w[2], 2 * 4096);
	w[3] = 7;
	assert_int_equal(work(ID_WORKER, WORKER_CMD_FILL, handle, w), FFA_OK);
	assert_int_equal(((uint8_t *)host_at(PAGES))[4095], 7);
	assert_int_equal(((uint8_t *)host_at(PAGES))[4096], 1);
	assert_int_equal(((uint8_t *)host_at(PAGES))[0x2000], 7);
	assert_int_equal(reclaim(handle), FFA_DENIED);
	assert_true(ffa_nw_said("somebody has it"));
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_INVALID_PARAMETERS);
	/* A name is not used twice. */
	other = share(FFA_MEM_SHARE_32, make(ID_WORKER, 2));
	assert_int_not_equal(other, handle);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_INVALID_PARAMETERS);
	assert_int_equal(reclaim(other), FFA_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 0);
}

static void handles_carry_into_the_upper_half(void **state)
{
	uint64_t handle, last = 0;
	unsigned int n;

	(void)state;
	for (n = 0; n < 16; n++) {
		handle = share(FFA_MEM_SHARE_64, make(ID_WORKER, 1));
		assert_int_not_equal(handle, last);
		last = handle;
		assert_int_equal(reclaim(handle), FFA_OK);
	}
	assert_int_equal(handle >> 32, 0x0f4d0001);
}

static void vectors_are_understood(const uint8_t *octets, size_t size)
{
	uint64_t handle;
	uint32_t w[5];

	memcpy(TX, octets, size);
	handle = share(FFA_MEM_SHARE_64, size);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(w[2], 3);
	assert_int_equal(w[3], 2);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
	/* In another version it is something else. */
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void octets_of_1_0_are_understood(void **state)
{
	(void)state;
	vectors_are_understood(vector_ffa_share_v1_0, sizeof(vector_ffa_share_v1_0));
	memcpy(TX, vector_ffa_share_v1_1, sizeof(vector_ffa_share_v1_1));
	assert_int_equal(call(FFA_MEM_SHARE_64, sizeof(vector_ffa_share_v1_1)),
			 FFA_INVALID_PARAMETERS);
}

static void octets_of_1_1_are_understood(void **state)
{
	(void)state;
	vectors_are_understood(vector_ffa_share_v1_1, sizeof(vector_ffa_share_v1_1));
	memcpy(TX, vector_ffa_share_v1_2, sizeof(vector_ffa_share_v1_2));
	assert_int_equal(call(FFA_MEM_SHARE_64, sizeof(vector_ffa_share_v1_2)),
			 FFA_INVALID_PARAMETERS);
}

static void octets_of_1_2_are_understood(void **state)
{
	(void)state;
	vectors_are_understood(vector_ffa_share_v1_2, sizeof(vector_ffa_share_v1_2));
	memcpy(TX, vector_ffa_share_v1_0, sizeof(vector_ffa_share_v1_0));
	assert_int_equal(call(FFA_MEM_SHARE_64, sizeof(vector_ffa_share_v1_0)),
			 FFA_INVALID_PARAMETERS);
}

/* Each of them alone is refused; @is: what the descriptor is without it. */
static void heads_are_checked(void **state)
{
	static const struct {
		size_t offset;
		uint8_t size;
		uint64_t value;
	} bad[] = {
		{ 0, 2, 1 },			/* sender */
		{ 0, 2, ID_WORKER },
		{ 2, 2, 0 },			/* attributes */
		{ 2, 2, 0x6f },
		{ 2, 2, 0x12f },
		{ 2, 2, 0x2b },
		{ 2, 2, 0x13 },
		{ 4, 4, FFA_MEM_FLAG_ZERO },
		{ 4, 4, FFA_MEM_FLAG_TIME_SLICE },
		{ 4, 4, FFA_MEM_FLAG_ZERO_AFTER },
		{ 4, 4, FFA_MEM_FLAG_TYPE_LEND },
		{ 4, 4, FFA_MEM_FLAG_TYPE_DONATE },
		{ 4, 4, FFA_MEM_FLAG_BYPASS },
		{ 4, 4, FFA_MEM_FLAG_ALIGN_VALID },
		{ 4, 4, 0x80000000 },
		{ 8, 8, 1 },			/* handle */
		{ 8, 8, 1ULL << 63 },
		{ 24, 4, 16 },			/* size of an endpoint's descriptor */
		{ 24, 4, 0 },
		{ 24, 4, 48 },
		{ 28, 4, 0 },			/* number of endpoints */
		{ 28, 4, 2 },
		{ 28, 4, 9 },
		{ 28, 4, 0x08000001 },
		{ 28, 4, 0xffffffff },
		{ 32, 4, 47 },			/* where they are */
		{ 32, 4, 32 },
		{ 32, 4, 56 },
		{ 32, 4, 0 },
		{ 32, 4, 0xfffffff0 },
		{ 36, 4, 1 },			/* reserved */
		{ 40, 4, 1 },
		{ 44, 4, 1 },
		{ 48, 2, 0 },			/* receiver */
		{ 48, 2, 0x8005 },
		{ 48, 2, FFA_ENDPOINT_SPMC },
		{ 50, 1, 0 },			/* permissions */
		{ 50, 1, 3 },
		{ 50, 1, 0x06 },
		{ 50, 1, 0x0a },
		{ 50, 1, 0x12 },
		{ 51, 1, 1 },			/* flags */
		{ 52, 4, 0 },			/* composite */
		{ 52, 4, 64 },
		{ 52, 4, 84 },
		{ 52, 4, 112 },
		{ 52, 4, 0xfffffff0 },
		{ 72, 8, 1 },			/* reserved */
		{ 80, 4, 0 },			/* pages */
		{ 80, 4, 1 },
		{ 80, 4, 3 },
		{ 84, 4, 0 },			/* ranges */
		{ 84, 4, 1 },
		{ 84, 4, 3 },
		{ 84, 4, 0x10000002 },
		{ 88, 8, 1 },			/* reserved */
		{ 96, 8, 0 },			/* address */
		{ 96, 8, PAGES + 1 },
		{ 96, 8, HOST_MEMORY_BASE - 0x1000 },
		{ 96, 8, HOST_MEMORY_BASE + HOST_MEMORY_SIZE },
		{ 96, 8, 0xfffffffffffff000 },
		{ 96, 8, 0x0e000000 },
		{ 96, 8, FFA_NW_TX },
		{ 96, 8, FFA_NW_RX },
		{ 104, 4, 0 },			/* pages of it */
		{ 104, 4, 2 },
		{ 104, 4, 0xffffffff },
		{ 108, 4, 1 },			/* reserved */
	};
	unsigned int n;
	size_t size;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		size = make(ID_WORKER, 2);
		memcpy(TX + bad[n].offset, &bad[n].value, bad[n].size);
		if (call(FFA_MEM_SHARE_64, size) != FFA_INVALID_PARAMETERS)
			fail_msg("%zu: %lx", bad[n].offset, (unsigned long)bad[n].value);
		assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 0);
	}
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_REFUSALS), ARRAY_SIZE(bad));
	/* Without any of that it is good. */
	assert_int_equal(reclaim(share(FFA_MEM_SHARE_64, make(ID_WORKER, 2))), FFA_OK);
}

static void lengths_are_checked(void **state)
{
	static const uint64_t bad[][2] = {
		{ 0, 0 }, { SIZE(2), 0 }, { SIZE(2), 47 }, { SIZE(2), 79 }, { 32, 32 },
		{ SIZE(2) - 16, SIZE(2) - 16 }, { SIZE(2) + 16, SIZE(2) + 16 },
		{ SIZE(2) - 16, SIZE(2) }, { SIZE(2), SIZE(2) + 1 }, { 4097, 4097 },
		{ 8192, 4100 }, { SIZE(2) - 1, SIZE(2) - 1 },
		{ 0xffffffff, 0xffffffff },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		make(ID_WORKER, 2);
		if (ffa_nw_status(FFA_MEM_SHARE_64, bad[n][0], bad[n][1]) !=
		    FFA_INVALID_PARAMETERS)
			fail_msg("%lu %lu", (unsigned long)bad[n][0], (unsigned long)bad[n][1]);
	}
	assert_int_equal(ffa_nw_status(FFA_MEM_SHARE_64, 0xffffffff, 4096), FFA_NO_MEMORY);
	assert_int_equal(ffa_nw_status(FFA_MEM_SHARE_64, 96, 96, PAGES), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_MEM_SHARE_64, 96, 96, 0, 1), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_MEM_SHARE_64, 96, 96, 0, 0, 1),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(call(FFA_MEM_SHARE_64, SIZE(2)), FFA_INVALID_PARAMETERS);
}

static void memory_is_given_away_once(void **state)
{
	uint64_t handle = share(FFA_MEM_SHARE_64, make(ID_WORKER, 2));
	size_t size;

	(void)state;
	assert_int_equal(call(FFA_MEM_SHARE_64, make(ID_PEER, 1)), FFA_DENIED);
	assert_true(ffa_nw_said("shared already"));
	/* What lies between the ranges is free, what follows too. */
	size = make(ID_PEER, 1);
	RANGE(0)->address = PAGES + 0x1000;
	assert_int_equal(reclaim(share(FFA_MEM_SHARE_64, size)), FFA_OK);
	size = make(ID_PEER, 1);
	RANGE(0)->address = PAGES + 0x1000;
	RANGE(0)->page_count = 2;
	COMPOSITE->page_count = 2;
	assert_int_equal(call(FFA_MEM_SHARE_64, size), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, PAGES, FFA_NW_RX, 1), FFA_DENIED);
	assert_int_equal(reclaim(handle), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, FFA_NW_TX, FFA_NW_RX, 1), FFA_OK);
	/* Twice in one. */
	size = make(ID_PEER, 2);
	RANGE(1)->address = PAGES;
	assert_int_equal(call(FFA_MEM_SHARE_64, size), FFA_DENIED);
	assert_int_equal(reclaim(share(FFA_MEM_SHARE_64, make(ID_WORKER, 2))), FFA_OK);
}

/* For the worker and the peer, which are of different versions. */
static size_t make_for_two(uint32_t attributes)
{
	size_t size = make(ID_WORKER, 1);

	memmove(TX + 112, TX + 80, 32);
	memcpy(TX + 80, TX + 48, 32);
	ENDPOINT[0].composite_offset = 112;
	ENDPOINT[1].composite_offset = 112;
	ENDPOINT[1].receiver = ID_PEER;
	ENDPOINT[1].permissions = FFA_MEM_PERMISSION_RO;
	HEAD->endpoint_count = 2;
	HEAD->attributes = (uint16_t)attributes;
	return size + 32;
}

static void two_may_share(void **state)
{
	uint64_t handle;
	uint32_t w[5];
	size_t size;

	(void)state;
	handle = share(FFA_MEM_SHARE_64, make_for_two(FFA_MEM_ATTR_USUAL));
	/* The partitions' helper names itself alone. */
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(work(ID_PEER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(w[4], 0);
	assert_int_equal(work(ID_PEER, WORKER_CMD_FILL, handle, w), FFA_DENIED);
	assert_int_equal(reclaim(handle), FFA_DENIED);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_DENIED);
	assert_int_equal(work(ID_PEER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);

	size = make_for_two(FFA_MEM_ATTR_USUAL);
	ENDPOINT[1].receiver = ID_WORKER;
	assert_int_equal(call(FFA_MEM_SHARE_64, size), FFA_INVALID_PARAMETERS);
	size = make_for_two(FFA_MEM_ATTR_USUAL);
	ENDPOINT[1].composite_offset = 128;
	assert_int_equal(call(FFA_MEM_SHARE_64, size), FFA_INVALID_PARAMETERS);
	/* Lent to two, the owner says how it is cached; to one, it does not. */
	assert_int_equal(call(FFA_MEM_LEND_64, make_for_two(0)), FFA_INVALID_PARAMETERS);
	assert_int_equal(reclaim(share(FFA_MEM_LEND_64, make_for_two(FFA_MEM_ATTR_USUAL))), FFA_OK);
}

static void memory_is_lent(void **state)
{
	uint64_t handle;
	uint32_t w[5];
	size_t size;

	(void)state;
	memset(host_at(PAGES), 3, 0x1000);
	assert_int_equal(call(FFA_MEM_LEND_64, make(ID_WORKER, 1)), FFA_INVALID_PARAMETERS);
	size = make(ID_WORKER, 1);
	HEAD->attributes = 0;
	HEAD->flags = FFA_MEM_FLAG_ZERO | FFA_MEM_FLAG_TYPE_LEND;
	handle = share(FFA_MEM_LEND_64, size);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_SUM, handle, w), FFA_OK);
	assert_int_equal(w[2], 0);
	w[3] = 9;
	assert_int_equal(work(ID_WORKER, WORKER_CMD_FILL, handle, w), FFA_OK);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, 2),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, 1),
			 FFA_OK);
	assert_int_equal(((uint8_t *)host_at(PAGES))[0], 0);
}

/* 300 ranges, 96 + 4800 octets, in pieces; the status and, of the last, the handle. */
static uint64_t fragmented(size_t first, uint64_t *next)
{
	uint64_t x[18] = { FFA_MEM_SHARE_64, SIZE(300), first };

	make(ID_WORKER, 0);
	COMPOSITE->page_count = 300;
	COMPOSITE->range_count = 300;
	memset(next, 0, 3 * sizeof(*next));
	if (first > 96) {
		unsigned int n;

		for (n = 0; n < (first - 96) / 16; n++) {
			RANGE(n)->address = PAGES + n * 0x2000;
			RANGE(n)->page_count = 1;
		}
	}
	ffa_nw_smc(x);
	next[0] = x[1];
	next[1] = x[2];
	next[2] = x[3];
	return x[0];
}

/* Ranges from the one at @offset on, in TX; what FRAG_TX answers. */
static uint64_t fragment(uint64_t next[3], size_t length, uint64_t x[18])
{
	struct ffa_mem_range_desc *range = (struct ffa_mem_range_desc *)TX;
	unsigned int n, first = (unsigned int)(next[2] - 96) / 16;

	memset(TX, 0, 4096);
	for (n = 0; n < (length + 15) / 16 && n < 256; n++) {
		range[n].address = PAGES + (uint64_t)(first + n) * 0x2000;
		range[n].page_count = 1;
	}
	memset(x, 0, 18 * sizeof(*x));
	x[0] = FFA_MEM_FRAG_TX_32;
	x[1] = next[0];
	x[2] = next[1];
	x[3] = length;
	return ffa_nw_smc(x);
}

static void a_descriptor_comes_in_fragments(void **state)
{
	uint64_t x[18], next[3], handle;
	uint32_t w[5];

	(void)state;
	assert_int_equal(fragmented(96, next), FFA_MEM_FRAG_RX_32);
	assert_int_equal(next[2], 96);
	handle = FFA_HANDLE(next[0], next[1]);
	assert_int_equal(reclaim(handle), FFA_DENIED);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_INVALID_PARAMETERS);
	assert_int_equal(fragment(next, 16, x), FFA_MEM_FRAG_RX_32);
	assert_int_equal(FFA_HANDLE(x[1], x[2]), handle);
	assert_int_equal(x[3], 112);
	assert_int_equal(x[4], 0);
	next[2] = 112;
	assert_int_equal(fragment(next, 4096, x), FFA_MEM_FRAG_RX_32);
	next[2] = x[3];
	assert_int_equal(fragment(next, SIZE(300) - next[2], x), FFA_SUCCESS_32);
	assert_int_equal(FFA_HANDLE(x[2], x[3]), handle);
	/* It is given in fragments, too. */
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(w[2], 300);
	assert_int_equal(w[3], 300);
	memset(host_at(PAGES), 1, 300 * 0x2000);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_SUM, handle, w), FFA_OK);
	assert_int_equal(w[2], 300 * 4096);
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void bad_fragments_end_the_descriptor(void **state)
{
	static const size_t bad[] = { 0, 8, 4097, 5000, 17 };
	uint64_t x[18], next[3];
	unsigned int n;

	(void)state;
	assert_int_equal(ffa_nw_status(FFA_MEM_FRAG_TX_32, 1, 2, 16), FFA_INVALID_PARAMETERS);
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(fragmented(96, next), FFA_MEM_FRAG_RX_32);
		assert_int_equal(fragment(next, bad[n], x), FFA_ERROR_32);
		assert_int_equal((int32_t)x[2], FFA_INVALID_PARAMETERS);
		assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 0);
		assert_int_equal(fragment(next, 16, x), FFA_ERROR_32);
	}
	/* The last one has what is missing, and no more. */
	assert_int_equal(fragmented(96, next), FFA_MEM_FRAG_RX_32);
	assert_int_equal(fragment(next, 4096, x), FFA_MEM_FRAG_RX_32);
	next[2] = x[3];
	assert_int_equal(fragment(next, SIZE(300) - next[2] + 16, x), FFA_ERROR_32);
	assert_int_equal((int32_t)x[2], FFA_INVALID_PARAMETERS);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 0);
	/* Another handle, or a sender's name, leaves it alone. */
	assert_int_equal(fragmented(96, next), FFA_MEM_FRAG_RX_32);
	assert_int_equal(ffa_nw_status(FFA_MEM_FRAG_TX_32, next[0] + 1, next[1], 16),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_MEM_FRAG_TX_32, next[0], next[1], 16, 0x10000),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 1);
	/* The endpoints belong into the first one. */
	assert_int_equal(fragmented(64, next), FFA_ERROR_32);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 0);
	assert_int_equal(fragmented(88, next), FFA_ERROR_32);
}

static void an_abandoned_descriptor_is_forgotten(void **state)
{
	uint64_t next[3], handle;

	(void)state;
	assert_int_equal(fragmented(96, next), FFA_MEM_FRAG_RX_32);
	handle = share(FFA_MEM_SHARE_64, make(ID_WORKER, 2));
	assert_true(ffa_nw_said("which is forgotten"));
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 1);
	assert_int_equal(fragmented(96, next), FFA_MEM_FRAG_RX_32);
	assert_int_equal(ffa_nw_status(FFA_RXTX_UNMAP_32), FFA_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 1);
	assert_int_equal(reclaim(handle), FFA_OK);
}

static void a_broken_partition_holds_nothing(void **state)
{
	uint64_t handle = share(FFA_MEM_SHARE_64, make(ID_WORKER, 2));
	uint32_t w[5];

	(void)state;
	assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_ABORT),
			 FFA_ABORTED);
	assert_int_equal(reclaim(handle), FFA_OK);
	/* Its own memory of it is the harness's to free. */
	assert_true(spmc_mend(&host.world.spmc, ID_WORKER));
}

static void ten_thousand_times_leave_nothing(void **state)
{
	uint64_t handle;
	uint32_t w[5];
	unsigned int n;

	(void)state;
	for (n = 0; n < 10000; n++) {
		handle = share(FFA_MEM_SHARE_64, make(ID_WORKER, 3));
		assert_int_equal(work(ID_WORKER, WORKER_CMD_RETRIEVE, handle, w), FFA_OK);
		assert_int_equal(work(ID_WORKER, WORKER_CMD_RELINQUISH, handle, w), FFA_OK);
		assert_int_equal(reclaim(handle), FFA_OK);
	}
}

#define with(setup, test)	cmocka_unit_test_setup_teardown(test, setup, ffa_nw_teardown)
#define ready(test)		with(ffa_nw_setup, test)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ready(shared_memory_is_used_and_reclaimed),
		ready(handles_carry_into_the_upper_half),
		with(ffa_nw_setup_1_0, octets_of_1_0_are_understood),
		with(ffa_nw_setup_1_1, octets_of_1_1_are_understood),
		ready(octets_of_1_2_are_understood),
		ready(heads_are_checked),
		ready(lengths_are_checked),
		ready(memory_is_given_away_once),
		ready(two_may_share),
		ready(memory_is_lent),
		ready(a_descriptor_comes_in_fragments),
		ready(bad_fragments_end_the_descriptor),
		ready(an_abandoned_descriptor_is_forgotten),
		ready(a_broken_partition_holds_nothing),
		ready(ten_thousand_times_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
