/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens in the secure world, kept for those who want to see it in its time. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether anybody wants events; read without a lock. */
extern bool events_wanted;

/* From now on, or not any more; what is kept stays. */
void events_switch(bool on);

void event_keep(unsigned int thread, unsigned int kind, uint32_t a, uint32_t b, uint32_t c);

/**
 * event_record() - one of SIM_EVENT_*, now
 * @thread:	index of the secure thread
 * @kind:	SIM_EVENT_*
 * @a:		see there
 * @b:		see there
 * @c:		see there
 */
static inline void event_record(unsigned int thread, unsigned int kind, uint32_t a, uint32_t b,
				uint32_t c)
{
	if (__atomic_load_n(&events_wanted, __ATOMIC_RELAXED))
		event_keep(thread, kind, a, b, c);
}

/* As log_read(), in events: position, room, result and @lost are numbers of them. */
size_t events_read(uint64_t *position, void *to, size_t room, uint64_t *lost);

#endif /* CORE_EVENT_H */
