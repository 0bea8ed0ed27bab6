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
#define UID_MEMORY	5
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
#define TEST_MEM	13
#define TEST_MEM_IN	14
#define TEST_MEM_OUT	15
#define TEST_MEM_IN_OUT	16
#define TEST_TWO_MEM	17

/* Of the memory object, and what it reads first and then writes. */
#define MEM_ACCESS	0
#define MEM_ACCESS_TWO	6
#define MEM_RELEASE	7
#define MEM_BEFORE	0xfeedc0deface0001ULL
#define MEM_AFTER	0xfeedc0deface0002ULL

/* As much as these clients give. */
#define MEM_SIZE	32768

#define HEAP_INFO	0

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

static uint64_t test_object(const struct qtee_client *c, uint32_t uid)
{
	static const char image[] = "omnitee-test";
	uint64_t loader = qtee_service(c, QTEE_UID_LOADER), app;
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
	test = test_object(&c, UID_CALLBACK);
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

/* What the callee gives, and what it has been given. */
struct memory {
	uint64_t give[2];
	uint64_t got;
	unsigned int calls;
};

/* Gives memory wherever an object is asked for; what it is given must be memory, too. */
static int32_t serve_memory(struct qtee_server *s, struct qtee_request *r)
{
	struct memory *m = s->data;
	unsigned int given = 0;

	for (unsigned int i = 0; i < r->num; i++) {
		struct tee_ioctl_param *p = &r->params[i];

		switch (p->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT:
			if (p->b != 7 || memcmp((void *)(uintptr_t)p->a, "7 bytes", 7))
				return QTEE_INVALID;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
			r->buffer[0] = MEM_AFTER;
			p->a = (uintptr_t)r->buffer;
			p->b = p->b < sizeof(r->buffer[0]) ? p->b : sizeof(r->buffer[0]);
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT:
			if (p->b != TEE_QTEE_OBJREF_MEM)
				return QTEE_INVALID;
			m->got = p->a;
			break;
		default:
			p->a = m->give[given++];
			p->b = TEE_QTEE_OBJREF_MEM;
		}
	}
	__atomic_add_fetch(&m->calls, 1, __ATOMIC_SEQ_CST);
	return 0;
}

TEST(memory_passes_both_ways_in_a_callback)
{
	struct tee_buf to, from;
	struct memory m = { 0 };
	struct qtee_client c;
	uint64_t caller;
	uint32_t op = 0;

	qtee_client_open(&c, serve_memory, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	client_alloc(c.fd, MEM_SIZE, &to);
	client_alloc(c.fd, MEM_SIZE, &from);
	c.server.data = &m;
	m.give[0] = from.id;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE), OBJECT_MEM(to.id), OBJECT_OUT,
	};

	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 4), 0);
	EXPECT_EQ(m.got, to.id);
	EXPECT_EQ(p[3].b, TEE_QTEE_OBJREF_MEM);
	EXPECT_EQ(p[3].a, from.id);
	/* The same memory both ways. */
	p[2].a = from.id;
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 4), 0);
	EXPECT_EQ(m.got, from.id);
	EXPECT_EQ(p[3].a, from.id);
	/* There is none of this number. */
	m.give[0] = from.id + 100;
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 4), QTEE_UNAVAIL);
	qtee_release(c.fd, caller);
	tee_free(&to);
	tee_free(&from);
	qtee_client_close(&c);
	/* Who is told may be later than who called. */
	EXPECT_EQ(c.server.refused, 1);
}

