// SPDX-License-Identifier: BSD-2-Clause
#include "nw.h"
#include "alarm.h"
#include "cpu.h"
#include "psci.h"

static int64_t psci(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	uint64_t a[8] = { id, x1, x2, x3 };

	return (int64_t)nw_smc(a);
}

static void cpu_goes_on_and_off_repeatedly(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 0; n < 3; n++) {
		assert_int_equal(psci(PSCI_AFFINITY_INFO_64, 2, 0, 0), PSCI_AFFINITY_OFF);
		assert_int_equal(psci(PSCI_CPU_ON_64, 2, NW_DATA, 99), PSCI_SUCCESS);
		assert_int_equal(host.last_woken, 2);
		assert_int_equal(psci(PSCI_CPU_ON_64, 2, NW_DATA, 99), PSCI_ON_PENDING);
		assert_int_equal(psci(PSCI_AFFINITY_INFO_64, 2, 0, 0), PSCI_AFFINITY_ON_PENDING);
		psci_wait_on(&host.world.psci, &cpus[2]);
		assert_int_equal(cpus[2].entry, NW_DATA);
		assert_int_equal(cpus[2].entry_argument, 99);
		assert_int_equal(psci(PSCI_CPU_ON_64, 2, NW_DATA, 99), PSCI_ALREADY_ON);
		cpus[2].power_state = PSCI_AFFINITY_OFF;
	}
}

static void bad_targets_are_refused(void **state)
{
	(void)state;
	assert_int_equal(psci(PSCI_CPU_ON_64, 4, NW_DATA, 0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci(PSCI_CPU_ON_64, UINT64_MAX, NW_DATA, 0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci(PSCI_CPU_ON_64, 1, 0x0e000000, 0), PSCI_INVALID_ADDRESS);
	assert_int_equal(psci(PSCI_CPU_ON_64, 1, NW_DATA + 2, 0), PSCI_INVALID_ADDRESS);
	assert_int_equal(psci(PSCI_AFFINITY_INFO_64, 1, 1, 0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci(PSCI_AFFINITY_INFO_64, 9, 0, 0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci(PSCI_CPU_SUSPEND_64, PSCI_POWER_STATE_TYPE_DOWN, 0, 0),
			 PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci(PSCI_CPU_SUSPEND_64, 0, 0, 0), PSCI_SUCCESS);
	/* The 32-bit convention sees lower halves only. */
	assert_int_equal(psci(PSCI_AFFINITY_INFO_32, 0xffffffff00000000ULL, 0, 0),
			 PSCI_AFFINITY_ON);
}

static void features_are_told(void **state)
{
	(void)state;
	assert_int_equal(psci(PSCI_VERSION, 0, 0, 0), 0x10001);
	assert_int_equal(psci(PSCI_FEATURES, PSCI_CPU_ON_64, 0, 0), 0);
	assert_int_equal(psci(PSCI_FEATURES, 0x84000012, 0, 0), PSCI_NOT_SUPPORTED);
	assert_int_equal(psci(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2);
	assert_int_equal(psci(0x84000063, 0, 0, 0), PSCI_NOT_SUPPORTED);
}

static void machine_ends(void **state)
{
	(void)state;
	host_end_expected = true;
	if (!setjmp(host_end))
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	assert_true(host.powered_off);
	if (!setjmp(host_end))
		psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	assert_true(host.reset);
	if (!setjmp(host_end))
		psci(PSCI_CPU_OFF, 0, 0, 0);
	assert_int_equal(cpus[0].power_state, PSCI_AFFINITY_OFF);
	host_end_expected = false;
}

static void what_a_cpu_leaves_is_moved(void **state)
{
	struct guest *guest = &host.world.guest;
	uint64_t a[8] = { OPTEE_SMC_ENABLE_ASYNC_NOTIF };

	(void)state;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	cpus[2].power_state = PSCI_AFFINITY_ON;
	notif_post(guest, 5);
	assert_int_equal(host.notified, 1);
	assert_true(notif_sim_storm(guest, 0, 6, 1, 100));
	assert_int_not_equal(host.alarm, 0);
	host_end_expected = true;
	if (!setjmp(host_end))
		psci(PSCI_CPU_OFF, 0, 0, 0);
	host_end_expected = false;
	/* The interrupt is the other one's now, and that one is told of the alarm. */
	assert_int_equal(host.notified, 1 << 2);
	assert_int_equal(nw_counter(SIM_COUNTER_NOTIF_MOVED), 1);
	assert_int_equal(host.alarm, 0);
	assert_int_equal(host.last_kicked, 2);
	host.cpu = 2;
	alarm_interrupt();
	assert_int_not_equal(host.alarm, 0);
	host.ticks = host.alarm;
	alarm_interrupt();
	assert_int_equal(host.alarm, 0);
	assert_int_equal(notif_pending(guest), 2);
	host.cpu = 0;
}

static void unknown_owners_answer_minus_one(void **state)
{
	static const uint32_t ids[] = {
		0x81000000, 0x82000000, 0xc2000000, 0x85000000, 0xb0000000, 0x86000001,
		0x84000060, 0x80008000, 0x83000055,
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(ids); n++)
		assert_int_equal(psci(ids[n], 0, 0, 0), -1);
	assert_int_equal(psci(0x80000000, 0, 0, 0), 0x10002);
	host.world.config.optee = false;
	assert_int_equal(psci(OPTEE_SMC_CALLS_UID, 0, 0, 0), -1);
	assert_int_equal(psci(OPTEE_SMC_CALL_WITH_ARG, 0, 0, 0), -1);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(cpu_goes_on_and_off_repeatedly),
		CASE(bad_targets_are_refused),
		CASE(features_are_told),
		CASE(machine_ends),
		CASE(what_a_cpu_leaves_is_moved),
		CASE(unknown_owners_answer_minus_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
