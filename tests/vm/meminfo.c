// SPDX-License-Identifier: BSD-2-Clause
#include "meminfo.h"

#include <stdio.h>

#include "harness.h"

/* The sum of all numbers in lines of this kind. */
static unsigned long numbers(const char *path, const char *format)
{
	unsigned long sum = 0, value;
	FILE *f = fopen(path, "r");
	char line[256];

	ASSERT(f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, format, &value) == 1)
			sum += value;
	fclose(f);
	return sum;
}

unsigned long memory_free_kib(void)
{
	return numbers("/proc/meminfo", "MemFree: %lu");
}

unsigned long memory_available_kib(void)
{
	/* What each CPU has at hand comes and goes by megabytes. */
	return numbers("/proc/meminfo", "MemAvailable: %lu") +
	       4 * numbers("/proc/zoneinfo", " count: %lu");
}
