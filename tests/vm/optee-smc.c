// SPDX-License-Identifier: BSD-2-Clause
/* The secure world as a hostile or careless normal world sees it: fast and yielding SMCs. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "klog.h"
#include "raw.h"

#define SECURE_RAM	0x0e100000UL
#define UART		0x09000000UL
#define BEYOND_RAM	0x4000000000UL

static const uint8_t echo[16] = APP_ECHO_UUID;
static const uint8_t slow[16] = APP_SLOW_UUID;

static uint32_t fast(uint32_t fn, uint64_t a1, uint64_t out[8])
{
	struct raw r = { 0 };

	raw_need_smc();
	return raw_smc(&r, fn, a1, 0, 0, out);
}

/* CALL_WITH_ARG of an address as it is. */
static uint32_t call_at(struct raw *r, uint64_t pa)
{
	return raw_finish(r, raw_start(r, OPTEE_SMC_CALL_WITH_ARG, pa >> 32, (uint32_t)pa, 0));
}

TEST(uid_is_that_of_the_message_protocol)
{
	uint64_t out[8];

	fast(OPTEE_SMC_CALLS_UID, 0, out);
	EXPECT_EQ((uint32_t)out[0], 0x384fb3e0u);
	EXPECT_EQ((uint32_t)out[1], 0xe7f811e3u);
	EXPECT_EQ((uint32_t)out[2], 0xaf630002u);
	EXPECT_EQ((uint32_t)out[3], 0xa5d5c51bu);
}

TEST(protocol_revision_is_2_0)
{
	uint64_t out[8];

	EXPECT_EQ(fast(OPTEE_SMC_CALLS_REVISION, 0, out), 2);
	EXPECT_EQ((uint32_t)out[1], 0);
}

TEST(os_uuid_is_that_of_optee)
{
	uint64_t out[8];

	fast(OPTEE_SMC_GET_OS_UUID, 0, out);
	EXPECT_EQ((uint32_t)out[0], 0x486178e0u);
	EXPECT_EQ((uint32_t)out[1], 0xe7f811e3u);
	EXPECT_EQ((uint32_t)out[2], 0xbc5e0002u);
	EXPECT_EQ((uint32_t)out[3], 0xa5d5c51bu);
}

TEST(os_has_a_revision)
{
	EXPECT_NE(fast(OPTEE_SMC_GET_OS_REVISION, 0, NULL), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
}

TEST(thread_count_is_the_configured_one)
{
	uint64_t out[8];

	ASSERT_EQ(fast(OPTEE_SMC_GET_THREAD_COUNT, 0, out), OPTEE_SMC_RETURN_OK);
	EXPECT_EQ(out[1], world_counter(SIM_COUNTER_THREADS));
}

TEST(capabilities_are_exchanged)
{
	uint64_t out[8];

	ASSERT_EQ(fast(OPTEE_SMC_EXCHANGE_CAPABILITIES, 0, out), OPTEE_SMC_RETURN_OK);
	EXPECT(out[1] & OPTEE_SMC_SEC_CAP_DYNAMIC_SHM);
	EXPECT(out[1] & OPTEE_SMC_SEC_CAP_MEMREF_NULL);
	EXPECT(out[1] & OPTEE_SMC_SEC_CAP_RPC_ARG);
	EXPECT(!(out[1] & OPTEE_SMC_SEC_CAP_UNREGISTERED_SHM));
	EXPECT_GE(out[3] & OPTEE_SMC_SEC_CAP_RPC_PARAMS_MASK, 4);
	EXPECT_EQ(fast(OPTEE_SMC_EXCHANGE_CAPABILITIES, OPTEE_SMC_NSEC_CAP_UNIPROCESSOR, NULL),
		  OPTEE_SMC_RETURN_OK);
}

TEST(unknown_capabilities_of_the_normal_world_are_refused)
{
	for (int bit = 1; bit < 32; bit++)
		EXPECT_EQ(fast(OPTEE_SMC_EXCHANGE_CAPABILITIES, 1ULL << bit, NULL),
			  OPTEE_SMC_RETURN_ENOTAVAIL);
}

TEST(unknown_fast_calls_answer_unknown)
{
	static const uint16_t functions[] = { 3, 4, 5, 6, 18, 19, 21, 22, 0x55, 0xffff };

	world_need();
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		EXPECT_EQ(fast(OPTEE_SMC_FAST(functions[i]), 0, NULL),
			  OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
}

TEST(features_that_are_not_offered_answer_unknown)
{
	uint64_t out[8];

	ASSERT_EQ(fast(OPTEE_SMC_EXCHANGE_CAPABILITIES, 0, out), OPTEE_SMC_RETURN_OK);
	if (!(out[1] & OPTEE_SMC_SEC_CAP_ASYNC_NOTIF)) {
		EXPECT_EQ(fast(OPTEE_SMC_ENABLE_ASYNC_NOTIF, 0, NULL),
			  OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
		EXPECT_EQ(fast(OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, 0, NULL),
			  OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	}
	if (!(out[1] & OPTEE_SMC_SEC_CAP_HAVE_RESERVED_SHM))
		EXPECT_NE(fast(OPTEE_SMC_GET_SHM_CONFIG, 0, NULL), OPTEE_SMC_RETURN_OK);
}

TEST(unknown_yielding_calls_are_bad_commands)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_YIELDING(5), 0, 0, 0, NULL), OPTEE_SMC_RETURN_EBADCMD);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_YIELDING(20), 0, 0, 0, NULL), OPTEE_SMC_RETURN_EBADCMD);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_YIELDING(0x55), 0, 0, 0, NULL), OPTEE_SMC_RETURN_EBADCMD);
}

