// SPDX-License-Identifier: BSD-2-Clause
/*
 * A partition that works for a minute on a machine that is busy. For a machine whose time goes by with
 * its instructions: the kernel complains after 3 s, and would if the emulation stood still for so long.
 */
#include <unistd.h>

#include "ffa.h"
#include "harness.h"

TEST(partition_that_works_for_a_minute_stalls_nobody)
{
	time_limit(240);
	ffa_spin_under_load(60000, "3");
}
