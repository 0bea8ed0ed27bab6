#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What is on a disk is there the next time.

set -u
. "$(dirname "$0")/common.sh"

run --modules none --disk "$DIR/disk" -- sh -c 'echo kept >/data/file'
status_is 0
run --modules none --disk "$DIR/disk" --kernel 6.1 -- cat /data/file
status_is 0
stdout_is kept
