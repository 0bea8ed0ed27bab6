/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The test runner service. Request: T1 name of the test, T2 its group; none: all. */
#ifndef ABI_TS_TEST_H
#define ABI_TS_TEST_H

#include "types.h"

#define TS_TEST_RUN			0x101
#define TS_TEST_LIST			0x102

/* Service status. */
#define TS_TEST_STATUS_OK		0
#define TS_TEST_STATUS_ERROR		(-1)
#define TS_TEST_STATUS_BAD_RESULTS	(-2)

/* Before a T1 for each test: its run_state u32, T1 name, T2 group, T3 failure. */
struct ts_test_summary {
	uint32_t num_tests;
	uint32_t num_passed;
	uint32_t num_failed;
} __attribute__((packed));

#define TS_TEST_NOT_RUN			1
#define TS_TEST_PASSED			2
#define TS_TEST_FAILED			3

struct ts_test_failure {
	uint32_t line;
	uint64_t info;
} __attribute__((packed));

ABI_ASSERT_SIZE(struct ts_test_summary, 12);
ABI_ASSERT_SIZE(struct ts_test_failure, 12);

#endif /* ABI_TS_TEST_H */
