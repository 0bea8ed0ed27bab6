/* SPDX-License-Identifier: BSD-2-Clause */
/* What is typed at the secure console. */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

struct world;

/* The console's interrupt: takes what there is, and has the normal world call for the rest. */
void console_interrupt(struct world *world);

/* At most @size octets of what was typed; @lost: octets for which there was no room so far. */
size_t console_take(uint8_t *to, size_t size, uint64_t *lost);

#endif /* CORE_CONSOLE_H */
