// SPDX-License-Identifier: BSD-2-Clause
/* The GlobalPlatform client library as the distribution ships it. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tee_client_api.h>

#include "array.h"
#include "abi/apps.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define NODE	"/dev/tee0"

static TEEC_UUID uuid_of(const uint8_t *octets)
{
	TEEC_UUID uuid = {
		.timeLow = (uint32_t)octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3],
		.timeMid = octets[4] << 8 | octets[5],
		.timeHiAndVersion = octets[6] << 8 | octets[7],
	};

	memcpy(uuid.clockSeqAndNode, octets + 8, 8);
	return uuid;
}

static const uint8_t echo_octets[16] = APP_ECHO_UUID;
static const uint8_t params_octets[16] = APP_PARAMS_UUID;
static const uint8_t slow_octets[16] = APP_SLOW_UUID;
static const uint8_t nobody_octets[16] = APP_UUID(0xee);

static void initialize(TEEC_Context *ctx)
{
	if (access(NODE, F_OK))
		FAIL("no " NODE ": the driver is not loaded, or found no TEE");
	ASSERT_EQ(TEEC_InitializeContext(NULL, ctx), TEEC_SUCCESS);
}

static void open_session(TEEC_Context *ctx, TEEC_Session *session, const uint8_t *octets)
{
	TEEC_UUID uuid = uuid_of(octets);
	uint32_t origin;

	ASSERT_EQ(TEEC_OpenSession(ctx, session, &uuid, TEEC_LOGIN_PUBLIC, NULL, NULL, &origin),
		  TEEC_SUCCESS);
}

static void finish(TEEC_Context *ctx, TEEC_Session *session)
{
	TEEC_CloseSession(session);
	TEEC_FinalizeContext(ctx);
}

static void invoke(TEEC_Session *session, uint32_t cmd, TEEC_Operation *op)
{
	uint32_t origin = 0;

	ASSERT_EQ(TEEC_InvokeCommand(session, cmd, op, &origin), TEEC_SUCCESS);
	ASSERT_EQ(origin, TEEC_ORIGIN_TRUSTED_APP);
}

static void fill(uint8_t *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = i * 3 + 1;
}

static uint32_t sum_of_fill(size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += (uint8_t)(i * 3 + 1);
	return sum;
}

/* INPUT, INOUT and OUTPUT memory went through PARAMS_CMD_TRANSFORM as p0, p1 and p2. */
static void check_transform(const uint8_t *in, const uint8_t *inout, const uint8_t *out,
			    size_t size)
{
	size_t bad = 0;

	for (size_t i = 0; i < size; i++) {
		bad += in[i] != (uint8_t)(i * 3 + 1);
		bad += inout[i] != (uint8_t)(i * 3 + 2);
		bad += out[i] != (uint8_t)(i + 2);
	}
	ASSERT_MSG(!bad, "%zu wrong bytes of %zu", bad, size);
}

TEST(context_finds_the_device_by_itself)
{
	TEEC_Context ctx;

	initialize(&ctx);
	TEEC_FinalizeContext(&ctx);
}

TEST(context_of_a_named_implementation_opens)
{
	TEEC_Context ctx;

	if (access(NODE, F_OK))
		FAIL("no " NODE ": the driver is not loaded, or found no TEE");
	ASSERT_EQ(TEEC_InitializeContext("optee-tz", &ctx), TEEC_SUCCESS);
	TEEC_FinalizeContext(&ctx);
}

TEST(context_of_an_implementation_nobody_has_is_not_found)
{
	TEEC_Context ctx;

	EXPECT_EQ(TEEC_InitializeContext("another", &ctx), TEEC_ERROR_ITEM_NOT_FOUND);
}

TEST(unknown_application_is_not_found)
{
	TEEC_UUID uuid = uuid_of(nobody_octets);
	TEEC_Session session;
	TEEC_Context ctx;
	uint32_t origin = 0;

	initialize(&ctx);
	EXPECT_EQ(TEEC_OpenSession(&ctx, &session, &uuid, TEEC_LOGIN_PUBLIC, NULL, NULL, &origin),
		  TEEC_ERROR_ITEM_NOT_FOUND);
	EXPECT_EQ(origin, TEEC_ORIGIN_TEE);
	TEEC_FinalizeContext(&ctx);
}

TEST(value_comes_back)
{
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE,
					       TEEC_NONE),
		.params[0].value = { 0xdeadbeef, 42 },
	};
	TEEC_Session session;
	TEEC_Context ctx;

	initialize(&ctx);
	open_session(&ctx, &session, echo_octets);
	invoke(&session, ECHO_CMD_VALUE, &op);
	EXPECT_EQ(op.params[1].value.a, 0xdeadbeef);
	EXPECT_EQ(op.params[1].value.b, 42);
	finish(&ctx, &session);
}

