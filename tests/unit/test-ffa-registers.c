// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: what the partition manager answers, register by register, as typed from the description. */
#include "ffa-nw.h"
#include "ffa-calls.h"
#include "ffa-descriptors.h"
#include "ffa-registers.h"

/* @partition: who asks, NULL for the normal world */
static void answers_to(struct partition *partition, const char *name,
		       const struct vector_ffa *vector)
{
	uint64_t x[VECTOR_FFA_REGISTERS];
	unsigned int n;

	memcpy(x, vector->in, sizeof(x));
	if (partition)
		partition_call(partition, x);
	else
		ffa_nw_smc(x);
	for (n = 0; n < VECTOR_FFA_REGISTERS; n++)
		if (x[n] != vector->out[n])
			fail_msg("%s: x%u is %lx, want %lx", name, n, (unsigned long)x[n],
				 (unsigned long)vector->out[n]);
}

#define ANSWERS(name)	answers_to(NULL, #name, &vector_ffa_##name)

static struct partition *worker(void)
{
	return spmc_partition(&host.world.spmc, ID_WORKER);
}

#define ANSWERS_WORKER(name)	answers_to(worker(), #name, &vector_ffa_##name)

static int setup_1_2(void **state)
{
	if (ffa_nw_setup_plain(state))
		return -1;
	return ffa_nw(FFA_VERSION_32, 0x10002) == 0x10002 ? 0 : -1;
}

static void buffers(void **state)
{
	(void)state;
	/* Where the test's normal world has memory. */
	assert_int_equal(VECTOR_FFA_TX, FFA_NW_TX);
	assert_int_equal(VECTOR_FFA_RX, FFA_NW_RX);
	ANSWERS(features_rxtx);
	ANSWERS(rxtx_map);
	assert_ptr_equal(host.world.spmc.normal_world.buffers.tx, host_at(VECTOR_FFA_TX));
	assert_ptr_equal(host.world.spmc.normal_world.buffers.rx, host_at(VECTOR_FFA_RX));
	assert_int_equal(host.world.spmc.normal_world.buffers.size, 0x4000);
	ANSWERS(rxtx_map_again);
	ANSWERS(rxtx_unmap);
	ANSWERS(rxtx_unmap_again);
}

static void partitions_in_registers(void **state)
{
	(void)state;
	ANSWERS(info_regs);
	ANSWERS(info_regs_fifth);
	ANSWERS(info_regs_uuid);
	ANSWERS(info_regs_nobody);
}

static void requests_with_a_uuid(void **state)
{
	(void)state;
	ANSWERS(direct2);
}

static void notify(uint32_t flags, uint64_t bitmap)
{
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, (uint32_t)bitmap,
				       (uint32_t)(bitmap >> 32), flags), FFA_OK);
}

/* 63, and 1 for two virtual CPUs; 34 and 3 the other way. */
static void set_all(void)
{
	notify(0, 1ULL << 63);
	notify(1 << 16 | 1, 2);
	notify(3 << 16 | 1, 2);
	ANSWERS(set);
	ANSWERS(set_per_vcpu);
	ANSWERS(set_no_such_vcpu);
}

static void notifications(void **state)
{
	(void)state;
	ANSWERS(bitmap_create);
	ANSWERS(bitmap_create_again);
	ANSWERS(bind);
	ANSWERS(bind_again);
	ANSWERS(bind_per_vcpu);
	/* The partition's own: 34 for all, 3 for each of its virtual CPUs, of which it has one. */
	assert_int_equal(ffa_sp_status(ID_WORKER, 0x8400007f, 0x00008003, 0, 0, 4), FFA_OK);
	assert_int_equal(ffa_sp_status(ID_WORKER, 0x8400007f, 0x00008003, 1, 8, 0), FFA_OK);
	set_all();
	ANSWERS(info_get_64);
	ANSWERS(info_get_nothing);
	ANSWERS(unbind_pending);
	ANSWERS(get_0);
	ANSWERS(get_1);
	ANSWERS(get_3);
	ANSWERS(get_nothing[0]);
	ANSWERS(get_nothing[3]);
	ANSWERS(bitmap_destroy_bound);
	ANSWERS(unbind);
	ANSWERS(unbind_per_vcpu);
	ANSWERS(bitmap_destroy);
}

static void notifications_told_in_32_bits(void **state)
{
	(void)state;
	ANSWERS(bitmap_create);
	ANSWERS(bind);
	ANSWERS(bind_per_vcpu);
	assert_int_equal(ffa_sp_status(ID_WORKER, 0x8400007f, 0x00008003, 0, 0, 4), FFA_OK);
	assert_int_equal(ffa_sp_status(ID_WORKER, 0x8400007f, 0x00008003, 1, 8, 0), FFA_OK);
	set_all();
	ANSWERS(info_get_32);
	ANSWERS(info_get_nothing);
}

static void versions_and_ids(void **state)
{
	(void)state;
	ANSWERS(version_bit_31);
	ANSWERS(version_1_2);
	ANSWERS(id_get);
	ANSWERS(spm_id_get);
	ANSWERS_WORKER(id_get_8003);
	ANSWERS_WORKER(spm_id_get);
}

