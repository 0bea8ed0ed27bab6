// SPDX-License-Identifier: BSD-2-Clause
/* QTEE calls objects of processes: arguments, answers, objects that travel, many at once. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "world.h"

#define CALLEE		77
#define OP_COPY		1	/* OB i = IB i */
#define OP_RESULT	2	/* answers 0x0afafafa */
#define OP_FAIL		3	/* answers -ENOMEM, an errno */
#define OP_OBJECT	4	/* OO = itself, or IO 0 if there is one */
#define OP_NEST		5	/* invokes echo, IO 0, in the middle of it */
#define OP_MINK		6	/* answers -92, which is no errno of the kernel */
#define OP_ALL		7	/* OB i = IB i, OO i = IO i, as long as there are; then none */

/* Of each kind, as many as a message can have. The first IB and the first IO are for who calls. */
#define ALL		QTEE_ARGS_MAX
#define PASSED		100

static int32_t copy(struct qtee_request *r)
{
	unsigned int half = r->num / 2;

	for (unsigned int i = 0; i < half; i++) {
		if (r->params[half + i].b < r->params[i].b)
			return QTEE_SIZE_OUT;
		r->params[half + i].a = r->params[i].a;
		r->params[half + i].b = r->params[i].b;
	}
	return 0;
}

static int32_t give_all(struct qtee_request *r)
{
	struct tee_ioctl_param *ib = r->params, *ob = ib + ALL - 1, *io = ob + ALL, *oo = io + ALL - 1;

	if (r->num != 4 * ALL - 2)
		return QTEE_INVALID;
	for (unsigned int i = 0; i < ALL - 1; i++) {
		ob[i].a = ib[i].a;
		ob[i].b = ib[i].b;
		oo[i].a = io[i].a;
		oo[i].b = io[i].b;
	}
	ob[ALL - 1].b = 0;
	oo[ALL - 1].a = TEE_OBJREF_NULL;
	return 0;
}

static int32_t serve(struct qtee_server *s, struct qtee_request *r)
{
	int32_t ret;

	if (r->object != CALLEE)
		return QTEE_BADOBJ;
	switch (r->op) {
	case 0:
		return 0;
	case OP_COPY:
		return copy(r);
	case OP_RESULT:
		return 0x0afafafa;
	case OP_FAIL:
		return -ENOMEM;
	case OP_MINK:
		return QTEE_BADOBJ;
	case OP_ALL:
		return give_all(r);
	case OP_OBJECT:
		r->params[r->num - 1].a = r->num > 1 ? r->params[0].a : CALLEE;
		r->params[r->num - 1].b = r->num > 1 ? r->params[0].b : TEE_QTEE_OBJREF_USER;
		return 0;
	case OP_NEST:
		if (qtee_invoke(s->fd, r->params[0].a, QTEE_ECHO_NOP, NULL, 0, &ret) || ret)
			return QTEE_ERROR;
		qtee_release(s->fd, r->params[0].a);
		return 0;
	default:
		return QTEE_INVALID;
	}
}

static int32_t forward(const struct qtee_client *c, uint64_t caller, uint32_t op)
{
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };

	return qtee_must_invoke(c->fd, caller, QTEE_CALLER_FORWARD, p, 2);
}

TEST(object_of_the_process_is_called_and_let_go)
{
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_EQ(forward(&c, caller, 0), 0);
	EXPECT(qtee_wait_releases(&c.server, 1));
	EXPECT_EQ(c.server.released, CALLEE);
	qtee_client_close(&c);
}

TEST(results_travel_by_the_table)
{
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_EQ(forward(&c, caller, OP_RESULT), 0x0afafafa);
	EXPECT_EQ(forward(&c, caller, OP_FAIL), QTEE_KMEM);
	EXPECT_EQ(forward(&c, caller, OP_MINK), QTEE_ERROR);
	EXPECT_EQ(forward(&c, caller, 999), QTEE_INVALID);
	qtee_client_close(&c);
}

TEST(buffers_go_to_the_object_and_back)
{
	static const char one[] = "of an odd size", two[] = "x";
	char out_one[20] = "", out_two[8] = "";
	uint32_t op = OP_COPY;
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), UBUF_IN(one, sizeof(one)), UBUF_IN(two, sizeof(two)),
		UBUF_OUT(out_one, sizeof(out_one)), UBUF_OUT(out_two, sizeof(out_two)),
		OBJECT_USER(CALLEE),
	};
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 6), 0);
	EXPECT_EQ(p[3].b, sizeof(one));
	EXPECT_EQ(p[4].b, sizeof(two));
	EXPECT(!strcmp(out_one, one));
	EXPECT(!strcmp(out_two, two));
	qtee_client_close(&c);
}

