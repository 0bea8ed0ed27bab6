// SPDX-License-Identifier: BSD-2-Clause
/* Calls within calls: of the object that calls, of one object many times, and from many threads at once. */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "world.h"

#define CALLEE		77
/* Calls the object that it is given, which has it called again. */
#define OP_AGAIN	1
/* Asks the object that it is given how many of its calls are under way. */
#define OP_LOOK		2
#define OP_COUNT	3
#define FAILS		4711

/* Calls that QTEE has room for, as it is configured. */
#define PLACES		32
#define THREADS		64
#define DEPTH		6
/* The first thread's object; the others' follow. */
#define DIGGERS		100
#define FULL_DEPTH	4712
#define NO_ROOM		4713

/**
 * struct seen - what a callee has seen
 * @now: calls under way
 * @most: at once
 * @calls: of itself
 * @fails_at: the call that it fails
 */
struct seen {
	uint32_t now;
	uint32_t most;
	unsigned int calls;
	unsigned int fails_at;
};

static int32_t forward_self(int fd, uint64_t caller, uint32_t op)
{
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	int32_t ret;

	return qtee_invoke(fd, caller, QTEE_CALLER_SELF_FORWARD, p, 2, &ret) ? QTEE_ERROR : ret;
}

static int32_t look(int fd, uint64_t caller, struct seen *seen)
{
	struct tee_ioctl_param p[] = {
		UBUF_OUT(&seen->now, sizeof(seen->now)), UBUF_OUT(&seen->most, sizeof(seen->most)),
	};
	int32_t ret;

	return qtee_invoke(fd, caller, QTEE_CALLER_UNDER_WAY, p, 2, &ret) ? QTEE_ERROR : ret;
}

static int32_t serve(struct qtee_server *s, struct qtee_request *r)
{
	struct seen *seen = s->data;
	int32_t ret;

	if (r->op == OP_COUNT)
		return ++seen->calls == seen->fails_at ? FAILS : 0;
	if (r->num != 1 || r->params[0].b != TEE_QTEE_OBJREF_TEE)
		return QTEE_INVALID;
	if (r->op == OP_AGAIN)
		ret = forward_self(s->fd, r->params[0].a, OP_LOOK);
	else
		ret = look(s->fd, r->params[0].a, seen);
	qtee_release(s->fd, r->params[0].a);
	return ret;
}

TEST(callee_calls_the_object_that_calls_it)
{
	struct seen seen = { 0 };
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve, 2);
	c.server.data = &seen;
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_EQ(forward_self(c.fd, caller, OP_AGAIN), 0);
	EXPECT_EQ(seen.now, 2);
	EXPECT_EQ(seen.most, 2);
	EXPECT_EQ(look(c.fd, caller, &seen), 0);
	EXPECT_EQ(seen.now, 0);
	EXPECT(qtee_wait_releases(&c.server, 2));
	qtee_client_close(&c);
}

static int32_t repeat(const struct qtee_client *c, uint64_t caller, uint32_t times, uint32_t *done)
{
	uint32_t op = OP_COUNT;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), UBUF_IN(&times, sizeof(times)),
		UBUF_OUT(done, sizeof(*done)), OBJECT_USER(CALLEE),
	};

	return qtee_must_invoke(c->fd, caller, QTEE_CALLER_REPEAT, p, 4);
}

TEST(object_is_called_many_times_in_one_call)
{
	struct seen seen = { 0 };
	struct qtee_client c;
	uint32_t done = 0;
	uint64_t caller;

	qtee_client_open(&c, serve, 1);
	c.server.data = &seen;
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_EQ(repeat(&c, caller, 20, &done), 0);
	EXPECT_EQ(done, 20);
	EXPECT_EQ(seen.calls, 20);
	/* Until it fails, which is the result. */
	seen.fails_at = 23;
	EXPECT_EQ(repeat(&c, caller, 20, &done), FAILS);
	EXPECT_EQ(seen.calls, 23);
	EXPECT(qtee_wait_releases(&c.server, 2));
	EXPECT_EQ(c.server.releases, 2);
	qtee_client_close(&c);
}

