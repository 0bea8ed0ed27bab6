// SPDX-License-Identifier: BSD-2-Clause
/* What a process does with its memory, descriptors and children while a call of it runs. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "supplicant.h"
#include "world.h"

/* The application is at it for a while; then the call waits for a supplicant. */
#define SIZE		(2UL << 20)
#define PASSES		3
/* Nobody knows it, so it is the supplicant's. */
#define COMMAND		1000

/**
 * struct work - a call that adds PASSES to each byte of a buffer
 * @params: client
 * @id: of the buffer
 * @rpcs: requests of the secure world before the call
 * @thread: that makes the call
 * @rc, @answer: result
 * @done: it has ended
 */
struct work {
	struct client params;
	int id;
	uint64_t rpcs;
	pthread_t thread;
	int rc;
	struct tee_answer answer;
	bool done;
};

static void *work_thread(void *arg)
{
	struct work *w = arg;
	struct tee_ioctl_param p[PASSES];

	for (int i = 0; i < PASSES; i++)
		p[i] = (struct tee_ioctl_param)MEMREF(INOUT, w->id, 0, SIZE);
	w->rc = tee_invoke(w->params.fd, w->params.session, PARAMS_CMD_TRANSFORM, p, PASSES,
			   &w->answer);
	__atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool done(const struct work *w)
{
	return __atomic_load_n(&w->done, __ATOMIC_ACQUIRE);
}

/*
 * The application is at it when this returns, and the call does not end, with all that it holds,
 * before end() does what it waits for.
 */
static void begin(struct work *w, const struct tee_buf *buf)
{
	const uint8_t *first = buf->va;
	uint8_t before = *first;

	/* What came before may be about to end. */
	ASSERT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	w->id = buf->id;
	w->done = false;
	w->rpcs = world_counter(SIM_COUNTER_RPC_COMMANDS);
	world_fault(SIM_FAULT_RPC_INJECT, 1, 1ULL << 32 | COMMAND);
	ASSERT_EQ(pthread_create(&w->thread, NULL, work_thread, w), 0);
	while (!done(w) && __atomic_load_n(first, __ATOMIC_RELAXED) == before)
		sleep_ms(1);
}

/* The call waits, and will not have another one wait in its place. */
static void is_held(const struct work *w)
{
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, w->rpcs + 1, PATIENCE_MS));
}

static void end(struct work *w)
{
	struct fake *fake;

	/* Before there is a supplicant: the kernel has calls of its own when one comes. */
	is_held(w);
	ASSERT_MSG(!done(w), "the call ended before anything could happen");
	fake = fake_start(NULL);
	ASSERT_EQ(pthread_join(w->thread, NULL), 0);
	EXPECT_RC(w->rc, 0);
	EXPECT_EQ(w->answer.ret, TEE_SUCCESS);
	EXPECT_EQ(fake->func, COMMAND);
	supp_settle();
	fake_stop(fake);
}

static uint8_t *pages(void *at)
{
	uint8_t *va = mmap(at, SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);

	ASSERT(va != MAP_FAILED);
	return va;
}

static void all_bytes_are(const uint8_t *va, uint8_t value)
{
	size_t wrong = 0;

	for (size_t i = 0; i < SIZE; i++)
		wrong += va[i] != value;
	EXPECT_MSG(!wrong, "%zu bytes of %lu are not %u", wrong, SIZE, value);
}

TEST(registered_memory_is_unmapped_in_mid_call)
{
	struct tee_buf buf;
	struct work w;
	uint8_t *va;

	world_need();
	client_open(&w.params, app_params);
	va = pages(NULL);
	client_register(w.params.fd, va, SIZE, &buf);
	begin(&w, &buf);
	munmap(va, SIZE);
	/* Whatever is there now, the call has nothing to do with it. */
	pages(va);
	memset(va, 0x10, SIZE);
	end(&w);
	all_bytes_are(va, 0x10);
	tee_free(&buf);
	client_close(&w.params);
}

TEST(registered_memory_is_given_up_in_mid_call)
{
	uint64_t objects, now;
	struct tee_buf buf;
	struct work w;
	uint8_t *va;

	world_need();
	client_open(&w.params, app_params);
	va = pages(NULL);
	memset(va, 1, SIZE);
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	client_register(w.params.fd, va, SIZE, &buf);
	begin(&w, &buf);
	close(buf.fd);
	now = world_counter(SIM_COUNTER_SHM_OBJECTS);
	EXPECT_EQ(now, objects + 1);
	end(&w);
	all_bytes_are(va, 1 + PASSES);
	/* With the call goes the last reference; what the kernel asked for the supplicant goes, too. */
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
	client_close(&w.params);
}

TEST(allocated_memory_is_given_up_and_unmapped_in_mid_call)
{
	uint64_t objects, now;
	struct tee_buf buf;
	struct work w;

	world_need();
	client_open(&w.params, app_params);
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	client_alloc(w.params.fd, SIZE, &buf);
	begin(&w, &buf);
	tee_free(&buf);
	now = world_counter(SIM_COUNTER_SHM_OBJECTS);
	EXPECT_EQ(now, objects + 1);
	end(&w);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
	client_close(&w.params);
}

