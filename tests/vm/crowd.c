// SPDX-License-Identifier: BSD-2-Clause
#include "crowd.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"

static void member(struct crowd *crowd, unsigned int n, const uint8_t *app, crowd_body body,
		   bool repeat)
{
	struct client c;

	crowd->result[n] = UINT32_MAX;
	client_open(&c, app);
	__atomic_add_fetch(&crowd->ready, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&crowd->go, __ATOMIC_ACQUIRE))
		sleep_ms(2);
	do {
		crowd->result[n] = body(&c, n);
		__atomic_add_fetch(&crowd->calls[n], 1, __ATOMIC_RELEASE);
	} while (repeat && !crowd->result[n] && !__atomic_load_n(&crowd->stop, __ATOMIC_ACQUIRE));
	client_close(&c);
	harness_end();
}

struct crowd *crowd_start(unsigned int count, const uint8_t *app, crowd_body body, bool repeat)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);
	struct crowd *crowd;

	ASSERT_LE(count, CROWD_MAX);
	crowd = mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	ASSERT(crowd != MAP_FAILED);
	crowd->count = count;
	for (unsigned int n = 0; n < count; n++) {
		pid_t pid = fork();

		ASSERT_GE(pid, 0);
		if (!pid)
			member(crowd, n, app, body, repeat);
		crowd->pid[n] = pid;
	}
	while (__atomic_load_n(&crowd->ready, __ATOMIC_ACQUIRE) < count) {
		ASSERT_MSG(clock_ms() < end, "the clients do not start");
		sleep_ms(2);
	}
	return crowd;
}

void crowd_go(struct crowd *crowd)
{
	__atomic_store_n(&crowd->go, true, __ATOMIC_RELEASE);
}

unsigned int crowd_calls(const struct crowd *crowd)
{
	unsigned int calls = 0;

	for (unsigned int n = 0; n < crowd->count; n++)
		calls += __atomic_load_n(&crowd->calls[n], __ATOMIC_ACQUIRE);
	return calls;
}

void crowd_wait_calls(const struct crowd *crowd, unsigned int calls)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	while (crowd_calls(crowd) < calls) {
		ASSERT_MSG(clock_ms() < end, "%u calls have ended, want %u", crowd_calls(crowd),
			   calls);
		sleep_ms(2);
	}
}

static int end_of(pid_t pid, uint64_t end)
{
	int status;
	pid_t ended;

	while (!(ended = waitpid(pid, &status, WNOHANG))) {
		ASSERT_MSG(clock_ms() < end, "a client does not end");
		sleep_ms(2);
	}
	ASSERT_EQ(ended, pid);
	return status;
}

void crowd_end(struct crowd *crowd, uint32_t result)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	__atomic_store_n(&crowd->stop, true, __ATOMIC_RELEASE);
	for (unsigned int n = 0; n < crowd->count; n++) {
		EXPECT_EQ(end_of(crowd->pid[n], end), 0);
		EXPECT_MSG(crowd->result[n] == result, "client %u got %x, want %x", n,
			   crowd->result[n], result);
	}
	munmap(crowd, sizeof(*crowd));
}

void crowd_wait_gone(struct crowd *crowd)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	for (unsigned int n = 0; n < crowd->count; n++)
		EXPECT_EQ(end_of(crowd->pid[n], end), 0);
	munmap(crowd, sizeof(*crowd));
}

void crowd_kill(struct crowd *crowd)
{
	for (unsigned int n = 0; n < crowd->count; n++)
		kill(crowd->pid[n], SIGKILL);
	for (unsigned int n = 0; n < crowd->count; n++)
		ASSERT_EQ(waitpid(crowd->pid[n], NULL, 0), crowd->pid[n]);
	munmap(crowd, sizeof(*crowd));
}
