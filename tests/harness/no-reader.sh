#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# When nobody reads the output any more the run ends.

set -u
. "$(dirname "$0")/common.sh"

start=$SECONDS
"$TOP/run" -q --modules none -- yes 2>"$DIR/stderr" | head -n 1
[ "${PIPESTATUS[0]}" -eq 141 ] || fail "not ended by the closed pipe: $(cat "$DIR/stderr")"
[ $((SECONDS - start)) -lt 60 ] || fail 'it took too long'