TEST(unknown_message_is_a_bad_command)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, 77, 0);
	EXPECT_EQ(raw_call(&r), OPTEE_SMC_RETURN_EBADCMD);
}

TEST(message_that_is_not_page_aligned_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0);
	EXPECT_EQ(call_at(&r, raw_pa(&r, 0) + 4), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, raw_pa(&r, 0) + 8), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, raw_pa(&r, 0) + 2048), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, raw_pa(&r, 0) + 4095), OPTEE_SMC_RETURN_EBADADDR);
}

TEST(message_outside_normal_memory_is_refused)
{
	uint64_t refusals;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	refusals = world_counter(SIM_COUNTER_REFUSALS);
	EXPECT_EQ(call_at(&r, SECURE_RAM), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, UART), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, BEYOND_RAM), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, 0), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(call_at(&r, 0xfffffffffffff000), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(world_counter(SIM_COUNTER_REFUSALS), refusals + 5);
}

TEST(message_of_127_parameters_is_read)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 127);
	EXPECT_EQ(raw_ret(&r), TEE_ERROR_BAD_PARAMETERS);
}

TEST(message_of_128_parameters_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 128);
	EXPECT_EQ(raw_call(&r), OPTEE_SMC_RETURN_EBADADDR);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0xffffffff);
	EXPECT_EQ(raw_call(&r), OPTEE_SMC_RETURN_EBADADDR);
	/* 32 times this is 0 in 32 bits */
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0x08000000);
	EXPECT_EQ(raw_call(&r), OPTEE_SMC_RETURN_EBADADDR);
}

TEST(message_without_room_for_its_rpc_message_is_refused)
{
	struct raw r;
	uint64_t pa;

	raw_init(&r, RAW_PAGE_FREE);
	pa = raw_pa(&r, RAW_PAGE_MSG);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 127);
	EXPECT_EQ(raw_finish(&r, raw_start(&r, OPTEE_SMC_CALL_WITH_RPC_ARG, pa >> 32,
					   (uint32_t)pa, 0)), OPTEE_SMC_RETURN_EBADADDR);
}

TEST(message_with_its_rpc_message_behind_it_is_read)
{
	struct optee_msg_arg *msg;
	struct raw r;
	uint64_t pa;

	raw_init(&r, RAW_PAGE_FREE);
	pa = raw_pa(&r, RAW_PAGE_MSG);
	msg = raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0);
	msg->session = 0xabcdef;
	EXPECT_EQ(raw_finish(&r, raw_start(&r, OPTEE_SMC_CALL_WITH_RPC_ARG, pa >> 32,
					   (uint32_t)pa, 0)), OPTEE_SMC_RETURN_OK);
	EXPECT_EQ(msg->ret, TEE_ERROR_ITEM_NOT_FOUND);
}

