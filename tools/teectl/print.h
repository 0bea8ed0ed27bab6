/* SPDX-License-Identifier: BSD-2-Clause */
/* Output, as text or JSON. */
#ifndef PRINT_H
#define PRINT_H

#include <stdio.h>

#include "device.h"
#include "param.h"

/**
 * struct outcome - what an invoke came to
 * @device: name
 * @uuid: application
 * @command: number
 * @stage: "open-session" or "invoke": who answered
 * @ret, @origin: the answer
 * @params: parameters after the call
 * @sizes: size of each memory reference after the call
 * @num_params: how many
 */
struct outcome {
	const char *device;
	const uint8_t *uuid;
	uint32_t command;
	const char *stage;
	uint32_t ret;
	uint32_t origin;
	const struct param *params;
	const uint64_t *sizes;
	unsigned int num_params;
};

#define VIEW_FILES	4

/**
 * struct view - what the driver of one device shows
 * @device: name
 * @text: of the files that the command asked for, in its order; the printer cuts it up
 */
struct view {
	const char *device;
	char *text[VIEW_FILES];
};

/* How to print a kind of view, for several devices. */
struct views {
	void (*show)(FILE *out, struct view *views, unsigned int count);
};

/**
 * struct readiness - what there is of what wait-ready waits for
 * @ready: all of it
 * @device: device that is there, or empty
 * @supplicant: node that a supplicant has, or empty
 */
struct readiness {
	bool ready;
	char device[DEVICE_NAME_MAX];
	char supplicant[DEVICE_NAME_MAX];
};

/**
 * struct printer - a form of output
 * @devices: several devices, for list
 * @device: one in detail, for info
 * @outcome: for invoke
 * @readiness: for wait-ready
 * @threads, @sessions, @shm, @stats: for the commands of these names
 */
struct printer {
	void (*devices)(FILE *out, const struct device *devs, unsigned int count);
	void (*device)(FILE *out, const struct device *dev);
	void (*outcome)(FILE *out, const struct outcome *o);
	void (*readiness)(FILE *out, const struct readiness *r);
	const struct views *threads, *sessions, *shm, *stats;
};

/* look-text.c, look-json.c */
extern const struct views text_threads, text_sessions, text_shm, text_stats;
extern const struct views json_threads, json_sessions, json_shm, json_stats;

extern const struct printer print_text, print_json;

static inline const struct printer *printer(const struct options *opt)
{
	return opt->json ? &print_json : &print_text;
}

/* Bytes of an output that came back and that this process holds. */
static inline size_t print_bytes(const struct outcome *o, unsigned int i)
{
	const struct param *p = &o->params[i];

	if (!param_is_output(p) || !p->mem.va || o->sizes[i] > p->size)
		return 0;
	return o->sizes[i];
}

#endif /* PRINT_H */
