// SPDX-License-Identifier: BSD-2-Clause
/* Ends of calls, callbacks and releases in which QTEE says what it must not. */
#include <errno.h>
#include <string.h>

#include "array.h"
#include "harness.h"
#include "qtee-liar.h"
#include "qtee.h"
#include "world.h"

#define CALLEE		77
/* Of a message that waits for no answer; where one begins behind a callback without arguments. */
#define HEADER		12
#define BEHIND		16
#define ROOM(offset)	((QTEE_OUTBOUND_SIZE - (offset) - HEADER) / 4)

static void not_stock(const char *what)
{
	if (modules_are_stock())
		SKIP("the packaged driver %s", what);
}

/* The kernel's object @id is there: QTEE calls it. */
static bool is_there(const struct qtee_client *c, uint64_t liar, uint32_t id)
{
	return !CALLBACK(c, liar, id, 1, 0);
}

/* QTEE lets the object go that is kept. */
static void let_go(const struct qtee_client *c, uint64_t caller)
{
	struct tee_ioctl_param none = OBJECT_NULL;

	ASSERT_EQ(qtee_must_invoke(c->fd, caller, QTEE_CALLER_KEEP, &none, 1), 0);
}

TEST(messages_behind_a_callback_that_make_no_sense_are_dropped)
{
	const uint32_t primordial = QTEE_OBJECT_PRIMORDIAL, v = QTEE_ASYNC_VERSION_1_2;
	const uint32_t op = QTEE_ASYNC_OP_RELEASE;
	struct qtee_client c;
	uint64_t liar, caller;
	uint32_t id;

	not_stock("reads beyond the page");
	liar = liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	id = qtee_keep(&c, caller, CALLEE);
#define BEHIND_YIELD(...) CALLBACK(&c, liar, primordial, QTEE_OP_YIELD, 0, __VA_ARGS__)
	/* Each is dropped, and the callback is served all the same. */
	EXPECT_EQ(BEHIND_YIELD(v, op, 0, id), 0);
	EXPECT_EQ(BEHIND_YIELD(v, op, 0xffffffff, id), 0);
	EXPECT_EQ(BEHIND_YIELD(v, op, 0x40000001, id), 0);
	EXPECT_EQ(BEHIND_YIELD(v, op, ROOM(BEHIND) + 1, id), 0);
	EXPECT_EQ(BEHIND_YIELD(v, op, ROOM(0), id), 0);
	EXPECT_EQ(BEHIND_YIELD(v, 7, 1, id), 0);
	EXPECT_EQ(BEHIND_YIELD(0x00020000, op, 1, id), 0);
	EXPECT_EQ(BEHIND_YIELD(v, op, 4, 0, 1, primordial, 0xffffffff), 0);
	/* Behind a payload there is less room. */
	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_YIELD, 1, 24, 8, 0, 0, v, op,
			   ROOM(BEHIND), id), 0);
	/* What comes after one that is dropped is not looked at. */
	EXPECT_EQ(BEHIND_YIELD(v, 7, 1, 0, v, op, 1, id), 0);
	EXPECT(is_there(&c, liar, id));
	EXPECT_EQ(c.server.releases, 0);
	/* As many as there is room for; only the first is something. */
	EXPECT_EQ(BEHIND_YIELD(v, op, ROOM(BEHIND), id), 0);
	EXPECT(qtee_wait_releases(&c.server, 1));
	EXPECT(!is_there(&c, liar, id));
#undef BEHIND_YIELD
	let_go(&c, caller);
	liar_still_works(&c);
	EXPECT_EQ(c.server.releases, 1);
	qtee_client_close(&c);
}

