// SPDX-License-Identifier: BSD-2-Clause
#include "asker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "world.h"

const struct tee_ioctl_param room_async[ROOM] = { { .attr = META } };
const struct tee_ioctl_param room_sync[ROOM];

/**
 * struct asker - what a client leaves for the case
 * @done: the rest is there
 * @rc: of the call
 * @answer: of the secure world
 */
struct asker {
	bool done;
	int rc;
	struct tee_answer answer;
};

static struct asker *askers;

int asked_begin(void)
{
	int fd;

	world_need();
	if (!askers) {
		askers = mmap(NULL, ASKERS * sizeof(*askers), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		ASSERT(askers != MAP_FAILED);
	}
	fd = open(SUPPLICANT_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == EBUSY))
		SKIP("the node is missing or taken");
	ASSERT_GE(fd, 0);
	return fd;
}

void asked_next(int fd, struct supp_request *r, uint32_t func)
{
	ASSERT_RC(supp_recv(fd, r), 0);
	ASSERT_EQ(r->params[0].attr, META_ID);
	ASSERT_EQ(r->func, func);
}

static void on_alarm(int sig)
{
}

int asked_within(int fd, struct supp_request *r, unsigned int ms)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerspec at = { .it_value.tv_nsec = ms * 1000000L,
				 .it_interval.tv_nsec = 100000000L };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	timer_t timer;
	int rc;

	sigaction(SIGALRM, &sa, NULL);
	ASSERT_EQ(timer_create(CLOCK_MONOTONIC, &ev, &timer), 0);
	timer_settime(timer, 0, &at, NULL);
	rc = supp_recv(fd, r);
	timer_delete(timer);
	return rc;
}

pid_t asker_start(int supp, unsigned int n)
{
	struct tee_open o = { .uuid = APP_LOADABLE_UUID(n) };
	pid_t pid = fork();
	int fd;

	ASSERT_GE(pid, 0);
	if (pid)
		return pid;
	if (supp >= 0)
		close(supp);
	fd = open(TEE_DEVICE, O_RDWR);
	askers[n].rc = tee_open_session(fd, &o, NULL, 0, &askers[n].answer);
	__atomic_store_n(&askers[n].done, true, __ATOMIC_RELEASE);
	_exit(0);
}

bool asker_is_done(unsigned int n)
{
	return __atomic_load_n(&askers[n].done, __ATOMIC_ACQUIRE);
}

uint32_t asker_result(unsigned int n)
{
	return askers[n].answer.ret;
}

void asker_got(pid_t pid, unsigned int n, uint32_t ret)
{
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT(asker_is_done(n));
	EXPECT_RC(askers[n].rc, 0);
	EXPECT_EQ(askers[n].answer.ret, ret);
}

void asker_kill(pid_t pid)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	pid_t gone;

	ASSERT_EQ(kill(pid, SIGKILL), 0);
	while (!(gone = waitpid(pid, NULL, WNOHANG))) {
		ASSERT_MSG(clock_ms() < end, "a killed process does not end");
		sleep_ms(2);
	}
	ASSERT_EQ(gone, pid);
}
