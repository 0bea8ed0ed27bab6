/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of a call in either direction, and how they lie in a message. */
#ifndef QTEE_ARGUMENTS_H
#define QTEE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "object.h"
#include "qtee.h"

/* Where it is in shared memory, @data is read once or written only. */
struct buffer {
	uint8_t *data;
	uint32_t size;		/* OB: how much there is room for, then how much there is */
};

struct arguments {
	uint32_t counts;	/* QTEE_COUNTS() */
	struct buffer ib[QTEE_ARGS_MAX];
	struct buffer ob[QTEE_ARGS_MAX];
	struct ref io[QTEE_ARGS_MAX];
	struct ref oo[QTEE_ARGS_MAX];
};

static inline unsigned int counts_total(uint32_t counts)
{
	return QTEE_COUNTS_IB(counts) + QTEE_COUNTS_OB(counts) + QTEE_COUNTS_IO(counts) +
	       QTEE_COUNTS_OO(counts);
}

static inline unsigned int counts_buffers(uint32_t counts)
{
	return QTEE_COUNTS_IB(counts) + QTEE_COUNTS_OB(counts);
}

static inline uint64_t align8(uint64_t size)
{
	return (size + QTEE_ALIGN - 1) & ~(uint64_t)(QTEE_ALIGN - 1);
}

/**
 * arguments_check() - whether what a header says lies in its buffer
 * @counts:	of the message
 * @args:	copy of its arguments
 * @head:	octets before them
 * @size:	of the whole buffer
 *
 * Payloads are aligned, behind the arguments, in their order, and do not overlap.
 *
 * Return: NULL, or what is wrong.
 */
const char *arguments_check(uint32_t counts, const union qtee_arg *args, size_t head, uint64_t size);

/* Octets of a message up to the end of its arguments, all within 480 + head. */
static inline size_t arguments_end(uint32_t counts, size_t head)
{
	return head + counts_total(counts) * sizeof(union qtee_arg);
}

#endif /* QTEE_ARGUMENTS_H */
