// SPDX-License-Identifier: BSD-2-Clause
#include "record.h"

#include <stdlib.h>
#include <string.h>

void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
			*text = '?';
}

bool record_next(char **text, struct record *r)
{
	char *p = *text, *end;

	memset(r, 0, sizeof(*r));
	while (*p == '\n')
		p++;
	if (!*p)
		return false;
	end = p + strcspn(p, "\n");
	*text = *end ? end + 1 : end;
	*end = '\0';
	make_printable(p);

	while (*p && r->count < RECORD_FIELDS) {
		char *word = p, *equals;

		p += strspn(p, " ");
		word = p;
		p += strcspn(p, " ");
		equals = memchr(word, '=', p - word);
		if (!equals) {
			p += *p == ' ';
			continue;
		}
		*equals = '\0';
		if (!strcmp(word, "comm"))
			p = end;
		else if (*p)
			*p++ = '\0';
		r->fields[r->count].key = word;
		r->fields[r->count].value = equals + 1;
		r->count++;
	}
	return true;
}

bool record_has(const struct record *r, const char *key)
{
	for (unsigned int i = 0; i < r->count; i++)
		if (!strcmp(r->fields[i].key, key))
			return true;
	return false;
}

const char *record_text(const struct record *r, const char *key)
{
	for (unsigned int i = 0; i < r->count; i++)
		if (!strcmp(r->fields[i].key, key))
			return r->fields[i].value;
	return "";
}

uint64_t record_number(const struct record *r, const char *key)
{
	return strtoull(record_text(r, key), NULL, 0);
}
