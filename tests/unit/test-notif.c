// SPDX-License-Identifier: BSD-2-Clause
/* Asynchronous notifications of the secure world: values, calls, alarms. */
#include "nw.h"
#include "alarm.h"
#include "console.h"
#include "notif.h"

static struct guest *guest(void)
{
	return &host.world.guest;
}

static uint32_t fast(uint32_t id, uint64_t a[8])
{
	memset(a, 0, 8 * sizeof(*a));
	a[0] = id;
	return (uint32_t)nw_smc(a);
}

static uint32_t command(uint32_t cmd, uint32_t num_params)
{
	nw_message(cmd, 0, 0, num_params);
	return nw_run();
}

static void value_is_announced(void **state)
{
	uint64_t a[8];

	(void)state;
	assert_int_equal(fast(OPTEE_SMC_EXCHANGE_CAPABILITIES, a), OPTEE_SMC_RETURN_OK);
	assert_true(a[1] & OPTEE_SMC_SEC_CAP_ASYNC_NOTIF);
	assert_int_equal(a[2], 299);
}

static void value_is_kept_until_somebody_listens(void **state)
{
	uint64_t a[8];

	(void)state;
	notif_post(guest(), 9);
	assert_int_equal(host.notifications, 0);
	assert_int_equal(fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(host.notifications, 1);
	assert_int_equal(fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(a[1], 9);
	assert_int_equal(a[2], 1);
}

static void values_are_fetched_once_each(void **state)
{
	static const uint64_t values[] = { 0, 1, 31, 32, 63 };
	uint64_t a[8];
	unsigned int n;

	(void)state;
	fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a);
	for (n = 0; n < ARRAY_SIZE(values); n++) {
		notif_post(guest(), (unsigned int)values[n]);
		notif_post(guest(), (unsigned int)values[n]);
	}
	assert_int_equal(notif_pending(guest()), ARRAY_SIZE(values));
	for (n = 0; n < ARRAY_SIZE(values); n++) {
		assert_int_equal(fast(OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, a), OPTEE_SMC_RETURN_OK);
		assert_int_equal(a[1], values[n]);
		assert_int_equal(a[2], n + 1 < ARRAY_SIZE(values) ? 3 : 1);
	}
	assert_int_equal(fast(OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(a[2], 0);
}

static void stop_stops(void **state)
{
	uint64_t a[8];

	(void)state;
	fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a);
	assert_int_equal(command(OPTEE_MSG_CMD_STOP_ASYNC_NOTIF, 0), TEE_SUCCESS);
	notif_post(guest(), 1);
	assert_int_equal(host.notifications, 0);
	assert_false(notif_enabled(guest()));
}

static void commands_take_no_parameters(void **state)
{
	(void)state;
	assert_int_equal(command(OPTEE_MSG_CMD_STOP_ASYNC_NOTIF, 1), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(command(OPTEE_MSG_CMD_DO_BOTTOM_HALF, 1), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(nw_counter(SIM_COUNTER_BOTTOM_HALVES), 0);
	assert_int_equal(command(OPTEE_MSG_CMD_DO_BOTTOM_HALF, 0), TEE_SUCCESS);
	assert_int_equal(nw_counter(SIM_COUNTER_BOTTOM_HALVES), 1);
}

static int off_setup(void **state)
{
	(void)state;
	return host_start("async-notif=off") ? 0 : -1;
}

static void without_the_feature_nothing_is_known_of_it(void **state)
{
	uint64_t a[8];

	(void)state;
	fast(OPTEE_SMC_EXCHANGE_CAPABILITIES, a);
	assert_false(a[1] & OPTEE_SMC_SEC_CAP_ASYNC_NOTIF);
	assert_int_equal(a[2], 0);
	assert_int_equal(fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a),
			 OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	assert_int_equal(fast(OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, a),
			 OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	nw_message(OPTEE_MSG_CMD_DO_BOTTOM_HALF, 0, 0, 0);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_EBADCMD);
	nw_message(OPTEE_MSG_CMD_STOP_ASYNC_NOTIF, 0, 0, 0);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_EBADCMD);
	notif_post(guest(), 1);
	assert_int_equal(notif_pending(guest()), 0);
}

static struct alarm alarms[4];
static unsigned int rung[8], rings;

static void note_ring(struct alarm *alarm)
{
	rung[rings++] = (unsigned int)(alarm - alarms);
	if (alarm == &alarms[3] && rings < 6)
		alarm_set(alarm, 10);
}

static void alarms_ring_in_order(void **state)
{
	static const uint64_t times[] = { 300000, 100000, 200000, 100000 };
	static const unsigned int order[] = { 1, 3, 2, 0, 3, 3 };
	unsigned int n;

	(void)state;
	rings = 0;
	for (n = 0; n < ARRAY_SIZE(alarms); n++) {
		memset(&alarms[n], 0, sizeof(alarms[n]));
		alarms[n].ring = note_ring;
		alarm_set(&alarms[n], 999999);
		alarm_set(&alarms[n], times[n]);
	}
	assert_in_range(host.alarm, 100000, 100100);
	alarm_interrupt();
	assert_int_equal(rings, 0);
	host.ticks = 100200;
	alarm_interrupt();
	assert_int_equal(rings, 2);
	/* It was set again while it rang. */
	assert_in_range(host.alarm, 100200, 100300);
	host.ticks = 400000;
	while (host.alarm) {
		alarm_interrupt();
		host.ticks += 1000;
	}
	assert_int_equal(rings, ARRAY_SIZE(order));
	assert_int_equal(rung[0], 1);
	assert_int_equal(rung[1], 3);
}

static void run_alarms(void)
{
	while (host.alarm) {
		host.ticks = host.alarm;
		alarm_interrupt();
	}
}

/* Value parameter 0 of a command without input. */
static uint64_t ask(uint32_t session, uint32_t func, uint64_t *b)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, func, 1);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	assert_int_equal(nw_run(), TEE_SUCCESS);
	*b = arg->params[0].u.value.b;
	return arg->params[0].u.value.a;
}

static void typed_lines_become_lines_in_the_bottom_half(void **state)
{
	uint32_t session = nw_open(9);
	uint64_t a[8], lost;

	(void)state;
	fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a);
	host.typed = "one\r\n\n\rtwo\nthr";
	console_interrupt(&host.world);
	assert_int_equal(host.notifications, 1);
	assert_int_equal(ask(session, UART_CMD_STATE, &lost), 0);
	assert_int_equal(command(OPTEE_MSG_CMD_DO_BOTTOM_HALF, 0), TEE_SUCCESS);
	assert_int_equal(ask(session, UART_CMD_STATE, &lost), 2);
	host.typed = "ee\n1\n2\n3\n4\n5\n6\n7\n";
	console_interrupt(&host.world);
	assert_int_equal(command(OPTEE_MSG_CMD_DO_BOTTOM_HALF, 0), TEE_SUCCESS);
	assert_int_equal(ask(session, UART_CMD_STATE, &lost), 8);
	assert_int_equal(lost, 2);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static uint32_t open_rng(void)
{
	static const uint8_t uuid[16] = APP_RNG_UUID;
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 0, 0, 2);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	memcpy(arg->params[0].u.octets, uuid, sizeof(uuid));
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	assert_int_equal(nw_run(), TEE_SUCCESS);
	return arg->session;
}