TEST(own_object_comes_back_as_it_was_passed)
{
	uint32_t op = OP_OBJECT;
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE), OBJECT_OUT };

	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 3), 0);
	EXPECT_EQ(p[2].a, CALLEE);
	EXPECT_EQ(p[2].b, TEE_QTEE_OBJREF_USER);
	/* Once as callee, and once as what it gave. */
	EXPECT(qtee_wait_releases(&c.server, 2));
	qtee_client_close(&c);
}

TEST(fifteen_of_a_kind_go_to_the_object_and_back)
{
	struct tee_ioctl_param p[4 * ALL];
	const char *octets = "fourteen octet";
	uint32_t op = OP_ALL;
	struct qtee_client c;
	char out[ALL];
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	p[0] = (struct tee_ioctl_param)UBUF_IN(&op, sizeof(op));
	p[2 * ALL] = (struct tee_ioctl_param)OBJECT_USER(CALLEE);
	for (unsigned int i = 1; i < ALL; i++) {
		p[i] = (struct tee_ioctl_param)UBUF_IN(octets + i - 1, 1);
		p[2 * ALL + i] = (struct tee_ioctl_param)OBJECT_USER(PASSED + i - 1);
	}
	for (unsigned int i = 0; i < ALL; i++) {
		p[ALL + i] = (struct tee_ioctl_param)UBUF_OUT(out + i, 1);
		p[3 * ALL + i] = (struct tee_ioctl_param)OBJECT_OUT;
	}
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 4 * ALL), 0);
	EXPECT_EQ(memcmp(out, octets, ALL - 1), 0);
	EXPECT_EQ(p[2 * ALL - 1].b, 0);
	for (unsigned int i = 0; i < ALL - 1; i++) {
		EXPECT_EQ(p[3 * ALL + i].a, PASSED + i);
		EXPECT_EQ(p[3 * ALL + i].b, TEE_QTEE_OBJREF_USER);
	}
	EXPECT_EQ(p[4 * ALL - 1].a, TEE_OBJREF_NULL);
	/* Once as what came in, and once as what was given. */
	EXPECT(qtee_wait_releases(&c.server, 2 * ALL - 1));
	EXPECT_EQ(c.server.releases, 2 * ALL - 1);
	qtee_client_close(&c);
}

TEST(object_of_qtee_reaches_the_callee_and_returns)
{
	uint32_t op = OP_OBJECT;
	struct qtee_client c;
	uint64_t caller, echo;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE), OBJECT_TEE(echo), OBJECT_OUT,
	};
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 4), 0);
	EXPECT_EQ(p[3].b, TEE_QTEE_OBJREF_TEE);
	EXPECT_EQ(qtee_must_invoke(c.fd, p[3].a, QTEE_ECHO_NOP, NULL, 0), 0);
	qtee_client_close(&c);
}

TEST(callee_may_call_qtee_meanwhile)
{
	uint32_t op = OP_NEST;
	struct qtee_client c;
	uint64_t caller, echo;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE), OBJECT_TEE(echo),
	};
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 3), 0);
	qtee_client_close(&c);
}

TEST(kept_object_is_called_later_and_let_go_with_its_keeper)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	struct tee_ioctl_param give = OBJECT_OUT;
	uint32_t op = OP_RESULT;
	struct tee_ioctl_param call = UBUF_IN(&op, sizeof(op));
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, &call, 1), 0x0afafafa);
	EXPECT_EQ(c.server.releases, 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_GIVE_KEPT, &give, 1), 0);
	EXPECT_EQ(give.a, CALLEE);
	EXPECT_EQ(give.b, TEE_QTEE_OBJREF_USER);
	qtee_release(c.fd, caller);
	EXPECT(qtee_wait_releases(&c.server, 1));
	qtee_client_close(&c);
}

