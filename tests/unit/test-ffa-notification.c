// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: notifications, and the interrupts that tell of them. */
#include "ffa-nw.h"

#define SRI	(1U << 8)
#define NPI	(1U << 9)
#define FROM(id)	FFA_PAIR(id, 0)

static int32_t create(unsigned int vcpus)
{
	return ffa_nw_status(FFA_NOTIFICATION_BITMAP_CREATE_32, 0, vcpus);
}

static int32_t destroy(void)
{
	return ffa_nw_status(FFA_NOTIFICATION_BITMAP_DESTROY_32);
}

static int32_t bind(uint16_t id, uint32_t flags, uint64_t bitmap)
{
	return ffa_nw_status(FFA_NOTIFICATION_BIND_32, FROM(id), flags, (uint32_t)bitmap,
			     bitmap >> 32);
}

static int32_t unbind(uint16_t id, uint64_t bitmap)
{
	return ffa_nw_status(FFA_NOTIFICATION_UNBIND_32, FROM(id), 0, (uint32_t)bitmap,
			     bitmap >> 32);
}

/* The worker sets them. */
static int32_t set(uint32_t flags, uint64_t bitmap)
{
	return ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, (uint32_t)bitmap,
			     (uint32_t)(bitmap >> 32), flags);
}

static uint64_t get(unsigned int vcpu)
{
	uint64_t x[18] = { FFA_NOTIFICATION_GET_32, (uint64_t)vcpu << 16, 5 };
	unsigned int n;

	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	for (n = 4; n < 18; n++)
		assert_int_equal(x[n], 0);
	return x[2] | x[3] << 32;
}

static void a_partition_notifies(void **state)
{
	uint64_t x[18] = { FFA_NOTIFICATION_INFO_GET_64 };

	(void)state;
	assert_int_equal(create(4), FFA_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BITMAPS), 1);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
	assert_int_equal(bind(ID_WORKER, 0, 1ULL << 63 | 1), FFA_OK);
	assert_int_equal(set(0, 1ULL << 63), FFA_OK);
	assert_int_equal(host.raised[0], SRI);
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_64);
	assert_int_equal(x[2], 1 << 7);		/* one list, of one id */
	assert_int_equal(x[3], 0);
	/* It tells once. */
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
	/* Twice is once. */
	assert_int_equal(set(0, 1), FFA_OK);
	assert_int_equal(set(0, 1), FFA_OK);
	assert_int_equal(ffa_nw(FFA_NOTIFICATION_INFO_GET_32), FFA_SUCCESS_32);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_INFO_GET_32), FFA_NO_DATA);
	assert_int_equal(unbind(ID_WORKER, 1), FFA_DENIED);
	assert_int_equal(get(0), 1ULL << 63 | 1);
	assert_int_equal(get(0), 0);
	assert_int_equal(destroy(), FFA_DENIED);
	assert_int_equal(unbind(ID_WORKER, 1ULL << 63 | 1), FFA_OK);
	assert_int_equal(set(0, 1), FFA_DENIED);
	assert_int_equal(destroy(), FFA_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BITMAPS), 0);
}

static void a_vcpu_is_notified(void **state)
{
	uint64_t x[18] = { FFA_NOTIFICATION_INFO_GET_64 };
	const uint32_t per_vcpu = FFA_NOTIFICATION_PER_VCPU;

	(void)state;
	assert_int_equal(create(4), FFA_OK);
	assert_int_equal(bind(ID_WORKER, per_vcpu, 6), FFA_OK);
	assert_int_equal(bind(ID_WORKER, 0, 8), FFA_OK);
	assert_int_equal(set(per_vcpu | 3 << 16, 2), FFA_OK);
	assert_int_equal(host.raised[3], NPI);
	assert_int_equal(host.raised[0], 0);
	assert_int_equal(set(per_vcpu | 1 << 16, 4), FFA_OK);
	assert_int_equal(set(0, 8), FFA_OK);
	assert_int_equal(host.raised[0], SRI);
	/* Bound in one way, set in the other; no such CPU. */
	assert_int_equal(set(0, 2), FFA_INVALID_PARAMETERS);
	assert_int_equal(set(per_vcpu, 8), FFA_INVALID_PARAMETERS);
	assert_int_equal(set(per_vcpu | 4 << 16, 2), FFA_INVALID_PARAMETERS);
	/* A list for all, and one with vCPUs 1 and 3. */
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_64);
	assert_int_equal(x[2], 2 << 7 | 2 << 14);
	assert_int_equal(x[3], 0x0003000100000000);
	assert_int_equal(get(1), 4 | 8);
	assert_int_equal(get(0), 0);
	assert_int_equal(get(3), 2);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_GET_32, 4 << 16, 1),
			 FFA_INVALID_PARAMETERS);
}

static void many_vcpus_are_told_in_turns(void **state)
{
	uint64_t x[18] = { FFA_NOTIFICATION_INFO_GET_32 };
	unsigned int n;

	(void)state;
	assert_int_equal(create(12), FFA_OK);
	assert_int_equal(bind(ID_WORKER, 1, 1), FFA_OK);
	for (n = 0; n < 12; n++)
		assert_int_equal(set(1 | n << 16, 1), FFA_OK);
	/* Ten ids: two lists of four, and no room for a third. */
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_32);
	assert_int_equal(x[2], 1 | 2 << 7 | 3 << 12 | 3 << 14);
	assert_int_equal(x[3], 0x00000000);
	assert_int_equal(x[4], 0x00020001);
	assert_int_equal(x[5], 0x00030000);
	assert_int_equal(x[6], 0x00050004);
	assert_int_equal(x[7], 0);
	memset(x, 0, sizeof(x));
	x[0] = FFA_NOTIFICATION_INFO_GET_32;
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_32);
	assert_int_equal(x[2], 2 << 7 | 3 << 12 | 3 << 14);
	assert_int_equal(x[6], 0x000b000a);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_INFO_GET_32), FFA_NO_DATA);
}

