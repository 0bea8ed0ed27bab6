// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory that is shared with partitions when a kernel ends. For tests/harness/kexec-ts.sh, which
 * says by OMNITEE_BEFORE whether this is the kernel that ends or the next one.
 */
#include "abi/ts_storage.h"
#include "harness.h"
#include "kexec.h"
#include "ts.h"
#include "world.h"

#define FOR_EVER	(1ULL << 40)
#define PIECES		3

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
