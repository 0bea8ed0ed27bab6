// SPDX-License-Identifier: BSD-2-Clause
/* Registered memory: page lists of every shape, honest and not. */
#include "nw.h"

#define PAGE	4096

static uint64_t *list_page(unsigned int n)
{
	return (uint64_t *)host_at(NW_LIST) + 512 * n;
}

/* REGISTER_SHM with a list that the test has written itself. */
static uint32_t run_register(uint64_t buf_ptr, uint64_t size, uint64_t attr)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_REGISTER_SHM, 0, 0, 1);

	arg->params[0].attr = attr;
	arg->params[0].u.tmem.buf_ptr = buf_ptr;
	arg->params[0].u.tmem.size = size;
	arg->params[0].u.tmem.shm_ref = NW_COOKIE;
	return nw_run();
}

static uint32_t register_list(uint64_t buf_ptr, uint64_t size)
{
	return run_register(buf_ptr, size,
			    OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG);
}

static void sizes_around_the_list_page(void **state)
{
	static const unsigned int pages[] = { 1, 2, 510, 511, 512, 1022, 1023 };
	unsigned int n, offset;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(pages); n++) {
		for (offset = 0; offset < PAGE; offset += PAGE - 1) {
			uint64_t size = (uint64_t)pages[n] * PAGE - offset;

			/* A pointer behind the last entry goes nowhere and is not followed. */
			memset(list_page(0), 0xff, 4 * PAGE);
			assert_int_equal(nw_register(NW_COOKIE, offset, size), TEE_SUCCESS);
			assert_int_equal(nw_counter(SIM_COUNTER_SHM_BYTES), size);
			assert_int_equal(nw_counter(SIM_COUNTER_SHM_OBJECTS), 1);
			assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
			assert_int_equal(nw_counter(SIM_COUNTER_SHM_BYTES), 0);
		}
	}
}

static void bad_entries_are_refused(void **state)
{
	static const uint64_t bad[] = {
		0, NW_DATA + 1, NW_DATA + 8, 0x0e000000, 0x09000000, HOST_MEMORY_BASE - PAGE,
		HOST_MEMORY_BASE + HOST_MEMORY_SIZE, UINT64_MAX, ~(uint64_t)(PAGE - 1),
		1ULL << 63,
	};
	unsigned int n, where;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		for (where = 0; where < 3; where++) {
			unsigned int i;

			for (i = 0; i < 3; i++)
				list_page(0)[i] = NW_DATA + i * 2 * PAGE;
			list_page(0)[where] = bad[n];
			assert_int_equal(register_list(NW_LIST, 3 * PAGE),
					 TEE_ERROR_BAD_PARAMETERS);
		}
	}
	assert_int_equal(nw_counter(SIM_COUNTER_SHM_OBJECTS), 0);
	assert_true(nw_counter(SIM_COUNTER_REFUSALS) >= n * 3);
}

static void bad_lists_are_refused(void **state)
{
	static const uint64_t bad[] = {
		0, 0x0e000000, 0x09040000, HOST_MEMORY_BASE - PAGE,
		HOST_MEMORY_BASE + HOST_MEMORY_SIZE, UINT64_MAX,
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		assert_int_equal(register_list(bad[n], PAGE), TEE_ERROR_BAD_PARAMETERS);

	/* The second list page. */
	for (n = 0; n < 511; n++)
		list_page(0)[n] = NW_DATA;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		list_page(0)[511] = bad[n];
		assert_int_equal(register_list(NW_LIST, 512 * PAGE), TEE_ERROR_BAD_PARAMETERS);
	}
	list_page(0)[511] = NW_LIST + PAGE + 8;
	assert_int_equal(register_list(NW_LIST, 512 * PAGE), TEE_ERROR_BAD_PARAMETERS);
}

static void list_that_points_at_itself_ends(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 0; n < 511; n++)
		list_page(0)[n] = NW_DATA + (n & 1) * PAGE;
	list_page(0)[511] = NW_LIST;
	/* As many pages as there are, over and over. */
	assert_int_equal(register_list(NW_LIST, HOST_MEMORY_SIZE), TEE_SUCCESS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(register_list(NW_LIST, HOST_MEMORY_SIZE + 1), TEE_ERROR_BAD_PARAMETERS);
}

