// SPDX-License-Identifier: BSD-2-Clause
#include "asleep.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "harness.h"
#include "sysfs.h"

#define PAUSE_MS	5

static bool is_asleep(pid_t tid)
{
	char path[64], text[128] = "";
	const char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	if (sysfs_read(path, text, sizeof(text)))
		return false;
	state = strrchr(text, ')');
	return state && (state[2] == 'S' || state[2] == 'D');
}

void asleep_wait(pid_t tid, unsigned int looks)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);
	unsigned int asleep = 0;

	for (;;) {
		asleep = is_asleep(tid) ? asleep + 1 : 0;
		if (asleep >= looks)
			return;
		ASSERT_MSG(clock_ms() < end, "task %d does not sleep", tid);
		sleep_ms(PAUSE_MS);
	}
}
