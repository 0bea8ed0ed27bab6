#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A kernel that panics is a failure, and so is one that warns.

set -u
. "$(dirname "$0")/common.sh"

run --modules none -- sh -c 'echo c >/proc/sysrq-trigger; sleep 20'
status_is 126
one_line 'Kernel panic'
run --modules none -- sh -c 'echo "WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg'
status_is 126
one_line 'WARNING: CPU: 0'
