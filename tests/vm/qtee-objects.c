// SPDX-License-Identifier: BSD-2-Clause
/*
 * Objects of QTEE that come with a callback which comes to nothing, in each of its steps: QTEE has counted
 * a reference for each, and gets all of them back while every file is open still.
 */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "qtee-asker.h"
#include "world.h"

#define PASSED		80
/* An id that the kernel never gives: it would be that of the primordial object. */
#define NOBODY		QTEE_OBJECT_PRIMORDIAL
#define IO_MAX		3

/**
 * struct givers - who has an object of its own called, with objects of QTEE
 * @c: file
 * @caller: object of QTEE that calls
 * @echo: another one, to be passed
 * @exported: references of the kernel's, once all is opened
 */
struct givers {
	struct qtee_client c;
	uint64_t caller;
	uint64_t echo;
	uint64_t exported;
};

static void ours_only(const char *why)
{
	world_need();
	if (modules_are_stock())
		SKIP("the packaged driver %s", why);
}

static void givers_open(struct givers *g)
{
	qtee_client_open(&g->c, NULL, 1);
	g->caller = qtee_service(&g->c, QTEE_UID_CALLER);
	g->echo = qtee_service(&g->c, QTEE_UID_ECHO);
	g->exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
}

static int32_t call_with(const struct givers *g, const struct tee_ioctl_param *objects,
			 unsigned int num)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[2 + IO_MAX] = {
		UBUF_IN(&op, sizeof(op)), OBJECT_USER(QTEE_ASKED),
	};

	for (unsigned int i = 0; i < num; i++)
		p[2 + i] = objects[i];
	return qtee_must_invoke(g->c.fd, g->caller, QTEE_CALLER_FORWARD, p, 2 + num);
}

/* And nobody was asked. */
static void all_are_given_back(const struct givers *g)
{
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, g->exported, PATIENCE_MS));
	EXPECT_EQ(qtee_must_invoke(g->c.fd, g->echo, QTEE_ECHO_NOP, NULL, 0), 0);
}

/* Before the object that means nothing, and behind it. */
TEST(objects_beside_one_that_means_nothing_are_given_back)
{
	unsigned int served;
	struct givers g;

	ours_only("keeps them for ever");
	givers_open(&g);
	served = g.c.server.requests;
	for (unsigned int i = 0; i < IO_MAX; i++) {
		struct tee_ioctl_param objects[IO_MAX];

		for (unsigned int j = 0; j < IO_MAX; j++)
			objects[j] = (struct tee_ioctl_param)OBJECT_TEE(g.echo);
		objects[i] = (struct tee_ioctl_param)OBJECT_NULL;
		world_fault(SIM_FAULT_QTEE_CB_IO, 1, (uint64_t)i << 32 | NOBODY);
		EXPECT_EQ(call_with(&g, objects, IO_MAX), QTEE_UNAVAIL);
	}
	all_are_given_back(&g);
	EXPECT_EQ(g.c.server.requests, served);
	qtee_client_close(&g.c);
}

/* Its receiver has got names for the first when it turns out that the next one is not for it. */
TEST(objects_before_one_that_cannot_be_given_are_given_back)
{
	struct qtee_client other;
	unsigned int served;
	struct givers g;
	uint32_t theirs;

	ours_only("keeps them until the file is closed");
	qtee_client_open(&other, NULL, 1);
	theirs = qtee_keep(&other, qtee_service(&other, QTEE_UID_CALLER), QTEE_ASKED);
	givers_open(&g);
	const struct tee_ioctl_param objects[] = {
		OBJECT_TEE(g.echo), OBJECT_TEE(g.echo), OBJECT_USER(PASSED),
	};
	served = other.server.requests;
	world_fault(SIM_FAULT_QTEE_CB_CXT, 1, theirs);
	EXPECT_EQ(call_with(&g, objects, 3), QTEE_UNAVAIL);
	all_are_given_back(&g);
	EXPECT_EQ(other.server.requests, served);
	/* Of the process that called: the callee that was not called, and what was not given. */
	EXPECT(qtee_wait_releases(&g.c.server, 2));
	qtee_client_close(&g.c);
	qtee_client_close(&other);
}

/* Receives into parameters that can be read, but not written. */
static int recv_read_only(int fd)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[2];
	} *call = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)call, .buf_len = sizeof(*call) };
	int rc;

	ASSERT(call != MAP_FAILED);
	call->arg.num_params = 2;
	call->params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META;
	mprotect(call, 4096, PROT_READ);
	rc = ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0;
	munmap(call, 4096);
	return rc;
}

TEST(object_whose_number_cannot_be_written_gets_it_when_it_can)
{
	struct qtee_asker a = { 0 };
	uint64_t callers[2], exported, echo, first;
	struct qtee_request r;
	struct qtee_client c;

	ours_only("loses such a request");
	qtee_callers_open_quiet(&c, callers, 2);
	a.passed = &callers[1];
	exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	/* The lowest number that is free, and the next one to be given. */
	ASSERT_EQ(qtee_open_uid(c.fd, c.env, QTEE_UID_ECHO, &first), 0);
	qtee_release(c.fd, first);
	ASSERT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported, PATIENCE_MS));
	qtee_asker_start_queued(&a, c.fd, callers[0], 1);
	for (unsigned int i = 0; i < 3; i++)
		EXPECT_RC(recv_read_only(c.fd), -EFAULT);
	/* It stays the request's. */
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_EXPORTED), exported + 1);
	qtee_next_call(c.fd, &r);
	ASSERT_EQ(r.num, 1);
	echo = r.params[0].a;
	EXPECT_EQ(r.params[0].b, TEE_QTEE_OBJREF_TEE);
	EXPECT_EQ(echo, first);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(qtee_asker_end(&a), 0);
	qtee_release(c.fd, echo);
	EXPECT(world_wait(SIM_COUNTER_QTEE_EXPORTED, exported, PATIENCE_MS));
	qtee_client_close(&c);
}
