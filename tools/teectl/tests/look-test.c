// SPDX-License-Identifier: BSD-2-Clause
/* threads, sessions, shm, stats, trace and log, on texts that drivers wrote. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "array.h"
#include "event.h"
#include "mock-device.h"
#include "mock-look.h"
#include "record.h"
#include "run.h"
#include "teectl.h"

#define ECHO	"6f6d6e69-7465-4500-8000-000000000001"

static const struct mock_file files[] = {
	{ "tee0", "threads",
	  "pid=71 call=invoke session=2 command=0 state=rpc rpc=5 worker=0 ms=1523 comm=my app\n"
	  "pid=72 call=open session=0 command=0 state=queued worker=0 ms=4 comm=xtest\n"
	  "pid=73 call=invoke session=9 command=1 state=supplicant rpc=2 request=7 worker=0 ms=88 comm=vault\n"
	  "pid=74 call=invoke session=2 command=3 state=secure worker=1 ms=60000 comm=gone\n" },
	{ "tee0", "queue", "threads=4 free=1 kept=2 kept_free=1 waiting=1\n" },
	{ "tee0", "supplicant", "pid=50\nid=7 func=2 state=taken\n" },
	{ "tee0", "sessions",
	  "id=2 uuid=" ECHO " system=0 pid=71 kernel=0 comm=my app\n"
	  "id=3 uuid=ab7a617c-b8e7-4d8f-8301-d09b61036b64 pid=1 kernel=1 comm=swapper/0\n" },
	{ "tee0", "contexts",
	  "pid=71 kernel=0 allocated=2 allocated_bytes=12288 registered=1 registered_bytes=8192 comm=my app\n" },
	{ "tee0", "shm", "id=1 kind=allocated size=8192 cookie=8f2e:5 pid=71 comm=my app\n" },
	{ "tee0", "stats", "call-open=1\ncall-invoke=100\nswitches=107\n" },
	{ "tee0", "latency",
	  "on=1\ncall=invoke ns=16384 count=90\ncall=invoke ns=1048576 count=10\n" },
	{ "teepriv0", "contexts",
	  "pid=50 kernel=0 allocated=1 allocated_bytes=4096 registered=0 registered_bytes=0 comm=tee-supplicant\n" },
	{ "teepriv0", "shm", "" },
	{ 0 }
};

static const char trace[] =
	"     my app-1-71      [001] .....     9.999990: tee_call_begin: dev=0 op=invoke session=2 command=1\n"
	"     my app-1-71      [001] .....     9.999995: optee_call_begin: dev=0 cmd=invoke session=2 command=1 worker=0\n"
	"     my app-1-71      [001] ...1.    10.000000: optee_switch_enter: dev=0 function=0x32000013\n"
	"     my app-1-71      [001] ...1.    10.000040: optee_switch_leave: dev=0 function=0x32000013 status=0xffff0005 ns=40000\n"
	"     my app-1-71      [001] .....    10.000041: optee_rpc_begin: dev=0 cmd=2\n"
	"     my app-1-71      [001] .....    10.000042: optee_supp_queued: dev=0 id=7 func=2\n"
	"tee-supplicant-50     [000] .....    10.000050: optee_supp_taken: dev=0 id=7 func=2\n"
	"tee-supplicant-50     [000] .....    10.000060: optee_supp_answered: dev=0 id=7 func=2 result=0x0\n"
	"     my app-1-71      [001] .....    10.000070: optee_rpc_end: dev=0 cmd=2 error=0 result=0x0 ns=29000\n"
	"     my app-1-71      [001] ...1.    10.000071: optee_switch_enter: dev=0 function=0x32000003\n"
	"     my app-1-71      [001] ...1.    10.000090: optee_switch_leave: dev=0 function=0x32000003 status=0x0 ns=19000\n"
	"CPU:1 [LOST 5 EVENTS]\n"
	"     my app-1-71      [001] .....    10.000091: optee_call_end: dev=0 cmd=invoke session=2 command=1 error=0 status=0x0 result=0x0 origin=4 ns=96000\n"
	"     my app-1-71      [001] .....    10.000092: tee_call_end: dev=0 op=invoke session=2 command=1 error=0 result=0x0 origin=4 ns=102000\n";

/* 62.5 ticks are a microsecond. */
#define AT(us)	(62500000 + (us) * 125 / 2)

