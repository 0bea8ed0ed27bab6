// SPDX-License-Identifier: BSD-2-Clause
/* The secure world as a hostile or careless normal world sees it: messages and memory. */
#include <string.h>

#include "array.h"
#include "harness.h"
#include "raw.h"

#define SECURE_RAM	0x0e100000UL
#define UART		0x09000000UL

#define VALUE_META	(OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META)

static const uint8_t echo[16] = APP_ECHO_UUID;
static const uint8_t params[16] = APP_PARAMS_UUID;
static const uint8_t nobody[16] = APP_UUID(0xee);

/* OPEN_SESSION of echo with one thing changed by the case. */
static struct optee_msg_arg *prepare_open(struct raw *r, uint32_t num_params)
{
	struct optee_msg_arg *msg;

	raw_init(r, RAW_PAGE_FREE);
	msg = raw_msg(r, OPTEE_MSG_CMD_OPEN_SESSION, num_params);
	raw_fill_open(msg, echo);
	return msg;
}

/* Sends an OPEN_SESSION that must be refused and gives no session. */
static void open_refused(struct raw *r, uint32_t want)
{
	struct optee_msg_arg *msg = raw_va(r, RAW_PAGE_MSG);

	msg->session = 0x1234;
	EXPECT_EQ(raw_ret(r), want);
	EXPECT_EQ(msg->ret_origin, TEE_ORIGIN_TEE);
	EXPECT_EQ(msg->session, 0);
}

TEST(open_gives_a_session_and_close_ends_it)
{
	uint64_t before = world_counter(SIM_COUNTER_SESSIONS);
	uint32_t session;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	session = raw_open(&r, echo);
	EXPECT_NE(session, 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), before + 1);
	raw_close(&r, session);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), before);
}

TEST(open_of_an_unknown_application_is_not_found)
{
	struct raw r;

	memcpy(prepare_open(&r, 2)->params[0].u.octets, nobody, 16);
	open_refused(&r, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(open_without_both_meta_parameters_is_refused)
{
	struct raw r;

	for (uint32_t n = 0; n < 2; n++) {
		prepare_open(&r, n);
		open_refused(&r, TEE_ERROR_BAD_PARAMETERS);
	}
}

TEST(open_with_other_attributes_is_refused)
{
	static const uint64_t attrs[] = {
		0, OPTEE_MSG_ATTR_TYPE_VALUE_INPUT, VALUE_META + 1, VALUE_META | 0x200,
		VALUE_META | 1ULL << 32,
	};
	struct raw r;

	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++)
		for (int n = 0; n < 2; n++) {
			prepare_open(&r, 2)->params[n].attr = attrs[i];
			open_refused(&r, TEE_ERROR_BAD_PARAMETERS);
		}
}

TEST(open_with_an_unknown_login_is_refused)
{
	static const uint32_t logins[] = { 3, 7, 0x7fffffff, 0x80000001 };
	struct raw r;

	for (size_t i = 0; i < ARRAY_SIZE(logins); i++) {
		prepare_open(&r, 2)->params[1].u.value.c = logins[i];
		open_refused(&r, TEE_ERROR_BAD_PARAMETERS);
	}
}

TEST(open_with_five_parameters_is_refused)
{
	struct raw r;

	prepare_open(&r, 7);
	open_refused(&r, TEE_ERROR_BAD_PARAMETERS);
}

TEST(open_with_a_third_meta_parameter_is_refused)
{
	struct raw r;

	prepare_open(&r, 3)->params[2].attr = VALUE_META;
	open_refused(&r, TEE_ERROR_BAD_PARAMETERS);
}

TEST(public_login_makes_the_client_nil)
{
	struct optee_msg_arg *msg;
	uint32_t session;
	struct raw r;

	raw_init(&r, 8);
	ASSERT_EQ(raw_register(&r, RAW_COOKIE(1), 2, NULL, 4, 1, 0, 4096), TEE_SUCCESS);
	msg = raw_msg(&r, OPTEE_MSG_CMD_OPEN_SESSION, 2);
	raw_fill_open(msg, echo);
	msg->params[1].u.value.a = 0x1111111111111111;
	msg->params[1].u.value.b = 0x2222222222222222;
	ASSERT_EQ(raw_ret(&r), TEE_SUCCESS);
	session = msg->session;
	msg = raw_msg(&r, OPTEE_MSG_CMD_INVOKE_COMMAND, 2);
	msg->session = session;
	msg->func = ECHO_CMD_IDENTITY;
	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	msg->params[1].attr = OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT;
	msg->params[1].u.rmem.size = 16;
	msg->params[1].u.rmem.shm_ref = RAW_COOKIE(1);
	memset(raw_va(&r, 4), 0xee, 16);
	EXPECT_EQ(raw_ret(&r), TEE_SUCCESS);
	for (int i = 0; i < 16; i++)
		EXPECT_EQ(((uint8_t *)raw_va(&r, 4))[i], 0);
	raw_close(&r, session);
	ASSERT_EQ(raw_unregister(&r, RAW_COOKIE(1)), TEE_SUCCESS);
}

TEST(close_of_an_unknown_session_is_not_found)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0)->session = 0xabcdef;
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_ITEM_NOT_FOUND);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0)->session = 0;
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(close_with_parameters_is_refused_and_the_session_stays)
{
	uint32_t session;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	session = raw_open(&r, echo);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 1)->session = session;
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_BAD_PARAMETERS);
	raw_close(&r, session);
}