static void arguments_are_checked(void **state)
{
	(void)state;
	assert_int_equal(bind(ID_WORKER, 0, 1), FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_GET_32, 0, 1), FFA_NOT_SUPPORTED);
	assert_int_equal(destroy(), FFA_DENIED);
	assert_int_equal(create(0), FFA_INVALID_PARAMETERS);
	assert_int_equal(create(65), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_BITMAP_CREATE_32, 1, 4),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_BITMAP_CREATE_32, 0, 4, 1),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(create(4), FFA_OK);
	assert_int_equal(create(4), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_BITMAP_DESTROY_32, 1),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(bind(ID_WORKER, 0, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(bind(ID_WORKER, 2, 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(bind(0x8005, 0, 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(bind(0, 0, 1), FFA_INVALID_PARAMETERS);
	/* The other way round. */
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_BIND_32, FFA_PAIR(0, ID_WORKER), 0, 1),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(bind(ID_WORKER, 0, 3), FFA_OK);
	assert_int_equal(bind(ID_PEER, 0, 6), FFA_DENIED);
	assert_int_equal(bind(ID_PEER, 0, 4), FFA_OK);
	assert_int_equal(set(0, 4), FFA_DENIED);
	assert_int_equal(unbind(ID_WORKER, 4), FFA_DENIED);
	assert_int_equal(unbind(ID_WORKER, 8), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_UNBIND_32, FROM(ID_WORKER), 1, 1),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(set(0, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(set(4, 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(set(1 << 16, 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_GET_32, 0, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_GET_32, 0, 2), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_GET_32, 0, 8), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_GET_32, ID_WORKER, 1),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(host.raised[0], 0);
}

static void a_partition_is_notified(void **state)
{
	uint64_t x[18] = { FFA_NOTIFICATION_INFO_GET_64 };
	uint32_t w[5] = { WORKER_CMD_NOTIFIED };

	(void)state;
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_SET_32, FFA_PAIR(0, ID_WORKER), 0, 1),
			 FFA_DENIED);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_BIND, 5), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_SET_32, FFA_PAIR(0, ID_WORKER), 0, 4),
			 FFA_OK);
	assert_int_equal(host.raised[0], SRI);
	assert_int_equal(ffa_nw_smc(x), FFA_SUCCESS_64);
	assert_int_equal(x[2], 1 << 7);
	assert_int_equal(x[3], ID_WORKER);
	assert_int_equal(ffa_nw(FFA_RUN_32, (uint64_t)ID_WORKER << 16), FFA_MSG_WAIT_32);
	assert_int_equal(ffa_nw_work(ID_WORKER, w), FFA_OK);
	assert_int_equal(w[2], 4);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_BIND, 5, 0, 1), FFA_OK);
	/* Only a partition may ask for a delay; it has none to ask in the name of others. */
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_SET_32, FFA_PAIR(0, ID_WORKER), 2, 4),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_SET_32, FFA_PAIR(ID_PEER, ID_WORKER), 0,
				       4), FFA_INVALID_PARAMETERS);
	/* The peer receives none. */
	assert_int_equal(ffa_nw_worker(ID_PEER, WORKER_CMD_BIND, 5), FFA_NOT_SUPPORTED);
}

static void the_interrupt_may_be_delayed(void **state)
{
	(void)state;
	assert_int_equal(create(1), FFA_OK);
	assert_int_equal(bind(ID_WORKER, 0, 1), FFA_OK);
	fault_set(&host.world.guest.faults, SIM_FAULT_FFA_NOTIFICATION_LOST, 1, 0);
	assert_int_equal(set(0, 1), FFA_OK);
	assert_int_equal(host.raised[0], 0);
	assert_int_equal(set(FFA_NOTIFICATION_DELAY_SRI, 1), FFA_OK);
	/* When the request has been answered. */
	assert_int_equal(host.raised[0], SRI);
	assert_false(host.world.spmc.sri_delayed);
	assert_int_equal(get(0), 1);
}

static void a_cpu_that_goes_down_leaves_its_interrupt(void **state)
{
	(void)state;
	host.raised[0] = SRI | NPI;
	notification_cpu_off(0, 2);
	assert_int_equal(host.raised[0], NPI);
	assert_int_equal(host.raised[2], SRI);
	notification_cpu_off(1, 3);
	assert_int_equal(host.raised[3], 0);
}

static void there_are_none_in_1_0(void **state)
{
	(void)state;
	assert_int_equal(create(1), FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status(FFA_FEATURES_32, FFA_FEATURE_SRI), FFA_NOT_SUPPORTED);
}

#define ready(test)	cmocka_unit_test_setup_teardown(test, ffa_nw_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ready(a_partition_notifies),
		ready(a_vcpu_is_notified),
		ready(many_vcpus_are_told_in_turns),
		ready(arguments_are_checked),
		ready(a_partition_is_notified),
		ready(the_interrupt_may_be_delayed),
		ready(a_cpu_that_goes_down_leaves_its_interrupt),
		cmocka_unit_test_setup_teardown(there_are_none_in_1_0, ffa_nw_setup_1_0,
						ffa_nw_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
