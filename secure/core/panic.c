// SPDX-License-Identifier: BSD-2-Clause
#include "panic.h"
#include <stdarg.h>
#include "arch.h"
#include "log.h"

void panic(const char *format, ...)
{
	char line[120];
	va_list args;

	arch_interrupts_mask();
	va_start(args, format);
	log_format(line, sizeof(line), format, args);
	va_end(args);
	log_panic_begin();
	log_line("stopped: %s", line);
	arch_halt();
}
