/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of "key=value" words, as our drivers write them into debugfs and traces. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_FIELDS	16

/**
 * struct record - one line, cut into its words
 * @key, @value: of each; they lie in the line
 * @count: how many
 */
struct record {
	struct {
		const char *key;
		const char *value;
	} fields[RECORD_FIELDS];
	unsigned int count;
};

/**
 * record_next() - cut the next line
 * @text: where to begin, moved on; it is written to
 * @r: its words. The value of "comm" reaches to the end of the line. A word without "="
 *	and words beyond RECORD_FIELDS are left out
 * Return: false at the end of the text
 */
bool record_next(char **text, struct record *r);

/* The value of a key; "" if there is none. */
const char *record_text(const struct record *r, const char *key);
/* The same as a number, of any base; 0 if there is none. */
uint64_t record_number(const struct record *r, const char *key);
bool record_has(const struct record *r, const char *key);

/* Names of tasks are octets of anybody's choice; terminals and JSON want text. */
void make_printable(char *text);

#endif /* RECORD_H */
