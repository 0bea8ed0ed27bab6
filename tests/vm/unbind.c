// SPDX-License-Identifier: BSD-2-Clause
#include "unbind.h"

#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "sysfs.h"

pid_t unbind(const char *attribute, const char *device, const char *node)
{
	pid_t pid = fork();

	if (!pid) {
		/* Not one of the users that are waited for. */
		for (int fd = 3; fd < 256; fd++)
			close(fd);
		_exit(sysfs_write(attribute, device) != 0);
	}
	ASSERT_GT(pid, 0);
	for (int i = 0; i < PATIENCE_MS / 10 && !access(node, F_OK); i++)
		sleep_ms(10);
	return pid;
}

void bound_again(const char *node)
{
	for (int i = 0; i < PATIENCE_MS / 10 && access(node, F_OK); i++)
		sleep_ms(10);
	ASSERT_EQ(chmod(node, 0666), 0);
}