TEST(callbacks_to_what_was_let_go_are_unavailable)
{
	struct qtee_client c;
	uint64_t liar, caller;
	uint32_t id, other;

	liar = liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	id = qtee_keep(&c, caller, CALLEE);
	EXPECT(is_there(&c, liar, id));
	/* In the place of the first. */
	other = qtee_keep(&c, caller, CALLEE + 1);
	ASSERT(qtee_wait_releases(&c.server, 1));
	EXPECT_EQ(c.server.released, CALLEE);
	EXPECT_EQ(CALLBACK(&c, liar, id, 1, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, id, QTEE_OP_RELEASE, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, other, 1, 0x100, id, 0), QTEE_UNAVAIL);
	/* In the request that lets it go: that comes first. */
	EXPECT_EQ(CALLBACK(&c, liar, other, 1, 0, QTEE_ASYNC_VERSION_1_2, QTEE_ASYNC_OP_RELEASE,
			   1, other), QTEE_UNAVAIL);
	ASSERT(qtee_wait_releases(&c.server, 2));
	EXPECT_EQ(CALLBACK(&c, liar, other, 1, 0), QTEE_UNAVAIL);
	let_go(&c, caller);
	liar_still_works(&c);
	EXPECT_EQ(c.server.releases, 2);
	qtee_client_close(&c);
}

TEST(spoiled_releases_are_dropped_and_strays_mean_nothing)
{
	static const struct {
		unsigned int fault;
		uint32_t value;
	} spoiled[] = {
		{ SIM_FAULT_QTEE_ASYNC_VERSION, 0x00020000 }, { SIM_FAULT_QTEE_ASYNC_VERSION, 2 },
		{ SIM_FAULT_QTEE_ASYNC_OP, QTEE_OP_RETAIN }, { SIM_FAULT_QTEE_ASYNC_COUNT, 0 },
		{ SIM_FAULT_QTEE_ASYNC_COUNT, ROOM(0) + 1 },
		{ SIM_FAULT_QTEE_ASYNC_COUNT, 0xffffffff },
	};
	struct qtee_client c;
	uint64_t liar, caller;
	uint32_t id = 0;

	world_need();
	not_stock("reads beyond the page");
	liar = liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	for (unsigned int i = 0; i < ARRAY_SIZE(spoiled); i++) {
		id = qtee_keep(&c, caller, CALLEE);
		world_fault(spoiled[i].fault, 1, spoiled[i].value);
		let_go(&c, caller);
		EXPECT_MSG(is_there(&c, liar, id), "%u is gone", i);
		EXPECT_EQ(c.server.releases, i);
		/* QTEE has forgotten it, but may name it. */
		world_fault(SIM_FAULT_QTEE_ASYNC_STRAY, 1, id);
		liar_still_works(&c);
		EXPECT(qtee_wait_releases(&c.server, i + 1));
		EXPECT(!is_there(&c, liar, id));
	}
	const uint32_t strays[] = { id, id, 0, 1, QTEE_OBJECT_PRIMORDIAL, 0xffffffff };

	id = qtee_keep(&c, caller, CALLEE);
	for (unsigned int i = 0; i < ARRAY_SIZE(strays); i++) {
		world_fault(SIM_FAULT_QTEE_ASYNC_STRAY, 1, strays[i]);
		liar_still_works(&c);
	}
	EXPECT(is_there(&c, liar, id));
	let_go(&c, caller);
	EXPECT(qtee_wait_releases(&c.server, ARRAY_SIZE(spoiled) + 1));
	EXPECT_EQ(c.server.releases, ARRAY_SIZE(spoiled) + 1);
	qtee_client_close(&c);
}

/* What the process answers is where the version of a message would be. */
static int32_t serve_result(struct qtee_server *s, struct qtee_request *r)
{
	return *(int32_t *)s->data;
}

TEST(request_that_qtee_leaves_in_its_page_is_no_message)
{
	static const uint32_t results[] = { 0, 1, QTEE_ASYNC_VERSION_1_0, QTEE_ASYNC_VERSION_1_2,
					    0x00020000, 0x7fffffff };
	uint32_t op = QTEE_OP_USER_MAX;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	struct qtee_client c;
	uint64_t liar, caller;
	uint32_t id;

	world_need();
	liar = liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	id = qtee_keep(&c, caller, CALLEE);
	for (unsigned int i = 0; i < ARRAY_SIZE(results); i++) {
		int32_t result = results[i];

		c.server.data = &result;
		c.server.serve = serve_result;
		world_fault(SIM_FAULT_QTEE_OUTBOUND_LEFT, 1, 0);
		EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1), result);
		c.server.serve = liar_serve;
		EXPECT(is_there(&c, liar, id));
	}
	EXPECT_EQ(c.server.releases, 0);
	let_go(&c, caller);
	EXPECT(qtee_wait_releases(&c.server, 1));
	qtee_client_close(&c);
}

