/* SPDX-License-Identifier: BSD-2-Clause */
/* The other process of operations that need two. */
#ifndef BENCH_HELPER_H
#define BENCH_HELPER_H

/* Begins when @run has called helper_tell_ready(). One at a time. */
void helper_start(void (*run)(void));
void helper_tell_ready(void);
/* Until it ends of itself. */
void helper_wait(void);
/* Kills it. */
void helper_stop(void);

#endif /* BENCH_HELPER_H */