TEST(values_of_all_kinds_travel)
{
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_VALUE_INOUT,
					       TEEC_VALUE_OUTPUT, TEEC_NONE),
		.params[0].value = { 1, 2 },
		.params[1].value = { 3, 0xfffffff0 },
	};
	TEEC_Session session;
	TEEC_Context ctx;

	initialize(&ctx);
	open_session(&ctx, &session, params_octets);
	invoke(&session, PARAMS_CMD_TRANSFORM, &op);
	EXPECT_EQ(op.params[1].value.a, 0xfffffffc);
	EXPECT_EQ(op.params[1].value.b, 0xf);
	EXPECT_EQ(op.params[2].value.a, 3);
	EXPECT_EQ(op.params[2].value.b, 2);
	finish(&ctx, &session);
}

TEST(result_and_origin_of_the_application_arrive)
{
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_NONE, TEEC_NONE, TEEC_NONE),
		.params[0].value = { TEEC_ERROR_SECURITY, 0 },
	};
	TEEC_Session session;
	TEEC_Context ctx;
	uint32_t origin = 0;

	initialize(&ctx);
	open_session(&ctx, &session, echo_octets);
	EXPECT_EQ(TEEC_InvokeCommand(&session, ECHO_CMD_RESULT, &op, &origin), TEEC_ERROR_SECURITY);
	EXPECT_EQ(origin, TEEC_ORIGIN_TRUSTED_APP);
	finish(&ctx, &session);
}

TEST(temporary_memory_of_all_kinds_travels)
{
	static const size_t sizes[] = { 1, 100, 4096, 5000, 65536 };
	static uint8_t in[65536 + 8], inout[65536 + 8], out[65536 + 8];
	TEEC_Session session;
	TEEC_Context ctx;

	initialize(&ctx);
	open_session(&ctx, &session, params_octets);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t size = sizes[i], shift = i;
		TEEC_Operation op = {
			.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_TEMP_INPUT,
						       TEEC_MEMREF_TEMP_INOUT,
						       TEEC_MEMREF_TEMP_OUTPUT, TEEC_VALUE_OUTPUT),
			.params[0].tmpref = { in + shift, size },
			.params[1].tmpref = { inout + shift, size },
			.params[2].tmpref = { out + shift, size },
		};

		fill(in + shift, size);
		fill(inout + shift, size);
		invoke(&session, PARAMS_CMD_TRANSFORM, &op);
		EXPECT_EQ(op.params[3].value.a, sum_of_fill(size));
		check_transform(in + shift, inout + shift, out + shift, size);
	}
	finish(&ctx, &session);
}

TEST(constant_memory_is_good_enough_for_input)
{
	static const char text[] = "read-only, so the library must copy it";
	char back[sizeof(text)] = "";
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_TEMP_INPUT, TEEC_MEMREF_TEMP_OUTPUT,
					       TEEC_NONE, TEEC_NONE),
		.params[0].tmpref = { (void *)(uintptr_t)text, sizeof(text) },
		.params[1].tmpref = { back, sizeof(back) },
	};
	TEEC_Session session;
	TEEC_Context ctx;

	initialize(&ctx);
	open_session(&ctx, &session, echo_octets);
	invoke(&session, ECHO_CMD_MEMREF, &op);
	EXPECT_EQ(op.params[1].tmpref.size, sizeof(text));
	EXPECT(!memcmp(text, back, sizeof(text)));
	finish(&ctx, &session);
}

TEST(null_temporary_memory_is_empty)
{
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_TEMP_INPUT, TEEC_MEMREF_TEMP_OUTPUT,
					       TEEC_NONE, TEEC_VALUE_OUTPUT),
	};
	TEEC_Session session;
	TEEC_Context ctx;

	initialize(&ctx);
	open_session(&ctx, &session, params_octets);
	invoke(&session, PARAMS_CMD_SIZES, &op);
	EXPECT_EQ(op.params[3].value.a, 0);
	EXPECT_EQ(op.params[3].value.b, 0);
	finish(&ctx, &session);
}

TEST(short_buffer_tells_what_is_needed)
{
	uint8_t room[100];
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_TEMP_OUTPUT, TEEC_NONE, TEEC_NONE,
					       TEEC_NONE),
		.params[0].tmpref = { room, sizeof(room) },
	};
	TEEC_Session session;
	TEEC_Context ctx;
	uint32_t origin = 0;

	initialize(&ctx);
	open_session(&ctx, &session, params_octets);
	EXPECT_EQ(TEEC_InvokeCommand(&session, PARAMS_CMD_SHORT, &op, &origin),
		  TEEC_ERROR_SHORT_BUFFER);
	EXPECT_EQ(origin, TEEC_ORIGIN_TRUSTED_APP);
	EXPECT_EQ(op.params[0].tmpref.size, 201);
	finish(&ctx, &session);
}

