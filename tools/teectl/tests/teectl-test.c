// SPDX-License-Identifier: BSD-2-Clause
/* teectl from its command line to its output, against devices that only pretend. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "abi/version.h"
#include "array.h"
#include "main.h"
#include "mock-device.h"
#include "param.h"
#include "run.h"

#define ECHO	"6f6d6e69-7465-4500-8000-000000000001"

static int two_devices(void **state)
{
	memset(&mock, 0, sizeof(mock));
	mock.num_devices = 2;
	mock.busy = -1;
	mock.devices[0] = (struct device){
		.name = "tee0",
		.version = { TEE_IMPL_ID_OPTEE, TEE_OPTEE_CAP_TZ,
			     TEE_GEN_CAP_GP | TEE_GEN_CAP_REG_MEM | TEE_GEN_CAP_MEMREF_NULL },
		.revision = "OP-TEE 4.0",
	};
	mock.devices[1] = (struct device){
		.name = "teepriv0",
		.version = { 77, 0, TEE_GEN_CAP_PRIVILEGED | 1 << 20 },
	};
	return 0;
}

static int nothing_left(void **state)
{
	return mock.open_fds || mock.open_sessions || mock.open_memory;
}

static void words_of_the_grammar_become_parameters(void **state)
{
	static const struct {
		const char *text;
		struct param want;
	} table[] = {
		{ "none", { .type = 0 } },
		{ "value:1,0x20", { .type = 1, .a = 1, .b = 0x20 } },
		{ "value:4294967295", { .type = 1, .a = 0xffffffff } },
		{ "value-in:010,2", { .type = 1, .a = 8, .b = 2 } },
		{ "value-out", { .type = 2 } },
		{ "value-inout:3,4", { .type = 3, .a = 3, .b = 4 } },
		{ "in:file", { .type = 5, .path = "file" } },
		{ "in:-", { .type = 5, .path = "-" } },
		{ "in:a:b", { .type = 5, .path = "a:b" } },
		{ "out:file:64", { .type = 6, .path = "file", .size = 64 } },
		{ "out:a:b:0", { .type = 6, .path = "a:b" } },
		{ "out:-:5", { .type = 6, .path = "-", .size = 5 } },
		{ "inout:file", { .type = 7, .path = "file" } },
		{ "null:in", { .type = 5, .null = true } },
		{ "null:out", { .type = 6, .null = true } },
		{ "null:inout", { .type = 7, .null = true } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const char *why;
		struct param p;

		assert_true(param_parse(table[i].text, &p, &why));
		assert_int_equal(p.type, table[i].want.type);
		assert_int_equal(p.null, table[i].want.null);
		assert_int_equal(p.a, table[i].want.a);
		assert_int_equal(p.b, table[i].want.b);
		assert_int_equal(p.size, table[i].want.size);
		assert_string_equal(p.path, table[i].want.path);
	}
}

static void words_outside_the_grammar_are_refused_with_a_reason(void **state)
{
	static const char * const bad[] = {
		"", ":", "valu:1", "values:1", "value", "value:", "value:x", "value:1,", "value:,1",
		"value:1,2,3", "value:-1", "value: 1", "value:4294967296", "value:1,4294967296",
		"value-out:1", "none:", "in", "in:", "out", "out:file", "out::5", "out:file:",
		"out:file:x", "out:file:-1", "out:file:99999999999", "inout:-", "null", "null:",
		"null:value", "null:inn",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *why = NULL;
		struct param p;

		if (param_parse(bad[i], &p, &why))
			fail_msg("'%s' was taken", bad[i]);
		assert_non_null(why);
	}
}

static void uuids_go_both_ways(void **state)
{
	static const char text[] = "01234567-89ab-cdef-0123-456789abcdef";
	uint8_t uuid[16];
	char back[37];

	assert_true(uuid_parse(text, uuid));
	assert_int_equal(uuid[0], 0x01);
	assert_int_equal(uuid[15], 0xef);
	uuid_format(uuid, back);
	assert_string_equal(back, text);
	assert_true(uuid_parse("ABCDEFAB-0000-0000-0000-000000000000", uuid));
	assert_int_equal(uuid[0], 0xab);
	assert_false(uuid_parse("", uuid));
	assert_false(uuid_parse("01234567-89ab-cdef-0123-456789abcde", uuid));
	assert_false(uuid_parse("01234567-89ab-cdef-0123-456789abcdef0", uuid));
	assert_false(uuid_parse("0123456789ab-cdef-0123-456789abcdef--", uuid));
	assert_false(uuid_parse("g1234567-89ab-cdef-0123-456789abcdef", uuid));
}

static void devices_have_three_names(void **state)
{
	char name[DEVICE_NAME_MAX];

	assert_true(device_name("/dev/tee0", name));
	assert_string_equal(name, "tee0");
	assert_true(device_name("tee12", name));
	assert_string_equal(name, "tee12");
	assert_true(device_name("3", name));
	assert_string_equal(name, "tee3");
	assert_true(device_name("teepriv1", name));
	assert_string_equal(name, "teepriv1");
	assert_false(device_name("", name));
	assert_false(device_name("tee", name));
	assert_false(device_name("teepriv", name));
	assert_false(device_name("tty0", name));
	assert_false(device_name("/dev/0", name));
	assert_false(device_name("tee0/../x", name));
	assert_false(device_name("tee99999", name));
}

static void list_names_capabilities(void **state)
{
	assert_int_equal(run("list", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "tee0       optee  gp,reg-mem,memref-null  tz  OP-TEE 4.0\n"));
	assert_non_null(strstr(out_text, "teepriv0   77  privileged,bit20\n"));
}

static void partition_is_named_by_its_endpoint(void **state)
{
	cJSON *root;

	mock.devices[1] = (struct device){
		.name = "tee1",
		.version = { TEE_IMPL_ID_TSTEE, 0x8005, 0 },
	};
	assert_int_equal(run("list", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "tee1       tstee  -  endpoint 8005\n"));
	assert_int_equal(run("info", "tee1", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "endpoint:        8005\n"));
	assert_null(strstr(out_text, "bit0"));
	assert_int_equal(run("list", "-o", "json", NULL), EXIT_OK);
	root = cJSON_Parse(out_text);
	assert_int_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(root, 1), "endpoint")->valueint,
			 0x8005);
	assert_null(cJSON_GetObjectItem(cJSON_GetArrayItem(root, 0), "endpoint"));
	cJSON_Delete(root);
}

static void list_is_json(void **state)
{
	cJSON *root, *dev;

	assert_int_equal(run("list", "-o", "json", NULL), EXIT_OK);
	root = cJSON_Parse(out_text);
	assert_int_equal(cJSON_GetArraySize(root), 2);
	dev = cJSON_GetArrayItem(root, 0);
	assert_string_equal(cJSON_GetObjectItem(dev, "device")->valuestring, "tee0");
	assert_string_equal(cJSON_GetObjectItem(dev, "implementation")->valuestring, "optee");
	assert_string_equal(cJSON_GetObjectItem(dev, "revision")->valuestring, "OP-TEE 4.0");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(dev, "capabilities")), 3);
	dev = cJSON_GetArrayItem(root, 1);
	assert_int_equal(cJSON_GetObjectItem(dev, "implementation")->valueint, 77);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(dev, "revision")));
	cJSON_Delete(root);
}

static void list_of_nothing_says_so(void **state)
{
	mock.num_devices = 0;
	assert_int_equal(run("list", NULL), EXIT_NO_DEVICE);
	assert_non_null(strstr(err_text, "no TEE device"));
	assert_int_equal(run("-o", "json", "list", NULL), EXIT_NO_DEVICE);
	assert_string_equal(out_text, "[]\n");
}

static void list_shows_a_node_that_is_busy(void **state)
{
	cJSON *root, *dev;

	mock.busy = 1;
	assert_int_equal(run("list", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "teepriv0   optee  busy\n"));
	assert_int_equal(run("list", "-o", "json", NULL), EXIT_OK);
	root = cJSON_Parse(out_text);
	assert_int_equal(cJSON_GetArraySize(root), 2);
	dev = cJSON_GetArrayItem(root, 0);
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(dev, "busy")));
	dev = cJSON_GetArrayItem(root, 1);
	assert_string_equal(cJSON_GetObjectItem(dev, "device")->valuestring, "teepriv0");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(dev, "busy")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(dev, "capabilities")));
	cJSON_Delete(root);
}

static void device_that_is_there_is_ready_at_once(void **state)
{
	assert_int_equal(run("wait-ready", NULL), EXIT_OK);
	assert_string_equal(out_text, "tee0 is ready\n");
	assert_int_equal(mock.num_waits, 0);
	assert_false(mock.watched_opens);
	assert_int_equal(run("wait-ready", "teepriv0", NULL), EXIT_OK);
	assert_string_equal(out_text, "teepriv0 is ready\n");
}

static void device_comes(void)
{
	mock.num_devices = 2;
}

static void node_of_another_kind_comes(void)
{
	mock.devices[0] = mock.devices[1];
	mock.num_devices = 1;
}

static void device_that_comes_is_seen(void **state)
{
	mock.num_devices = 0;
	mock.news[0] = device_comes;
	assert_int_equal(run("wait-ready", NULL), EXIT_OK);
	assert_int_equal(mock.num_waits, 1);
	assert_int_equal(mock.last_wait_ms, -1);
}

static void device_that_does_not_come_is_told(void **state)
{
	cJSON *root;

	mock.num_devices = 0;
	mock.news[0] = node_of_another_kind_comes;
	assert_int_equal(run("wait-ready", "--timeout", "7", NULL), EXIT_LATE);
	assert_int_equal(mock.num_waits, 2);
	assert_in_range(mock.last_wait_ms, 1, 7000);
	assert_string_equal(out_text, "");
	assert_non_null(strstr(err_text, "no /dev/tee* after 7 s; load a driver"));
	assert_int_equal(run("wait-ready", "--timeout", "0", "-o", "json", "3", NULL), EXIT_LATE);
	assert_int_equal(mock.last_wait_ms, 0);
	assert_non_null(strstr(err_text, "no /dev/tee3 after 0 s"));
	root = cJSON_Parse(out_text);
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(root, "ready")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(root, "device")));
	cJSON_Delete(root);
}

static void permission_comes(void)
{
	mock.denied = false;
}

static void device_without_permission_is_not_ready(void **state)
{
	mock.denied = true;
	assert_int_equal(run("wait-ready", "-t", "1", NULL), EXIT_LATE);
	assert_non_null(strstr(err_text, "/dev/tee*: Permission denied, after 1 s; run as root"));
	mock.num_waits = 0;
	mock.news[0] = permission_comes;
	assert_int_equal(run("wait-ready", "-t", "1", NULL), EXIT_OK);
}

static void supplicant_comes(void)
{
	mock.held = 1;
}

static void supplicant_is_waited_for(void **state)
{
	cJSON *root;

	mock.news[0] = supplicant_comes;
	assert_int_equal(run("wait-ready", "--supplicant", "0", "-o", "json", NULL), EXIT_OK);
	assert_true(mock.watched_opens);
	assert_int_equal(mock.num_waits, 1);
	root = cJSON_Parse(out_text);
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(root, "ready")));
	assert_string_equal(cJSON_GetObjectItem(root, "device")->valuestring, "tee0");
	assert_string_equal(cJSON_GetObjectItem(root, "supplicant")->valuestring, "teepriv0");
	cJSON_Delete(root);
	assert_int_equal(run("wait-ready", "-s", NULL), EXIT_OK);
	assert_string_equal(out_text, "tee0 is ready, a supplicant has teepriv0\n");
}

static void supplicant_that_does_not_come_is_told(void **state)
{
	assert_int_equal(run("wait-ready", "-s", "-t", "2", NULL), EXIT_LATE);
	assert_non_null(strstr(err_text, "no supplicant has /dev/teepriv0 after 2 s; start"));
	/* It looks now and then, as there are no news of all that may happen. */
	assert_int_equal(mock.num_waits, 2);
	assert_int_equal(mock.last_wait_ms, 1000);
	/* That of another device does not count. */
	mock.held = 1;
	mock.devices[1].name[7] = '1';
	assert_int_equal(run("wait-ready", "-s", "-t", "2", "0", NULL), EXIT_LATE);
	assert_int_equal(run("wait-ready", "-s", "-t", "2", "teepriv1", NULL), EXIT_OK);
	/* Who cannot see it does not wait for ever. */
	mock.held = -EACCES;
	assert_int_equal(run("wait-ready", "-s", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "run as root"));
}

