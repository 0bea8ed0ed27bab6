#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# When nobody reads the output any more the run ends.

set -u
. "$(dirname "$0")/common.sh"

"$TOP/run" -q --modules none --timeout 600 -- yes 2>"$DIR/stderr" |
	{ head -n 1; echo $SECONDS >"$DIR/gone"; }
[ "${PIPESTATUS[0]}" -eq 141 ] || fail "not ended by the closed pipe: $(cat "$DIR/stderr")"
[ $((SECONDS - $(<"$DIR/gone"))) -lt 60 ] || fail 'it took too long'
