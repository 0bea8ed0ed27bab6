#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The secure world refuses a setting that it does not know, and ./run says so.

set -u
. "$(dirname "$0")/common.sh"

run --modules none --secure frobnicate=1 --timeout 60 -- true
[ "$STATUS" -ge 124 ] || fail "status $STATUS"
stderr_has frobnicate
run --modules none --secure optee=off -- sh -c '! test -e /proc/device-tree/firmware/optee'
status_is 0
