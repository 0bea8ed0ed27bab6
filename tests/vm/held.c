// SPDX-License-Identifier: BSD-2-Clause
#include "held.h"

#include <sys/wait.h>

#include "clock.h"
#include "harness.h"
#include "world.h"

#define PAUSE_MS	5

void held_release(void)
{
	struct sim_control c = { .op = SIM_OP_RELEASE };

	ASSERT_RC(world_control(&c), 0);
	ASSERT_EQ(c.status, SMCCC_SUCCESS);
}

bool held_release_all(void)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (world_counter(SIM_COUNTER_THREADS_USED)) {
		if (clock_ms() > end)
			return false;
		held_release();
		sleep_ms(PAUSE_MS);
	}
	return true;
}

int held_wait(pid_t pid)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	int status;
	pid_t ended;

	while (!(ended = waitpid(pid, &status, WNOHANG))) {
		ASSERT_MSG(clock_ms() < end, "a client that was let go does not end");
		held_release();
		sleep_ms(PAUSE_MS);
	}
	ASSERT_EQ(ended, pid);
	return status;
}
