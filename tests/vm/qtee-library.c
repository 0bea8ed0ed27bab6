// SPDX-License-Identifier: BSD-2-Clause
/* libomnitee's side of QTEE: answers of its objects, limits, a connection that is closed. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

#include "array.h"
#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "lib/omnitee-qtee.h"

#define EXPORTS		64
#define THREADS		8

/**
 * struct nest - an operation that invokes an object, which calls back
 * @q: connection
 * @callers: objects of QTEE that call: one the first operation, one the second
 * @inner: object with the second operation
 * @in: the first operation has begun
 * @go: it may go on
 * @until_refused: it invokes until the second one is not reached any more
 * @outer_calls: how often it has invoked
 * @inner_calls: how often the second one was reached
 * @rc: of the last nested invocation
 * @result: of the last nested invocation
 */
struct nest {
	struct omnitee_qtee *q;
	struct omnitee_object callers[2];
	struct omnitee_object outer;
	struct omnitee_object inner;
	atomic_bool in;
	atomic_bool go;
	bool until_refused;
	unsigned int outer_calls;
	atomic_uint inner_calls;
	int rc;
	int32_t result;
	int32_t outer_result;
};

static int call_back(struct nest *n, unsigned int caller, struct omnitee_object callee,
		     int32_t *result)
{
	uint32_t op = 0;
	struct omnitee_arg args[] = {
		{ .kind = OMNITEE_IN, .data = &op, .size = sizeof(op) },
		{ .kind = OMNITEE_OBJECT_IN, .object = callee },
	};

	return omnitee_qtee_invoke(n->q, n->callers[caller], QTEE_CALLER_FORWARD, args, 2, result);
}

static int32_t inner(void *data, uint32_t op, struct omnitee_arg *args, unsigned int num_args)
{
	struct nest *n = data;

	n->inner_calls++;
	return QTEE_OK;
}

static int32_t outer(void *data, uint32_t op, struct omnitee_arg *args, unsigned int num_args)
{
	struct nest *n = data;

	n->in = true;
	while (!n->go)
		sleep_ms(1);
	do {
		n->rc = call_back(n, 1, n->inner, &n->result);
		n->outer_calls++;
	} while (n->until_refused && !n->rc && n->result == QTEE_OK);
	return 4711;
}

static void open_nest(struct nest *n)
{
	struct omnitee_object env;
	int32_t result = -1;

	memset(n, 0, sizeof(*n));
	ASSERT_RC(omnitee_qtee_open(qtee_path(), &n->q), 0);
	ASSERT_RC(omnitee_qtee_register(n->q, &env, &result), 0);
	ASSERT_EQ(result, 0);
	for (unsigned int i = 0; i < 2; i++) {
		ASSERT_RC(omnitee_qtee_service(n->q, env, QTEE_UID_CALLER, &n->callers[i],
					       &result), 0);
		ASSERT_EQ(result, 0);
	}
	ASSERT_RC(omnitee_qtee_export(n->q, outer, NULL, n, &n->outer), 0);
	ASSERT_RC(omnitee_qtee_export(n->q, inner, NULL, n, &n->inner), 0);
}

static void *call_outer(void *data)
{
	struct nest *n = data;

	ASSERT_RC(call_back(n, 0, n->outer, &n->outer_result), 0);
	return NULL;
}

TEST(operation_may_call_an_object_that_calls_back)
{
	struct nest n;

	open_nest(&n);
	n.go = true;
	EXPECT_RC(call_back(&n, 0, n.outer, &n.outer_result), 0);
	EXPECT_EQ(n.outer_result, 4711);
	EXPECT_RC(n.rc, 0);
	EXPECT_EQ(n.result, QTEE_OK);
	EXPECT_EQ(n.inner_calls, 1);
	omnitee_qtee_close(n.q);
}

TEST(connection_is_closed_while_an_operation_is_called_back)
{
	pthread_t thread;
	struct nest n;

	open_nest(&n);
	n.until_refused = true;
	ASSERT_EQ(pthread_create(&thread, NULL, call_outer, &n), 0);
	while (!n.in)
		sleep_ms(1);
	/* The operation goes on until its objects are gone, and is waited for. */
	n.go = true;
	omnitee_qtee_close(n.q);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(n.outer_result, 4711);
	/* What it called was defunct at last. */
	EXPECT_RC(n.rc, 0);
	EXPECT_EQ(n.result, QTEE_DEFUNCT);
	EXPECT_EQ(n.inner_calls, n.outer_calls - 1);
}

/* Answers what its caller has said. */
static int32_t say(void *data, uint32_t op, struct omnitee_arg *args, unsigned int num_args)
{
	return *(int32_t *)data;
}

/* A connection with a caller. */
static struct omnitee_qtee *open_caller(struct omnitee_object *caller)
{
	struct omnitee_object env;
	struct omnitee_qtee *q;
	int32_t result = -1;

