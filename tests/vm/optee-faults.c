// SPDX-License-Identifier: BSD-2-Clause
/* The driver against a secure world that lies. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "abi/optee_smc.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "pinned.h"
#include "world.h"

static const char stock_pointers[] =
	"the packaged driver follows cookies and references as pointers and would crash";

static void echo_client(struct client *echo)
{
	world_need();
	client_open(echo, app_echo);
}

/* A call whose answer says that the transport failed. */
static void communication_failed(int rc, struct tee_answer answer)
{
	EXPECT_RC(rc, 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_COMMUNICATION);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_COMMS);
}

static int echo_value(const struct client *echo, struct tee_ioctl_param p[2],
		      struct tee_answer *answer)
{
	p[0] = (struct tee_ioctl_param)VALUE_IN(11, 22);
	p[1] = (struct tee_ioctl_param)VALUE_OUT;
	return tee_invoke(echo->fd, echo->session, ECHO_CMD_VALUE, p, 2, answer);
}

TEST(one_thread_limit_is_waited_out)
{
	struct client echo;
	uint64_t limits;

	echo_client(&echo);
	if (modules_are_stock())
		SKIP("the packaged driver waits for another call to end");
	limits = world_counter(SIM_COUNTER_THREAD_LIMITS);
	/* Nobody else will end a call and wake this one: the driver must try again. */
	world_fault(SIM_FAULT_THREAD_LIMIT, 1, 0);
	client_echo(&echo, 1, 2);
	EXPECT_GE(world_counter(SIM_COUNTER_THREAD_LIMITS), limits + 1);
	client_close(&echo);
}

static void *echo_thread(void *arg)
{
	const struct client *echo = arg;

	for (uint32_t i = 0; i < 20; i++)
		client_echo(echo, i, ~i);
	return NULL;
}

TEST(storm_of_thread_limits_passes)
{
	pthread_t threads[16];
	struct client echo;

	echo_client(&echo);
	if (modules_are_stock())
		SKIP("the packaged driver waits for another call to end");
	world_fault(SIM_FAULT_THREAD_LIMIT, 100, 0);
	for (int i = 0; i < 16; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, echo_thread, &echo), 0);
	for (int i = 0; i < 16; i++)
		ASSERT_EQ(pthread_join(threads[i], NULL), 0);
	client_close(&echo);
}

static const uint32_t statuses[] = {
	OPTEE_SMC_RETURN_EBUSY, OPTEE_SMC_RETURN_ERESUME, OPTEE_SMC_RETURN_EBADADDR,
	OPTEE_SMC_RETURN_EBADCMD, OPTEE_SMC_RETURN_ENOMEM, OPTEE_SMC_RETURN_ENOTAVAIL,
	OPTEE_SMC_RETURN_UNKNOWN_FUNCTION, 0x12345678,
};

#define NUM_STATUSES	ARRAY_SIZE(statuses)

