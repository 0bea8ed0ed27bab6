// SPDX-License-Identifier: BSD-2-Clause
/*
 * Events in the format of chrome://tracing, which Perfetto reads: slices that begin and end
 * on tracks. Tracks are the threads of the normal world, the secure threads, calls of QTEE, and the
 * CPUs as far as the secure world runs on them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "event.h"
#include "teectl.h"

/* Groups of tracks; Perfetto calls them processes. */
enum {
	NORMAL_WORLD = 1,
	SECURE_WORLD,
	SECURE_CPUS,
	QTEE,
};

/**
 * struct event_track - a row of slices
 * @group: one of the above
 * @id: within it
 * @depth: slices that are open
 * @rpc: RPC, or object of the kernel, that the next suspension is for, -1: none
 */
struct event_track {
	int group;
	int id;
	unsigned int depth;
	int64_t rpc;
};

static cJSON *piece(const struct event *e, const char *phase, int group, int id)
{
	cJSON *obj = cJSON_CreateObject();

	cJSON_AddStringToObject(obj, "ph", phase);
	cJSON_AddNumberToObject(obj, "ts", e ? e->ns / 1e3 : 0);
	cJSON_AddNumberToObject(obj, "pid", group);
	cJSON_AddNumberToObject(obj, "tid", id);
	return obj;
}

static void emit(struct event_sink *s, cJSON *obj)
{
	char *text = cJSON_PrintUnformatted(obj);

	if (text)
		fprintf(s->out, "%s\n%s", s->printed++ ? "," : "", text);
	free(text);
	cJSON_Delete(obj);
}

static void name_track(struct event_sink *s, const char *what, int group, int id, const char *name)
{
	cJSON *obj = piece(NULL, "M", group, id), *args;

	cJSON_AddStringToObject(obj, "name", what);
	args = cJSON_AddObjectToObject(obj, "args");
	cJSON_AddStringToObject(args, "name", name);
	emit(s, obj);
}

static struct event_track *track(struct event_sink *s, int group, int id, const char *name)
{
	struct event_track *more;

	for (size_t i = 0; i < s->num_tracks; i++)
		if (s->tracks[i].group == group && s->tracks[i].id == id)
			return &s->tracks[i];
	more = realloc(s->tracks, (s->num_tracks + 1) * sizeof(*more));
	if (!more)
		return NULL;
	s->tracks = more;
	more += s->num_tracks++;
	*more = (struct event_track){ .group = group, .id = id, .rpc = -1 };
	name_track(s, "thread_name", group, id, name);
	return more;
}

static void add_args(cJSON *obj, const struct event *e)
{
	cJSON *args = cJSON_AddObjectToObject(obj, "args");

	for (unsigned int i = 0; i < e->fields.count; i++)
		cJSON_AddStringToObject(args, e->fields.fields[i].key, e->fields.fields[i].value);
}

static void begin(struct event_sink *s, const struct event *e, struct event_track *t,
		  const char *name)
{
	cJSON *obj;

	if (!t)
		return;
	obj = piece(e, "B", t->group, t->id);
	cJSON_AddStringToObject(obj, "name", name);
	add_args(obj, e);
	emit(s, obj);
	t->depth++;
}

/* What began before the trace did is left out. */
static void end(struct event_sink *s, const struct event *e, struct event_track *t)
{
	cJSON *obj;

	if (!t || !t->depth)
		return;
	obj = piece(e, "E", t->group, t->id);
	add_args(obj, e);
	emit(s, obj);
	t->depth--;
}

static void instant(struct event_sink *s, const struct event *e, const struct event_track *t)
{
	cJSON *obj;

	if (!t)
		return;
	obj = piece(e, "i", t->group, t->id);
	cJSON_AddStringToObject(obj, "name", e->name);
	cJSON_AddStringToObject(obj, "s", "t");
	add_args(obj, e);
	emit(s, obj);
}

