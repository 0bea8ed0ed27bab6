// SPDX-License-Identifier: BSD-2-Clause
#include "run.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "main.h"

char out_text[OUT_SIZE], err_text[OUT_SIZE];

/* A stream's contents from a temporary file in its place. */
static int redirect(FILE *stream, FILE *to)
{
	int saved = dup(fileno(stream));

	fflush(stream);
	dup2(fileno(to), fileno(stream));
	return saved;
}

static void restore(FILE *stream, FILE *from, int saved, char *text, size_t size)
{
	size_t len;

	fflush(stream);
	dup2(saved, fileno(stream));
	close(saved);
	rewind(from);
	len = fread(text, 1, size - 1, from);
	text[len] = '\0';
	fclose(from);
}

int run(const char *first, ...)
{
	char *argv[16] = { (char *)"teectl" };
	FILE *out = tmpfile(), *err = tmpfile();
	int argc = 1, status, saved_out, saved_err;
	va_list ap;

	va_start(ap, first);
	for (const char *word = first; word; word = va_arg(ap, const char *))
		argv[argc++] = (char *)word;
	va_end(ap);
	optind = 0;
	saved_out = redirect(stdout, out);
	saved_err = redirect(stderr, err);
	status = teectl(argc, argv);
	restore(stdout, out, saved_out, out_text, sizeof(out_text));
	restore(stderr, err, saved_err, err_text, sizeof(err_text));
	return status;
}
