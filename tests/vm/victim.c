// SPDX-License-Identifier: BSD-2-Clause
#include "victim.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"

struct shared *share(void)
{
	return mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
}

bool wait_for(const unsigned int *what, unsigned int least)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (__atomic_load_n(what, __ATOMIC_SEQ_CST) < least) {
		if (clock_ms() > end)
			return false;
		sleep_ms(1);
	}
	return true;
}

void kill_and_wait(pid_t pid)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, WNOHANG) != pid) {
		ASSERT_MSG(clock_ms() < end, "a killed process does not end");
		sleep_ms(1);
	}
	EXPECT(WIFSIGNALED(status));
}

void qtee_still_works(void)
{
	struct qtee_client c;

	qtee_client_open(&c, NULL, 1);
	EXPECT_EQ(qtee_must_invoke(c.fd, qtee_service(&c, QTEE_UID_ECHO), QTEE_ECHO_NOP, NULL, 0),
		  0);
	qtee_client_close(&c);
}
