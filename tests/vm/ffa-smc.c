// SPDX-License-Identifier: BSD-2-Clause
/* FF-A without a driver: calls as they are, to partitions that are there for tests. */
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/ffa_mem.h"
#include "abi/test_partitions.h"
#include "harness.h"
#include "world.h"

/* As they are numbered at boot. */
#define ID_ECHO		0x8001
#define ID_WORKER	0x8003

/* TX, RX, then what is shared. */
#define PAGE		4096
#define PAGES		8

static struct sim_smc call(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
			   uint64_t x5)
{
	struct sim_smc s = { .in = { id, x1, x2, x3, x4, x5 } };

	world_smc(&s);
	return s;
}

/* Goes on until the answer comes: an interrupt may cut short any request. */
static void finish(struct sim_smc *s)
{
	while ((uint32_t)s->out[0] == FFA_INTERRUPT_32 || (uint32_t)s->out[0] == FFA_YIELD_32)
		*s = call(FFA_RUN_32, s->out[1], 0, 0, 0, 0);
}

static struct sim_smc request(uint32_t fn, uint16_t id, uint64_t w3, uint64_t w4, uint64_t w5)
{
	struct sim_smc s = call(fn, id, 0, w3, w4, w5);

	finish(&s);
	return s;
}

/* w2 of an error, or FFA_OK. */
static int32_t status(const struct sim_smc *s)
{
	return (uint32_t)s->out[0] == FFA_ERROR_32 ? (int32_t)s->out[2] : FFA_OK;
}

static int32_t call_status(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct sim_smc s = call(id, x1, x2, x3, 0, 0);

	return status(&s);
}

static int32_t request_status(uint16_t id, uint32_t command)
{
	struct sim_smc s = request(FFA_MSG_SEND_DIRECT_REQ_32, id, command, 0, 0);

	return status(&s);
}

/* Skips the case where there is no FF-A, or not the partitions for tests. */
static void need_partitions(void)
{
	struct sim_smc s;
	uint32_t version;

	world_need();
	s = call(FFA_VERSION_32, FFA_VERSION_MAKE(1, 2), 0, 0, 0, 0);
	version = s.out[0];
	if ((int32_t)version == FFA_NOT_SUPPORTED)
		SKIP("the secure world has no FF-A");
	ASSERT_EQ(version, FFA_VERSION_MAKE(1, 2));
	s = request(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, WORKER_CMD_NOP, 0, 0);
	if (status(&s) == FFA_INVALID_PARAMETERS)
		SKIP("the secure world has no partitions for tests");
	ASSERT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
}

/* A request of the worker, to its end; w: words, then the answer. Its status. */
static int32_t work(uint32_t w[5])
{
	struct sim_smc s = {
		.in = { FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, w[0], w[1], w[2], w[3], w[4] },
	};

	world_smc(&s);
	finish(&s);
	ASSERT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	ASSERT_EQ((uint32_t)s.out[1], FFA_PAIR(ID_WORKER, 0));
	for (unsigned int n = 0; n < 5; n++)
		w[n] = (uint32_t)s.out[3 + n];
	return (int32_t)w[1];
}

TEST(without_ffa_all_its_calls_are_unknown)
{
	world_need();
	if ((int32_t)call(FFA_VERSION_32, FFA_VERSION_MAKE(1, 2), 0, 0, 0, 0).out[0] !=
	    FFA_NOT_SUPPORTED)
		SKIP("the secure world has FF-A");
	for (uint32_t n = FFA_FIRST_NUMBER; n <= FFA_LAST_NUMBER; n++) {
		EXPECT_EQ((int32_t)call(FFA_ID_32(n), 0, 0, 0, 0, 0).out[0], FFA_NOT_SUPPORTED);
		EXPECT_EQ((int32_t)call(FFA_ID_64(n), 0, 0, 0, 0, 0).out[0], FFA_NOT_SUPPORTED);
	}
}

TEST(words_come_back_in_both_widths)
{
	const uint64_t word = 0x1122334455667788;
	struct sim_smc s;

	need_partitions();
	s = request(FFA_MSG_SEND_DIRECT_REQ_64, ID_ECHO, word, 2, 3);
	EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_64);
	EXPECT_EQ(s.out[1], FFA_PAIR(ID_ECHO, 0));
	EXPECT(s.out[3] == word);
	EXPECT_EQ(s.out[5], 3);
	s = request(FFA_MSG_SEND_DIRECT_REQ_32, ID_ECHO, word, 2, 3);
	EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	EXPECT_EQ(s.out[3], 0x55667788);
}

