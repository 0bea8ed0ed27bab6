/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of processes that the kernel holds on to: registered memory, and nothing else here. */
#ifndef PINNED_H
#define PINNED_H

#include <stdint.h>

/**
 * pinned_pages() - how many there are in the whole machine
 * @value: result
 * Return: 0 or a negative error number
 */
int pinned_pages(uint64_t *value);

#endif /* PINNED_H */