static uint32_t regd(struct raw *r, uint64_t cookie, uint64_t offset)
{
	return raw_finish(r, raw_start(r, OPTEE_SMC_CALL_WITH_REGD_ARG, cookie >> 32,
				       (uint32_t)cookie, offset));
}

TEST(message_in_registered_memory_is_found_by_cookie_and_offset)
{
	uint64_t cookie = RAW_COOKIE(1);
	struct optee_msg_arg *msg;
	struct raw r;

	raw_init(&r, 8);
	ASSERT_EQ(raw_register(&r, cookie, 2, NULL, 3, 2, 0, 8192), TEE_SUCCESS);
	msg = (void *)((uint8_t *)raw_va(&r, 3) + 384);
	msg->cmd = OPTEE_MSG_CMD_CLOSE_SESSION;
	msg->session = 0xabcdef;
	EXPECT_EQ(regd(&r, cookie, 384), OPTEE_SMC_RETURN_OK);
	EXPECT_EQ(msg->ret, TEE_ERROR_ITEM_NOT_FOUND);
	EXPECT_EQ(regd(&r, cookie, 388), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(regd(&r, cookie, 8192), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(regd(&r, cookie, 8192 - 16), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(regd(&r, cookie, 0xfffffff8), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(raw_unregister(&r, cookie), TEE_SUCCESS);
}

TEST(message_of_an_unknown_cookie_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(regd(&r, RAW_COOKIE(99), 0), OPTEE_SMC_RETURN_EBADADDR);
	EXPECT_EQ(regd(&r, 0, 0), OPTEE_SMC_RETURN_EBADADDR);
}

TEST(resume_of_a_thread_that_is_free_or_unknown_is_refused)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	for (uint64_t i = 0; i < world_counter(SIM_COUNTER_THREADS); i++)
		EXPECT_EQ(raw_smc(&r, OPTEE_SMC_RETURN_FROM_RPC, 0, 0, i, NULL),
			  OPTEE_SMC_RETURN_ERESUME);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_RETURN_FROM_RPC, 0, 0, 4096, NULL),
		  OPTEE_SMC_RETURN_ERESUME);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_RETURN_FROM_RPC, 0, 0, 0xffffffff, NULL),
		  OPTEE_SMC_RETURN_ERESUME);
}

/*
 * Starts slow and comes back with its thread suspended by an interrupt; none comes while this
 * machine stands still.
 */
static uint32_t suspended(struct raw *r, uint32_t *session)
{
	struct optee_msg_arg *msg;
	unsigned int tries = 5;
	uint64_t pa;
	uint32_t a0;

	raw_init(r, RAW_PAGE_FREE);
	pa = raw_pa(r, RAW_PAGE_MSG);
	*session = raw_open(r, slow);
	do {
		msg = raw_msg(r, OPTEE_MSG_CMD_INVOKE_COMMAND, 1);
		msg->session = *session;
		msg->func = SLOW_CMD_SPIN;
		msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
		msg->params[0].u.value.a = 200;
		a0 = raw_start(r, OPTEE_SMC_CALL_WITH_ARG, pa >> 32, (uint32_t)pa, 0);
	} while (a0 == OPTEE_SMC_RETURN_OK && --tries);
	ASSERT_EQ(a0, OPTEE_SMC_RPC_FOREIGN_INTR);
	return a0;
}

static void finish_suspended(struct raw *r, uint32_t a0, uint32_t session)
{
	struct optee_msg_arg *msg = raw_va(r, RAW_PAGE_MSG);

	EXPECT_EQ(raw_finish(r, a0), OPTEE_SMC_RETURN_OK);
	EXPECT_EQ(msg->ret, TEE_SUCCESS);
	raw_close(r, session);
}

TEST(suspended_thread_is_seen_and_resumed_once)
{
	uint32_t session, a0;
	struct raw r;

	a0 = suspended(&r, &session);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_RUNNING), 0);
	finish_suspended(&r, a0, session);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_RETURN_FROM_RPC, 0, 0, r.resume, NULL),
		  OPTEE_SMC_RETURN_ERESUME);
}

