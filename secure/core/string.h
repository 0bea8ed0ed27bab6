/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the C library that a freestanding image needs. */
#ifndef CORE_STRING_H
#define CORE_STRING_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int octet, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);

/* A piece of a text, not terminated. */
struct text {
	const char *start;
	size_t length;
};

bool text_is(struct text text, const char *other);
/* Cut off what stands before the first @separator, or all; false at the end. */
bool text_split(struct text *rest, char separator, struct text *piece);
/* Decimal, or hexadecimal with 0x; false if there is anything else or it is too large. */
bool text_to_u64(struct text text, uint64_t *value);

#endif /* CORE_STRING_H */
