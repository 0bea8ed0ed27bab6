/* SPDX-License-Identifier: BSD-2-Clause */
/* teectl as a function, for its tests. */
#ifndef RUN_H
#define RUN_H

#define OUT_SIZE	65536

/* What the last run printed. */
extern char out_text[OUT_SIZE], err_text[OUT_SIZE];

/* Runs teectl with these words, the last one is NULL; its exit code. */
int run(const char *first, ...);

#endif /* RUN_H */