TEST(resume_of_a_neighbour_is_refused_and_harmless)
{
	uint32_t session, a0;
	struct raw r;

	a0 = suspended(&r, &session);
	for (uint64_t i = 0; i < world_counter(SIM_COUNTER_THREADS); i++) {
		struct raw other = { .resume = i };

		if (world_thread(i, NULL) == SIM_THREAD_FREE)
			EXPECT_EQ(raw_resume(&other), OPTEE_SMC_RETURN_ERESUME);
	}
	finish_suspended(&r, a0, session);
}

TEST(shm_cache_is_busy_while_a_thread_is_used)
{
	uint32_t session, a0;
	struct raw r;

	a0 = suspended(&r, &session);
	EXPECT_EQ(fast(OPTEE_SMC_ENABLE_SHM_CACHE, 0, NULL), OPTEE_SMC_RETURN_EBUSY);
	EXPECT_EQ(fast(OPTEE_SMC_DISABLE_SHM_CACHE, 0, NULL), OPTEE_SMC_RETURN_EBUSY);
	finish_suspended(&r, a0, session);
}

TEST(shm_cache_goes_on_and_off)
{
	uint32_t session;
	struct raw r;
	int left = 64;

	raw_init(&r, RAW_PAGE_FREE);
	ASSERT_EQ(fast(OPTEE_SMC_ENABLE_SHM_CACHE, 0, NULL), OPTEE_SMC_RETURN_OK);
	session = raw_open(&r, echo);
	raw_close(&r, session);
	while (left-- && fast(OPTEE_SMC_DISABLE_SHM_CACHE, 0, NULL) == OPTEE_SMC_RETURN_OK)
		;
	EXPECT_EQ(fast(OPTEE_SMC_DISABLE_SHM_CACHE, 0, NULL), OPTEE_SMC_RETURN_ENOTAVAIL);
	EXPECT_GT(left, 0);
}

TEST(call_without_a_free_thread_is_turned_away)
{
	uint64_t threads = world_counter(SIM_COUNTER_THREADS);
	uint32_t session[16];
	uint32_t a0[16];
	struct raw r[16], more;

	ASSERT_LE(threads, 16);
	for (uint64_t i = 0; i < threads; i++)
		a0[i] = suspended(&r[i], &session[i]);
	raw_init(&more, RAW_PAGE_FREE);
	raw_msg(&more, OPTEE_MSG_CMD_CLOSE_SESSION, 0);
	EXPECT_EQ(call_at(&more, raw_pa(&more, 0)), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	for (uint64_t i = 0; i < threads; i++) {
		struct optee_msg_arg *msg = raw_va(&r[i], RAW_PAGE_MSG);

		EXPECT_EQ(raw_finish(&r[i], a0[i]), OPTEE_SMC_RETURN_OK);
		EXPECT_EQ(msg->ret, TEE_SUCCESS);
	}
	for (uint64_t i = 0; i < threads; i++)
		raw_close(&r[i], session[i]);
}

/* What an earlier kernel left is asked back, until there is no more: an answer may mean neither. */
TEST(probe_gives_up_at_an_odd_answer_about_kept_memory_and_says_so)
{
	static const struct {
		uint32_t answer;
		const char *line;
	} odd[] = {
		{ OPTEE_SMC_RETURN_ENOMEM, "shared memory is not given back: 0x6" },
		{ OPTEE_SMC_RETURN_OK, "shared memory is given back without end" },
	};
	int log;

	raw_need_smc();
	if (modules_are_stock())
		SKIP("the packaged driver asks for ever");
	time_limit(120);
	log = klog_open();
	ASSERT_GE(log, 0);
	for (size_t n = 0; n < ARRAY_SIZE(odd); n++) {
		ASSERT_RC(driver_unbind(), 0);
		world_fault(SIM_FAULT_SHM_CACHE, 1000000, odd[n].answer);
		EXPECT_RC(driver_bind(), -EINVAL);
		world_faults_off();
		ASSERT_RC(driver_bind(), 0);
		driver_wait_for_node();
		EXPECT_EQ(klog_count(log, odd[n].line), 1);
	}
	close(log);
}
