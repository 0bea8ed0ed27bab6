// SPDX-License-Identifier: BSD-2-Clause
/* A virtualised secure world: guests come, keep to themselves, and go. */
#include "nw.h"
#include "alarm.h"

#define ECHO		1
#define SLOW		3
#define HELD_MESSAGE	NW_DATA
#define NOBODY		77

static int two_guests(void **state)
{
	(void)state;
	nw_client = 0;
	return host_start("guests=2 threads=2") ? 0 : -1;
}

static int hosted(void **state)
{
	(void)state;
	nw_client = 0;
	return host_start("guests=2 threads=2 hypervisor=on") ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	host_stop();
	nw_client = 0;
	return 0;
}

static uint64_t fast(uint32_t id, uint64_t a1, uint64_t client)
{
	uint64_t a[8] = { id, a1, [7] = client };

	return nw_smc(a);
}

static uint64_t create(uint64_t guest)
{
	return fast(OPTEE_SMC_VM_CREATED, guest, 0);
}

static uint64_t destroy(uint64_t guest)
{
	return fast(OPTEE_SMC_VM_DESTROYED, guest, 0);
}

static uint64_t of_guest(uint64_t guest, unsigned int counter)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_GUEST, guest };

	assert_int_equal(nw_smc(a), SMCCC_SUCCESS);
	return nw_counter(counter);
}

static void be(uint64_t guest)
{
	nw_client = guest;
}

/* A call of a guest that is preempted; its thread. */
static uint32_t begin_held(uint64_t guest)
{
	struct optee_msg_arg *arg = host_at(HELD_MESSAGE);
	uint64_t a[8] = { OPTEE_SMC_CALL_WITH_ARG, 0, HELD_MESSAGE, [7] = guest };
	uint32_t session;

	be(guest);
	session = nw_open(SLOW);
	memset(arg, 0, OPTEE_MSG_PAGE_SIZE);
	arg->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	arg->session = session;
	arg->func = SLOW_CMD_SPIN;
	arg->num_params = 2;
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = 100;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	host.interrupt_after = 40;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RPC_FOREIGN_INTR);
	host.interrupt_after = 0;
	return (uint32_t)a[3];
}

static uint64_t resume(uint32_t thread, uint64_t guest)
{
	uint64_t a[8] = { OPTEE_SMC_RETURN_FROM_RPC, 0, 0, thread, [7] = guest };

	return nw_smc(a);
}

static void virtualisation_is_announced(void **state)
{
	uint64_t a[8] = { OPTEE_SMC_EXCHANGE_CAPABILITIES };

	(void)state;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_true(a[1] & OPTEE_SMC_SEC_CAP_VIRTUALIZATION);
}

static void without_guests_the_calls_are_unknown(void **state)
{
	uint64_t a[8] = { OPTEE_SMC_EXCHANGE_CAPABILITIES };

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_false(a[1] & OPTEE_SMC_SEC_CAP_VIRTUALIZATION);
	/* And nobody looks at a7. */
	be(NOBODY);
	assert_int_equal(nw_close(nw_open(ECHO)), TEE_SUCCESS);
}

static void hypervisor_may_ask_who_is_there(void **state)
{
	static const uint32_t harmless[] = {
		OPTEE_SMC_CALLS_UID, OPTEE_SMC_CALLS_REVISION, OPTEE_SMC_GET_OS_UUID,
		OPTEE_SMC_GET_OS_REVISION, OPTEE_SMC_EXCHANGE_CAPABILITIES,
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(harmless); n++)
		assert_int_not_equal(fast(harmless[n], 0, 0), OPTEE_SMC_RETURN_ENOTAVAIL);
}

static void guest_that_is_not_there_is_refused(void **state)
{
	(void)state;
	assert_int_equal(fast(OPTEE_SMC_GET_THREAD_COUNT, 0, NOBODY), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(fast(OPTEE_SMC_DISABLE_SHM_CACHE, 0, NOBODY), OPTEE_SMC_RETURN_ENOTAVAIL);
	be(NOBODY);
	nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 0, 0, 0);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_ENOTAVAIL);
	/* Neither is the hypervisor a guest. */
	be(0);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_ENOTAVAIL);
}

static void only_the_lower_16_bits_name_the_guest(void **state)
{
	(void)state;
	assert_int_equal(create(0x10005), OPTEE_SMC_RETURN_OK);
	be(0x70005);
	assert_int_equal(nw_close(nw_open(ECHO)), TEE_SUCCESS);
	assert_int_equal(destroy(5), OPTEE_SMC_RETURN_OK);
}

