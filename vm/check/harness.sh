# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The harness checks itself: each tests/harness/NAME.sh is a check.

check_harness() {
	local file name

	# Some of them are worth their time on the debug kernel.
	export CHECK_DEBUG=$DEBUG
	for file in "$TOP"/tests/harness/*.sh; do
		name=${file##*/}
		[ "$name" != common.sh ] || continue
		check_one "harness/${name%.sh}" run_child bash "$file"
	done
}
