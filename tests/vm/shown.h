/* SPDX-License-Identifier: BSD-2-Clause */
/* What our modules count of TEE devices, in debugfs; without judging it, unlike look.h. */
#ifndef SHOWN_H
#define SHOWN_H

#include <stdint.h>

/**
 * shown_count() - add up what all devices show
 * @counter: LEAVE_CONTEXTS, LEAVE_SESSIONS, LEAVE_SHM: lines; LEAVE_PLACES: places that are taken in
 *           the queues of calls
 * @value: result
 * Return: 0, or -ENOENT if there is nothing to look at
 */
int shown_count(unsigned int counter, uint64_t *value);

#endif /* SHOWN_H */