static void creation_is_refused(void **state)
{
	(void)state;
	assert_int_equal(create(0), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(fast(OPTEE_SMC_VM_CREATED, 1, 2), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(65535), OPTEE_SMC_RETURN_OK);
	/* No room. */
	assert_int_equal(create(3), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(3), OPTEE_SMC_RETURN_OK);
}

static void destruction_is_refused_or_in_vain(void **state)
{
	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SMC_VM_DESTROYED, 1, 1), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(fast(OPTEE_SMC_GET_THREAD_COUNT, 0, 1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(destroy(NOBODY), OPTEE_SMC_RETURN_OK);
	assert_int_equal(destroy(0), OPTEE_SMC_RETURN_OK);
}

/* As in a real one: the number is not looked for. */
static void second_guest_of_a_number_hides_the_first(void **state)
{
	uint32_t session;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	be(1);
	session = nw_open(ECHO);
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void guests_keep_to_themselves(void **state)
{
	uint32_t session;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(2), OPTEE_SMC_RETURN_OK);
	be(1);
	session = nw_open(ECHO);
	assert_int_equal(nw_register(NW_COOKIE, 0, OPTEE_MSG_PAGE_SIZE), TEE_SUCCESS);
	assert_int_equal(of_guest(1, SIM_COUNTER_SESSIONS), 1);
	assert_int_equal(of_guest(2, SIM_COUNTER_SESSIONS), 0);
	assert_int_equal(of_guest(2, SIM_COUNTER_SHM_OBJECTS), 0);
	be(2);
	assert_int_equal(nw_close(session), TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_ERROR_BAD_PARAMETERS);
	be(1);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void each_guest_has_its_own_threads(void **state)
{
	uint32_t first, second;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(2), OPTEE_SMC_RETURN_OK);
	first = begin_held(1);
	be(1);
	second = begin_held(1);
	assert_int_not_equal(first, second);
	nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 0, 0, 0);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	be(2);
	assert_int_equal(nw_close(nw_open(ECHO)), TEE_SUCCESS);
	/* Nor can one go on with another's. */
	assert_int_equal(resume(first, 2), OPTEE_SMC_RETURN_ERESUME);
	assert_int_equal(resume(first, 0), OPTEE_SMC_RETURN_ENOTAVAIL);
	be(1);
	assert_int_equal(resume(first, 1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(resume(second, 1), OPTEE_SMC_RETURN_OK);
}

static void suspended_calls_go_with_their_guest(void **state)
{
	uint32_t thread;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	thread = begin_held(1);
	assert_int_equal(nw_register(NW_COOKIE, 0, OPTEE_MSG_PAGE_SIZE), TEE_SUCCESS);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(resume(thread, 1), OPTEE_SMC_RETURN_ENOTAVAIL);
	/* The next one of that number begins with nothing. */
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(of_guest(1, SIM_COUNTER_THREADS_USED), 0);
	assert_int_equal(of_guest(1, SIM_COUNTER_SHM_OBJECTS), 0);
	assert_int_equal(of_guest(1, SIM_COUNTER_SESSIONS), 0);
	assert_int_equal(resume(thread, 1), OPTEE_SMC_RETURN_ERESUME);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_ERROR_BAD_PARAMETERS);
}

/* Nothing is taken from under a CPU that is inside. */
static void guest_stays_until_the_last_cpu_has_left_it(void **state)
{
	struct guest *guest;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(2), OPTEE_SMC_RETURN_OK);
	guest = guest_get(&host.world.guests, 1);
	assert_non_null(guest);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_OK);
	assert_null(guest_get(&host.world.guests, 1));
	assert_int_equal(create(1), OPTEE_SMC_RETURN_ENOTAVAIL);
	guest_put(&host.world.guests, guest);
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
}

/* A storm of notifications is under way, by way of an alarm in the guest's memory. */
static void alarms_of_a_guest_go_with_it(void **state)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_STORM, 0, 5, 1000ULL << 32 | 100 };

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_smc(a), SMCCC_SUCCESS);
	host.ticks += 2000;
	alarm_interrupt();
	assert_int_equal(of_guest(1, SIM_COUNTER_NOTIF_STORM_LEFT), 99);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(of_guest(1, SIM_COUNTER_NOTIF_STORM_LEFT), 0);
	host.ticks += 2000;
	alarm_interrupt();
	assert_int_equal(of_guest(1, SIM_COUNTER_NOTIF_POSTED), 0);
}

static void each_guest_has_its_own_notifications(void **state)
{
	uint64_t post[8] = { SIM_SMC_CONTROL, SIM_OP_NOTIFY, 0, 5, SIM_NOTIFY_HERE };
	uint64_t first[8] = { OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, [7] = 1 };
	uint64_t second[8] = { OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, [7] = 2 };

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(2), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, 0, 2), OPTEE_SMC_RETURN_OK);
	of_guest(2, SIM_COUNTER_SESSIONS);
	assert_int_equal(nw_smc(post), SMCCC_SUCCESS);
	assert_int_equal(nw_smc(first), OPTEE_SMC_RETURN_OK);
	assert_int_equal(first[2], 0);
	assert_int_equal(nw_smc(second), OPTEE_SMC_RETURN_OK);
	assert_int_equal(second[1], 5);
	assert_int_equal(second[2], OPTEE_SMC_ASYNC_NOTIF_VALID);
}

