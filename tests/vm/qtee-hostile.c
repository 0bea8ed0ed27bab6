// SPDX-License-Identifier: BSD-2-Clause
/* A QTEE that says what it must not: the driver believes none of it, and goes on. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "qtee-liar.h"
#include "qtee.h"
#include "world.h"

#define CALLEE	77
/* So long nothing happens, if it is not to happen. */
#define QUIET_MS	300

static void not_stock(const char *what)
{
	if (modules_are_stock())
		SKIP("the packaged driver %s", what);
}

TEST(callbacks_to_what_is_no_object_are_unavailable)
{
	struct qtee_client c;
	uint64_t liar = liar_open(&c);

	EXPECT_EQ(CALLBACK(&c, liar, 0xffffffff, 0, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, 0x80000001, 0, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, QTEE_OBJECT_NULL, 0, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, QTEE_OBJECT_ROOT, 0, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, 12345, QTEE_OP_RELEASE, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, 0xffffffff, QTEE_OP_RELEASE, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, 0xffffffff, QTEE_OP_RETAIN, 0), QTEE_UNAVAIL);
	liar_still_works(&c);
	qtee_client_close(&c);
}

TEST(primordial_object_does_what_it_can_and_no_more)
{
	struct qtee_client c;
	uint64_t liar = liar_open(&c);
	const uint32_t primordial = QTEE_OBJECT_PRIMORDIAL;

	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_YIELD, 0), 0);
	EXPECT_EQ(CALLBACK(&c, liar, primordial, 3, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_RELEASE, 0), 0);
	/* SLEEP without, with too short a number, and with one. */
	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_SLEEP, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_SLEEP, 1, 24, 2, 5), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_SLEEP, 1, 24, 4, 5), 0);
	liar_still_works(&c);
	qtee_client_close(&c);
}

/* Nothing, what is QTEE's, what is nobody's, what is an object of a process; and into too little room. */
TEST(what_is_no_memory_is_not_mapped)
{
	const uint32_t primordial = QTEE_OBJECT_PRIMORDIAL;
	struct qtee_client c;
	uint64_t liar;
	uint32_t own;

	not_stock("maps the memory of no object");
	liar = liar_open(&c);
	own = qtee_keep(&c, qtee_service(&c, QTEE_UID_CALLER), CALLEE);
#define MAP(size, id) \
	CALLBACK(&c, liar, primordial, QTEE_OP_MAP_REGION, 0x1110, 40, size, id, 0, 0, 0)
	EXPECT_EQ(CALLBACK(&c, liar, primordial, QTEE_OP_MAP_REGION, 0), QTEE_UNAVAIL);
	EXPECT_EQ(MAP(24, QTEE_OBJECT_NULL), QTEE_UNAVAIL);
	EXPECT_EQ(MAP(24, QTEE_OBJECT_ROOT), QTEE_UNAVAIL);
	EXPECT_EQ(MAP(24, primordial), QTEE_UNAVAIL);
	EXPECT_EQ(MAP(24, 0xffffffff), QTEE_UNAVAIL);
	EXPECT_EQ(MAP(24, own), QTEE_UNAVAIL);
	EXPECT_EQ(MAP(19, own), QTEE_UNAVAIL);
#undef MAP
	liar_still_works(&c);
	EXPECT_EQ(c.server.releases, 0);
	qtee_client_close(&c);
}

TEST(callbacks_whose_buffers_lie_outside_are_unavailable)
{
	struct qtee_client c;
	uint64_t liar;
	const uint32_t yield[] = { QTEE_OBJECT_PRIMORDIAL, QTEE_OP_YIELD };

	not_stock("clears what lies behind the page");
	liar = liar_open(&c);
	/* Reserved bits of the counts; more arguments than the page has room for payloads. */
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 0x10000), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 1, 4096, 8), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 1, 0xfffffff8, 8), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 1, 24, 0xffffffff), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 1, 24, 4096), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 1, 0, 8), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 0x10, 32, 8), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, yield[0], yield[1], 1, 24, 8), 0);
	liar_still_works(&c);
	qtee_client_close(&c);
}