static void whole_memory(TEEC_Context *ctx, TEEC_SharedMemory *in, TEEC_SharedMemory *inout,
			 TEEC_SharedMemory *out)
{
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_WHOLE, TEEC_MEMREF_WHOLE,
					       TEEC_MEMREF_WHOLE, TEEC_VALUE_OUTPUT),
		.params[0].memref.parent = in,
		.params[1].memref.parent = inout,
		.params[2].memref.parent = out,
	};
	TEEC_Session session;

	open_session(ctx, &session, params_octets);
	fill(in->buffer, in->size);
	fill(inout->buffer, inout->size);
	invoke(&session, PARAMS_CMD_TRANSFORM, &op);
	EXPECT_EQ(op.params[3].value.a, sum_of_fill(in->size));
	check_transform(in->buffer, inout->buffer, out->buffer, in->size);
	TEEC_ReleaseSharedMemory(in);
	TEEC_ReleaseSharedMemory(inout);
	TEEC_ReleaseSharedMemory(out);
	TEEC_CloseSession(&session);
	TEEC_FinalizeContext(ctx);
}

TEST(allocated_shared_memory_travels_whole)
{
	TEEC_SharedMemory in = { .size = 10000, .flags = TEEC_MEM_INPUT };
	TEEC_SharedMemory inout = { .size = 10000, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT };
	TEEC_SharedMemory out = { .size = 10000, .flags = TEEC_MEM_OUTPUT };
	TEEC_Context ctx;

	initialize(&ctx);
	ASSERT_EQ(TEEC_AllocateSharedMemory(&ctx, &in), TEEC_SUCCESS);
	ASSERT_EQ(TEEC_AllocateSharedMemory(&ctx, &inout), TEEC_SUCCESS);
	ASSERT_EQ(TEEC_AllocateSharedMemory(&ctx, &out), TEEC_SUCCESS);
	whole_memory(&ctx, &in, &inout, &out);
}

TEST(registered_shared_memory_travels_whole)
{
	static uint8_t room[3][10003];
	TEEC_SharedMemory in = { .buffer = room[0] + 3, .size = 10000, .flags = TEEC_MEM_INPUT };
	TEEC_SharedMemory inout = {
		.buffer = room[1] + 1, .size = 10000, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT,
	};
	TEEC_SharedMemory out = { .buffer = room[2], .size = 10000, .flags = TEEC_MEM_OUTPUT };
	TEEC_Context ctx;

	initialize(&ctx);
	ASSERT_EQ(TEEC_RegisterSharedMemory(&ctx, &in), TEEC_SUCCESS);
	ASSERT_EQ(TEEC_RegisterSharedMemory(&ctx, &inout), TEEC_SUCCESS);
	ASSERT_EQ(TEEC_RegisterSharedMemory(&ctx, &out), TEEC_SUCCESS);
	whole_memory(&ctx, &in, &inout, &out);
}

TEST(part_of_shared_memory_travels)
{
	TEEC_SharedMemory shm = { .size = 12288, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT };
	TEEC_Operation op = {
		.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT,
					       TEEC_MEMREF_PARTIAL_INOUT,
					       TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_OUTPUT),
		.params[0].memref = { &shm, 3000, 10 },
		.params[1].memref = { &shm, 3000, 4090 },
		.params[2].memref = { &shm, 3000, 9000 },
	};
	TEEC_Session session;
	TEEC_Context ctx;
	uint8_t *p;

	initialize(&ctx);
	open_session(&ctx, &session, params_octets);
	ASSERT_EQ(TEEC_AllocateSharedMemory(&ctx, &shm), TEEC_SUCCESS);
	p = shm.buffer;
	memset(p, 0xee, shm.size);
	fill(p + 10, 3000);
	fill(p + 4090, 3000);
	invoke(&session, PARAMS_CMD_TRANSFORM, &op);
	EXPECT_EQ(op.params[3].value.a, sum_of_fill(3000));
	check_transform(p + 10, p + 4090, p + 9000, 3000);
	EXPECT_EQ(p[9], 0xee);
	EXPECT_EQ(p[3010], 0xee);
	EXPECT_EQ(p[4089], 0xee);
	EXPECT_EQ(p[7090], 0xee);
	EXPECT_EQ(p[8999], 0xee);
	EXPECT_EQ(p[12000], 0xee);
	TEEC_ReleaseSharedMemory(&shm);
	finish(&ctx, &session);
}