static void version_is_told(void **state)
{
	assert_int_equal(run("--version", NULL), EXIT_OK);
	assert_string_equal(out_text, "teectl " OMNITEE_VERSION "\n");
}

static void info_shows_one_device(void **state)
{
	assert_int_equal(run("info", "/dev/tee0", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "/dev/tee0"));
	assert_non_null(strstr(out_text, "gp,reg-mem,memref-null"));
	assert_int_equal(run("info", "5", NULL), EXIT_NO_DEVICE);
	assert_non_null(strstr(err_text, "teectl list"));
	assert_int_equal(run("info", "tty0", NULL), EXIT_USAGE);
}

static void refused_node_is_a_system_error(void **state)
{
	mock.open_error = -EACCES;
	assert_int_equal(run("info", "tee0", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "root"));
}

static void wrong_usage_is_named(void **state)
{
	assert_int_equal(run(NULL), EXIT_USAGE);
	assert_int_equal(run("dance", NULL), EXIT_USAGE);
	assert_non_null(strstr(err_text, "'dance'"));
	assert_int_equal(run("list", "more", NULL), EXIT_USAGE);
	assert_int_equal(run("info", NULL), EXIT_USAGE);
	assert_int_equal(run("-o", "xml", "list", NULL), EXIT_USAGE);
	assert_int_equal(run("--nonsense", NULL), EXIT_USAGE);
	assert_int_equal(run("list", "-o", NULL), EXIT_USAGE);
	assert_int_equal(run("wait-ready", "-t", "soon", NULL), EXIT_USAGE);
	assert_int_equal(run("wait-ready", "-t", "-1", NULL), EXIT_USAGE);
	assert_int_equal(run("wait-ready", "-t", "86401", NULL), EXIT_USAGE);
	assert_int_equal(run("wait-ready", "tty0", NULL), EXIT_USAGE);
	assert_int_equal(run("-l", "group:x", "list", NULL), EXIT_USAGE);
	assert_int_equal(run("invoke", "0", "not-a-uuid", "1", NULL), EXIT_USAGE);
	assert_int_equal(run("invoke", "0", ECHO, "one", NULL), EXIT_USAGE);
	assert_int_equal(run("invoke", "0", ECHO, "1", "value", NULL), EXIT_USAGE);
	assert_int_equal(run("invoke", "0", ECHO, "1", "none", "none", "none", "none", "none",
			     NULL), EXIT_USAGE);
}

