// SPDX-License-Identifier: BSD-2-Clause
/* libomnitee's side of QTEE: a connection that is closed in the middle of it. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "lib/omnitee-qtee.h"

/* So long nothing happens, if it is not to happen. */
#define QUIET_MS	100

/**
 * struct nest - an operation that invokes an object, which calls back
 * @q: connection
 * @callers: objects of QTEE that call: one the first operation, one the second
 * @inner: object with the second operation
 * @in: the first operation has begun
 * @go: it may go on
 * @inner_calls: how often the second one was reached
 * @rc: of the nested invocation
 * @result: of the nested invocation
 */
struct nest {
	struct omnitee_qtee *q;
	struct omnitee_object callers[2];
	struct omnitee_object outer;
	struct omnitee_object inner;
	atomic_bool in;
	atomic_bool go;
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
	sleep_ms(scaled(QUIET_MS));
	n->rc = call_back(n, 1, n->inner, &n->result);
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
	ASSERT_EQ(pthread_create(&thread, NULL, call_outer, &n), 0);
	while (!n.in)
		sleep_ms(1);
	/* The operation goes on when all threads have been told to go. */
	n.go = true;
	omnitee_qtee_close(n.q);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(n.outer_result, 4711);
	/* What it called was defunct by then. */
	EXPECT_RC(n.rc, 0);
	EXPECT_EQ(n.result, QTEE_DEFUNCT);
	EXPECT_EQ(n.inner_calls, 0);
}
