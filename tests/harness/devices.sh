#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Without options there are OP-TEE and the partitions with Trusted Services; what is turned off is not there.

set -u
. "$(dirname "$0")/common.sh"

# implementations: one word for each TEE in the order of their numbers.
implementations() {
	sed -n 's/^tee[0-9][0-9]*  *\([^ ]*\).*/\1/p' "$DIR/stdout" | tr '\n' ' '
}

run --kernel 6.1 -- teectl list
status_is 0
# Storage, cryptography, and the one for tests.
[ "$(implementations)" = 'optee tstee tstee tstee ' ] || fail "there are: $(implementations)"
# What is left is QTEE, by the name that its public clients have for it.
for kernel in 6.1 6.12 newest; do
	run --kernel $kernel --secure optee=off --secure ts=off -- \
		sh -c 'teectl list; cat /sys/class/tee/tee0/implementation_id'
	status_is 0
	[ "$(implementations)" = 'qtee ' ] || fail "without OP-TEE and Trusted Services there are: $(implementations)"
	[ "$(tail -n 1 "$DIR/stdout")" = 4 ] || fail "tee0 is of implementation $(tail -n 1 "$DIR/stdout")"
done
run --kernel 6.1 --secure optee=off --secure ts=off --secure qtee=off -- sh -c '! ls /dev/tee[0-9]*'
status_is 0