	ASSERT_RC(omnitee_qtee_open(qtee_path(), &q), 0);
	ASSERT_RC(omnitee_qtee_register(q, &env, &result), 0);
	ASSERT_EQ(result, 0);
	ASSERT_RC(omnitee_qtee_service(q, env, QTEE_UID_CALLER, caller, &result), 0);
	ASSERT_EQ(result, 0);
	return q;
}

TEST(results_of_an_object_reach_qtee)
{
	/* The last of them are not the kernel's to pass on, nor is what looks like its own errno. */
	static const int32_t results[][2] = {
		{ QTEE_OK, QTEE_OK }, { QTEE_INVALID, QTEE_INVALID }, { 4711, 4711 },
		{ QTEE_DEFUNCT, QTEE_DEFUNCT }, { QTEE_UNAVAIL, QTEE_UNAVAIL },
		{ QTEE_KMEM, QTEE_KMEM }, { QTEE_BUSY, QTEE_BUSY },
		{ QTEE_BADOBJ, QTEE_ERROR }, { -EINVAL, QTEE_ERROR },
	};
	struct omnitee_object caller, callee;
	struct omnitee_qtee *q = open_caller(&caller);
	uint32_t op = 0;
	int32_t now;

	ASSERT_RC(omnitee_qtee_export(q, say, NULL, &now, &callee), 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(results); i++) {
		struct omnitee_arg args[] = {
			{ .kind = OMNITEE_IN, .data = &op, .size = sizeof(op) },
			{ .kind = OMNITEE_OBJECT_IN, .object = callee },
		};
		int32_t result = 0x5a5a;

		now = results[i][0];
		ASSERT_RC(omnitee_qtee_invoke(q, caller, QTEE_CALLER_FORWARD, args, 2, &result), 0);
		EXPECT_EQ(result, results[i][1]);
	}
	omnitee_qtee_close(q);
}

/* Outputs of sizes that leave those behind them nowhere in particular, if nobody sees to it. */
static int32_t fill(void *data, uint32_t op, struct omnitee_arg *args, unsigned int num_args)
{
	for (unsigned int i = 0; i < num_args; i++) {
		if ((uintptr_t)args[i].data % sizeof(uint64_t))
			return QTEE_SIZE_OUT;
		memset(args[i].data, 'a' + (int)i, args[i].size);
	}
	return QTEE_OK;
}

TEST(outputs_of_an_object_are_aligned)
{
	struct omnitee_object caller, callee;
	struct omnitee_qtee *q = open_caller(&caller);
	uint8_t out[3][8] = { 0 };
	uint32_t op = 0;
	struct omnitee_arg args[] = {
		{ .kind = OMNITEE_IN, .data = &op, .size = sizeof(op) },
		{ .kind = OMNITEE_OUT, .data = out[0], .size = 3 },
		{ .kind = OMNITEE_OUT, .data = out[1], .size = 7 },
		{ .kind = OMNITEE_OUT, .data = out[2], .size = 8 },
		{ .kind = OMNITEE_OBJECT_IN },
	};
	int32_t result = -1;

	ASSERT_RC(omnitee_qtee_export(q, fill, NULL, NULL, &callee), 0);
	args[4].object = callee;
	ASSERT_RC(omnitee_qtee_invoke(q, caller, QTEE_CALLER_FORWARD, args, 5, &result), 0);
	EXPECT_EQ(result, QTEE_OK);
	EXPECT_EQ(memcmp(out[0], "aaa\0", 4), 0);
	EXPECT_EQ(memcmp(out[1], "bbbbbbb\0", 8), 0);
	EXPECT_EQ(memcmp(out[2], "cccccccc", 8), 0);
	omnitee_qtee_close(q);
}

static void *register_once(void *data)
{
	struct omnitee_object env;
	int32_t result = -1;

	EXPECT_RC(omnitee_qtee_register(data, &env, &result), 0);
	EXPECT_EQ(result, 0);
	return NULL;
}

TEST(threads_register_at_once_and_take_nobodys_place)
{
	struct omnitee_object object;
	pthread_t threads[THREADS];
	struct omnitee_qtee *q;
	int32_t result = 0;

	ASSERT_RC(omnitee_qtee_open(qtee_path(), &q), 0);
	for (unsigned int i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, register_once, q), 0);
	for (unsigned int i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_join(threads[i], NULL), 0);
	for (unsigned int i = 0; i < EXPORTS; i++)
		EXPECT_RC(omnitee_qtee_export(q, say, NULL, &result, &object), 0);
	EXPECT_RC(omnitee_qtee_export(q, say, NULL, &result, &object), -ENOSPC);
	register_once(q);
	omnitee_qtee_close(q);
}

TEST(device_that_cannot_be_opened_is_not_taken_for_none)
{
	struct rlimit limit, none;
	struct omnitee_qtee *q;
	int rc;

	qtee_path();
	ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){ 0, limit.rlim_max };
	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
	rc = omnitee_qtee_open(NULL, &q);
	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
	EXPECT_RC(rc, -EMFILE);
	ASSERT_RC(omnitee_qtee_open(NULL, &q), 0);
	omnitee_qtee_close(q);
}
