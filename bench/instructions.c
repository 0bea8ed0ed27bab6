// SPDX-License-Identifier: BSD-2-Clause
/*
 * instructions smc|ffa|ts|qtee [NAME...]: how many instructions each operation of that secure
 * world takes, one line each: NAME,user,kernel,secure,low,high. The last two are the quartiles
 * of the kernel's share, the others medians. Without names: all.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "rows.h"
#include "tee.h"

#define SAMPLES		25
#define WARM_UP		3

/* By how a secure world is reached; the prefix is of the operations' names. */
static const struct way {
	const char *name;
	const char *prefix;
	const struct row *rows;
	bool ffa;
} ways[] = {
	{ "smc", "", optee_rows, .ffa = false },
	{ "ffa", "FF-A ", optee_rows, .ffa = true },
	{ "ts", "TS ", ts_rows, .ffa = false },
	{ "qtee", "QTEE ", qtee_rows, .ffa = false },
	{ }
};

struct samples {
	int64_t user[SAMPLES];
	int64_t kernel[SAMPLES];
	int64_t secure[SAMPLES];
};

/*
 * The secure world's clock ticks once in many instructions: operations must not all begin at
 * the same moment of a tick.
 */
static void shift_phase(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n % 16; i++)
		__asm__ volatile("nop");
}

static void nothing(unsigned int n)
{
}

static void sample(void (*op)(unsigned int n), unsigned int batch, struct count *used)
{
	struct count before, after;
	unsigned int n;

	count_read(&before);
	for (n = 0; n < batch; n++) {
		shift_phase(n);
		op(n);
	}
	count_read(&after);
	used->user = after.user - before.user;
	used->kernel = after.kernel - before.kernel;
	used->secure = after.secure - before.secure;
}

static void keep(struct samples *s, unsigned int n, const struct count *used)
{
	if (n >= SAMPLES)
		return;
	s->user[n] = used->user;
	s->kernel[n] = used->kernel;
	s->secure[n] = used->secure;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t median(int64_t *values)
{
	qsort(values, SAMPLES, sizeof(*values), compare);
	return values[SAMPLES / 2];
}

/* For each operation, rounded. */
static long share(int64_t count, int64_t idle, unsigned int batch)
{
	return (count - idle + batch / 2) / batch;
}

static void print(const char *prefix, const char *name, unsigned int batch, struct samples *s,
		  struct samples *idle)
{
	int64_t kernel = median(s->kernel), idle_kernel = median(idle->kernel);

	printf("%s%s,%ld,%ld,%ld,%ld,%ld\n", prefix, name,
	       share(median(s->user), median(idle->user), batch),
	       share(kernel, idle_kernel, batch),
	       share(median(s->secure), median(idle->secure), batch),
	       share(s->kernel[SAMPLES / 4], idle_kernel, batch),
	       share(s->kernel[SAMPLES * 3 / 4], idle_kernel, batch));
	fflush(stdout);
}

static void measure(const char *prefix, const struct row *row)
{
	static struct samples idle, there, back;
	struct count used;
	int n;

	if (row->begin)
		row->begin(row);
	/* Those of the warm-up are beyond the end of the arrays. */
	for (n = -WARM_UP; n < SAMPLES; n++) {
		sample(row->idle ? row->idle : nothing, row->batch, &used);
		keep(&idle, n, &used);
		sample(row->op, row->batch, &used);
		keep(&there, n, &used);
		if (!row->undo)
			continue;
		sample(row->undo, row->batch, &used);
		keep(&back, n, &used);
	}
	if (row->end)
		row->end();
	print(prefix, row->name, row->batch, &there, &idle);
	if (row->undo)
		print(prefix, row->undo_name, row->batch, &back, &idle);
}

static bool is_name(const char *name, const struct way *way, const char *of_row)
{
	size_t length = strlen(way->prefix);

	return of_row && !strncmp(name, way->prefix, length) && !strcmp(name + length, of_row);
}

static bool chosen(const struct way *way, const struct row *row, int count, char **names)
{
	int n;

	if (way->ffa && row->smc_only)
		return false;
	for (n = 0; n < count; n++)
		if (is_name(names[n], way, row->name) || is_name(names[n], way, row->undo_name))
			return true;
	return !count;
}

int main(int argc, char **argv)
{
	unsigned int measured = 0;
	const struct way *way;
	const struct row *row;

	if (argc < 2)
		die("instructions smc|ffa|ts|qtee [NAME...]");
	for (way = ways; way->name; way++)
		if (!strcmp(argv[1], way->name))
			break;
	if (!way->name)
		die("%s: no secure world is reached so", argv[1]);
	count_begin();
	for (row = way->rows; row->name; row++) {
		if (!chosen(way, row, argc - 2, argv + 2))
			continue;
		measure(way->prefix, row);
		measured++;
	}
	if (!measured)
		die("there is nothing of that name");
	return 0;
}