/**
 * struct pit - where many threads dig
 * @c: file
 * @caller: object of QTEE that calls
 * @begin: all at once
 * @calls: of their objects
 * @refused: somebody was told that there is no room
 */
struct pit {
	struct qtee_client c;
	uint64_t caller;
	pthread_barrier_t begin;
	unsigned int calls;
	bool refused;
	struct digger {
		pthread_t thread;
		struct pit *pit;
		uint64_t object;
		unsigned int depth;
		int32_t ret;
	} diggers[THREADS];
};

static int32_t dig(struct digger *d)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(d->object) };
	int32_t ret;
	int rc;

	rc = qtee_invoke(d->pit->c.fd, d->pit->caller, QTEE_CALLER_FORWARD, p, 2, &ret);
	if (rc == -EBUSY) {
		__atomic_store_n(&d->pit->refused, true, __ATOMIC_SEQ_CST);
		return NO_ROOM;
	}
	return rc ? QTEE_ERROR : ret;
}

/* One call of each thread's at a time. Whoever is deep enough stays there until there is no room. */
static int32_t serve_digger(struct qtee_server *s, struct qtee_request *r)
{
	struct pit *pit = s->data;
	struct digger *d = &pit->diggers[r->object - DIGGERS];
	uint64_t end = clock_ms() + PATIENCE_MS;
	int32_t ret = FULL_DEPTH;

	__atomic_add_fetch(&pit->calls, 1, __ATOMIC_SEQ_CST);
	if (++d->depth < DEPTH)
		ret = dig(d);
	while (ret == FULL_DEPTH && !__atomic_load_n(&pit->refused, __ATOMIC_SEQ_CST)) {
		if (clock_ms() > end)
			ret = QTEE_TIMEOUT;
		sleep_ms(5);
	}
	d->depth--;
	return ret;
}

static void *dig_with_others(void *arg)
{
	struct digger *d = arg;

	pthread_barrier_wait(&d->pit->begin);
	d->ret = dig(d);
	return NULL;
}

static void pit_open(struct pit *pit)
{
	qtee_client_open(&pit->c, serve_digger, QTEE_SERVER_THREADS);
	pit->c.server.data = pit;
	pit->caller = qtee_service(&pit->c, QTEE_UID_CALLER);
	ASSERT_EQ(pthread_barrier_init(&pit->begin, NULL, THREADS), 0);
	for (unsigned int i = 0; i < THREADS; i++) {
		pit->diggers[i].pit = pit;
		pit->diggers[i].object = DIGGERS + i;
	}
}

TEST(sixty_four_threads_nest_until_qtee_has_no_room)
{
	static struct pit pit;

	world_need();
	time_limit(120);
	pit_open(&pit);
	world_reset_marks();
	for (unsigned int i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_create(&pit.diggers[i].thread, NULL, dig_with_others,
					 &pit.diggers[i]), 0);
	for (unsigned int i = 0; i < THREADS; i++) {
		struct digger *d = &pit.diggers[i];

		ASSERT_EQ(pthread_join(d->thread, NULL), 0);
		EXPECT_MSG(d->ret == FULL_DEPTH || d->ret == NO_ROOM, "thread %u ended with %d", i,
			   d->ret);
		EXPECT_EQ(d->depth, 0);
	}
	EXPECT(pit.refused);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS_MAX), PLACES);
	/* Alone, each gets as deep as it likes: all places are there again. */
	for (unsigned int i = 0; i < THREADS; i++)
		EXPECT_EQ(dig(&pit.diggers[i]), FULL_DEPTH);
	/* One object for each call that was begun. */
	EXPECT(qtee_wait_releases(&pit.c.server, pit.calls));
	EXPECT_EQ(pit.c.server.releases, pit.calls);
	EXPECT_EQ(pit.c.server.refused, 0);
	qtee_client_close(&pit.c);
}
