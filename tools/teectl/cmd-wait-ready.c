// SPDX-License-Identifier: BSD-2-Clause
/* teectl wait-ready [DEVICE] */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "device-watch.h"
#include "print.h"

/*
 * The news that a node was opened come before the process has its descriptor, and none when it gets
 * it; nor when one process passes it to another.
 */
#define LOOK_AGAIN_MS	1000

/**
 * struct wait - what is waited for, and how far it is
 * @supplicant: wait for a supplicant, too
 * @named: the device that was named, empty: any
 * @is: what there is
 * @denied: the device exists, but may not be opened
 * @blind: not every process could be looked at for a supplicant
 */
struct wait {
	bool supplicant;
	char named[DEVICE_NAME_MAX];
	struct readiness is;
	bool denied;
	bool blind;
};

static bool is_privileged(const char *name)
{
	return !strncmp(name, "teepriv", 7);
}

/* Is @name one of the devices that were asked for? */
static bool is_wanted(const struct wait *w, const char *name)
{
	if (w->named[0])
		return !strcmp(name, w->named);
	return !is_privileged(name);
}

/* Of a device by name it is the supplicant of the same number. */
static bool is_wanted_supplicant(const struct wait *w, const char *name)
{
	if (!is_privileged(name))
		return false;
	if (!w->named[0])
		return true;
	return !strcmp(name + 7, w->named + (is_privileged(w->named) ? 7 : 3));
}

static int look(struct wait *w)
{
	char names[DEVICE_MAX][DEVICE_NAME_MAX];
	int count = device_names(names);

	if (count < 0)
		return count;
	w->is = (struct readiness){ 0 };
	w->denied = false;
	w->blind = false;
	for (int i = 0; i < count; i++) {
		if (is_wanted(w, names[i]) && !w->is.device[0]) {
			/* A supplicant's node is there when it is there: it is not for us. */
			if (is_privileged(names[i]) || !device_usable(names[i]))
				memcpy(w->is.device, names[i], DEVICE_NAME_MAX);
			else
				w->denied = true;
		}
		if (w->supplicant && is_wanted_supplicant(w, names[i]) && !w->is.supplicant[0]) {
			int held = device_held(names[i]);

			if (held > 0)
				memcpy(w->is.supplicant, names[i], DEVICE_NAME_MAX);
			else if (held == -EACCES)
				w->blind = true;
		}
	}
	w->is.ready = w->is.device[0] && (!w->supplicant || w->is.supplicant[0]);
	return 0;
}

/* In ms, or -1: for ever. */
static int time_left(const struct options *opt, int64_t start)
{
	int64_t left;

	if (opt->timeout_s < 0)
		return -1;
	left = opt->timeout_s * 1000LL - (watch_now_ms() - start);
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* Return: 0 when it is time to look again, 1 when all the time is over, or a negative errno */
static int wait_for_news(const struct options *opt, int64_t start, int fd)
{
	int left = time_left(opt, start);
	bool again = opt->supplicant && (left < 0 || left > LOOK_AGAIN_MS);
	int rc = watch_wait(fd, again ? LOOK_AGAIN_MS : left);

	return rc < 0 ? rc : !rc && !again;
}

static void complain_late(const struct options *opt, const struct wait *w)
{
	const char *name = w->named[0] ? w->named : "tee*";
	int number = 0;

	if (w->is.device[0]) {
		if (w->named[0])
			sscanf(w->named, "%*[a-z]%d", &number);
		complain("start tee-supplicant", "no supplicant has /dev/teepriv%d after %d s",
			 number, opt->timeout_s);
	} else if (w->denied) {
		complain("run as root or join the group of the node",
			 "/dev/%s: %s, after %d s", name, strerror(EACCES), opt->timeout_s);
	} else {
		complain("load a driver (modprobe optee) or see the kernel log",
			 "no /dev/%s after %d s", name, opt->timeout_s);
	}
}

static int wait_ready(const struct options *opt, int argc, char **argv)
{
	struct wait w = { .supplicant = opt->supplicant };
	int64_t start;
	int fd, rc;

	if (argc && !device_name(argv[0], w.named)) {
		complain("name it as /dev/tee0, tee0 or 0", "'%s' is no TEE device", argv[0]);
		return EXIT_USAGE;
	}
	start = watch_now_ms();
	/* Watching begins before looking, so that nothing happens in between. */
	fd = watch_begin(opt->supplicant);
	if (fd < 0) {
		complain(NULL, "/dev: inotify: %s", strerror(-fd));
		return EXIT_SYSTEM;
	}
	for (;;) {
		rc = look(&w);
		if (rc < 0 || w.is.ready)
			break;
		if (w.blind) {
			rc = -EACCES;
			break;
		}
		rc = wait_for_news(opt, start, fd);
		if (rc)
			break;
	}
	device_close(fd);
	if (rc < 0) {
		complain(w.blind ? "run as root" : NULL, "%s: %s",
			 w.blind ? "looking for a supplicant among all processes" : "/dev",
			 strerror(-rc));
		return EXIT_SYSTEM;
	}
	printer(opt)->readiness(stdout, &w.is);
	if (w.is.ready)
		return EXIT_OK;
	complain_late(opt, &w);
	return EXIT_LATE;
}

const struct command cmd_wait_ready = {
	.name = "wait-ready",
	.arguments = "[DEVICE]",
	.what = "until the device is there (and a supplicant serves it)",
	.max_args = 1,
	.run = wait_ready,
};
