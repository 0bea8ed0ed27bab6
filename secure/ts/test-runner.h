/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests that a partition runs on itself, and behaviour that a good partition has not. State of
 * ts_service_test_runner.
 */
#ifndef TS_TEST_RUNNER_H
#define TS_TEST_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

/* What the tests need of the partition they run in. */
struct ts_test_runner {
	void *context;
	uint64_t (*milliseconds)(void *context);
	/* Leave the CPU to the normal world. */
	void (*yield)(void *context);
	/* Be no more. */
	void (*crash)(void *context);
	/* From now on keep the memory of clients, or not any more. */
	void (*hold)(void *context, bool hold);
};

#endif /* TS_TEST_RUNNER_H */
