// SPDX-License-Identifier: BSD-2-Clause
#include "meminfo.h"

#include <stdio.h>

#include "harness.h"

unsigned long memory_free_kib(void)
{
	unsigned long kib = 0, value;
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];

	ASSERT(f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "MemFree: %lu", &value) == 1)
			kib = value;
	fclose(f);
	return kib;
}