static void help_lists_commands_and_exit_codes(void **state)
{
	assert_int_equal(run("--help", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "invoke DEVICE UUID COMMAND"));
	assert_non_null(strstr(out_text, "out:FILE:SIZE"));
	assert_non_null(strstr(out_text, "4 no such device"));
}

static void values_arrive_and_come_back(void **state)
{
	assert_int_equal(run("invoke", "0", ECHO, "0x10", "value:1,2", "value-out", NULL), EXIT_OK);
	assert_int_equal(mock.command, 0x10);
	assert_int_equal(mock.num_params, 2);
	assert_int_equal(mock.params[0].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT);
	assert_int_equal(mock.params[0].a, 1);
	assert_int_equal(mock.params[0].b, 2);
	assert_non_null(strstr(out_text, "TEE_SUCCESS"));
	assert_non_null(strstr(out_text, "param 1: value a=0x11 b=0x22"));
	assert_null(strstr(out_text, "param 0"));
}

static void login_arrives(void **state)
{
	assert_int_equal(run("invoke", "--login", "group:27", "0", ECHO, "0", NULL), EXIT_OK);
	assert_int_equal(mock.login, TEE_IOCTL_LOGIN_GROUP);
	assert_int_equal(mock.gid, 27);
	assert_int_equal(run("invoke", "-l", "user", "0", ECHO, "0", NULL), EXIT_OK);
	assert_int_equal(mock.login, TEE_IOCTL_LOGIN_USER);
}

