// SPDX-License-Identifier: BSD-2-Clause
/* The grammar of a call's parameters; teectl(1) documents it. */
#include "param.h"

#include "array.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE(t)		TEE_IOCTL_PARAM_ATTR_TYPE_##t

enum shape { SHAPE_NONE, SHAPE_VALUE_IN, SHAPE_VALUE_OUT, SHAPE_FILE, SHAPE_FILE_SIZE, SHAPE_NULL };

static const struct {
	const char *word;
	uint32_t type;
	enum shape shape;
} words[] = {
	{ "none", TYPE(NONE), SHAPE_NONE },
	{ "value", TYPE(VALUE_INPUT), SHAPE_VALUE_IN },
	{ "value-in", TYPE(VALUE_INPUT), SHAPE_VALUE_IN },
	{ "value-out", TYPE(VALUE_OUTPUT), SHAPE_VALUE_OUT },
	{ "value-inout", TYPE(VALUE_INOUT), SHAPE_VALUE_IN },
	{ "in", TYPE(MEMREF_INPUT), SHAPE_FILE },
	{ "out", TYPE(MEMREF_OUTPUT), SHAPE_FILE_SIZE },
	{ "inout", TYPE(MEMREF_INOUT), SHAPE_FILE },
	{ "null", TYPE(NONE), SHAPE_NULL },
};

bool number_parse(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 0);
	return !errno && !*end && *number <= max;
}

static bool parse_value(const char *text, struct param *p)
{
	const char *comma = strchr(text, ',');
	char first[32];

	if (!comma)
		return number_parse(text, UINT32_MAX, &p->a);
	if ((size_t)(comma - text) >= sizeof(first))
		return false;
	memcpy(first, text, comma - text);
	first[comma - text] = '\0';
	return number_parse(first, UINT32_MAX, &p->a) &&
	       number_parse(comma + 1, UINT32_MAX, &p->b);
}

static bool parse_null(const char *text, struct param *p)
{
	p->null = true;
	if (!strcmp(text, "in"))
		p->type = TYPE(MEMREF_INPUT);
	else if (!strcmp(text, "out"))
		p->type = TYPE(MEMREF_OUTPUT);
	else if (!strcmp(text, "inout"))
		p->type = TYPE(MEMREF_INOUT);
	else
		return false;
	return true;
}

static bool parse_file(const char *text, size_t len, struct param *p)
{
	if (!len || len >= sizeof(p->path))
		return false;
	memcpy(p->path, text, len);
	p->path[len] = '\0';
	return true;
}

/* The size is behind the last colon, as a file name may have some. */
static bool parse_file_size(const char *text, struct param *p)
{
	const char *colon = strrchr(text, ':');

	return colon && parse_file(text, colon - text, p) &&
	       number_parse(colon + 1, INT32_MAX, &p->size);
}

bool param_parse(const char *text, struct param *p, const char **why)
{
	const char *rest = strchr(text, ':');
	size_t len = rest ? (size_t)(rest - text) : strlen(text), i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i].word) == len && !strncmp(words[i].word, text, len))
			break;
	if (i == ARRAY_SIZE(words)) {
		*why = "unknown kind of parameter";
		return false;
	}
	p->type = words[i].type;
	switch (words[i].shape) {
	case SHAPE_NONE:
	case SHAPE_VALUE_OUT:
		*why = "takes nothing behind its name";
		return !rest;
	case SHAPE_VALUE_IN:
		*why = "takes one or two numbers of 32 bits, as in value:1,0x2";
		return rest && parse_value(rest + 1, p);
	case SHAPE_FILE:
		*why = "takes a file, as in in:message.bin";
		if (rest && !strcmp(rest + 1, "-") && p->type != TYPE(MEMREF_INPUT)) {
			*why = "writes its file, so it cannot be standard input";
			return false;
		}
		return rest && parse_file(rest + 1, strlen(rest + 1), p);
	case SHAPE_FILE_SIZE:
		*why = "takes a file and a size in bytes, as in out:reply.bin:64";
		return rest && parse_file_size(rest + 1, p);
	case SHAPE_NULL:
		*why = "takes in, out or inout, as in null:out";
		return rest && parse_null(rest + 1, p);
	}
	return false;
}

bool param_is_memref(const struct param *p)
{
	return p->type >= TYPE(MEMREF_INPUT) && p->type <= TYPE(MEMREF_INOUT);
}

bool param_is_output(const struct param *p)
{
	return p->type == TYPE(VALUE_OUTPUT) || p->type == TYPE(VALUE_INOUT) ||
	       p->type == TYPE(MEMREF_OUTPUT) || p->type == TYPE(MEMREF_INOUT);
}

bool uuid_parse(const char *text, uint8_t uuid[TEE_IOCTL_UUID_LEN])
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	unsigned int n = 0;

	if (strlen(text) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; shape[i]; i++) {
		unsigned char c = text[i];

		if (shape[i] == '-') {
			if (c != '-')
				return false;
			continue;
		}
		if (!isxdigit(c))
			return false;
		c = isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
		uuid[n / 2] = n & 1 ? uuid[n / 2] | c : c << 4;
		n++;
	}
	return true;
}

void uuid_format(const uint8_t uuid[TEE_IOCTL_UUID_LEN], char text[37])
{
	char *p = text;

	for (int i = 0; i < TEE_IOCTL_UUID_LEN; i++)
		p += sprintf(p, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid[i]);
}