static uint32_t collect(uint32_t session)
{
	nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, RNG_CMD_COLLECT, 0);
	return nw_run();
}

static void health_is_judged_in_the_bottom_half(void **state)
{
	uint32_t session = open_rng();
	uint64_t a[8], failures;
	unsigned int n;

	(void)state;
	guest()->rng_seed = 1;
	assert_int_equal(collect(session), TEE_ERROR_NOT_SUPPORTED);
	fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, a);
	for (n = 1; n <= 3; n++) {
		assert_int_equal(collect(session), TEE_SUCCESS);
		assert_int_equal(collect(session), TEE_ERROR_BUSY);
		/* So many in a row are too many, one less is none. */
		if (n > 1)
			nw_fault(SIM_FAULT_RNG_STUCK, n == 2 ? 5 : 4, 0x100);
		run_alarms();
		assert_int_equal(ask(session, RNG_CMD_HEALTH, &failures), n - 1);
		assert_int_equal(command(OPTEE_MSG_CMD_DO_BOTTOM_HALF, 0), TEE_SUCCESS);
		assert_int_equal(ask(session, RNG_CMD_HEALTH, &failures), n);
		assert_int_equal(failures, n > 1);
	}
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(value_is_announced),
		CASE(value_is_kept_until_somebody_listens),
		CASE(values_are_fetched_once_each),
		CASE(stop_stops),
		CASE(commands_take_no_parameters),
		cmocka_unit_test_setup_teardown(without_the_feature_nothing_is_known_of_it,
						off_setup, nw_teardown),
		CASE(alarms_ring_in_order),
		CASE(typed_lines_become_lines_in_the_bottom_half),
		CASE(health_is_judged_in_the_bottom_half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
