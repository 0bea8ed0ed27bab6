// SPDX-License-Identifier: BSD-2-Clause
#include "pinned.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* What each CPU has counted on its own becomes part of the sum. */
static void refresh(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY);
	char c;

	if (fd < 0)
		return;
	if (read(fd, &c, 1) < 0)
		perror("/proc/sys/vm/stat_refresh");
	close(fd);
}

int pinned_pages(uint64_t *value)
{
	unsigned long long acquired = 0, released = 0, number;
	char line[128];
	FILE *f;

	refresh();
	f = fopen("/proc/vmstat", "r");
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "nr_foll_pin_acquired %llu", &number) == 1)
			acquired = number;
		else if (sscanf(line, "nr_foll_pin_released %llu", &number) == 1)
			released = number;
	}
	fclose(f);
	*value = acquired - released;
	return 0;
}