TEST(cancel_of_an_unknown_session_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, OPTEE_MSG_CMD_CANCEL, 0)->session = 0xabcdef;
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_BAD_PARAMETERS);
}

TEST(invoke_of_an_unknown_session_is_refused)
{
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	msg = raw_msg(&r, OPTEE_MSG_CMD_INVOKE_COMMAND, 0);
	msg->session = 0xabcdef;
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_BAD_PARAMETERS);
	EXPECT_EQ(msg->ret_origin, TEE_ORIGIN_TEE);
}

/* One parameter to TRANSFORM; the message stays in its page. */
static uint32_t transform(struct raw *r, struct optee_msg_param p)
{
	uint32_t session = raw_open(r, params), ret;
	struct optee_msg_arg *msg = raw_msg(r, OPTEE_MSG_CMD_INVOKE_COMMAND, 1), copy;

	msg->session = session;
	msg->func = PARAMS_CMD_TRANSFORM;
	msg->params[0] = p;
	ret = raw_ret(r);
	copy = *msg;
	p = msg->params[0];
	raw_close(r, session);
	*msg = copy;
	msg->params[0] = p;
	return ret;
}

TEST(value_comes_back_without_touching_c)
{
	struct optee_msg_param p = {
		.attr = OPTEE_MSG_ATTR_TYPE_VALUE_INOUT,
		.u.value = { 0, 1, 0x123456789abcdef0 },
	};
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(transform(&r, p), TEE_SUCCESS);
	msg = raw_va(&r, RAW_PAGE_MSG);
	EXPECT_EQ((uint32_t)msg->params[0].u.value.a, 0xffffffff);
	EXPECT_EQ((uint32_t)msg->params[0].u.value.b, 0xfffffffe);
	EXPECT_EQ(msg->params[0].u.value.c, 0x123456789abcdef0);
	EXPECT_EQ(msg->params[0].attr, p.attr);
	EXPECT_EQ(msg->ret_origin, TEE_ORIGIN_TRUSTED_APP);
}

TEST(meta_parameter_for_an_application_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(transform(&r, (struct optee_msg_param){ .attr = VALUE_META }),
		  TEE_ERROR_BAD_PARAMETERS);
}

TEST(unknown_parameter_types_are_refused)
{
	static const uint64_t attrs[] = { 4, 8, 0xc, 0xff };
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++)
		EXPECT_EQ(transform(&r, (struct optee_msg_param){ .attr = attrs[i] }),
			  TEE_ERROR_BAD_PARAMETERS);
}

static struct optee_msg_param rmem(uint64_t cookie, uint64_t offs, uint64_t size)
{
	return (struct optee_msg_param){
		.attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT, .u.rmem = { offs, size, cookie },
	};
}

TEST(registered_memory_is_checked_against_its_object)
{
	struct raw r;

	raw_init(&r, 8);
	ASSERT_EQ(raw_register(&r, RAW_COOKIE(1), 2, NULL, 4, 2, 0, 5000), TEE_SUCCESS);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), 0, 5000)), TEE_SUCCESS);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), 4999, 1)), TEE_SUCCESS);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), 0, 5001)), TEE_ERROR_SECURITY);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), 5000, 1)), TEE_ERROR_SECURITY);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), UINT64_MAX, 2)), TEE_ERROR_SECURITY);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), 2, UINT64_MAX)), TEE_ERROR_SECURITY);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(2), 0, 1)), TEE_ERROR_BAD_PARAMETERS);
	ASSERT_EQ(raw_unregister(&r, RAW_COOKIE(1)), TEE_SUCCESS);
	EXPECT_EQ(transform(&r, rmem(RAW_COOKIE(1), 0, 1)), TEE_ERROR_BAD_PARAMETERS);
}

