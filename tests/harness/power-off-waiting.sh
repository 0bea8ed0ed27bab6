#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The guest powers off although ten clients wait for a supplicant that is not there.

set -u
. "$(dirname "$0")/common.sh"

# An application that would have to be loaded: the first ones have a secure thread and wait for
# its file, the others wait for a thread. The guest does it itself: ./run gives a guest that said
# what its status is some seconds only, and this one as long as it takes, or for ever.
# shellcheck disable=SC2016 # for the guest
run --tests --timeout 120 --log "$DIR/log" -- sh -c '
	threads=/sys/kernel/debug/tee/tee0/threads
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		teectl invoke 0 6f6d6e69-7465-45ff-8000-000000000000 0 &
	done
	for _ in $(seq 300); do
		[ "$(grep -cE "state=(supplicant|queued)" $threads)" -lt 10 ] || break
		sleep 0.2
	done
	for state in supplicant queued; do
		grep -q "state=$state" $threads || { cat $threads >&2; exit 9; }
	done
	[ "$(grep -cE "state=(supplicant|queued)" $threads)" -eq 10 ] || { cat $threads >&2; exit 9; }
	echo "ten wait"
	poweroff -f
	sleep 1000'
grep -qx 'ten wait' "$DIR/stdout" || fail "the clients do not wait: $(tail -n 1 "$DIR/stderr")"
# Without a status, as nobody was left to give one.
stderr_has 'the guest ended without a status'
status_is 126
grep -qa 'reboot: Power down' "$DIR/log" || fail 'the kernel has not powered off'
