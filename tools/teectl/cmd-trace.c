// SPDX-License-Identifier: BSD-2-Clause
/* teectl trace [COMMAND [ARGUMENT...]] */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "event.h"
#include "secure.h"
#include "teectl.h"
#include "tracefs.h"

/* Events of the two worlds are put in order as far as they come within this time. */
#define ROUND_MS	100
#define BATCH		8192
/* As many as one read of either side can bring. */
#define BATCH_READ	2048

static atomic_bool interrupted;

/**
 * struct tracing - what a trace is made of
 * @tracefs: the normal world's side
 * @secure: the other's
 * @has_secure: it is there
 * @position: in its events
 * @clock: of its events
 * @text: octets of the normal world that are no whole line as yet
 * @used: how many
 * @batch: events of this round
 * @count: how many
 * @lost: of the secure world
 * @form: how to print
 * @sink: where
 */
struct tracing {
	struct tracefs tracefs;
	struct secure secure;
	bool has_secure;
	uint64_t position;
	struct event_clock clock;
	char text[32768];
	size_t used;
	struct event *batch;
	size_t count;
	uint64_t lost;
	const struct event_form *form;
	struct event_sink sink;
};

static void on_signal(int number)
{
	interrupted = 1;
}

static int begin_normal(struct tracing *t)
{
	int rc = tracefs_begin(&t->tracefs);

	switch (rc) {
	case 0:
		return EXIT_OK;
	case -ENOENT:
		complain("mount -t tracefs none /sys/kernel/tracing", "there is no tracefs");
		return EXIT_SYSTEM;
	case -ENODEV:
		complain("omnitee's drivers have them", "the loaded drivers have no events");
		return EXIT_SYSTEM;
	default:
		complain(rc == -EACCES || rc == -EPERM ? "run as root" : NULL, "tracing: %s",
			 strerror(-rc));
		return EXIT_SYSTEM;
	}
}

/* Only the emulated world has events; without them the trace has one side. */
static void begin_secure(struct tracing *t)
{
	uint64_t lost;

	if (secure_open(&t->secure)) {
		complain(NULL, "the secure world's side is missing: there is no /dev/" SIM_DEVICE
			 ", which the emulated one has");
		return;
	}
	/* Behind the last one. */
	t->position = UINT64_MAX;
	if (secure_events(&t->secure, &t->position, &lost) < 0 ||
	    secure_clock(&t->secure, &t->clock.ticks, &t->clock.hz, &t->clock.ns) ||
	    secure_events_switch(&t->secure, true)) {
		complain(NULL, "the secure world's side is missing: it records no events");
		secure_close(&t->secure);
		return;
	}
	t->has_secure = true;
}

static void add_line(struct tracing *t, const char *line)
{
	if (t->count < BATCH && event_from_line(&t->batch[t->count], line))
		t->count++;
}

/* All that came: whole lines become events. False if nothing did. */
static bool collect_normal(struct tracing *t)
{
	int got = tracefs_read(&t->tracefs, t->text + t->used, sizeof(t->text) - 1 - t->used);
	char *line = t->text, *newline;

	if (got <= 0)
		return false;
	t->used += got;
	t->text[t->used] = '\0';
	while ((newline = strchr(line, '\n'))) {
		*newline = '\0';
		add_line(t, line);
		line = newline + 1;
	}
	t->used -= line - t->text;
	memmove(t->text, line, t->used);
	/* A line without an end is no event of ours. */
	if (t->used == sizeof(t->text) - 1)
		t->used = 0;
	return true;
}

static void collect_secure(struct tracing *t)
{
	const struct sim_event *raw = t->secure.memory;
	uint64_t lost;
	int got;

	while (t->has_secure && t->count + BATCH_READ <= BATCH &&
	       (got = secure_events(&t->secure, &t->position, &lost)) > 0) {
		t->lost += lost;
		for (int i = 0; i < got; i++)
			if (event_from_secure(&t->batch[t->count], &raw[i], &t->clock))
				t->count++;
	}
}

struct order {
	const struct event *event;
	size_t index;
};

/* By time; those of the same time stay as they came. */
static int compare(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->event->ns != y->event->ns)
		return x->event->ns < y->event->ns ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static void print_batch(struct tracing *t)
{
	struct order *order;

	order = calloc(t->count, sizeof(*order));
	for (size_t i = 0; order && i < t->count; i++)
		order[i] = (struct order){ &t->batch[i], i };
	if (order) {
		qsort(order, t->count, sizeof(*order), compare);
		for (size_t i = 0; i < t->count; i++)
			t->form->print(&t->sink, order[i].event);
	}
	free(order);
	t->count = 0;
	fflush(t->sink.out);
}

/* All that there is by now. */
static void print_round(struct tracing *t)
{
	bool more = true;

	/* Somebody may want to stop although events come faster than this. */
	for (int i = 0; i < 64 && more; i++) {
		while (t->count + 2 * BATCH_READ <= BATCH && (more = collect_normal(t)))
			;
		collect_secure(t);
		if (t->count)
			print_batch(t);
	}
}

/* Its output goes where errors go: ours is the trace. */
static pid_t start_command(char **argv)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(argv[0], argv);
	complain(NULL, "%s: %s", argv[0], strerror(errno));
	_exit(127);
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void wait_and_print(struct tracing *t, const struct options *opt, pid_t pid)
{
	uint64_t end = opt->timeout_s < 0 ? UINT64_MAX : now_ms() + opt->timeout_s * 1000ULL;
	struct timespec round = { 0, ROUND_MS * 1000000L };

	while (!interrupted && now_ms() < end && !ferror(t->sink.out)) {
		print_round(t);
		if (pid && waitpid(pid, NULL, WNOHANG) == pid)
			return;
		nanosleep(&round, NULL);
	}
	/* The command goes on without us. */
}

static int trace(const struct options *opt, int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct tracing *t = calloc(1, sizeof(*t));
	int status = EXIT_SYSTEM;
	pid_t pid = 0;

	if (t)
		t->batch = calloc(BATCH, sizeof(*t->batch));
	if (!t || !t->batch) {
		complain(NULL, "out of memory");
		goto out_free;
	}
	t->form = opt->perfetto ? &event_perfetto : opt->json ? &event_json : &event_text;
	t->sink.out = stdout;

	interrupted = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);

	status = begin_normal(t);
	if (status)
		goto out_free;
	begin_secure(t);
	if (t->form->begin)
		t->form->begin(&t->sink);
	fflush(stdout);
	if (argc)
		pid = start_command(argv);
	if (pid < 0) {
		complain(NULL, "%s: %s", argv[0], strerror(errno));
		status = EXIT_SYSTEM;
	} else {
		wait_and_print(t, opt, pid);
	}

	if (t->has_secure)
		secure_events_switch(&t->secure, false);
	tracefs_stop(&t->tracefs);
	print_round(t);
	if (t->form->end)
		t->form->end(&t->sink);
	if (t->lost)
		complain(NULL, "%llu events of the secure world came too fast",
			 (unsigned long long)t->lost);
	if (t->has_secure)
		secure_close(&t->secure);
	tracefs_end(&t->tracefs);
out_free:
	if (t)
		free(t->batch);
	free(t);
	return status;
}

const struct command cmd_trace = {
	.name = "trace",
	.arguments = "[-- COMMAND...]",
	.what = "events of the drivers, and of the emulated secure world",
	.max_args = -1,
	.run = trace,
};