static void one_guest_cannot_starve_another(void **state)
{
	uint64_t cookie;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(create(2), OPTEE_SMC_RETURN_OK);
	be(1);
	for (cookie = 1; nw_register(cookie, 0, 4 * OPTEE_MSG_PAGE_SIZE) == TEE_SUCCESS; cookie++)
		assert_true(cookie < 100000);
	be(2);
	assert_int_equal(nw_register(1, 0, 4 * OPTEE_MSG_PAGE_SIZE), TEE_SUCCESS);
	assert_int_equal(nw_close(nw_open(ECHO)), TEE_SUCCESS);
}

static void state_of_no_guest_stops_the_machine(void **state)
{
	static const uint32_t deadly[] = {
		OPTEE_SMC_DISABLE_SHM_CACHE, OPTEE_SMC_ENABLE_SHM_CACHE,
		OPTEE_SMC_ENABLE_ASYNC_NOTIF, OPTEE_SMC_GET_ASYNC_NOTIF_VALUE,
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(deadly); n++) {
		host_end_expected = true;
		if (!setjmp(host_end)) {
			fast(deadly[n], 0, 0);
			fail_msg("%x came back", deadly[n]);
		}
		host_end_expected = false;
		assert_non_null(strstr(host.console, "stopped: fast call"));
		assert_non_null(strstr(host.console, "announce one with VM_CREATED"));
		stop(state);
		assert_int_equal(two_guests(state), 0);
	}
}

static void calls_are_kept_in_their_order(void **state)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_CALLS };
	uint64_t n;

	(void)state;
	assert_int_equal(create(1), OPTEE_SMC_RETURN_OK);
	for (n = 0; n < SIM_CALLS_KEPT; n++)
		fast(OPTEE_SMC_CALLS_UID, 0, n + 1);
	assert_int_equal(nw_smc(a), SMCCC_SUCCESS);
	assert_int_equal(a[1], SIM_CALLS_KEPT + 1);
	for (n = 0; n < SIM_CALLS_KEPT + 2; n++) {
		bool kept = n >= 1 && n <= SIM_CALLS_KEPT;
		uint64_t c[8] = { SIM_SMC_CONTROL, SIM_OP_CALL, n };

		assert_int_equal(nw_smc(c), kept ? SMCCC_SUCCESS : SMCCC_INVALID_PARAMETER);
		if (kept) {
			assert_int_equal(c[1], OPTEE_SMC_CALLS_UID);
			assert_int_equal(c[2], n);
		}
	}
}

static void behind_a_hypervisor_nothing_tells_of_it(void **state)
{
	uint64_t a[8] = { OPTEE_SMC_EXCHANGE_CAPABILITIES };

	(void)state;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_false(a[1] & OPTEE_SMC_SEC_CAP_VIRTUALIZATION);
	assert_int_equal(create(2), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(destroy(1), OPTEE_SMC_RETURN_ENOTAVAIL);
	/* What the caller says of itself is replaced. */
	be(NOBODY);
	assert_int_equal(nw_close(nw_open(ECHO)), TEE_SUCCESS);
	be(0);
	assert_int_equal(fast(OPTEE_SMC_DISABLE_SHM_CACHE, 0, 0), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(of_guest(1, SIM_COUNTER_SESSIONS_OPENED), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(virtualisation_is_announced, two_guests, stop),
		cmocka_unit_test_setup_teardown(without_guests_the_calls_are_unknown, nw_setup,
						stop),
		cmocka_unit_test_setup_teardown(hypervisor_may_ask_who_is_there, two_guests, stop),
		cmocka_unit_test_setup_teardown(guest_that_is_not_there_is_refused, two_guests,
						stop),
		cmocka_unit_test_setup_teardown(only_the_lower_16_bits_name_the_guest, two_guests,
						stop),
		cmocka_unit_test_setup_teardown(creation_is_refused, two_guests, stop),
		cmocka_unit_test_setup_teardown(destruction_is_refused_or_in_vain, two_guests,
						stop),
		cmocka_unit_test_setup_teardown(second_guest_of_a_number_hides_the_first,
						two_guests, stop),
		cmocka_unit_test_setup_teardown(guests_keep_to_themselves, two_guests, stop),
		cmocka_unit_test_setup_teardown(each_guest_has_its_own_threads, two_guests, stop),
		cmocka_unit_test_setup_teardown(suspended_calls_go_with_their_guest, two_guests,
						stop),
		cmocka_unit_test_setup_teardown(guest_stays_until_the_last_cpu_has_left_it,
						two_guests, stop),
		cmocka_unit_test_setup_teardown(alarms_of_a_guest_go_with_it, two_guests, stop),
		cmocka_unit_test_setup_teardown(each_guest_has_its_own_notifications, two_guests,
						stop),
		cmocka_unit_test_setup_teardown(one_guest_cannot_starve_another, two_guests, stop),
		cmocka_unit_test_setup_teardown(state_of_no_guest_stops_the_machine, two_guests,
						stop),
		cmocka_unit_test_setup_teardown(calls_are_kept_in_their_order, two_guests, stop),
		cmocka_unit_test_setup_teardown(behind_a_hypervisor_nothing_tells_of_it, hosted,
						stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