TEST(status_of_an_invoke_becomes_communication)
{
	struct tee_ioctl_param p[2];
	struct tee_answer answer;
	struct client echo;

	echo_client(&echo);
	for (size_t i = 0; i < NUM_STATUSES; i++) {
		world_fault(SIM_FAULT_CALL_STATUS, 1, statuses[i]);
		communication_failed(echo_value(&echo, p, &answer), answer);
	}
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(status_of_an_open_becomes_communication)
{
	int fd = client_device();

	world_need();
	for (size_t i = 0; i < NUM_STATUSES; i++) {
		struct tee_open o = { .uuid = APP_ECHO_UUID };
		struct tee_answer answer;

		world_fault(SIM_FAULT_CALL_STATUS, 1, statuses[i]);
		communication_failed(tee_open_session(fd, &o, NULL, 0, &answer), answer);
	}
	/* If the secure world did open them, nobody can close them. */
	leave_behind(SIM_COUNTER_SESSIONS, NUM_STATUSES);
}

TEST(status_of_a_registration_becomes_invalid)
{
	uint8_t *va = aligned_alloc(4096, 4096);
	int fd = client_device();
	struct tee_buf buf;

	world_need();
	if (optee_is_over_ffa())
		SKIP("over FF-A no call of OP-TEE's tells of memory");
	client_need_registration(fd);
	memset(va, 0, 4096);
	for (size_t i = 0; i < NUM_STATUSES; i++) {
		world_fault(SIM_FAULT_CALL_STATUS, 1, statuses[i]);
		EXPECT_RC(tee_register(fd, va, 4096, &buf), -EINVAL);
	}
	leave_behind(SIM_COUNTER_SHM_OBJECTS, NUM_STATUSES);
	client_register(fd, va, 4096, &buf);
	tee_free(&buf);
}

TEST(status_of_a_close_is_dropped)
{
	struct client echo;

	echo_client(&echo);
	world_fault(SIM_FAULT_CALL_STATUS, 1, OPTEE_SMC_RETURN_ENOMEM);
	EXPECT_RC(tee_close_session(echo.fd, echo.session), 0);
	EXPECT_RC(tee_close_session(echo.fd, echo.session), -EINVAL);
	leave_behind(SIM_COUNTER_SESSIONS, 1);
}

TEST(reply_of_an_unknown_type_is_malformed)
{
	struct tee_answer answer;
	struct client echo;

	echo_client(&echo);
	for (uint64_t type = 4; type < 256; type = type < 16 ? type + 4 : type * 2) {
		struct tee_ioctl_param p[1] = { VALUE_IN(0, 0) };

		/* VALUE_INPUT (1) becomes 4, 8, 0xc, 0x10, ... */
		world_fault(SIM_FAULT_REPLY_ATTR, 1, type ^ 1);
		communication_failed(tee_invoke(echo.fd, echo.session, ECHO_CMD_RESULT, p, 1,
						&answer), answer);
	}
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(reply_that_turns_a_value_into_memory_is_malformed)
{
	struct tee_answer answer;
	struct client echo;

	echo_client(&echo);
	if (modules_are_stock())
		SKIP("%s", stock_pointers);
	for (uint64_t type = 5; type <= 0xb; type++) {
		struct tee_ioctl_param p[1] = { VALUE_IN(0, 0) };

		if (type == 8)
			continue;
		world_fault(SIM_FAULT_REPLY_ATTR, 1, type ^ 1);
		communication_failed(tee_invoke(echo.fd, echo.session, ECHO_CMD_RESULT, p, 1,
						&answer), answer);
	}
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(reply_with_another_count_is_malformed)
{
	static const uint64_t counts[] = { 0, 1, 3, 5, 127, 128, 0xffffffff };
	struct client echo;

	echo_client(&echo);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct tee_ioctl_param p[2];
		struct tee_answer answer;

		world_fault(SIM_FAULT_REPLY_NUM_PARAMS, 1, counts[i]);
		ASSERT_RC(echo_value(&echo, p, &answer), 0);
		/* The packaged drivers go by the count that they sent. */
		if (answer.ret == TEE_SUCCESS && modules_are_stock()) {
			EXPECT_EQ(p[1].a, 11);
			EXPECT_EQ(p[1].b, 22);
		} else {
			communication_failed(0, answer);
		}
	}
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(reply_with_a_size_above_the_buffer_harms_nobody)
{
	static const uint64_t lies[] = { 17, 4096, 4097, 1ULL << 31, 1ULL << 32, UINT64_MAX };
	struct client params;
	struct tee_buf buf;

	world_need();
	client_open(&params, app_params);
	client_alloc(params.fd, 8192, &buf);
	memset(buf.va, 0xee, 8192);
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		struct tee_ioctl_param p = MEMREF(OUTPUT, buf.id, 0, 16);
		struct tee_answer answer;

		world_fault(SIM_FAULT_REPLY_SIZE, 1, lies[i]);
		ASSERT_RC(tee_invoke(params.fd, params.session, PARAMS_CMD_TRANSFORM, &p, 1,
				     &answer), 0);
		EXPECT_MSG(p.b == lies[i] || p.b == 16,
			   "size %llu became %llu", (unsigned long long)lies[i],
			   (unsigned long long)p.b);
		if (answer.ret)
			communication_failed(0, answer);
		EXPECT_EQ(p.c, (uint64_t)buf.id);
		EXPECT_EQ(buf.va[16], 0xee);
	}
	tee_free(&buf);
	client_close(&params);
}

TEST(opened_session_of_another_number_is_only_that)
{
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_answer answer;
	int fd = client_device();

	world_need();
	/* The driver cannot know; but it must forget it again without a fault of its own. */
	leave_behind(SIM_COUNTER_SESSIONS, 1);
	world_fault(SIM_FAULT_REPLY_SESSION, 1, 0x5e55);
	ASSERT_RC(tee_open_session(fd, &o, NULL, 0, &answer), 0);
	ASSERT_EQ(answer.ret, TEE_SUCCESS);
	EXPECT_EQ(o.session, 0x5e55);
	ASSERT_RC(tee_invoke(fd, o.session, ECHO_CMD_NOP, NULL, 0, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_BAD_PARAMETERS);
	EXPECT_RC(tee_close_session(fd, o.session), 0);
	EXPECT_RC(tee_close_session(fd, o.session), -EINVAL);
}

TEST(opened_session_with_the_number_of_another_confuses_nobody)
{
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_answer answer;
	struct client echo;

	echo_client(&echo);
	leave_behind(SIM_COUNTER_SESSIONS, 2);
	world_fault(SIM_FAULT_REPLY_SESSION, 1, echo.session);
	ASSERT_RC(tee_open_session(echo.fd, &o, NULL, 0, &answer), 0);
	client_echo(&echo, 1, 2);
	EXPECT_RC(tee_close_session(echo.fd, echo.session), 0);
	close(echo.fd);
}

TEST(unknown_rpc_is_answered_and_the_call_goes_on)
{
	static const uint32_t functions[] = { 0xffff0001, 0xffff0003, 0xffff0006, 0xfffffffe };
	struct client echo;

	echo_client(&echo);
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		world_fault(SIM_FAULT_RPC_UNKNOWN, 1, functions[i]);
		client_echo(&echo, i, ~i);
	}
	client_close(&echo);
}

TEST(rpc_memory_of_one_page_is_given_and_taken)
{
	static const uint64_t sizes[] = { 1, 160, 4096 };
	struct client echo;

	echo_client(&echo);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		world_fault(SIM_FAULT_RPC_ALLOC_FREE, 1, sizes[i]);
		client_echo(&echo, i, ~i);
	}
	client_close(&echo);
}

TEST(rpc_memory_of_nothing_is_handled_quietly)
{
	struct client echo;

	echo_client(&echo);
	world_fault(SIM_FAULT_RPC_ALLOC_FREE, 1, 0);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(rpc_memory_of_an_absurd_size_is_refused_quietly)
{
	struct client echo;

	echo_client(&echo);
	world_fault(SIM_FAULT_RPC_ALLOC_FREE, 1, 0x40000000);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(rpc_free_of_a_foreign_cookie_is_ignored)
{
	static const uint64_t cookies[] = { 1, 4096, 0xdeadbeef, 0xffff000012345678, UINT64_MAX };
	struct client echo;

	echo_client(&echo);
	if (modules_are_stock())
		SKIP("%s", stock_pointers);
	for (size_t i = 0; i < ARRAY_SIZE(cookies); i++) {
		world_fault(SIM_FAULT_RPC_BAD_FREE, 1, cookies[i]);
		client_echo(&echo, i, ~i);
	}
	client_close(&echo);
}

TEST(rpc_free_of_nothing_is_ignored)
{
	struct client echo;

	echo_client(&echo);
	world_fault(SIM_FAULT_RPC_BAD_FREE, 1, 0);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(refused_registration_is_invalid_and_leaves_nothing)
{
	uint8_t *va = aligned_alloc(4096, 65536);
	int fd = client_device();
	struct tee_buf buf;

	world_need();
	client_need_registration(fd);
	memset(va, 0, 65536);
	for (int i = 0; i < 20; i++) {
		int rc = world_refuse_memory();

		EXPECT_RC(tee_register(fd, va, 65536, &buf), rc);
	}
	client_register(fd, va, 65536, &buf);
	EXPECT_EQ(buf.id, 1);
	tee_free(&buf);
}

TEST(refused_allocation_is_an_error_and_leaves_nothing)
{
	int fd = client_device();
	struct tee_buf buf;

	world_need();
	if (!client_can_register(fd))
		SKIP("the secure world is not asked about each piece of static memory");
	for (int i = 0; i < 20; i++) {
		int rc;

		world_refuse_memory();
		rc = tee_alloc(fd, 65536, &buf);
		EXPECT_MSG(rc == -EINVAL || rc == -ENOMEM, "%s", result_name(rc));
	}
	client_alloc(fd, 65536, &buf);
	EXPECT_EQ(buf.id, 1);
	tee_free(&buf);
}

/* What the secure world still holds must not become anybody's memory. */
static unsigned long free_kib(void)
{
	unsigned long kib = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "r");

	ASSERT(f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "MemFree: %lu", &kib) == 1)
			break;
	fclose(f);
	return kib;
}

TEST(memory_that_the_secure_world_keeps_is_not_reused)
{
	unsigned long before, after;
	int fd = client_device();

	world_need();
	if (modules_are_stock())
		SKIP("the packaged driver frees memory that the secure world still holds");
	if (!client_can_register(fd))
		SKIP("static memory is never given back");
	leave_behind(SIM_COUNTER_SHM_OBJECTS, 16);
	leave_behind(SIM_COUNTER_FFA_SHARES, 16);
	before = free_kib();
	for (int i = 0; i < 16; i++) {
		struct tee_buf buf;

		client_alloc(fd, 2 << 20, &buf);
		world_keep_memory();
		tee_free(&buf);
	}
	sleep_ms(500);
	after = free_kib();
	/* 32 MiB went; all sorts of small things may have come back. */
	EXPECT_MSG(before - after >= 24 * 1024 && before > after,
		   "free memory went from %lu to %lu KiB", before, after);
}

TEST(refused_unregistration_does_not_stop_the_next_registration)
{
	uint8_t *va = aligned_alloc(4096, 8192);
	struct client params;
	struct tee_buf buf;

	world_need();
	leave_behind(SIM_COUNTER_SHM_OBJECTS, 5);
	/* The secure world may write to them as long as it likes. */
	leave_behind(LEAVE_PINNED, 5 * 2);
	memset(va, 0, 8192);
	client_open(&params, app_params);
	for (int i = 0; i < 5; i++) {
		client_register(params.fd, va, 8192, &buf);
		world_fault(SIM_FAULT_UNREGISTER_REFUSED, 1, TEE_ERROR_BUSY);
		tee_free(&buf);
	}
	client_register(params.fd, va, 8192, &buf);
	{
		struct tee_ioctl_param p = MEMREF(INOUT, buf.id, 8191, 1);

		client_invoke(&params, PARAMS_CMD_TRANSFORM, &p, 1);
		EXPECT_EQ(va[8191], 1);
	}
	tee_free(&buf);
	client_close(&params);
}

TEST(registered_memory_that_the_secure_world_keeps_stays_pinned)
{
	uint8_t *va = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			   0);
	int fd = client_device();
	uint64_t before, after;
	struct tee_buf buf;

	world_need();
	if (modules_are_stock())
		SKIP("the packaged driver lets go of memory that the secure world still holds");
	ASSERT(va != MAP_FAILED);
	leave_behind(SIM_COUNTER_SHM_OBJECTS, 1);
	leave_behind(SIM_COUNTER_FFA_SHARES, 1);
	leave_behind(LEAVE_PINNED, 8);
	ASSERT_RC(pinned_pages(&before), 0);
	client_register(fd, va, 8 * 4096, &buf);
	world_keep_memory();
	tee_free(&buf);
	munmap(va, 8 * 4096);
	ASSERT_RC(pinned_pages(&after), 0);
	EXPECT_EQ(after, before + 8);
}

static void one_of_everything(void)
{
	static uint8_t memory[20000];
	struct tee_buf alloc, reg;
	struct client params;

	client_open(&params, app_params);
	client_echo(&(struct client){ params.fd, client_session(params.fd, app_echo) }, 1, ~0);
	client_alloc(params.fd, 8192, &alloc);
	client_register(params.fd, memory + 1, 16000, &reg);
	{
		struct tee_ioctl_param p[2] = { MEMREF(INOUT, alloc.id, 1, 8000),
						MEMREF(INOUT, reg.id, 7, 15000) };
		uint8_t last = memory[1 + 15006];

		client_invoke(&params, PARAMS_CMD_TRANSFORM, p, 2);
		EXPECT_EQ(memory[1 + 15006], (uint8_t)(last + 1));
	}
	tee_free(&alloc);
	tee_free(&reg);
	client_close(&params);
}

/* Of a call of 32 bits, the upper halves of registers are whatever they are. */
TEST(upper_halves_of_registers_are_not_looked_at)
{
	static const uint32_t halves[] = { 1, 0x80000000, UINT32_MAX };

	world_need();
	for (size_t i = 0; i < ARRAY_SIZE(halves); i++) {
		world_fault(SIM_FAULT_UPPER_HALVES, 100000, halves[i]);
		one_of_everything();
		/* With requests to the normal world, and memory that it lends. */
		world_fault(SIM_FAULT_RPC_ALLOC_FREE, 2, 4096);
		one_of_everything();
	}
}

/* A message is cleared before it is used again: what it held was another client's. */
TEST(messages_carry_nothing_of_other_clients)
{
	uint64_t leftovers, fill = 0x5a5a5a5a5a5a5a5a;
	struct tee_ioctl_param full[4], few[4];
	struct tee_answer answer;
	struct client params;

	world_need();
	client_open(&params, app_params);
	leftovers = world_counter(SIM_COUNTER_LEFTOVERS);
	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < 4; k++) {
			full[k] = (struct tee_ioctl_param)VALUE_INOUT(fill, fill);
			full[k].c = fill;
			few[k] = (struct tee_ioctl_param)NO_PARAM;
		}
		ASSERT_RC(tee_invoke(params.fd, params.session, UINT32_MAX, full, 4, &answer), 0);
		few[i % 4] = (struct tee_ioctl_param)VALUE_OUT;
		/* A client's own, where nothing belongs, does not pass either. */
		few[i % 4].a = fill;
		few[(i + 1) % 4].b = fill;
		ASSERT_RC(tee_invoke(params.fd, params.session, PARAMS_CMD_TRANSFORM, few, 4,
				     &answer), 0);
		one_of_everything();
	}
	EXPECT_EQ(world_counter(SIM_COUNTER_LEFTOVERS), leftovers);
	client_close(&params);
}
