// SPDX-License-Identifier: BSD-2-Clause
/* Calls of system sessions do not wait for the memory of their messages, either. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "asleep.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "held.h"
#include "kernel-client.h"
#include "look.h"
#include "world.h"

/* Contexts keep at most so many messages. */
#define IDLE_CLIENTS	64
/* So that one of those that wait is the last one to have any; more where memory is static. */
#define WAITING		(IDLE_CLIENTS + 32)
#define WAITING_STATIC	320
#define THREADS_MAX	8
#define HOLDERS		(THREADS_MAX + WAITING_STATIC)

static const uint8_t app_hog[] = APP_HOG_UUID;

/**
 * struct holder - a thread whose call stays in the secure world until held_release()
 * @thread: it
 * @tid: its, when it is about to call
 * @hog: session
 */
struct holder {
	pthread_t thread;
	atomic_int tid;
	const struct client *hog;
};

static struct holder holders[HOLDERS];
static struct client idle[IDLE_CLIENTS];

static void *hold(void *arg)
{
	struct tee_ioctl_param p = VALUE_IN(scaled(HELD_MS), 0);
	struct holder *h = arg;

	atomic_store(&h->tid, gettid());
	client_invoke(h->hog, HOG_CMD_HOLD, &p, 1);
	return NULL;
}

static void begin_hold(struct holder *h, const struct client *hog)
{
	h->hog = hog;
	ASSERT_EQ(pthread_create(&h->thread, NULL, hold, h), 0);
}

/* It has asked for its message, and waits. */
static void wait_until_it_waits(struct holder *h)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	while (!atomic_load(&h->tid)) {
		ASSERT_MSG(clock_ms() < end, "a thread does not begin");
		sleep_ms(1);
	}
	asleep_wait(atomic_load(&h->tid), 3);
}

/**
 * struct system_call - a call that must not wait
 * @fd, @session: of echo
 * @done: it has come back
 */
struct system_call {
	int fd;
	uint32_t session;
	atomic_bool done;
};

static void *system_call(void *arg)
{
	struct system_call *s = arg;

	kernel_echo(s->fd, s->session, 1);
	atomic_store(&s->done, true);
	return NULL;
}

/* Return: whether it came back while all others were held */
static bool comes_back(struct system_call *s, pthread_t *thread)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	atomic_store(&s->done, false);
	ASSERT_EQ(pthread_create(thread, NULL, system_call, s), 0);
	while (!atomic_load(&s->done) && clock_ms() < end)
		sleep_ms(1);
	return atomic_load(&s->done);
}

/* An ordinary call found no room for its message, makes more, and waits for that. */
static bool room_is_made(void)
{
	char *text = malloc(LOOK_SIZE);
	bool made;

	ASSERT(text);
	look_read("threads", text);
	made = strstr(text, "call=register ");
	free(text);
	return made;
}

/* Those that waited begin to hold when others end. */
static void let_go(unsigned int used)
{
	for (unsigned int n = 0; n < used; n++) {
		while (pthread_tryjoin_np(holders[n].thread, NULL)) {
			held_release();
			sleep_ms(5);
		}
	}
}

/*
 * How many messages there are nobody tells: with one ordinary call more at a time, there is one step at
 * which all are taken, and nobody has begun to make more.
 */
TEST(system_session_does_not_wait_for_others_to_make_room_for_messages)
{
	unsigned int n, used, waiting;
	struct system_call call;
	struct client hog;
	pthread_t thread;
	uint64_t threads;
	bool back = true, made = false, sees;

	world_need();
	close(client_device());
	if (modules_are_stock())
		SKIP("the packaged drivers have no system sessions (6.1), or let their calls wait here");
	time_limit(120);
	/* Pages with messages stay. */
	leave_behind(SIM_COUNTER_SHM_OBJECTS, HOLDERS / 8);
	leave_message_pages(HOLDERS);
	threads = world_counter(SIM_COUNTER_THREADS);
	ASSERT_LE(threads, THREADS_MAX);
	call.fd = kernel_client();
	call.session = kernel_session(call.fd, app_echo);
	ASSERT_RC(kernel_system_session(call.fd, call.session), 0);
	client_open(&hog, app_hog);
	waiting = client_can_register(hog.fd) ? WAITING : WAITING_STATIC;
	sees = modules_are_ours() && !optee_is_over_ffa() && waiting == WAITING;
	for (n = 0; n < IDLE_CLIENTS; n++) {
		client_open(&idle[n], app_echo);
		client_echo(&idle[n], n, ~n);
	}
	for (used = 0; used < threads - 1; used++)
		begin_hold(&holders[used], &hog);
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, threads - 1, PATIENCE_MS));
	for (n = 0; n < waiting && back && !made; n++) {
		begin_hold(&holders[used], &hog);
		wait_until_it_waits(&holders[used++]);
		back = comes_back(&call, &thread);
		EXPECT_MSG(back, "the call waits when %u others do", n + 1);
		if (back)
			ASSERT_EQ(pthread_join(thread, NULL), 0);
		made = back && sees && room_is_made();
	}
	EXPECT_MSG(made || !back || !sees, "there was room for all");
	EXPECT_EQ(world_counter(SIM_COUNTER_THREADS_USED), threads - 1);
	let_go(used);
	if (!back)
		ASSERT_EQ(pthread_join(thread, NULL), 0);
	for (n = 0; n < IDLE_CLIENTS; n++)
		client_close(&idle[n]);
	client_close(&hog);
	close(call.fd);
	kernel_client_unload();
}