static void error_of_the_application_has_its_name_and_code(void **state)
{
	mock.invoke_ret = TEE_ERROR_BAD_PARAMETERS;
	assert_int_equal(run("invoke", "0", ECHO, "1", NULL), EXIT_ANSWER);
	assert_non_null(strstr(out_text,
			       "invoke: TEE_ERROR_BAD_PARAMETERS (0xffff0006), origin TRUSTED_APP"));
}

static void error_of_the_open_has_its_stage(void **state)
{
	cJSON *root;

	mock.open_ret = TEE_ERROR_ITEM_NOT_FOUND;
	assert_int_equal(run("-o", "json", "invoke", "0", ECHO, "1", NULL), EXIT_ANSWER);
	root = cJSON_Parse(out_text);
	assert_string_equal(cJSON_GetObjectItem(root, "stage")->valuestring, "open-session");
	assert_string_equal(cJSON_GetObjectItem(root, "result_name")->valuestring,
			    "TEE_ERROR_ITEM_NOT_FOUND");
	assert_string_equal(cJSON_GetObjectItem(root, "uuid")->valuestring, ECHO);
	cJSON_Delete(root);
}

static void failed_call_is_a_system_error(void **state)
{
	mock.invoke_error = -EINVAL;
	assert_int_equal(run("invoke", "0", ECHO, "1", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "invoke: Invalid argument"));
}