TEST(asynchronous_messages_that_make_no_sense_are_dropped)
{
	struct qtee_client c;
	uint64_t liar, caller;
	/* One more than there is room for, behind the header. */
	const uint32_t many = (QTEE_OUTBOUND_SIZE - 12) / 4 + 1;
	uint32_t op = 1;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	uint32_t id;

	not_stock("reads beyond the page");
	liar = liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	id = qtee_keep(&c, caller, CALLEE);
	const uint32_t messages[][8] = {
		{ QTEE_ASYNC_VERSION_1_2, QTEE_ASYNC_OP_RELEASE, 0, id },
		{ QTEE_ASYNC_VERSION_1_2, QTEE_ASYNC_OP_RELEASE, 0xffffffff, id },
		{ QTEE_ASYNC_VERSION_1_2, QTEE_ASYNC_OP_RELEASE, many, id },
		{ QTEE_ASYNC_VERSION_1_2, 7, 1, id },
		{ 0x00020000, QTEE_ASYNC_OP_RELEASE, 1, id },
		{ QTEE_ASYNC_VERSION_1_0, QTEE_ASYNC_OP_RELEASE, 4, 0, 1, 0x80000000, 0xffffffff },
	};

	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		struct lie l = { .out_words = 8 };
		int32_t ret = 1;

		memcpy(l.out, messages[i], sizeof(messages[i]));
		EXPECT_RC(liar_tell(&c, liar, &l, NULL, &ret), 0);
		EXPECT_EQ(ret, 0);
		/* It is there still. */
		EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1), 0);
	}
	EXPECT_EQ(c.server.releases, 0);
	liar_still_works(&c);
	qtee_client_close(&c);
}

/* An echo with an output that QTEE describes wrongly. */
static void spoiled_echo(const struct qtee_client *c, unsigned int fault, uint64_t value)
{
	uint64_t echo = qtee_service(c, QTEE_UID_ECHO);
	uint8_t out[16];
	struct tee_ioctl_param p[] = {
		UBUF_IN("0123456789abcdef", 16), UBUF_OUT(out, sizeof(out)), OBJECT_TEE(echo),
		OBJECT_OUT,
	};
	int32_t ret = 0;

	world_fault(fault, 1, value);
	EXPECT_RC(qtee_invoke(c->fd, echo, QTEE_ECHO_ALL, p, 4, &ret), 0);
	EXPECT_EQ(ret, QTEE_UNAVAIL);
	EXPECT_EQ(p[3].b, 0);
	qtee_release(c->fd, echo);
}

TEST(results_that_do_not_fit_are_unavailable)
{
	struct qtee_client c;

	world_need();
	not_stock("writes beyond the client's buffer");
	liar_open(&c);
	spoiled_echo(&c, SIM_FAULT_QTEE_OB_SIZE, 17);
	spoiled_echo(&c, SIM_FAULT_QTEE_OB_SIZE, 4096);
	spoiled_echo(&c, SIM_FAULT_QTEE_OB_SIZE, 0xffffffff);
	spoiled_echo(&c, SIM_FAULT_QTEE_OB_OFFSET, 4081);
	spoiled_echo(&c, SIM_FAULT_QTEE_OB_OFFSET, 0xfffffff8);
	liar_still_works(&c);
	qtee_client_close(&c);
}

/* Over the message itself, and over each other: octets of the same call, and no more than there is room for. */
TEST(results_that_lie_over_the_message_do_no_harm)
{
	static const uint32_t offsets[] = { 0, 4, 12, 44, 48, 56, 64, 4080, 4096 };
	struct qtee_client c;
	uint64_t echo;

	world_need();
	not_stock("believes where results are");
	liar_open(&c);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		bool inside = offsets[i] + 16 <= QTEE_OUTBOUND_SIZE;
		uint8_t out[32] = { [16 ... 31] = 0x55 }, two[8];
		struct tee_ioctl_param p[] = {
			UBUF_IN("0123456789abcdef", 16), UBUF_IN("8 octets", 8), UBUF_OUT(out, 16),
			UBUF_OUT(two, 8), OBJECT_TEE(echo), OBJECT_OUT,
		};

		world_fault(SIM_FAULT_QTEE_OB_OFFSET, 1, offsets[i]);
		EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 6),
			  inside ? 0 : QTEE_UNAVAIL);
		for (unsigned int j = 16; j < sizeof(out); j++)
			EXPECT_EQ(out[j], 0x55);
		if (inside) {
			EXPECT_EQ(p[2].b, 16);
			EXPECT_EQ(memcmp(two, "8 octets", 8), 0);
			qtee_release(c.fd, p[5].a);
		}
	}
	liar_still_works(&c);
	qtee_client_close(&c);
}

TEST(kernels_object_of_nobody_as_a_result_is_unavailable)
{
	struct qtee_client c;

	world_need();
	liar_open(&c);
	spoiled_echo(&c, SIM_FAULT_QTEE_OO, QTEE_OBJECT_PRIMORDIAL);
	spoiled_echo(&c, SIM_FAULT_QTEE_OO, 0xffffffff);
	liar_still_works(&c);
	qtee_client_close(&c);
}