TEST(object_of_another_process_is_served_there_and_not_given_away)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	struct tee_ioctl_param give = OBJECT_OUT;
	struct qtee_client owner, c;
	uint64_t kept, caller;
	uint32_t op = 0;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_OUT };
	int32_t ret = 0;

	qtee_client_open(&owner, serve, 1);
	qtee_client_open(&c, serve, 1);
	kept = qtee_service(&owner, QTEE_UID_CALLER);
	ASSERT_EQ(qtee_must_invoke(owner.fd, kept, QTEE_CALLER_KEEP, &keep, 1), 0);
	/* Objects are the context's: nothing of the owner's can be named here. */
	EXPECT_RC(qtee_invoke(c.fd, kept, QTEE_CALLER_GIVE_KEPT, &give, 1, &ret), -EINVAL);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_CALL_KEPT, p, 1), QTEE_BADOBJ);
	qtee_client_close(&c);
	qtee_client_close(&owner);
}

TEST(asynchronous_releases_tell_the_process)
{
	struct tee_ioctl_param p[10];
	uint32_t count = 4;
	struct tee_ioctl_param some = UBUF_IN(&count, sizeof(count));
	struct qtee_client c;
	uint64_t keeper;

	qtee_client_open(&c, serve, 1);
	keeper = qtee_service(&c, QTEE_UID_KEEPER);
	for (unsigned int i = 0; i < 10; i++)
		p[i] = (struct tee_ioctl_param)OBJECT_USER(100 + i);
	ASSERT_EQ(qtee_must_invoke(c.fd, keeper, QTEE_KEEPER_KEEP, p, 10), 0);
	ASSERT_EQ(qtee_must_invoke(c.fd, keeper, QTEE_KEEPER_RELEASE, &some, 1), 0);
	EXPECT(qtee_wait_releases(&c.server, 4));
	EXPECT_EQ(c.server.releases, 4);
	EXPECT_EQ(c.server.released, 103);
	qtee_release(c.fd, keeper);
	EXPECT(qtee_wait_releases(&c.server, 10));
	qtee_client_close(&c);
}

/**
 * struct by_call - a thread that has two objects released with a call of a third
 * @thread: it
 * @fd: file
 * @keeper: object of QTEE that has them
 * @ret: the answer
 */
struct by_call {
	pthread_t thread;
	int fd;
	uint64_t keeper;
	int32_t ret;
};

static void *release_by_call(void *arg)
{
	uint32_t count = 2, op = 0;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&count, sizeof(count)), UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE),
	};
	struct by_call *b = arg;

	b->ret = qtee_must_invoke(b->fd, b->keeper, QTEE_KEEPER_RELEASE_BY_CALL, p, 3);
	return NULL;
}

TEST(releases_that_come_with_a_request_are_taken_first)
{
	struct tee_ioctl_param keep[] = { OBJECT_USER(100), OBJECT_USER(101) };
	struct qtee_request r;
	struct qtee_client c;
	struct by_call b;

	qtee_client_open(&c, serve, 1);
	b.fd = c.fd;
	b.keeper = qtee_service(&c, QTEE_UID_KEEPER);
	ASSERT_EQ(qtee_must_invoke(c.fd, b.keeper, QTEE_KEEPER_KEEP, keep, 2), 0);
	qtee_server_stop(&c.server);
	ASSERT_EQ(pthread_create(&b.thread, NULL, release_by_call, &b), 0);
	/* Nobody may have seen the credentials' yet, which came before. */
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	} while (r.object == QTEE_CREDENTIALS);
	for (unsigned int i = 0; i < 2; i++) {
		ASSERT_EQ(r.op, QTEE_OP_RELEASE);
		EXPECT_EQ(r.object, 100 + i);
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	}
	EXPECT_EQ(r.op, 0);
	EXPECT_EQ(r.object, CALLEE);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	ASSERT_EQ(pthread_join(b.thread, NULL), 0);
	EXPECT_EQ(b.ret, 0);
	qtee_client_close(&c);
}

TEST(memory_is_mapped_for_qtee_and_comes_back)
{
	uint64_t offset = 4096, size = 3, sum = 0, octet = 0x21;
	struct qtee_client c;
	struct tee_buf buf;
	uint64_t memory;

	qtee_client_open(&c, serve, 1);
	memory = qtee_service(&c, QTEE_UID_MEMORY);
	client_alloc(c.fd, 3 * 4096, &buf);
	memset(buf.va, 0, buf.size);
	memset(buf.va + 4096, 5, 3);
	struct tee_ioctl_param p[] = {
		UBUF_IN(&offset, 8), UBUF_IN(&size, 8), UBUF_OUT(&sum, 8), OBJECT_MEM(buf.id),
	};
	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_SUM, p, 4), 0);
	EXPECT_EQ(sum, 15);
	p[2] = (struct tee_ioctl_param)UBUF_IN(&octet, 8);
	offset = 2 * 4096 + 100;
	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_FILL, p, 4), 0);
	EXPECT_EQ(buf.va[offset], 0x21);
	EXPECT_EQ(buf.va[offset + 2], 0x21);
	EXPECT_EQ(buf.va[offset + 3], 0);
	tee_free(&buf);
	qtee_client_close(&c);
}

