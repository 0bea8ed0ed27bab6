// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: what the partition manager answers, register by register, as typed from the description. */
#include "ffa-nw.h"
#include "ffa-registers.h"

static void answers(const char *name, const struct vector_ffa *vector)
{
	uint64_t x[VECTOR_FFA_REGISTERS];
	unsigned int n;

	memcpy(x, vector->in, sizeof(x));
	ffa_nw_smc(x);
	for (n = 0; n < VECTOR_FFA_REGISTERS; n++)
		if (x[n] != vector->out[n])
			fail_msg("%s: x%u is %lx, want %lx", name, n, (unsigned long)x[n],
				 (unsigned long)vector->out[n]);
}

#define ANSWERS(name)	answers(#name, &vector_ffa_##name)

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

#define ready(test)	cmocka_unit_test_setup_teardown(test, setup_1_2, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ready(buffers),
		ready(partitions_in_registers),
		ready(requests_with_a_uuid),
		ready(notifications),
		ready(notifications_told_in_32_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