static void partitions_in_rx(void **state)
{
	(void)state;
	ANSWERS(rxtx_map);
	ANSWERS(info_count);
	ANSWERS(rx_release_again);
	ANSWERS(info_get_uuid);
	ANSWERS(rx_release);
	ANSWERS(rx_release_again);
}

static void partitions_in_rx_of_1_0(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw(FFA_VERSION_32, 0x10000), 0x10002);
	ANSWERS(rxtx_map);
	ANSWERS(info_get_uuid_of_1_0);
	ANSWERS(rx_release);
}

static void messages(void **state)
{
	(void)state;
	ANSWERS(direct_32);
	ANSWERS(direct_64);
	ANSWERS(direct_yields);
	ANSWERS(direct_busy);
	ANSWERS(run_after_yield);
	host.interrupt_after = 40;
	ANSWERS(direct_interrupted);
	host.interrupt_after = 0;
	ANSWERS(direct_busy);
	ANSWERS(run_after_interrupt);
	ANSWERS(run_idle);
}

/* 3 pages, or many ranges of one, in TX for the worker. */
static void describe(unsigned int ranges)
{
	uint8_t *tx = host_at(VECTOR_FFA_TX);
	unsigned int n;

	memcpy(tx, vector_ffa_share_v1_2, sizeof(vector_ffa_share_v1_2));
	if (ranges == 2)
		return;
	memcpy(tx + 80, &ranges, 4);
	memcpy(tx + 84, &ranges, 4);
	for (n = 0; n < ranges; n++) {
		struct ffa_mem_range_desc range = { 0x40400000 + n * 0x2000, 1, 0 };

		memcpy(tx + 96 + n * 16, &range, 16);
	}
}

/* What RETRIEVE_REQ has of a descriptor: head and receiver, with the handle, and no ranges. */
static void describe_request(uint64_t handle)
{
	uint8_t *tx = (uint8_t *)worker()->endpoint.buffers.tx;

	memcpy(tx, vector_ffa_share_v1_2, 80);
	memset(tx + 2, 0, 2);
	memcpy(tx + 8, &handle, 8);
	memset(tx + 50, 0, 6);
}

static void memory(void **state)
{
	uint8_t *tx = (uint8_t *)worker()->endpoint.buffers.tx;
	const uint64_t handle = 0x0f4d0000fffffff8;

	(void)state;
	ANSWERS(rxtx_map);
	describe(2);
	ANSWERS(share);
	describe_request(handle);
	ANSWERS_WORKER(retrieve);
	ANSWERS_WORKER(rx_release);
	memcpy(tx, vector_ffa_relinquish, sizeof(vector_ffa_relinquish));
	memcpy(tx, &handle, 8);
	ANSWERS_WORKER(relinquish_call);
	ANSWERS(reclaim);
	ANSWERS(reclaim_again);
	describe(2);
	((uint8_t *)host_at(VECTOR_FFA_TX))[2] = 0;
	ANSWERS(lend);
	ANSWERS(reclaim_lent);
}

static void memory_in_fragments(void **state)
{
	static const struct vector_ffa share_286 = {
		{ 0xc4000073, 4672, 4672 }, { 0x84000061, 0, 0xfffffff8, 0x0f4d0000 },
	};
	uint8_t *tx = (uint8_t *)worker()->endpoint.buffers.tx;

	(void)state;
	ANSWERS(rxtx_map);
	describe(286);
	answers_to(NULL, "share", &share_286);
	describe_request(0x0f4d0000fffffff8);
	ANSWERS_WORKER(retrieve_many);
	ANSWERS_WORKER(rx_release);
	ANSWERS_WORKER(retrieve_rest);
	ANSWERS_WORKER(rx_release);
	memcpy(tx, vector_ffa_relinquish, sizeof(vector_ffa_relinquish));
	memcpy(tx, &share_286.out[2], 4);
	memcpy(tx + 4, &share_286.out[3], 4);
	ANSWERS_WORKER(relinquish_call);
	ANSWERS(reclaim);
}

static void console(void **state)
{
	(void)state;
	ANSWERS(console_log_refused);
	ANSWERS_WORKER(console_log);
	/* It ends with the line. */
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_CONSOLE_LOG_32, 1, '\n'), FFA_OK);
	assert_true(ffa_nw_said("8003: hello"));
}

#define ready(test)	cmocka_unit_test_setup_teardown(test, setup_1_2, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ready(buffers),
		ready(partitions_in_registers),
		ready(requests_with_a_uuid),
		ready(notifications),
		ready(notifications_told_in_32_bits),
		ready(versions_and_ids),
		ready(partitions_in_rx),
		cmocka_unit_test_setup_teardown(partitions_in_rx_of_1_0, ffa_nw_setup_plain,
						ffa_nw_teardown),
		ready(messages),
		ready(memory),
		ready(memory_in_fragments),
		ready(console),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
