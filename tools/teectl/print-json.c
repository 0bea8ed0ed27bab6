// SPDX-License-Identifier: BSD-2-Clause
/* Output for programs. Keys stay; new ones may come. */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "print.h"

static void emit(FILE *out, cJSON *root)
{
	char *text = cJSON_Print(root);

	fprintf(out, "%s\n", text ? text : "null");
	free(text);
	cJSON_Delete(root);
}

static cJSON *name_or_null(const char *name)
{
	return name ? cJSON_CreateString(name) : cJSON_CreateNull();
}

static void add_caps(cJSON *obj, const char *key, const struct device *dev, bool general)
{
	uint32_t mask = general ? dev->version.gen_caps : dev->version.impl_caps;
	cJSON *list;

	/* Unknown is not the same as none. */
	if (dev->busy) {
		cJSON_AddNullToObject(obj, key);
		return;
	}
	list = cJSON_AddArrayToObject(obj, key);
	for (unsigned int bit = 0; bit < 32; bit++) {
		const char *name;
		char number[16];

		if (!(mask & 1U << bit))
			continue;
		name = general ? gen_cap_name(bit) : impl_cap_name(dev->version.impl_id, bit);
		snprintf(number, sizeof(number), "bit%u", bit);
		cJSON_AddItemToArray(list, cJSON_CreateString(name ? name : number));
	}
}

static cJSON *describe(const struct device *dev)
{
	const char *name = impl_name(dev->version.impl_id);
	cJSON *obj = cJSON_CreateObject();

	cJSON_AddStringToObject(obj, "device", dev->name);
	if (dev->nameless)
		cJSON_AddNullToObject(obj, "implementation");
	else if (name)
		cJSON_AddStringToObject(obj, "implementation", name);
	else
		cJSON_AddNumberToObject(obj, "implementation", dev->version.impl_id);
	if (dev->nameless)
		cJSON_AddNullToObject(obj, "implementation_id");
	else
		cJSON_AddNumberToObject(obj, "implementation_id", dev->version.impl_id);
	cJSON_AddItemToObject(obj, "revision", name_or_null(dev->revision[0] ? dev->revision : NULL));
	cJSON_AddBoolToObject(obj, "busy", dev->busy);
	add_caps(obj, "capabilities", dev, true);
	add_caps(obj, "implementation_capabilities", dev, false);
	if (dev->version.impl_id == TEE_IMPL_ID_TSTEE && !dev->nameless && !dev->busy)
		cJSON_AddNumberToObject(obj, "endpoint", dev->version.impl_caps & 0xffff);
	return obj;
}

static void devices(FILE *out, const struct device *devs, unsigned int count)
{
	cJSON *list = cJSON_CreateArray();

	for (unsigned int i = 0; i < count; i++)
		cJSON_AddItemToArray(list, describe(&devs[i]));
	emit(out, list);
}

static void device(FILE *out, const struct device *dev)
{
	emit(out, describe(dev));
}

static cJSON *param(const struct outcome *o, unsigned int i)
{
	const struct param *p = &o->params[i];
	cJSON *obj = cJSON_CreateObject();
	size_t bytes = print_bytes(o, i);

	cJSON_AddNumberToObject(obj, "index", i);
	if (!param_is_memref(p)) {
		cJSON_AddNumberToObject(obj, "a", p->a);
		cJSON_AddNumberToObject(obj, "b", p->b);
		return obj;
	}
	cJSON_AddNumberToObject(obj, "size", o->sizes[i]);
	if (bytes && strcmp(p->path, "-")) {
		cJSON_AddStringToObject(obj, "file", p->path);
	} else if (bytes) {
		char *hex = malloc(2 * bytes + 1);

		for (size_t n = 0; hex && n < bytes; n++)
			sprintf(hex + 2 * n, "%02x", p->mem.va[n]);
		cJSON_AddItemToObject(obj, "hex", name_or_null(hex));
		free(hex);
	}
	return obj;
}

static void outcome(FILE *out, const struct outcome *o)
{
	cJSON *obj = cJSON_CreateObject(), *list;
	char uuid[37];

	uuid_format(o->uuid, uuid);
	cJSON_AddStringToObject(obj, "device", o->device);
	cJSON_AddStringToObject(obj, "uuid", uuid);
	cJSON_AddNumberToObject(obj, "command", o->command);
	cJSON_AddStringToObject(obj, "stage", o->stage);
	cJSON_AddNumberToObject(obj, "result", o->ret);
	cJSON_AddItemToObject(obj, "result_name", name_or_null(result_name(o->ret)));
	cJSON_AddNumberToObject(obj, "origin", o->origin);
	cJSON_AddItemToObject(obj, "origin_name", name_or_null(origin_name(o->origin)));
	list = cJSON_AddArrayToObject(obj, "params");
	for (unsigned int i = 0; i < o->num_params; i++)
		if (param_is_output(&o->params[i]))
			cJSON_AddItemToArray(list, param(o, i));
	emit(out, obj);
}

static void readiness(FILE *out, const struct readiness *r)
{
	cJSON *obj = cJSON_CreateObject();

	cJSON_AddBoolToObject(obj, "ready", r->ready);
	cJSON_AddItemToObject(obj, "device", name_or_null(r->device[0] ? r->device : NULL));
	cJSON_AddItemToObject(obj, "supplicant",
			      name_or_null(r->supplicant[0] ? r->supplicant : NULL));
	emit(out, obj);
}

const struct printer print_json = {
	.devices = devices,
	.device = device,
	.outcome = outcome,
	.readiness = readiness,
	.threads = &json_threads,
	.sessions = &json_sessions,
	.shm = &json_shm,
	.stats = &json_stats,
};