struct cancelled {
	TEEC_Session session;
	TEEC_Operation op;
	TEEC_Result result;
	uint32_t origin;
};

static void *cancelled_thread(void *arg)
{
	struct cancelled *c = arg;

	c->result = TEEC_InvokeCommand(&c->session, SLOW_CMD_CANCELLABLE, &c->op, &c->origin);
	return NULL;
}

TEST(operation_is_cancelled)
{
	static struct cancelled c = {
		.op.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_NONE, TEEC_NONE,
						  TEEC_NONE),
		.op.params[0].value = { PATIENCE_MS, 0 },
	};
	uint64_t begin = clock_ms(), interrupts = 0;
	TEEC_Context ctx;
	pthread_t thread;

	initialize(&ctx);
	open_session(&ctx, &c.session, slow_octets);
	if (world_present())
		interrupts = world_counter(SIM_COUNTER_INTERRUPTS);
	ASSERT_EQ(pthread_create(&thread, NULL, cancelled_thread, &c), 0);
	/* The application is at it: before that, there is nothing to cancel. */
	if (!world_present())
		sleep_ms(500);
	else
		while (!world_computes(interrupts) && clock_ms() - begin < PATIENCE_MS)
			sleep_ms(2);
	TEEC_RequestCancellation(&c.op);
	pthread_join(thread, NULL);
	EXPECT_EQ(c.result, TEEC_ERROR_CANCEL);
	EXPECT_LE(clock_ms() - begin, PATIENCE_MS / 2);
	finish(&ctx, &c.session);
}

TEST(two_contexts_live_side_by_side)
{
	TEEC_Operation op[2] = { };
	TEEC_Session session[2];
	TEEC_Context ctx[2];

	for (int i = 0; i < 2; i++) {
		initialize(&ctx[i]);
		open_session(&ctx[i], &session[i], echo_octets);
	}
	for (int i = 0; i < 2; i++) {
		op[i].paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE,
						    TEEC_NONE);
		op[i].params[0].value.a = 100 + i;
		invoke(&session[i], ECHO_CMD_VALUE, &op[i]);
		EXPECT_EQ(op[i].params[1].value.a, 100u + i);
	}
	finish(&ctx[0], &session[0]);
	invoke(&session[1], ECHO_CMD_VALUE, &op[1]);
	finish(&ctx[1], &session[1]);
}

struct worker {
	TEEC_Context *ctx;
	TEEC_Session *shared;
	uint32_t number;
};

static void *worker_thread(void *arg)
{
	struct worker *w = arg;
	TEEC_Session own;

	open_session(w->ctx, &own, echo_octets);
	for (uint32_t i = 0; i < 50; i++) {
		TEEC_Operation op = {
			.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_VALUE_OUTPUT,
						       TEEC_NONE, TEEC_NONE),
			.params[0].value = { w->number, i },
		};

		invoke(i & 1 ? &own : w->shared, ECHO_CMD_VALUE, &op);
		ASSERT_EQ(op.params[1].value.a, w->number);
		ASSERT_EQ(op.params[1].value.b, i);
	}
	TEEC_CloseSession(&own);
	return NULL;
}

TEST(threads_share_a_context_and_a_session)
{
	pthread_t threads[16];
	struct worker w[16];
	TEEC_Session session;
	TEEC_Context ctx;

	initialize(&ctx);
	open_session(&ctx, &session, echo_octets);
	for (uint32_t i = 0; i < 16; i++) {
		w[i] = (struct worker){ &ctx, &session, i };
		ASSERT_EQ(pthread_create(&threads[i], NULL, worker_thread, &w[i]), 0);
	}
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	finish(&ctx, &session);
}

TEST(user_login_opens_and_application_login_does_not)
{
	TEEC_UUID uuid = uuid_of(echo_octets);
	TEEC_Session session;
	TEEC_Context ctx;
	uint32_t origin;

	initialize(&ctx);
	ASSERT_EQ(TEEC_OpenSession(&ctx, &session, &uuid, TEEC_LOGIN_USER, NULL, NULL, &origin),
		  TEEC_SUCCESS);
	TEEC_CloseSession(&session);
	EXPECT_EQ(TEEC_OpenSession(&ctx, &session, &uuid, TEEC_LOGIN_APPLICATION, NULL, NULL,
				   &origin), TEEC_ERROR_BAD_PARAMETERS);
	EXPECT_EQ(origin, TEEC_ORIGIN_COMMS);
	TEEC_FinalizeContext(&ctx);
}
