/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines on the secure console. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "compiler.h"

/**
 * log_line() - print one line, prefixed "omnitee: "
 * @format:	%s %c %d %u %x %% with l, z, 0 and a width; no newline at its end
 */
void __printf(1, 2) log_line(const char *format, ...);

/**
 * log_limited() - the same for lines that the normal world can cause
 *
 * Equal lines in a row are printed once and counted, and there is a limit per second,
 * so that a hostile caller cannot keep a CPU busy with the console.
 */
void __printf(1, 2) log_limited(const char *format, ...);

/**
 * log_read() - copy what was printed, as far as it is kept
 * @position:	octets since boot that the reader has had; is moved on
 * @to:		memory of the reader, maybe of the normal world: it is only written
 * @size:	of it
 * @lost:	set to the number of octets that are not kept any more
 *
 * Return: number of octets.
 */
size_t log_read(uint64_t *position, void *to, size_t size, uint64_t *lost);

/* From then on this CPU alone prints, locked or not. */
void log_panic_begin(void);

/* Print as much as fits into @size octets, always terminated. */
size_t __printf(3, 0)
log_format(char *to, size_t size, const char *format, va_list args);

#endif /* CORE_LOG_H */
