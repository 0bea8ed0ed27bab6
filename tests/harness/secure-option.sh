#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The secure world refuses a setting that it does not know, and ./run says so.

set -u
. "$(dirname "$0")/common.sh"

run --modules none --secure frobnicate=1 -- true
status_is 2
one_line 'run: --secure frobnicate: is not a key'
run --modules none --secure threads=1000 -- true
status_is 2
one_line 'run: --secure threads: must be 1 to 64'
run --modules none --secure optee=off -- sh -c '! test -e /proc/device-tree/firmware/optee'
status_is 0
