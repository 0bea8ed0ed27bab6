// SPDX-License-Identifier: BSD-2-Clause
/* A partition that works for a minute on a machine that is busy. Run in one configuration only. */
#include <unistd.h>

#include "ffa.h"
#include "harness.h"

TEST(partition_that_works_for_a_minute_stalls_nobody)
{
	time_limit(240);
	ffa_spin_under_load(60000, "21");
}