TEST(registers_beyond_the_results_are_kept)
{
	/* Results are x0 to x17. */
	const uint64_t results = (1 << 18) - 1;
	struct sim_smc s = {
		.in = { FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_SPIN, 5 },
		.flags = SIM_SMC_CHECK_REGS,
	};
	uint64_t changed = 0;

	need_partitions();
	do {
		world_smc(&s);
		changed |= s.changed;
		memset(s.in, 0, sizeof(s.in));
		s.in[0] = FFA_RUN_32;
		s.in[1] = s.out[1];
	} while ((uint32_t)s.out[0] == FFA_INTERRUPT_32);
	EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	EXPECT_EQ(changed & ~results, 0);
}

static void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ASSERT_RC(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* On a busy machine all of that time may pass while this one stands still: hence several. */
#define ATTEMPTS	20

/* A request that an interrupt cuts short. */
static struct sim_smc interrupted(void)
{
	for (unsigned int n = 0; n < ATTEMPTS; n++) {
		struct sim_smc s = call(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_SPIN,
					200, 0);

		if ((uint32_t)s.out[0] == FFA_INTERRUPT_32)
			return s;
		EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	}
	FAIL("%u requests were answered without an interrupt", ATTEMPTS);
}

TEST(an_interrupted_partition_goes_on_on_either_cpu)
{
	uint64_t here, elsewhere;
	unsigned int turn = 0;
	int cpu = 0;

	need_partitions();
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP("needs two CPUs");
	use_cpu(0);
	here = world_counter(SIM_COUNTER_FFA_RUNS_HERE);
	elsewhere = world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
	for (unsigned int n = 0; n < ATTEMPTS && turn < 4; n++) {
		struct sim_smc s = interrupted();

		EXPECT_EQ(s.out[1], (uint64_t)ID_WORKER << 16);
		while ((uint32_t)s.out[0] == FFA_INTERRUPT_32) {
			/* Every second time. */
			if (turn++ % 2)
				use_cpu(cpu ^= 1);
			s = call(FFA_RUN_32, s.out[1], 0, 0, 0, 0);
		}
		EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	}
	EXPECT_GT(world_counter(SIM_COUNTER_FFA_RUNS_HERE), here);
	EXPECT_GT(world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE), elsewhere);
}

TEST(a_suspended_partition_is_busy)
{
	struct sim_smc s;

	need_partitions();
	s = interrupted();
	EXPECT_EQ(request_status(ID_WORKER, WORKER_CMD_NOP), FFA_BUSY);
	EXPECT_EQ(call_status(FFA_RUN_32, (uint64_t)ID_WORKER << 16 | 1, 0, 0),
		  FFA_INVALID_PARAMETERS);
	EXPECT_EQ(call_status(FFA_RUN_32, (uint64_t)ID_ECHO << 16, 0, 0), FFA_DENIED);
	EXPECT_EQ((uint32_t)request(FFA_MSG_SEND_DIRECT_REQ_32, ID_ECHO, 0, 0, 0).out[0],
		  FFA_MSG_SEND_DIRECT_RESP_32);
	finish(&s);
	EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	EXPECT_EQ(call_status(FFA_RUN_32, 0x80040000, 0, 0), FFA_DENIED);
}