/* From the queue to the answer, whoever is at it: a slice without a thread. */
static void request(struct event_sink *s, const struct event *e, const struct event_track *t)
{
	const char *phase = "n";
	cJSON *obj;

	if (!t)
		return;
	if (!strcmp(e->name, "optee_supp_queued"))
		phase = "b";
	else if (!strcmp(e->name, "optee_supp_answered"))
		phase = "e";
	obj = piece(e, phase, t->group, t->id);
	cJSON_AddStringToObject(obj, "cat", "supplicant");
	cJSON_AddStringToObject(obj, "id", record_text(&e->fields, "id"));
	cJSON_AddStringToObject(obj, "name", "supplicant request");
	add_args(obj, e);
	emit(s, obj);
}

static void rpc_label(char text[64], uint64_t cmd)
{
	const char *name = rpc_name(cmd);

	snprintf(text, 64, "RPC %" PRIu64 "%s%s%s", cmd, name ? " (" : "", name ? name : "",
		 name ? ")" : "");
}

static void normal_begin(struct event_sink *s, const struct event *e, struct event_track *t)
{
	const struct record *r = &e->fields;
	char name[64];

	if (!strcmp(e->name, "tee_call_begin"))
		snprintf(name, sizeof(name), "%s %s", record_text(r, "op"),
			 strcmp(record_text(r, "op"), "invoke") ? "" : record_text(r, "command"));
	else if (!strcmp(e->name, "optee_call_begin"))
		snprintf(name, sizeof(name), "message: %s", record_text(r, "cmd"));
	else if (!strcmp(e->name, "optee_rpc_begin"))
		rpc_label(name, record_number(r, "cmd"));
	else if (!strcmp(e->name, "optee_notif_wait_begin"))
		snprintf(name, sizeof(name), "notification %s", record_text(r, "value"));
	else if (!strcmp(e->name, "tee_shm_alloc_begin"))
		snprintf(name, sizeof(name), "allocate %s bytes", record_text(r, "size"));
	else if (!strcmp(e->name, "tee_shm_register_begin"))
		snprintf(name, sizeof(name), "register %s bytes", record_text(r, "size"));
	else if (!strcmp(e->name, "tee_shm_unregister_begin"))
		snprintf(name, sizeof(name), "give back %s bytes", record_text(r, "size"));
	else if (!strcmp(e->name, "tstee_call_begin"))
		snprintf(name, sizeof(name), "partition %s opcode %s", record_text(r, "partition"),
			 record_text(r, "opcode"));
	else
		snprintf(name, sizeof(name), "secure world");
	begin(s, e, t, name);
}

static bool ends_with(const char *text, const char *tail)
{
	size_t length = strlen(text), tail_length = strlen(tail);

	return length >= tail_length && !strcmp(text + length - tail_length, tail);
}

static void normal(struct event_sink *s, const struct event *e)
{
	struct event_track *t = track(s, NORMAL_WORLD, e->pid, e->comm);

	if (ends_with(e->name, "_begin") || !strcmp(e->name, "optee_switch_enter"))
		normal_begin(s, e, t);
	else if (ends_with(e->name, "_end") || !strcmp(e->name, "optee_switch_leave"))
		end(s, e, t);
	else if (!strncmp(e->name, "optee_supp_", 11))
		request(s, e, t);
	else
		instant(s, e, t);
}

static void secure_leave(struct event_sink *s, const struct event *e, struct event_track *t,
			 struct event_track *cpu)
{
	char name[64] = "gives way to an interrupt";

	end(s, e, cpu);
	if (record_number(&e->fields, "ended")) {
		/* All of it, also where a result was not seen. */
		while (t && t->depth)
			end(s, e, t);
		return;
	}
	if (record_number(&e->fields, "status") == 0xffff0005 && t && t->rpc >= 0) {
		rpc_label(name, t->rpc);
		t->rpc = -1;
	} else if (record_number(&e->fields, "status") != 0xffff0004) {
		snprintf(name, sizeof(name), "RPC");
	}
	begin(s, e, t, name);
}

