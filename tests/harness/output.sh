#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The command's output arrives pure and whole.

set -u
. "$(dirname "$0")/common.sh"

run --modules none -- sh -c 'echo to stdout; echo to stderr >&2; echo "a  b'\''c"'
status_is 0
stdout_is "to stdout
a  b'c"
[ "$(cat "$DIR/stderr")" = 'to stderr' ] || fail "stderr: $(cat "$DIR/stderr")"
# Bytes of every value, more than any buffer on the way holds.
run --modules none --add "$TOP/build/secure/omnitee.elf:/root/bytes" -- \
	sh -c 'for i in 1 2 3 4; do cat bytes; done; echo again >/dev/stderr'
status_is 0
for _ in 1 2 3 4; do cat "$TOP/build/secure/omnitee.elf"; done | cmp - "$DIR/stdout" ||
	fail 'the output was changed on its way'
