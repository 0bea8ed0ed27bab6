/* SPDX-License-Identifier: BSD-2-Clause */
/* What is measured: one operation each. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>

/* Operations of a sample are at most so many. */
#define BATCH_MAX	64

/**
 * struct row - an operation
 * @name: of the operation
 * @undo_name: of the opposite one, which is counted for itself; NULL: there is none
 * @begin: before the first, not counted; may be NULL
 * @op: the operation; @n counts those of a sample
 * @undo: the opposite
 * @end: after the last; may be NULL
 * @batch: operations of a sample
 * @size: for @begin
 * @smc_only: not once more with the same operations over FF-A
 * @idle: what is taken off, done as often as the operation; NULL: nothing
 */
struct row {
	const char *name;
	const char *undo_name;
	void (*begin)(const struct row *row);
	void (*op)(unsigned int n);
	void (*undo)(unsigned int n);
	void (*end)(void);
	unsigned int batch;
	size_t size;
	bool smc_only;
	void (*idle)(unsigned int n);
};

/* Each ends with one without a name. */
extern const struct row optee_rows[];
extern const struct row ts_rows[];
extern const struct row qtee_rows[];

#endif /* BENCH_ROWS_H */
