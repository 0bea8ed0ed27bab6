// SPDX-License-Identifier: BSD-2-Clause
#include "qtee-asker.h"

#include <unistd.h>

#include "asleep.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

/* Its release comes after all that came before it. */
#define LAST	79

static void *ask(void *arg)
{
	struct qtee_asker *a = arg;
	struct tee_ioctl_param p[6] = { UBUF_IN(&a->op, sizeof(a->op)) };
	unsigned int n = 1;

	__atomic_store_n(&a->tid, gettid(), __ATOMIC_SEQ_CST);
	if (a->in)
		p[n++] = (struct tee_ioctl_param)UBUF_IN(a->in, a->in_size);
	if (a->out)
		p[n++] = (struct tee_ioctl_param)UBUF_OUT(a->out, a->out_size);
	p[n++] = (struct tee_ioctl_param)OBJECT_USER(a->object);
	if (a->passed)
		p[n++] = (struct tee_ioctl_param)OBJECT_TEE(*a->passed);
	if (a->wants_object)
		p[n++] = (struct tee_ioctl_param)OBJECT_OUT;
	a->rc = qtee_invoke(a->fd, a->caller, QTEE_CALLER_FORWARD, p, n, &a->ret);
	if (a->out)
		a->out_size = p[a->in ? 2 : 1].b;
	return NULL;
}

static void prepare(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op)
{
	a->fd = fd;
	a->caller = caller;
	a->op = op;
	a->object = QTEE_ASKED;
}

void qtee_asker_ask(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op)
{
	prepare(a, fd, caller, op);
	ask(a);
}

void qtee_asker_start(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op)
{
	prepare(a, fd, caller, op);
	ASSERT_EQ(pthread_create(&a->thread, NULL, ask, a), 0);
}

void qtee_asker_start_queued(struct qtee_asker *a, int fd, uint64_t caller, uint32_t op)
{
	uint64_t before;

	world_need();
	before = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	qtee_asker_start(a, fd, caller, op);
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, before + 1, PATIENCE_MS));
	/* Its request has been queued when it sleeps. */
	asleep_wait(__atomic_load_n(&a->tid, __ATOMIC_SEQ_CST), 1);
}

int32_t qtee_asker_end(struct qtee_asker *a)
{
	pthread_join(a->thread, NULL);
	EXPECT_RC(a->rc, 0);
	return a->ret;
}

void qtee_callers_open(struct qtee_client *c, uint64_t *callers, unsigned int num)
{
	qtee_client_open(c, NULL, 1);
	for (unsigned int i = 0; i < num; i++)
		callers[i] = qtee_service(c, QTEE_UID_CALLER);
	qtee_server_stop(&c->server);
}

void qtee_callers_open_quiet(struct qtee_client *c, uint64_t *callers, unsigned int num)
{
	struct tee_ioctl_param keep = OBJECT_USER(LAST);
	uint64_t last;

	qtee_client_open(c, NULL, 1);
	for (unsigned int i = 0; i < num; i++)
		callers[i] = qtee_service(c, QTEE_UID_CALLER);
	last = qtee_service(c, QTEE_UID_CALLER);
	ASSERT_EQ(qtee_must_invoke(c->fd, last, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_release(c->fd, last);
	ASSERT(qtee_wait_releases(&c->server, 1));
	qtee_server_stop(&c->server);
}

void qtee_next_call(int fd, struct qtee_request *r)
{
	do {
		ASSERT_RC(qtee_recv(fd, r), 0);
	} while (r->op == QTEE_OP_RELEASE);
}
