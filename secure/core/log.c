// SPDX-License-Identifier: BSD-2-Clause
#include "log.h"
#include <stdbool.h>
#include <stdint.h>
#include "arch.h"
#include "compiler.h"
#include "lock.h"
#include "plat.h"
#include "string.h"

#define LINE_SIZE	160
#define LINES_PER_SECOND 50
/* What is kept of the console, for those who have no serial port. */
#define KEPT_SIZE	32768

static struct {
	struct lock lock;
	bool panic;
	char last[LINE_SIZE];
	unsigned int repeated;
	/* Of the present second. */
	uint64_t second;
	unsigned int lines;
	unsigned int dropped;
	/* The last octets; @printed is how many there ever were. */
	char kept[KEPT_SIZE];
	uint64_t printed;
} console;

struct output {
	char *to;
	size_t size;
	size_t used;
};

static void put(struct output *out, char c)
{
	if (out->used + 1 < out->size)
		out->to[out->used++] = c;
}

static void put_number(struct output *out, uint64_t value, unsigned int base, bool negative,
		       char pad, unsigned int width)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		put(out, '-');
	for (; width > n; width--)
		put(out, pad);
	while (n)
		put(out, digits[--n]);
}

static uint64_t next_unsigned(va_list *args, bool is_long)
{
	return is_long ? va_arg(*args, unsigned long) : va_arg(*args, unsigned int);
}

static int64_t next_signed(va_list *args, bool is_long)
{
	return is_long ? va_arg(*args, long) : va_arg(*args, int);
}

static const char *put_conversion(struct output *out, const char *format, va_list *args)
{
	unsigned int width = 0;
	bool is_long = false;
	char pad = ' ';

	if (*format == '0')
		pad = *format++;
	while (*format >= '0' && *format <= '9')
		width = width * 10 + (unsigned int)(*format++ - '0');
	while (*format == 'l' || *format == 'z') {
		is_long = true;
		format++;
	}
	switch (*format) {
	case 'c':
		put(out, (char)va_arg(*args, int));
		break;
	case 's': {
		const char *text = va_arg(*args, const char *);

		while (*text)
			put(out, *text++);
		break;
	}
	case 'd': {
		int64_t value = next_signed(args, is_long);

		put_number(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10,
			   value < 0, pad, width);
		break;
	}
	case 'u':
		put_number(out, next_unsigned(args, is_long), 10, false, pad, width);
		break;
	case 'x':
		put_number(out, next_unsigned(args, is_long), 16, false, pad, width);
		break;
	case '\0':
		return format;
	default:
		put(out, *format);
	}
	return format + 1;
}

size_t log_format(char *to, size_t size, const char *format, va_list args)
{
	struct output out = { .to = to, .size = size };
	va_list copy;

	va_copy(copy, args);
	while (*format) {
		if (*format == '%')
			format = put_conversion(&out, format + 1, &copy);
		else
			put(&out, *format++);
	}
	va_end(copy);
	to[out.used] = '\0';
	return out.used;
}

static void print_char(char c)
{
	plat_console_put(c);
	console.kept[console.printed++ % KEPT_SIZE] = c;
}

static void print_raw(const char *text)
{
	static const char prefix[] = "omnitee: ";
	const char *p;

	for (p = prefix; *p; p++)
		print_char(*p);
	for (p = text; *p; p++)
		print_char(*p);
	plat_console_put('\r');
	print_char('\n');
}

static void __printf(1, 2) print_note(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	va_start(args, format);
	log_format(line, sizeof(line), format, args);
	va_end(args);
	print_raw(line);
}

/* What was held back is told before anything else is printed. */
static void flush_repeated(void)
{
	if (console.repeated)
		print_note("(the line above %u more times)", console.repeated);
	console.repeated = 0;
}

static void print_line(const char *line)
{
	flush_repeated();
	print_raw(line);
	memcpy(console.last, line, strlen(line) + 1);
}

void log_line(const char *format, ...)
{
	char line[LINE_SIZE];
	uint64_t interrupts = 0;
	va_list args;

	va_start(args, format);
	log_format(line, sizeof(line), format, args);
	va_end(args);
	if (console.panic) {
		print_raw(line);
		return;
	}
	interrupts = lock_take(&console.lock);
	print_line(line);
	lock_release(&console.lock, interrupts);
}

void log_limited(const char *format, ...)
{
	char line[LINE_SIZE];
	uint64_t interrupts;
	uint64_t second;
	va_list args;

	va_start(args, format);
	log_format(line, sizeof(line), format, args);
	va_end(args);

	interrupts = lock_take(&console.lock);
	second = arch_ticks() / arch_ticks_per_second();
	if (second != console.second) {
		if (console.dropped)
			print_note("(%u lines dropped)", console.dropped);
		console.second = second;
		console.lines = 0;
		console.dropped = 0;
	}
	if (!memcmp(console.last, line, strlen(line) + 1)) {
		console.repeated++;
	} else if (console.lines >= LINES_PER_SECOND) {
		console.dropped++;
	} else {
		console.lines++;
		print_line(line);
	}
	lock_release(&console.lock, interrupts);
}

size_t log_read(uint64_t *position, void *to, size_t size, uint64_t *lost)
{
	uint64_t interrupts = lock_take(&console.lock);
	uint64_t oldest = console.printed > KEPT_SIZE ? console.printed - KEPT_SIZE : 0;
	char *text = to;
	size_t n;

	*lost = 0;
	if (*position > console.printed)
		*position = console.printed;
	if (*position < oldest) {
		*lost = oldest - *position;
		*position = oldest;
	}
	for (n = 0; n < size && *position < console.printed; n++)
		text[n] = console.kept[(*position)++ % KEPT_SIZE];
	lock_release(&console.lock, interrupts);
	return n;
}

void log_panic_begin(void)
{
	console.panic = true;
}