static const struct sim_event events[] = {
	{ AT(10), 100, SIM_EVENT_CALL, 1, 3, 0x32000013, 0, 0 },
	{ AT(12), 101, SIM_EVENT_COMMAND, 1, 3, 1, 2, 1 },
	{ AT(20), 102, SIM_EVENT_RPC, 1, 3, 2, 0, 0 },
	{ AT(22), 103, SIM_EVENT_LEAVE, 1, 3, 0xffff0005, 0, 0 },
	{ AT(74), 104, SIM_EVENT_RESUME, 1, 3, 0, 0, 0 },
	{ AT(80), 105, SIM_EVENT_RESULT, 1, 3, 0, 4, 0 },
	{ AT(82), 106, SIM_EVENT_LEAVE, 1, 3, 0, 1, 0 },
	{ AT(83), 107, 99, 1, 3, 0, 0, 0 },
};

static int recorded(void **state)
{
	memset(&mock, 0, sizeof(mock));
	mock.num_devices = 2;
	snprintf(mock.devices[0].name, sizeof(mock.devices[0].name), "tee0");
	snprintf(mock.devices[1].name, sizeof(mock.devices[1].name), "teepriv0");
	mock_look = (struct mock_look){
		.files = files, .trace = trace, .events = events, .num_events = ARRAY_SIZE(events),
		.log = "omnitee: hello\n",
	};
	return 0;
}

static int nothing_left(void **state)
{
	return mock_look.tracing || mock_look.recording || mock_look.open;
}

static cJSON *parsed(void)
{
	cJSON *root = cJSON_Parse(out_text);

	assert_non_null(root);
	return root;
}

static const char *text_of(const cJSON *obj, const char *key)
{
	const cJSON *item = cJSON_GetObjectItem(obj, key);

	assert_true(cJSON_IsString(item));
	return item->valuestring;
}

static double number_of(const cJSON *obj, const char *key)
{
	const cJSON *item = cJSON_GetObjectItem(obj, key);

	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

static void records_are_cut_into_words(void **state)
{
	char text[] = "a=1 b=0x20  odd c= comm=x y=z\n\nlast=2";
	struct record r;
	char *cursor = text;

	assert_true(record_next(&cursor, &r));
	assert_int_equal(r.count, 4);
	assert_int_equal(record_number(&r, "a"), 1);
	assert_int_equal(record_number(&r, "b"), 0x20);
	assert_string_equal(record_text(&r, "c"), "");
	assert_string_equal(record_text(&r, "comm"), "x y=z");
	assert_false(record_has(&r, "y"));
	assert_true(record_next(&cursor, &r));
	assert_int_equal(record_number(&r, "last"), 2);
	assert_false(record_next(&cursor, &r));
}

static void hostile_records_do_no_harm(void **state)
{
	static const char letters[] = "a=1\n com\xff\x1b[";

	srand(1);
	for (int n = 0; n < 20000; n++) {
		size_t length = rand() % 60;
		char *text = malloc(length + 1), *cursor = text;
		struct record r;

		for (size_t i = 0; i < length; i++)
			text[i] = letters[rand() % (sizeof(letters) - 1)];
		text[length] = '\0';
		while (record_next(&cursor, &r))
			for (unsigned int i = 0; i < r.count; i++)
				for (const char *p = r.fields[i].value; *p; p++)
					assert_true(*p >= ' ' && *p <= '~');
		free(text);
	}
}

static void threads_say_who_and_why(void **state)
{
	assert_int_equal(run("threads", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "tee0: 4 secure threads, 1 free, "
			       "1 of 2 free that are kept back, 1 waiting\n"));
	assert_non_null(strstr(out_text, "  my app[71]  invoke 0 of " ECHO
			       "  1.523 s  in RPC 5 (sleep)\n"));
	assert_non_null(strstr(out_text, "  xtest[72]  open  0.004 s  waits for a secure thread\n"));
	assert_non_null(strstr(out_text, "waits for the supplicant, request 7 (file system), taken\n"));
	assert_non_null(strstr(out_text,
			       "60.000 s  in the secure world, its client was killed\n"));
	assert_null(strstr(out_text, "teepriv0"));
}

static void threads_are_json(void **state)
{
	cJSON *root, *dev, *call;

	assert_int_equal(run("-o", "json", "threads", "tee0", NULL), EXIT_OK);
	root = parsed();
	dev = cJSON_GetArrayItem(root, 0);
	assert_string_equal(text_of(dev, "device"), "tee0");
	assert_int_equal(number_of(dev, "threads"), 4);
	assert_int_equal(number_of(dev, "free"), 1);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(dev, "calls")), 4);
	call = cJSON_GetArrayItem(cJSON_GetObjectItem(dev, "calls"), 0);
	assert_int_equal(number_of(call, "pid"), 71);
	assert_string_equal(text_of(call, "state"), "rpc");
	assert_string_equal(text_of(call, "comm"), "my app");
	dev = cJSON_GetObjectItem(dev, "supplicant");
	assert_int_equal(number_of(dev, "pid"), 50);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(dev, "requests")), 1);
	cJSON_Delete(root);
}

