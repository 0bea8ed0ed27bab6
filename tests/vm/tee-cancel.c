// SPDX-License-Identifier: BSD-2-Clause
/* TEE_IOC_CANCEL. */
#include <errno.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

/* Of a call that is cancelled, and of one that is not, at most: nothing takes so long. */
#define LONG_MS		60000
#define LONGEST_MS	20000

/**
 * struct running - a call in a thread of its own
 * @c: session it uses
 * @func: SLOW_CMD_*
 * @ms: how long it would take
 * @rc, @answer: result
 * @done: it has ended
 */
struct running {
	const struct client *c;
	uint32_t func;
	uint32_t ms;
	int rc;
	struct tee_answer answer;
	bool done;
};

static void *run(void *arg)
{
	struct running *r = arg;
	struct tee_ioctl_param p[2] = { VALUE_IN(r->ms, 0), NO_PARAM };

	r->rc = tee_invoke(r->c->fd, r->c->session, r->func, p, 2, &r->answer);
	__atomic_store_n(&r->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool done(const struct running *r)
{
	return __atomic_load_n(&r->done, __ATOMIC_ACQUIRE);
}

/* The application is at it when this returns, or the call has ended. */
static void start(pthread_t *thread, struct running *r)
{
	uint64_t interrupts = 0;

	r->done = false;
	if (world_present()) {
		ASSERT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
		interrupts = world_counter(SIM_COUNTER_INTERRUPTS);
	}
	ASSERT_EQ(pthread_create(thread, NULL, run, r), 0);
	if (!world_present())
		sleep_ms(50);
	else
		while (!done(r) && !world_computes(interrupts))
			sleep_ms(2);
}

TEST(running_call_that_allows_it_is_cancelled)
{
	struct running r = { .func = SLOW_CMD_CANCELLABLE, .ms = LONG_MS };
	struct client slow;
	pthread_t thread;
	uint64_t begin;

	client_open(&slow, app_slow);
	r.c = &slow;
	begin = clock_ms();
	start(&thread, &r);
	ASSERT_RC(tee_cancel(slow.fd, slow.session), 0);
	pthread_join(thread, NULL);
	ASSERT_RC(r.rc, 0);
	EXPECT_EQ(r.answer.ret, TEE_ERROR_CANCEL);
	EXPECT_EQ(r.answer.origin, TEE_ORIGIN_TRUSTED_APP);
	EXPECT_LE(clock_ms() - begin, LONG_MS / 2);
	client_close(&slow);
}

/* Once the call was long enough for a cancellation within it. */
static void ends_by_itself(struct running *r, int fd, uint32_t session, int want)
{
	bool within;

	do {
		pthread_t thread;

		start(&thread, r);
		EXPECT_RC(tee_cancel(fd, session), want);
		within = !done(r);
		pthread_join(thread, NULL);
		ASSERT_RC(r->rc, 0);
		EXPECT_EQ(r->answer.ret, TEE_SUCCESS);
		r->ms *= 2;
	} while (!within && r->ms <= LONGEST_MS);
	EXPECT(within);
}

TEST(running_call_that_does_not_look_ends_by_itself)
{
	struct running r = { .func = SLOW_CMD_SPIN, .ms = 300 };
	struct client slow;

	client_open(&slow, app_slow);
	r.c = &slow;
	ends_by_itself(&r, slow.fd, slow.session, 0);
	client_close(&slow);
}

TEST(call_that_nobody_cancels_ends_by_itself)
{
	struct running r = { .func = SLOW_CMD_CANCELLABLE, .ms = 100 };
	struct client slow;

	client_open(&slow, app_slow);
	r.c = &slow;
	run(&r);
	ASSERT_RC(r.rc, 0);
	EXPECT_EQ(r.answer.ret, TEE_SUCCESS);
	client_close(&slow);
}

TEST(other_sessions_are_not_cancelled)
{
	struct running r = { .func = SLOW_CMD_CANCELLABLE, .ms = 300 };
	struct client slow, other;

	client_open(&slow, app_slow);
	other.fd = slow.fd;
	other.session = client_session(slow.fd, app_slow);
	r.c = &slow;
	ends_by_itself(&r, other.fd, other.session, 0);
	ASSERT_RC(tee_close_session(other.fd, other.session), 0);
	client_close(&slow);
}

TEST(cancel_of_an_idle_session_succeeds)
{
	struct client slow;

	client_open(&slow, app_slow);
	EXPECT_RC(tee_cancel(slow.fd, slow.session), 0);
	client_close(&slow);
}

TEST(cancel_of_an_unknown_session_is_invalid)
{
	int fd = client_device();

	EXPECT_RC(tee_cancel(fd, 0), -EINVAL);
	EXPECT_RC(tee_cancel(fd, 0x7fffffff), -EINVAL);
}

TEST(cancel_through_another_context_is_invalid_and_harmless)
{
	struct running r = { .func = SLOW_CMD_CANCELLABLE, .ms = 300 };
	struct client slow;

	client_open(&slow, app_slow);
	r.c = &slow;
	ends_by_itself(&r, client_device(), slow.session, -EINVAL);
	client_close(&slow);
}

TEST(cancel_from_unmapped_memory_is_a_fault)
{
	EXPECT_RC(ioctl(client_device(), TEE_IOC_CANCEL, (void *)8) ? -errno : 0, -EFAULT);
}
