/* SPDX-License-Identifier: BSD-2-Clause */
/* The grammar of a call's parameters and of UUIDs. */
#ifndef PARAM_H
#define PARAM_H

#include "device.h"

#define PARAM_MAX	4

/**
 * struct param - a parameter as the user wrote it, and what became of it
 * @type: TEE_IOCTL_PARAM_ATTR_TYPE_*
 * @null: a NULL memory reference
 * @a, @b: values
 * @size: of an output, bytes
 * @path: file of a memory reference; "-": standard input, or hexadecimal output
 * @mem: its shared memory; mem.va is NULL while there is none
 */
struct param {
	uint32_t type;
	bool null;
	uint64_t a;
	uint64_t b;
	uint64_t size;
	char path[4096];
	struct memory mem;
};

/**
 * param_parse() - read one parameter
 * @text: as on the command line
 * @p: result
 * @why: filled with the complaint
 * Return: whether it is one
 */
bool param_parse(const char *text, struct param *p, const char **why);

bool param_is_memref(const struct param *p);
bool param_is_output(const struct param *p);

/* 8-4-4-4-12 hexadecimal digits to octets and back; text has room for 37 characters. */
bool uuid_parse(const char *text, uint8_t uuid[TEE_IOCTL_UUID_LEN]);
void uuid_format(const uint8_t uuid[TEE_IOCTL_UUID_LEN], char text[37]);

/* Decimal, 0x... or 0...; the whole text. */
bool number_parse(const char *text, uint64_t max, uint64_t *number);

#endif /* PARAM_H */
