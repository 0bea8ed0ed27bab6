#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A test that does not exist is told by name, by the guest and by ./check.

set -u
. "$(dirname "$0")/common.sh"

run --tests -- /usr/lib/omnitee/run-tests tee-version.nosuch
status_is 1
stderr_has "no case 'nosuch'"
run --tests -- /usr/lib/omnitee/run-tests nosuch.case
status_is 2
stderr_has 'there is no test program nosuch'
"$TOP/check" -q nosuchtest >"$DIR/stdout" 2>"$DIR/stderr" && fail 'a test that is not there passes'
stderr_has "no test's name contains nosuchtest"