static void sessions_have_owners(void **state)
{
	cJSON *root, *list;

	assert_int_equal(run("sessions", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "tee0     session 2      " ECHO "  my app[71]\n"));
	assert_non_null(strstr(out_text, "swapper/0[1] (kernel)\n"));
	assert_int_equal(run("sessions", "-o", "json", NULL), EXIT_OK);
	root = parsed();
	list = cJSON_GetObjectItem(cJSON_GetArrayItem(root, 0), "sessions");
	assert_int_equal(cJSON_GetArraySize(list), 2);
	assert_string_equal(text_of(cJSON_GetArrayItem(list, 0), "uuid"), ECHO);
	cJSON_Delete(root);
}

static void shm_counts_by_context_and_object(void **state)
{
	cJSON *root;

	assert_int_equal(run("shm", NULL), EXIT_OK);
	assert_non_null(strstr(out_text,
			       "my app[71]: 12288 bytes in 2 allocated, 8192 bytes in 1 registered\n"));
	assert_non_null(strstr(out_text, "object 1, allocated, 8192 bytes, of my app[71]\n"));
	/* The supplicant's memory is on its own node. */
	assert_non_null(strstr(out_text, "tee-supplicant[50]"));
	assert_int_equal(run("-o", "json", "shm", NULL), EXIT_OK);
	root = parsed();
	assert_int_equal(cJSON_GetArraySize(root), 2);
	cJSON_Delete(root);
}

static void stats_show_counters_and_latencies(void **state)
{
	cJSON *root, *latency;

	assert_int_equal(run("stats", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "call-invoke            100\n"));
	assert_non_null(strstr(out_text, "from 16.4 us           90 ########################################\n"));
	assert_non_null(strstr(out_text, "from 1.0 ms            10 #####\n"));
	assert_int_equal(run("-o", "json", "stats", NULL), EXIT_OK);
	root = parsed();
	assert_int_equal(number_of(cJSON_GetObjectItem(cJSON_GetArrayItem(root, 0), "counters"),
				   "switches"), 107);
	latency = cJSON_GetObjectItem(cJSON_GetArrayItem(root, 0), "latency");
	assert_int_equal(number_of(latency, "on"), 1);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(latency, "classes")), 2);
	cJSON_Delete(root);
}

static void latency_is_turned(void **state)
{
	assert_int_equal(run("stats", "--latency", "on", NULL), EXIT_OK);
	assert_string_equal(mock_look.written, "tee0/latency 1");
	assert_int_equal(run("stats", "--latency", "off", "0", NULL), EXIT_OK);
	assert_string_equal(mock_look.written, "tee0/latency 0");
	assert_int_equal(run("stats", "--latency", "perhaps", NULL), EXIT_USAGE);
}

static void driver_that_shows_nothing_is_named(void **state)
{
	static const struct mock_file none[] = { { 0 } };

	mock_look.files = none;
	assert_int_equal(run("threads", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "tee0: its driver shows no threads in debugfs"));
	mock_look.error = -EACCES;
	assert_int_equal(run("stats", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "run as root"));
	mock.num_devices = 0;
	assert_int_equal(run("threads", NULL), EXIT_NO_DEVICE);
	assert_int_equal(run("threads", "tee5", NULL), EXIT_NO_DEVICE);
	assert_int_equal(run("threads", "tty0", NULL), EXIT_USAGE);
}