TEST(call_that_is_lost_in_the_middle_is_no_device)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	uint32_t op = 0;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	struct qtee_client c;
	uint64_t caller;
	int32_t ret = 0;

	world_need();
	liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	world_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	EXPECT_RC(qtee_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1, &ret), -ENODEV);
	liar_still_works(&c);
	/* QTEE has the object all the same, and the process is told when it lets it go. */
	EXPECT_EQ(c.server.releases, 0);
	qtee_release(c.fd, caller);
	EXPECT(qtee_wait_releases(&c.server, 1));
	qtee_client_close(&c);
}

TEST(refused_call_leaves_the_object_with_its_process)
{
	uint32_t op = 0;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	struct qtee_client c;
	uint64_t caller;
	int32_t ret = 0;
	int users;

	world_need();
	users = qtee_module_users();
	liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	world_fault(SIM_FAULT_QTEE_STATUS, 1, (uint64_t)QTEE_SMC_ENOMEM);
	EXPECT_RC(qtee_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 2, &ret), -ENOMEM);
	/* It still has the object, so it is not told that it was let go: another one comes first. */
	p[1].a = CALLEE + 1;
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 2), 0);
	EXPECT(qtee_wait_releases(&c.server, 1));
	EXPECT_EQ(c.server.released, CALLEE + 1);
	EXPECT_EQ(c.server.releases, 1);
	qtee_client_close(&c);
	/* Nor has the kernel kept anything of the first one. */
	EXPECT(qtee_wait_module_users(users));
}

TEST(busy_and_interrupted_calls_are_made_again)
{
	struct qtee_client c;

	world_need();
	liar_open(&c);
	world_fault(SIM_FAULT_QTEE_BUSY, 2, 0);
	liar_still_works(&c);
	world_fault(SIM_FAULT_QTEE_INTERRUPTED, 50, 0);
	liar_still_works(&c);
	qtee_client_close(&c);
}

TEST(release_that_fails_is_made_again)
{
	struct qtee_client c;
	uint64_t before, echo;

	world_need();
	not_stock("makes it once, and whoever waits for another waits long");
	liar_open(&c);
	before = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	world_fault(SIM_FAULT_QTEE_STATUS, 3, (uint64_t)QTEE_SMC_ENOMEM);
	qtee_release(c.fd, echo);
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, before, PATIENCE_MS));
	qtee_client_close(&c);
}

TEST(release_that_qtee_calls_a_failure_is_not_made_again)
{
	static const int32_t results[] = { QTEE_ERROR, QTEE_BADOBJ, QTEE_DEFUNCT, QTEE_BUSY, 4711 };
	unsigned int num = sizeof(results) / sizeof(*results);
	struct qtee_client c;
	uint64_t before, calls;

	world_need();
	liar_open(&c);
	before = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	calls = world_counter(SIM_COUNTER_QTEE_INVOCATIONS);
	for (unsigned int i = 0; i < num; i++) {
		uint64_t echo = qtee_service(&c, QTEE_UID_ECHO);

		world_fault(SIM_FAULT_QTEE_RESULT, 1, (uint32_t)results[i]);
		qtee_release(c.fd, echo);
		EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, before, PATIENCE_MS));
	}
	/* One for each that was opened; those that cannot be made come again before this is over. */
	sleep_ms(scaled(QUIET_MS));
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_INVOCATIONS), calls + 2 * num);
	qtee_client_close(&c);
}

TEST(objects_released_twice_are_let_go_once)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	uint32_t count = 1;
	struct tee_ioctl_param some = UBUF_IN(&count, sizeof(count));
	struct qtee_client c;
	uint64_t keeper;

	world_need();
	liar_open(&c);
	keeper = qtee_service(&c, QTEE_UID_KEEPER);
	ASSERT_EQ(qtee_must_invoke(c.fd, keeper, QTEE_KEEPER_KEEP, &keep, 1), 0);
	world_fault(SIM_FAULT_QTEE_ASYNC_TWICE, 1, 0);
	ASSERT_EQ(qtee_must_invoke(c.fd, keeper, QTEE_KEEPER_RELEASE, &some, 1), 0);
	EXPECT(qtee_wait_releases(&c.server, 1));
	liar_still_works(&c);
	EXPECT_EQ(c.server.releases, 1);
	qtee_client_close(&c);
}

