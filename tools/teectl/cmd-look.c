// SPDX-License-Identifier: BSD-2-Clause
/* teectl threads, sessions, shm, stats: what the drivers show in debugfs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "look.h"
#include "print.h"

static int complain_look(const char *device, const char *file, int rc)
{
	if (rc == -ENOENT)
		complain("omnitee's drivers do; is debugfs mounted (mount -t debugfs none /sys/kernel/debug)?",
			 "%s: its driver shows no %s in debugfs", device, file);
	else
		complain(rc == -EACCES || rc == -EPERM ? "run as root" : NULL, "%s: %s: %s",
			 device, file, strerror(-rc));
	return EXIT_SYSTEM;
}

/* All files that a view is made of. */
static int read_view(const char *device, const char * const *files, size_t count,
		     struct view *view)
{
	memset(view, 0, sizeof(*view));
	view->device = device;
	for (size_t i = 0; i < count; i++) {
		int rc = look_read(device, files[i], &view->text[i]);

		if (rc)
			return complain_look(device, files[i], rc);
	}
	return EXIT_OK;
}

static void free_view(struct view *view)
{
	for (size_t i = 0; i < VIEW_FILES; i++)
		free(view->text[i]);
}

/**
 * show_views() - print a view of each device, or of the one that was named
 * @argc, @argv: words of the command
 * @supplicants: their nodes, too
 * @files: what it is made of
 * @count: how many
 * @views: how
 */
static int show_views(int argc, char **argv, bool supplicants, const char * const *files,
		      size_t count, const struct views *views)
{
	char names[DEVICE_MAX][DEVICE_NAME_MAX], one[DEVICE_NAME_MAX];
	struct view view[DEVICE_MAX];
	int found = device_names(names), shown = 0, status = EXIT_OK;

	if (found < 0) {
		complain("is /dev mounted?", "/dev: %s", strerror(-found));
		return EXIT_SYSTEM;
	}
	if (argc && !device_name(argv[0], one)) {
		complain("name it as /dev/tee0, tee0 or 0", "'%s' is no TEE device", argv[0]);
		return EXIT_USAGE;
	}
	for (int i = 0; i < found && status == EXIT_OK; i++) {
		bool wanted = argc ? !strcmp(names[i], one) :
				     supplicants || strncmp(names[i], "teepriv", 7);

		if (wanted)
			status = read_view(names[i], files, count, &view[shown++]);
	}
	if (!shown) {
		complain("'teectl list' shows what is there", argc ? "there is no %s" :
			 "no TEE device in /dev", one);
		return EXIT_NO_DEVICE;
	}
	if (status == EXIT_OK)
		views->show(stdout, view, shown);
	for (int i = 0; i < shown; i++)
		free_view(&view[i]);
	return status;
}

static int threads(const struct options *opt, int argc, char **argv)
{
	static const char * const files[] = { "threads", "sessions", "queue", "supplicant" };

	return show_views(argc, argv, false, files, ARRAY_SIZE(files), printer(opt)->threads);
}

static int sessions(const struct options *opt, int argc, char **argv)
{
	static const char * const files[] = { "sessions" };

	return show_views(argc, argv, false, files, ARRAY_SIZE(files), printer(opt)->sessions);
}

static int shm(const struct options *opt, int argc, char **argv)
{
	static const char * const files[] = { "contexts", "shm" };

	return show_views(argc, argv, true, files, ARRAY_SIZE(files), printer(opt)->shm);
}

static int turn_latency(const struct options *opt, int argc, char **argv)
{
	char names[DEVICE_MAX][DEVICE_NAME_MAX], one[DEVICE_NAME_MAX];
	int found = device_names(names);

	if (argc && !device_name(argv[0], one))
		return EXIT_OK;
	for (int i = 0; i < found; i++) {
		int rc;

		if (argc ? strcmp(names[i], one) : !strncmp(names[i], "teepriv", 7))
			continue;
		rc = look_write(names[i], "latency", opt->latency > 0 ? "1" : "0");
		if (rc)
			return complain_look(names[i], "latency", rc);
	}
	return EXIT_OK;
}

static int stats(const struct options *opt, int argc, char **argv)
{
	static const char * const files[] = { "stats", "latency" };
	int status = opt->latency ? turn_latency(opt, argc, argv) : EXIT_OK;

	if (status)
		return status;
	return show_views(argc, argv, false, files, ARRAY_SIZE(files), printer(opt)->stats);
}

const struct command cmd_threads = {
	.name = "threads",
	.arguments = "[DEVICE]",
	.what = "who holds or waits for a secure thread, and why",
	.max_args = 1,
	.run = threads,
};

const struct command cmd_sessions = {
	.name = "sessions",
	.arguments = "[DEVICE]",
	.what = "open sessions with application and owner",
	.max_args = 1,
	.run = sessions,
};

const struct command cmd_shm = {
	.name = "shm",
	.arguments = "[DEVICE]",
	.what = "shared memory, by context and by object",
	.max_args = 1,
	.run = shm,
};

const struct command cmd_stats = {
	.name = "stats",
	.arguments = "[DEVICE]",
	.what = "counters, and how long calls took",
	.max_args = 1,
	.run = stats,
};