TEST(temporary_memory_that_is_not_shared_is_refused)
{
	static const uint64_t addresses[] = { SECURE_RAM, UART, 0x4000000000, 0xfffffffffffff000 };
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
		EXPECT_EQ(transform(&r, (struct optee_msg_param){
				.attr = OPTEE_MSG_ATTR_TYPE_TMEM_INPUT,
				.u.tmem = { addresses[i], 4096, 0 },
			}), TEE_ERROR_BAD_PARAMETERS);
}

TEST(null_temporary_memory_is_empty)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(transform(&r, (struct optee_msg_param){
			.attr = OPTEE_MSG_ATTR_TYPE_TMEM_INOUT, .u.tmem = { 0, 4096, 0 },
		}), TEE_SUCCESS);
}

/* Registers, checks the counters, uses the last byte, unregisters. */
static void register_pages(unsigned int count, uint64_t offset)
{
	unsigned int lists = (count + OPTEE_MSG_PAGES_PER_LIST - 1) / OPTEE_MSG_PAGES_PER_LIST;
	unsigned int first = RAW_PAGE_FREE + lists;
	uint64_t size = count * 4096ULL - offset;
	uint64_t objects, bytes;
	struct optee_msg_param p;
	uint8_t *last;
	struct raw r;

	/* The control device gives 1024 pages, so the first entry also serves as the last. */
	raw_init(&r, first + (count > 1000 ? 1 : count));
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	bytes = world_counter(SIM_COUNTER_SHM_BYTES);
	if (count > 1000) {
		static uint64_t pa[2048];

		for (unsigned int i = 0; i < count; i++)
			pa[i] = raw_pa(&r, first);
		ASSERT_EQ(raw_register(&r, RAW_COOKIE(3), RAW_PAGE_FREE, pa, 0, count, offset,
				       size), TEE_SUCCESS);
		last = (uint8_t *)raw_va(&r, first) + 4095;
	} else {
		ASSERT_EQ(raw_register(&r, RAW_COOKIE(3), RAW_PAGE_FREE, NULL, first, count, offset,
				       size), TEE_SUCCESS);
		last = (uint8_t *)raw_va(&r, first + count - 1) + 4095;
	}
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), objects + 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_BYTES), bytes + size);
	*last = 0x41;
	p = rmem(RAW_COOKIE(3), size - 1, 1);
	p.attr = OPTEE_MSG_ATTR_TYPE_RMEM_INOUT;
	EXPECT_EQ(transform(&r, p), TEE_SUCCESS);
	EXPECT_EQ(*last, 0x42);
	EXPECT_EQ(raw_unregister(&r, RAW_COOKIE(3)), TEE_SUCCESS);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), objects);
	world_pages_put(&r.mem);
}

TEST(page_list_of_one_entry_is_read)
{
	register_pages(1, 0);
	register_pages(1, 4095);
}

TEST(page_list_of_511_entries_ends_with_its_page)
{
	register_pages(511, 0);
	register_pages(511, 4095);
}

TEST(page_list_of_512_entries_goes_on_in_a_second_page)
{
	register_pages(512, 0);
	register_pages(512, 4095);
}

TEST(page_lists_of_1022_and_1023_entries_are_read)
{
	register_pages(1022, 0);
	register_pages(1023, 4095);
}

/* A registration of three pages whose middle entry is @pa. */
static void entry_refused(uint64_t pa)
{
	uint64_t objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	uint64_t entries[3];
	struct raw r;

	raw_init(&r, 8);
	entries[0] = raw_pa(&r, 4);
	entries[1] = pa;
	entries[2] = raw_pa(&r, 6);
	EXPECT_NE(raw_register(&r, RAW_COOKIE(4), 2, entries, 0, 3, 0, 3 * 4096), TEE_SUCCESS);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_OBJECTS), objects);
	EXPECT_EQ(raw_unregister(&r, RAW_COOKIE(4)), TEE_ERROR_BAD_PARAMETERS);
}

TEST(page_list_entry_that_is_unaligned_is_refused)
{
	entry_refused(0x50000008);
}

TEST(page_list_entry_in_the_secure_world_is_refused)
{
	entry_refused(SECURE_RAM);
}

TEST(page_list_entry_that_is_a_device_is_refused)
{
	entry_refused(UART);
}

TEST(page_list_entry_beyond_memory_is_refused)
{
	entry_refused(0x4000000000);
	entry_refused(0xfffffffffffff000);
}

