#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A firmware that does nothing is a clear failure.

set -u
. "$(dirname "$0")/common.sh"

head -c 4096 /dev/zero >"$DIR/firmware"
run --modules none --firmware "$DIR/firmware" --timeout 4 -- true
status_is 124
stderr_has 'not done after 4 s'
