// SPDX-License-Identifier: BSD-2-Clause
/* --secure KEY=VALUE as the firmware reads it. */
#include "nw.h"
#include "config.h"

static struct config config;
static char error[CONFIG_ERROR_SIZE];

static bool parse(const char *text)
{
	return config_parse(&config, text, strlen(text), error);
}

static void nothing_means_the_defaults(void **state)
{
	(void)state;
	assert_true(parse(""));
	assert_int_equal(config.threads, 4);
	assert_true(config.optee);
	assert_true(config_parse(&config, NULL, 0, error));
}

static void pairs_are_read(void **state)
{
	(void)state;
	assert_true(parse("  threads=64   optee=off "));
	assert_int_equal(config.threads, 64);
	assert_false(config.optee);
	assert_true(config_parse(&config, "threads=2\0", 10, error));
	assert_int_equal(config.threads, 2);
}

static void text_need_not_be_terminated(void **state)
{
	char *text = malloc(9);

	(void)state;
	memcpy(text, "threads=7", 9);
	assert_true(config_parse(&config, text, 9, error));
	assert_int_equal(config.threads, 7);
	free(text);
}

static void notification_has_an_interrupt(void **state)
{
	static const char *const bad[] = {
		"async-notif=", "async-notif=on", "async-notif=spi:", "async-notif=spi:224",
		"async-notif=ppi:16", "async-notif=ppi:x", "async-notif=off:1",
	};
	unsigned int n;

	(void)state;
	assert_true(parse(""));
	assert_int_equal(config.notif, NOTIF_SPI);
	assert_int_equal(config.notif_interrupt, 187);
	assert_true(parse("async-notif=spi:100"));
	assert_int_equal(config.notif_interrupt, 100);
	assert_true(parse("async-notif=ppi"));
	assert_int_equal(config.notif, NOTIF_PPI);
	assert_int_equal(config.notif_interrupt, 4);
	assert_true(parse("async-notif=off"));
	assert_int_equal(config.notif, NOTIF_OFF);
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_false(parse(bad[n]));
		assert_non_null(strstr(error, "async-notif"));
	}
}

static void guests_have_limits(void **state)
{
	static const char *const bad[] = {
		"guests=65", "guests=", "guests=x", "guests=17", "guests=2 threads=33",
		"threads=33 guests=2",
	};
	unsigned int n;

	(void)state;
	assert_true(parse(""));
	assert_int_equal(config.guests, 0);
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_false(parse(bad[n]));
		assert_non_null(strstr(error, "guests"));
	}
	assert_true(parse("guests=16"));
	assert_true(parse("guests=64 threads=1"));
	assert_int_equal(config.guests, 64);
	assert_false(parse("hypervisor=on"));
	assert_non_null(strstr(error, "hypervisor"));
	assert_true(parse("hypervisor=on guests=1"));
	assert_true(config.hypervisor);
	assert_true(parse("hypervisor=off"));
}

static void thread_count_has_limits(void **state)
{
	static const char *const bad[] = {
		"threads=0", "threads=65", "threads=", "threads=x", "threads=4x", "threads=-1",
		"threads=18446744073709551617", "threads=0x", "threads= 4",
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_false(parse(bad[n]));
		assert_non_null(strstr(error, "threads"));
	}
	assert_true(parse("threads=0x10"));
	assert_int_equal(config.threads, 16);
}

static void refusal_names_the_key(void **state)
{
	static const char *const keys[][2] = {
		{ "optee=ff-a", "optee" }, { "optee=ffa guests=1", "optee" },
		{ "optee=ffa static-shm=on", "static-shm" }, { "optee=on", "optee" },
		{ "optee", "optee" }, { "ts=2", "ts" }, { "ts-test=25", "ts-test" },
		{ "ts-future=1", "ts-future" }, { "ts-storage-id=0x8000", "ts-storage-id" },
		{ "ts-storage-id=0xffff", "ts-storage-id" }, { "ts-storage-id=any", "ts-storage-id" },
		{ "qtee=yes", "qtee" }, { "qtee-calls=0", "qtee-calls" },
		{ "qtee-calls=65", "qtee-calls" }, { "guests=1 qtee=on", "qtee" },
		{ "static-shm=yes", "static-shm" }, { "static-shm-size=1", "static-shm-size" },
		{ "static-shm-size=0x200001", "static-shm-size" },
		{ "static-shm-size=0x8000000", "static-shm-size" },
		{ "rpc-arg=1", "rpc-arg" }, { "load-ta=", "load-ta" },
		{ "rng-seed=x", "rng-seed" }, { "sysctx=on", "sysctx" }, { "colour=red", "colour" }, { "=", "" },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(keys); n++) {
		assert_false(parse(keys[n][0]));
		assert_non_null(strstr(error, keys[n][1]));
	}
}

