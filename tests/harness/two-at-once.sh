#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two runs at once do not disturb each other.

set -u
. "$(dirname "$0")/common.sh"

"$TOP/run" -q --modules none --timeout 600 -- echo first >"$DIR/first" 2>&1 &
first=$!
run --modules none --kernel 6.1 -- echo second
wait $first || fail "the first: $(tail -n 1 "$DIR/first")"
status_is 0
stdout_is second
[ "$(cat "$DIR/first")" = first ] || fail "the first: $(cat "$DIR/first")"
