/* SPDX-License-Identifier: BSD-2-Clause */
/* The end, when the secure world itself is wrong. Nothing a caller sends leads here. */
#ifndef CORE_PANIC_H
#define CORE_PANIC_H

#include "compiler.h"

void __noreturn __printf(1, 2) panic(const char *format, ...);

#endif /* CORE_PANIC_H */