static void files_travel(void **state)
{
	char in[] = "/tmp/teectl-in-XXXXXX", out[] = "/tmp/teectl-out-XXXXXX", word[64], word2[64];
	int in_fd = mkstemp(in), out_fd = mkstemp(out);
	char back[8] = "";

	assert_int_equal(write(in_fd, "hello", 5), 5);
	mock.reply = "abc";
	mock.reply_size = 3;
	snprintf(word, sizeof(word), "in:%s", in);
	snprintf(word2, sizeof(word2), "out:%s:16", out);
	assert_int_equal(run("invoke", "0", ECHO, "2", word, word2, NULL), EXIT_OK);
	assert_int_equal(mock.params[0].b, 5);
	assert_int_equal(mock.params[1].b, 16);
	assert_string_equal(mock.input, "hello");
	assert_int_equal(read(out_fd, back, sizeof(back)), 3);
	assert_string_equal(back, "abc");
	close(in_fd);
	close(out_fd);
	unlink(in);
	unlink(out);
}

static void output_is_shown_in_hexadecimal(void **state)
{
	cJSON *root, *param;

	mock.reply = "abc";
	mock.reply_size = 3;
	assert_int_equal(run("invoke", "0", ECHO, "2", "out:-:16", NULL), EXIT_OK);
	assert_non_null(strstr(out_text, "param 0: memory of 3 bytes: 61 62 63\n"));
	assert_int_equal(run("-o", "json", "invoke", "0", ECHO, "2", "out:-:16", NULL), EXIT_OK);
	root = cJSON_Parse(out_text);
	param = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "params"), 0);
	assert_string_equal(cJSON_GetObjectItem(param, "hex")->valuestring, "616263");
	cJSON_Delete(root);
}

static void size_above_the_memory_is_not_read(void **state)
{
	mock.invoke_ret = TEE_ERROR_SHORT_BUFFER;
	mock.reply_size = 1000000;
	assert_int_equal(run("invoke", "0", ECHO, "2", "out:-:16", NULL), EXIT_ANSWER);
	assert_non_null(strstr(out_text, "param 0: memory of 1000000 bytes\n"));
}

static void null_references_need_no_memory(void **state)
{
	assert_int_equal(run("invoke", "0", ECHO, "2", "null:in", "null:out", NULL), EXIT_OK);
	assert_true(mock.params[0].c == TEE_MEMREF_NULL);
	assert_true(mock.params[1].c == TEE_MEMREF_NULL);
}

static void missing_file_is_a_system_error(void **state)
{
	assert_int_equal(run("invoke", "0", ECHO, "2", "in:/nonexistent/file", NULL), EXIT_SYSTEM);
	assert_non_null(strstr(err_text, "/nonexistent/file: No such file"));
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, two_devices, nothing_left)

int main(void)
{
	const struct CMUnitTest teectl_tests[] = {
		CASE(words_of_the_grammar_become_parameters),
		CASE(words_outside_the_grammar_are_refused_with_a_reason),
		CASE(uuids_go_both_ways),
		CASE(devices_have_three_names),
		CASE(list_names_capabilities),
		CASE(partition_is_named_by_its_endpoint),
		CASE(list_is_json),
		CASE(list_of_nothing_says_so),
		CASE(list_shows_a_node_that_is_busy),
		CASE(device_that_is_there_is_ready_at_once),
		CASE(device_that_comes_is_seen),
		CASE(device_that_does_not_come_is_told),
		CASE(device_without_permission_is_not_ready),
		CASE(supplicant_is_waited_for),
		CASE(supplicant_that_does_not_come_is_told),
		CASE(version_is_told),
		CASE(info_shows_one_device),
		CASE(refused_node_is_a_system_error),
		CASE(wrong_usage_is_named),
		CASE(help_lists_commands_and_exit_codes),
		CASE(values_arrive_and_come_back),
		CASE(login_arrives),
		CASE(error_of_the_application_has_its_name_and_code),
		CASE(error_of_the_open_has_its_stage),
		CASE(failed_call_is_a_system_error),
		CASE(files_travel),
		CASE(output_is_shown_in_hexadecimal),
		CASE(size_above_the_memory_is_not_read),
		CASE(null_references_need_no_memory),
		CASE(missing_file_is_a_system_error),
	};

	return cmocka_run_group_tests(teectl_tests, NULL, NULL);
}
