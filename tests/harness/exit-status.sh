#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The command's exit status is that of ./run.

set -u
. "$(dirname "$0")/common.sh"

run --modules none -- sh -c 'exit 42'
status_is 42
run --modules none -- /nonexistent
status_is 127