static void lines_of_a_trace_are_read(void **state)
{
	struct event e;

	assert_true(event_from_line(&e, "     my app-1-71      [001] .....     9.999990: tee_call_begin: dev=0 op=invoke session=2 command=1"));
	assert_string_equal(e.comm, "my app-1");
	assert_int_equal(e.pid, 71);
	assert_int_equal(e.cpu, 1);
	assert_int_equal(e.ns, 9999990000);
	assert_string_equal(e.name, "tee_call_begin");
	assert_string_equal(record_text(&e.fields, "op"), "invoke");
	assert_int_equal(e.fields.count, 4);
	assert_false(event_from_line(&e, ""));
	assert_false(event_from_line(&e, "CPU:1 [LOST 5 EVENTS]"));
	assert_false(event_from_line(&e, "x-1 [001] ..... 1.x: a: b"));
	assert_false(event_from_line(&e, "x [001] ..... 1.0: a: b"));
	/* A name that pretends to be more. */
	assert_true(event_from_line(&e, "   a [9] b-3 [002] ..... 1.000001: a: "));
	assert_int_equal(e.pid, 3);
	assert_string_equal(e.comm, "a [9] b");
}

static void hostile_lines_do_no_harm(void **state)
{
	char line[sizeof("my-71 [001] ..... 1.000001: tee_call_begin: dev=0 comm=x")];
	struct event e;

	srand(2);
	for (int n = 0; n < 50000; n++) {
		memcpy(line, "my-71 [001] ..... 1.000001: tee_call_begin: dev=0 comm=x", sizeof(line));
		for (int i = rand() % 4; i >= 0; i--)
			line[rand() % (sizeof(line) - 1)] = " [].:-=\x01\3770"[rand() % 10];
		event_from_line(&e, line);
	}
}

static void trace_has_both_worlds_in_order(void **state)
{
	static const char * const want[] = {
		"tee_call_begin", "optee_switch_enter", "secure_call", "secure_command",
		"secure_leave", "optee_switch_leave", "optee_supp_taken", "optee_switch_enter",
		"secure_resume", "secure_result", "secure_leave", "tee_call_end",
	};
	const char *p = out_text;

	assert_int_equal(run("trace", "--", "true", NULL), EXIT_OK);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		p = strstr(p, want[i]);
		assert_non_null(p);
		p++;
	}
	assert_non_null(strstr(out_text, "    10.000012 [001]    secure thread-3      secure_command       cmd=invoke session=2 command=1\n"));
}

static void trace_is_json_lines(void **state)
{
	unsigned int lines = 0, secure = 0;

	assert_int_equal(run("-o", "json", "trace", "--", "true", NULL), EXIT_OK);
	for (char *next, *p = strtok_r(out_text, "\n", &next); p; p = strtok_r(NULL, "\n", &next)) {
		cJSON *obj = cJSON_Parse(p);

		assert_non_null(obj);
		secure += !strcmp(text_of(obj, "world"), "secure");
		cJSON_Delete(obj);
		lines++;
	}
	assert_int_equal(lines, 13 + 7);
	assert_int_equal(secure, 7);
}

/* Slices of a track: what is open when, as a viewer would have it. */
static void check_nesting(const cJSON *list, int group, int id, const char *want)
{
	char got[1024] = "";
	const cJSON *e;
	int depth = 0;

	cJSON_ArrayForEach(e, list) {
		const char *phase = text_of(e, "ph");

		if (number_of(e, "pid") != group || number_of(e, "tid") != id)
			continue;
		if (*phase == 'B') {
			depth++;
			strcat(got, text_of(e, "name"));
			strcat(got, "(");
		} else if (*phase == 'E') {
			depth--;
			strcat(got, ")");
		}
		assert_true(depth >= 0);
	}
	assert_int_equal(depth, 0);
	assert_string_equal(got, want);
}

static void perfetto_gets_nested_slices(void **state)
{
	unsigned int requests = 0;
	double last = 0;
	cJSON *root, *list, *e;

	assert_int_equal(run("-o", "perfetto", "trace", "--", "true", NULL), EXIT_OK);
	root = parsed();
	list = cJSON_GetObjectItem(root, "traceEvents");
	check_nesting(list, 1, 71, "invoke 1(message: invoke(secure world()RPC 2 (file system)()"
		      "secure world()))");
	check_nesting(list, 2, 3, "call(invoke 1(RPC 2 (file system)()))");
	check_nesting(list, 3, 1, "secure thread 3()secure thread 3()");
	cJSON_ArrayForEach(e, list) {
		const char *phase = text_of(e, "ph");

		if (*phase == 'M')
			continue;
		assert_true(number_of(e, "ts") >= last);
		last = number_of(e, "ts");
		requests += *phase == 'b' || *phase == 'n' || *phase == 'e';
	}
	assert_int_equal(requests, 3);
	cJSON_Delete(root);
}