static void secure_event(struct event_sink *s, const struct event *e)
{
	struct event_track *t, *cpu;
	char name[64];

	snprintf(name, sizeof(name), "CPU %u", e->cpu);
	/* Looked up once more below: the table may move. */
	track(s, SECURE_CPUS, (int)e->cpu, name);
	snprintf(name, sizeof(name), "secure thread %d", e->pid);
	t = track(s, SECURE_WORLD, e->pid, name);
	cpu = track(s, SECURE_CPUS, (int)e->cpu, "");
	if (!strcmp(e->name, "secure_call")) {
		begin(s, e, cpu, name);
		begin(s, e, t, "call");
	} else if (!strcmp(e->name, "secure_resume")) {
		begin(s, e, cpu, name);
		end(s, e, t);
	} else if (!strcmp(e->name, "secure_leave")) {
		secure_leave(s, e, t, cpu);
	} else if (!strcmp(e->name, "secure_command")) {
		snprintf(name, sizeof(name), "%s %s", record_text(&e->fields, "cmd"),
			 record_text(&e->fields, "command"));
		begin(s, e, t, name);
	} else if (!strcmp(e->name, "secure_result")) {
		end(s, e, t);
	} else if (!strcmp(e->name, "secure_rpc") && t) {
		t->rpc = (int64_t)record_number(&e->fields, "cmd");
	}
}

static void qtee_leave(struct event_sink *s, const struct event *e, struct event_track *t,
		       struct event_track *cpu)
{
	char name[64] = "gives way to an interrupt";

	end(s, e, cpu);
	if (record_number(&e->fields, "ended")) {
		while (t && t->depth)
			end(s, e, t);
		return;
	}
	if (t && t->rpc >= 0) {
		snprintf(name, sizeof(name), "calls object 0x%llx", (unsigned long long)t->rpc);
		t->rpc = -1;
	} else if (strcmp(record_text(&e->fields, "status"), "1")) {
		snprintf(name, sizeof(name), "sleeps");
	}
	begin(s, e, t, name);
}

static void qtee_event(struct event_sink *s, const struct event *e)
{
	struct event_track *t, *cpu;
	char name[64];

	snprintf(name, sizeof(name), "CPU %u", e->cpu);
	/* Looked up once more below: the table may move. */
	track(s, SECURE_CPUS, (int)e->cpu, name);
	snprintf(name, sizeof(name), "QTEE call %d", e->pid);
	t = track(s, QTEE, e->pid, name);
	cpu = track(s, SECURE_CPUS, (int)e->cpu, "");
	if (!strcmp(e->name, "qtee_call")) {
		begin(s, e, cpu, name);
		begin(s, e, t, "call");
	} else if (!strcmp(e->name, "qtee_resume")) {
		begin(s, e, cpu, name);
		end(s, e, t);
	} else if (!strcmp(e->name, "qtee_leave")) {
		qtee_leave(s, e, t, cpu);
	} else if (!strcmp(e->name, "qtee_invoke")) {
		snprintf(name, sizeof(name), "object %s op %s", record_text(&e->fields, "object"),
			 record_text(&e->fields, "op"));
		begin(s, e, t, name);
	} else if (!strcmp(e->name, "qtee_result")) {
		end(s, e, t);
	} else if (!strcmp(e->name, "qtee_callback") && t) {
		t->rpc = (int64_t)strtoll(record_text(&e->fields, "object"), NULL, 16);
	}
}

static void perfetto_begin(struct event_sink *s)
{
	fprintf(s->out, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
	name_track(s, "process_name", NORMAL_WORLD, 0, "normal world");
	name_track(s, "process_name", SECURE_WORLD, 0, "secure world");
	name_track(s, "process_name", SECURE_CPUS, 0, "CPUs in the secure world");
	name_track(s, "process_name", QTEE, 0, "QTEE");
}

static void perfetto_print(struct event_sink *s, const struct event *e)
{
	if (e->secure && !strncmp(e->name, "qtee_", 5))
		qtee_event(s, e);
	else if (e->secure)
		secure_event(s, e);
	else
		normal(s, e);
}

static void perfetto_end(struct event_sink *s)
{
	fprintf(s->out, "\n]}\n");
	free(s->tracks);
	s->tracks = NULL;
	s->num_tracks = 0;
}

const struct event_form event_perfetto = {
	.begin = perfetto_begin,
	.print = perfetto_print,
	.end = perfetto_end,
};
