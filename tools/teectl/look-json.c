// SPDX-License-Identifier: BSD-2-Clause
/* threads, sessions, shm and stats for programs: an array with an object for each device. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "print.h"
#include "record.h"

static void emit(FILE *out, cJSON *root)
{
	char *text = cJSON_Print(root);

	fprintf(out, "%s\n", text ? text : "null");
	free(text);
	cJSON_Delete(root);
}

/* Numbers become numbers, but for what a name may look like. */
static void add_field(cJSON *obj, const char *key, const char *value)
{
	char *end;
	double number = strtod(value, &end);

	if (isdigit((unsigned char)*value) && !*end && strcmp(key, "comm"))
		cJSON_AddNumberToObject(obj, key, number);
	else
		cJSON_AddStringToObject(obj, key, value);
}

static cJSON *object(const struct record *r)
{
	cJSON *obj = cJSON_CreateObject();

	for (unsigned int i = 0; i < r->count; i++)
		add_field(obj, r->fields[i].key, r->fields[i].value);
	return obj;
}

/* All lines of a text as objects; the first one's words go to @head instead, if there is one. */
static void add_lines(cJSON *to, const char *key, char *text, cJSON *head)
{
	cJSON *list = cJSON_AddArrayToObject(to, key);
	struct record r;

	while (record_next(&text, &r)) {
		if (head) {
			for (unsigned int i = 0; i < r.count; i++)
				add_field(head, r.fields[i].key, r.fields[i].value);
			head = NULL;
		} else {
			cJSON_AddItemToArray(list, object(&r));
		}
	}
}

static cJSON *add_device(cJSON *list, const struct view *view)
{
	cJSON *obj = cJSON_CreateObject();

	cJSON_AddStringToObject(obj, "device", view->device);
	cJSON_AddItemToArray(list, obj);
	return obj;
}

static void threads(FILE *out, struct view *views, unsigned int count)
{
	cJSON *list = cJSON_CreateArray();

	for (unsigned int i = 0; i < count; i++) {
		cJSON *obj = add_device(list, &views[i]), *supplicant;
		char *cursor = views[i].text[2];
		struct record r;

		if (record_next(&cursor, &r))
			for (unsigned int n = 0; n < r.count; n++)
				add_field(obj, r.fields[n].key, r.fields[n].value);
		add_lines(obj, "calls", views[i].text[0], NULL);
		supplicant = cJSON_AddObjectToObject(obj, "supplicant");
		add_lines(supplicant, "requests", views[i].text[3], supplicant);
	}
	emit(out, list);
}

static void sessions(FILE *out, struct view *views, unsigned int count)
{
	cJSON *list = cJSON_CreateArray();

	for (unsigned int i = 0; i < count; i++)
		add_lines(add_device(list, &views[i]), "sessions", views[i].text[0], NULL);
	emit(out, list);
}

static void shm(FILE *out, struct view *views, unsigned int count)
{
	cJSON *list = cJSON_CreateArray();

	for (unsigned int i = 0; i < count; i++) {
		cJSON *obj = add_device(list, &views[i]);

		add_lines(obj, "contexts", views[i].text[0], NULL);
		add_lines(obj, "objects", views[i].text[1], NULL);
	}
	emit(out, list);
}

static void stats(FILE *out, struct view *views, unsigned int count)
{
	cJSON *list = cJSON_CreateArray();

	for (unsigned int i = 0; i < count; i++) {
		cJSON *obj = add_device(list, &views[i]), *counters, *latency;
		char *cursor = views[i].text[0];
		struct record r;

		counters = cJSON_AddObjectToObject(obj, "counters");
		while (record_next(&cursor, &r))
			for (unsigned int n = 0; n < r.count; n++)
				add_field(counters, r.fields[n].key, r.fields[n].value);
		latency = cJSON_AddObjectToObject(obj, "latency");
		add_lines(latency, "classes", views[i].text[1], latency);
	}
	emit(out, list);
}

const struct views json_threads = { threads };
const struct views json_sessions = { sessions };
const struct views json_shm = { shm };
const struct views json_stats = { stats };