static void perfetto_gets_slices_of_memory_and_of_partitions(void **state)
{
	cJSON *root;

	mock_look.trace =
		"app-71  [001] .....  1.000001: tee_shm_register_begin: dev=0 size=4000\n"
		"app-71  [001] .....  1.000002: tee_shm_register_end: dev=0 id=3 size=4000 cookie=1:1 error=0 ns=900\n"
		"app-71  [001] .....  1.000003: tee_shm_unregister_begin: dev=0 id=3 size=4000 cookie=1:1\n"
		"app-71  [001] .....  1.000004: tee_shm_unregister_end: dev=0 id=3 size=4000 cookie=1:1 error=0 ns=800\n"
		"app-71  [001] .....  1.000005: tee_shm_alloc_begin: dev=0 size=8192\n"
		"app-71  [001] .....  1.000006: tee_shm_alloc_end: dev=0 id=3 size=8192 cookie=1:2 error=0 ns=700\n"
		"app-71  [001] .....  1.000007: tstee_call_begin: partition=8002 interface=3 opcode=0x5\n"
		"app-71  [001] .....  1.000008: tstee_call_end: partition=8002 interface=3 opcode=0x5 worker=0 error=0 status=0 ns=600\n";
	mock_look.num_events = 0;
	assert_int_equal(run("-o", "perfetto", "trace", "--", "true", NULL), EXIT_OK);
	root = parsed();
	check_nesting(cJSON_GetObjectItem(root, "traceEvents"), 1, 71,
		      "register 4000 bytes()give back 4000 bytes()allocate 8192 bytes()"
		      "partition 8002 opcode 0x5()");
	cJSON_Delete(root);
}

static void trace_that_begins_in_the_middle_ends_nothing(void **state)
{
	cJSON *root;

	mock_look.trace = strchr(trace, '\n') + 1;
	mock_look.events = events + 3;
	mock_look.num_events -= 3;
	assert_int_equal(run("-o", "perfetto", "trace", "--", "true", NULL), EXIT_OK);
	root = parsed();
	check_nesting(cJSON_GetObjectItem(root, "traceEvents"), 1, 71,
		      "message: invoke(secure world()RPC 2 (file system)()secure world())");
	check_nesting(cJSON_GetObjectItem(root, "traceEvents"), 2, 3, "RPC()");
	cJSON_Delete(root);
}

static void trace_without_the_emulated_world_has_one_side(void **state)
{
	mock_look.secure_error = -ENOENT;
	assert_int_equal(run("trace", "--", "true", NULL), EXIT_OK);
	assert_non_null(strstr(err_text, "the secure world's side is missing"));
	assert_non_null(strstr(out_text, "tee_call_end"));
	assert_null(strstr(out_text, "secure_call"));
}

static void trace_needs_drivers_with_events(void **state)
{
	mock_look.trace_error = -ENODEV;
	assert_int_equal(run("trace", "--", "true", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "the loaded drivers have no events"));
	mock_look.trace_error = -EACCES;
	assert_int_equal(run("trace", "--", "true", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "run as root"));
	assert_int_equal(run("trace", "-t", "x", NULL), EXIT_USAGE);
	assert_int_equal(run("-o", "perfetto", "list", NULL), EXIT_USAGE);
}

static void log_is_the_secure_console(void **state)
{
	mock_look.log_lost = 12;
	assert_int_equal(run("log", NULL), EXIT_OK);
	assert_string_equal(out_text, "(12 bytes before are not kept)\nomnitee: hello\n");
	mock_look.secure_error = -ENOENT;
	assert_int_equal(run("log", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "there is no /dev/omnitee-sim"));
}

