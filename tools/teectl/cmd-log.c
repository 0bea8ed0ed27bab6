// SPDX-License-Identifier: BSD-2-Clause
/* teectl log */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "secure.h"
#include "teectl.h"

#define ROUND_MS	200

static atomic_bool interrupted;

static void on_signal(int number)
{
	interrupted = 1;
}

static int print_new(struct secure *s, uint64_t *position)
{
	uint64_t lost;
	int got;

	while ((got = secure_log(s, position, &lost)) > 0) {
		/* The oldest one that is kept may have lost its beginning. */
		if (lost)
			printf("(%llu bytes before are not kept)\n", (unsigned long long)lost);
		fwrite(s->memory, 1, got, stdout);
	}
	fflush(stdout);
	return got;
}

static int log_run(const struct options *opt, int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct timespec round = { 0, ROUND_MS * 1000000L };
	struct secure s;
	uint64_t position = 0;
	int rc = secure_open(&s);

	if (rc == -EACCES || rc == -EPERM) {
		complain("run as root", "/dev/" SIM_DEVICE ": %s", strerror(-rc));
		return EXIT_SYSTEM;
	}
	if (rc) {
		complain("a real secure world prints to a serial port of its own",
			 "there is no /dev/" SIM_DEVICE ", through which the emulated secure world shows its console");
		return EXIT_SYSTEM;
	}
	interrupted = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	rc = print_new(&s, &position);
	while (rc >= 0 && opt->follow && !interrupted && !ferror(stdout)) {
		nanosleep(&round, NULL);
		rc = print_new(&s, &position);
	}
	secure_close(&s);
	if (rc < 0) {
		complain(NULL, "the secure world keeps no console: %s", strerror(-rc));
		return EXIT_SYSTEM;
	}
	return EXIT_OK;
}

const struct command cmd_log = {
	.name = "log",
	.arguments = "",
	.what = "console of the emulated secure world",
	.max_args = 0,
	.run = log_run,
};