TEST(registered_memory_is_dropped_and_protected_in_mid_call)
{
	struct tee_buf buf;
	struct work w;
	uint8_t *va;

	world_need();
	client_open(&w.params, app_params);
	va = pages(NULL);
	client_register(w.params.fd, va, SIZE, &buf);
	begin(&w, &buf);
	ASSERT_EQ(madvise(va, SIZE / 2, MADV_DONTNEED), 0);
	ASSERT_EQ(mprotect(va + SIZE / 2, SIZE / 2, PROT_READ), 0);
	end(&w);
	/* Fresh pages in the first half; the call's own in the second. */
	EXPECT_EQ(va[0], 0);
	EXPECT_EQ(va[SIZE - 1], PASSES);
	tee_free(&buf);
	client_close(&w.params);
}

TEST(context_is_closed_in_mid_call)
{
	uint64_t sessions;
	struct tee_buf buf;
	struct work w;

	world_need();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	client_open(&w.params, app_params);
	client_alloc(w.params.fd, SIZE, &buf);
	begin(&w, &buf);
	close(w.params.fd);
	end(&w);
	all_bytes_are(buf.va, PASSES);
	tee_free(&buf);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
}

TEST(session_is_closed_in_mid_call)
{
	struct tee_answer answer;
	uint64_t sessions;
	struct tee_buf buf;
	struct work w;

	world_need();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	client_open(&w.params, app_params);
	client_alloc(w.params.fd, SIZE, &buf);
	begin(&w, &buf);
	EXPECT_RC(tee_close_session(w.params.fd, w.params.session), 0);
	EXPECT_RC(tee_invoke(w.params.fd, w.params.session, PARAMS_CMD_TRANSFORM, NULL, 0, &answer),
		  -EINVAL);
	end(&w);
	all_bytes_are(buf.va, PASSES);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
	tee_free(&buf);
	close(w.params.fd);
}

typedef void (*child_fn)(struct work *w, uint8_t *va);

/* A child that is forked while the call runs on registered memory, and what it does. */
static void fork_in_mid_call(child_fn child)
{
	struct tee_buf buf;
	struct work w;
	uint8_t *va;
	int status;
	pid_t pid;

	world_need();
	client_open(&w.params, app_params);
	va = pages(NULL);
	memset(va, 1, SIZE);
	client_register(w.params.fd, va, SIZE, &buf);
	begin(&w, &buf);
	pid = fork();
	if (!pid) {
		child(&w, va);
		_exit(0);
	}
	ASSERT_GT(pid, 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	end(&w);
	/* The pages that the secure world wrote to have stayed the parent's. */
	all_bytes_are(va, 1 + PASSES);
	{
		struct tee_ioctl_param p = MEMREF(INOUT, buf.id, SIZE - 1, 1);

		client_invoke(&w.params, PARAMS_CMD_TRANSFORM, &p, 1);
		EXPECT_EQ(va[SIZE - 1], 2 + PASSES);
	}
	tee_free(&buf);
	client_close(&w.params);
}

static void child_exits(struct work *w, uint8_t *va)
{
}

TEST(child_of_a_caller_exits)
{
	fork_in_mid_call(child_exits);
}

static void child_writes(struct work *w, uint8_t *va)
{
	memset(va, 0xc0, SIZE);
}

TEST(child_of_a_caller_writes_to_its_copy)
{
	fork_in_mid_call(child_writes);
}

static void child_closes(struct work *w, uint8_t *va)
{
	munmap(va, SIZE);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
}

TEST(child_of_a_caller_closes_everything)
{
	fork_in_mid_call(child_closes);
}

static void child_execs(struct work *w, uint8_t *va)
{
	execl("/bin/sh", "sh", "-c", ":", NULL);
	_exit(1);
}

TEST(child_of_a_caller_becomes_another_program)
{
	fork_in_mid_call(child_execs);
}

static void child_calls(struct work *w, uint8_t *va)
{
	struct tee_ioctl_param p = VALUE_INOUT(1, 2);
	struct tee_answer answer;

	is_held(w);
	if (tee_invoke(w->params.fd, w->params.session, PARAMS_CMD_TRANSFORM, &p, 1, &answer) ||
	    answer.ret || p.a != (uint32_t)~1)
		_exit(1);
}

TEST(child_of_a_caller_calls_in_the_same_session)
{
	fork_in_mid_call(child_calls);
}

/* The parent is killed, the child goes on with what it inherited. */
TEST(child_survives_its_parents_killed_call)
{
	uint64_t sessions;
	int ready[2];
	pid_t pid;
	char c;

	world_need();
	close(client_device());
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	ASSERT_EQ(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		struct tee_buf buf;
		struct work w;

		client_open(&w.params, app_params);
		client_alloc(w.params.fd, SIZE, &buf);
		begin(&w, &buf);
		if (fork())
			pause();
		ASSERT_EQ(write(ready[1], "f", 1), 1);
		for (int i = 0; i < 50; i++) {
			child_calls(&w, buf.va);
			sleep_ms(5);
		}
		ASSERT_EQ(write(ready[1], "e", 1), 1);
		_exit(0);
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	close(ready[1]);
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	EXPECT_EQ(c, 'e');
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
}
