// SPDX-License-Identifier: BSD-2-Clause
#include "event.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "teectl.h"

/* "name-123" at the end of @head, whose beginning may hold anything. */
static bool parse_task(struct event *e, char *head)
{
	char *dash;

	while (*head == ' ')
		head++;
	dash = strrchr(head, '-');
	if (!dash || !isdigit((unsigned char)dash[1]))
		return false;
	e->pid = strtol(dash + 1, NULL, 10);
	snprintf(e->comm, sizeof(e->comm), "%.*s", (int)(dash - head), head);
	make_printable(e->comm);
	return true;
}

static void cut_fields(struct event *e, const char *text)
{
	char *cursor = e->line;

	snprintf(e->line, sizeof(e->line), "%s", text);
	record_next(&cursor, &e->fields);
}

/*
 *            teectl-71      [001] .....     3.141592: tee_call_begin: dev=0 op=open
 *
 * From the right of the name: it may hold blanks and brackets, but not this sequence.
 */
bool event_from_line(struct event *e, const char *line)
{
	const char *bracket = NULL, *p, *colon;
	unsigned long seconds, micro;
	char head[64], *end;

	memset(e, 0, sizeof(*e));
	for (p = line; (p = strstr(p, " [")); p++)
		if (isdigit((unsigned char)p[2]) && isdigit((unsigned char)p[3]) &&
		    isdigit((unsigned char)p[4]) && p[5] == ']' && p[6] == ' ') {
			bracket = p;
			break;
		}
	if (!bracket || (size_t)(bracket - line) >= sizeof(head))
		return false;
	snprintf(head, sizeof(head), "%.*s", (int)(bracket - line), line);
	for (end = head + strlen(head); end > head && end[-1] == ' '; end--)
		end[-1] = '\0';
	if (!parse_task(e, head))
		return false;
	e->cpu = strtoul(bracket + 2, NULL, 10);

	/* Flags, then the time. */
	p = bracket + 7;
	p += strcspn(p, " ");
	seconds = strtoul(p, &end, 10);
	if (*end != '.')
		return false;
	micro = strtoul(end + 1, &end, 10);
	if (strncmp(end, ": ", 2))
		return false;
	e->ns = (uint64_t)seconds * 1000000000 + micro * 1000;

	p = end + 2;
	colon = strchr(p, ':');
	if (!colon || (size_t)(colon - p) >= sizeof(e->name))
		return false;
	snprintf(e->name, sizeof(e->name), "%.*s", (int)(colon - p), p);
	cut_fields(e, colon[1] == ' ' ? colon + 2 : colon + 1);
	return true;
}

/* Its name and its words; NULL if it is of no kind that we know. */
static const char *secure_words(const struct sim_event *raw, char *text, size_t size)
{
	switch (raw->kind) {
	case SIM_EVENT_CALL:
		snprintf(text, size, "function=0x%x", raw->a);
		return "secure_call";
	case SIM_EVENT_RESUME:
		return "secure_resume";
	case SIM_EVENT_LEAVE:
		snprintf(text, size, "status=0x%x ended=%u", raw->a, raw->b);
		return "secure_leave";
	case SIM_EVENT_COMMAND:
		snprintf(text, size, "cmd=%s session=%u command=%u",
			 message_name(raw->a) ? message_name(raw->a) : "?", raw->b, raw->c);
		return "secure_command";
	case SIM_EVENT_RESULT:
		snprintf(text, size, "result=0x%x origin=%u", raw->a, raw->b);
		return "secure_result";
	case SIM_EVENT_RPC:
		snprintf(text, size, "cmd=%u", raw->a);
		return "secure_rpc";
	default:
		return NULL;
	}
}

/* The same for QTEE. */
static const char *qtee_words(const struct sim_event *raw, char *text, size_t size)
{
	switch (raw->kind) {
	case SIM_EVENT_QTEE_CALL:
		return "qtee_call";
	case SIM_EVENT_QTEE_RESUME:
		return "qtee_resume";
	case SIM_EVENT_QTEE_LEAVE:
		snprintf(text, size, "status=%d ended=%u", (int)raw->a, raw->b);
		return "qtee_leave";
	case SIM_EVENT_QTEE_INVOKE:
		snprintf(text, size, "object=0x%x op=%u counts=0x%x", raw->a, raw->b, raw->c);
		return "qtee_invoke";
	case SIM_EVENT_QTEE_RESULT:
		snprintf(text, size, "result=%d", (int)raw->a);
		return "qtee_result";
	case SIM_EVENT_QTEE_CALLBACK:
		snprintf(text, size, "object=0x%x op=%u counts=0x%x", raw->a, raw->b, raw->c);
		return "qtee_callback";
	case SIM_EVENT_QTEE_ANSWER:
		snprintf(text, size, "result=%d", (int)raw->a);
		return "qtee_answer";
	default:
		return NULL;
	}
}

bool event_from_secure(struct event *e, const struct sim_event *raw,
		       const struct event_clock *clock)
{
	int64_t ticks = (int64_t)(raw->ticks - clock->ticks);
	const char *comm = "secure thread";
	const char *name;
	char text[160] = "";

	memset(e, 0, sizeof(*e));
	e->secure = true;
	e->cpu = raw->cpu;
	e->pid = (int)raw->thread;
	e->ns = clock->ns + (uint64_t)(int64_t)((double)ticks * 1e9 / (double)clock->hz);
	name = secure_words(raw, text, sizeof(text));
	if (!name) {
		name = qtee_words(raw, text, sizeof(text));
		comm = "QTEE call";
	}
	if (!name)
		return false;
	snprintf(e->comm, sizeof(e->comm), "%s", comm);
	snprintf(e->name, sizeof(e->name), "%s", name);
	cut_fields(e, text);
	return true;
}

static void text_print(struct event_sink *s, const struct event *e)
{
	FILE *out = s->out;

	fprintf(out, "%6" PRIu64 ".%06" PRIu64 " [%03u] %16s-%-6d %-20s", e->ns / 1000000000,
		e->ns % 1000000000 / 1000, e->cpu, e->comm, e->pid, e->name);
	for (unsigned int i = 0; i < e->fields.count; i++)
		fprintf(out, " %s=%s", e->fields.fields[i].key, e->fields.fields[i].value);
	fprintf(out, "\n");
}

static void json_print(struct event_sink *s, const struct event *e)
{
	cJSON *obj = cJSON_CreateObject(), *fields;
	char *text;

	cJSON_AddNumberToObject(obj, "ns", e->ns);
	cJSON_AddStringToObject(obj, "world", e->secure ? "secure" : "normal");
	cJSON_AddNumberToObject(obj, "cpu", e->cpu);
	cJSON_AddNumberToObject(obj, "pid", e->pid);
	cJSON_AddStringToObject(obj, "comm", e->comm);
	cJSON_AddStringToObject(obj, "event", e->name);
	fields = cJSON_AddObjectToObject(obj, "fields");
	for (unsigned int i = 0; i < e->fields.count; i++)
		cJSON_AddStringToObject(fields, e->fields.fields[i].key, e->fields.fields[i].value);
	text = cJSON_PrintUnformatted(obj);
	fprintf(s->out, "%s\n", text ? text : "null");
	free(text);
	cJSON_Delete(obj);
}

const struct event_form event_text = { .print = text_print };
const struct event_form event_json = { .print = json_print };
