// SPDX-License-Identifier: BSD-2-Clause
/* The test runner: which tests it runs for whom, and its report, octet by octet. */
#include "ts-memory.h"
#include "string.h"
#include "test-runner.h"
#include "ts_test.h"

static struct {
	uint64_t now;
	unsigned int yields, crashes;
	bool holds;
	uint8_t in[256], out[1024];
	struct ts_call call;
} unit;

static uint64_t milliseconds(void *context)
{
	(void)context;
	return unit.now++;
}

static void yield(void *context)
{
	(void)context;
	unit.yields++;
}

static void crash(void *context)
{
	(void)context;
	unit.crashes++;
}

static void hold(void *context, bool hold)
{
	(void)context;
	unit.holds = hold;
}

static struct ts_test_runner runner = { NULL, milliseconds, yield, crash, hold };

static int setup(void **state)
{
	(void)state;
	memset(&unit, 0, sizeof(unit));
	unit.call.out_room = sizeof(unit.out);
	return 0;
}

static void put(uint8_t tag, const char *text)
{
	uint8_t *at = unit.in + unit.call.in_size;

	at[0] = 0;
	at[1] = tag;
	at[2] = 0;
	at[3] = (uint8_t)strlen(text);
	memcpy(at + 4, text, strlen(text));
	unit.call.in_size += 4 + strlen(text);
}

static int32_t call(uint16_t opcode)
{
	int32_t status;

	unit.call.opcode = opcode;
	unit.call.in = unit.in;
	unit.call.out = unit.out;
	unit.call.out_size = 0;
	unit.call.status = 0;
	status = ts_service_test_runner.call(&runner, &unit.call);
	unit.call.in_size = 0;
	return status;
}

static int32_t run(const char *name)
{
	put(1, name);
	return call(TS_TEST_RUN);
}

static void summary_is(uint8_t tests, uint8_t passed, uint8_t failed)
{
	const uint8_t want[12] = { tests, 0, 0, 0, passed, 0, 0, 0, failed, 0, 0, 0 };

	assert_int_equal(unit.call.status, 0);
	assert_true(unit.call.out_size >= 12);
	assert_memory_equal(unit.out, want, 12);
}

static void report_lies_as_described(void **state)
{
	static const uint8_t passed[] = {
		1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		/* T1: state 2, T1 "spin", T2 "behaviour" */
		0, 1, 0, 25, 2, 0, 0, 0, 0, 1, 0, 4, 's', 'p', 'i', 'n',
		0, 2, 0, 9, 'b', 'e', 'h', 'a', 'v', 'i', 'o', 'u', 'r',
	};
	static const uint8_t failed[] = {
		1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
		/* state 3, and T3: line 77, info 0 */
		0, 1, 0, 41, 3, 0, 0, 0, 0, 1, 0, 4, 'f', 'a', 'i', 'l',
		0, 2, 0, 9, 'b', 'e', 'h', 'a', 'v', 'i', 'o', 'u', 'r',
		0, 3, 0, 12, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};

	(void)state;
	assert_int_equal(run("spin:20"), TS_RPC_SUCCESS);
	assert_true(unit.now >= 20);
	assert_int_equal(unit.call.out_size, sizeof(passed));
	assert_memory_equal(unit.out, passed, sizeof(passed));
	assert_int_equal(run("fail:77"), TS_RPC_SUCCESS);
	assert_int_equal(unit.call.out_size, sizeof(failed));
	assert_memory_equal(unit.out, failed, sizeof(failed));
}

static void harm_is_done_by_name_only(void **state)
{
	(void)state;
	assert_int_equal(call(TS_TEST_RUN), TS_RPC_SUCCESS);
	summary_is(2, 2, 0);
	assert_int_equal(call(TS_TEST_LIST), TS_RPC_SUCCESS);
	summary_is(7, 0, 0);
	put(2, "self");
	assert_int_equal(call(TS_TEST_LIST), TS_RPC_SUCCESS);
	summary_is(2, 0, 0);
	assert_int_equal(unit.crashes + unit.yields, 0);
	run("yield:3");
	assert_int_equal(unit.yields, 3);
	run("hold:1");
	assert_true(unit.holds);
	run("hold:0");
	assert_false(unit.holds);
	run("crash");
	summary_is(1, 0, 1);
	assert_int_equal(unit.crashes, 1);
	put(1, "crash");
	put(2, "self");
	assert_int_equal(call(TS_TEST_RUN), TS_RPC_SUCCESS);
	assert_int_equal(unit.call.status, TS_TEST_STATUS_ERROR);
	assert_int_equal(unit.crashes, 1);
	run("spin:x");
	assert_int_equal(unit.call.status, TS_TEST_STATUS_ERROR);
}

static void what_does_not_fit_is_refused(void **state)
{
	(void)state;
	unit.call.out_room = 40;
	assert_int_equal(run("spin"), TS_RPC_ERROR_RESOURCE);
	unit.call.out_room = 11;
	assert_int_equal(run("spin"), TS_RPC_ERROR_RESPONSE_BODY);
	unit.call.out_room = 1024;
	put(1, "spin");
	unit.in[3] = 5;
	assert_int_equal(call(TS_TEST_RUN), TS_RPC_ERROR_REQUEST_BODY);
	assert_int_equal(call(0x100), TS_RPC_ERROR_INVALID_VALUE);
	assert_int_equal(call(0x103), TS_RPC_ERROR_INVALID_VALUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(report_lies_as_described, setup),
		cmocka_unit_test_setup(harm_is_done_by_name_only, setup),
		cmocka_unit_test_setup(what_does_not_fit_is_refused, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
