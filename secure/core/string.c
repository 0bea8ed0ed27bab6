// SPDX-License-Identifier: BSD-2-Clause
/* memcpy and its kin; the compiler also calls them by itself. */
#include "string.h"

/*
 * Word by word where both sides allow. The words may alias anything. On the
 * developer's machine the C library has its own, which the sanitizers watch.
 */
#ifndef HOST_BUILD

typedef uint64_t __attribute__((may_alias)) word_t;

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	if (!(((uintptr_t)d | (uintptr_t)s) & 7)) {
		for (; size >= 8; size -= 8, d += 8, s += 8)
			*(word_t *)d = *(const word_t *)s;
	}
	while (size--)
		*d++ = *s++;
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	if (d <= s || d >= s + size)
		return memcpy(to, from, size);
	while (size--)
		d[size] = s[size];
	return to;
}

void *memset(void *to, int octet, size_t size)
{
	uint8_t *d = to;

	if (!((uintptr_t)d & 7)) {
		uint64_t word = (uint8_t)octet * 0x0101010101010101ULL;

		for (; size >= 8; size -= 8, d += 8)
			*(word_t *)d = word;
	}
	while (size--)
		*d++ = (uint8_t)octet;
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *p = a, *q = b;

	for (; size; size--, p++, q++)
		if (*p != *q)
			return *p < *q ? -1 : 1;
	return 0;
}

size_t strlen(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

#endif /* HOST_BUILD */

bool text_is(struct text text, const char *other)
{
	size_t n;

	for (n = 0; n < text.length; n++)
		if (!other[n] || text.start[n] != other[n])
			return false;
	return !other[n];
}

bool text_split(struct text *rest, char separator, struct text *piece)
{
	size_t n = 0;

	if (!rest->start)
		return false;
	while (n < rest->length && rest->start[n] != separator)
		n++;
	piece->start = rest->start;
	piece->length = n;
	if (n == rest->length) {
		rest->start = NULL;
		rest->length = 0;
	} else {
		rest->start += n + 1;
		rest->length -= n + 1;
	}
	return true;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

bool text_to_u64(struct text text, uint64_t *value)
{
	unsigned int base = 10;
	uint64_t sum = 0;
	size_t n = 0;

	if (text.length > 2 && text.start[0] == '0' &&
	    (text.start[1] == 'x' || text.start[1] == 'X')) {
		base = 16;
		n = 2;
	}
	if (n == text.length)
		return false;
	for (; n < text.length; n++) {
		unsigned int digit = (unsigned int)digit_value(text.start[n]);

		if (digit >= base || __builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*value = sum;
	return true;
}
