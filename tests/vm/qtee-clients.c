// SPDX-License-Identifier: BSD-2-Clause
/* What public test clients of QTEE do, in their order; and calls that QTEE puts to sleep. */
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "harness.h"
#include "qtee.h"
#include "world.h"

#define CALLEE		77
#define UID_CALLBACK	2
#define APP_RESULT	0x0afafafa

/* Of the loader, of the controller that it gives, and of the callback object. */
#define LOAD_BUFFER	0
#define LOAD_REGION	1
#define GET_APP		2
#define TEST_SET	0
#define TEST_CALL_SET	1
#define TEST_CALL	2
#define TEST_BUFFER	3
#define TEST_OBJECT	5
#define TEST_ADD	8
#define TEST_ERROR	9

/* The callee of these clients: only what the cases use, exactly in these counts. */
static int32_t serve(struct qtee_server *s, struct qtee_request *r)
{
	uint32_t pair[2];

	if (r->object != CALLEE)
		return QTEE_BADOBJ;
	switch (r->op) {
	case 0:
		return r->num ? QTEE_INVALID : 0;
	case 1:
		return r->num == 1 && r->params[0].b == 7 &&
		       !memcmp((void *)(uintptr_t)r->params[0].a, "7 bytes", 7) ? 0 : QTEE_INVALID;
	case 3:
		if (r->num == 1 && r->params[0].b == TEE_QTEE_OBJREF_TEE)
			qtee_release(s->fd, r->params[0].a);
		return r->num == 1 ? 0 : QTEE_INVALID;
	case 6:
		if (r->num != 2 || r->params[0].b != sizeof(pair))
			return QTEE_INVALID;
		memcpy(pair, (void *)(uintptr_t)r->params[0].a, sizeof(pair));
		/* Where it stands is read after this returns. */
		r->buffer[0] = pair[0] + pair[1];
		r->params[1].a = (uintptr_t)r->buffer;
		r->params[1].b = sizeof(uint32_t);
		return 0;
	case 7:
		return APP_RESULT;
	default:
		return QTEE_INVALID;
	}
}

static uint64_t app_of(const struct qtee_client *c, uint64_t controller)
{
	struct tee_ioctl_param p = OBJECT_OUT;

	ASSERT_EQ(qtee_must_invoke(c->fd, controller, GET_APP, &p, 1), 0);
	qtee_release(c->fd, controller);
	return p.a;
}

static void add(const struct qtee_client *c, uint64_t app)
{
	uint32_t pair[2] = { 40, 2 }, sum = 0;
	struct tee_ioctl_param p[] = { UBUF_IN(pair, sizeof(pair)), UBUF_OUT(&sum, sizeof(sum)) };

	EXPECT_EQ(qtee_must_invoke(c->fd, app, 0, p, 2), 0);
	EXPECT_EQ(sum, 42);
}

TEST(application_comes_from_a_buffer_or_from_memory)
{
	static uint8_t image[32856];
	struct qtee_client c;
	struct tee_buf buf;
	uint64_t loader, app;

	qtee_client_open(&c, serve, 1);
	loader = qtee_service(&c, QTEE_UID_LOADER);
	struct tee_ioctl_param b[] = { UBUF_IN(image, sizeof(image)), OBJECT_OUT };

	ASSERT_EQ(qtee_must_invoke(c.fd, loader, LOAD_BUFFER, b, 2), 0);
	app = app_of(&c, b[1].a);
	add(&c, app);
	qtee_release(c.fd, app);

	client_alloc(c.fd, sizeof(image), &buf);
	struct tee_ioctl_param m[] = { OBJECT_MEM(buf.id), OBJECT_OUT };

	ASSERT_EQ(qtee_must_invoke(c.fd, loader, LOAD_REGION, m, 2), 0);
	/* As they do: before it is used. */
	tee_free(&buf);
	app = app_of(&c, m[1].a);
	add(&c, app);
	qtee_release(c.fd, app);
	qtee_release(c.fd, loader);
	qtee_client_close(&c);
}

static uint64_t test_object(const struct qtee_client *c)
{
	static const char image[] = "omnitee-test";
	uint64_t loader = qtee_service(c, QTEE_UID_LOADER), app;
	uint32_t uid = UID_CALLBACK;
	struct tee_ioctl_param load[] = { UBUF_IN(image, strlen(image)), OBJECT_OUT };
	struct tee_ioctl_param open[] = { UBUF_IN(&uid, sizeof(uid)), OBJECT_OUT };

	ASSERT_EQ(qtee_must_invoke(c->fd, loader, LOAD_BUFFER, load, 2), 0);
	app = app_of(c, load[1].a);
	ASSERT_EQ(qtee_must_invoke(c->fd, app, 0, open, 2), 0);
	qtee_release(c->fd, app);
	qtee_release(c->fd, loader);
	return open[1].a;
}

TEST(application_calls_the_objects_of_its_client)
{
	uint32_t pair[2] = { 40, 2 }, sum = 0;
	struct qtee_client c;
	uint64_t test;

	qtee_client_open(&c, serve, 2);
	test = test_object(&c);
	struct tee_ioctl_param callee[] = { OBJECT_USER(CALLEE) };
	struct tee_ioctl_param none[] = { OBJECT_NULL };
	struct tee_ioctl_param buffer[] = { UBUF_IN("7 bytes", 7), OBJECT_USER(CALLEE) };
	struct tee_ioctl_param object[] = { OBJECT_USER(CALLEE + 1), OBJECT_USER(CALLEE) };
	struct tee_ioctl_param itself[] = { OBJECT_TEE(test), OBJECT_USER(CALLEE) };
	struct tee_ioctl_param adds[] = { UBUF_IN(pair, 8), UBUF_OUT(&sum, 4),
					  OBJECT_USER(CALLEE) };

	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_CALL, callee, 1), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_BUFFER, buffer, 2), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_OBJECT, object, 2), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_OBJECT, itself, 2), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_ADD, adds, 3), 0);
	EXPECT_EQ(sum, 42);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_ERROR, callee, 1), APP_RESULT);
	/* Kept, called without being named, and let go. */
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_SET, callee, 1), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_CALL_SET, NULL, 0), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_SET, none, 1), 0);
	EXPECT_MSG(qtee_wait_releases(&c.server, 8), "%u releases", c.server.releases);
	qtee_release(c.fd, test);
	qtee_client_close(&c);
}

TEST(call_that_sleeps_in_the_wait_queue_is_resumed)
{
	struct qtee_client c;
	uint64_t echo;

	if (!kernel_is("newest"))
		SKIP("no wait queue without the kernel's SCM driver");
	qtee_client_open(&c, serve, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	/* Awake before it slept, and after. */
	for (unsigned int us = 1; us <= 5000; us += 4999) {
		world_fault(SIM_FAULT_QTEE_WAITQ, 3, us);
		EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
	}
	world_faults_off();
	qtee_release(c.fd, echo);
	qtee_client_close(&c);
}
