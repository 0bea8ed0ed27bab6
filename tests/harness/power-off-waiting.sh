#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The guest powers off although ten clients wait for a supplicant that is not there.

set -u
. "$(dirname "$0")/common.sh"

# An application that would have to be loaded: the first ones have a secure thread and wait for
# its file, the others wait for a thread.
# shellcheck disable=SC2016 # for the guest
run --tests -- sh -c '
	clients=
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		teectl invoke 0 6f6d6e69-7465-45ff-8000-000000000000 0 &
		clients="$clients $!"
	done
	sleep 5
	for client in $clients; do
		kill -0 "$client" || { echo "a client does not wait" >&2; exit 9; }
	done
	exit 7'
status_is 7
