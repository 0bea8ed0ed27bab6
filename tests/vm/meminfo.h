/* SPDX-License-Identifier: BSD-2-Clause */
/* How much memory there is. */
#ifndef MEMINFO_H
#define MEMINFO_H

/* KiB that nobody has; fails the case if that cannot be read. */
unsigned long memory_free_kib(void);
/* With what the kernel would give up if it had to, as caches, and what CPUs keep at hand. */
unsigned long memory_available_kib(void);

#endif /* MEMINFO_H */
