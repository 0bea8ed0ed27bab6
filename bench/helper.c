// SPDX-License-Identifier: BSD-2-Clause
#include "helper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tee.h"

static pid_t helper;
static int ready[2];

void helper_start(void (*run)(void))
{
	char c;

	if (pipe(ready))
		die("pipe: %s", strerror(errno));
	helper = fork();
	if (helper < 0)
		die("fork: %s", strerror(errno));
	if (!helper) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run();
		_exit(1);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		die("the helper did not begin");
	close(ready[0]);
}

void helper_tell_ready(void)
{
	if (write(ready[1], "", 1) != 1)
		_exit(1);
	/* Nobody reads on. */
	close(ready[1]);
}

void helper_wait(void)
{
	waitpid(helper, NULL, 0);
}

void helper_stop(void)
{
	kill(helper, SIGKILL);
	helper_wait();
}