static void impossible_sizes_are_refused(void **state)
{
	static const uint64_t sizes[] = {
		0, UINT64_MAX, UINT64_MAX - PAGE + 1, 1ULL << 63, 1ULL << 40,
	};
	unsigned int n;

	(void)state;
	list_page(0)[0] = NW_DATA;
	for (n = 0; n < ARRAY_SIZE(sizes); n++)
		assert_int_equal(register_list(NW_LIST + 4095, sizes[n]),
				 TEE_ERROR_BAD_PARAMETERS);
}

static void attribute_must_be_exact(void **state)
{
	static const uint64_t attrs[] = {
		0, 0x9, 0xa, 0xb, 0x209, 0x20b, 0x30a, 0x205, 0x1020a, 0x4020a, 0x10000020a,
	};
	unsigned int n;

	(void)state;
	list_page(0)[0] = NW_DATA;
	for (n = 0; n < ARRAY_SIZE(attrs); n++)
		assert_int_equal(run_register(NW_LIST, PAGE, attrs[n]),
				 TEE_ERROR_BAD_PARAMETERS);
	nw_message(OPTEE_MSG_CMD_REGISTER_SHM, 0, 0, 0);
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
	nw_message(OPTEE_MSG_CMD_REGISTER_SHM, 0, 0, 2);
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
}

static void scattered_pages_are_read_in_order(void **state)
{
	static const unsigned int order[] = { 5, 6, 7, 2, 0, 9, 1, 4 };
	uint32_t session = nw_open(2);
	struct optee_msg_arg *arg;
	unsigned int n;

	(void)state;
	for (n = 0; n < 8; n++) {
		list_page(0)[n] = NW_DATA + order[n] * PAGE;
		memset(host_at(NW_DATA + order[n] * PAGE), 0xee, PAGE);
	}
	assert_int_equal(register_list(NW_LIST + 100, 8 * PAGE - 200), TEE_SUCCESS);
	arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, PARAMS_CMD_TRANSFORM, 1);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT;
	arg->params[0].u.rmem.size = 8 * PAGE - 200;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	assert_int_equal(nw_run(), TEE_SUCCESS);
	for (n = 0; n < 8 * PAGE; n++) {
		uint8_t octet = ((uint8_t *)host_at(NW_DATA + order[n / PAGE] * PAGE))[n % PAGE];
		bool inside = n >= 100 && n < 8 * PAGE - 100;

		assert_int_equal(octet, inside ? (uint8_t)(n - 100) : 0xee);
	}
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void newest_of_equal_cookies_is_meant(void **state)
{
	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_SUCCESS);
	assert_int_equal(nw_register(NW_COOKIE, 0, 2 * PAGE), TEE_SUCCESS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_counter(SIM_COUNTER_SHM_BYTES), PAGE);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_ERROR_BAD_PARAMETERS);
}

static void starved_heap_is_told_and_recovers(void **state)
{
	uint64_t cookie, count;
	unsigned int n;

	(void)state;
	for (n = 0; n < 4 * 511; n++)
		list_page(n / 511)[n % 511] = NW_DATA + (n & 1) * 2 * PAGE;
	for (n = 0; n < 4; n++)
		list_page(n)[511] = NW_LIST + (n + 1) * PAGE;
	for (count = 0; register_list(NW_LIST, 1500 * PAGE) == TEE_SUCCESS; count++)
		assert_true(count < 1000);
	assert_int_equal(((struct optee_msg_arg *)host_at(NW_MESSAGE))->ret,
			 TEE_ERROR_OUT_OF_MEMORY);
	for (cookie = 0; cookie < count; cookie++)
		assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(sizes_around_the_list_page),
		CASE(bad_entries_are_refused),
		CASE(bad_lists_are_refused),
		CASE(list_that_points_at_itself_ends),
		CASE(impossible_sizes_are_refused),
		CASE(attribute_must_be_exact),
		CASE(scattered_pages_are_read_in_order),
		CASE(newest_of_equal_cookies_is_meant),
		CASE(starved_heap_is_told_and_recovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