TEST(page_list_in_the_secure_world_is_refused)
{
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	msg = raw_msg(&r, OPTEE_MSG_CMD_REGISTER_SHM, 1);
	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	msg->params[0].u.tmem.buf_ptr = SECURE_RAM;
	msg->params[0].u.tmem.size = 4096;
	msg->params[0].u.tmem.shm_ref = RAW_COOKIE(5);
	EXPECT_NE(raw_ret(&r), TEE_SUCCESS);
}

TEST(second_page_of_a_list_in_the_secure_world_is_refused)
{
	struct optee_msg_arg *msg;
	uint64_t *list;
	struct raw r;

	raw_init(&r, 4);
	list = raw_va(&r, 2);
	for (int i = 0; i < OPTEE_MSG_PAGES_PER_LIST; i++)
		list[i] = raw_pa(&r, 3);
	list[OPTEE_MSG_PAGES_PER_LIST] = SECURE_RAM;
	msg = raw_msg(&r, OPTEE_MSG_CMD_REGISTER_SHM, 1);
	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	msg->params[0].u.tmem.buf_ptr = raw_pa(&r, 2);
	msg->params[0].u.tmem.size = 512 * 4096;
	msg->params[0].u.tmem.shm_ref = RAW_COOKIE(6);
	EXPECT_NE(raw_ret(&r), TEE_SUCCESS);
}

TEST(registration_of_an_absurd_size_is_refused)
{
	static const uint64_t sizes[] = { UINT64_MAX, 1ULL << 63, 1ULL << 40 };
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, 4);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		msg = raw_msg(&r, OPTEE_MSG_CMD_REGISTER_SHM, 1);
		msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
		msg->params[0].u.tmem.buf_ptr = raw_pa(&r, 2);
		msg->params[0].u.tmem.size = sizes[i];
		msg->params[0].u.tmem.shm_ref = RAW_COOKIE(7);
		EXPECT_NE(raw_ret(&r), TEE_SUCCESS);
	}
}

TEST(registration_with_other_attributes_is_refused)
{
	static const uint64_t attrs[] = {
		OPTEE_MSG_ATTR_TYPE_TMEM_INPUT | OPTEE_MSG_ATTR_NONCONTIG,
		OPTEE_MSG_ATTR_TYPE_TMEM_INOUT | OPTEE_MSG_ATTR_NONCONTIG,
		OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT, OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT, 0,
	};
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, 4);
	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		*(uint64_t *)raw_va(&r, 2) = raw_pa(&r, 3);
		msg = raw_msg(&r, OPTEE_MSG_CMD_REGISTER_SHM, 1);
		msg->params[0].attr = attrs[i];
		msg->params[0].u.tmem.buf_ptr = raw_pa(&r, 2);
		msg->params[0].u.tmem.size = 4096;
		msg->params[0].u.tmem.shm_ref = RAW_COOKIE(8);
		EXPECT_EQ(raw_ret(&r), TEE_ERROR_BAD_PARAMETERS);
	}
}

TEST(registration_with_two_parameters_is_refused)
{
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, 4);
	*(uint64_t *)raw_va(&r, 2) = raw_pa(&r, 3);
	msg = raw_msg(&r, OPTEE_MSG_CMD_REGISTER_SHM, 2);
	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	msg->params[0].u.tmem.buf_ptr = raw_pa(&r, 2);
	msg->params[0].u.tmem.size = 4096;
	msg->params[0].u.tmem.shm_ref = RAW_COOKIE(9);
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_BAD_PARAMETERS);
}

TEST(cookie_is_unregistered_as_often_as_it_was_registered)
{
	uint32_t second;
	struct raw r;

	/* Whether the same name may be given twice is not laid down. */
	raw_init(&r, 8);
	ASSERT_EQ(raw_register(&r, RAW_COOKIE(10), 2, NULL, 4, 1, 0, 4096), TEE_SUCCESS);
	second = raw_register(&r, RAW_COOKIE(10), 2, NULL, 5, 1, 0, 4096);
	EXPECT_EQ(raw_unregister(&r, RAW_COOKIE(10)), TEE_SUCCESS);
	if (second == TEE_SUCCESS)
		EXPECT_EQ(raw_unregister(&r, RAW_COOKIE(10)), TEE_SUCCESS);
	EXPECT_EQ(raw_unregister(&r, RAW_COOKIE(10)), TEE_ERROR_BAD_PARAMETERS);
}

TEST(unregister_of_an_unknown_cookie_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(raw_unregister(&r, RAW_COOKIE(11)), TEE_ERROR_BAD_PARAMETERS);
}
