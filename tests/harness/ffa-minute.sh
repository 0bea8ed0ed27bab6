#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A partition works for a minute, and kernels that complain of stalls after 3 s do not. Time goes by
# with instructions, so it is the driver that is judged and not how busy this machine is.

set -u
. "$(dirname "$0")/common.sh"

for kernel in 6.1 6.12; do
	run --kernel $kernel --tests --icount=4 --secure ffa=on --secure ts=off -- \
		/usr/lib/omnitee/tests/ffa-minute
	all_ran 1
done