static void switches_are_read(void **state)
{
	(void)state;
	assert_true(parse(""));
	assert_true(config.rpc_arg);
	assert_false(config.load_all);
	assert_int_equal(config.static_shm, STATIC_SHM_OFF);
	assert_true(parse("rpc-arg=off load-ta=on rng-seed=0x10 static-shm=on"));
	assert_false(config.rpc_arg);
	assert_true(config.load_all);
	assert_int_equal(config.rng_seed, 16);
	assert_int_equal(config.static_shm, STATIC_SHM_ON);
	assert_int_equal(config.static_shm_size, 2 << 20);
	assert_true(parse("static-shm=only static-shm-size=0x10000"));
	assert_int_equal(config.static_shm, STATIC_SHM_ONLY);
	assert_int_equal(config.static_shm_size, 65536);
	assert_int_equal(config.system_mode, SIM_SYSTEM_PRIVATE);
	assert_true(parse("sysctx=v2"));
	assert_int_equal(config.system_mode, SIM_SYSTEM_V2);
	assert_true(parse("sysctx=off"));
	assert_int_equal(config.system_mode, SIM_SYSTEM_OFF);
}

static void faults_have_name_count_and_argument(void **state)
{
	(void)state;
	assert_true(parse("fault=thread-limit fault=call-status:3:0x4"));
	assert_int_equal(config.faults[SIM_FAULT_THREAD_LIMIT].count, 1);
	assert_int_equal(config.faults[SIM_FAULT_CALL_STATUS].count, 3);
	assert_int_equal(config.faults[SIM_FAULT_CALL_STATUS].argument, 4);
	assert_false(parse("fault=no-such"));
	assert_false(parse("fault=thread-limit:"));
	assert_false(parse("fault=thread-limit:1:x"));
	assert_false(parse("fault=thread-limit:1:2:3"));
	assert_false(parse("fault="));
}

static void hostile_texts_do_no_harm(void **state)
{
	char text[600];
	unsigned int n;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(config_parse(&config, text, sizeof(text), error));
	memset(text, '%', sizeof(text));
	text[500] = '=';
	assert_false(config_parse(&config, text, sizeof(text), error));
	srand(1);
	for (n = 0; n < 20000; n++) {
		static const char letters[] = "threads=optee fault:0x1\0\xff\n";
		size_t length = (size_t)rand() % 24, i;
		char *exact = malloc(length + 1);

		for (i = 0; i < length; i++)
			exact[i] = letters[(size_t)rand() % (sizeof(letters) - 1)];
		config_parse(&config, exact, length, error);
		assert_true(strlen(error) < sizeof(error));
		free(exact);
	}
}

static void ffa_is_off_unless_something_needs_it(void **state)
{
	static const char *const bad[] = {
		"ffa=1", "ts=", "ffa-version=1.3", "ffa-version=1", "test-partitions=3",
	};
	unsigned int n;

	(void)state;
	assert_true(parse(""));
	assert_false(config_has_ffa(&config));
	assert_int_equal(config.ffa_version, 0x10002);
	assert_true(config.test_partitions);
	assert_true(parse("ffa=on ffa-version=1.0 test-partitions=off"));
	assert_true(config_has_ffa(&config));
	assert_int_equal(config.ffa_version, 0x10000);
	assert_false(config.test_partitions);
	assert_true(parse("ts=on"));
	assert_true(config_has_ffa(&config));
	assert_true(parse("optee=ffa"));
	assert_true(config_has_ffa(&config));
	assert_false(config.optee);
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		assert_false(parse(bad[n]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_means_the_defaults),
		cmocka_unit_test(pairs_are_read),
		cmocka_unit_test(text_need_not_be_terminated),
		cmocka_unit_test(notification_has_an_interrupt),
		cmocka_unit_test(thread_count_has_limits),
		cmocka_unit_test(guests_have_limits),
		cmocka_unit_test(ffa_is_off_unless_something_needs_it),
		cmocka_unit_test(refusal_names_the_key),
		cmocka_unit_test(switches_are_read),
		cmocka_unit_test(faults_have_name_count_and_argument),
		cmocka_unit_test(hostile_texts_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