TEST(application_gets_memory_from_the_objects_of_its_client)
{
	struct memory m = { 0 };
	struct qtee_client c;
	struct tee_buf buf[2];
	uint64_t test;

	qtee_client_open(&c, serve_memory, 2);
	test = test_object(&c, UID_CALLBACK);
	for (unsigned int i = 0; i < 2; i++) {
		client_alloc(c.fd, MEM_SIZE, &buf[i]);
		m.give[i] = buf[i].id;
	}
	c.server.data = &m;
	struct tee_ioctl_param callee[] = { OBJECT_USER(CALLEE) };
	struct tee_ioctl_param with[] = { UBUF_IN("7 bytes", 7), OBJECT_USER(CALLEE) };

	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_MEM, callee, 1), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_MEM_IN, with, 2), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_MEM_OUT, callee, 1), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_MEM_IN_OUT, with, 2), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, TEST_TWO_MEM, callee, 1), 0);
	EXPECT_EQ(m.calls, 5);
	EXPECT_EQ(c.server.refused, 0);
	/* The callee of each, and it stays the client's memory. */
	EXPECT_MSG(qtee_wait_releases(&c.server, 5), "%u releases", c.server.releases);
	memset(buf[1].va, 0x55, MEM_SIZE);
	for (unsigned int i = 0; i < 2; i++)
		tee_free(&buf[i]);
	qtee_release(c.fd, test);
	qtee_client_close(&c);
}

static uint64_t first_word(const struct tee_buf *buf)
{
	uint64_t word;

	memcpy(&word, buf->va, sizeof(word));
	return word;
}

static void set_first_word(const struct tee_buf *buf, uint64_t word)
{
	memcpy(buf->va, &word, sizeof(word));
}

TEST(application_works_on_memory_of_its_client)
{
	struct qtee_client c;
	struct tee_buf a, b;
	uint64_t test;

	qtee_client_open(&c, serve, 1);
	test = test_object(&c, UID_MEMORY);
	client_alloc(c.fd, MEM_SIZE, &a);
	client_alloc(c.fd, MEM_SIZE, &b);
	struct tee_ioctl_param both[] = { OBJECT_MEM(a.id), OBJECT_MEM(b.id) };

	/* Twice with one object, which must have been let go in between. */
	for (unsigned int i = 0; i < 2; i++) {
		set_first_word(&a, MEM_BEFORE);
		EXPECT_EQ(qtee_must_invoke(c.fd, test, MEM_ACCESS, both, 1), 0);
		EXPECT_EQ(first_word(&a), MEM_AFTER);
	}
	/* It sees what is there. */
	EXPECT_EQ(qtee_must_invoke(c.fd, test, MEM_ACCESS, both, 1), QTEE_ERROR);
	set_first_word(&a, MEM_BEFORE);
	set_first_word(&b, MEM_BEFORE);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, MEM_ACCESS_TWO, both, 2), 0);
	EXPECT_EQ(first_word(&a), MEM_AFTER);
	EXPECT_EQ(first_word(&b), MEM_AFTER);
	EXPECT_EQ(qtee_must_invoke(c.fd, test, MEM_RELEASE, both, 1), 0);
	tee_free(&a);
	tee_free(&b);
	qtee_release(c.fd, test);
	qtee_client_close(&c);
}

TEST(diagnostics_tell_of_the_heap)
{
	/* Total, used, free, overhead, wasted, the largest free piece. */
	uint32_t info[6], more[7];
	struct qtee_client c;
	uint64_t service;

	for (unsigned int i = 0; i < 3; i++) {
		qtee_client_open(&c, serve, 1);
		service = qtee_service(&c, QTEE_UID_DIAGNOSTICS);
		struct tee_ioctl_param p[] = { UBUF_OUT(info, sizeof(info)) };

		memset(info, 0xff, sizeof(info));
		ASSERT_EQ(qtee_must_invoke(c.fd, service, HEAP_INFO, p, 1), 0);
		EXPECT_EQ(p[0].b, sizeof(info));
		EXPECT(info[0] && info[1] && info[1] + info[2] == info[0]);
		EXPECT_GE(info[2], info[5]);
		p[0] = (struct tee_ioctl_param)UBUF_OUT(info, sizeof(info) - 1);
		EXPECT_EQ(qtee_must_invoke(c.fd, service, HEAP_INFO, p, 1), QTEE_SIZE_OUT);
		p[0] = (struct tee_ioctl_param)UBUF_OUT(more, sizeof(more));
		EXPECT_EQ(qtee_must_invoke(c.fd, service, HEAP_INFO, p, 1), 0);
		EXPECT_EQ(p[0].b, sizeof(info));
		qtee_release(c.fd, service);
		qtee_client_close(&c);
	}
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