static void events_of_qtee_have_words_of_their_own(void **state)
{
	static const struct sim_event raw[] = {
		{ AT(10), 1, SIM_EVENT_QTEE_CALL, 0, 5, 0, 0, 0 },
		{ AT(11), 2, SIM_EVENT_QTEE_INVOKE, 0, 5, 0x1003, 2, 0x101 },
		{ AT(12), 3, SIM_EVENT_QTEE_CALLBACK, 0, 5, 0x80000009, 1, 0 },
		{ AT(13), 4, SIM_EVENT_QTEE_LEAVE, 0, 5, 0, 0, 0 },
		{ AT(14), 5, SIM_EVENT_QTEE_RESUME, 1, 5, 0, 0, 0 },
		{ AT(15), 6, SIM_EVENT_QTEE_ANSWER, 1, 5, (uint32_t)-96, 0, 0 },
		{ AT(16), 7, SIM_EVENT_QTEE_RESULT, 1, 5, 10, 0, 0 },
		{ AT(17), 8, SIM_EVENT_QTEE_LEAVE, 1, 5, (uint32_t)-2, 1, 0 },
	};
	static const char *const names[] = {
		"qtee_call", "qtee_invoke", "qtee_callback", "qtee_leave", "qtee_resume",
		"qtee_answer", "qtee_result", "qtee_leave",
	};
	const struct event_clock clock = { 0, 0, 62500000 };
	struct event e;

	for (size_t n = 0; n < ARRAY_SIZE(raw); n++) {
		assert_true(event_from_secure(&e, &raw[n], &clock));
		assert_string_equal(e.name, names[n]);
		assert_string_equal(e.comm, "QTEE call");
		assert_int_equal(e.pid, 5);
	}
	event_from_secure(&e, &raw[1], &clock);
	assert_string_equal(record_text(&e.fields, "object"), "0x1003");
	assert_string_equal(record_text(&e.fields, "op"), "2");
	event_from_secure(&e, &raw[5], &clock);
	assert_string_equal(record_text(&e.fields, "result"), "-96");
	event_from_secure(&e, &raw[7], &clock);
	assert_string_equal(record_text(&e.fields, "status"), "-2");
}

/* Slices that begin and end as often, on a row of QTEE's. */
static void perfetto_gets_the_calls_of_qtee(void **state)
{
	static const struct sim_event of_qtee[] = {
		{ AT(10), 1, SIM_EVENT_QTEE_CALL, 0, 5, 0, 0, 0 },
		{ AT(11), 2, SIM_EVENT_QTEE_INVOKE, 0, 5, 0x1003, 2, 0x101 },
		{ AT(12), 3, SIM_EVENT_QTEE_CALLBACK, 0, 5, 0x80000009, 1, 0 },
		{ AT(13), 4, SIM_EVENT_QTEE_LEAVE, 0, 5, 0, 0, 0 },
		{ AT(14), 5, SIM_EVENT_QTEE_RESUME, 1, 5, 0, 0, 0 },
		{ AT(16), 6, SIM_EVENT_QTEE_RESULT, 1, 5, 10, 0, 0 },
		{ AT(17), 7, SIM_EVENT_QTEE_LEAVE, 1, 5, 0, 1, 0 },
	};
	cJSON *root, *list;

	mock_look.events = of_qtee;
	mock_look.num_events = ARRAY_SIZE(of_qtee);
	assert_int_equal(run("-o", "perfetto", "trace", "--", "true", NULL), EXIT_OK);
	root = parsed();
	list = cJSON_GetObjectItem(root, "traceEvents");
	check_nesting(list, 4, 5, "call(object 0x1003 op 2(calls object 0x80000009()))");
	check_nesting(list, 3, 0, "QTEE call 5()");
	check_nesting(list, 3, 1, "QTEE call 5()");
	cJSON_Delete(root);
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, recorded, nothing_left)

int main(void)
{
	const struct CMUnitTest look_tests[] = {
		CASE(records_are_cut_into_words),
		CASE(hostile_records_do_no_harm),
		CASE(threads_say_who_and_why),
		CASE(threads_are_json),
		CASE(sessions_have_owners),
		CASE(shm_counts_by_context_and_object),
		CASE(stats_show_counters_and_latencies),
		CASE(latency_is_turned),
		CASE(driver_that_shows_nothing_is_named),
		CASE(lines_of_a_trace_are_read),
		CASE(hostile_lines_do_no_harm),
		CASE(trace_has_both_worlds_in_order),
		CASE(trace_is_json_lines),
		CASE(perfetto_gets_nested_slices),
		CASE(events_of_qtee_have_words_of_their_own),
		CASE(perfetto_gets_the_calls_of_qtee),
		CASE(perfetto_gets_slices_of_memory_and_of_partitions),
		CASE(trace_that_begins_in_the_middle_ends_nothing),
		CASE(trace_without_the_emulated_world_has_one_side),
		CASE(trace_needs_drivers_with_events),
		CASE(log_is_the_secure_console),
	};

	return cmocka_run_group_tests(look_tests, NULL, NULL);
}
