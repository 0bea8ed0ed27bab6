// SPDX-License-Identifier: BSD-2-Clause
/* Output for people; its lines may change, those of JSON stay. */
#include <string.h>

#include "print.h"

static void implementation(FILE *out, const struct device *dev)
{
	const char *name = impl_name(dev->version.impl_id);

	if (dev->nameless)
		fprintf(out, "?");
	else if (name)
		fprintf(out, "%s", name);
	else
		fprintf(out, "%u", dev->version.impl_id);
}

/* Names of the bits of a mask, numbers for those without one. */
static void caps(FILE *out, const struct device *dev, bool general)
{
	uint32_t mask = general ? dev->version.gen_caps : dev->version.impl_caps;
	const char *comma = "";

	if (!mask)
		fprintf(out, "-");
	for (unsigned int bit = 0; bit < 32; bit++) {
		const char *name;

		if (!(mask & 1U << bit))
			continue;
		name = general ? gen_cap_name(bit) : impl_cap_name(dev->version.impl_id, bit);
		if (name)
			fprintf(out, "%s%s", comma, name);
		else
			fprintf(out, "%sbit%u", comma, bit);
		comma = ",";
	}
}

/* Of a partition they are no bits, but whom to ask for. */
static bool is_partition(const struct device *dev)
{
	return dev->version.impl_id == TEE_IMPL_ID_TSTEE && !dev->nameless && !dev->busy;
}

static void text_devices(FILE *out, const struct device *devs, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		fprintf(out, "%-10s ", devs[i].name);
		implementation(out, &devs[i]);
		fprintf(out, "  ");
		if (devs[i].busy)
			fprintf(out, "busy");
		else
			caps(out, &devs[i], true);
		if (is_partition(&devs[i])) {
			fprintf(out, "  endpoint %04x", devs[i].version.impl_caps & 0xffff);
		} else if (devs[i].version.impl_caps) {
			fprintf(out, "  ");
			caps(out, &devs[i], false);
		}
		if (devs[i].revision[0])
			fprintf(out, "  %s", devs[i].revision);
		fprintf(out, "\n");
	}
}

static void text_device(FILE *out, const struct device *dev)
{
	fprintf(out, "device:          /dev/%s\n", dev->name);
	fprintf(out, "implementation:  ");
	implementation(out, dev);
	fprintf(out, "\nrevision:        %s\n", dev->revision[0] ? dev->revision : "-");
	fprintf(out, "capabilities:    ");
	caps(out, dev, true);
	if (is_partition(dev)) {
		fprintf(out, "\nendpoint:        %04x\n", dev->version.impl_caps & 0xffff);
		return;
	}
	fprintf(out, "\nimplementation capabilities: ");
	caps(out, dev, false);
	fprintf(out, "\n");
}

static void text_param(FILE *out, const struct outcome *o, unsigned int i)
{
	const struct param *p = &o->params[i];
	size_t bytes = print_bytes(o, i);

	if (!param_is_output(p))
		return;
	if (!param_is_memref(p)) {
		fprintf(out, "param %u: value a=0x%llx b=0x%llx\n", i, (unsigned long long)p->a,
			(unsigned long long)p->b);
		return;
	}
	fprintf(out, "param %u: memory of %llu bytes", i, (unsigned long long)o->sizes[i]);
	if (p->null) {
		fprintf(out, " (NULL)\n");
	} else if (!bytes) {
		fprintf(out, "\n");
	} else if (strcmp(p->path, "-")) {
		fprintf(out, " -> %s\n", p->path);
	} else {
		fprintf(out, ":");
		for (size_t n = 0; n < bytes; n++)
			fprintf(out, " %02x", p->mem.va[n]);
		fprintf(out, "\n");
	}
}

static void text_outcome(FILE *out, const struct outcome *o)
{
	const char *name = result_name(o->ret), *origin = origin_name(o->origin);

	fprintf(out, "%s: %s (0x%08x)", o->stage, name ? name : "?", o->ret);
	if (origin)
		fprintf(out, ", origin %s\n", origin);
	else
		fprintf(out, ", origin %u\n", o->origin);
	for (unsigned int i = 0; i < o->num_params; i++)
		text_param(out, o, i);
}

static void text_readiness(FILE *out, const struct readiness *r)
{
	if (!r->ready)
		return;
	fprintf(out, "%s is ready", r->device);
	if (r->supplicant[0])
		fprintf(out, ", a supplicant has %s", r->supplicant);
	fprintf(out, "\n");
}

const struct printer print_text = {
	.devices = text_devices,
	.device = text_device,
	.outcome = text_outcome,
	.readiness = text_readiness,
	.threads = &text_threads,
	.sessions = &text_sessions,
	.shm = &text_shm,
	.stats = &text_stats,
};