TEST(failures_of_the_call_itself_are_errors)
{
	struct qtee_client c;
	uint64_t liar = liar_open(&c);
	struct lie l = { 0 };
	int32_t ret = 0;

	l.head.status = (uint64_t)QTEE_SMC_EINVAL_ADDRESS;
	EXPECT_RC(liar_tell(&c, liar, &l, NULL, &ret), -EINVAL);
	l.head.status = (uint64_t)QTEE_SMC_ENOMEM;
	EXPECT_RC(liar_tell(&c, liar, &l, NULL, &ret), -ENOMEM);
	l.head.status = (uint64_t)QTEE_SMC_ERROR;
	EXPECT_RC(liar_tell(&c, liar, &l, NULL, &ret), -EIO);
	liar_still_works(&c);
	qtee_client_close(&c);
}

/* A call of an object of this process, with a buffer and an object of QTEE's. */
static int32_t forward_with_object(const struct qtee_client *c, uint64_t caller, uint64_t object)
{
	uint32_t op = 0;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), UBUF_IN("eight..", 8), OBJECT_USER(CALLEE),
		OBJECT_TEE(object),
	};

	return qtee_must_invoke(c->fd, caller, QTEE_CALLER_FORWARD, p, 4);
}

TEST(objects_of_a_malformed_callback_are_given_back)
{
	struct qtee_client c;
	uint64_t caller, echo, exported;

	world_need();
	not_stock("clears what lies behind the page");
	liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	for (unsigned int i = 0; i < 4; i++) {
		world_fault(i & 1 ? SIM_FAULT_QTEE_CB_OFFSET : SIM_FAULT_QTEE_CB_SIZE, 1, 4096);
		EXPECT_EQ(forward_with_object(&c, caller, echo), QTEE_UNAVAIL);
	}
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported, PATIENCE_MS));
	EXPECT_EQ(c.server.requests, 2);
	qtee_client_close(&c);
}

TEST(object_that_is_called_to_be_retained_is_released_once)
{
	struct qtee_client c;
	uint64_t caller, echo;

	world_need();
	liar_open(&c);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	world_fault(SIM_FAULT_QTEE_CB_OP, 1, QTEE_OP_RETAIN);
	ASSERT_EQ(forward_with_object(&c, caller, echo), QTEE_UNAVAIL);
	EXPECT(qtee_wait_releases(&c.server, 1));
	EXPECT_EQ(forward_with_object(&c, caller, echo), 0);
	EXPECT(qtee_wait_releases(&c.server, 2));
	EXPECT_EQ(c.server.releases, 2);
	qtee_client_close(&c);
}

TEST(objects_of_another_process_are_neither_arguments_nor_results)
{
	struct qtee_client owner, c;
	uint32_t theirs, own;
	uint64_t liar, kept;

	world_need();
	liar = liar_open(&c);
	qtee_client_open(&owner, liar_serve, 1);
	theirs = qtee_keep(&owner, qtee_service(&owner, QTEE_UID_CALLER), CALLEE);
	kept = qtee_service(&c, QTEE_UID_CALLER);
	own = qtee_keep(&c, kept, CALLEE);
	/* Each is called in its process, and its own objects are given to it. */
	EXPECT_EQ(CALLBACK(&c, liar, theirs, 0, 0), 0);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x100, own, 0), 0);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x100, theirs, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, theirs, 0, 0x200, theirs, 0, own, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x100, QTEE_OBJECT_PRIMORDIAL, 0), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x100, 0xfffffffe, 0), QTEE_UNAVAIL);
	spoiled_echo(&c, SIM_FAULT_QTEE_OO, theirs);
	liar_still_works(&c);
	liar_still_works(&owner);
	qtee_client_close(&owner);
	qtee_client_close(&c);
}

TEST(buffers_of_a_callback_may_lie_over_each_other_and_do_no_harm)
{
	struct qtee_client c;
	uint64_t liar;
	uint32_t own;

	not_stock("clears what lies behind the page");
	liar = liar_open(&c);
	own = qtee_keep(&c, qtee_service(&c, QTEE_UID_CALLER), CALLEE);
	/* Two inputs in one place, and an output over an input: the room is that of both. */
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 2, 32, 8, 32, 8), 0);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x11, 32, 8, 36, 8), 0);
	/* As large as can be, and an octet more. */
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x10, 24, 4072), 0);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x10, 24, 4073), QTEE_UNAVAIL);
	/* Two that are so large only together. */
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x20, 32, 2040, 32, 2032), QTEE_UNAVAIL);
	EXPECT_EQ(CALLBACK(&c, liar, own, 0, 0x2000), 0);
	liar_still_works(&c);
	qtee_client_close(&c);
}