TEST(callbacks_with_other_counts_are_answered_and_no_more)
{
	uint32_t op = 1;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	struct qtee_client c;
	uint64_t caller;

	world_need();
	not_stock("believes where buffers are");
	liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	qtee_keep(&c, caller, CALLEE);
	/* Arguments that are all 0: buffers over the header, and bits that mean nothing. */
	static const uint32_t wrong[] = { 0x1, 0x10, 0xffff, 0x10000, 0xffff0000, 0xffffffff };

	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		world_fault(SIM_FAULT_QTEE_CB_COUNTS, 1, wrong[i]);
		EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1),
			  QTEE_UNAVAIL);
	}
	EXPECT_EQ(c.server.requests, 2);
	/* Objects that are none, and room for as many. The answer is not what QTEE has asked for. */
	static const uint32_t other[] = { 0x100, 0xf00, 0x1000, 0xf000, 0xff00 };

	for (unsigned int i = 0; i < ARRAY_SIZE(other); i++) {
		world_fault(SIM_FAULT_QTEE_CB_COUNTS, 1, other[i]);
		EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1),
			  QTEE_ERROR);
	}
	EXPECT_EQ(c.server.requests, 2 + ARRAY_SIZE(other));
	EXPECT_EQ(c.server.refused, 0);
	liar_still_works(&c);
	qtee_client_close(&c);
}

TEST(returns_of_no_known_kind_are_the_end_of_the_call)
{
	static const uint32_t responses[] = { 1, 2, 4, 0x7fffffff, 0xffffffff };
	struct qtee_client c;
	uint64_t echo;
	uint8_t out[4];

	world_need();
	liar_open(&c);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (unsigned int i = 0; i < ARRAY_SIZE(responses); i++) {
		struct tee_ioctl_param p[] = { UBUF_IN("four", 4), UBUF_OUT(out, 4) };

		memset(out, 0, sizeof(out));
		world_fault(SIM_FAULT_QTEE_RESPONSE, 1, responses[i]);
		EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2), 0);
		EXPECT(!memcmp(out, "four", 4));
	}
	qtee_release(c.fd, echo);
	qtee_client_close(&c);
}

TEST(end_that_is_told_as_a_callback_is_the_end_of_the_call)
{
	struct qtee_client c;
	uint64_t echo;
	int32_t ret;

	world_need();
	liar_open(&c);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	/* It is answered as one to no object, of which QTEE knows nothing. */
	world_fault(SIM_FAULT_QTEE_RESPONSE, 1, QTEE_RESPONSE_CALLBACK);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0, &ret), -ENODEV);
	liar_still_works(&c);
	qtee_release(c.fd, echo);
	qtee_client_close(&c);
}

TEST(results_of_qtee_are_passed_on_without_outputs)
{
	static const int32_t results[] = { QTEE_ERROR, QTEE_USERBASE, QTEE_UNAVAIL, QTEE_TIMEOUT,
					   0x7fffffff, -0x7fffffff - 1 };
	struct qtee_client c;
	uint64_t echo;
	uint8_t out[4];

	world_need();
	liar_open(&c);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (unsigned int i = 0; i < ARRAY_SIZE(results); i++) {
		struct tee_ioctl_param p[] = {
			UBUF_IN("four", 4), UBUF_OUT(out, 4), OBJECT_TEE(echo), OBJECT_OUT,
		};
		int32_t ret = 0;

		memset(out, 0x55, sizeof(out));
		world_fault(SIM_FAULT_QTEE_RESULT, 1, (uint32_t)results[i]);
		EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 4, &ret), 0);
		EXPECT_EQ(ret, results[i]);
		EXPECT_EQ(out[0], 0x55);
		EXPECT_EQ(p[3].b, 0);
	}
	qtee_release(c.fd, echo);
	qtee_client_close(&c);
}
