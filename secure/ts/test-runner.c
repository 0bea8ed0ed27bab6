// SPDX-License-Identifier: BSD-2-Clause
/*
 * Tests by name and group. Those of the group "self" are run when none is named; those of
 * "behaviour" do something to whoever calls, so they want their names: NAME or NAME:NUMBER.
 */
#include "test-runner.h"
#include "compiler.h"
#include "packed.h"
#include "string.h"
#include "ts_test.h"

#define SPIN_MAX	120000
#define YIELDS_MAX	100000

struct test {
	const char *name;
	const char *group;
	/* Line of the failure, or 0. @number: behind the name, or 0 */
	uint32_t (*run)(struct ts_test_runner *runner, uint64_t number);
};

static const char group_self[] = "self";
static const char group_behaviour[] = "behaviour";

static uint32_t run_records(struct ts_test_runner *runner, uint64_t number)
{
	uint8_t room[16];
	struct ts_call call = { .out = room, .out_room = sizeof(room) };
	struct ts_reader reader;
	struct ts_bytes value;

	(void)runner;
	(void)number;
	if (!ts_write_record(&call, 2, "abc", 3) || ts_write_record(&call, 3, "123456", 6) ||
	    call.out_size != 7)
		return __LINE__;
	reader = (struct ts_reader){ room, call.out_size };
	if (!ts_read_record(&reader, 1, &value) || value.size)
		return __LINE__;
	if (!ts_read_record(&reader, 2, &value) || value.size != 3 || memcmp(value.at, "abc", 3))
		return __LINE__;
	return 0;
}

static uint32_t run_time(struct ts_test_runner *runner, uint64_t number)
{
	uint64_t before = runner->milliseconds(runner->context);

	(void)number;
	return runner->milliseconds(runner->context) < before ? __LINE__ : 0;
}

static uint32_t run_fail(struct ts_test_runner *runner, uint64_t number)
{
	(void)runner;
	return number ? (uint32_t)number : __LINE__;
}

static uint32_t run_spin(struct ts_test_runner *runner, uint64_t number)
{
	uint64_t end = runner->milliseconds(runner->context);

	end += number < SPIN_MAX ? number : SPIN_MAX;
	while (runner->milliseconds(runner->context) < end)
		;
	return 0;
}

static uint32_t run_yield(struct ts_test_runner *runner, uint64_t number)
{
	uint64_t n;

	if (!number)
		number = 1;
	for (n = 0; n < number && n < YIELDS_MAX; n++)
		runner->yield(runner->context);
	return 0;
}

static uint32_t run_crash(struct ts_test_runner *runner, uint64_t number)
{
	(void)number;
	runner->crash(runner->context);
	return __LINE__;
}

/* 0: from now on memory is given back again. */
static uint32_t run_hold(struct ts_test_runner *runner, uint64_t number)
{
	runner->hold(runner->context, number);
	return 0;
}

static const struct test tests[] = {
	{ "records", group_self, run_records },
	{ "time", group_self, run_time },
	{ "fail", group_behaviour, run_fail },
	{ "spin", group_behaviour, run_spin },
	{ "yield", group_behaviour, run_yield },
	{ "crash", group_behaviour, run_crash },
	{ "hold", group_behaviour, run_hold },
};

static bool bytes_are(const struct ts_bytes *bytes, const char *text)
{
	return text_is((struct text){ (const char *)bytes->at, bytes->size }, text);
}

/* Whether a test is asked for; what is behind its name goes to @number. */
static bool wanted(const struct test *test, bool list, const struct ts_bytes *name,
		   const struct ts_bytes *group, uint64_t *number)
{
	struct text rest = { (const char *)name->at, name->size }, word;

	*number = 0;
	if (group->size && !bytes_are(group, test->group))
		return false;
	if (!name->size)
		return list || test->group == group_self;
	text_split(&rest, ':', &word);
	return text_is(word, test->name) && (!rest.start || text_to_u64(rest, number));
}

static bool write_result(struct ts_call *call, const struct test *test, uint32_t state,
			 uint32_t line)
{
	const struct ts_test_failure failure = { .line = line };
	size_t room, start;
	uint8_t *at;

	at = ts_write_record_begin(call, 1, &room);
	if (!at)
		return false;
	/* What is nested goes where its value will be; its header is made behind that. */
	start = call->out_size;
	call->out_size += TS_TLV_HEADER;
	if (!ts_write(call, &state, sizeof(state)) ||
	    !ts_write_record(call, 1, test->name, strlen(test->name)) ||
	    !ts_write_record(call, 2, test->group, strlen(test->group)) ||
	    (line && !ts_write_record(call, 3, &failure, sizeof(failure))))
		return false;
	room = call->out_size - start - TS_TLV_HEADER;
	call->out_size = start;
	ts_write_record_end(call, room);
	return true;
}

static int32_t runner_call(void *state, struct ts_call *call)
{
	bool list = call->opcode == TS_TEST_LIST, fits = true;
	struct ts_reader reader = { call->in, call->in_size };
	struct ts_test_summary summary = { 0 };
	struct ts_bytes name, group;
	uint64_t number;
	size_t n;

	if (call->opcode != TS_TEST_RUN && call->opcode != TS_TEST_LIST)
		return TS_RPC_ERROR_INVALID_VALUE;
	if (!ts_read_record(&reader, 1, &name) || !ts_read_record(&reader, 2, &group))
		return TS_RPC_ERROR_REQUEST_BODY;
	if (!ts_write(call, &summary, sizeof(summary)))
		return TS_RPC_ERROR_RESPONSE_BODY;
	for (n = 0; n < ARRAY_SIZE(tests) && fits; n++) {
		uint32_t line = 0;

		if (!wanted(&tests[n], list, &name, &group, &number))
			continue;
		if (!list)
			line = tests[n].run(state, number);
		summary.num_tests++;
		summary.num_passed += !list && !line;
		summary.num_failed += !list && line;
		fits = write_result(call, &tests[n], list ? TS_TEST_NOT_RUN :
				    line ? TS_TEST_FAILED : TS_TEST_PASSED, line);
	}
	if (!fits)
		return TS_RPC_ERROR_RESOURCE;
	memcpy(call->out, &summary, sizeof(summary));
	if (name.size && !summary.num_tests)
		return ts_refuse(call, TS_TEST_STATUS_ERROR);
	return TS_RPC_SUCCESS;
}

const struct ts_service ts_service_test_runner = {
	.name = "test-runner",
	.uuid = TS_TEST_RUNNER_UUID,
	.call = runner_call,
};
