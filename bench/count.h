/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters of instructions, see method.md. */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#include <stdint.h>

/**
 * struct count - instructions
 * @user: at EL0, all processes
 * @kernel: at EL1
 * @secure: at EL3, by the secure world's own counter
 */
struct count {
	int64_t user;
	int64_t kernel;
	int64_t secure;
};

/* One CPU, QEMU with -icount shift=0; ends the program otherwise. */
void count_begin(void);
void count_read(struct count *now);
/* An SMC of the secure world's that does next to nothing, and @more of them in the kernel. */
void count_bare_smc(unsigned int more);
/* The secure world raises an asynchronous notification. */
void count_notify(unsigned int value);

#endif /* BENCH_COUNT_H */
