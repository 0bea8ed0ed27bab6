// SPDX-License-Identifier: BSD-2-Clause
#include "shown.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>

#include "harness.h"

#define FILES	"/sys/kernel/debug/tee/tee[0-9]*/"

static const char *const files[] = {
	[LEAVE_CONTEXTS - SIM_COUNTER_COUNT] = FILES "contexts",
	[LEAVE_SESSIONS - SIM_COUNTER_COUNT] = FILES "sessions",
	[LEAVE_SHM - SIM_COUNTER_COUNT] = FILES "shm",
	[LEAVE_PLACES - SIM_COUNTER_COUNT] = FILES "queue",
};

static uint64_t count(unsigned int counter, FILE *f)
{
	int threads, available;
	uint64_t value = 0;
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		if (counter != LEAVE_PLACES)
			value++;
		else if (sscanf(line, "threads=%d free=%d", &threads, &available) == 2)
			value += threads - available;
	}
	return value;
}

int shown_count(unsigned int counter, uint64_t *value)
{
	uint64_t sum = 0;
	glob_t found;
	FILE *f;

	/* What is only learnt, or in doubt, says nothing of single places. */
	if (!modules_are_ours() || (counter == LEAVE_PLACES && optee_is_over_ffa()))
		return -ENOENT;
	if (glob(files[counter - SIM_COUNTER_COUNT], GLOB_NOSORT, NULL, &found))
		return -ENOENT;
	for (size_t n = 0; n < found.gl_pathc; n++) {
		f = fopen(found.gl_pathv[n], "r");
		/* It may just have gone. */
		if (!f)
			continue;
		sum += count(counter, f);
		fclose(f);
	}
	globfree(&found);
	*value = sum;
	return 0;
}
