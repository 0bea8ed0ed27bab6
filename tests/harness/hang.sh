#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A guest that is not done in time is ended, and said to hang.

set -u
. "$(dirname "$0")/common.sh"

run --modules none --timeout 15 -- sleep 100
status_is 124
stderr_has 'not done after 15 s'