TEST(memory_stays_as_long_as_qtee_keeps_it)
{
	struct tee_ioctl_param give = OBJECT_OUT;
	uint64_t offset = 5, size = 0;
	struct qtee_client c;
	struct tee_buf buf;
	uint8_t back[3];
	uint64_t memory;

	qtee_client_open(&c, serve, 1);
	memory = qtee_service(&c, QTEE_UID_MEMORY);
	client_alloc(c.fd, 4096, &buf);
	memcpy(buf.va + 5, "abc", 3);
	struct tee_ioctl_param keep[] = { UBUF_OUT(&size, 8), OBJECT_MEM(buf.id) };

	ASSERT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEEP, keep, 2), 0);
	EXPECT_EQ(size, 4096);
	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEPT_GIVE, &give, 1), 0);
	EXPECT_EQ(give.a, buf.id);
	EXPECT_EQ(give.b, TEE_QTEE_OBJREF_MEM);
	tee_free(&buf);
	struct tee_ioctl_param rd[] = { UBUF_IN(&offset, 8), UBUF_OUT(back, 3) };

	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEPT_READ, rd, 2), 0);
	EXPECT_EQ(memcmp(back, "abc", 3), 0);
	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEPT_DROP, NULL, 0), 0);
	qtee_client_close(&c);
}

TEST(only_memory_is_mapped_and_memory_is_not_invoked)
{
	uint64_t offset = 0, size = 1, sum;
	struct qtee_client c;
	struct tee_buf buf;
	uint64_t memory;
	uint32_t op = 0;

	qtee_client_open(&c, serve, 1);
	memory = qtee_service(&c, QTEE_UID_MEMORY);
	struct tee_ioctl_param p[] = {
		UBUF_IN(&offset, 8), UBUF_IN(&size, 8), UBUF_OUT(&sum, 8), OBJECT_USER(CALLEE),
	};
	EXPECT_NE(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_SUM, p, 4), 0);
	client_alloc(c.fd, 4096, &buf);
	struct tee_ioctl_param i[] = { UBUF_IN(&op, 4), OBJECT_MEM(buf.id) };

	EXPECT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_INVOKE, i, 2), QTEE_UNAVAIL);
	tee_free(&buf);
	qtee_client_close(&c);
}

struct many {
	const struct qtee_client *c;
	unsigned int calls;
	unsigned int failed;
};

/* There may be fewer calls at a time than threads, and QTEE says so when they last. */
static int patient(int fd, uint64_t id, uint32_t op, struct tee_ioctl_param *p, unsigned int n)
{
	int32_t ret;
	int rc;

	do {
		rc = qtee_invoke(fd, id, op, p, n, &ret);
	} while (rc == -EBUSY);
	return rc ? rc : ret;
}

static void *call_many(void *arg)
{
	struct many *m = arg;
	uint32_t uid = QTEE_UID_CALLER;
	struct tee_ioctl_param open[] = { UBUF_IN(&uid, sizeof(uid)), OBJECT_OUT };

	if (patient(m->c->fd, m->c->env, QTEE_OP_ENV_OPEN, open, 2)) {
		m->failed++;
		return NULL;
	}
	for (unsigned int i = 0; i < m->calls; i++) {
		uint32_t op = 0;
		struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };

		if (patient(m->c->fd, open[1].a, QTEE_CALLER_FORWARD, p, 2))
			m->failed++;
	}
	qtee_release(m->c->fd, open[1].a);
	return NULL;
}

TEST(sixty_four_threads_with_callbacks)
{
	enum { THREADS = 64, SERVERS = 4 };
	pthread_t threads[THREADS];
	struct many m[THREADS];
	struct qtee_client c;

	time_limit(60);
	qtee_client_open(&c, serve, SERVERS);
	for (unsigned int i = 0; i < THREADS; i++) {
		m[i] = (struct many){ .c = &c, .calls = 5 };
		ASSERT_EQ(pthread_create(&threads[i], NULL, call_many, &m[i]), 0);
	}
	for (unsigned int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		EXPECT_EQ(m[i].failed, 0);
	}
	EXPECT_EQ(c.server.refused, 0);
	qtee_client_close(&c);
}