TEST(a_partition_yields)
{
	struct sim_smc s;
	unsigned int yields = 0;

	need_partitions();
	s = call(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_YIELD, 3, 1000);
	for (;;) {
		if ((uint32_t)s.out[0] == FFA_YIELD_32) {
			yields++;
			EXPECT_EQ(s.out[2], 1000);
		} else if ((uint32_t)s.out[0] != FFA_INTERRUPT_32) {
			break;
		}
		s = call(FFA_RUN_32, s.out[1], 0, 0, 0, 0);
	}
	EXPECT_EQ((uint32_t)s.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	EXPECT_EQ(yields, 3);
}

TEST(a_broken_partition_is_broken_until_it_is_mended)
{
	struct sim_control mend = { .op = SIM_OP_FFA_MEND, .arg = { ID_WORKER } };

	need_partitions();
	EXPECT_EQ(request_status(ID_WORKER, WORKER_CMD_ABORT), FFA_ABORTED);
	EXPECT_EQ(request_status(ID_WORKER, WORKER_CMD_NOP), FFA_ABORTED);
	ASSERT_RC(world_control(&mend), 0);
	EXPECT_EQ(mend.status, SMCCC_SUCCESS);
	EXPECT_EQ(request_status(ID_WORKER, WORKER_CMD_NOP), FFA_OK);
}

/* The descriptor of 1.2 for @count pages from @first on, one range, in TX. */
static size_t describe(struct shared_pages *p, unsigned int first, unsigned int count)
{
	struct ffa_mem_transaction_desc *head = (void *)p->va;
	struct ffa_endpoint_mem_access_desc *endpoint = (void *)(head + 1);
	struct ffa_composite_mem_desc *composite = (void *)(endpoint + 1);
	struct ffa_mem_range_desc *range = (void *)(composite + 1);

	memset(p->va, 0, PAGE);
	head->attributes = FFA_MEM_ATTR_USUAL;
	head->tag = 5;
	head->endpoint_size = sizeof(*endpoint);
	head->endpoint_count = 1;
	head->endpoint_offset = sizeof(*head);
	endpoint->receiver = ID_WORKER;
	endpoint->permissions = FFA_MEM_PERMISSION_RW;
	endpoint->composite_offset = sizeof(*head) + sizeof(*endpoint);
	composite->page_count = count;
	composite->range_count = 1;
	range->address = p->phys + first * PAGE;
	range->page_count = count;
	return (uint8_t *)(range + 1) - p->va;
}

TEST(memory_is_shared_used_and_reclaimed)
{
	struct shared_pages p;
	uint32_t w[5] = { 0 };
	struct sim_smc s;
	uint64_t handle;
	size_t size;

	need_partitions();
	world_pages(&p, PAGES * PAGE);
	if (call_status(FFA_RXTX_MAP_64, p.phys, p.phys + PAGE, 1) == FFA_DENIED)
		SKIP("a driver has mapped its buffers");
	memset(p.va + 2 * PAGE, 3, 2 * PAGE);
	size = describe(&p, 2, 2);
	s = call(FFA_MEM_SHARE_64, size, size, 0, 0, 0);
	ASSERT_EQ((uint32_t)s.out[0], FFA_SUCCESS_32);
	handle = FFA_HANDLE(s.out[2], s.out[3]);
	/* The descriptor is no longer needed; the pages cannot be shared once more. */
	size = describe(&p, 3, 1);
	EXPECT_EQ(call_status(FFA_MEM_SHARE_64, size, size, 0), FFA_DENIED);
	memset(p.va, 0xff, PAGE);
	w[0] = WORKER_CMD_RETRIEVE;
	w[1] = handle;
	w[2] = handle >> 32;
	w[3] = 5;
	ASSERT_EQ(work(w), FFA_OK);
	EXPECT_EQ(w[2], 2);
	w[0] = WORKER_CMD_SUM;
	w[1] = handle;
	w[2] = handle >> 32;
	EXPECT_EQ(work(w), FFA_OK);
	EXPECT_EQ(w[2], 3 * 2 * PAGE);
	w[0] = WORKER_CMD_FILL;
	w[1] = handle;
	w[2] = handle >> 32;
	w[3] = 9;
	EXPECT_EQ(work(w), FFA_OK);
	EXPECT_EQ(p.va[4 * PAGE - 1], 9);
	EXPECT_EQ(p.va[4 * PAGE], 0);
	EXPECT_EQ(call_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, 0), FFA_DENIED);
	w[0] = WORKER_CMD_RELINQUISH;
	w[1] = handle;
	w[2] = handle >> 32;
	EXPECT_EQ(work(w), FFA_OK);
	EXPECT_EQ(call_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, 0), FFA_OK);
	EXPECT_EQ(call_status(FFA_MEM_RECLAIM_32, (uint32_t)handle, handle >> 32, 0),
		  FFA_INVALID_PARAMETERS);
	EXPECT_EQ(call_status(FFA_RXTX_UNMAP_32, 0, 0, 0), FFA_OK);
	EXPECT_EQ(call_status(FFA_RXTX_UNMAP_32, 0, 0, 0), FFA_INVALID_PARAMETERS);
}

TEST(partitions_are_listed)
{
	const struct ffa_partition_info_desc *info;
	struct shared_pages p;
	struct sim_smc s;
	bool found = false;

	need_partitions();
	world_pages(&p, 2 * PAGE);
	if (call_status(FFA_RXTX_MAP_64, p.phys, p.phys + PAGE, 1) == FFA_DENIED)
		SKIP("a driver has mapped its buffers");
	s = call(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 0);
	EXPECT_EQ(status(&s), FFA_OK);
	EXPECT_EQ(s.out[3], sizeof(*info));
	info = (const void *)(p.va + PAGE);
	for (uint64_t n = 0; n < s.out[2]; n++)
		found |= info[n].id == ID_WORKER &&
			 info[n].properties & FFA_PROPERTY_DIRECT_REQ_RECV;
	EXPECT(found);
	EXPECT_EQ(call_status(FFA_RX_RELEASE_32, 0, 0, 0), FFA_OK);
	EXPECT_EQ(call_status(FFA_RX_RELEASE_32, 0, 0, 0), FFA_DENIED);
	EXPECT_EQ(call_status(FFA_RXTX_UNMAP_32, 0, 0, 0), FFA_OK);
}
