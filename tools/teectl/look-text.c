// SPDX-License-Identifier: BSD-2-Clause
/* threads, sessions, shm and stats for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "record.h"

#define BAR	40

/* The application of a session, from the text of the file sessions. */
static void application(const char *sessions, uint64_t session, char uuid[40])
{
	char *copy = strdup(sessions), *cursor = copy;
	struct record r;

	snprintf(uuid, 40, "-");
	while (copy && record_next(&cursor, &r))
		if (record_number(&r, "id") == session)
			snprintf(uuid, 40, "%s", record_text(&r, "uuid"));
	free(copy);
}

/* taken, queued ...; "" if the request is not in the text of the file supplicant. */
static void request_state(const char *supplicant, uint64_t request, char state[16])
{
	char *copy = strdup(supplicant), *cursor = copy;
	struct record r;

	state[0] = '\0';
	while (copy && record_next(&cursor, &r))
		if (record_has(&r, "func") && record_number(&r, "id") == request)
			snprintf(state, 16, "%s", record_text(&r, "state"));
	free(copy);
}

static void doing(FILE *out, const struct record *r, const char *supplicant)
{
	const char *state = record_text(r, "state"), *name = NULL;
	char taken[16];

	if (record_has(r, "rpc"))
		name = rpc_name(record_number(r, "rpc"));
	if (!strcmp(state, "queued")) {
		fprintf(out, "waits for a secure thread");
	} else if (!strcmp(state, "refused")) {
		fprintf(out, "was refused, asks again");
	} else if (!strcmp(state, "secure")) {
		fprintf(out, "in the secure world");
	} else if (!strcmp(state, "supplicant")) {
		request_state(supplicant, record_number(r, "request"), taken);
		fprintf(out, "waits for the supplicant, request %s", record_text(r, "request"));
		if (name)
			fprintf(out, " (%s)", name);
		if (taken[0])
			fprintf(out, ", %s", taken);
	} else if (!strcmp(state, "rpc")) {
		fprintf(out, "in RPC %s", record_text(r, "rpc"));
		if (name)
			fprintf(out, " (%s)", name);
	} else {
		fprintf(out, "%s", state);
	}
	if (record_number(r, "worker"))
		fprintf(out, ", its client was killed");
}

static void what(const struct record *r, const char *sessions, char text[96])
{
	const char *call = record_text(r, "call");
	char uuid[40];

	application(sessions, record_number(r, "session"), uuid);
	if (!strcmp(call, "invoke"))
		snprintf(text, 96, "invoke %s of %s", record_text(r, "command"), uuid);
	else if (!strcmp(call, "close") || !strcmp(call, "cancel"))
		snprintf(text, 96, "%s session %s", call, record_text(r, "session"));
	else
		snprintf(text, 96, "%s", call);
}

static void threads_of(FILE *out, struct view *view)
{
	char *cursor = view->text[2];
	struct record queue, r;
	char text[96];

	if (!record_next(&cursor, &queue))
		return;
	if (record_number(&queue, "threads"))
		fprintf(out, "%s: %s secure threads, %s free", view->device,
			record_text(&queue, "threads"), record_text(&queue, "free"));
	else
		fprintf(out, "%s: nobody knows how many secure threads", view->device);
	if (record_number(&queue, "kept"))
		fprintf(out, ", %s of %s free that are kept back",
			record_text(&queue, "kept_free"), record_text(&queue, "kept"));
	fprintf(out, ", %s waiting\n", record_text(&queue, "waiting"));
	cursor = view->text[0];
	while (record_next(&cursor, &r)) {
		uint64_t ms = record_number(&r, "ms");

		what(&r, view->text[1], text);
		fprintf(out, "  %s[%s]  %s  %" PRIu64 ".%03" PRIu64 " s  ", record_text(&r, "comm"),
			record_text(&r, "pid"), text, ms / 1000, ms % 1000);
		doing(out, &r, view->text[3]);
		fprintf(out, "\n");
	}
}

static void threads(FILE *out, struct view *views, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		threads_of(out, &views[i]);
}

static void sessions(FILE *out, struct view *views, unsigned int count)
{
	struct record r;

	for (unsigned int i = 0; i < count; i++) {
		char *cursor = views[i].text[0];

		while (record_next(&cursor, &r))
			fprintf(out, "%-8s session %-6s %s  %s[%s]%s\n", views[i].device,
				record_text(&r, "id"), record_text(&r, "uuid"),
				record_text(&r, "comm"), record_text(&r, "pid"),
				record_number(&r, "system") ? " (system)" :
				record_number(&r, "kernel") ? " (kernel)" : "");
	}
}

static void shm(FILE *out, struct view *views, unsigned int count)
{
	struct record r;

	for (unsigned int i = 0; i < count; i++) {
		char *cursor = views[i].text[0];

		while (record_next(&cursor, &r))
			fprintf(out, "%-8s %s[%s]%s: %s bytes in %s allocated, %s bytes in %s registered\n",
				views[i].device, record_text(&r, "comm"), record_text(&r, "pid"),
				record_number(&r, "kernel") ? " (kernel)" : "",
				record_text(&r, "allocated_bytes"), record_text(&r, "allocated"),
				record_text(&r, "registered_bytes"), record_text(&r, "registered"));
		cursor = views[i].text[1];
		while (record_next(&cursor, &r))
			fprintf(out, "%-8s   object %s, %s, %s bytes, of %s[%s]\n", views[i].device,
				record_text(&r, "id"), record_text(&r, "kind"),
				record_text(&r, "size"), record_text(&r, "comm"),
				record_text(&r, "pid"));
	}
}

/* 1 ms rather than 1048576 ns. */
static void duration(uint64_t ns, char text[24])
{
	if (ns < 1024)
		snprintf(text, 24, "%" PRIu64 " ns", ns);
	else if (ns < 1 << 20)
		snprintf(text, 24, "%.1f us", ns / 1e3);
	else if (ns < 1 << 30)
		snprintf(text, 24, "%.1f ms", ns / 1e6);
	else
		snprintf(text, 24, "%.1f s", ns / 1e9);
}

static void histogram(FILE *out, char *text)
{
	char *copy = strdup(text), *cursor = copy;
	uint64_t most = 1;
	struct record r;

	while (copy && record_next(&cursor, &r))
		if (record_number(&r, "count") > most)
			most = record_number(&r, "count");
	free(copy);
	while (record_next(&text, &r)) {
		uint64_t n = record_number(&r, "count");
		char from[24];

		if (record_has(&r, "on")) {
			fprintf(out, "  latency: %s\n", record_number(&r, "on") ? "on" :
				"off ('teectl stats --latency on' turns it on)");
			continue;
		}
		duration(record_number(&r, "ns"), from);
		fprintf(out, "    %-12s from %-9s %10" PRIu64 " %.*s\n", record_text(&r, "call"),
			from, n, (int)((n * BAR + most - 1) / most),
			"########################################");
	}
}

static void stats(FILE *out, struct view *views, unsigned int count)
{
	struct record r;

	for (unsigned int i = 0; i < count; i++) {
		char *cursor = views[i].text[0];

		fprintf(out, "%s:\n", views[i].device);
		while (record_next(&cursor, &r))
			for (unsigned int n = 0; n < r.count; n++)
				fprintf(out, "  %-22s %s\n", r.fields[n].key, r.fields[n].value);
		histogram(out, views[i].text[1]);
	}
}

const struct views text_threads = { threads };
const struct views text_sessions = { sessions };
const struct views text_shm = { shm };
const struct views text_stats = { stats };
